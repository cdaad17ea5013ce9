"""The explorer: a web application over one build, on this machine."""
