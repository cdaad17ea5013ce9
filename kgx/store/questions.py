"""Ready-made questions: SPARQL files with a head in comments, and how parameters get into them.

A question is valid SPARQL as it stands, and asks for everything. Three kinds of comment at the end of a
line make it a form: `# NAME` keeps the line only where that parameter is given, its value standing for
the line's `UNDEF` or string; `# unless NAME` keeps the line only where it is not given; and `# table
NAME` fills the line's empty VALUES with the rows of a table of the rules.

Where `VALUES ?NAME { UNDEF }  # NAME` would bind one entity, that entity stands for `?NAME` throughout:
stores plan a query by the constants in it, and don't look into VALUES. So `?NAME` is in no SELECT.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from kgx import errors
from kgx.errors import OptionError, RuleError
from kgx.period import is_period, period
from kgx.rulebook import RuleFolder, load_tsv
from kgx.schemas.stores import MembershipRow, ParameterRule, QuestionRule

FACTS = ("fact", "facts")  # columns with the IRIs of the facts that a row rests on
_MARK = re.compile(r"\s+# (?P<what>unless |table |)(?P<name>[a-z][a-z0-9]*)\s*$")
_VALUE = re.compile(r'UNDEF|"(?:[^"\\]|\\.)*"')
_BINDS = re.compile(r"\s*VALUES \?(?P<name>[a-z0-9]+) \{ UNDEF \}\s*")
_EMPTY = re.compile(r"VALUES \((?P<variables>[^)]*)\) \{\s*\}")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
TABLES = {"memberships": MembershipRow}


@dataclass(frozen=True, slots=True)
class Question:
    """A ready-made question: its name, its head, its SPARQL."""

    name: str
    head: QuestionRule
    text: str


def load_question(path: Path, _: object = None) -> list[QuestionRule]:
    """The head of one question, as a list of one; raises RuleError, naming file and line."""
    return [_read(path).head]


def questions(rules: RuleFolder | None = None) -> Mapping[str, Question]:
    """All questions by name, sorted; raises RuleError at the first that is wrong."""
    folder = rules or RuleFolder()
    found = [_read(path) for path in folder.glob("questions/*.rq")]
    return {one.name: one for one in found}


def question(name: str, rules: RuleFolder | None = None) -> Question:
    """One question; raises OptionError, naming all, where there is none of that name."""
    known = questions(rules)
    if name not in known:
        raise OptionError(errors.ASK_UNKNOWN.format(name=name, known=", ".join(known)))
    return known[name]


def filled(one: Question, values: Mapping[str, str], rules: RuleFolder | None = None) -> str:
    """The SPARQL of a question, `values` being terms as SPARQL has them, by parameter."""
    lines = []
    constants: dict[str, str] = {}
    for line in one.text.splitlines():
        mark = _MARK.search(line)
        if mark is not None and mark["what"] == "table ":
            line = _with_rows(line[: mark.start()], mark["name"], rules or RuleFolder())
        elif mark is not None:
            given = mark["name"] in values
            if given == (mark["what"] == "unless "):
                continue
            if given:
                value = values[mark["name"]]
                binds = _BINDS.fullmatch(line, 0, mark.start())
                if binds and binds["name"] == mark["name"] and " " not in value:
                    constants[mark["name"]] = value
                    continue
                line = _VALUE.sub(lambda _, value=value: value, line[: mark.start()])  # type: ignore[misc]
        lines.append(line)
    text = "\n".join(lines) + "\n"
    for name, value in constants.items():
        text = re.sub(rf"\?{name}\b", lambda _, value=value: value, text)  # type: ignore[misc]
    return text


def as_term(name: str, rule: ParameterRule, value: str) -> str:
    """A date or text as SPARQL has it; a month or a year gives its first day, or its last for `to`.

    Raises OptionError where it is no date.
    """
    if rule.holds == "text":
        return f'"{value.translate(_ESCAPES)}"'
    if not is_period(value):
        raise OptionError(errors.PARAM_DATE.format(name=name, value=value))
    span = period(value)
    return f'"{span.last if name == "to" else span.first}"'


def check_parameters(one: Question, given: Mapping[str, str]) -> None:
    """Raises OptionError where a parameter is not one of the question's, or a required one is missing."""
    known = one.head.parameters
    for name in given:
        if name not in known:
            listed = ", ".join(known) or "none"
            raise OptionError(errors.PARAM_UNKNOWN.format(question=one.name, name=name, known=listed))
    for name, rule in known.items():
        if rule.required and not given.get(name):
            raise OptionError(errors.PARAM_MISSING.format(question=one.name, name=name, what=rule.en))


def described(one: Question) -> str:
    """A question, its parameters and what it answers, to read."""
    head = one.head
    lines = [f"{one.name}  {head.title.en} / {head.title.zh}", f"    {' '.join(head.description.split())}"]
    for name, rule in head.parameters.items():
        holds = " or ".join(rule.accepts) if rule.holds == "entity" else rule.holds
        need = ", required" if rule.required else ""
        lines.append(f"    {name:14}{rule.en} / {rule.zh} ({holds}{need})")
    return "\n".join(lines) + "\n"


def _with_rows(line: str, name: str, rules: RuleFolder) -> str:
    """The line with the rows of a table: the variables are named for its columns."""
    rows = load_tsv(rules.find(f"{name}.tsv"), TABLES[name])
    form = _EMPTY.search(line)
    assert form is not None, line
    columns = [variable.strip("?$") for variable in form["variables"].split()]
    listed = []
    for row in rows:
        cells = [getattr(row, column) for column in columns]
        terms = ["UNDEF" if cell is None else _literal(cell) for cell in cells]
        listed.append(f"({' '.join(terms)})")
    return f"VALUES ({form['variables']}) {{ {' '.join(listed)} }}"


def _literal(text: str) -> str:
    """A cell as SPARQL has it: what is Chinese is tagged so, as labels are."""
    return f'"{text.translate(_ESCAPES)}"' + ("" if text.isascii() else "@zh")


def _read(path: Path) -> Question:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise RuleError(errors.RULE_YAML.format(path=path, line=1, reason=fault)) from None
    lines = text.splitlines()
    head = []
    for line in lines:
        if not line.startswith("#"):
            break
        head.append(line[2:])
    try:
        rule = QuestionRule.model_validate(yaml.safe_load("\n".join(head)))
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        reason = getattr(fault, "problem", None) or "unreadable"
        place = mark.line + 1 if mark else 1
        raise RuleError(errors.RULE_YAML.format(path=path, line=place, reason=reason)) from None
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(map(str, first["loc"])) or "head"
        raise RuleError(
            errors.RULE_FIELD.format(path=path, line=1, where=where, reason=first["msg"])
        ) from None
    for number, line in enumerate(lines[len(head) :], len(head) + 1):
        mark = _MARK.search(line)
        known = TABLES if mark and mark["what"] == "table " else rule.parameters
        if mark and mark["name"] not in known:
            reason = f"the line is marked {mark['name']!r}, which the head does not name"
            raise RuleError(errors.RULE_FIELD.format(path=path, line=number, where="query", reason=reason))
    return Question(path.stem, rule, text)
