"""The case frames: triggers, and the slots that a frame fills from the clause around one.

A frame is data (`rules/frames/*.yml`); here is the mechanism: find triggers over the masked text,
collect fillers from the clause, its subject (also where dropped) and its role-marked phrases, and
emit a fact where what the frame needs is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ahocorasick_rs

from kgx.facttypes import FactType
from kgx.nlp.record import record
from kgx.nlp.trace import Log, TriggerNote
from kgx.nlp.view import NAME
from kgx.rulebook import RuleFolder, Sited, load_named, load_yaml
from kgx.schemas.frames import Frame, GrammarRules, PloverCode, PloverTable

_BREAKS = frozenset("，,。；;、\n")
_GAP = 16  # characters between the parts of a trigger such as 表示*欢迎


@record
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
    calls: Mapping[str, tuple[tuple[str, Frame, int], ...]]  # literal → (lead, frame, characters skipped)
    nouns: frozenset[str]  # literals of nominal frames alone: 成员国, 贺信
    genitive: str  # the particle that makes what follows it no action of the lead: 表示的
    automaton: ahocorasick_rs.AhoCorasick

    def verbs(self, masked: str, bounds: bytes) -> Iterator[tuple[int, int]]:
        """Yield the (start, end) of every word that is a trigger: a verb, or a noun of action."""
        for index, start, end in self.automaton.find_matches_as_indexes(masked):
            if bounds[start] and bounds[end] and self.words[index] not in self.nouns:
                yield start, end

    def triggers(self, masked: str, bounds: bytes, log: Log | None = None) -> Iterator[Trigger]:
        """Yield the triggers in order; the cost does not depend on the number of frames.

        Those that a frame's own guards refuse are noted in `log`, where one is given.
        """
        for index, first, end in self.automaton.find_matches_as_indexes(masked):
            for lead, frame, skipped in self.calls[self.words[index]]:
                start = first + skipped
                # a segmenter may take 表示慰问 for one word, so a lead's noun needs its end alone
                if frame.aligned and not (bounds[end] and (lead or bounds[start])):
                    if log is not None:
                        log.triggers.append(TriggerNote(frame.name, frame.emits, start, end, "aligned"))
                    continue
                begin = start
                if lead:
                    begin = masked.rfind(lead, max(0, start - _GAP - len(lead)), start)
                    if begin < 0:
                        continue
                    gap = masked[begin + len(lead) : start]
                    listed = gap.replace(f"{NAME}、", "")  # 对甲国、乙国*访问
                    if gap.startswith(self.genitive) or not _BREAKS.isdisjoint(listed):
                        continue
                refused = _guard(frame, masked, begin, end)
                if not refused:
                    yield Trigger(frame, start, end, begin, len(lead))
                elif log is not None:
                    log.triggers.append(TriggerNote(frame.name, frame.emits, begin, end, refused))


def has_object(tags: str, end: int) -> bool:
    """Whether what follows a trigger can begin an object: no verb, conjunction, preposition or particle.

    `end` is where the words after the trigger begin, an aspect particle passed over.
    """
    return end < len(tags) and tags[end] not in "vcpud"


def _guard(frame: Frame, masked: str, start: int, end: int) -> str:
    """The key of the frame by which the words just before or after a trigger forbid it; `` for none."""
    left, right = masked[max(0, start - 8) : start], masked[end : end + 8]
    if frame.not_after and right.startswith(frame.not_after):
        return "not_after"
    if frame.not_before and left.endswith(frame.not_before):
        return "not_before"
    if frame.after and right and not right.startswith(frame.after):
        return "after"
    return "" if not frame.before or left.endswith(frame.before) else "before"


def sited_frames(folder: RuleFolder) -> list[Sited[Frame]]:
    """The frames in use, in order; raises RuleError where a file is wrong or a folder has a name twice."""
    return load_named(folder, "frames/*.yml", Frame)


def load_frames(folder: RuleFolder, types: Mapping[str, FactType]) -> FrameBook:
    """Load every frame; raises RuleError, with the line, for a fact type, role or code that is unknown."""
    calls: dict[str, list[tuple[str, Frame]]] = {}
    (codes,) = load_yaml(folder.find("plover.yml"), PloverTable)
    genitive = load_yaml(folder.find("grammar.yml"), GrammarRules)[0].genitive
    sited = sited_frames(folder)
    for one in sited:
        _check(one, types, codes)
        for trigger in one.rule.triggers:
            lead, _, literal = trigger.rpartition("*")
            calls.setdefault(literal, []).append((lead, one.rule))
    words = tuple(sorted(calls))
    automaton = ahocorasick_rs.AhoCorasick(words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    called = {word: _called(word, calls) for word in words}
    nouns = frozenset(word for word in words if all(frame.nominal for _, frame in calls[word]))
    return FrameBook(tuple(one.rule for one in sited), words, called, nouns, genitive, automaton)


def _called(
    word: str, calls: Mapping[str, Sequence[tuple[str, Frame]]]
) -> tuple[tuple[str, Frame, int], ...]:
    """What a literal calls: its own frames, then those that want a lead before a literal that it ends with
    (衷心祝贺 is 祝贺 to 表示*祝贺)."""
    out = [(lead, frame, 0) for lead, frame in calls[word]]
    known = {frame.name for _, frame, _ in out}
    for at in range(1, len(word) - 1):
        ending = [
            (lead, frame, at) for lead, frame in calls.get(word[at:], ()) if lead and frame.name not in known
        ]
        known |= {frame.name for _, frame, _ in ending}
        out += ending
    return tuple(out)


def _check(one: Sited[Frame], types: Mapping[str, FactType], codes: PloverTable) -> None:
    """Raise RuleError for what is wrong with a frame that its schema can't see."""
    frame = one.rule
    kind = types.get(frame.emits)
    if kind is None:
        known = f"choose one of {', '.join(types)}"
        raise one.fault(frame.name, f"emits {frame.emits!r}, which is no fact type; {known}", "emits")
    named: Mapping[str, Iterable[str]] = {
        "slots": frame.slots, "set": frame.set, "need": frame.need, "each": frame.each,
        "mutual": frame.mutual, "any": frame.any,
    }  # fmt: skip
    for key, roles in named.items():
        for role in roles:
            if role not in kind.roles and not (role == "date" and kind.dated):
                known = f"its roles are {', '.join(kind.roles)}"
                raise one.fault(frame.name, f"{frame.emits} has no role {role!r}; {known}", key, role)
    for role, value in frame.set.items():
        values = kind.roles[role].values
        if values is not None and value not in values:
            known = f"choose one of {', '.join(sorted(values))}"
            raise one.fault(frame.name, f"{role} can't be {value!r}; {known}", "set", role)
    if frame.plover is not None:
        for word, code in (("", frame.plover), *frame.plover.words.items()):
            wrong = _code_fault(code, codes)
            if wrong:
                raise one.fault(frame.name, wrong, "plover", *(("words", word) if word else ()))


def _code_fault(code: PloverCode, codes: PloverTable) -> str | None:
    if code.event not in codes.events:
        return f"no event of PLOVER is called {code.event!r}; see plover.yml"
    if code.mode and code.mode not in codes.events[code.event]:
        return f"{code.event} has no mode {code.mode!r}; see plover.yml"
    if code.context and code.context not in codes.contexts:
        return f"no context of PLOVER is called {code.context!r}; see plover.yml"
    return None
