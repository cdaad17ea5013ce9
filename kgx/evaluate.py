"""Scores predicted records against annotated ones: precision, recall, F1, and every error.

Records are in the form of `kgx extract` (docs/annotation.md). The measures:

- *mentions*: exact span and type, groups apart from single names, over all occurrences;
- *entities*: one to one, of the same type, by name or by a surface that names no other gold entity;
- *dates*: (surface, value) pairs; *positions*: (person, title, of);
- *facts*: facts of one type are aligned one to one so that most arguments agree, then the single
  arguments (role, filler) count; text fillers agree from a bigram Dice of 0.6;
- *status*: on the aligned facts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from kgx import errors
from kgx.annotated import Record
from kgx.errors import KgxError
from kgx.scores import NONE, Fault, Scores, context_of

Span = tuple[int, int, str, bool]  # start, end, type, whether several entities are named at once
Argument = tuple[str, Any]  # role, filler

LABEL_ROLES = frozenset({"polarity", "kind", "role"})  # count only beside a filler that agrees
NOT_ROLES = frozenset(
    {"type", "status", "evidence", "source", "rule", "confidence", "id", "start", "end", "code"}
)
SAME_TEXT = 0.6  # the Dice coefficient from which two text fillers agree


@lru_cache(maxsize=1)
def _conventions() -> Any:
    from kgx.rulebook import load_yaml, shipped_rules
    from kgx.schemas.scoring import Scoring

    return load_yaml(shipped_rules() / "scoring.yml", Scoring)[0]


def mentions(record: Record) -> set[tuple[int, int, str, frozenset[str]]]:
    """(start, end, type, names) of each mention, offsets in characters of the record's text.

    Those that the record lists, or else every longest match of the surfaces, groups and one-character
    names that it lists.
    """
    if "mentions" in record:
        return {(m["start"], m["end"], m["type"], frozenset(m["names"])) for m in record["mentions"]}
    text, hits = record["text"], []
    for key, a, b, kind, names in _keys(record):
        at = text.find(key)
        while at >= 0:
            hits.append((at + a, at + b, kind, names))
            at = text.find(key, at + 1)
    hits.sort(key=lambda hit: (hit[0] - hit[1], hit[0]))
    taken, found = bytearray(len(text)), set()
    for a, b, kind, names in hits:
        if not any(taken[a:b]):
            taken[a:b] = b"\1" * (b - a)
            if kind is not None:
                found.add((a, b, kind, names))
    return found


def _keys(record: Record) -> Iterator[tuple[str, int, int, str | None, frozenset[str]]]:
    """What to look for: a string, the stretch of it that is the mention, its type and names."""
    types = {entity["name"]: entity["type"] for entity in record["entities"]}
    for entity in record["entities"]:
        for surface in entity["surfaces"]:
            yield surface, 0, len(surface), entity["type"], frozenset([entity["name"]])
    for group in record.get("groups", ()):
        kind = types.get(group["members"][0], "Country")
        yield group["surface"], 0, len(group["surface"]), kind, frozenset(group["members"])
    for single in record.get("singles", ()):
        at, size, name = single["context"].index(single["surface"]), len(single["surface"]), single["name"]
        yield single["context"], at, at + size, types[name], frozenset([name])
    for block in (*_conventions().blocks, *record.get("blocks", ())):
        yield block, 0, len(block), None, frozenset()


def _forms(entity: Record) -> set[str]:
    return {entity["name"], *entity["surfaces"]}


def match_entities(gold: Record, predicted: Record) -> dict[str, str]:
    """{predicted name: gold name}, one to one, names before shared surfaces."""
    owners = Counter(form for entity in gold["entities"] for form in _forms(entity))
    pairs = []
    for g in gold["entities"]:
        for p in predicted["entities"]:
            if g["type"] == p["type"]:
                named = g["name"] in _forms(p)
                shared = sum(owners[form] == 1 for form in _forms(g) & _forms(p))
                if named or shared:
                    pairs.append((-(2 * named + (g["name"] == p["name"])), -shared, g["name"], p["name"]))
    taken: set[str] = set()
    matched: dict[str, str] = {}
    for _, _, g_name, p_name in sorted(pairs):
        if g_name not in taken and p_name not in matched:
            taken.add(g_name)
            matched[p_name] = g_name
    return matched


def dice(a: str, b: str) -> float:
    """The Dice coefficient of the character bigrams of two strings, 1 for equal ones."""
    if a == b:
        return 1.0
    x, y = (Counter(t[i : i + 2] for i in range(len(t) - 1)) for t in (a, b))
    total = x.total() + y.total()
    return 2 * (x & y).total() / total if total else 0.0


class Fillers:
    """Says whether a predicted filler of a role is the gold one."""

    def __init__(self, gold: Record, predicted: Record) -> None:
        """`gold`, `predicted`: two records of one document."""
        self.gold = {entity["name"]: _forms(entity) for entity in gold["entities"]}
        self.predicted = {entity["name"]: _forms(entity) for entity in predicted["entities"]}
        self.marks = _conventions().marks

    def same(self, role: str, gold: Any, predicted: Any) -> bool:
        """Entities agree by a shared form, labels and dates when equal, texts by their bigrams."""
        if role in LABEL_ROLES or role == "date":
            return bool(gold == predicted)
        forms = self.predicted.get(predicted, {predicted})
        if gold in self.gold:
            return bool(self.gold[gold] & forms)
        wanted = gold.strip(self.marks)
        return max(dice(wanted, form.strip(self.marks)) for form in forms | {predicted}) >= SAME_TEXT


def arguments(fact: Record) -> list[Argument]:
    """The (role, filler) pairs of a fact."""
    pairs = []
    for role, value in fact.items():
        if role not in NOT_ROLES and value is not None:
            pairs += [(role, filler) for filler in (value if isinstance(value, list) else [value])]
    return pairs


def agreeing(fillers: Fillers, gold: Record, predicted: Record) -> list[Argument]:
    """The gold arguments that a predicted fact has too, one to one; none where only labels agree."""
    left, hits, solid = arguments(predicted), [], False
    for role, filler in arguments(gold):
        for other in left:
            if other[0] == role and fillers.same(role, filler, other[1]):
                left.remove(other)
                hits.append((role, filler))
                solid |= role not in LABEL_ROLES and role != "date"
                break
    return hits if solid else []


def align(
    fillers: Fillers, gold: list[Record], predicted: list[Record]
) -> list[tuple[int, int, list[Argument]]]:
    """(index of a gold fact, index of its predicted partner, agreeing arguments), most agreement first."""
    pairs = []
    for i, g in enumerate(gold):
        for j, p in enumerate(predicted):
            if g["type"] == p["type"] and (hits := agreeing(fillers, g, p)):
                spare = len(arguments(g)) + len(arguments(p)) - 2 * len(hits)
                pairs.append((-len(hits), spare, i, j, hits))
    seen_gold, seen_predicted, chosen = set(), set(), []
    for _, _, i, j, hits in sorted(pairs, key=lambda pair: pair[:4]):
        if i not in seen_gold and j not in seen_predicted:
            seen_gold.add(i)
            seen_predicted.add(j)
            chosen.append((i, j, hits))
    return chosen


def score(golds: Mapping[str, Record], predictions: Mapping[str, Record]) -> Scores:
    """Score predictions against gold records by id; a document without a prediction has missed all.

    Raises KgxError where a prediction without `mentions` has another text than its gold record.
    """
    scores = Scores()
    for key, gold in golds.items():
        predicted = dict(predictions.get(key) or {"entities": [], "facts": []})
        predicted.setdefault("text", gold["text"])
        if "mentions" not in predicted and predicted["text"] != gold["text"]:
            raise KgxError(errors.OTHER_TEXT.format(id=key))
        _score_mentions(scores, key, gold, predicted)
        found = match_entities(gold, predicted)
        scores["entities"].add(len(found), len(predicted["entities"]), len(gold["entities"]))
        _score_dates(scores, key, gold, predicted)
        fillers = Fillers(gold, predicted)
        _score_positions(scores, key, fillers, gold, predicted)
        _score_facts(scores, key, fillers, gold, predicted)
    return scores


def _score_mentions(scores: Scores, key: str, gold: Record, predicted: Record) -> None:
    wanted, given = (
        {(a, b, kind, len(names) > 1) for a, b, kind, names in mentions(record)}
        for record in (gold, predicted)
    )
    scores["mentions"].add(len(wanted & given), len(given), len(wanted))
    for kind in {span[2] for span in wanted | given}:
        w, g = ({span for span in spans if span[2] == kind} for spans in (wanted, given))
        scores[f"mentions/{kind}"].add(len(w & g), len(g), len(w))
    for label, spans in (("mention missed", wanted - given), ("mention false", given - wanted)):
        scores.faults += [
            Fault(key, label, gold["text"][a:b], kind, context_of(gold["text"], a, b))
            for a, b, kind, _ in sorted(spans)
        ]
    right, found = ({(a, b): kind for a, b, kind, _ in sorted(spans)} for spans in (wanted, given))
    for span in {**right, **found}:
        scores.confusion[right.get(span, NONE), found.get(span, NONE)] += 1


def _score_dates(scores: Scores, key: str, gold: Record, predicted: Record) -> None:
    wanted, given = (set(_dates(record)) for record in (gold, predicted))
    scores["dates"].add(len(wanted & given), len(given), len(wanted))
    for label, dates in (("date missed", wanted - given), ("date false", given - wanted)):
        ordered = sorted(dates, key=lambda date: (date[0], str(date[1])))
        scores.faults += [
            Fault(key, label, surface, str(value), _around(gold, surface)) for surface, value in ordered
        ]


def _dates(record: Record) -> Iterator[tuple[str, str | None]]:
    conventions = _conventions()
    for date in record.get("dates", ()):
        surface = date["surface"]
        if surface not in conventions.anaphoric and not any(s in surface for s in conventions.vague):
            yield surface, date["value"]


def _score_positions(scores: Scores, key: str, fillers: Fillers, gold: Record, predicted: Record) -> None:
    left, right = list(predicted.get("positions", ())), 0
    scores["positions"].add(0, len(left), len(gold.get("positions", ())))
    for g in gold.get("positions", ()):
        for p in left:
            same_of = not g.get("of") or (bool(p.get("of")) and fillers.same("of", g["of"], p["of"]))
            if same_of and g["title"] == p["title"] and fillers.same("person", g["person"], p["person"]):
                left.remove(p)
                right += 1
                break
        else:
            context = _around(gold, g["title"], near=g["person"])
            scores.faults.append(Fault(key, "position missed", g["person"], _office(g), context))
    scores["positions"].add(right, 0, 0)
    scores.faults += [
        Fault(key, "position false", p["person"], _office(p), _around(gold, p["title"], near=p["person"]))
        for p in left
    ]


def _around(record: Record, what: str, near: str = "") -> str:
    """The context of the first `what` in the text, beside `near` where it stands there."""
    text = record["text"]
    for whole, shift in ((what + near, 0), (near + what, len(near)), (what, 0)):
        if (at := text.find(whole)) >= 0:
            return context_of(text, at + shift, at + shift + len(what))
    return ""


def _office(position: Record) -> str:
    return f"{position['title']} of {position.get('of')}"


def _score_facts(scores: Scores, key: str, fillers: Fillers, gold: Record, predicted: Record) -> None:
    wanted, given = gold["facts"], predicted["facts"]
    pairs = align(fillers, wanted, given)
    for kind in {fact["type"] for fact in (*wanted, *given)}:
        right = sum(len(hits) for i, _, hits in pairs if wanted[i]["type"] == kind)
        sizes = [_size(given, kind), _size(wanted, kind)]
        scores["facts"].add(right, *sizes)
        scores[f"facts/{kind}"].add(right, *sizes)
    same = sum(wanted[i].get("status") == given[j].get("status") for i, j, _ in pairs)
    scores["status"].add(same, len(pairs), len(pairs))
    done_wanted, done_given = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    for i, fact in enumerate(wanted):
        if i not in done_wanted:
            scores.faults.append(Fault(key, "fact missed", fact["type"], fact.get("evidence", "")))
    for j, fact in enumerate(given):
        if j not in done_given:
            detail = json.dumps(fact, ensure_ascii=False)
            scores.faults.append(Fault(key, "fact false", fact["type"], detail))
    for i, j, hits in pairs:
        missing = [argument for argument in arguments(wanted[i]) if argument not in hits]
        found = arguments(given[j])
        if missing or len(found) > len(hits):
            detail = f"missing {missing} | predicted {found}"
            scores.faults.append(Fault(key, "fact partly", wanted[i]["type"], detail))


def _size(facts: Iterable[Record], kind: str) -> int:
    return sum(len(arguments(fact)) for fact in facts if fact["type"] == kind)
