// Places of the views that have an order of their own: rings around a node, a path as a line.
const GAP = 78;

function ringPlaces(data, rings) {
  const places = new Map([[rings[0][0], [0, 0]]]);
  const centre = data.nodes[rings[0][0]];
  const angle = (index) => Math.atan2(data.nodes[index].y - centre.y, data.nodes[index].x - centre.x);
  let radius = 0;
  for (const ring of rings.slice(1)) {
    // Wide rings are laid as two, one behind the other, so that labels keep apart.
    const sorted = [...ring].sort((one, other) => angle(one) - angle(other) || one - other);
    const rows = sorted.length > 24 ? 2 : 1;
    const inner = Math.max(radius + 110, (sorted.length / rows) * GAP / (2 * Math.PI));
    sorted.forEach((node, rank) => {
      const turn = (2 * Math.PI * rank) / sorted.length - Math.PI / 2;
      const far = inner + (rank % rows) * 56;
      places.set(node, [far * 1.25 * Math.cos(turn), far * Math.sin(turn)]);
    });
    radius = inner + (rows - 1) * 56;
  }
  return places;
}

function linePlaces(nodes) {
  const wide = window.innerWidth > 700;
  return new Map(nodes.map((node, rank) => {
    const along = (rank - (nodes.length - 1) / 2) * (wide ? 150 : 90);
    return [node, wide ? [along, 0] : [0, along]];
  }));
}
