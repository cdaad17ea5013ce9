"""Files to Documents: text, HTML, Markdown, JSON, JSON Lines, CSV, TSV, and .gz and .zip of these.

`read` yields the documents of any number of inputs; what can't be read is reported, one line each, and
the rest goes on. `from_text` makes a Document of a string.
"""

from __future__ import annotations

from kgx.readers.fields import parse_fields
from kgx.readers.reading import from_text, read

__all__ = ["from_text", "parse_fields", "read"]
