import re
import time

import pytest
from articles import first, second
from hostile import BREAK, EVIL, hostile, many
from tabs import violations

from kgx.viz.links import Choice

ZH, EN = "习近平", "Xi Jinping"


def shown(tab):
    """How many entities and links the line below the picture tells of."""
    return [int(number) for number in re.findall(r"\d+", tab.inner_text("#status"))[:2]]


def choose(tab, text):
    tab.fill("#search", text)
    tab.wait_for_selector("#found li")
    tab.press("#search", "Enter")


def test_network_is_interactive_within_two_seconds(watched, example_page):
    began = time.monotonic()
    tab = watched.open(example_page)
    choose(tab, ZH)
    tab.wait_for_selector("#panel h2:has-text('习近平')")
    seconds = time.monotonic() - began
    print(f"interactive after {seconds:.2f} s")  # told, not asserted: machines differ


@pytest.mark.parametrize("text", [ZH, EN, "xi jin"])
def test_network_search_finds_names_in_both_languages(watched, example_page, text):
    tab = watched.open(example_page)
    choose(tab, text)
    assert tab.inner_text("#panel h2").endswith(ZH)
    assert tab.get_attribute("#panel a[href*='wikidata']", "href") == "https://www.wikidata.org/wiki/Q15031"


def unfold(tab, *summaries):
    """Open facts, and wait for what is written into each when the browser tells that it is open."""
    for summary in summaries:
        summary.click()
    opened = "[...document.querySelectorAll('#panel details[open]')]"
    tab.wait_for_function(f"() => {opened}.every((one) => one.children.length > 1)")


def test_network_click_on_a_node_and_a_fact_shows_the_evidence(watched, page_of):
    tab = watched.open(page_of(first(), second()))
    x, y = tab.evaluate("kgx.at('person/Q101')")
    tab.mouse.click(x, y)
    tab.wait_for_selector("#panel h2:has-text('高山')")
    assert "总统" in tab.inner_text("#panel")
    unfold(tab, tab.query_selector("#panel summary:has-text('河城')"))
    quotes = tab.inner_text("#panel details[open]")
    assert "举行会谈" in quotes
    marked = tab.eval_on_selector_all("#panel details[open] mark", "all => all.map(one => one.textContent)")
    assert {"高山", "林泉"} <= set(marked)
    link = tab.query_selector("#panel details[open] a[href^='https://example.org']")
    assert link is not None and link.inner_text() == "高山同林泉会谈"


def test_network_click_on_a_link_shows_what_it_rests_on(watched, page_of):
    tab = watched.open(page_of(first(), second()))
    ends = [tab.evaluate(f"kgx.at('{key}')") for key in ("person/Q101", "place/河城")]
    tab.mouse.click(*((a + b) / 2 for a, b in zip(*ends, strict=True)))
    tab.wait_for_selector("#panel .ends")
    assert "会见" in tab.inner_text("#panel .facts")


def test_network_legend_and_kinds_and_status_filter(watched, example_page):
    tab = watched.open(example_page)
    nodes, links = shown(tab)
    tab.uncheck("fieldset.entities input[value=Country]")
    fewer, _ = shown(tab)
    assert fewer < nodes
    tab.check("fieldset.entities input[value=Country]")
    assert shown(tab) == [nodes, links]
    tab.uncheck("fieldset.kinds input[value=Meet]")
    assert shown(tab) != [nodes, links]
    tab.check("fieldset.kinds input[value=Meet]")
    tab.uncheck("fieldset.status input[value=planned]")
    assert shown(tab)[1] < links


def test_network_planned_is_dashed_and_negated_crossed(watched, page_of):
    tab = watched.open(page_of(second()))
    looks = tab.evaluate("kgx.view().links.map(one => one.statements.map(said => said.status).join())")
    assert any(set(look.split(",")) == {"planned"} for look in looks)
    assert tab.is_visible("fieldset.status .line.planned")


def test_network_time_slider_narrows_and_the_link_keeps_it(watched, page_of):
    tab = watched.open(page_of(many(30)))
    assert shown(tab) == [30, 29]
    tab.evaluate("""() => { const one = document.getElementById('slide-from');
        one.value = Number(one.max) - 2; one.dispatchEvent(new Event('input', { bubbles: true })); }""")
    assert shown(tab) == [16, 15]
    assert "from=2024-03" in tab.url


def test_network_number_slider_shows_more(watched, page_of):
    tab = watched.open(page_of(many(400)))
    assert shown(tab)[0] == 150
    tab.focus("#slide-nodes")
    tab.keyboard.press("End")
    assert shown(tab)[0] == 400
    assert "top=400" in tab.url


def test_network_ego_path_and_shared_link(watched, example_page):
    tab = watched.open(example_page)
    choose(tab, ZH)
    tab.click("#panel .tools button:nth-of-type(1)")
    one = shown(tab)[0]
    tab.click("#panel .tools button:nth-of-type(2)")
    assert shown(tab)[0] > one
    tab.fill("#panel .tools input", "India")
    tab.press("#panel .tools input", "Enter")
    tab.wait_for_selector("#panel h2:has-text('路径')")
    told = tab.inner_text("#panel")
    assert "印度" in told and ZH in told
    fragment = tab.url.partition("#")[2]
    assert "goal=country%2FIND" in fragment
    again = watched.open(example_page, fragment)
    assert again.inner_text("#panel") == told


def test_network_whatever_stands_in_the_address_is_harmless(watched, example_page):
    tab = watched.open(
        example_page, "n=<script>&goal=x&ego=99&top=-1&from=2023-99x&nokind=a,b&pair=|&lang=%22"
    )
    assert shown(tab)[0] >= 1


def test_network_switches_language(watched, example_page):
    tab = watched.open(example_page)
    tab.click("#language")
    assert tab.get_attribute("html", "lang") == "en"
    assert "Xi Jinping" in tab.inner_text("#panel")
    assert "Types of fact" in tab.inner_text("#controls")
    assert "lang=en" in tab.url


def test_network_is_reached_by_keyboard_alone(watched, example_page):
    tab = watched.open(example_page)
    tab.keyboard.press("/")
    tab.keyboard.type(EN)
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#panel h2:has-text('习近平')")
    for _ in range(80):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    tab.keyboard.press("Enter")
    assert tab.wait_for_selector("#panel details[open] blockquote")  # filled when the details open
    tab.keyboard.press("Escape")
    assert tab.wait_for_selector("#panel h2:has-text('最重要的实体')")


def test_network_all_controls_have_names(watched, example_page):
    tab = watched.open(example_page, "n=country/CHN")
    nameless = tab.evaluate("""() => [...document.querySelectorAll('button, input, [role=img]')]
        .filter((one) => one.checkVisibility() && !(one.innerText || '').trim())
        .filter((one) => !one.getAttribute('aria-label') && !(one.labels || []).length)
        .map((one) => one.outerHTML)""")
    assert nameless == []


@pytest.mark.parametrize("fragment", ["", "n=country/CHN", "n=country/CHN&goal=country/IND&lang=en"])
def test_network_keeps_to_wcag(watched, example_page, fragment):
    tab = watched.open(example_page, fragment)
    unfold(tab, *tab.query_selector_all("#panel summary")[:2])
    assert violations(tab) == []


def test_network_text_has_contrast(watched, example_page):
    tab = watched.open(example_page, "n=country/CHN&ego=1")
    unfold(tab, tab.query_selector("#panel summary"))
    assert tab.evaluate(CONTRAST) == []


@pytest.mark.parametrize("fragment", ["", "n=country/CHN", "n=country/CHN&ego=2", "lang=en"])
def test_network_fits_a_narrow_window(narrow, example_page, fragment):
    tab = narrow.open(example_page, fragment)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert tab.evaluate("document.getElementById('panel').clientHeight") > 200
    tab.click("#filters")
    assert tab.is_visible("#controls")
    over = tab.evaluate("""() => [...document.querySelectorAll('#controls *, header *')]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > 391).length""")
    assert over == 0


def test_network_shows_hostile_words_and_runs_none(watched, page_of):
    path = page_of(hostile(), title=BREAK)
    tab = watched.open(path)
    choose(tab, "onerror")
    assert EVIL in tab.inner_text("#panel h2")
    unfold(tab, *tab.query_selector_all("#panel summary"))
    told = tab.inner_text("#panel")
    assert BREAK in told and "javascript:window.pwned=4" in told and "<i>长官</i>" in told
    assert tab.query_selector("a[href^='javascript']") is None
    assert tab.query_selector("#panel img") is None
    assert tab.evaluate("window.pwned") is None
    assert tab.inner_text("#title") == BREAK
    choose(tab, "window.pwned=2")
    assert tab.query_selector("#panel a[href*='wikidata']") is None


def test_network_with_many_nodes_opens_on_the_top_of_it(watched, page_of):
    path = page_of(many(2200), choice=Choice(top=2200))
    tab = watched.open(path)
    assert shown(tab)[0] == 150
    choose(tab, "地7")
    assert "地7" in tab.inner_text("#panel h2")
    tab.click("#panel .tools button:nth-of-type(1)")
    assert shown(tab)[0] >= 2


def test_network_of_nothing_says_so(watched, page_of):
    tab = watched.open(page_of())
    assert "没有" in tab.inner_text("#status")


CONTRAST = """() => {
  const channel = (value) => {
    value /= 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const back = (one) => {
    for (; one; one = one.parentElement) {
      const found = parse(getComputedStyle(one).backgroundColor);
      if (found.length === 3 || found[3] > 0.85) return found.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const out = [];
  for (const one of document.querySelectorAll('body *')) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !one.checkVisibility() || ['SCRIPT', 'NOSCRIPT', 'STYLE'].includes(one.tagName)) continue;
    if (one.getAttribute('aria-hidden') === 'true') continue;
    const [a, b] = [light(parse(getComputedStyle(one).color)), light(back(one))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) out.push([one.tagName, one.className, ratio, one.textContent.slice(0, 20)].join(' '));
  }
  return out;
}"""
