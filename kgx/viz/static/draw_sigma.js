// The picture by sigma.js with graphology, for more nodes than Cytoscape.js draws well. Sigma draws circles
// and plain lines only: types are told by colour and by the sign before the label, and a sheet above the
// lines makes planned lines dashed and crosses negated ones.
const LABEL = 12; // pixels
const LABELS = 120; // at a time
const SURE = 12; // of the weightiest nodes, whose labels may cover lesser nodes

class Picture {
  constructor(element, data, heard) {
    this.data = data;
    this.graph = new graphology.UndirectedGraph();
    this.chosen = null;
    this.near = new Set();
    this.labelled = new Set();
    this.over = null;
    this.sigma = new Sigma(this.graph, element, {
      labelFont: '"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif', labelSize: LABEL,
      labelDensity: 0, labelRenderedSizeThreshold: 0, minEdgeThickness: 0.7, enableEdgeEvents: true,
      allowInvalidContainer: true, zIndex: true, autoRescale: true, hideEdgesOnMove: true,
      nodeReducer: (key, given) => this.nodeLook(key, given),
      edgeReducer: (key, given) => this.edgeLook(key, given),
    });
    this.element = element;
    this.sheet = document.createElement("canvas");
    this.sheet.className = "sheet";
    this.sigma.getCanvases().edges.after(this.sheet);
    this.special = [];
    this.sigma.on("afterRender", () => this.mark());
    this.sigma.on("clickNode", ({ node }) => heard.node(Number(node)));
    this.sigma.on("clickEdge", ({ edge }) => heard.pair(...this.graph.extremities(edge).map(Number)));
    this.sigma.on("clickStage", () => heard.nothing());
    this.sigma.on("enterNode", ({ node }) => { this.over = node; this.again([node]); });
    this.sigma.on("leaveNode", ({ node }) => { this.over = null; this.again([node]); });
    let waiting = 0;
    this.sigma.getCamera().on("updated", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { this.relabel(); this.again(); }, 80);
    });
  }

  again(nodes) { this.sigma.refresh({ skipIndexation: true, ...(nodes && { partialGraph: { nodes } }) }); }

  nodeLook(key, given) {
    const named = key === this.over || this.labelled.has(key);
    const look = { ...given, label: named ? given.label : "", forceLabel: named };
    if (this.chosen === null) return look;
    if (key === this.chosen) return { ...look, highlighted: true, zIndex: 2 };
    return this.near.has(key) ? { ...look, zIndex: 1 } : { ...look, color: "#d5d9de", zIndex: 0 };
  }

  // Sigma would let labels cover each other: those of lesser nodes are left out where there is no room.
  relabel() {
    const { width, height } = this.sigma.getDimensions();
    const rank = (key) => (key === this.chosen ? 0 : this.near.has(key) ? 1 : 2);
    const order = this.graph.nodes().filter((key) => this.chosen === null || rank(key) < 2);
    if (this.chosen !== null) order.sort((one, other) => rank(one) - rank(other) || one - other);
    const taken = [];
    this.labelled.clear();
    const spot = (key) => {
      const node = this.graph.getNodeAttributes(key);
      const { x, y } = this.sigma.graphToViewport(node);
      return { x, y, size: this.sigma.scaleSize(node.size), wide: breadth(node.label) * LABEL };
    };
    // Among more than so many, a label may cover a node of less weight.
    const dots = order.length <= 400 ? order.map(spot) : [];
    for (const key of order) {
      const { x, y, size, wide } = spot(key);
      const box = [x + size, y - LABEL * 0.8, x + size + 5 + wide, y + LABEL * 0.8];
      if (x < 0 || box[1] < 0 || box[2] > width || box[3] > height) continue;
      if (taken.some((one) => one[0] < box[2] && box[0] < one[2] && one[1] < box[3] && box[1] < one[3])) continue;
      const covers = (dot) => box[0] < dot.x && dot.x < box[2] && box[1] < dot.y && dot.y < box[3];
      if (Number(key) >= SURE && key !== this.chosen && dots.some(covers)) continue;
      taken.push(box);
      this.labelled.add(key);
      if (taken.length >= LABELS) break;
    }
  }

  edgeLook(key, given) {
    if (this.chosen === null) return given;
    return this.graph.hasExtremity(key, this.chosen) ? { ...given, color: "#4a5560", zIndex: 1 } : { ...given, color: "#eceef1", zIndex: 0 };
  }

  draw(view, chosen) {
    const data = this.data;
    this.graph.clear();
    for (const index of view.nodes) {
      const node = data.nodes[index];
      const [x, y] = (view.places && view.places.get(index)) || [node.x, node.y];
      this.graph.addNode(String(index), {
        x, y: -y, size: 3.5 + 11 * Math.sqrt(node.weight / data.nodes[0].weight), color: COLOURS[node.type],
        label: GLYPHS[node.type] + " " + nameOf(node),
      });
    }
    const colours = { plain: "#c3c9d0", planned: "#9aa3ad", negated: "#b3261e" };
    this.special = view.links.filter((link) => link.look !== "plain");
    for (const link of view.links) {
      this.graph.addEdge(String(link.a), String(link.b), {
        size: 0.6 + Math.min(Math.log2(link.count) * 0.3, 2.5), color: colours[link.look],
      });
    }
    this.choose(chosen);
  }

  mark() {
    const { width, height } = this.sigma.getDimensions();
    const ratio = window.devicePixelRatio || 1;
    this.sheet.width = width * ratio;
    this.sheet.height = height * ratio;
    if (this.chosen !== null) return;
    const pen = this.sheet.getContext("2d");
    pen.scale(ratio, ratio);
    Object.assign(pen, { strokeStyle: "#ffffff", lineWidth: 4, fillStyle: "#b3261e", font: "14px sans-serif", textAlign: "center", textBaseline: "middle" });
    pen.setLineDash([5, 5]);
    for (const { a, b, look } of this.special) {
      const ends = [a, b].map((index) => {
        const node = this.graph.getNodeAttributes(String(index));
        return { ...this.sigma.graphToViewport(node), size: this.sigma.scaleSize(node.size) };
      });
      const [from, to] = ends;
      const far = Math.hypot(to.x - from.x, to.y - from.y) || 1;
      const along = (part) => [from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part];
      if (look === "negated") pen.fillText("✕", ...along(0.5));
      else if (far > from.size + to.size) {
        pen.beginPath();
        pen.moveTo(...along(from.size / far));
        pen.lineTo(...along(1 - to.size / far));
        pen.stroke();
      }
    }
  }

  choose(index) {
    this.chosen = index !== null && this.graph.hasNode(String(index)) ? String(index) : null;
    this.near = new Set(this.chosen === null ? [] : this.graph.neighbors(this.chosen));
    this.sigma.refresh();
    this.relabel();
    this.again();
  }

  fit() { this.sigma.resize(); this.sigma.refresh(); this.sigma.getCamera().setState({ x: 0.5, y: 0.5, ratio: 1.05, angle: 0 }); this.relabel(); this.again(); }

  reveal(index) {
    const shown = this.sigma.getNodeDisplayData(String(index));
    if (!shown) return;
    const camera = this.sigma.getCamera();
    camera.setState({ x: shown.x, y: shown.y, ratio: Math.min(camera.ratio, 0.5) });
  }

  zoom(factor) { const camera = this.sigma.getCamera(); camera.setState({ ratio: camera.ratio / factor }); }
  pan(x, y) {
    const camera = this.sigma.getCamera();
    camera.setState({ x: camera.x - (x / this.element.clientWidth) * camera.ratio, y: camera.y + (y / this.element.clientHeight) * camera.ratio });
  }
  at(index) {
    if (!this.graph.hasNode(String(index))) return null;
    const { x, y } = this.sigma.graphToViewport(this.graph.getNodeAttributes(String(index)));
    const box = this.element.getBoundingClientRect();
    return [box.left + x, box.top + y];
  }
}
