"""The group of all commands, and what becomes of their failures.

Whatever is heavy is imported inside the commands, so that `kgx --help` stays quick.
"""

from __future__ import annotations

from typing import Any

import click

from kgx.cli import articles, cluster, identity, lexicon, quality, rules, stores, views
from kgx.cli.options import complain
from kgx.errors import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE, INTERRUPTED, KgxError, OptionError
from kgx.version import __version__

EPILOG = (
    "Exit status: 0 done; 1 a check found faults; 2 wrong usage; 3 done, but some input was skipped; "
    "4 failed, nothing was written; 130 interrupted."
)


class Commands(click.Group):
    """Shows a KgxError as the one line that it is."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a failure that the user can mend, or Ctrl-C, ends it without a traceback."""
        try:
            return super().invoke(ctx)
        except OptionError as fault:
            complain(fault)
            ctx.exit(EXIT_USAGE)
        except KgxError as fault:
            complain(fault)
        except KeyboardInterrupt:
            complain(INTERRUPTED)
            ctx.exit(EXIT_INTERRUPTED)
        except BrokenPipeError:
            raise  # the reader of our output went away; click ends quietly
        except OSError as fault:  # a full disk, say
            complain(fault)
        ctx.exit(EXIT_FAILED)


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kgx")
def main() -> None:
    """Chinese diplomatic and political news to a knowledge graph, every fact with its sentence."""


def _with_epilog(command: click.Command) -> click.Command:
    command.epilog = EPILOG
    for one in getattr(command, "commands", {}).values():
        _with_epilog(one)
    return command


for _module in (articles, cluster, identity, lexicon, quality, rules, stores, views):
    for _command in _module.COMMANDS:
        main.add_command(_with_epilog(_command))
