"""A sheet to draw on, and its way into a file that has the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgx import errors
from kgx.errors import KgxError
from kgx.viz.fonts import chinese_font

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")
DPI = 200
INK = "#1a1d21"
# Nothing in the file says when it was made.
_PLAIN = {"png": {"Software": "kgx"}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}


@contextmanager
def sheet(
    out: str | Path, width: float, height: float, *, font: str | Path | None = None
) -> Iterator[Figure]:
    """Yield a figure of so many inches; it is written to `out` when the block succeeds.

    The ending of `out` gives the form. Raises KgxError where no Chinese font is found, matplotlib is not
    installed, or the file can't be written.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise KgxError(errors.NO_MATPLOTLIB) from None
    out = Path(out)
    form = out.suffix.lower().removeprefix(".")
    settings: Any = {
        "font.family": [chinese_font(font), "DejaVu Sans"],
        "axes.unicode_minus": False,
        "svg.fonttype": "path",
        "svg.hashsalt": "kgx",
        "text.parse_math": False,  # a dollar sign in a name is a dollar sign
        "text.color": INK,
    }
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
        yield figure
        try:
            figure.savefig(out, format=form, metadata=_PLAIN[form])
        except OSError as fault:
            reason = errors.reason_of(fault)
            raise KgxError(errors.CANNOT_WRITE.format(path=out, reason=reason)) from None
