"""How often each rule fires in a corpus, with what evidence, and how right it is where gold says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kgx.annotated import Record, read_records
from kgx.evaluate import Fillers, align, arguments
from kgx.rulebook import RuleFolder
from kgx.scores import Tally

SHOWN = 3  # pieces of evidence kept for each rule
LONGEST = 60  # characters of one that are shown


@dataclass(slots=True)
class RuleCoverage:
    """One rule: its facts in the corpus, some evidence, and its facts and arguments held to gold.

    `facts` counts its facts on gold documents, right where one has a gold partner; `arguments` their
    single arguments. A rule with a part in a fact that another rule told more fully counts there.
    """

    rule: str
    emits: str
    fired: int = 0
    evidence: list[str] = field(default_factory=list)
    facts: Tally = field(default_factory=Tally)
    arguments: Tally = field(default_factory=Tally)

    def lines(self, gold: bool) -> Iterator[str]:
        """A row of figures, and the evidence below it."""
        held = ""
        if gold:
            held = f"{_share(self.facts):>12}{_share(self.arguments):>12}"
        note = "" if self.fired else "  never fired"
        yield f"{self.rule:26}{self.emits:12}{self.fired:8}{held}{note}"
        for one in self.evidence:
            yield f"    {one}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """All rules in use, in the order of their files, then what else makes facts."""

    documents: int
    rules: Mapping[str, RuleCoverage]
    gold: bool

    @property
    def dead(self) -> list[str]:
        """The rules that never fired."""
        return [name for name, one in self.rules.items() if not one.fired]

    def as_table(self, *, examples: int = SHOWN) -> str:
        """A table in plain text, with up to `examples` pieces of evidence below each rule."""
        head = f"{'rule':26}{'emits':12}{'fired':>8}"
        out = [head + (f"{'facts P':>12}{'arguments P':>12}" if self.gold else "")]
        for one in self.rules.values():
            row, *evidence = one.lines(self.gold)
            out += [row, *evidence[:examples]]
        return "\n".join(out)


def coverage(
    inputs: Iterable[str | Path],
    *,
    gold: str | Path | None = None,
    rules: str | Path | None = None,
    **options: object,
) -> Coverage:
    """Read a corpus, and gold articles where given, and count what each rule did.

    `rules` is a folder laid over the shipped ones; further options are those of `run.extractions`.
    Raises KgxError where the rules are wrong or gold can't be read.
    """
    from kgx import run
    from kgx.nlp.frames import sited_frames

    found = {
        one.rule.name: RuleCoverage(one.rule.name, one.rule.emits)
        for one in sited_frames(RuleFolder(rules))
        if one.rule.triggers
    }
    documents = 0
    for extraction in run.extractions(list(inputs), rules=rules, **options):  # type: ignore[arg-type]
        documents += 1
        for fact in extraction.facts:
            one = found.setdefault(fact.rule, RuleCoverage(fact.rule, fact.type))
            one.fired += 1
            quote = " ".join(fact.evidence.split())
            quote = quote if len(quote) <= LONGEST else quote[: LONGEST - 1] + "…"
            if len(one.evidence) < SHOWN and quote not in one.evidence:
                one.evidence.append(quote)
    if gold is not None:
        predicted = run.predict(gold, rules=rules, **options)
        for key, record in read_records(gold).items():
            if key in predicted:
                _hold(found, record, predicted[key])
    return Coverage(documents, found, gold is not None)


def _hold(found: dict[str, RuleCoverage], gold: Record, predicted: Record) -> None:
    """Count each predicted fact of one gold document for its rule, right where it has a gold partner."""
    pairs = align(Fillers(gold, predicted), gold["facts"], predicted["facts"])
    hits = {j: len(agreed) for _, j, agreed in pairs}
    for j, fact in enumerate(predicted["facts"]):
        one = found.setdefault(fact["rule"], RuleCoverage(fact["rule"], fact["type"]))
        one.facts.add(int(j in hits), 1, 0)
        one.arguments.add(hits.get(j, 0), len(arguments(fact)), 0)


def _share(tally: Tally) -> str:
    return f"{tally.precision:.2f} of {tally.predicted}" if tally.predicted else "-"
