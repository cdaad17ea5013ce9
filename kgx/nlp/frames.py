"""The case frames: triggers, and the slots that a frame fills from the clause around one.

A frame is data (`rules/frames/*.yml`); here is the mechanism: find triggers over the masked text,
collect fillers from the clause, its subject (also where dropped) and its role-marked phrases, and
emit a fact where what the frame needs is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import ahocorasick_rs

from kgx.errors import RULE_FIELD, RuleError
from kgx.facttypes import FactType
from kgx.frame_schemas import Frame
from kgx.rulebook import RuleFolder, load_yaml

_BREAKS = frozenset("，,。；;、\n")
_GAP = 12  # characters between the parts of a trigger such as 表示*欢迎


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger found: the frame it calls, where the word itself stands and where its lead begins."""

    frame: Frame
    start: int
    end: int
    lead: int
    lead_length: int = 0  # of the first part, where the trigger has two


@dataclass(frozen=True, slots=True)
class FrameBook:
    """All frames, and an automaton over their triggers."""

    frames: tuple[Frame, ...]
    words: tuple[str, ...]
    calls: Mapping[str, tuple[tuple[str, Frame], ...]]  # literal → (lead, frame)
    automaton: ahocorasick_rs.AhoCorasick

    def verbs(self, masked: str, bounds: bytes) -> Iterator[tuple[int, int]]:
        """Yield the (start, end) of every word that is a trigger: a verb, or a noun of action."""
        for _, start, end in self.automaton.find_matches_as_indexes(masked):
            if bounds[start] and bounds[end]:
                yield start, end

    def triggers(self, masked: str, bounds: bytes) -> Iterator[Trigger]:
        """Yield the triggers in order; the cost does not depend on the number of frames."""
        for index, start, end in self.automaton.find_matches_as_indexes(masked):
            for lead, frame in self.calls[self.words[index]]:
                # a segmenter may take 表示慰问 for one word, so a lead's noun needs its end alone
                if frame.aligned and not (bounds[end] and (lead or bounds[start])):
                    continue
                begin = start
                if lead:
                    begin = masked.rfind(lead, max(0, start - _GAP - len(lead)), start)
                    gap = masked[begin + len(lead) : start]
                    if begin < 0 or gap.startswith("的") or not _BREAKS.isdisjoint(gap):
                        continue
                if _guarded(frame, masked, begin, end):
                    yield Trigger(frame, start, end, begin, len(lead))


def _guarded(frame: Frame, masked: str, start: int, end: int) -> bool:
    """Whether the words just before and after a trigger let the frame fire."""
    left, right = masked[max(0, start - 8) : start], masked[end : end + 8]
    if frame.not_after and right.startswith(frame.not_after):
        return False
    if frame.not_before and left.endswith(frame.not_before):
        return False
    if frame.after and right and not right.startswith(frame.after):
        return False
    return not frame.before or left.endswith(frame.before)


def load_frames(folder: RuleFolder, types: Mapping[str, FactType]) -> FrameBook:
    """Load every file of `frames/`; raises RuleError for a fact type or role that does not exist."""
    frames: list[Frame] = []
    calls: dict[str, list[tuple[str, Frame]]] = {}
    for path in folder.glob("frames/*.yml"):
        for frame in load_yaml(path, Frame):
            fault = _fault(frame, types)
            if fault:
                raise RuleError(RULE_FIELD.format(path=path, line=1, where=frame.name, reason=fault))
            frames.append(frame)
            for trigger in frame.triggers:
                lead, _, literal = trigger.rpartition("*")
                calls.setdefault(literal, []).append((lead, frame))
    words = tuple(sorted(calls))
    automaton = ahocorasick_rs.AhoCorasick(words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return FrameBook(tuple(frames), words, {word: tuple(called) for word, called in calls.items()}, automaton)


def _fault(frame: Frame, types: Mapping[str, FactType]) -> str | None:
    """What is wrong with a frame that its schema can't see, or None."""
    kind = types.get(frame.emits)
    if kind is None:
        return f"emits {frame.emits!r}, which is no fact type; choose one of {', '.join(types)}"
    named: Sequence[str] = [*frame.slots, *frame.set, *frame.need, *frame.each, *frame.mutual]
    for role in named:
        if role not in kind.roles and role not in ("date",):
            return f"{frame.emits} has no role {role!r}; its roles are {', '.join(kind.roles)}"
    return None
