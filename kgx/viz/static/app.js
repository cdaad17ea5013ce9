// Wires data, state, picture, panel and filters together.
function start(data) {
  const byId = (name) => document.getElementById(name);
  let state = fromFragment(data, window.location.hash);
  let net = linksOf(data, state);
  let view = null;
  let written = null;
  let wasDetail = false;

  const act = {
    node: (index) => change(() => { state.node = index; state.goal = null; state.pair = null; if (state.ego) state.ego = 1; }, { reveal: true }),
    goal: (index) => change(() => { state.goal = index; state.pair = null; }, { fit: true }),
    ego: (depth) => change(() => { state.ego = depth; state.goal = null; }, { fit: true }),
    pair: (a, b) => change(() => { state.pair = [a, b]; }, {}),
    whole: () => change(() => { state.node = null; state.goal = null; state.pair = null; state.ego = 0; }, { fit: true }),
  };
  const picture = new Picture(byId("picture"), data, {
    node: act.node, pair: act.pair,
    nothing: () => { if (state.pair || (state.node !== null && !state.ego && state.goal === null)) change(() => { state.node = null; state.pair = null; }, {}); },
  });
  const panel = new Panel(byId("panel"), data, act);
  const controls = new Controls(byId("controls"), data, () => change(() => { net = linksOf(data, state); }, {}));

  function change(step, how) {
    const layout = (state.goal !== null ? "path" : state.ego ? "ego" + state.ego + state.node : "whole");
    step();
    const now = (state.goal !== null ? "path" : state.ego ? "ego" + state.ego + state.node : "whole");
    render({ fit: how.fit || layout !== now, reveal: how.reveal && layout === now && now === "whole" });
  }

  function render(how) {
    view = currentView(data, net, state);
    const detail = state.node !== null || state.pair !== null;
    const moved = narrow() && document.body.classList.toggle("detail", detail) !== wasDetail;
    wasDetail = detail;
    picture.draw({ ...view, links: view.links.map(lineOf) }, state.ego || state.goal !== null ? null : state.node);
    if (how.fit || moved) picture.fit();
    if (how.reveal && state.node !== null) picture.reveal(state.node);
    const within = byId("panel").contains(document.activeElement);
    if (state.pair) panel.pair(state.pair[0], state.pair[1], net);
    else if (state.goal !== null && state.node !== null) panel.path(view, state);
    else if (state.node !== null) panel.entity(state.node, state, net);
    else panel.overview(view, net);
    if (within && document.activeElement === document.body) byId("panel").focus();
    const told = word("shown", { n: view.nodes.length, m: view.links.length, a: data.nodes.length, b: data.statements.length });
    const cut = data.totals[0] > data.nodes.length || data.totals[1] > data.statements.length;
    byId("status").textContent = (view.nodes.length ? told : word("nothing")) + (cut ? word("cut", { a: data.totals[0], b: data.totals[1] }) : "");
    written = toFragment(data, state);
    const address = written ? "#" + written : window.location.pathname + window.location.search;
    try { history.replaceState(null, "", address); } catch { window.location.hash = written; }
  }

  function label() {
    document.documentElement.lang = language === "en" ? "en" : "zh-Hans";
    byId("search").placeholder = word("search");
    byId("search").setAttribute("aria-label", word("search"));
    byId("found").setAttribute("aria-label", word("search"));
    byId("picture").setAttribute("aria-label", word("picture"));
    byId("panel").setAttribute("aria-label", word("facts"));
    for (const name of ["filters", "share", "reset", "language", "skip"]) byId(name).textContent = word(name);
    for (const [name, text] of [["in", "zoomIn"], ["out", "zoomOut"], ["fit", "fit"]]) {
      byId(name).setAttribute("aria-label", word(text));
      byId(name).title = word(text);
    }
    controls.draw(state);
  }

  nodeSearch(data, byId("search"), byId("found"), (index) => { act.node(index); byId("panel").focus(); });
  byId("skip").addEventListener("click", (event) => { event.preventDefault(); byId("panel").focus(); });
  byId("filters").addEventListener("click", () => {
    const open = document.body.classList.toggle("filtering");
    byId("filters").setAttribute("aria-expanded", String(open));
  });
  byId("language").addEventListener("click", () => { language = language === "en" ? "zh" : "en"; label(); render({}); });
  byId("reset").addEventListener("click", () => {
    state = freshState(data);
    net = linksOf(data, state);
    controls.draw(state);
    render({ fit: true });
  });
  byId("share").addEventListener("click", () => {
    const done = () => { byId("share").textContent = word("copied"); setTimeout(() => { byId("share").textContent = word("share"); }, 1500); };
    navigator.clipboard.writeText(window.location.href).then(done, () => window.prompt(word("share"), window.location.href));
  });
  byId("in").addEventListener("click", () => picture.zoom(1.3));
  byId("out").addEventListener("click", () => picture.zoom(1 / 1.3));
  byId("fit").addEventListener("click", () => picture.fit());
  byId("picture").addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    if (moves[event.key]) { event.preventDefault(); picture.pan(...moves[event.key]); }
    else if (event.key === "+" || event.key === "=") picture.zoom(1.3);
    else if (event.key === "-") picture.zoom(1 / 1.3);
    else if (event.key === "0") picture.fit();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && event.target.tagName !== "INPUT" && (state.node !== null || state.pair)) act.whole();
    if (event.key === "/" && event.target.tagName !== "INPUT") { event.preventDefault(); byId("search").focus(); }
  });
  window.addEventListener("hashchange", () => {
    if (window.location.hash.replace(/^#/, "") === written) return;
    state = fromFragment(data, window.location.hash);
    net = linksOf(data, state);
    label();
    render({ fit: true });
  });
  label();
  render({ fit: true, reveal: false });
  document.body.dataset.ready = "yes";
  window.kgx = { at: (key) => picture.at(data.byKey.get(key).index), view: () => view }; // for tests and the curious
}

readData(document.getElementById("data")).then(start).catch((fault) => {
  document.getElementById("status").textContent = word("unreadable");
  document.body.dataset.ready = "failed";
  throw fault;
});
