"""The schemas of the rule files that find names: gazetteer, persons, titles, names, groups."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from kgx.model import EntityType
from kgx.rulebook import NamedRule, Rule

OneCharacter = Annotated[str, Field(min_length=1, max_length=1)]
Words = Annotated[tuple[str, ...], BeforeValidator(lambda v: tuple(v.split()) if isinstance(v, str) else v)]
WordSet = Annotated[frozenset[str], BeforeValidator(lambda v: v.split() if isinstance(v, str) else v)]
Letters = Annotated[str, BeforeValidator(lambda v: "".join(v.split()) if isinstance(v, str) else v)]


class GazetteerRules(Rule):
    """How lexicon names are found in text, of `gazetteer.yml`."""

    suffixes: tuple[str, ...]
    suffix_not: Words = ()
    side_names: tuple[str, ...] = ()
    office: OneCharacter
    office_not: tuple[str, ...]
    bodies: Letters
    body_words: Words = ()
    army: OneCharacter
    army_words: Words = ()
    sea: OneCharacter
    sea_words: Words = ()
    nation: OneCharacter
    nation_words: tuple[str, ...]
    nation_sure: Words = ()
    nation_runs: Words = ()
    ranks: dict[str, Words] = {}
    seats: Words = ()
    at_seat: Words = ()
    beside_seat: Words = ()
    seat_speaks: Words = ()
    own: str = ""
    own_kinds: Words = ()
    side: OneCharacter
    side_types: tuple[str, ...]
    side_kinds: tuple[str, ...] = ()
    not_after: Words = ()
    not_before: Words = ()
    side_before: dict[OneCharacter, Words] = {}
    verbs_after: tuple[str, ...] = ()
    weak_sides: Words = ()
    extra: dict[str, str] = {}
    blocks: tuple[str, ...] = ()
    nameless: tuple[str, ...] = ()


class PersonRules(Rule):
    """The shapes of personal names, of `persons.yml`; lists are separated by blanks."""

    transcription: Letters
    chunks: Words
    ordinals: Words = ()
    joins: Letters
    ends_before: Words
    not_last: Letters
    surnames: Letters
    double_surnames: Words
    follow: Words
    not_names: Words = ()
    not_persons: Words = ()
    not_third: Letters
    left_of_name: Letters
    attendance: Words
    leading: Words = ()
    opening: Words = ()
    headlines: Words = ()
    bearing: Words = ()
    prefixes: Words
    not_present: Words = ()
    skipped: Words
    breaks: Letters
    break_words: Words
    subjects: Words
    datelines: Words
    posted: Annotated[Words, Field(min_length=1)]
    title_joins: Words
    name_joins: Words
    title_list: OneCharacter
    others: OneCharacter
    committees: OneCharacter


class TitleRow(Rule):
    """A word of office, of `titles.tsv`."""

    title: Annotated[str, Field(min_length=2)]
    kind: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    of: str | None = None
    home: str | None = None
    shared: Literal["yes"] | None = None
    open: Literal["open"] | None = None


class GroupRules(Rule):
    """One-character names of countries, of `groups.yml`; lists are separated by blanks."""

    defaults: dict[OneCharacter, str]
    prefers: dict[OneCharacter, str] = {}
    fixed: dict[str, Words] = {}
    usual: Words
    addressed: dict[Annotated[str, Field(min_length=2)], str] = {}
    always: Words
    never_grouped: Words
    never_before: Words
    not_before: Words
    not_after: Words
    sure_after: Words
    single_after: Words
    weak_after: Words
    spoken: Words = ()
    single_before: Words
    common: Words
    ministers: Words = ()
    alone: Words = ()
    alone_before: Words = ()


class NameClass(Rule):
    """A class of masked names of one type, by the surface's ending, the stage that found them, the
    lexicon's name or where the lexicon has them located. `inside`: the type's own macro matches them too.
    """

    type: EntityType
    endings: Words = ()
    sources: WordSet = frozenset()
    names: WordSet = frozenset()
    located: str | None = None
    inside: bool = False


class NamePattern(NamedRule):
    """A pattern of names, of `names/*.yml`; without a `match` it is switched off.

    `[name]` in an example marks what it must find; the group `n` is the span.

    `needs`: the lists of which a word must stand in the sentence. `keyed`: the known name at its end
    keeps its identity under the longer one. `tags`: the name must be one word of the segmenter's with one
    of these tags; where no segmenter ran it is found nowhere.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    type: EntityType
    stage: Annotated[int, Field(ge=1, le=2)] = 1
    match: str = ""
    needs: Words = ()
    score: Annotated[float, Field(gt=0, le=1)] = 0.8
    keyed: bool = False
    tags: Words = ()
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class BoundRules(Rule):
    """Names of which `types` don't cut words of the language, unless one of `after` is left of the word."""

    types: tuple[EntityType, ...] = ()
    after: Letters = ""


class NameRules(Rule):
    """What the patterns of names are made of, of `names.yml`."""

    breaks: Words
    keeps: Words
    soft: Words = ()
    not_short: Words = ()
    bounds: BoundRules = BoundRules()
    classes: dict[Annotated[str, Field(pattern=r"^[A-Z]$")], NameClass]
    lists: dict[Annotated[str, Field(pattern=r"^[a-z]+$")], Words]
    macros: dict[Annotated[str, Field(pattern=r"^[a-z]+$")], str]


class ModelType(Rule):
    """What the statistical model may add of one type: from which score, of which `shape`, and which
    types of names may stand inside; `divisions`: endings of names of which each step of a chain (甲省乙县)
    is a name of its own; `not_before`: words that make a longer name of it; `not_quoted`: marks right
    after which such a name is something's (“杜鲁门”号); `never`: strings that are no name of the type;
    `heads`: words that a name which holds known names ends with, unless the rest of it is one word with a tag
    of `parts`; `behind`: words that belong to a name right before them; `trailing`: letters that don't.
    """

    type: EntityType
    least: Annotated[float, Field(ge=0, le=1)] = 0.5
    shape: str
    never: Words = ()
    holds: tuple[EntityType, ...] = ()
    divisions: Words = ()
    not_before: Words = ()
    not_quoted: Letters = ""
    heads: Words = ()
    parts: Words = ()
    behind: Words = ()
    trailing: Letters = ""


class ModelRules(Rule):
    """Which names the statistical model may add, of `model.yml`.

    `never`: strings that are no name by themselves; `common`: first letters of the tags of words that
    are none; `unknown`: tags of words one of which stands, outside all known names, in each sentence that
    our model reads (none: it reads all); `labels`: what the labels of other models are called here;
    `unscored`: the score of a name whose model gives none.
    """

    never: Words = ()
    common: Words = ()
    unknown: Words = ()
    labels: dict[str, EntityType] = {}
    unscored: Annotated[float, Field(ge=0, le=1)] = 1.0
    types: tuple[ModelType, ...]
