"""The reading stages: spaCy components, one concept a file."""
