from dataclasses import replace

from kgx.facttypes import fact_types
from kgx.nlp.consolidate import Draft, consolidate
from kgx.nlp.trace import Log

TYPES = fact_types()
KINDS = {"李明": "Person", "王强": "Person", "赵刚": "Person", "法国": "Country", "巴黎": "Place"}


def draft(kind, *, status="actual", start=0, date=None, region="body", **roles):
    roles = {role: (value,) if isinstance(value, str) else value for role, value in roles.items()}
    types = {filler: KINDS.get(filler) for fillers in roles.values() for filler in fillers}
    return Draft(kind, roles, types, status, start, start + 5, "rule", 0.9, date, kind=region)


def test_consolidate_makes_one_fact_of_repeated_reports():
    first = draft("Meet", participant=("李明", "王强"), date="2024-03-02")
    second = draft("Meet", participant=("王强", "李明"), place="巴黎", start=20)
    (one,) = consolidate([first, second], "2024-03-05", TYPES)
    assert one.roles["place"] == ("巴黎",)
    assert one.date == "2024-03-02"


def test_consolidate_keeps_apart_what_differs_in_participants_or_date():
    first = draft("Meet", participant=("李明", "王强"), date="2024-03-02")
    assert len(consolidate([first, draft("Meet", participant=("李明", "赵刚"))], "2024-03-05", TYPES)) == 2
    assert len(consolidate([first, replace(first, date="2024-03-04")], "2024-03-05", TYPES)) == 2


def test_consolidate_keeps_a_plan_apart_from_what_happened():
    first = draft("Visit", visitor="李明", destination="法国", date="2024-03-02")
    plan = draft("Visit", visitor="李明", destination="法国", status="planned", start=30)
    assert [one.status for one in consolidate([first, plan], "2024-03-05", TYPES)] == ["actual", "planned"]


def test_consolidate_takes_the_finer_date():
    first = draft("Visit", visitor="李明", destination="法国", date="2024-03")
    second = draft("Visit", visitor="李明", destination="法国", date="2024-03-02", start=9)
    (one,) = consolidate([first, second], "2024-03-05", TYPES)
    assert one.date == "2024-03-02"


def test_consolidate_what_happened_long_ago_is_background():
    (one,) = consolidate(
        [draft("Visit", visitor="李明", destination="法国", date="2019")], "2024-03-05", TYPES
    )
    assert one.status == "past"


def test_consolidate_what_lies_ahead_is_planned():
    late = draft("Visit", visitor="李明", destination="法国", date="2024-03-20")
    assert consolidate([late], "2024-03-05", TYPES)[0].status == "planned"
    assert consolidate([late], None, TYPES)[0].status == "actual"


def test_consolidate_leaves_a_headline_to_the_body():
    head = draft("Meet", participant=("李明", "法国总统"), region="title")
    body = draft("Meet", participant=("李明", "王强"), start=30)
    log = Log()
    assert consolidate([head, body], "2024-03-05", TYPES, log) == [body]
    assert [fate.end for fate in log.fates] == ["headline", "fact"]


def test_consolidate_persons_meet_without_their_states():
    (one,) = consolidate([draft("Meet", participant=("李明", "法国", "王强"))], None, TYPES)
    assert one.roles["participant"] == ("李明", "王强")


def test_consolidate_notes_into_which_fact_a_draft_went():
    first = draft("Meet", participant=("李明", "王强"))
    other = draft("Visit", visitor="李明", destination="法国", start=10)
    log = Log()
    found = consolidate([other, first, replace(first, start=30, end=35)], None, TYPES, log)
    assert [(fate.end, fate.at) for fate in log.fates] == [("fact", 0), ("fact", 1), ("merged", 1)]
    assert log.results == found


def test_consolidate_adds_up_who_holds_a_named_event():
    KINDS["甲论坛"] = "Event"
    found = consolidate(
        [
            draft("Host", event="甲论坛", place="巴黎", date="2024-03-02"),
            draft("Host", event="甲论坛", host="法国", start=20),
            draft("Host", event="甲论坛", host="王强", start=40),
        ],
        "2024-03-05",
        TYPES,
    )
    assert [one.roles["host"] for one in found] == [("法国", "王强")]
    assert found[0].date == "2024-03-02"


def test_consolidate_takes_what_somebody_tells_again_for_what_was_told():
    KINDS["中法联合声明"] = "Agreement"
    told = draft("Sign", signatory=("李明", "王强"), document="中法联合声明", date="2024-03-04")
    again = replace(
        draft("Sign", signatory=("李明", "王强"), document="一份重要的联合声明", status="past", start=50),
        in_speech=True,
    )
    assert consolidate([told, again], "2024-03-05", TYPES) == [told]
    other = replace(again, date="2019")
    assert len(consolidate([told, other], "2024-03-05", TYPES)) == 2


def test_consolidate_knows_an_event_without_its_number():
    KINDS.update(dict.fromkeys(("甲峰会", "第五次甲峰会", "第六次甲峰会"), "Event"))

    def plain(name):
        return name.removeprefix("第五次").removeprefix("第六次")

    first = draft("Attend", attendee="李明", event="第五次甲峰会", start=1)
    short = draft("Attend", attendee="李明", event="甲峰会", start=20)
    sixth = draft("Attend", attendee="李明", event="第六次甲峰会", start=40)
    assert len(consolidate([first, short], None, TYPES, None, plain)) == 1
    assert len(consolidate([first, sixth], None, TYPES, None, plain)) == 2


def test_consolidate_an_invitation_to_what_lies_ahead_is_no_plan():
    ahead = draft("Invite", inviter="李明", invitee="王强", date="2024-11")
    assert consolidate([ahead], "2024-03-05", TYPES)[0].status == "actual"


def test_consolidate_lends_the_main_event_to_what_names_it():
    main = draft("Meet", participant=("李明", "王强"), place="巴黎", date="2024-03-02")
    present = replace(draft("Attend", attendee="赵刚", event="会见", start=30), of_main=True)
    several = draft("Attend", attendee="赵刚", event="上述活动", start=60)
    aside = replace(draft("Attend", attendee="王强", event="闭幕式", start=90), aside=True)
    _, one, two, three = consolidate([main, present, several, aside], "2024-03-05", TYPES)
    assert (one.date, one.roles.get("place")) == ("2024-03-02", ("巴黎",))
    assert (two.date, two.roles.get("place")) == ("2024-03-02", None)
    assert (three.date, three.roles.get("place")) == (None, None)


def test_consolidate_keeps_apart_what_several_hold_without_a_name():
    told = [
        draft("Host", host="法国", event="招待会"),
        draft("Host", event="招待会", place="巴黎", start=40),
        draft("Host", host="赵刚", event="招待会", start=80),
    ]
    assert [one.roles.get("place") for one in consolidate(told, "2024-03-05", TYPES)] == [
        None,
        ("巴黎",),
        None,
    ]
    (one,) = consolidate(told[:2], "2024-03-05", TYPES)
    assert (one.roles["host"], one.roles["place"]) == (("法国",), ("巴黎",))
