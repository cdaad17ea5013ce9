"""A document that tries to be markup, script or address wherever something of it is shown."""

from dataclasses import replace

from articles import fact

from kgx.model import Document, Entity, Extraction, Position

EVIL = '<img src=x onerror="window.pwned=1">'
BREAK = "</script><script>window.pwned=2</script>"
QUOTES = "\"'`<!--${window.pwned=3}"


def hostile():
    """Names, titles, texts and addresses with markup in them."""
    text = f"{EVIL}在河城会见{BREAK}。{QUOTES}出席。"
    entities = (
        Entity(EVIL, "Person", (EVIL,), label_en="<b>Evil</b>"),
        Entity(BREAK, "Person", (BREAK,), qid='Q1"><script>'),
        Entity(QUOTES, "Organization", (QUOTES,)),
        Entity("河城", "Place", ("河城",)),
    )
    meet = fact(
        "Meet", text, text.split("。")[0], participant=(EVIL, BREAK), place=("河城",), date="2024-01-05"
    )
    say = fact("Stance", text, text, holder=(QUOTES,), polarity=("support",), target=(BREAK,))
    document = Document(
        "</script>", text, date="2024-01-06", title=BREAK, publisher=EVIL, url="javascript:window.pwned=4"
    )
    return Extraction(
        document, entities, facts=(meet, say), positions=(Position(EVIL, "<i>长官</i>", QUOTES),)
    )


def many(number):
    """A document with so many places, each linked with the first; half of them in 2020, half in 2024."""
    names = [f"地{index}" for index in range(number)]
    text = "，".join(names) + "。"
    facts = tuple(
        replace(
            fact("Visit", text, text, visitor=(names[0],), destination=(name,)),
            date="2020-05-01" if rank % 2 else "2024-05-01",
        )
        for rank, name in enumerate(names[1:])
    )
    entities = tuple(Entity(name, "Place", (name,)) for name in names)
    return Extraction(Document("many", text, date="2024-06-01"), entities, facts=facts)
