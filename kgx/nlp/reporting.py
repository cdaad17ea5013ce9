"""Whose words a sentence gives: the reporter's, or those of whoever is being reported."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kgx.nlp.clauses import Clause, Parser, Phrase
from kgx.nlp.layers import Sentence
from kgx.nlp.reference import Discourse
from kgx.nlp.speech import Speech
from kgx.nlp.view import NAME, View

_NEAR = 12  # from a speaker's name to the end of the verb of speech, in characters
_APART = re.compile(f"[{NAME}，。；\n]")


def goes_on(speech: Speech, sentence: Sentence, view: View, discourse: Discourse) -> bool:
    """Whether a paragraph that begins so goes on with the speech of the one before.

    It is marked so (二是…), or says 我们 while it names no person and no other speaker.
    """
    if speech.continues(view.text[sentence.start : sentence.end]):
        return True
    if not discourse.in_speech or speech.verb.search(view.masked, sentence.start, sentence.end):
        return False
    items = view.items_in(sentence.start, sentence.end)
    own = any(item.pronoun in ("speaker", "we") for item in items)
    return own and not any(item.type == "Person" for item in items)


def voices(speech: Speech, view: View) -> tuple[tuple[int, str], ...]:
    """The persons who are reported to speak, each with the offset where he or she first does."""
    out: dict[str, int] = {}
    for item in view.items:
        if item.type != "Person" or len(item.names) != 1:
            continue
        found = speech.verb.search(view.masked, item.end, item.end + _NEAR)
        if found and not _APART.search(view.masked, item.end, found.start()):
            out.setdefault(item.names[0], item.start)
    return tuple((start, name) for name, start in out.items())


def quoted(speech: Speech, view: View, clause: Clause, genitive: str) -> str | None:
    """Whose words a clause quotes, where it names one: 甲援引*乙*的话说."""
    begun = speech.quoting.search(view.masked, clause.start, clause.end)
    for phrase in clause.phrases if begun else ():
        words = phrase.end - len(phrase.tail) + len(genitive)
        marked = phrase.genitive and view.text.startswith(speech.quotes, words)
        if begun and phrase.start >= begun.end() and marked and len(phrase.names) == 1:
            return phrase.names[0]
    return None


def issuer(speech: Speech, view: View, clauses: Sequence[Clause]) -> str | None:
    """The body whose own statement an article gives, by its title: 甲委员会就…发表声明."""
    for clause in clauses:
        subject = clause.subject or next((p for p in clause.phrases if p.start == clause.start), None)
        if subject is None or subject.types != ("Organization",) or subject.tail:
            continue
        if speech.statement.search(view.masked, subject.end, clause.end):
            return subject.names[0]
    return None


def narrates(clause: Clause, discourse: Discourse, parser: Parser) -> bool:
    """Whether a sentence that begins so is the reporter's.

    Its subject is a person introduced with office and name, or by the bare name: who speaks puts the
    office after the name (乙总统).
    """
    subject = clause.subject
    if subject is None or not subject.items or discourse.speaker in subject.names:
        return False
    if any(item.type != "Person" or item.pronoun is not None for item in subject.items):
        return False
    return subject.end == subject.items[-1].end or any(
        parser.introduced(clause.start, item) for item in subject.items
    )


def own_words(subject: Phrase, discourse: Discourse) -> bool:
    """Whether a subject stands for whoever speaks, for his or her state, or for the sides in question."""
    if discourse.types.get(discourse.speaker or "") == "Person":
        home = discourse.home.get(discourse.speaker or "")
        if home is not None and subject.names == (home,):
            return True  # 甲国总理说，甲国认为…
    return bool(subject.items) and all(item.pronoun in ("speaker", "we", "states") for item in subject.items)
