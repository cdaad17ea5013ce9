import threading
import time

import pytest
import uvicorn
from articles import first, second
from hostile import hostile

from kgx import records
from kgx.explore.app import make_app
from kgx.explore.corpus import Corpus


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of an explorer over three documents."""
    folder = tmp_path_factory.mktemp("build")
    lines = "".join(records.dumps(one) + "\n" for one in (first(), second(), hostile()))
    (folder / "extractions.jsonl").write_text(lines, encoding="utf-8")
    served = uvicorn.Server(uvicorn.Config(make_app(Corpus(folder)), port=0, log_level="warning"))
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    while not served.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{served.servers[0].sockets[0].getsockname()[1]}"
    served.should_exit = True
    thread.join(10)


def test_explorer_leads_from_search_to_evidence_to_document(chromium, server):
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    tab = context.new_page()
    faults, requests = [], []
    tab.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda fault: faults.append(str(fault)))
    tab.on("request", lambda request: requests.append(request.url))
    tab.goto(server)
    tab.fill("#q", "gao")
    tab.wait_for_selector("#found li")
    tab.press("#q", "ArrowDown")
    tab.press("#q", "Enter")
    tab.wait_for_selector("h1:has-text('高山')")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.click("summary:has-text('河城')")
    assert tab.eval_on_selector_all("details[open] mark", "all => all.map(one => one.textContent)")
    tab.click("details[open] figcaption a")
    assert tab.inner_text("h1") == "高山同林泉会谈"
    tab.click(".language")
    assert tab.get_attribute("html", "lang") == "en"
    tab.goto(f"{server}/?q=onerror")
    tab.click("main li a")
    assert "onerror" in tab.inner_text("h1") and tab.evaluate("window.pwned") is None
    context.close()
    assert faults == []
    assert all(url.startswith((server, "data:")) for url in requests)
