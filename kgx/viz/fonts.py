"""A font that has Chinese characters, for pictures that carry their letters with them."""

from __future__ import annotations

from pathlib import Path

from kgx import errors
from kgx.errors import KgxError, OptionError

FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans CJK JP",  # the first face of the collection, whose characters are those of all
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
    "SimSun",
    "Arial Unicode MS",
)
PROBE = 0x56FD  # a common character of simplified Chinese


def chinese_font(file: str | Path | None = None) -> str:
    """The name of an installed family with Chinese characters; or that of a font file.

    Raises KgxError, naming a package that brings one, where none is installed; OptionError where the file
    is no font or has no Chinese characters.
    """
    from matplotlib import font_manager

    if file is not None:
        return _of_file(Path(file))
    installed = {font.name: font.fname for font in font_manager.fontManager.ttflist}
    for family in FAMILIES:
        if family in installed and _speaks(installed[family]):
            return family
    raise KgxError(errors.NO_FONT)


def _of_file(path: Path) -> str:
    from matplotlib import font_manager

    try:
        known = _speaks(str(path))
        font_manager.fontManager.addfont(str(path))
        name = font_manager.FontProperties(fname=str(path)).get_name()
    except (OSError, RuntimeError) as fault:
        reason = errors.reason_of(fault)
        raise OptionError(errors.FONT_BAD.format(path=path, reason=reason)) from None
    if not known:
        raise OptionError(errors.FONT_BAD.format(path=path, reason="it has no Chinese characters"))
    return name


def _speaks(file: str) -> bool:
    from matplotlib.ft2font import FT2Font

    return FT2Font(file).get_char_index(PROBE) != 0
