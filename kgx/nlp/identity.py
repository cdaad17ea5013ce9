"""Component `kgx_identity`: whether a person of the document is the one that the lexicon knows by the name.

A name alone is weak evidence: 卡斯特罗 was president of Honduras and of Cuba, and a reporter may be
called what a minister is called. The offices that the document gives a person decide; where they
contradict the lexicon the person stays without its identity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from kgx.lexicon import LexEntry, Lexicon, load_lexicon, states_of
from kgx.model import Entity, Position
from kgx.nlp.layers import register
from kgx.rulebook import RuleFolder, load_tsv
from kgx.schemas.names import TitleRow

_PRIVATE = frozenset({"press", "academic"})  # kinds of titles that holders of an office are not known by


def identify(
    entities: Iterable[Entity],
    positions: Sequence[Position],
    lexicon: Lexicon,
    states: Mapping[str, str],
    private: frozenset[str],
) -> tuple[Entity, ...]:
    """The entities, each person with the one lexicon entry that its offices allow, or with none.

    `states` gives the state of countries and bodies by name (`states_of`), `private` are titles that no
    holder of an office is known by (记者).
    """
    held: dict[str, list[Position]] = {}
    for position in positions:
        held.setdefault(position.person, []).append(position)
    return tuple(
        _person(entity, held.get(entity.name, ()), lexicon, states, private)
        if entity.type == "Person"
        else entity
        for entity in entities
    )


def _person(
    entity: Entity,
    held: Sequence[Position],
    lexicon: Lexicon,
    states: Mapping[str, str],
    private: frozenset[str],
) -> Entity:
    entries = _entries(entity, lexicon)
    if not entries:
        return entity
    if held and all(position.title in private for position in held):
        return _nobody(entity)
    homes = {states[position.of] for position in held if position.of is not None and position.of in states}
    # a body's head (located in the body) may be called after any state
    fitting = [e for e in entries if not homes or e.located in homes or not _is_state(e.located, states)]
    if len(fitting) != 1:
        return _nobody(entity)
    (one,) = fitting
    return replace(entity, key=one.key, qid=one.qid, label_en=one.en, kind=one.kind)


def _is_state(name: str | None, states: Mapping[str, str]) -> bool:
    return name is not None and states.get(name) == name


def _entries(entity: Entity, lexicon: Lexicon) -> list[LexEntry]:
    """The lexicon's persons of the entity's name; of any other surface where the name has none."""
    for name in (entity.name, *entity.surfaces):
        found = [entry for entry in lexicon.surfaces.get(name, ()) if entry.type == "Person"]
        if found:
            return found
    return []


def _nobody(entity: Entity) -> Entity:
    return replace(entity, key=None, qid=None, label_en=None, kind=None)


class IdentityComponent:
    """Revises the identity of persons in `doc._.kgx_entities` by `doc._.kgx_positions`."""

    def __init__(self, lexicon: Lexicon, private: frozenset[str]) -> None:
        """`private`: titles of people who hold no office."""
        self.lexicon = lexicon
        self.states = states_of(lexicon)
        self.private = private

    def __call__(self, doc: Doc) -> Doc:
        """Revise the entities of `doc`."""
        doc._.kgx_entities = identify(
            doc._.kgx_entities, doc._.kgx_positions, self.lexicon, self.states, self.private
        )
        return doc


@Language.factory("kgx_identity", default_config={"rules": None})
def make_identity(nlp: Language, name: str, *, rules: str | None) -> IdentityComponent:
    """Make the component; `rules` is a folder laid over the shipped rules, or None."""
    register()
    folder = RuleFolder(rules)
    titles = load_tsv(folder.find("titles.tsv"), TitleRow)
    private = frozenset(row.title for row in titles if row.kind in _PRIVATE)
    return IdentityComponent(load_lexicon(folder), private)
