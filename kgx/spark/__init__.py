"""`kgx spark`: the build on a cluster, with PySpark (extra `spark`, Java 17); docs/scale.md.

Documents are read and extracted where their part of the input lies; what they say of an entity, and the
rows of the tables, meet by shuffle. No process ever holds the whole graph.
"""

from __future__ import annotations

from kgx.spark.job import Settings, build

__all__ = ["Settings", "build"]
