const LABEL = 12; // pixels
const SURE = 12; // of the weightiest nodes, whose labels may cover lesser nodes
const LONGEST = 9; // of a label, in widths of a Chinese character

function short(text) {
  if (breadth(text) <= LONGEST) return text;
  let out = "";
  for (const char of text) {
    if (breadth(out + char) > LONGEST - 1) break;
    out += char;
  }
  return out.trimEnd() + "…";
}

// The picture by Cytoscape.js of nodes and of lines { key, a, b, count, look }. `heard` has node(index),
// pair(a, b), nothing(); `how` may say that the wheel is not for zooming.
class Picture {
  constructor(element, data, heard, how) {
    this.data = data;
    this.element = element;
    this.heaviest = data.nodes.reduce((most, node) => Math.max(most, node.weight), 1);
    const font = '"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif';
    this.cy = cytoscape({
      container: element, minZoom: 0.05, maxZoom: 5, autoungrabify: true, boxSelectionEnabled: false,
      userZoomingEnabled: !how || how.zooming,
      pixelRatio: Math.min(window.devicePixelRatio || 1, 2), hideEdgesOnViewport: false, textureOnViewport: false,
      layout: { name: "preset" },
      style: [
        { selector: "node", style: {
          "background-color": "data(colour)", shape: "data(shape)", width: "data(size)", height: "data(size)",
          label: "data(shown)", "font-family": font, "font-size": "data(font)", color: "#1a1a1a", "text-valign": "bottom",
          "text-margin-y": 2, "text-outline-color": "#ffffff", "text-outline-width": 2, "z-index-compare": "manual", "z-index": 10,
        } },
        { selector: "edge", style: {
          width: "data(width)", "line-color": "#9aa3ad", "curve-style": "straight", opacity: 0.55, "z-index-compare": "manual", "z-index": 1,
        } },
        { selector: "edge.planned", style: { "line-style": "dashed" } },
        { selector: "edge.negated", style: {
          label: "✕", color: "#b3261e", "font-size": 14, "text-outline-color": "#fff", "text-outline-width": 2, "line-color": "#b3261e",
        } },
        { selector: "edge.weak", style: { opacity: 0.22 } },
        { selector: "node.faint", style: { opacity: 0.25 } },
        { selector: "edge.faint", style: { opacity: 0.15 } },
        { selector: "edge.near", style: { "line-color": "#4a5560", opacity: 0.9, "z-index": 5 } },
        { selector: "node.chosen", style: { "border-width": 4, "border-color": "#000000", "border-opacity": 1, label: "data(name)", "font-weight": "bold", "z-index": 20 } },
        { selector: "node.over", style: { label: "data(name)", "z-index": 30, "font-weight": "bold" } },
      ],
    });
    this.cy.on("tap", "node", (event) => heard.node(event.target.data("index")));
    this.cy.on("tap", "edge", (event) => heard.pair(event.target.data("a"), event.target.data("b")));
    this.cy.on("tap", (event) => { if (event.target === this.cy) heard.nothing(); });
    this.cy.on("mouseover", "node", (event) => { event.target.addClass("over"); element.style.cursor = "pointer"; });
    this.cy.on("mouseout", "node", (event) => { event.target.removeClass("over"); element.style.cursor = ""; });
    new ResizeObserver(() => this.cy.resize()).observe(element);
    let waiting = 0;
    this.cy.on("viewport", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.relabel(), 60);
    });
  }

  draw(view, chosen) {
    const data = this.data;
    this.cy.batch(() => {
      this.cy.elements().remove();
      this.cy.add(view.nodes.map((index) => {
        const node = data.nodes[index];
        const [x, y] = (view.places && view.places.get(index)) || [node.x, node.y];
        const size = 10 + 26 * Math.sqrt(node.weight / this.heaviest);
        return { group: "nodes", position: { x, y }, data: {
          id: "n" + index, index, name: nameOf(node), colour: COLOURS[node.type], shape: SHAPES[node.type], size,
          shown: "", font: 12,
        } };
      }));
      this.cy.add(view.links.map((link) => ({ group: "edges", classes: link.look, data: {
        id: "e" + link.key, source: "n" + link.a, target: "n" + link.b, a: link.a, b: link.b,
        width: 1 + Math.min(Math.log2(link.count) * 0.6, 4),
      } })));
      this.choose(chosen);
    });
    this.relabel();
  }

  // Labels keep their size on the screen; one that would cover another, of a weightier node, waits until
  // there is room for it.
  relabel() {
    const zoom = this.cy.zoom();
    const font = Math.min(Math.max(LABEL / zoom, 4), 60);
    const nodes = this.cy.nodes();
    const place = (node) => {
      const { x, y } = node.renderedPosition();
      const half = (node.data("size") * zoom) / 2 - 1;
      return [x - half, y - half, x + half, y + half];
    };
    const few = nodes.length <= 200; // among more, a label may cover a node of less weight
    const taken = [];
    const boxes = few ? nodes.map(place) : [];
    const rank = (node) => (node.hasClass("chosen") ? 0 : node.hasClass("near") ? 1 : 2);
    const order = nodes.toArray().sort((one, other) => rank(one) - rank(other) || one.data("index") - other.data("index"));
    this.cy.batch(() => {
      for (const node of order) {
        const name = short(node.data("name"));
        const { x, y } = node.renderedPosition();
        const half = (node.data("size") * zoom) / 2;
        const wide = (breadth(name) * LABEL) / 2 + 2;
        const box = [x - wide, y + half + 1, x + wide, y + half + LABEL * 1.5];
        const covers = (one) => one[0] < box[2] && box[0] < one[2] && one[1] < box[3] && box[1] < one[3];
        if (!few) boxes.push(place(node));
        const sure = node.data("index") < SURE || node.hasClass("chosen");
        const fits = !taken.some(covers) && (sure || !boxes.some(covers));
        if (fits) taken.push(box);
        node.data({ shown: fits ? name : "", font });
      }
    });
  }

  choose(index) {
    this.cy.elements().removeClass("chosen near faint");
    if (index === null) return;
    const node = this.cy.getElementById("n" + index);
    if (node.empty()) return;
    const near = node.closedNeighborhood();
    this.cy.elements().not(near).addClass("faint");
    near.addClass("near");
    node.addClass("chosen");
  }

  fit() {
    const all = this.cy.elements();
    if (all.empty()) return;
    this.cy.resize();
    this.cy.fit(all, 24);
    if (this.cy.zoom() > 1.6) { this.cy.zoom(1.6); this.cy.center(all); }
    this.relabel();
  }

  reveal(index) {
    const node = this.cy.getElementById("n" + index);
    if (node.empty()) return;
    const box = node.renderedBoundingBox();
    const { width, height } = { width: this.cy.width(), height: this.cy.height() };
    if (this.cy.zoom() < 0.5) this.cy.zoom({ level: 0.9, position: node.position() });
    else if (box.x1 > 0 && box.y1 > 0 && box.x2 < width && box.y2 < height) return;
    this.cy.center(node);
  }

  zoom(factor) {
    this.cy.zoom({ level: this.cy.zoom() * factor, renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 } });
  }

  pan(x, y) { this.cy.panBy({ x, y }); }
  close() { this.cy.destroy(); }
  png() { return this.cy.png({ output: "blob-promise", full: true, scale: 2, bg: "#ffffff" }); }
  // For tests: where a node is drawn, in pixels of the window.
  at(index) {
    const node = this.cy.getElementById("n" + index);
    if (node.empty()) return null;
    const box = this.element.getBoundingClientRect();
    const point = node.renderedPosition();
    return [box.left + point.x, box.top + point.y];
  }
}
