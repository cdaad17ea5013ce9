from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import pytest

from kgx.state.aside import aside
from kgx.state.blocks import Key, copy_ranges, patch, write_blocks
from kgx.state.database import Database
from kgx.state.folder import stamps

LARGE = 700_000  # bytes: what the system copies by itself


def filled(seed: int, length: int) -> bytes:
    return random.Random(seed).randbytes(length)  # the same each time


@pytest.fixture
def held() -> dict[Key, bytes]:
    """Blocks small and large, with an empty one."""
    sizes = (10, LARGE, 0, 3, LARGE, LARGE, 1)
    return {(n % 2, f"k{n}"): filled(n, size) for n, size in enumerate(sizes)}


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Database]:
    base = Database(tmp_path / "state.db")
    base.clear()
    yield base
    base.close()


def test_blocks_are_changed_dropped_and_added_at_their_places(
    tmp_path: Path, held: dict[Key, bytes], base: Database
) -> None:
    old, new = tmp_path / "graph.nq", tmp_path / "new.nq"
    base.put_blocks(old.name, list(write_blocks(old, sorted(held.items()))))
    base.put_blocks("other.nq", [((0, "k1"), 5)])
    changed: dict[Key, bytes | None] = {
        (0, "a"): b"first",
        (0, "k4"): None,
        (1, "k1"): filled(9, LARGE + 1),
        (1, "k4"): b"between",
        (2, ""): b"last",
    }
    places = base.places(old.name, changed)
    assert places[0, "a"] == (0, None)
    assert places[2, ""] == (old.stat().st_size, None)
    assert places[1, "k1"][1] == LARGE
    patch(old, new, places, changed)
    whole = {key: text for key, text in (held | changed).items() if text is not None}
    assert new.read_bytes() == b"".join(text for _, text in sorted(whole.items()))


def test_blocks_ranges_are_appended_in_their_order(tmp_path: Path) -> None:
    text = filled(1, 3 * LARGE)
    (tmp_path / "old").write_bytes(text)
    ends = list(accumulate((5, LARGE, LARGE, 7)))
    parts = list(zip([0, *ends], ends, strict=False))
    with (tmp_path / "old").open("rb") as source, (tmp_path / "new").open("wb") as out:
        out.write(b"head")
        copy_ranges(source, out, [parts[2], parts[3], parts[0]])
        out.write(b"tail")
    wanted = [text[start:end] for start, end in (parts[2], parts[3], parts[0])]
    assert (tmp_path / "new").read_bytes() == b"".join((b"head", *wanted, b"tail"))


def test_blocks_tell_of_a_file_that_is_shorter_than_it_was(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"x" * LARGE)
    with (
        (tmp_path / "old").open("rb") as source,
        (tmp_path / "new").open("wb") as out,
        pytest.raises(EOFError, match="shorter"),
    ):
        copy_ranges(source, out, [(0, LARGE + 1)])


def test_aside_does_all_and_raises_what_a_work_raises(tmp_path: Path) -> None:
    with aside([(tmp_path / name).mkdir for name in "abcdefgh"]):
        pass
    assert len(list(tmp_path.iterdir())) == 8
    with pytest.raises(FileExistsError), aside([(tmp_path / "a").mkdir]):
        pass


def test_stamps_tell_one_file_from_another_and_nothing_of_folders(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("one", encoding="utf-8")
    first = stamps([str(path)])
    assert first == stamps([str(path)])
    path.write_text("another", encoding="utf-8")
    assert stamps([str(path)]) != first
    assert stamps([str(path), str(tmp_path)]) is None
    assert stamps(["-"]) is None
