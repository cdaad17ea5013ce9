"""The patterns of `rules/page.yml`, compiled once for each rule folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from kgx import errors
from kgx.errors import RuleError
from kgx.model import RegionKind
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.limits import Limits
from kgx.schemas.pages import PagePattern, PageRules

_GROUP = re.compile(r"\(\?P<\w+>")
_HEADER_ONLY = "header"
_SINGLE_NAME = 1  # a name cut by a space into single characters: 张 三


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; `groups` of a match go to the document's fields of the same names."""

    name: str
    kind: RegionKind
    regex: re.Pattern[str]
    header_only: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The rules for pages and records, ready to use."""

    rules: PageRules
    limits: Limits
    lines: tuple[Pattern, ...]
    any_line: re.Pattern[str]  # matches what any of them does, in one step
    long_lines: tuple[Pattern, ...]  # those that hold for lines of any length
    heads: tuple[Pattern, ...]
    any_head: re.Pattern[str]
    tails: tuple[Pattern, ...]
    credits: tuple[Pattern, ...]
    date: re.Pattern[str]
    whole: re.Pattern[str]
    separators: re.Pattern[str]
    kicker: re.Pattern[str]
    subtitle: re.Pattern[str]
    section: re.Pattern[str]
    noise: tuple[re.Pattern[str], ...]
    credit_mark: re.Pattern[str]  # without which there is no credit
    plain_end: re.Pattern[str]  # of the last two characters of a line that no tail or credit ends

    def iso_date(self, text: str) -> str | None:
        """The first date in `text` as YYYY-MM-DD, or None where there is none, or no such day."""
        found = self.date.search(text)
        if found is None:
            return None
        try:
            return date(*(int(part) for part in found.groups())).isoformat()
        except ValueError:
            return None

    def whole_date(self, text: str) -> str | None:
        """As `iso_date`, where `text` is a date and nothing but a time follows it; also 20210304."""
        match = self.whole.fullmatch(text.strip())
        return self.iso_date("-".join(filter(None, match.groups()))) if match else None

    def split(self, text: str) -> tuple[str, ...]:
        """The parts of a list of keywords or names, in order, each once."""
        return tuple(dict.fromkeys(part for part in self.separators.split(text) if part))

    def names(self, text: str) -> tuple[str, ...]:
        """As `split`, but a name spaced out into single characters is put together."""
        out: list[str] = []
        single = False
        for part in self.separators.split(text):
            if single and len(part) == _SINGLE_NAME:
                out[-1] += part
                single = False
            elif part:
                out.append(part)
                single = len(part) == _SINGLE_NAME
        return tuple(dict.fromkeys(out))

    def publisher(self, agency: str) -> str | None:
        """The publisher that a known agency's name means; None for a pronoun (本报)."""
        return self.rules.agencies[agency] or None


def page_rules(folder: RuleFolder | None = None) -> Page:
    """The page rules of a rule folder, by default the shipped ones; raises RuleError."""
    return _load(folder.user if folder else None)


def _any(patterns: Sequence[Pattern]) -> re.Pattern[str]:
    """What any of the patterns matches, in one step: most lines match none."""
    return re.compile("|".join(_GROUP.sub("(?:", pattern.regex.pattern) for pattern in patterns))


@lru_cache(maxsize=8)
def _load(user: Path | None) -> Page:
    folder = RuleFolder(user)
    path = folder.find("page.yml")
    limits, loaded = load_yaml(folder.find("limits.yml"), Limits), load_yaml(path, PageRules)
    if not limits or not loaded:
        empty = path if limits else folder.find("limits.yml")
        raise RuleError(errors.PAGE_RULES_EMPTY.format(path=empty))
    try:
        return _compile(loaded[0], limits[0])
    except re.error as fault:
        raise RuleError(errors.PAGE_PATTERN.format(path=path, pattern=fault.pattern, reason=fault)) from None


def _compile(rules: PageRules, limits: Limits) -> Page:
    agencies = sorted(rules.agencies, key=lambda name: (-len(name), name))
    macros = {**rules.macros, "agency": "|".join(map(re.escape, agencies))}

    def compile_all(patterns: Sequence[PagePattern], end: str = "") -> Iterator[Pattern]:
        for rule in patterns:
            source = rule.pattern
            for name, value in macros.items():
                source = source.replace("{" + name + "}", f"(?:{value})")
            regex = re.compile(f"(?:{source}){end}")
            yield Pattern(rule.name, rule.kind, regex, rule.where == _HEADER_ONLY)

    lines, heads = tuple(compile_all(rules.lines)), tuple(compile_all(rules.heads))
    return Page(
        rules=rules,
        limits=limits,
        lines=lines,
        any_line=_any(lines),
        long_lines=tuple(pattern for pattern in lines if pattern.kind == "keywords"),
        heads=heads,
        any_head=_any(heads),
        tails=tuple(compile_all(rules.tails, "$")),
        credits=tuple(compile_all(rules.credits, "$")),
        date=re.compile(rules.date),
        whole=re.compile(rules.date_field),
        separators=re.compile(rules.separators),
        kicker=re.compile(rules.titles.kicker),
        subtitle=re.compile(rules.titles.subtitle),
        section=re.compile(rules.titles.section),
        noise=tuple(re.compile(noise, re.I) for noise in rules.titles.noise),
        credit_mark=re.compile(rules.credit_mark),
        plain_end=re.compile(rules.plain_end),
    )
