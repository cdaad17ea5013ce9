"""What a known name stands for where its words alone leave it open.

白宫 is a place where someone goes there, and a body where it speaks; 外交部 is nobody's in particular in a
document that comes near other states only, not the one whose ministry the lexicon knows by that name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kgx.lexicon import LexEntry, Lexicon
from kgx.nlp.layers import Candidate
from kgx.schemas.names import GazetteerRules


class Senses:
    """The words that tell one sense of a name from another."""

    def __init__(self, lexicon: Lexicon, rules: GazetteerRules) -> None:
        """`rules`: of `gazetteer.yml`; `lexicon`: which bodies belong to which state."""
        self._by_key = lexicon.by_key
        self._seats, self._at = rules.seats, rules.at_seat
        self._by, self._speaks = rules.beside_seat, rules.seat_speaks
        self._own = rules.own
        self._kinds = frozenset(rules.own_kinds)
        self._others = {e.name for e in lexicon.entries if e.type == "Country"} - {rules.own}

    def settle(self, text: str, chosen: Sequence[Candidate]) -> Iterator[Candidate]:
        """Yield `chosen`, each in the sense that it has in `text`."""
        near = any(self._is_near(c) for c in chosen) or not any(self._is_foreign(c) for c in chosen)
        for candidate in chosen:
            if text.endswith(self._seats, candidate.start, candidate.end):
                yield self._seat(text, candidate)
            elif not near and self._is_own(self._by_key.get(candidate.key or ""), candidate):
                yield replace(candidate, key=None, name=text[candidate.start : candidate.end])
            else:
                yield candidate

    def _seat(self, text: str, candidate: Candidate) -> Candidate:
        """A seat of power as a place where someone is at it, as a body where it speaks."""
        start, end = candidate.start, candidate.end
        if text.startswith(self._speaks, end):
            sense = "Organization"
        elif text.endswith(self._at, 0, start) or text.startswith(self._by, end):
            sense = "Place"
        else:
            return candidate
        if sense == candidate.type or candidate.type not in ("Organization", "Place"):
            return candidate
        return replace(candidate, type=sense, name=text[start:end], key=None)  # type: ignore[arg-type]

    def _is_own(self, entry: LexEntry | None, candidate: Candidate) -> bool:
        """Whether the candidate is a body that only the writer's own state's context names."""
        return (
            entry is not None
            and entry.type == "Organization"
            and entry.kind in self._kinds
            and entry.located == self._own
            and self._own not in candidate.name + "".join(candidate.members)
        )

    def _is_foreign(self, candidate: Candidate) -> bool:
        """Whether the candidate is another state, or lies in one."""
        entries = (self._by_key.get(key) for key in (candidate.key or "", *candidate.members))
        return any(e is not None and (e.name in self._others or e.located in self._others) for e in entries)

    def _is_near(self, candidate: Candidate) -> bool:
        """Whether the candidate is the writer's own state or something of it other than such a body."""
        if candidate.members:
            return any(
                (e := self._by_key.get(key)) is not None and e.name == self._own for key in candidate.members
            )
        entry = self._by_key.get(candidate.key or "")
        if entry is None or entry.kind in self._kinds or entry.kind == "media":
            return False
        return entry.name == self._own or entry.located == self._own
