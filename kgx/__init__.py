"""kgx."""
from kgx.version import __version__
