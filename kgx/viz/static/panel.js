// The column beside the picture: an entity, a link, a path, or the list of what is shown. All words from
// documents are set as text; nothing is ever parsed as markup.
const AT_ONCE = 20;

function make(tag, properties, ...children) {
  const out = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name.startsWith("aria-") || name === "role" || name === "lang") out.setAttribute(name, value);
    else if (name === "click") out.addEventListener("click", value);
    else out[name] = value;
  }
  out.append(...children.filter((child) => child !== null && child !== undefined));
  return out;
}

function button(text, click, properties) { return make("button", { type: "button", click, ...properties }, text); }
function glyph(type) {
  const out = make("span", { className: "glyph", "aria-hidden": "true" }, GLYPHS[type]);
  out.style.color = COLOURS[type];
  return out;
}

class Panel {
  constructor(element, data, act) {
    this.element = element;
    this.data = data;
    this.act = act; // { node, goal, ego, whole, pair }
  }

  nodeButton(index, note) {
    const node = this.data.nodes[index];
    const label = make("span", { className: "name" }, nameOf(node));
    return make("button", { type: "button", className: "node", title: word(node.type), click: () => this.act.node(index) },
      glyph(node.type), label, note ? make("span", { className: "note" }, note) : null);
  }

  // A list that shows some and, when asked, more.
  list(rows, draw, className) {
    const out = make("ul", { className });
    const add = (start) => {
      for (const row of rows.slice(start, start + AT_ONCE)) out.append(make("li", {}, draw(row)));
      const left = rows.length - start - AT_ONCE;
      if (left <= 0) return;
      const more = make("li", {}, button(word("showMore", { n: left }), () => {
        more.remove();
        add(start + AT_ONCE);
        const next = out.children[start + AT_ONCE].querySelector("button, summary, a");
        if (next) next.focus();
      }, { className: "more" }));
      out.append(more);
    };
    add(0);
    return out;
  }

  show(...parts) {
    this.element.replaceChildren(...parts.filter(Boolean));
    this.element.scrollTop = 0;
  }

  overview(view, net) {
    const shown = view.nodes.map((index) => this.data.nodes[index]);
    if (!shown.length) return this.show(make("p", {}, word("nothing")));
    const rows = shown.sort((one, other) => other.weight - one.weight || one.index - other.index);
    return this.show(make("h2", {}, word("top")),
      this.list(rows, (node) => this.nodeButton(node.index, word("weight", { n: node.weight })), "nodes"));
  }

  entity(index, state, net) {
    const node = this.data.nodes[index];
    const other = language === "en" ? node.label : node.english;
    const heading = make("h2", {}, glyph(node.type), make("span", {}, nameOf(node)));
    const about = make("p", { className: "about" }, word(node.type) + (other && other !== nameOf(node) ? " · " + other : "")
      + " · " + node.pages + " " + word("documents"));
    const parts = [this.backButton(), heading, about, this.tools(index, state)];
    if (node.names.length) parts.push(make("h3", {}, word("names")), make("p", { className: "names", lang: "zh" }, node.names.join("、")));
    if (/^Q\d+$/.test(node.qid)) {
      parts.push(make("h3", {}, word("identity")), make("p", {}, make("a", {
        href: "https://www.wikidata.org/wiki/" + node.qid, target: "_blank", rel: "noopener noreferrer",
      }, "Wikidata " + node.qid)));
    }
    const open = node.statements.filter((one) => passes(one, state));
    const offices = open.filter((one) => one.type === "Position" && one.roles.some(([role, filler]) => role === "person" && filler === index));
    if (offices.length) parts.push(make("h3", {}, word("positions")), this.facts(offices, index));
    const partners = (net.around.get(index) || []).slice(0, 8);
    if (partners.length) {
      parts.push(make("h3", {}, word("partners")), this.list(partners, (link) =>
        make("div", { className: "partner" }, this.nodeButton(farEnd(link, index)),
          button(word("weight", { n: link.statements.length }), () => this.act.pair(link.a, link.b), { className: "count" })), "nodes"));
    }
    const facts = open.filter((one) => !offices.includes(one));
    parts.push(make("h3", {}, word("facts") + " (" + facts.length + (node.statements.length < node.weight ? " / " + node.weight : "") + ")"));
    parts.push(facts.length ? this.facts(facts, index) : make("p", {}, word("noFacts")));
    this.show(...parts);
  }

  backButton() { return button("← " + word("whole"), () => this.act.whole(), { className: "back" }); }

  tools(index, state) {
    const depth = (number) => button(word("depth" + number), () => this.act.ego(state.ego === number ? 0 : number),
      { "aria-pressed": String(state.ego === number && state.goal === null) });
    const field = searchBox(this.data, (goal) => this.act.goal(goal), "goal-" + index, word("pathTo"));
    return make("div", { className: "tools" },
      make("div", { role: "group", "aria-label": word("ego") }, make("span", {}, word("ego")), depth(1), depth(2)), field);
  }

  pair(a, b, net) {
    const size = this.data.nodes.length;
    const link = net.links.get(Math.min(a, b) * size + Math.max(a, b));
    this.show(this.backButton(), make("h2", {}, word("between")), make("div", { className: "ends" }, this.nodeButton(a), this.nodeButton(b)),
      link ? this.facts(link.statements, null) : make("p", {}, word("noFacts")));
  }

  path(view, state) {
    const parts = [this.backButton(), make("h2", {}, word("pathFound"))];
    if (!view.path) {
      parts.push(make("div", { className: "ends" }, this.nodeButton(state.node), this.nodeButton(state.goal)), make("p", {}, word("noPath")));
    } else {
      view.path.nodes.forEach((node, rank) => {
        parts.push(this.nodeButton(node));
        if (view.path.links[rank]) parts.push(this.facts(view.path.links[rank].statements.slice(0, 3), null));
      });
    }
    this.show(...parts);
  }

  // Facts, latest first; each opens to its roles and sentences.
  facts(statements, own) {
    const rows = [...statements].sort((one, other) => (other.last || "").localeCompare(one.last || "") || one.index - other.index);
    return this.list(rows, (one) => this.fact(one, own), "facts");
  }

  fact(one, own) {
    const summary = make("summary", {},
      one.date ? make("time", {}, one.date.replace("/", " – ")) : null,
      make("span", { className: "kind" }, typeName(this.data, one.type)),
      one.status === "planned" || one.status === "negated" ? make("span", { className: "state " + one.status }, word(one.status).replace(/[（ ][（(].*|（.*/, "")) : null,
      make("span", { className: "who" }, this.who(one, own)));
    const out = make("details", { className: "fact" }, summary);
    out.addEventListener("toggle", () => {
      if (out.open && out.children.length === 1) out.append(this.roles(one), ...this.sentences(one));
    });
    return out;
  }

  who(one, own) {
    const groups = new Map();
    for (const [role, filler] of one.roles) {
      if (filler === own) continue;
      const name = typeof filler === "number" ? nameOf(this.data.nodes[filler]) : textOf(this.data, one.type, role, filler);
      groups.set(role, [...(groups.get(role) || []), name]);
    }
    return [...groups.values()].map((names) => names.join(word("and"))).join(" · ");
  }

  roles(one) {
    const out = make("dl", {});
    for (const [role, filler] of one.roles) {
      out.append(make("dt", {}, roleName(this.data, one.type, role)),
        make("dd", {}, typeof filler === "number" ? this.nodeButton(filler) : textOf(this.data, one.type, role, filler)));
    }
    return out;
  }

  sentences(one) {
    const out = one.sentences.map(([place, pieces]) => {
      const from = this.data.documents[place];
      const quote = make("blockquote", { lang: "zh" });
      pieces.forEach((piece, rank) => quote.append(rank % 2 ? make("mark", {}, piece) : piece));
      const address = webAddress(from.url);
      const title = address
        ? make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, from.title)
        : make("span", {}, from.title);
      const rest = [from.date, from.publisher, address ? "" : from.url].filter(Boolean).join(" · ");
      return make("figure", {}, pieces.join("") ? quote : null, make("figcaption", {}, title, rest ? " · " + rest : ""));
    });
    const left = one.total - one.sentences.length;
    if (left > 0) out.push(make("p", { className: "left" }, word("more", { n: left })));
    return out;
  }
}
