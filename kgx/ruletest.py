"""Runs the examples and counter-examples of every rule through the real pipeline.

An example says exactly which facts its frame makes: all roles of each (those that `set` gives aside),
its date where it has one, its status where the example names one. Of a counter-example the frame makes
no fact, though a trigger of it stands there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgx import errors
from kgx.errors import RuleError
from kgx.model import Document
from kgx.rulebook import RuleFolder, Sited
from kgx.schemas.frames import EXAMPLE_DATE, Example, Frame
from kgx.timelimit import DOCUMENT_SECONDS, Late, time_limit

if TYPE_CHECKING:
    from spacy.language import Language

    from kgx.nlp.consolidate import Draft
    from kgx.nlp.trace import Log

_MONTH_DAY = 5  # characters of 03-02
_ASKED = frozenset({"source", "code"})  # what an example may ask for besides roles, date and status


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not hold: where it stands, whose it is, what was expected and what came."""

    path: Path
    line: int
    rule: str
    expected: str
    got: str

    def __str__(self) -> str:
        """One line: file, line, rule, expected, got."""
        return f"{self.path}:{self.line}: {self.rule}: expected {self.expected}; got {self.got}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a test of rules came to."""

    rules: int
    examples: int
    counter_examples: int
    failures: tuple[Failure, ...]

    def __str__(self) -> str:
        """One line of counts."""
        return (
            f"{self.rules} rules, {self.examples} examples, {self.counter_examples} counter-examples, "
            f"{len(self.failures)} failures"
        )


def test_rules(
    user: str | Path | None = None, *, only: str | None = None, seconds: float = DOCUMENT_SECONDS
) -> Outcome:
    """Test every frame in use, and the patterns of `page.yml`; `only` names one rule to test alone.

    An example that takes longer than `seconds` fails. `user` is a folder laid over the shipped rules. Raises
    KgxError where rules can't be loaded, or no rule is called `only`.
    """
    from kgx.nlp.frames import sited_frames
    from kgx.nlp.pipeline import make_pipeline
    from kgx.rulefiles import known_rules

    folder = known_rules(user)
    frames = [one for one in sited_frames(folder) if only in (None, one.rule.name)]
    nlp = make_pipeline(folder)
    failures = [failure for one in frames for failure in _test_frame(nlp, one, seconds)]
    examples = sum(len(one.rule.examples) for one in frames)
    counter = sum(len(one.rule.counter_examples) for one in frames)
    rules = len(frames)
    if only is None or not frames:
        patterns = [found for found in _page_patterns(folder, seconds) if only in (None, found[0].rule.name)]
        for one, failed in patterns:
            rules += 1
            examples += len(one.rule.examples)
            counter += len(one.rule.counter_examples)
            failures += failed
    if not rules:
        raise RuleError(errors.RULE_NAME.format(name=only))
    return Outcome(rules, examples, counter, tuple(failures))


test_rules.__test__ = False  # type: ignore[attr-defined]  # no test of pytest's


def made_by(log: Log, rule: str) -> list[Draft]:
    """The facts that a rule made or had a part in, in their final form."""
    places = {
        fate.at: None
        for draft, fate in zip(log.drafts, log.fates, strict=True)
        if draft.rule == rule and fate.end in ("fact", "merged")
    }
    return [log.results[at] for at in places]


def _test_frame(nlp: Language, one: Sited[Frame], seconds: float) -> Iterator[Failure]:
    frame = one.rule
    if not frame.triggers:  # switched off
        return
    for key in ("examples", "counter_examples"):
        if not getattr(frame, key):
            yield Failure(one.path, one.line(), frame.name, f"{key}, at least one", "none")
    for number, example in enumerate(frame.examples):
        wrong: tuple[str, str] | None
        try:
            with time_limit(seconds):
                log = _log(nlp, example.text, example.date)
        except Late:
            wrong = _slow(seconds)
        else:
            wrong = _mismatch(example, made_by(log, frame.name), frame)
        if wrong is not None:
            line = one.line("examples", number, "text")
            yield Failure(one.path, line, frame.name, *wrong)
    for number, text in enumerate(frame.counter_examples):
        line = one.line("counter_examples", number)
        try:
            with time_limit(seconds):
                log = _log(nlp, text, EXAMPLE_DATE)
        except Late:
            yield Failure(one.path, line, frame.name, *_slow(seconds))
            continue
        got = made_by(log, frame.name)
        if got:
            yield Failure(one.path, line, frame.name, "no fact", _many(_shown(fact) for fact in got))
        elif not any(note.rule == frame.name for note in log.triggers):
            yield Failure(one.path, line, frame.name, "a trigger of the rule in the text", "none")


def _slow(seconds: float) -> tuple[str, str]:
    return f"an end within {seconds:g} s", "none"


def _log(nlp: Language, text: str, published: str) -> Log:
    from kgx.nlp.pipeline import read_document
    from kgx.nlp.trace import Log
    from kgx.readers.page import annotate

    log, document = Log(), Document("example", text, published)
    read_document(nlp, annotate(document) if "\n" in text else document, log)
    return log


def _mismatch(example: Example, got: Sequence[Draft], frame: Frame) -> tuple[str, str] | None:
    """What was expected and what came, where they differ; each expected fact has one partner."""
    expected = [_wanted(given, frame, example.date) for given in example.gives]
    left = list(got)
    for want in expected:
        partner = next((fact for fact in left if _agrees(want, fact)), None)
        if partner is None:
            return _many(_words(one) for one in expected), _many(_shown(fact) for fact in got)
        left.remove(partner)
    if left:
        return _many(_words(one) for one in expected), _many(_shown(fact) for fact in got)
    return None


def _wanted(given: Mapping[str, Any], frame: Frame, published: str) -> dict[str, Any]:
    """An expected fact in full: lists of fillers, what `set` gives, a whole date."""
    want: dict[str, Any] = {role: [value] for role, value in frame.set.items()}
    for key, value in given.items():
        if key == "date":
            text = value.isoformat() if isinstance(value, Day) else str(value)
            want[key] = f"{published[:5]}{text}" if len(text) == _MONTH_DAY else text
        elif key == "status" or key in _ASKED:
            want[key] = str(value)
        else:
            want[key] = [str(one) for one in (value if isinstance(value, list) else [value])]
    return want


def _agrees(want: Mapping[str, Any], fact: Draft) -> bool:
    roles = {role: sorted(fillers) for role, fillers in fact.roles.items() if fillers}
    asked = {role: sorted(fillers) for role, fillers in want.items() if isinstance(fillers, list)}
    return (
        roles == asked
        and want.get("date") == fact.date
        and want.get("status", fact.status) == fact.status
        and all(want[key] == getattr(fact, key) for key in _ASKED & set(want))
    )


def _shown(fact: Draft) -> str:
    out: dict[str, Any] = {role: list(fillers) for role, fillers in fact.roles.items() if fillers}
    if fact.date:
        out["date"] = fact.date
    return _words(out | {"status": fact.status})


def _words(fact: Mapping[str, Any]) -> str:
    parts = (f"{key} {'、'.join(value) if isinstance(value, list) else value}" for key, value in fact.items())
    return "{" + ", ".join(parts) + "}"


def _many(facts: Iterator[str]) -> str:
    return " ".join(facts) or "no fact"


def _page_patterns(folder: RuleFolder, seconds: float) -> Iterator[tuple[Sited[Any], list[Failure]]]:
    """Each pattern of `page.yml` with what fails of its examples."""
    from kgx.nlp.normal import normalize
    from kgx.readers.rules import page_rules
    from kgx.rulebook import load_sited
    from kgx.schemas.pages import PageRules

    page = page_rules(folder)
    (whole,) = load_sited(folder.find("page.yml"), PageRules)
    for group in ("lines", "heads", "tails", "credits"):
        for place, (rule, pattern) in enumerate(
            zip(getattr(whole.rule, group), getattr(page, group), strict=True)
        ):
            regex = pattern.regex
            match = {"lines": regex.fullmatch, "heads": regex.match}.get(group, regex.search)
            failed = []
            for key, holds in (("examples", True), ("counter_examples", False)):
                for number, text in enumerate(getattr(rule, key)):
                    said: tuple[str, str] | None = None
                    try:
                        with time_limit(seconds):
                            if bool(match(normalize(text))) != holds:
                                said = ("a match", "no match") if holds else ("no match", "a match")
                    except Late:
                        said = _slow(seconds)
                    if said is not None:
                        line = whole.line(group, place, key, number)
                        failed.append(Failure(whole.path, line, rule.name, *said))
            yield Sited(rule, whole.path, whole.node), failed
