"""Extractions made by hand, for tests of what comes after extraction."""

from kgx.model import Document, Entity, Extraction, Fact, Mention, Position

FIRST = "海国总统高山2日在河城同山国总理林泉举行会谈。林泉支持自由航行倡议。"
SECOND = "山国总理林泉会见海国总统高山。海国不支持关税。"

HIGH = Entity("高山", "Person", ("高山",), key="Q101", qid="Q101", label_en="Gao Shan")
SPRING = Entity("林泉", "Person", ("林泉",))
SEA = Entity("海国", "Country", ("海国", "海方"), key="country/SEA", qid="Q102", label_en="Sea")
HILL = Entity("山国", "Country", ("山国",))
CITY = Entity("河城", "Place", ("河城",), kind="city")
PLAN = Entity("自由航行倡议", "Initiative", ("自由航行倡议",))


def fact(kind, text, quote, *, rule="test", status="actual", date=None, source=None, code=None, **roles):
    start = text.index(quote)
    return Fact(kind, roles, status, quote, start, start + len(quote), rule, 0.95, date, source, code)


def meeting(text, quote, **more):
    return fact("Meet", text, quote, participant=("高山", "林泉"), date="2024-03-02", code="CONSULT", **more)


def first():
    text = FIRST
    return Extraction(
        Document(
            "first",
            text,
            date="2024-03-03",
            title="高山同林泉会谈",
            publisher="某报",
            authors=("甲某",),
            keywords=("会谈",),
            edition="01",
            url="https://example.org/新闻?id=1",
        ),
        entities=(HIGH, SPRING, SEA, HILL, CITY, PLAN),
        positions=(Position("高山", "总统", "海国", 0, 6), Position("林泉", "总理", "山国", 13, 19)),
        facts=(
            meeting(text, "海国总统高山2日在河城同山国总理林泉举行会谈", place=("河城",)),
            fact(
                "Stance",
                text,
                "林泉支持自由航行倡议",
                holder=("林泉",),
                polarity=("support",),
                target=("自由航行倡议",),
                source="林泉",
            ),
        ),
        mentions=(Mention(4, 6, "Person", ("高山",)), Mention(0, 2, "Country", ("海国",), score=0.9)),
        topics=("会谈", "倡议"),
    )


def second():
    text = SECOND
    return Extraction(
        Document("second", text, date="2024-03-04"),
        entities=(HIGH, SPRING, SEA, HILL),
        positions=(Position("高山", "总统", "海国"), Position("林泉", "前总理", "山国")),
        facts=(
            meeting(text, "山国总理林泉会见海国总统高山", rule="other"),
            fact(
                "Stance",
                text,
                "海国不支持关税",
                holder=("海国",),
                polarity=("support",),
                target=("关税",),
                status="negated",
            ),
            fact(
                "Visit", text, "林泉", visitor=("林泉",), destination=("海国",), date="2024", status="planned"
            ),
        ),
    )
