"""Answers ready-made questions: names become entities, and rows can show the sentences behind them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import IO, Any

from kgx import errors
from kgx.errors import KgxError
from kgx.rulebook import RuleFolder
from kgx.schemas.stores import ParameterRule
from kgx.store.endpoint import Endpoint
from kgx.store.evaluate import Evaluator, declared
from kgx.store.questions import FACTS, Question, as_term, check_parameters, filled
from kgx.store.results import Table, write_rows

Solve = Callable[[str], Any]  # a query to pyoxigraph's solutions

_CLASS = {"Event": "NamedEvent"}
_IRI = re.compile(r"<?((?:https?|urn|tag):[^\s<>\"{}|\\^`]+)>?")
_PREFIXED = re.compile(r"[a-z]+:[^\s<>\"{}|\\^`/#]+")
_QID = re.compile(r"Q[1-9]\d*")
_CHUNK = 400  # facts whose sentences are fetched at once
_NEAR = 8  # names that a message offers

_NAMED = """SELECT DISTINCT ?entity WHERE {{
  VALUES ?name {{ {names} }}
  VALUES ?type {{ {types} }}
  {{ ?entity rdfs:label ?name }} UNION {{ ?entity skos:altLabel ?name }}
  ?entity a ?type .
}} ORDER BY ?entity"""
_SAME = "SELECT DISTINCT ?entity WHERE {{ ?entity owl:sameAs wd:{qid} }} ORDER BY ?entity"
_LIKE = """SELECT DISTINCT ?name WHERE {{
  VALUES ?type {{ {types} }}
  ?entity rdfs:label ?name ; a ?type .
  FILTER(CONTAINS(?name, {text}))
}} ORDER BY STRLEN(?name) ?name LIMIT {limit}"""
_SENTENCES = """SELECT DISTINCT ?fact ?document ?published ?sentence WHERE {{
  VALUES ?fact {{ {facts} }}
  ?fact prov:wasDerivedFrom ?source .
  OPTIONAL {{ ?source nif:referenceContext ?context }}
  OPTIONAL {{ ?source nif:anchorOf ?sentence }}
  BIND(COALESCE(?context, ?source) AS ?document)
  OPTIONAL {{ ?document schema:datePublished ?published }}
}}"""


def ask(
    solve: Solve,
    question: Question,
    parameters: Mapping[str, str],
    *,
    evidence: bool = False,
    rules: RuleFolder | None = None,
    limit: int | None = None,
) -> Table:
    """The rows of the answer; with `evidence`, each with its sentences and the documents they are from.

    `parameters` are as the user wrote them: names of entities, IRIs, QIDs, dates. `limit` cuts the rows.
    Raises OptionError where a parameter is unknown or missing, KgxError where a name is no entity's.
    """
    terms = bound(solve, question, parameters)
    found = solve(filled(question, terms, rules))
    columns = tuple(variable.value for variable in found.variables)
    rows = [tuple(row[name] for name in columns) for row in islice(found, limit)]
    rows = [row for row in rows if any(term is not None for term in row)]  # a group of nothing
    hidden = [place for place, name in enumerate(columns) if name in FACTS]
    shown = [place for place, name in enumerate(columns) if name not in FACTS]
    kept = [tuple(row[place] for place in shown) for row in rows]
    names = tuple(columns[place] for place in shown)
    if not evidence:
        return Table(names, kept)
    facts = [[iri for place in hidden for iri in _iris(row[place])] for row in rows]
    said = _sentences(solve, {iri for listed in facts for iri in listed})
    extra = [_joined(listed, said) for listed in facts]
    return Table(
        (*names, "evidence", "documents"), [(*row, *more) for row, more in zip(kept, extra, strict=True)]
    )


def answer(
    asked: Evaluator | Endpoint,
    question: Question,
    parameters: Mapping[str, str],
    out: IO[bytes],
    *,
    format_: str = "csv",
    evidence: bool = False,
    limit: int | None = None,
    sparql: bool = False,
    rules: RuleFolder | None = None,
) -> int:
    """Write the answer of a store or server; the number of rows. `sparql` writes the query instead.

    Raises as `ask`, and KgxError where there is no store, or the server fails.
    """
    if sparql:
        text = filled(question, bound(asked.solve, question, parameters), rules)
        out.write(declared(text, asked.prefixes()).encode())
        return 0
    table = ask(asked.solve, question, parameters, evidence=evidence, rules=rules, limit=limit)
    spaces = asked.prefixes() if format_ == "table" else {}
    return write_rows(table, format_, lambda text: out.write(text.encode()), spaces)


def bound(solve: Solve, question: Question, parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters as terms of SPARQL. Raises as `ask`."""
    given = {name: value for name, value in parameters.items() if value}
    check_parameters(question, given)
    known = question.head.parameters
    terms = {
        name: _entities(solve, name, known[name], value)
        if known[name].holds == "entity"
        else as_term(name, known[name], value)
        for name, value in given.items()
    }
    pair = [name for name in question.head.symmetric if name in terms]
    if len(pair) == 2:
        ordered = sorted((terms[name] for name in pair), key=lambda term: _count(solve, term))
        terms |= dict(zip(pair, ordered, strict=True))
    return terms


def _count(solve: Solve, terms: str) -> int:
    """How many statements have one of the entities as their object."""
    query = f"SELECT (COUNT(*) AS ?number) WHERE {{ VALUES ?entity {{ {terms} }} ?thing ?role ?entity }}"
    return int(next(iter(solve(query)))["number"].value)


def _entities(solve: Solve, name: str, rule: ParameterRule, value: str) -> str:
    """The IRIs that a value stands for; raises KgxError, offering near names, where there is none."""
    if form := _IRI.fullmatch(value):
        return f"<{form[1]}>"
    if _PREFIXED.fullmatch(value):
        return value
    types = " ".join(f"kgx:{_CLASS.get(one, one)}" for one in rule.accepts)
    quoted = as_term(name, rule.model_copy(update={"holds": "text"}), value)
    if _QID.fullmatch(value):
        text = _SAME.format(qid=value)
    else:
        text = _NAMED.format(names=f"{quoted}@zh {quoted}@en", types=types)
    found = [f"<{row['entity'].value}>" for row in solve(text)]
    if found:
        return " ".join(found)
    near = [row["name"].value for row in solve(_LIKE.format(types=types, text=quoted, limit=_NEAR))]
    hint = f"; there is {', '.join(near)}" if near else ""
    listed = " or ".join(rule.accepts)
    raise KgxError(errors.PARAM_NOBODY.format(name=name, value=value, types=listed, hint=hint))


def _iris(term: Any) -> list[str]:
    return [] if term is None else term.value.split()


def _sentences(solve: Solve, facts: Iterable[str]) -> dict[str, list[tuple[str, str, str]]]:
    """(day of publication, document, sentence) of each fact."""
    said: dict[str, list[tuple[str, str, str]]] = {}
    ordered = sorted(facts)
    for start in range(0, len(ordered), _CHUNK):
        listed = " ".join(f"<{iri}>" for iri in ordered[start : start + _CHUNK])
        for row in solve(_SENTENCES.format(facts=listed)):
            sentence = row["sentence"].value if row["sentence"] else ""
            day = row["published"].value if row["published"] else ""
            said.setdefault(row["fact"].value, []).append((day, row["document"].value, sentence))
    return said


def _joined(facts: Iterable[str], said: Mapping[str, list[tuple[str, str, str]]]) -> tuple[Any, Any]:
    """The sentences of facts and the documents, each once, in the order of days."""
    import pyoxigraph as ox

    stated = sorted(one for iri in facts for one in said.get(iri, ()))
    sentences = dict.fromkeys(sentence for _, _, sentence in stated if sentence)
    documents = dict.fromkeys(document for _, document, _ in stated)
    if not documents:
        return None, None
    return ox.Literal(" | ".join(sentences), language="zh"), ox.Literal(" ".join(documents))
