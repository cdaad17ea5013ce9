"""Reported speech: which clause says that somebody speaks, and how far the report goes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kgx.nlp.grammar import alternation
from kgx.nlp.view import NOMINAL, View
from kgx.regexes import quick
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.frames import SpeechRules


@dataclass(frozen=True, slots=True)
class Speech:
    """The compiled words of `speech.yml`."""

    verb: re.Pattern[str]
    proposal: re.Pattern[str]  # to the end of a clause: 提出三点建议
    closing: frozenset[str]
    leads: frozenset[str]
    goes_on: tuple[str, ...]
    narrator: tuple[str, ...]
    glued: tuple[str, ...]
    quoting: re.Pattern[str]
    quotes: tuple[str, ...]
    statement: re.Pattern[str]  # to the end of a title: 发表声明

    def verb_end(self, view: View, start: int, end: int) -> int | None:
        """Where the words of a speaker begin in the clause [start, end): after its verb of speech.

        The verb stands after a name, begins the clause (并表示…) or closes it (…还表示，). None where
        nobody speaks.
        """
        if self.proposal.search(view.masked, start, end):
            return end
        for found in self.verb.finditer(view.masked, start, end):
            begins = view.bounds[found.start()] or view.masked.endswith(self.glued, start, found.start())
            if not (begins and view.bounds[found.end()]):
                continue
            closes = found.end() == end
            if found.group() in self.closing and not closes:
                continue
            before = view.masked[start : found.start()]
            if closes or before in self.leads or re.search(NOMINAL, before):
                return found.end()
        return None

    def continues(self, text: str) -> bool:
        """Whether a paragraph that begins with `text` goes on with the speech of the one before."""
        return text.startswith(self.goes_on)

    def narrates_again(self, text: str, start: int) -> bool:
        """Whether a sentence that begins at `start` is the reporter's, whoever spoke before: 会谈后，…."""
        return text.startswith(self.narrator, start)


def load_speech(folder: RuleFolder) -> Speech:
    """Compile `speech.yml`; raises RuleError where it is wrong."""
    (rules,) = load_yaml(folder.find("speech.yml"), SpeechRules)
    before = "".join(f"(?<!{re.escape(word)})" for word in rules.not_before)
    verbs = alternation((*rules.verbs, *rules.closing))
    verb = quick(f"{before}(?:{verbs})(?!{alternation(rules.not_after)})")
    closing = frozenset(rules.closing) - frozenset(rules.verbs)
    proposal = re.compile(
        f"(?:{alternation(rules.proposing)})[^，,]{{0,12}}(?:{alternation(rules.proposals)})[^，,]{{0,6}}$"
    )
    statement = re.compile(f"(?:{alternation(rules.issuing)})[^，]*(?:{alternation(rules.statements)})$")
    return Speech(
        verb,
        proposal,
        closing,
        frozenset(rules.leads),
        rules.goes_on,
        rules.narrator,
        rules.glued,
        re.compile(alternation(rules.quoting)),
        rules.quotes,
        statement,
    )
