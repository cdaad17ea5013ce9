import sys

import pytest

from kgx.errors import RuleError
from kgx.facttypes import fact_types
from kgx.nlp.frames import load_frames, sited_frames
from kgx.nlp.trace import Log
from kgx.rulebook import RuleFolder
from kgx.rulefiles import check
from kgx.schemas.frames import Plover

MEETING = """\
- name: {name}
  emits: Meet
  triggers: [{triggers}]
  slots:
    participant: [subject, with]
  need: {{participant: 2}}
"""


def folder(tmp_path, text, name="frames/mine.yml"):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return RuleFolder(tmp_path)


def book(tmp_path, text):
    return load_frames(folder(tmp_path, text), fact_types())


def called(found, text, log=None):
    """Names of frames with the words that called them, every place being a word's edge."""
    triggers = found.triggers(text, b"\1" * (len(text) + 1), log)
    return [(t.frame.name, text[t.lead : t.end]) for t in triggers if t.frame.name.startswith("my")]


def test_frames_shipped_have_unique_names_and_known_types():
    frames = [one.rule for one in sited_frames(RuleFolder())]
    assert len({frame.name for frame in frames}) == len(frames)
    assert {frame.emits for frame in frames} == set(fact_types())


def test_frames_trigger_of_two_parts_needs_both_near_and_unbroken(tmp_path):
    found = book(tmp_path, MEETING.format(name="my", triggers="握手*寒暄"))
    assert called(found, "甲乙握手并亲切寒暄") == [("my", "握手并亲切寒暄")]
    assert called(found, "甲乙握手，寒暄") == []
    assert called(found, "甲乙握手的寒暄") == []
    assert called(found, "甲乙寒暄") == []
    assert called(found, "握手" + "甲" * 20 + "寒暄") == []


def test_frames_longest_trigger_wins(tmp_path):
    found = book(tmp_path, MEETING.format(name="my", triggers="寒暄, 亲切寒暄"))
    assert called(found, "甲乙亲切寒暄") == [("my", "亲切寒暄")]


@pytest.mark.parametrize(
    ("guard", "text", "refused"),
    [
        ("not_after: [机制]", "甲乙寒暄机制", "not_after"),
        ("not_before: [次]", "这次寒暄", "not_before"),
        ("after: [了]", "甲乙寒暄时", "after"),
        ("before: [亲切]", "甲乙寒暄", "before"),
    ],
)
def test_frames_guards_refuse_and_say_so(tmp_path, guard, text, refused):
    found = book(tmp_path, MEETING.format(name="my", triggers="寒暄") + f"  {guard}\n")
    log = Log()
    assert called(found, text, log) == []
    assert [note.refused for note in log.triggers if note.rule == "my"] == [refused]


def test_frames_user_adds_and_replaces_by_name(tmp_path):
    text = MEETING.format(name="my-own", triggers="寒暄") + MEETING.format(name="talks", triggers="碰头")
    frames = {one.rule.name: one.rule for one in sited_frames(folder(tmp_path, text))}
    assert frames["talks"].triggers == ("碰头",)
    assert "my-own" in frames
    assert set(frames) == {one.rule.name for one in sited_frames(RuleFolder())} | {"my-own"}


def test_frames_user_file_of_a_shipped_name_replaces_only_frames_of_its_names(tmp_path):
    user = folder(tmp_path, MEETING.format(name="my-own", triggers="寒暄"), "frames/meet.yml")
    assert {"my-own", "talks"} <= {one.rule.name for one in sited_frames(user)}


def test_frames_user_switches_a_frame_off(tmp_path):
    from kgx.model import Document
    from kgx.nlp.pipeline import extract_document, make_pipeline

    user = folder(tmp_path, "- {name: talks, emits: Meet, triggers: [], slots: {}}\n")
    document = Document("x", "习近平同普京举行会谈。", "2024-03-05")
    assert any(fact.rule == "talks" for fact in extract_document(make_pipeline(), document).facts)
    assert not any(fact.rule == "talks" for fact in extract_document(make_pipeline(user), document).facts)


def test_frames_of_one_name_are_refused_with_both_lines(tmp_path):
    text = MEETING.format(name="my", triggers="寒暄") * 2
    with pytest.raises(RuleError, match=r"mine\.yml:7: 'my' was defined before at line mine\.yml:1"):
        sited_frames(folder(tmp_path, text))


@pytest.mark.parametrize(
    ("line", "number", "words"),
    [
        ("  whatever: 1", 7, "Extra inputs"),
        ("  anchor: maybe", 7, "anchor"),
        ("  each: [guest]", 7, "no role 'guest'"),
        ("  set: {place: 巴黎, mood: 好}", 7, "no role 'mood'"),
        ("  plover: {event: CONSUL}", 7, "no event of PLOVER"),
        ("  plover: {event: CONSULT, mode: walk}", 7, "CONSULT has no mode 'walk'"),
        ("  plover: {event: CONSULT, context: sport}", 7, "no context of PLOVER"),
    ],
)
def test_frames_faults_name_the_line_of_the_key(tmp_path, line, number, words):
    folder(tmp_path, MEETING.format(name="my", triggers="寒暄") + line + "\n")
    (fault,) = check(tmp_path)
    assert f"mine.yml:{number}: " in str(fault)
    assert words in str(fault)


def test_frames_faults_inside_a_slot_name_its_line(tmp_path):
    text = MEETING.format(name="my", triggers="寒暄").replace(
        "    participant: [subject, with]\n",
        "    participant: [subject, with]\n    place:\n      from: at\n      typs: [Place]\n",
    )
    folder(tmp_path, text)
    (fault,) = check(tmp_path)
    assert "mine.yml:8: slots.place.typs" in str(fault)


def test_frames_unknown_fact_type_names_the_line(tmp_path):
    folder(tmp_path, "# mine\n\n" + MEETING.format(name="my", triggers="寒暄").replace("Meet", "Greet"))
    (fault,) = check(tmp_path)
    assert "mine.yml:4: my: emits 'Greet', which is no fact type" in str(fault)


def test_frames_codes_are_stable_strings():
    code = Plover.model_validate(
        {"event": "CONSULT", "words": {"电话": {"event": "CONSULT", "mode": "phone"}}}
    )
    assert code.code("会见") == "CONSULT"
    assert code.code("通电话") == "CONSULT:phone"
    assert Plover(event="SUPPORT", context="diplomatic").code("支持") == "SUPPORT::diplomatic"


def _calls(work):
    """How many functions `work` calls, Python's and built-in ones."""
    count = 0

    def watch(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def _many(tmp_path, number):
    names = [f"甲{chr(0x4E00 + n % 200)}{chr(0x5000 + n // 200)}乙" for n in range(number)]
    text = "".join(MEETING.format(name=f"my-{n}", triggers=name) for n, name in enumerate(names))
    return book(tmp_path / str(number), text), names[0]


def test_frames_cost_does_not_grow_with_their_number(tmp_path):
    few, word = _many(tmp_path, 100)
    many, _ = _many(tmp_path, 1000)
    text = ("昨天下午" + word + "举行会谈并对此表示高度赞赏，") * 50
    bounds = b"\1" * (len(text) + 1)
    costs = [_calls(lambda one=one: list(one.triggers(text, bounds))) for one in (few, many)]
    assert costs[1] <= 2 * costs[0]
    assert len(list(few.triggers(text, bounds))) == len(list(many.triggers(text, bounds))) > 50


def test_frames_cost_is_linear_in_the_text(tmp_path):
    found, word = _many(tmp_path, 100)
    piece = "昨天下午" + word + "举行会谈并对此表示高度赞赏，"

    def cost(times):
        text = piece * times
        return _calls(lambda: list(found.triggers(text, b"\1" * (len(text) + 1))))

    assert cost(400) <= 4.1 * cost(100)


def test_frames_all_in_use_count_for_the_rules_hash(tmp_path):
    from kgx.provenance import this_run

    user = folder(tmp_path, MEETING.format(name="my-own", triggers="寒暄"), "frames/meet.yml")
    names = {(path.name, path.parent == tmp_path / "frames") for path in user.files("yml")}
    assert {("meet.yml", True), ("meet.yml", False)} <= names
    assert this_run(user) != this_run(RuleFolder())
