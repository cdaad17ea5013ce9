"""The tables of all documents: rows on one thing are joined."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from kgx.exchange import PLOVER_JOIN, TABLES
from kgx.spark.shuffle import GROUND


def table(stated: DataFrame, name: str) -> DataFrame:
    """One of `kgx.exchange.TABLES` over all documents; rows on one thing are joined."""
    rows = stated.select(F.inline(name))
    span = {"first": F.min("first"), "last": F.max("last")}
    support = {"support": F.sum("support").cast("int")}
    if name == "nodes":
        rows = _joined(rows, name, {"names": _union(F.collect_set("names")), **support})
    elif name == "facts":
        codes = _union(F.collect_set(F.split("plover", f"\\{PLOVER_JOIN}")))
        plover = F.when(F.size(codes) > 0, F.array_join(codes, PLOVER_JOIN))
        rows = _joined(rows, name, {"plover": plover, "confidence": F.max("confidence"), **support})
    elif name == "positions":
        rows = _joined(rows, name, {**span, **support})
    elif name == "shortcuts":
        rows = _joined(rows, name, {"weight": F.count_distinct(GROUND).cast("int"), **span})
    elif name == "roles":
        rows = rows.distinct()
    days = [column for column, kind in TABLES[name].items() if kind == "day"]
    return rows.withColumns({day: F.to_date(day) for day in days}).select(*TABLES[name])


def _joined(rows: DataFrame, name: str, made: Mapping[str, Column]) -> DataFrame:
    """One row for those that agree in all columns but the made ones."""
    same = [column for column in TABLES[name] if column not in made]
    return rows.groupBy(*same).agg(*(column.alias(label) for label, column in made.items()))


def _union(sets: Column) -> Column:
    """The members of a set of arrays, sorted, each once."""
    return F.array_sort(F.array_distinct(F.flatten(sets)))
