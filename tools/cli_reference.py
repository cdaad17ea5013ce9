"""Write the generated part of docs/cli.md: usage and options of all commands.

    python tools/cli_reference.py [--check]

All that follows the mark on the page is made from the command line itself. With --check nothing is
written, and the status is 1 where the page is stale.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from kgx.cli import main as kgx

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "cli.md"
MARK = "<!-- From here on made by tools/cli_reference.py; change the commands instead. -->\n"


def command_reference() -> str:
    """A section for each command: usage, what it does, its options."""
    return "\n".join(_sections(kgx, "kgx"))


def _sections(command: click.Command, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    if isinstance(command, click.Group):
        for word in command.list_commands(context):
            yield from _sections(command.commands[word], f"{name} {word}")
        return
    yield f"### `{name}`\n"
    yield f"```text\n{' '.join([name, *command.collect_usage_pieces(context)])}\n```\n"
    yield f"{inspect.cleandoc(command.help or '')}\n"
    records = [one.get_help_record(context) for one in command.params if isinstance(one, click.Option)]
    options = [record for record in records if record is not None]
    if options:
        yield "| option | what |\n| --- | --- |"
        for names, words in options:
            yield f"| `{_cell(names)}` | {_cell(words)} |"
        yield ""


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def main() -> None:
    """Write the page, or say that it is stale."""
    written = PAGE.read_text(encoding="utf-8")
    fresh = f"{written.partition(MARK)[0]}{MARK}\n{command_reference()}"
    if written == fresh:
        return
    if "--check" in sys.argv[1:]:
        sys.exit(f"{PAGE.relative_to(ROOT)} is stale: python tools/cli_reference.py")
    PAGE.write_text(fresh, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
