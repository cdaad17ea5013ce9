"""The store on disk: Oxigraph in the folder of the build, replaced as a whole by each load.

`DIR/store/` holds generations, each a folder of Oxigraph that is never written again once it stands, and
`store.json`, which says which of them counts. A load makes a new generation beside the old one, out of
links to its files where little changed, and ends by replacing `store.json`: a load that is broken off
leaves the store of before, and who is reading goes on reading.

The named graphs are those of the documents; the default graph is their union, each statement once. It is
held rather than computed: a union computed at query time would have a statement as often as documents
make it, and a join of two such statements the square of that.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kgx import errors
from kgx.errors import KgxError
from kgx.store.parts import Build
from kgx.version import __version__

if TYPE_CHECKING:
    import pyoxigraph

FOLDER = "store"
FORM = 1  # of the folder; a store of a greater one is refused
_STATE = "store.json"
_GRAPHS = "graphs.json"  # beside a generation's files: its graphs and their digests
_AFRESH = 0.2  # of the triples: where more than this changed, all is loaded anew

Progress = Callable[[int, int], None]  # graphs done, graphs to do


@dataclass(frozen=True, slots=True)
class State:
    """What store.json says: the generation that counts, and who made it."""

    form: int
    generation: str
    base: str
    triples: int
    graphs: int
    kgx: str = __version__


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did, in graphs, and the triples that the store has now."""

    added: int
    replaced: int
    removed: int
    unchanged: int
    triples: int

    def __str__(self) -> str:
        """One line."""
        return (
            f"{self.triples:,} triples; graphs: {self.added:,} added, {self.replaced:,} replaced, "
            f"{self.removed:,} removed, {self.unchanged:,} unchanged"
        )


def load(folder: str | Path, *, progress: Progress | None = None) -> Loaded:
    """Make the store in `folder/store` hold what the build in `folder` holds, graph by graph.

    Only the graphs of documents that changed are replaced; those of documents that the build no longer
    has go. Raises KgxError, the store being what it was, where the build or the store can't be read,
    or the store not written.
    """
    folder = Path(folder)
    build = Build(folder)
    root = folder / FOLDER
    old = state(folder, missing=None)
    with _writing(root):
        _sweep(root, old)
        held = _digests(root / old.generation) if old else {}
        fresh = {name: part.digest for name, part in build.parts.items()}
        changed = [name for name, digest in fresh.items() if held.get(name) != digest]
        gone = [name for name in held if name not in fresh]
        loaded = Loaded(
            added=sum(name not in held for name in changed),
            replaced=sum(name in held for name in changed),
            removed=len(gone),
            unchanged=len(fresh) - len(changed),
            triples=build.triples,
        )
        if old and not changed and not gone:
            return loaded
        number = int(old.generation.removeprefix("g")) + 1 if old else 1
        target = root / f"g{number:06}"
        moved = sum(build.parts[name].triples for name in changed)
        try:
            if old and held and moved <= _AFRESH * build.triples:
                _link(root / old.generation, target)
                _replace(target, build, changed, [*gone, *(n for n in changed if n in held)], progress)
            else:
                _fill(target, build, progress)
            (target / _GRAPHS).write_text(json.dumps(fresh, ensure_ascii=False), encoding="utf-8")
            _point(root, State(FORM, target.name, _base(fresh), build.triples, len(fresh)))
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
        _sweep(root, state(folder), keep=old)
    return loaded


def state(folder: str | Path, missing: str | None = errors.STORE_NONE) -> State | None:
    """What the store in `folder` is; None where there is none and `missing` is None.

    Raises KgxError where there is none, where it can't be read, or where a newer kgx made it.
    """
    root = Path(folder) / FOLDER
    try:
        data = json.loads((root / _STATE).read_text(encoding="utf-8"))
        form = int(data["form"])
        if form > FORM:
            raise KgxError(
                errors.STORE_NEWER.format(path=root, version=data.get("kgx", "?"), form=form, known=FORM)
            )
        return State(**data)
    except (FileNotFoundError, NotADirectoryError):
        if missing is None:
            return None
        raise KgxError(missing.format(path=folder)) from None
    except (OSError, ValueError, KeyError, TypeError) as fault:
        reason = errors.reason_of(fault)
        raise KgxError(errors.STORE_BROKEN.format(path=root, reason=reason)) from None


def current(folder: str | Path) -> State:
    """As `state`, where there must be a store."""
    found = state(folder)
    assert found is not None
    return found


def open_store(folder: str | Path, at: State | None = None) -> pyoxigraph.Store:
    """The store, read-only. Raises KgxError where there is none or it can't be opened."""
    import pyoxigraph as ox

    at = at or current(folder)
    path = Path(folder) / FOLDER / at.generation
    try:
        return ox.Store.read_only(str(path))
    except OSError as fault:
        reason = errors.reason_of(fault)
        raise KgxError(errors.STORE_BROKEN.format(path=path.parent, reason=reason)) from None


def _fill(target: Path, build: Build, progress: Progress | None) -> None:
    """A new generation with everything: the library reads and sorts without the interpreter's lock."""
    import pyoxigraph as ox

    store = ox.Store(str(target))
    loads = [partial(store.bulk_load, half, ox.RdfFormat.N_QUADS) for half in build.halves()]
    # The same statements again, each once: they are checked where their graphs are loaded.
    loads.append(partial(store.bulk_load, build.merged(), ox.RdfFormat.N_TRIPLES, lenient=True))
    with ThreadPoolExecutor(len(loads)) as pool, _reading(build):
        try:
            for job in [pool.submit(load) for load in loads]:
                job.result()
        except SyntaxError:
            for _ in ox.parse(path=str(build.path), format=ox.RdfFormat.N_QUADS):
                pass  # a fault in the second half has another line in the whole file: read as far as that
            raise
    names = {one.value for one in store.named_graphs()}
    if names != set(build.parts):
        raise KgxError(errors.STORE_DATA.format(path=build.path, reason="statements outside their graphs"))
    store.flush()
    if progress:
        progress(len(names), len(names))


def _replace(
    target: Path, build: Build, changed: list[str], stale: list[str], progress: Progress | None
) -> None:
    """Take the stale graphs out of a generation and put the changed ones in."""
    import pyoxigraph as ox

    store = ox.Store(str(target))
    before = set()
    for name in stale:
        graph = ox.NamedNode(name)
        before |= {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
        store.remove_graph(graph)
    for done, name in enumerate(changed, 1):
        with _reading(build):
            store.load(input=build.quads(name), format=ox.RdfFormat.N_QUADS)
            store.load(input=build.ntriples(name), format=ox.RdfFormat.N_TRIPLES)
        if progress:
            progress(done, len(changed))
    default = ox.DefaultGraph()
    for triple in before:
        if all(quad.graph_name == default for quad in store.quads_for_pattern(*triple)):
            subject, predicate, object_ = triple
            store.remove(ox.Quad(subject, predicate, object_, default))
    store.flush()


@contextmanager
def _reading(build: Build) -> Iterator[None]:
    try:
        yield
    except SyntaxError as fault:
        reason = errors.reason_of(fault)
        raise KgxError(errors.STORE_DATA.format(path=build.path, reason=reason)) from None


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    """One load at a time; says what could not be written."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        with (root / "lock").open("w") as lock:
            if not _lock(lock.fileno()):
                raise KgxError(errors.STORE_BUSY.format(path=root))
            yield
    except OSError as fault:
        reason = errors.reason_of(fault)
        raise KgxError(errors.STORE_WRITE.format(path=root, reason=reason)) from None


def _lock(descriptor: int) -> bool:
    """Whether the file could be locked; the system frees it when the process ends."""
    try:
        import fcntl
    except ImportError:  # Windows: two loads at once are the user's to avoid
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _link(source: Path, target: Path) -> None:
    """Copy a generation; its sorted tables, which are never written again, by links."""

    def copy(one: str, other: str) -> None:
        if one.endswith(".sst"):
            try:
                os.link(one, other)
                return
            except OSError:  # a file system without links
                pass
        shutil.copyfile(one, other)

    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, copy_function=copy, ignore=shutil.ignore_patterns("LOCK", _GRAPHS))


def _point(root: Path, new: State) -> None:
    """Let store.json name the new generation, whole or not at all."""
    temporary = root / f".{_STATE}"
    with temporary.open("w", encoding="utf-8") as stream:
        json.dump(asdict(new), stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(root / _STATE)


def _sweep(root: Path, now: State | None, keep: State | None = None) -> None:
    """Remove generations that no longer count, but for the one before: somebody may be reading it."""
    stay = {one.generation for one in (now, keep) if one}
    for path in root.glob("g[0-9]*"):
        if path.name not in stay:
            shutil.rmtree(path, ignore_errors=True)


def _digests(generation: Path) -> dict[str, str]:
    try:
        found = json.loads((generation / _GRAPHS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # all is loaded anew
    return found if isinstance(found, dict) else {}


def _base(graphs: dict[str, str]) -> str:
    """What the IRIs of the data begin with, by the name of a document: there are graphs of tables too."""
    name = next((one for one in graphs if "document/" in one), "")
    return name.rpartition("document/")[0]
