"""The commands on quality: scores on gold, training, checks of a graph."""

from __future__ import annotations

import sys

import click

from kgx import errors
from kgx.cli.options import RULES_HELP, complain, modelled
from kgx.errors import EXIT_INVALID


def _years(_: click.Context, __: click.Parameter, value: str | None) -> range | None:
    if value is None:
        return None
    first, _dash, last = value.partition("-")
    try:
        return range(int(first), int(last or first) + 1)
    except ValueError:
        raise click.BadParameter(errors.BAD_YEARS.format(years=value)) from None


@click.command("eval")
@click.argument("gold", metavar="GOLD")
@click.argument("predicted", metavar="[PRED]", required=False)
@click.option(
    "--detail/--brief", default=True, help="With or without a row for each type and their confusion."
)
@click.option(
    "--errors",
    "shown",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="List up to N errors of each kind.",
)
@click.option("--json", "as_json", is_flag=True, help="Print {measure: [P, R, F1]} instead.")
@click.option("--stratum", metavar="NAME", help="Only gold documents of this stratum.")
@click.option("--years", metavar="Y[-Y]", callback=_years, help="Only gold documents published then.")
@click.option("--rules", metavar="DIR", help=RULES_HELP)
@modelled
def evaluate(
    gold: str,
    predicted: str | None,
    detail: bool,
    shown: int,
    as_json: bool,
    stratum: str | None,
    years: range | None,
    rules: str | None,
    model: bool | str,
) -> None:
    """Score predicted records against annotated ones.

    Without PRED, the gold articles are processed here and now.
    """
    from kgx.annotated import read_records, select
    from kgx.evaluate import score

    golds = select(read_records(gold), stratum=stratum, years=years)
    if predicted is None:
        from kgx.run import predict

        scores = score(golds, predict(gold, rules=rules, model=model, on_skip=complain))
    else:
        scores = score(golds, read_records(predicted))
    click.echo(scores.as_json() if as_json else scores.as_table(detail=detail))
    if detail and not as_json:
        click.echo(f"\n{scores.confusion_table()}\n")
    if not as_json:
        click.echo(scores.fault_summary())
    for line in scores.fault_lines(shown):
        click.echo(line)


@click.command()
@click.argument("data", metavar="DATA...", nargs=-1, required=True)
@click.option("-o", "--output", "out", metavar="MODEL", required=True, help="The model file to write.")
@click.option("--text", "plain", metavar="INPUT", multiple=True, help="Unlabelled articles to learn from.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of all that is random.")
@click.option("--rules", metavar="DIR", help=RULES_HELP)
def train(data: tuple[str, ...], out: str, plain: tuple[str, ...], seed: int, rules: str | None) -> None:
    """Train the statistical model that finds names.

    DATA is JSON Lines as `kgx extract` writes them or as the gold articles are, or characters with BIO
    labels (.bio), each also in .gz. Articles given with --text only tell which characters are alike.
    """
    from kgx.train import train_files

    def heard(number: int, loss: float) -> None:
        click.echo(f"pass {number}: loss {loss:.4f} a character", err=True)

    tagger = train_files(data, out, plain=plain, seed=seed, rules=rules, heard=heard, on_skip=complain)
    click.echo(f"{out}: {len(tagger.keys):,} features, {len(tagger.labels)} labels", err=True)


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--rules", metavar="DIR", help="The rules folder of the run, where it adds fact types.")
def validate(file: str, rules: str | None) -> None:
    """Check a graph against the shapes; exit status 1 where it does not conform."""
    from kgx.rdf.validate import validate_file
    from kgx.rulebook import RuleFolder

    faults = validate_file(file, RuleFolder(rules))
    for fault in faults:
        click.echo(str(fault))
    click.echo(f"{file}: " + (f"{len(faults)} faults" if faults else "conforms"), err=True)
    if faults:
        sys.exit(EXIT_INVALID)


COMMANDS = (evaluate, train, validate)
