import re
from urllib.parse import quote

import pytest
from articles import first, second
from hostile import BREAK, EVIL, hostile
from tabs import served, violations

from kgx import records

PAIR = "/pair?a=country/CHN&b=country/RUS"
PAGES = (
    "/",
    f"/search?q={quote('中国')}",
    "/documents",
    "/entity/person/Q15031",
    "/entity/country/CHN?from=2014&to=2030",
    PAIR,
    "/measures",
    "/measures?before=2014&after=2023",
    "/sparql",
    f"/sparql?ask=timeline&p_one={quote('中国')}&p_other={quote('俄罗斯')}",
)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The address of an explorer over three documents, one of them hostile."""
    folder = tmp_path_factory.mktemp("build")
    lines = "".join(records.dumps(one) + "\n" for one in (first(), second(), hostile()))
    (folder / "extractions.jsonl").write_text(lines, encoding="utf-8")
    with served(folder) as address:
        yield address


def settled(tab):
    """The page when its measures are taken and its network is drawn."""
    tab.wait_for_selector("body:not([data-waiting])", timeout=30_000)
    for one in tab.query_selector_all(".network"):
        one.scroll_into_view_if_needed()
    tab.wait_for_selector(".network:not([data-ready])", state="detached")
    return tab


def test_explorer_leads_from_search_to_evidence_to_the_place_in_the_text(narrow_visited, small):
    tab = narrow_visited.tab
    tab.goto(small)
    tab.fill("#q", "gao")
    tab.wait_for_selector("#found li")
    tab.press("#q", "ArrowDown")
    tab.press("#q", "Enter")
    tab.wait_for_selector("h1:has-text('高山')")
    tab.click("summary:has-text('河城')")
    assert tab.eval_on_selector_all("details[open] mark", "all => all.map(one => one.textContent)")
    tab.click("details[open] figcaption a")
    assert tab.inner_text("h1") == "高山同林泉会谈"
    place = tab.url.partition("#")[2]
    assert tab.inner_text(f"#{place}").startswith("海国")


def test_explorer_goes_between_a_fact_and_its_words(visited, small):
    tab = visited.tab
    tab.goto(f"{small}/document?id=first")
    tab.click("a.ref >> nth=0")
    fact = tab.wait_for_selector("details[data-fact][open]")
    number = fact.get_attribute("data-fact")
    lit = tab.eval_on_selector_all(".lit", "all => all.map(one => one.textContent).join('')")
    assert lit and all(
        number in one.get_attribute("data-facts").split() for one in tab.query_selector_all(".lit")
    )
    tab.click("details[open] a.jump")
    assert re.search(r"#c\d+$", tab.url)


def test_explorer_answers_what_two_states_did_in_a_year(visited, explorer):
    tab = visited.tab
    tab.goto(explorer)
    tab.fill("#q", "中俄")
    tab.wait_for_selector("#found li:has-text('⇄')")
    tab.click("#found li:has-text('⇄')")
    tab.wait_for_selector("h1:has-text('俄罗斯')")
    tab.fill("input[name=from]", "2024")
    tab.fill("input[name=to]", "2024")
    tab.click(".filters button")
    assert tab.query_selector_all(".listed .fact") and len(tab.query_selector_all(".chart svg a")) > 1


def test_explorer_draws_networks_that_lead_on(visited, explorer):
    tab = visited.tab
    tab.goto(explorer + "/entity/person/Q15031")
    settled(tab)
    tab.click("button[data-by=facts]")
    tab.wait_for_selector(".network[data-ready]:has(button[data-by=facts][aria-pressed=true])")
    tab.wait_for_load_state("networkidle")
    x, y = tab.evaluate("""() => { const all = document.querySelector('.network').picture;
        return all.at(1); }""")
    tab.mouse.click(x, y)
    tab.wait_for_url(re.compile("/entity/(?!person/Q15031)"))


@pytest.mark.parametrize("kind, name", [("net", "network.png"), ("chart", "timeline.png")])
def test_explorer_saves_pictures(visited, explorer, kind, name):
    tab = visited.tab
    tab.goto(explorer + "/entity/country/CHN")
    settled(tab)
    with tab.expect_download() as download:
        tab.click(f"button[data-png={kind}]")
    assert download.value.suggested_filename == name
    assert download.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_explorer_suggests_fillers_of_questions(visited, explorer):
    tab = visited.tab
    tab.goto(explorer + "/sparql?ask=meetings")
    tab.fill("#p_person", "Xi Jin")
    tab.wait_for_selector("#found-person li")
    tab.press("#p_person", "ArrowDown")
    tab.press("#p_person", "Enter")
    assert tab.input_value("#p_person") == "习近平"
    tab.click("form.ask button")
    tab.wait_for_selector("table.answer td details")


def test_explorer_switches_language_and_stays_on_the_page(visited, explorer):
    tab = visited.tab
    tab.goto(explorer + PAIR)
    tab.click(".language")
    assert tab.get_attribute("html", "lang") == "en"
    assert "Russia" in tab.inner_text("h1") and "pair?" in tab.url


def test_explorer_is_reached_by_keyboard_alone(visited, explorer):
    tab = visited.tab
    tab.goto(explorer + PAIR)
    tab.keyboard.press("Tab")
    assert "skip" in tab.evaluate("document.activeElement.className")
    tab.keyboard.press("Enter")
    for _ in range(60):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    tab.keyboard.press("Enter")
    assert tab.wait_for_selector("details.fact[open] blockquote")
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.id") == "q"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_explorer_pages_keep_to_wcag_and_fit_a_telephone(narrow_visited, explorer, path, language):
    tab = narrow_visited.tab
    tab.goto(f"{explorer}{path}{'&' if '?' in path else '?'}lang={language}")
    settled(tab)
    for summary in tab.query_selector_all("main summary")[:2]:
        summary.click()
    assert violations(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", PAGES)
def test_explorer_pages_do_not_jump_while_they_load(visited, explorer, path):
    tab = visited.tab
    tab.add_init_script("""window.shift = 0; new PerformanceObserver((list) => {
        for (const one of list.getEntries()) if (!one.hadRecentInput) window.shift += one.value;
    }).observe({ type: 'layout-shift', buffered: true });""")
    tab.goto(explorer + path)
    settled(tab)
    assert tab.evaluate("window.shift") < 0.1  # what is called good


def test_explorer_shows_hostile_words_and_runs_none(visited, small):
    tab = visited.tab
    for path in ("/", "/search?q=onerror", "/documents", f"/document?id={quote('</script>')}", "/measures"):
        tab.goto(small + path)
        settled(tab)
        assert tab.evaluate("window.pwned") is None
        assert tab.query_selector("a[href^=javascript]") is None
    tab.goto(f"{small}/search?q=onerror")
    tab.click("main .entities a")
    settled(tab)
    for summary in tab.query_selector_all("summary"):
        summary.click()
    assert EVIL in tab.inner_text("h1") and tab.query_selector("main img") is None
    tab.fill("#q", "window.pwned=2")
    tab.wait_for_selector("#found li")
    assert BREAK in tab.inner_text("#found")
    assert tab.evaluate("window.pwned") is None
