from __future__ import annotations

import signal

import pytest
from hostile_pipeline import Hostile, Stillborn, backtrack

from kgx.errors import KgxError
from kgx.model import Document
from kgx.workers import Recipe, chunks, extract_all

WORDS = ["甲国外长林泉访问海城。", "甲国总统高山会见林泉。", "甲国同乙国签署协定。"]
LIMIT = 2.0  # seconds that a document may take: enough for what is whole, on a machine that is busy
BAD = {"2": "某人在会场暴毙。", "5": "谈判一再拖延。", "7": "程序陷入死循环。"}


def documents() -> list[Document]:
    return [Document(str(n), BAD.get(str(n), WORDS[n % 3]), date="2024-03-03") for n in range(10)]


def test_workers_cut_bounded_chunks_and_lose_nothing() -> None:
    given = [Document(str(i), "字" * (i * 700)) for i in range(300)]
    parts = list(chunks(given))
    assert [document for part in parts for document in part] == given
    assert max(map(len, parts)) <= 64
    assert all(sum(len(d.text) for d in part[:-1]) < 100_000 for part in parts)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no alarms")
def test_workers_skip_and_name_documents_that_kill_or_hang_their_process() -> None:
    skips: list[str] = []
    found = extract_all(
        documents(), Hostile(model=False), 2, lambda skip: skips.append(str(skip)), seconds=LIMIT
    )
    assert [one.document.id for one in found] == [str(n) for n in range(10) if str(n) not in BAD]
    assert [skip.partition(":")[0] for skip in skips] == ["2", "5", "7"]
    assert "died" in skips[0] and f"{LIMIT:g} s" in skips[1] and f"{LIMIT:g} s" in skips[2]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no alarms")
def test_workers_skip_a_slow_document_in_the_process_itself() -> None:
    skips: list[str] = []
    given = [one for one in documents() if one.id in "0156"]
    found = extract_all(given, Hostile(model=False), 1, lambda skip: skips.append(str(skip)), seconds=LIMIT)
    assert [one.document.id for one in found] == ["0", "1", "6"]
    assert [skip.partition(":")[0] for skip in skips] == ["5"]


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no alarms")
def test_workers_skip_a_document_on_which_a_pattern_explodes(processes: int) -> None:
    skips: list[str] = []
    given = [*documents()[:2], Document("x", "谈判原地打转。"), *documents()[3:5]]
    found = extract_all(
        given,
        Recipe(model=False),
        processes,
        lambda skip: skips.append(str(skip)),
        prepare=backtrack,
        seconds=LIMIT,
    )
    assert [one.document.id for one in found] == ["0", "1", "3", "4"]
    assert len(skips) == 1 and skips[0].startswith("x: ") and f"{LIMIT:g} s" in skips[0]


def test_workers_end_with_one_line_where_no_process_lives() -> None:
    with pytest.raises(KgxError, match="worker process died"):
        list(extract_all(documents(), Stillborn(), 2, lambda _: None))


def test_workers_make_no_pipeline_for_nothing() -> None:
    assert list(extract_all([], Stillborn(), 2, lambda _: None)) == []


@pytest.mark.parametrize("soon", [False, True])
def test_workers_give_the_same_whether_or_not_one_is_expected_soon(soon: bool) -> None:
    given = [one for one in documents() if one.id not in BAD]
    found = list(extract_all(iter(given), Recipe(model=False), 2, lambda _: None, soon=soon))
    assert [one.document.id for one in found] == [one.id for one in given]
    assert list(extract_all(iter(()), Recipe(model=False), 2, lambda _: None, soon=soon)) == []
