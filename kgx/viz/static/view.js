// From data and the state of the filters to what is drawn: no drawing here.

function passes(one, state) {
  if (state.offKinds.has(one.type) || state.offStatuses.has(one.status)) return false;
  if (!one.first) return state.undated;
  if (state.from !== null && monthOf(one.last) < state.from) return false;
  return state.to === null || monthOf(one.first) <= state.to;
}

// All links that pass: for each pair its statements, strongest first, and for each node its neighbours.
function linksOf(data, state) {
  const links = new Map();
  const around = new Map();
  const size = data.nodes.length;
  const open = data.nodes.map((node) => !state.offTypes.has(node.type));
  for (const one of data.statements) {
    if (!one.pairs.length || !passes(one, state)) continue;
    for (const [a, b] of one.pairs) {
      if (!open[a] || !open[b]) continue;
      const key = Math.min(a, b) * size + Math.max(a, b);
      let link = links.get(key);
      if (!link) {
        link = { key, a: Math.min(a, b), b: Math.max(a, b), statements: [] };
        links.set(key, link);
        for (const end of [a, b]) {
          if (!around.has(end)) around.set(end, []);
          around.get(end).push(link);
        }
      }
      link.statements.push(one);
    }
  }
  for (const found of around.values()) found.sort(stronger);
  return { links, around };
}

function stronger(one, other) {
  return other.statements.length - one.statements.length || one.key - other.key;
}
function farEnd(link, node) { return link.a === node ? link.b : link.a; }

// The links to draw among the given nodes: of each node its strongest.
function backbone(net, shown, each) {
  const kept = new Set();
  for (const node of shown) {
    let count = 0;
    for (const link of net.around.get(node) || []) {
      if (count >= each) break;
      if (!shown.has(farEnd(link, node))) continue;
      kept.add(link);
      count += 1;
    }
  }
  return [...kept].sort((one, other) => one.key - other.key);
}

// What is drawn of the whole: the weightiest nodes with a link.
function wholeView(data, net, state) {
  const shown = new Set();
  for (const node of data.nodes) {
    if (shown.size >= state.top) break;
    if (net.around.has(node.index)) shown.add(node.index);
  }
  const links = backbone(net, shown, state.each);
  const linked = new Set(links.flatMap((link) => [link.a, link.b]));
  const chosen = state.node !== null && !state.offTypes.has(data.nodes[state.node].type) ? [state.node] : [];
  const nodes = [...new Set([...[...shown].filter((node) => linked.has(node)), ...chosen])];
  const extra = chosen.length && !linked.has(state.node) ? backbone(net, new Set(nodes), state.each) : links;
  return { nodes, links: extra, places: null };
}

// Rings around one node, at most `top` nodes, those of the strongest links first.
function egoView(data, net, state) {
  const centre = state.node;
  const rings = [[centre]];
  const seen = new Set([centre]);
  const links = new Set();
  for (let depth = 0; depth < state.ego; depth += 1) {
    const candidates = [];
    for (const node of rings[depth]) {
      for (const link of net.around.get(node) || []) candidates.push([link, node]);
    }
    candidates.sort((one, other) => stronger(one[0], other[0]));
    const ring = [];
    const room = Math.min(state.top, depth === 0 ? 40 : 120);
    for (const [link, node] of candidates) {
      const other = farEnd(link, node);
      if (seen.has(other)) continue;
      if (seen.size >= room) break;
      seen.add(other);
      ring.push(other);
      links.add(link);
    }
    rings.push(ring);
  }
  for (const link of net.around.get(centre) || []) if (seen.has(farEnd(link, centre))) links.add(link);
  for (const link of backbone(net, seen, Math.min(state.each, 2))) links.add(link);
  return { nodes: [...seen], links: [...links], places: ringPlaces(data, rings) };
}

// The path of fewest links, and of these the one over the strongest; null where there is none.
function shortestPath(net, start, end) {
  const before = new Map([[start, null]]);
  let edge = [start];
  while (edge.length && !before.has(end)) {
    const next = [];
    for (const node of edge) {
      for (const link of net.around.get(node) || []) {
        const other = farEnd(link, node);
        if (before.has(other)) continue;
        before.set(other, link);
        next.push(other);
      }
    }
    edge = next;
  }
  if (!before.has(end)) return null;
  const links = [];
  const nodes = [end];
  for (let at = end; at !== start; ) {
    const link = before.get(at);
    links.unshift(link);
    at = farEnd(link, at);
    nodes.unshift(at);
  }
  return { nodes, links };
}

function pathView(data, net, state) {
  const path = shortestPath(net, state.node, state.goal);
  if (!path) return { nodes: [state.node, state.goal], links: [], places: linePlaces([state.node, state.goal]), path: null };
  return { nodes: path.nodes, links: path.links, places: linePlaces(path.nodes), path };
}

function currentView(data, net, state) {
  if (state.node !== null && state.goal !== null) return pathView(data, net, state);
  if (state.node !== null && state.ego) return egoView(data, net, state);
  return wholeView(data, net, state);
}

// A link as it is drawn: dashed where all is planned, crossed where all is negated.
function lineOf(link) {
  const all = (status) => link.statements.every((one) => one.status === status);
  const look = all("planned") ? "planned" : all("negated") ? "negated" : "plain";
  return { key: link.key, a: link.a, b: link.b, count: link.statements.length, look };
}
