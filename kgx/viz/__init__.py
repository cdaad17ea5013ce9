"""Pictures of a graph: a page that works offline, static pictures, charts."""
