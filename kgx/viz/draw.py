"""`kgx viz`: from the folder of a build to a page, a picture or a chart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kgx import errors
from kgx.built import read_build
from kgx.choose import choose
from kgx.errors import OptionError
from kgx.rulebook import RuleFolder
from kgx.viz.figure import FORMATS
from kgx.viz.places import coordinates
from kgx.viz.words import word

PAGE = "network.html"
CHARTS = ("timeline", "meetings", "visits")


def viz(
    folder: str | Path,
    out: str | Path | None = None,
    *,
    chart: str | None = None,
    title: str | None = None,
    font: str | None = None,
    top: int | None = None,
    rules: str | Path | None = None,
    **chosen: Any,
) -> Path:
    """Draw the build in `folder` into the file `out` (by default `network.html` in it); returns its path.

    The ending gives the form: .html is a page that works offline, .png, .svg and .pdf are pictures; `chart`
    draws one of CHARTS instead of the network. `chosen` are the options of `kgx.choose.choose`. Raises
    OptionError where the options don't fit, KgxError where the build can't be read or the file not written,
    RuleError where the rules are wrong.
    """
    out = Path(out) if out is not None else Path(folder) / PAGE
    form = out.suffix.lower().removeprefix(".")
    if form not in ("html", *FORMATS):
        raise OptionError(errors.PICTURE_FORM.format(path=out, suffix=out.suffix))
    if chart is not None and form == "html":
        raise OptionError(errors.PICTURE_CHART.format(path=out))
    laid = RuleFolder(rules)
    graph = read_build(folder, rules=laid, mentions=form == "html")
    choice = choose(graph, top=top, **chosen)
    if form == "html":
        from dataclasses import replace

        from kgx.staging import staged_file
        from kgx.viz.page import NODES, page

        text = page(graph, title=title or word("title"), choice=replace(choice, top=top or NODES), rules=laid)
        with staged_file(out) as stream:
            stream.write(text)
    elif chart is not None:
        from kgx.viz import charts

        heading = title or word(f"chart{chart.capitalize()}")
        options: dict[str, Any] = {"choice": choice, "title": heading, "font": font}
        if chart == "visits":
            options["known"] = coordinates(graph, laid)
        getattr(charts, chart)(graph, out, **options)
    else:
        from dataclasses import replace

        from kgx.viz.picture import TOP, picture

        picture(graph, out, choice=replace(choice, top=top or TOP), title=title or word("title"), font=font)
    return out
