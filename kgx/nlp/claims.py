"""What a title beside a name says: 俄罗斯 + 前总统 is the office (俄罗斯, head-of-state), held formerly.

Titles and offices are tied in `rules/offices.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kgx.lexicon import LexEntry, Lexicon
from kgx.model import EntityType
from kgx.rulebook import RuleFolder, load_tsv, load_yaml
from kgx.schemas.lexicon import OfficeRules
from kgx.schemas.names import TitleRow

When = Literal["now", "former", "elect"]
_BODIES: tuple[EntityType, ...] = ("Country", "Organization")
_PARTY = "party"  # kind of organizations whose organs are named after them: 越共中央政治局


@dataclass(frozen=True, slots=True)
class Claim:
    """An office that a title gives its bearer: whose, which, and whether now, formerly or soon."""

    body: str
    role: str
    when: When = "now"


class Titles:
    """What titles say, by the rules of `offices.yml` and the kinds of `titles.tsv`."""

    def __init__(self, rules: OfficeRules, titles: Iterable[TitleRow], lexicon: Lexicon) -> None:
        """`lexicon` knows bodies by their names and in which state they are."""
        self.rules = rules
        self._rows = {row.title: row for row in titles}
        self._roles = [
            (rule, re.compile(f"(?:{rule.match})$") if rule.match else None) for rule in rules.offices
        ]
        self._joins = re.compile("|".join(map(re.escape, rules.joins)))
        self._bodies = dict(bodies(lexicon))
        self._names: dict[str, list[str]] = {}
        for name, usual in self._bodies.items():
            self._names.setdefault(usual, []).append(name)
        self._states = states(lexicon)
        leading = (entry for entry in lexicon.entries if entry.type == "Country" or entry.kind == _PARTY)
        self._leading = frozenset(
            name for entry in leading for name in (entry.name, *entry.aliases) if name in self._states
        )
        self._words: tuple[tuple[When, tuple[str, ...]], ...] = (
            ("former", rules.former),
            ("elect", rules.elect),
            ("now", rules.acting),
        )
        self._known: dict[tuple[str, str | None], tuple[Claim, ...]] = {}
        self._phrases: dict[tuple[str, str], tuple[str, ...]] = {}

    def claims(self, title: str, of: str | None) -> tuple[Claim, ...]:
        """The offices that a title of a body (any of its names in the lexicon) gives; none if unknown."""
        known = self._known.get((title, of))
        if known is None:
            found = (self._claim(part, of) for part in self._joins.split(title) if part)
            known = self._known[title, of] = tuple(claim for claim in found if claim is not None)
        return known

    def phrases(self, body: str, role: str) -> tuple[str, ...]:
        """How a text names an office without its holder: 西班牙首相."""
        known = self._phrases.get((body, role))
        if known is None:
            names = self._names.get(body, ())
            words = self.words(role)
            known = self._phrases[body, role] = tuple(name + word for name in names for word in words)
        return known

    def words(self, role: str) -> tuple[str, ...]:
        """The titles of holders of an office, whatever the body: 总理."""
        return tuple(title for title, row in self._rows.items() if row.kind == role)

    def beside(self, words: str, body: str, role: str) -> bool:
        """Whether the words around a name give an office; that of the readers' own state needs no body."""
        named = any(name in words for name in self._names.get(body, ()))
        for rule, _ in self._roles:
            if rule.role == role:
                own = rule.of == "state" and body == self.rules.learn.read
                if (named or own) and rule.match and re.search(rule.match, words):
                    return True
                kinds = (title for title, row in self._rows.items() if row.kind in rule.kinds)
                if named and any(title in words for title in kinds):
                    return True
        return False

    def named(self, words: str, bodies: Iterable[str]) -> bool:
        """Whether words have any of these bodies, by any of its names."""
        return any(name in words for body in bodies for name in self._names.get(body, (body,)))

    def state(self, of: str | None) -> str | None:
        """The state of a body, by any of its names or by that of a state or party with which it begins."""
        if of is None:
            return None
        known = self._states.get(of)
        for length in range(len(of) - 1, 1, -1) if known is None else ():
            if of[:length] in self._leading:
                return self._states[of[:length]]
        return known

    def _claim(self, title: str, of: str | None) -> Claim | None:
        when: When = "now"
        stripped = True
        while stripped and title not in self._rows:
            stripped = False
            for means, words in self._words:
                word = next(
                    (word for word in words if title.startswith(word) and len(word) < len(title)), None
                )
                if word is not None:
                    title, when, stripped = title[len(word) :], means if when == "now" else when, True
        row = self._rows.get(title)
        if of is None and row is not None:
            of = row.of or row.home
        if of is None:
            return None
        state = self.state(of)
        for rule, pattern in self._roles:
            own = title in rule.own and state is not None and self._bodies.get(of) == state
            kind = row is not None and row.kind in rule.kinds and title not in rule.but
            if own or kind or (pattern is not None and pattern.search(of + title)):
                body = state if rule.of == "state" else self._bodies.get(of)
                return Claim(body, rule.role, when) if body is not None else None
        return None


def bodies(lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Each name of a country or organization with its usual name."""
    for entry in lexicon.entries:
        if entry.type in _BODIES:
            for name in (entry.name, *entry.aliases):
                yield name, entry.name


def states(lexicon: Lexicon) -> Mapping[str, str]:
    """The state of countries, of organizations and places within them, by each of their names."""
    by_name = {entry.name: entry for entry in reversed(lexicon.entries) if entry.type != "Person"}
    out: dict[str, str] = {}
    for entry in lexicon.entries:
        state: LexEntry | None = entry
        for _ in range(5):
            if state is None or state.type == "Country":
                break
            state = by_name.get(state.located) if state.located is not None else None
        if state is not None and state.type == "Country" and entry.type != "Person":
            out.update(dict.fromkeys((entry.name, *entry.aliases), state.name))
    return out


def load_titles(folder: RuleFolder, lexicon: Lexicon) -> Titles:
    """The titles of a rules folder. Raises RuleError where `offices.yml` or `titles.tsv` is wrong."""
    (rules,) = load_yaml(folder.find("offices.yml"), OfficeRules)
    return Titles(rules, load_tsv(folder.find("titles.tsv"), TitleRow), lexicon)
