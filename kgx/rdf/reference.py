"""What follows from `rules/facts.yml`: the fact part of ontology.ttl and shapes.ttl, docs/ontology.md.

`python -m kgx.rdf.reference` writes all three anew; a test fails where they are out of date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

from kgx.facttypes import FactType, Role, fact_schema, fact_types
from kgx.rdf.terms import quoted
from kgx.rulebook import RuleFolder

LINE = "# -- below: from rules/facts.yml, by python -m kgx.rdf.reference " + "-" * 34 + "\n"
_ABOVE = {"actor": ("sem:hasActor",), "place": ("sem:hasPlace",)}
_CLASS = {"Event": "NamedEvent"}
# What every fact may carry, whatever its type.
_COMMON = (
    "rdf:type rdfs:label kgx:status kgx:plover kgx:statedBy kgx:statedByText kgx:rule kgx:confidence "
    "prov:wasDerivedFrom"
)
_DATE = "kgx:date sem:hasEarliestBeginTimeStamp sem:hasLatestEndTimeStamp"


def packaged(name: str) -> str:
    """The text of a Turtle file of this package: `ontology.ttl` or `shapes.ttl`."""
    return resources.files("kgx.rdf").joinpath(name).read_text(encoding="utf-8")


def ontology(rules: RuleFolder | None = None) -> str:
    """ontology.ttl as it should be: its hand-written part, and what facts.yml adds.

    `rules`: with the fact types of a user's folder. Raises RuleError where its facts.yml is wrong.
    """
    return packaged("ontology.ttl").partition(LINE)[0] + LINE + "\n" + "\n".join(_ontology_of_facts(rules))


def shapes(rules: RuleFolder | None = None) -> str:
    """shapes.ttl as it should be: its hand-written part, and what facts.yml adds; `rules` as above."""
    return packaged("shapes.ttl").partition(LINE)[0] + LINE + "\n" + "\n".join(_shapes_of_facts(rules))


def terms(types: Mapping[str, FactType]) -> Iterator[str]:
    """The local names of all classes, properties and individuals that fact types need."""
    for kind in types.values():
        yield kind.name
        for role in kind.roles.values():
            if role.takes_entities or individuals(role):
                yield role.name
            if role.takes_text and not individuals(role):
                yield f"{role.name}Text"
            if individuals(role):
                yield from sorted(role.values or ())


def individuals(role: Role) -> bool:
    """Whether the role's controlled values are individuals of the ontology, not text."""
    return role.values is not None and all(value.isascii() for value in role.values)


def classes(role: Role) -> list[str]:
    """The classes that the role's entities may have, sorted, as local names."""
    return sorted(_CLASS.get(one, one) for one in role.accepts)


def _ontology_of_facts(rules: RuleFolder | None = None) -> Iterator[str]:
    schema, types = fact_schema(rules), fact_types(rules)
    for kind in types.values():
        yield _declare(
            f"kgx:{kind.name} a owl:Class",
            ["rdfs:subClassOf kgx:Fact"],
            (kind.label_zh, kind.label_en),
            (kind.comment_zh, kind.comment_en),
        )
    for name in schema.roles:
        users = [(kind, kind.roles[name]) for kind in types.values() if name in kind.roles]
        zh = "、".join(kind.label_zh for kind, _ in users)
        en = ", ".join(kind.name for kind, _ in users)
        rule = schema.roles[name]
        if any(role.takes_entities for _, role in users):
            yield _declare(
                f"kgx:{name} a owl:ObjectProperty",
                [f"rdfs:subPropertyOf {above}" for above in _ABOVE.get(rule.refines, ())]
                + ["rdfs:domain kgx:Fact", "rdfs:range kgx:Entity"],
                (rule.zh, rule.en),
                (f"{rule.zh}（{zh}）。", f"The {rule.en} of a fact: {en}."),
            )
        if any(role.takes_text and not individuals(role) for _, role in users):
            yield _declare(
                f"kgx:{name}Text a owl:DatatypeProperty",
                ["rdfs:domain kgx:Fact", "rdfs:range rdf:langString"],
                (f"{rule.zh}（原文）", f"{rule.en} (text)"),
                (
                    f"{rule.zh}，如原文所写（{zh}）。",
                    f"The {rule.en} of a fact, as written: {en}.",
                ),
            )
    for name, values in schema.values.items():
        if all(value.isascii() for value in values):
            for value, label in values.items():
                yield _declare(
                    f"kgx:{value} a kgx:{name.capitalize()}",
                    [],
                    (label.zh, label.en),
                    (f"表态：{label.zh}。", f"The stance is to {label.en}."),
                )
    for name, edge in schema.shortcuts.items():
        kind = types[edge.type]
        symmetric = ", owl:SymmetricProperty" if edge.start == edge.end or edge.symmetric else ""
        yield _declare(
            f"kgx:{name} a owl:ObjectProperty{symmetric}",
            ["rdfs:domain kgx:Entity", "rdfs:range kgx:Entity"],
            (edge.zh, edge.en),
            (
                f"由已发生或作为背景的{kind.label_zh}推出的直接关系。",
                f"A direct edge derived from each {kind.name} that is actual or past.",
            ),
        )


def _declare(head: str, lines: list[str], label: tuple[str, str], comment: tuple[str, str]) -> str:
    parts = [
        head,
        *lines,
        f"rdfs:label {quoted(label[0])}@zh, {quoted(label[1])}@en",
        f"rdfs:comment {quoted(comment[0])}@zh,\n        {quoted(comment[1])}@en",
    ]
    return " ;\n    ".join(parts) + " .\n"


def _shapes_of_facts(rules: RuleFolder | None = None) -> Iterator[str]:
    types = fact_types(rules)
    targets = ", ".join(f"kgx:{name}" for name in types)
    yield f"shape:Fact sh:targetClass {targets} .\n"
    for kind in types.values():
        yield " ;\n    ".join(_shape_of(kind)) + " .\n"


def _shape_of(kind: FactType) -> Iterator[str]:
    yield f"shape:{kind.name} a sh:NodeShape"
    yield f"sh:targetClass kgx:{kind.name}"
    yield "sh:closed true"
    yield f"sh:ignoredProperties ( {_COMMON}{' ' + _DATE if kind.dated else ''} )"
    for role in kind.roles.values():
        text = f"kgx:{role.name}Text"
        if role.takes_entities or individuals(role):
            yield _property(f"kgx:{role.name}", _holds(role), f"{kind.name}: {role.name} {_says(role)}")
        if role.takes_text and not individuals(role):
            words = "sh:datatype rdf:langString ; sh:minLength 1"
            if role.values:
                listed = " ".join(f"{quoted(value)}@zh" for value in sorted(role.values))
                words += f" ; sh:in ( {listed} )"
            yield _property(text, words, f"{kind.name}: {role.name}Text is Chinese text, as allowed")
        if role.least:
            yield _property(
                _either([role]),
                f"sh:minCount {role.least}",
                f"{kind.name}: needs {role.least} or more {role.name}",
            )
    if kind.distinct:
        first, *others = (kind.roles[name] for name in kind.distinct)
        for other in others:
            yield _property(
                f"kgx:{first.name}",
                f"sh:disjoint kgx:{other.name}",
                f"{kind.name}: one and the same in {first.name} and {other.name}",
            )
    for role in kind.roles.values():
        if len(kind.unmixed & role.accepts) > 1:
            yield _unmixed(kind, role)
    if kind.some_of:
        some = [kind.roles[name] for name in kind.some_of]
        yield _property(
            _either(some), "sh:minCount 1", f"{kind.name}: needs one of {', '.join(kind.some_of)}"
        )


def _unmixed(kind: FactType, role: Role) -> str:
    """That a role does not hold an entity of one type beside one of another."""
    held = " ".join(
        f"[ sh:property [ sh:path kgx:{role.name} ; sh:qualifiedMinCount 1 ;"
        f" sh:qualifiedValueShape [ sh:class kgx:{name} ] ] ]"
        for name in sorted(kind.unmixed & role.accepts)
    )
    message = quoted(f"{kind.name}: {role.name} holds a {' beside a '.join(sorted(kind.unmixed))}")
    return f"sh:node [ sh:not [ sh:and ( {held} ) ] ; sh:message {message}@en ]"


def _either(roles: list[Role]) -> str:
    """The path over all properties that may hold the roles' fillers."""
    paths = []
    for role in roles:
        paths += [f"kgx:{role.name}"] * (role.takes_entities or individuals(role))
        paths += [f"kgx:{role.name}Text"] * (role.takes_text and not individuals(role))
    return paths[0] if len(paths) == 1 else f"[ sh:alternativePath ( {' '.join(paths)} ) ]"


def _holds(role: Role) -> str:
    if role.values:
        return "sh:in ( " + " ".join(f"kgx:{value}" for value in sorted(role.values)) + " )"
    if len(role.accepts) == 1:
        return f"sh:nodeKind sh:IRI ; sh:class kgx:{classes(role)[0]}"
    return "sh:nodeKind sh:IRI ; sh:or ( " + " ".join(f"[ sh:class kgx:{c} ]" for c in classes(role)) + " )"


def _says(role: Role) -> str:
    return "is one of its values" if role.values else f"is a {' or '.join(classes(role))}"


def _property(path: str, constraint: str, message: str) -> str:
    return f"sh:property [ sh:path {path} ; {constraint} ;\n        sh:message {quoted(message)}@en ]"


def document() -> str:
    """docs/ontology.md as it should be: every class and property of ontology.ttl in a table."""
    import rdflib
    from rdflib.namespace import OWL, RDF, RDFS

    graph = rdflib.Graph().parse(data=ontology(), format="turtle")
    space = "https://w3id.org/kgx-zh/ontology#"

    def text(node: rdflib.term.Node, predicate: rdflib.URIRef, language: str) -> str:
        found = (o for o in graph.objects(node, predicate) if getattr(o, "language", None) == language)
        return next((str(one) for one in found), "").replace("|", "\\|")

    def above(node: rdflib.term.Node, predicate: rdflib.URIRef) -> str:
        names = sorted(graph.namespace_manager.qname(str(o)) for o in graph.objects(node, predicate))
        return ", ".join(f"`{name}`" for name in names)

    lines = [
        "# Ontology",
        "",
        f"Namespace `{space}`, prefix `kgx:`. Generated from `kgx/rdf/ontology.ttl` by "
        "`python -m kgx.rdf.reference`.",
    ]
    for title, type_, predicate in (
        ("Classes", OWL.Class, RDFS.subClassOf),
        ("Properties between things", OWL.ObjectProperty, RDFS.subPropertyOf),
        ("Properties with values", OWL.DatatypeProperty, RDFS.subPropertyOf),
    ):
        lines += ["", f"## {title}", "", "| term | 中文 | English | refines | comment |"]
        lines.append("| --- | --- | --- | --- | --- |")
        for node in sorted(set(graph.subjects(RDF.type, type_)), key=str):
            zh, en = (text(node, RDFS.label, language) for language in ("zh", "en"))
            comment = f"{text(node, RDFS.comment, 'zh')} {text(node, RDFS.comment, 'en')}"
            term = str(node).removeprefix(space)
            lines.append(f"| `kgx:{term}` | {zh} | {en} | {above(node, predicate)} | {comment} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the generated parts, in a checkout of the project."""
    here = Path(__file__).parent
    for path, made in (
        (here / "ontology.ttl", ontology),
        (here / "shapes.ttl", shapes),
        (here.parents[1] / "docs" / "ontology.md", document),
    ):
        path.write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
