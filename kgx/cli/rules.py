"""The commands on rules: check, list, test, coverage, ontology; and `kgx explain`."""

from __future__ import annotations

import sys
from typing import Any

import click

from kgx.cli.options import RULES_HELP, Complaints, end, timed
from kgx.errors import EXIT_INVALID


@click.command()
@click.argument("what", metavar="TEXT-OR-FILE")
@click.option("-o", "--output", "out", metavar="FILE", help="Write an HTML page instead.")
@click.option("--date", metavar="DATE", help="Publication date where none is given.")
@click.option("--rules", metavar="DIR", help=RULES_HELP)
@timed
@click.option("--all", "everything", is_flag=True, help="Triggers too that are only parts of words.")
def explain(what: str, out: str | None, everything: bool, **options: Any) -> None:
    """Show how a text is read: clauses, names, which rule matched what, what was rejected and why."""
    from kgx.explain import WIDTH, explain_all, paint, to_html

    skipped = Complaints()
    found = explain_all(what, on_skip=skipped, **options)
    if out is not None:
        from kgx.staging import staged_file

        page = to_html(found, everything=everything)
        with staged_file(out) as stream:
            stream.write(page)
    else:
        from rich.console import Console

        paint(found, Console(width=None if sys.stdout.isatty() else WIDTH), everything=everything)
    end(skipped.number)


@click.group()
def rules() -> None:
    """Look after the rule files."""


@rules.command("check")
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


@rules.command("list")
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--rules", "option", metavar="DIR", help="The same as DIR.")
def list_rules(folder: str | None, option: str | None) -> None:
    """List the rule files: name, number of rules, schema, where it lies."""
    from kgx import rulefiles

    for row in rulefiles.listing(folder or option):
        click.echo(str(row))


@rules.command("ontology")
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--rules", "option", metavar="DIR", help="The same as DIR.")
@click.option("--shapes", is_flag=True, help="The SHACL shapes instead.")
def show_ontology(folder: str | None, option: str | None, shapes: bool) -> None:
    """Print the ontology as Turtle, with the fact types that DIR adds."""
    from kgx.rdf import reference
    from kgx.rulebook import RuleFolder

    make = reference.shapes if shapes else reference.ontology
    click.echo(make(RuleFolder(folder or option)), nl=False)


@rules.command("coverage")
@click.argument("inputs", metavar="CORPUS...", nargs=-1, required=True)
@click.option("--gold", metavar="GOLD", help="Annotated articles: adds the precision of each rule on them.")
@click.option("--examples", type=click.IntRange(0), default=3, show_default=True, help="Quotes a rule.")
@click.option("--rules", metavar="DIR", help=RULES_HELP)
@timed
def rule_coverage(inputs: tuple[str, ...], examples: int, **options: Any) -> None:
    """Print for each rule how often it fired in a corpus, with examples of evidence.

    With --gold also the precision of its facts and of their arguments on annotated articles. Rules that
    never fired are marked, and named at the end.
    """
    from kgx.coverage import coverage

    skipped = Complaints()
    found = coverage(inputs, on_skip=skipped, **options)
    click.echo(found.as_table(examples=examples))
    dead = f"; never fired: {', '.join(found.dead)}" if found.dead else ""
    click.echo(f"{found.documents} documents, {len(found.rules)} rules{dead}", err=True)
    end(skipped.number)


@rules.command("test")
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--rules", "option", metavar="DIR", help="The same as DIR.")
@click.option("--rule", "only", metavar="NAME", help="Test this rule alone.")
@timed
def test_rules(folder: str | None, option: str | None, only: str | None, document_timeout: float) -> None:
    """Run the examples and counter-examples of every rule; exit status 1 where one fails.

    Each failure is shown with file, line, rule, what was expected and what came. A frame without
    examples, or without counter-examples, fails too, and so does an example that takes too long.
    """
    from kgx import ruletest

    outcome = ruletest.test_rules(folder or option, only=only, seconds=document_timeout)
    for failure in outcome.failures:
        click.echo(str(failure))
    click.echo(str(outcome), err=True)
    if outcome.failures:
        sys.exit(EXIT_INVALID)


COMMANDS = (explain, rules)
