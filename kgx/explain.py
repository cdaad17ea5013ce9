"""Shows how a text is read: clauses, phrases, names, the rules that matched, and why others did not.

`explain` runs the pipeline with a log, `paint` lays what it noted out for a terminal, `to_html` for a
browser. Offsets are in characters of the document's text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from kgx import errors
from kgx.errors import Skip
from kgx.model import DateValue, Document, Mention
from kgx.rulebook import RuleFolder
from kgx.schemas.frames import Frame
from kgx.timelimit import DOCUMENT_SECONDS, Late, time_limit

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text
    from spacy.language import Language

    from kgx.nlp.clauses import Phrase
    from kgx.nlp.consolidate import Draft
    from kgx.nlp.layers import Sentence
    from kgx.nlp.trace import ClauseNote, Fate, Log, TriggerNote

WIDTH = 120  # columns, where no terminal says how many there are
STYLES = {
    "Person": "bold green", "Country": "bold red", "Place": "bold yellow", "Organization": "bold blue",
    "Agreement": "bold magenta", "Event": "bold cyan", "Initiative": "magenta", "date": "underline",
}  # fmt: skip
REFUSALS = {
    "aligned": "a word reaches over its edge",
    "not_after": "the words after it are in `not_after`",
    "not_before": "the words before it are in `not_before`",
    "after": "none of `after` follows it",
    "before": "none of `before` stands before it",
    "not_under": "under a word of `not_under`",
    "not_status": "a word before it makes it planned or denied (`not_status`)",
    "told": "its first part only tells what somebody else does (表示*甲方*支持…)",
    "not_carried": "an earlier clause that it goes on has a word of `not_carried`",
    "not_case": "a phrase before it has a case of `not_case`",
    "within": "no word of `within` in the sentence",
    "relative": "it describes what is counted",
    "transitive": "no object follows it",
    "need": "needs",
}
_GUARDS = frozenset({"not_after", "not_before", "not_under"})
_NEAR = 8  # characters to each side in which a guard's word is looked for


@dataclass(frozen=True, slots=True)
class Explanation:
    """A document with what was noted while its facts were read."""

    document: Document
    sentences: Sequence[Sentence]
    mentions: Sequence[Mention]
    dates: Sequence[DateValue]
    log: Log
    frames: dict[str, Frame]


def explain(document: Document, nlp: Language, rules: RuleFolder | None = None) -> Explanation:
    """Read one document with a log; `nlp` is the pipeline made from `rules`."""
    from kgx.nlp.frames import sited_frames
    from kgx.nlp.pipeline import read_document
    from kgx.nlp.trace import Log

    log = Log()
    doc = read_document(nlp, document, log)
    frames = {one.rule.name: one.rule for one in sited_frames(rules or RuleFolder())}
    return Explanation(document, doc._.kgx_sentences, doc._.kgx_mentions, doc._.kgx_dates, log, frames)


def explain_all(
    what: str,
    *,
    date: str | None = None,
    rules: str | Path | None = None,
    document_timeout: float = DOCUMENT_SECONDS,
    on_skip: Callable[[Skip], None] | None = None,
) -> Iterator[Explanation]:
    """Explain a file of any form, or, where there is no such file, the text itself.

    `date` is the day of publication where none is given; a document that takes longer than
    `document_timeout` seconds is skipped. Raises KgxError where a file can't be read or the rules are wrong.
    """
    from kgx.nlp.pipeline import make_pipeline
    from kgx.readers import read
    from kgx.readers.reading import finished
    from kgx.rulefiles import known_rules

    folder = known_rules(rules)
    nlp = make_pipeline(folder)
    skip = on_skip or _pass_over
    drafts: Iterable[tuple[str, Callable[[], Document]]] = [("text", partial(_of_text, what, date, folder))]
    if _is_file(what):
        documents = read(
            [what], date=date, rules=folder, on_skip=skip, annotated=False, document_timeout=document_timeout
        )
        drafts = ((one.id, partial(finished, one, date, folder)) for one in documents)
    return _timely(drafts, lambda document: explain(document, nlp, folder), document_timeout, skip)


def _of_text(text: str, date: str | None, rules: RuleFolder) -> Document:
    from kgx.readers import from_text

    document = from_text(text, date=date, rules=rules)
    return document if "\n" in text else replace(document, regions=())  # one line is a sentence, not a page


def _timely(
    drafts: Iterable[tuple[str, Callable[[], Document]]],
    read: Callable[[Document], Explanation],
    seconds: float,
    skip: Callable[[Skip], None],
) -> Iterator[Explanation]:
    """What is read of each document; one that takes too long is skipped."""
    for name, make in drafts:
        try:
            with time_limit(seconds):
                found = read(make())
        except Late:
            skip(Skip(name, errors.TOO_SLOW.format(id=name, seconds=seconds)))
        else:
            yield found


def _pass_over(_: Skip) -> None:
    """What `on_skip` is where none is given."""


def paint(explanations: Iterable[Explanation], console: Console, *, everything: bool = False) -> None:
    """Print explanations; `everything` shows triggers too that only looked like words."""
    for one in explanations:
        for sentence in one.sentences:
            for line in _sentence(one, sentence, everything):
                console.print(line, highlight=False, soft_wrap=True)


def to_html(explanations: Iterable[Explanation], *, everything: bool = False) -> str:
    """A page that needs no other file: what `paint` prints, with its colours."""
    from rich.console import Console

    console = Console(
        record=True, file=StringIO(), width=WIDTH, force_terminal=True, color_system="truecolor"
    )
    paint(explanations, console, everything=everything)
    return console.export_html(inline_styles=True, code_format=_PAGE)


_PAGE = """<!DOCTYPE html>
<html lang="zh">
<head><meta charset="utf-8"><title>kgx explain</title>
<style>body {{ margin: 2em; }} pre {{ white-space: pre-wrap; line-height: 1.6; }}</style></head>
<body><pre>{code}</pre></body>
</html>
"""


def _is_file(what: str) -> bool:
    if what == "-":
        return True
    try:
        return "\n" not in what and Path(what).exists()
    except OSError:  # a text is often too long for a name
        return False


def _sentence(one: Explanation, sentence: Sentence, everything: bool) -> Iterator[Text]:
    from rich.text import Text

    note = "" if sentence.kind == "body" else f"  [{sentence.kind}]"
    if sentence.repeat:
        note += "  [said before: not read again]"
    yield Text.assemble("\n", _marked(one, sentence.start, sentence.end), (note, "dim"))
    for clause in one.log.clauses:
        if sentence.start <= clause.clause.start < sentence.end:
            yield _clause(one, clause)
    for mention in one.mentions:
        if sentence.start <= mention.start < sentence.end:
            surface = one.document.text[mention.start : mention.end]
            names = "、".join(mention.names)
            same = "" if names == surface else f" = {names}"
            yield Text.assemble(
                "  name    ", (surface, STYLES[mention.type]), f"{same} ({mention.type}, {mention.source})"
            )
    for found in one.dates:
        if sentence.start <= found.start < sentence.end:
            yield Text.assemble("  date    ", (found.surface, "underline"), f" = {found.value or 'unknown'}")
    told: set[int] = set()
    for trigger in sorted(one.log.triggers, key=lambda t: (t.start, t.end, t.rule)):
        if sentence.start <= trigger.start < sentence.end:
            told.update(trigger.drafts)
            if everything or trigger.refused != "aligned":
                yield from _trigger(one, trigger)
    for at, draft in enumerate(one.log.drafts):
        of_rule = draft.rule in one.frames
        if at not in told and not of_rule and sentence.start <= draft.start < sentence.end:
            yield Text.assemble("  ", (f"✓ {draft.rule}", "green"))
            yield _outcome(one, draft, one.log.fates[at])


def _marked(one: Explanation, start: int, end: int) -> Text:
    """The text of a sentence with names and dates in their colours."""
    from rich.text import Text

    text = Text(one.document.text[start:end], style="bold")
    spans: list[tuple[int, int, str]] = [(m.start, m.end, STYLES[m.type]) for m in one.mentions]
    spans += [(d.start, d.end, STYLES["date"]) for d in one.dates]
    for a, b, style in spans:
        if start <= a < end:
            text.stylize(style, a - start, b - start)
    return text


def _clause(one: Explanation, note: ClauseNote) -> Text:
    from rich.text import Text

    clause = note.clause
    line = Text.assemble(("  clause  ", "dim"), (one.document.text[clause.start : clause.end], "dim"))
    parts = [_phrase(one, phrase, phrase is clause.subject) for phrase in clause.phrases]
    if clause.subject is None and clause.blocked:
        parts.insert(0, "subject: names nobody")
    if note.in_speech:
        parts.append(f"speaker: {note.speaker or 'not named'}")
    return line + Text(("\n          " + " · ".join(parts)) if parts else "", style="dim cyan")


def _phrase(one: Explanation, phrase: Phrase, subject: bool) -> str:
    case = "subject" if subject else phrase.case or "bare"
    names = "、".join(phrase.names) or one.document.text[phrase.start : phrase.end]
    tail = f" + {phrase.tail}" if phrase.tail else ""
    return f"{case}: {names}{tail}{' 的' if phrase.genitive else ''}"


def _trigger(one: Explanation, note: TriggerNote) -> Iterator[Text]:
    from rich.text import Text

    word = one.document.text[note.start : note.end]
    if note.refused:
        why = REFUSALS.get(note.refused, note.refused)
        detail = note.detail or _guard_word(one, note)
        yield Text.assemble(
            "  ",
            (f"✗ {note.rule}", "red"),
            f" ({note.emits}) at ",
            (word, "bold"),
            f": {why} {detail}".rstrip(),
        )
        return
    yield Text.assemble("  ", (f"✓ {note.rule}", "green"), f" ({note.emits}) at ", (word, "bold"))
    for at in note.drafts:
        yield _outcome(one, one.log.drafts[at], one.log.fates[at])


def _guard_word(one: Explanation, note: TriggerNote) -> str:
    """The word by which a guard refused, in marks, where it is one of the frame's list."""
    frame, text = one.frames.get(note.rule), one.document.text
    if frame is None or note.refused not in _GUARDS:
        return ""
    words: Sequence[str] = getattr(frame, note.refused)
    if note.refused == "not_after":
        found = next((w for w in words if text.startswith(w, note.end)), "")
    elif note.refused == "not_before":
        found = next((w for w in words if text.endswith(w, max(0, note.start - _NEAR), note.start)), "")
    else:
        clause = next(
            (c.clause for c in one.log.clauses if c.clause.start <= note.start < c.clause.end), None
        )
        begin = clause.start if clause is not None else 0
        found = next((w for w in words if w in text[begin : note.start]), "")
    return f"({found})" if found else ""


def _outcome(one: Explanation, draft: Draft, fate: Fate) -> Text:
    from rich.text import Text

    if fate.end == "headline":
        return Text("      left out: the body tells it with more names", style="yellow")
    if fate.end == "schema":
        return Text.assemble("      ", _fact(draft), (f"  stopped by the schema: {fate.why}", "yellow"))
    final = one.log.results[fate.at]
    merged = [
        other.rule
        for other, end in zip(one.log.drafts, one.log.fates, strict=True)
        if end.at == fate.at and other is not draft
    ]
    said = f"  one fact with what {', '.join(dict.fromkeys(merged))} made" if merged else ""
    return Text.assemble("      ", _fact(final), (said, "dim"))


def _fact(draft: Draft) -> str:
    roles = ", ".join(f"{role} {'、'.join(fillers)}" for role, fillers in draft.roles.items() if fillers)
    date = f", date {draft.date}" if draft.date else ""
    source = f", said by {draft.source}" if draft.source else ""
    code = f" [{draft.code}]" if draft.code else ""
    return f"{draft.type}: {roles}{date}, {draft.status}{source}{code}"
