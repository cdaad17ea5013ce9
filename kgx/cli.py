"""The command line: parses options and calls the function of the same name; nothing else.

Whatever is heavy is imported inside the commands, so that `kgx --help` stays quick.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kgx import cli_store, cli_viz, errors
from kgx.errors import EXIT_FAILED, EXIT_INVALID, EXIT_SKIPPED, EXIT_USAGE, KgxError, OptionError, Skip
from kgx.version import __version__

if TYPE_CHECKING:
    from kgx.model import Extraction

C = TypeVar("C", bound=Callable[..., Any])

EPILOG = (
    "Exit status: 0 done; 1 a check found faults; 2 wrong usage; 3 done, but some input was skipped; "
    "4 failed, nothing was written."
)
RULES_HELP = "A folder of rules to lay over the shipped ones; see docs/rules.md."


class Commands(click.Group):
    """Shows a KgxError as the one line that it is."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a failure that the user can mend ends it without a traceback."""
        try:
            return super().invoke(ctx)
        except OptionError as fault:
            _complain(fault)
            ctx.exit(EXIT_USAGE)
        except KgxError as fault:
            _complain(fault)
        except BrokenPipeError:
            raise  # the reader of our output went away; click ends quietly
        except OSError as fault:  # a full disk, say
            _complain(fault)
        ctx.exit(EXIT_FAILED)


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kgx")
def main() -> None:
    """Chinese diplomatic and political news to a knowledge graph, every fact with its sentence."""


def _years(_: click.Context, __: click.Parameter, value: str | None) -> range | None:
    if value is None:
        return None
    first, _dash, last = value.partition("-")
    try:
        return range(int(first), int(last or first) + 1)
    except ValueError:
        raise click.BadParameter(errors.BAD_YEARS.format(years=value)) from None


def _reading(command: C) -> C:
    """The options of all commands that read articles."""
    for option in reversed(
        [
            click.argument("inputs", metavar="INPUT...", nargs=-1, required=True),
            click.option("--rules", metavar="DIR", help=RULES_HELP),
            click.option(
                "--processes", type=click.IntRange(1), default=1, show_default=True, help="Worker processes."
            ),
            click.option("--no-model", is_flag=True, help="Rules alone, without the statistical model."),
            click.option(
                "--fields",
                metavar="NAME=COLUMN,...",
                help="What JSON keys or CSV columns are called: text=content,date=pubdate.",
            ),
            click.option("--date", metavar="DATE", help="Publication date where none is given."),
            click.option("--encoding", metavar="NAME", help="Encoding of the files, where they do not tell."),
        ]
    ):
        command = option(command)
    return command


@main.command(epilog=EPILOG)
@_reading
@click.option("-o", "--output", "out", metavar="DIR", required=True, help="The folder to write into.")
@click.option("--base-iri", metavar="IRI", help="What the IRIs of the data begin with.")
def build(inputs: tuple[str, ...], out: str, base_iri: str | None, no_model: bool, **options: Any) -> None:
    """Build the knowledge graph of articles.

    INPUT is a file, a folder, a glob or - for standard input: text, HTML, Markdown, JSON, JSON Lines,
    CSV, each also in .gz or .zip. Writes graph.ttl, graph.trig, graph.nq, graph.jsonld, graph.graphml,
    graph.gexf, network.html, extractions.jsonl, report.json and report.md.
    """
    from kgx import run

    if base_iri is not None:
        options["base_iri"] = base_iri
    with _watching() as (on_skip, on_document):
        result = run.run(inputs, out, model=not no_model, on_skip=on_skip, on_document=on_document, **options)
    click.echo(f"{out}: {result.report.summary()}", err=True)
    _end(len(result.report.skipped))


@main.command(epilog=EPILOG)
@_reading
@click.option("-o", "--output", "out", metavar="FILE", default="-", help="Standard output if left out.")
def extract(inputs: tuple[str, ...], out: str, no_model: bool, **options: Any) -> None:
    """Print what each article says, as JSON Lines.

    One record a document: entities, groups, dates, positions, facts, and mentions with offsets in
    characters of its text.
    """
    from kgx import run

    with _watching() as (on_skip, on_document):
        skipped = run.extract_files(
            inputs, out, model=not no_model, on_skip=on_skip, on_document=on_document, **options
        )
    _end(skipped)


@main.command("eval", epilog=EPILOG)
@click.argument("gold", metavar="GOLD")
@click.argument("predicted", metavar="[PRED]", required=False)
@click.option("--detail", is_flag=True, help="A row for each mention type and fact type too.")
@click.option("--errors", "shown", type=click.IntRange(0), default=0, metavar="N", help="List N errors.")
@click.option("--json", "as_json", is_flag=True, help="Print {measure: [P, R, F1]} instead.")
@click.option("--stratum", metavar="NAME", help="Only gold documents of this stratum.")
@click.option("--years", metavar="Y[-Y]", callback=_years, help="Only gold documents published then.")
@click.option("--rules", metavar="DIR", help=RULES_HELP)
@click.option("--no-model", is_flag=True, help="Rules alone, without the statistical model.")
def evaluate(
    gold: str,
    predicted: str | None,
    detail: bool,
    shown: int,
    as_json: bool,
    stratum: str | None,
    years: range | None,
    rules: str | None,
    no_model: bool,
) -> None:
    """Score predicted records against annotated ones.

    Without PRED, the gold articles are processed here and now.
    """
    from kgx.annotated import read_records, select
    from kgx.evaluate import score

    golds = select(read_records(gold), stratum=stratum, years=years)
    if predicted is None:
        from kgx.run import predict

        scores = score(golds, predict(gold, rules=rules, model=not no_model, on_skip=_complain))
    else:
        scores = score(golds, read_records(predicted))
    click.echo(scores.as_json() if as_json else scores.as_table(detail=detail))
    if not as_json:
        click.echo(scores.fault_summary())
    for fault in scores.faults[:shown]:
        click.echo(str(fault))


@main.command(epilog=EPILOG)
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

    tagger = train_files(data, out, plain=plain, seed=seed, rules=rules, heard=heard, on_skip=_complain)
    click.echo(f"{out}: {len(tagger.keys):,} features, {len(tagger.labels)} labels", err=True)


@main.command(epilog=EPILOG)
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


@main.command(epilog=EPILOG)
@click.argument("what", metavar="TEXT-OR-FILE")
@click.option("-o", "--output", "out", metavar="FILE", help="Write an HTML page instead.")
@click.option("--date", metavar="DATE", help="Publication date where none is given.")
@click.option("--rules", metavar="DIR", help=RULES_HELP)
@click.option("--all", "everything", is_flag=True, help="Triggers too that are only parts of words.")
def explain(what: str, out: str | None, date: str | None, rules: str | None, everything: bool) -> None:
    """Show how a text is read: clauses, names, which rule matched what, what was rejected and why."""
    from kgx.explain import WIDTH, explain_all, paint, to_html

    found = explain_all(what, date=date, rules=rules, on_skip=_complain)
    if out is not None:
        from kgx.staging import staged_file

        page = to_html(found, everything=everything)
        with staged_file(out) as stream:
            stream.write(page)
        return
    from rich.console import Console

    paint(found, Console(width=None if sys.stdout.isatty() else WIDTH), everything=everything)


@main.group(epilog=EPILOG)
def rules() -> None:
    """Look after the rule files."""


@rules.command("check", epilog=EPILOG)
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--rules", "option", metavar="DIR", help="The same as DIR.")
def check_rules(folder: str | None, option: str | None) -> None:
    """Check every rule file against its schema; exit status 1 with file, line and reason."""
    from kgx import rulefiles

    faults = list(rulefiles.check(folder or option))
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        sys.exit(EXIT_INVALID)
    click.echo("all rule files are in order", err=True)


@rules.command("list", epilog=EPILOG)
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--rules", "option", metavar="DIR", help="The same as DIR.")
def list_rules(folder: str | None, option: str | None) -> None:
    """List the rule files: name, number of rules, schema, where it lies."""
    from kgx import rulefiles

    for row in rulefiles.listing(folder or option):
        click.echo(str(row))


for _command in (*cli_store.COMMANDS, *cli_viz.COMMANDS):
    _command.epilog = EPILOG
    main.add_command(_command)


@rules.command("ontology", epilog=EPILOG)
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--rules", "option", metavar="DIR", help="The same as DIR.")
@click.option("--shapes", is_flag=True, help="The SHACL shapes instead.")
def show_ontology(folder: str | None, option: str | None, shapes: bool) -> None:
    """Print the ontology as Turtle, with the fact types that DIR adds."""
    from kgx.rdf import reference
    from kgx.rulebook import RuleFolder

    make = reference.shapes if shapes else reference.ontology
    click.echo(make(RuleFolder(folder or option)), nl=False)


@rules.command("coverage", epilog=EPILOG)
@click.argument("inputs", metavar="CORPUS...", nargs=-1, required=True)
@click.option("--gold", metavar="GOLD", help="Annotated articles: adds the precision of each rule on them.")
@click.option("--examples", type=click.IntRange(0), default=3, show_default=True, help="Quotes a rule.")
@click.option("--rules", metavar="DIR", help=RULES_HELP)
def rule_coverage(inputs: tuple[str, ...], gold: str | None, examples: int, rules: str | None) -> None:
    """Print for each rule how often it fired in a corpus, with examples of evidence.

    With --gold also the precision of its facts and of their arguments on annotated articles. Rules that
    never fired are marked, and named at the end.
    """
    from kgx.coverage import coverage

    found = coverage(inputs, gold=gold, rules=rules, on_skip=_complain)
    click.echo(found.as_table(examples=examples))
    dead = f"; never fired: {', '.join(found.dead)}" if found.dead else ""
    click.echo(f"{found.documents} documents, {len(found.rules)} rules{dead}", err=True)


@rules.command("test", epilog=EPILOG)
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--rules", "option", metavar="DIR", help="The same as DIR.")
@click.option("--rule", "only", metavar="NAME", help="Test this rule alone.")
def test_rules(folder: str | None, option: str | None, only: str | None) -> None:
    """Run the examples and counter-examples of every rule; exit status 1 where one fails.

    Each failure is shown with file, line, rule, what was expected and what came. A frame without
    examples, or without counter-examples, fails too.
    """
    from kgx import ruletest

    outcome = ruletest.test_rules(folder or option, only=only)
    for failure in outcome.failures:
        click.echo(str(failure))
    click.echo(str(outcome), err=True)
    if outcome.failures:
        sys.exit(EXIT_INVALID)


def _complain(what: object) -> None:
    click.echo(f"kgx: {what}", err=True)


def _end(skipped: int) -> None:
    if skipped:
        _complain(errors.SOME_SKIPPED.format(number=skipped))
        sys.exit(EXIT_SKIPPED)


@contextmanager
def _watching() -> Iterator[tuple[Callable[[Skip], None], Callable[[Extraction], None]]]:
    """What to call for each skipped input and each document; a bar where a person is watching."""
    if not sys.stderr.isatty():
        yield _complain, lambda extraction: None
        return
    from kgx.progress import bar

    with bar() as watcher:
        yield watcher
