// The picture by sigma.js with graphology, for more nodes than Cytoscape.js draws well. Sigma draws circles
// and plain lines only: types are told by colour and by the sign before the label, planned and negated links
// by colour.
class Picture {
  constructor(element, data, heard) {
    this.data = data;
    this.graph = new graphology.UndirectedGraph();
    this.chosen = null;
    this.near = new Set();
    this.sigma = new Sigma(this.graph, element, {
      labelFont: '"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif', labelSize: 12, labelDensity: 0.6,
      labelGridCellSize: 90, labelRenderedSizeThreshold: 4, minEdgeThickness: 0.7, enableEdgeEvents: true,
      allowInvalidContainer: true, zIndex: true, autoRescale: true, hideEdgesOnMove: true,
      nodeReducer: (key, given) => this.nodeLook(key, given),
      edgeReducer: (key, given) => this.edgeLook(key, given),
    });
    this.element = element;
    this.sigma.on("clickNode", ({ node }) => heard.node(Number(node)));
    this.sigma.on("clickEdge", ({ edge }) => heard.pair(...this.graph.extremities(edge).map(Number)));
    this.sigma.on("clickStage", () => heard.nothing());
  }

  nodeLook(key, given) {
    if (this.chosen === null) return given;
    if (key === this.chosen) return { ...given, highlighted: true, forceLabel: true, zIndex: 2 };
    return this.near.has(key) ? { ...given, forceLabel: this.near.size < 60, zIndex: 1 } : { ...given, color: "#d5d9de", label: "", zIndex: 0 };
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
    const colours = { plain: "#c3c9d0", planned: "#5b8def", negated: "#b3261e" };
    for (const link of view.links) {
      this.graph.addEdge(String(link.a), String(link.b), {
        size: 0.6 + Math.min(Math.log2(link.count) * 0.3, 2.5), color: colours[link.look],
      });
    }
    this.choose(chosen);
  }

  choose(index) {
    this.chosen = index !== null && this.graph.hasNode(String(index)) ? String(index) : null;
    this.near = new Set(this.chosen === null ? [] : this.graph.neighbors(this.chosen));
    this.sigma.refresh();
  }

  fit() { this.sigma.resize(); this.sigma.refresh(); this.sigma.getCamera().setState({ x: 0.5, y: 0.5, ratio: 1.05, angle: 0 }); }

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
