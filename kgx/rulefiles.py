"""Which rule files there are, the schema of each, and a check of them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kgx import errors
from kgx.errors import RuleError
from kgx.resolve.decisions import DecisionRow
from kgx.rulebook import Rule, RuleFolder, load_tsv, load_yaml, shipped_rules
from kgx.schemas import (
    dates,
    english,
    facts,
    frames,
    lexicon,
    limits,
    names,
    pages,
    posts,
    resolve,
    scoring,
    stores,
    words,
)

# The first pattern that a file's path below the folder matches gives its schema.
SCHEMAS: dict[str, type[Rule]] = {
    "context.yml": frames.ContextRule,
    "coordinates.tsv": lexicon.CoordinateRow,
    "dates.yml": dates.DateRules,
    "english.yml": english.EnglishRules,
    "facts.yml": facts.FactSchema,
    "frames/*.yml": frames.Frame,
    "gazetteer.yml": names.GazetteerRules,
    "grammar.yml": frames.GrammarRules,
    "groups.yml": names.GroupRules,
    "lexicon/blocks.tsv": lexicon.BlockRow,
    "lexicon/countries.tsv": lexicon.CountryRow,
    "lexicon/labels.tsv": lexicon.LabelRow,
    "lexicon/people.tsv": lexicon.PersonRow,
    "lexicon/*.tsv": lexicon.LexiconRow,
    "limits.yml": limits.Limits,
    "model.yml": names.ModelRules,
    "memberships.tsv": stores.MembershipRow,
    "identity.tsv": DecisionRow,
    "names.yml": names.NameRules,
    "names/*.yml": names.NamePattern,
    "offices.yml": lexicon.OfficeRules,
    "page.yml": pages.PageRules,
    "persons.yml": names.PersonRules,
    "posts.tsv": posts.PostRow,
    "posts.yml": posts.PostRules,
    "plover.yml": frames.PloverTable,
    "questions/*.rq": stores.QuestionRule,
    "reference.yml": frames.ReferenceRule,
    "resolve.yml": resolve.ResolveRules,
    "scoring.yml": scoring.Scoring,
    "sentences.yml": words.SentenceRules,
    "series.tsv": resolve.SeriesRow,
    "sounds.yml": lexicon.SoundRules,
    "speech.yml": frames.SpeechRules,
    "stores.yml": stores.StoreProfile,
    "titles.tsv": names.TitleRow,
    "topics.yml": words.TopicRules,
    "words.yml": words.WordRules,
}


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule file: its path below the folder, how many rules it holds, their schema, where it lies."""

    name: str
    rules: int
    schema: str
    path: Path

    def __str__(self) -> str:
        """One line, its columns aligned."""
        return f"{self.name:32}{self.rules:>7}  {self.schema:20}{self.path}"


def schema_of(name: str) -> type[Rule] | None:
    """The schema of a rule file, given its path below the folder; None where none is known."""
    return next((schema for pattern, schema in SCHEMAS.items() if Path(name).match(pattern)), None)


def listing(user: str | Path | None = None) -> Iterator[RuleFile]:
    """The rule files in use, sorted by name; raises RuleError at the first that is wrong."""
    for name, path in _files(user):
        yield _load(name, path)


def known_rules(user: str | Path | None = None) -> RuleFolder:
    """The folder of rules, every file of which is one that kgx reads; raises RuleError where one is not.

    A file under a wrong name would be passed over without a word.
    """
    folder = RuleFolder(user)
    if folder.user is not None:
        for name, path in _files(user):
            if schema_of(name) is None:
                raise RuleError(errors.RULE_UNKNOWN.format(path=path))
    return folder


def check(user: str | Path | None = None) -> Iterator[RuleError]:
    """The first fault of each rule file; where there is none, what is wrong between files."""
    found = False
    for name, path in _files(user):
        try:
            _load(name, path)
        except RuleError as fault:
            found = True
            yield fault
    if not found:
        try:
            _load_together(user)
        except RuleError as fault:
            yield fault


def _files(user: str | Path | None) -> list[tuple[str, Path]]:
    folder = RuleFolder(user)
    roots = [root for root in (folder.user, shipped_rules()) if root is not None]
    named = []
    for path in folder.files("tsv", "yml", "yaml", "rq"):
        root = next(root for root in roots if path.is_relative_to(root))
        named.append((path.relative_to(root).as_posix(), path))
    return sorted(named, key=lambda pair: (pair[0], not pair[1].is_relative_to(shipped_rules())))


def _load(name: str, path: Path) -> RuleFile:
    schema = schema_of(name)
    if schema is None:
        raise RuleError(errors.RULE_UNKNOWN.format(path=path))
    if schema is facts.FactSchema and not path.is_relative_to(shipped_rules()):
        schema = facts.FactAdditions
    if path.suffix == ".rq":
        from kgx.store.questions import load_question

        return RuleFile(name, len(load_question(path)), schema.__name__, path)
    load = load_tsv if path.suffix == ".tsv" else load_yaml
    return RuleFile(name, len(load(path, schema)), schema.__name__, path)


def _load_together(user: str | Path | None) -> None:
    from kgx.nlp.names import names_of
    from kgx.nlp.pipeline import make_pipeline

    make_pipeline(RuleFolder(user))
    names_of(None if user is None else str(user)).compile()
