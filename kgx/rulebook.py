"""Finds, loads and validates the rule files under `rules/`; refuses unknown keys, with file and line.

Two forms are known: YAML files (a list of rules, or one mapping) and TSV tables (`#` comments, one
header line, `|` between several values of a cell). The schemas are the pydantic models in
`kgx.schemas`; a user's folder overrides the shipped one file by file, but for frames, patterns of names
and the schema of facts, to which it adds by name (see docs/rules.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from kgx import errors
from kgx.errors import OptionError, RuleError
from kgx.regexes import REPEATED_GROUP, explodes


class Rule(BaseModel):
    """Base of all rule schemas: unknown keys are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# What a user's folder adds to rule by rule; all other files stand for the shipped ones of their name.
BY_NAME = ("facts.yml", "frames/*.yml", "names/*.yml")

_MOST_VALUES = 1_000_000  # of one file, aliases written out: a few lines of them make a billion

_LIBYAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

R = TypeVar("R", bound=Rule)


class NamedRule(Rule):
    """A rule with a name, by which a user's stands for a shipped one."""

    name: str


N = TypeVar("N", bound=NamedRule)


def shipped_rules() -> Path:
    """The folder of the rules that come with this code: inside the package, or beside it in the tree."""
    package = Path(__file__).resolve().parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent / "rules"


class RuleFolder:
    """The shipped rules, with a user's folder laid over them file by file, or rule by rule (`BY_NAME`)."""

    def __init__(self, user: str | Path | None = None) -> None:
        """`user`: a folder of the same form as `rules/`; raises KgxError where it does not exist."""
        self.user = Path(user) if user is not None else None
        if self.user is not None and not self.user.is_dir():
            raise OptionError(errors.RULES_MISSING.format(path=user))

    def find(self, name: str) -> Path:
        """The path of one rule file, `dates.yml` say: the user's where there is one."""
        if self.user is not None and (self.user / name).is_file():
            return self.user / name
        return shipped_rules() / name

    def glob(self, pattern: str) -> list[Path]:
        """Paths that match, sorted by name; a user's file stands for a shipped one of its name."""
        found: dict[str, Path] = {}
        for root in (shipped_rules(), self.user):
            if root is not None:
                found.update({p.relative_to(root).as_posix(): p for p in root.glob(pattern)})
        return [found[name] for name in sorted(found)]

    def layers(self, pattern: str) -> list[Path]:
        """All paths that match, the shipped ones first, each folder's sorted: what is laid over by name."""
        roots = [root for root in (shipped_rules(), self.user) if root is not None]
        return [path for root in roots for path in sorted(root.glob(pattern))]

    def files(self, *kinds: str) -> list[Path]:
        """All rule files in use with one of these endings (`yml`), sorted, each once."""
        found = {path for kind in kinds for path in self.glob(f"**/*.{kind}")}
        for pattern in BY_NAME:
            found.update(self.layers(pattern))
        return sorted(found)


@dataclass(frozen=True, slots=True)
class Sited(Generic[R]):
    """A rule, the file that it stands in, and the lines of its keys."""

    rule: R
    path: Path
    node: yaml.Node

    def line(self, *keys: int | str) -> int:
        """The line of the rule, or of the key in it to which `keys` lead, as far as they do."""
        return _line(self.node, keys)

    def fault(self, where: str, reason: str, *keys: int | str) -> RuleError:
        """What to raise where the rule is wrong at a key."""
        return RuleError(
            errors.RULE_FIELD.format(path=self.path, line=self.line(*keys), where=where, reason=reason)
        )


def load_yaml(path: Path, schema: type[R]) -> list[R]:
    """Read a YAML file of rules; raises RuleError naming file and line at the first fault.

    A file holds a list of rules, or one mapping, which counts as a list of one.
    """
    return [one.rule for one in load_sited(path, schema)]


def load_sited(path: Path, schema: type[R]) -> list[Sited[R]]:
    """As `load_yaml`, each rule with its lines."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        root, data = compose_yaml(text, trusted=path.is_relative_to(shipped_rules()))
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        reason = getattr(fault, "problem", None) or "unreadable"
        raise RuleError(errors.RULE_YAML.format(path=path, line=line, reason=reason)) from None
    except (OSError, ValueError, RecursionError) as fault:  # not UTF-8, a day that is none, nested too deeply
        reason = errors.reason_of(fault)
        raise RuleError(errors.RULE_YAML.format(path=path, line=1, reason=reason)) from None
    if root is None or data is None:
        return []
    if REPEATED_GROUP.search(text):
        _refuse_explosive(root, path)
    items: list[Any] = data if isinstance(data, list) else [data]
    nodes = root.value if isinstance(root, yaml.SequenceNode) else [root]
    out = []
    for item, node in zip(items, nodes, strict=True):
        try:
            out.append(Sited(schema.model_validate(item), path, node))
        except ValidationError as fault:
            first = fault.errors()[0]
            raise RuleError(
                errors.RULE_FIELD.format(
                    path=path,
                    line=_line(node, first["loc"]),
                    where=".".join(str(part) for part in first["loc"]) or "rule",
                    reason=_reason(first),
                )
            ) from None
    return out


def load_named(folder: RuleFolder, pattern: str, schema: type[N]) -> list[Sited[N]]:
    """The rules of the files that match, in order: the shipped ones, each replaced by a user's of its name,
    then the user's own.

    Raises RuleError where a file is wrong or a folder has two rules of one name.
    """
    named: dict[str, Sited[N]] = {}
    for path in folder.layers(pattern):
        for one in load_sited(path, schema):
            before = named.get(one.rule.name)
            if before is not None and before.path.parent == path.parent:
                where = f"{before.path.name}:{before.line()}"
                raise RuleError(
                    errors.RULE_TWICE.format(
                        path=path, line=one.line("name"), name=one.rule.name, previous=where
                    )
                )
            named[one.rule.name] = one
    return list(named.values())


def compose_yaml(text: str, *, trusted: bool = False) -> tuple[yaml.Node | None, Any]:
    """The nodes and the plain values of a YAML document, of which aliases can't make very many.

    A `trusted` document is read by libyaml, ten times as fast, which ends the process where one is nested
    too deeply. Raises YAMLError, ValueError or RecursionError.
    """
    loader = (_LIBYAML if trusted else yaml.SafeLoader)(text)
    root = loader.get_single_node()
    if root is None:
        return None, None
    if _size(root, {}) > _MOST_VALUES:
        raise ValueError(errors.RULE_ALIASES)
    return root, loader.construct_document(root)


def _size(node: yaml.Node, known: dict[int, float]) -> float:
    """How many values a node makes where aliases are written out; endless where one holds itself."""
    if id(node) not in known:
        known[id(node)] = float("inf")  # until it is counted
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        parts = [one for pair in pairs for one in pair]
        if isinstance(node, yaml.SequenceNode):
            parts = node.value
        known[id(node)] = 1 + sum(_size(part, known) for part in parts)
    return known[id(node)]


def _refuse_explosive(node: yaml.Node, path: Path) -> None:
    """Raise RuleError at the first string of a file that is a pattern which explodes."""
    nodes, seen = [node], set()
    while nodes:
        one = nodes.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, yaml.ScalarNode):
            if explodes(one.value):
                line = one.start_mark.line + 1
                raise RuleError(errors.RULE_PATTERN.format(path=path, line=line, pattern=one.value[:80]))
        elif isinstance(one, yaml.MappingNode):
            nodes += [value for _, value in reversed(one.value)]
        else:
            nodes += reversed(one.value)


def _line(node: yaml.Node, loc: tuple[int | str, ...]) -> int:
    """The line of the deepest node on the way that `loc` describes; keys name their own line."""
    line = node.start_mark.line + 1
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return int(line)


def _reason(fault: Mapping[str, Any]) -> str:
    """What pydantic says of a fault, without its own name for what our validators say."""
    return str(fault["msg"]).removeprefix("Value error, ")


def load_tsv(path: Path, schema: type[R]) -> list[R]:
    """Read a table of rules, one a row; raises RuleError naming file and line at the first fault.

    Columns are the schema's fields, in their order; fields of tuple type split at `|`; an empty cell
    takes the field's default. Rows are sorted by the first column; two equal rows are refused.
    """
    return [row for _, row in iter_tsv(path, schema)]


def iter_tsv(path: Path, schema: type[R]) -> Iterator[tuple[int, R]]:
    """As `load_tsv`, with the line number of each row."""
    fields: Mapping[str, Any] = schema.model_fields
    columns = list(fields)
    many = {name for name, info in fields.items() if str(info.annotation).startswith("tuple")}
    header, previous = False, ""
    seen: dict[tuple[str, ...], int] = {}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise RuleError(errors.RULE_YAML.format(path=path, line=1, reason=fault)) from None
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if not header:
            if cells != columns:
                raise RuleError(
                    errors.RULE_HEADER.format(path=path, line=number, found=cells, expected=columns)
                )
            header = True
            continue
        cells += [""] * (len(columns) - len(cells))
        if len(cells) > len(columns):
            raise RuleError(
                errors.RULE_CELLS.format(path=path, line=number, found=len(cells), expected=len(columns))
            )
        data: dict[str, Any] = {
            name: tuple(part.strip() for part in cell.split("|") if part.strip()) if name in many else cell
            for name, cell in zip(columns, cells, strict=True)
            if cell
        }
        if cells[0] < previous:
            raise RuleError(
                errors.RULE_ORDER.format(path=path, line=number, name=cells[0], previous=previous)
            )
        previous = cells[0]
        if tuple(cells) in seen:
            raise RuleError(
                errors.RULE_TWICE.format(path=path, line=number, name=cells[0], previous=seen[tuple(cells)])
            )
        seen[tuple(cells)] = number
        try:
            yield number, schema.model_validate(data)
        except ValidationError as fault:
            first = fault.errors()[0]
            where = ".".join(map(str, first["loc"])) or "row"
            raise RuleError(
                errors.RULE_FIELD.format(path=path, line=number, where=where, reason=_reason(first))
            ) from None
