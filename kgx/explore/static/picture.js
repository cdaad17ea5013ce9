// Networks of the page, by Cytoscape.js as in network.html. A node leads to its entity, a line to the pair.
language = document.documentElement.lang === "en" ? "en" : "zh";

async function drawNet(section, by) {
  delete section.dataset.ready;
  const number = (section.asked = (section.asked || 0) + 1);
  const url = new URL(section.dataset.url, window.location.href);
  if (by) url.searchParams.set("by", by);
  if (section.clientWidth < 500) url.searchParams.set("small", "1");
  const answer = await fetch(url);
  if (!answer.ok) return;
  const found = await answer.json();
  if (number !== section.asked) return; // something else was asked for meanwhile
  const data = { nodes: found.nodes.map((node, index) => ({ ...node, index })) };
  const frame = section.querySelector(".net");
  if (section.picture) section.picture.close();
  section.picture = null;
  frame.textContent = found.nodes.length > 1 ? "" : section.dataset.none;
  if (found.nodes.length > 1) section.picture = pictureOf(frame, found, data);
  section.dataset.ready = "yes";
}

function pictureOf(frame, found, data) {
  const most = Math.max(...found.links.map((link) => link.count));
  const links = found.links.map((link, rank) => ({ ...link, key: rank, count: Math.max(1, (16 * link.count) / most), look: link.look + (link.faint ? " weak" : "") }));
  const urls = new Map(links.map((link) => [link.a + " " + link.b, link.url]));
  const picture = new Picture(frame, data, {
    node: (index) => { window.location.href = data.nodes[index].url; },
    pair: (a, b) => { window.location.href = urls.get(a + " " + b); },
    nothing: () => {},
  }, { zooming: false });
  picture.draw({ nodes: data.nodes.map((node) => node.index), links, places: null }, null);
  picture.fit();
  return picture;
}

for (const section of document.querySelectorAll(".network")) {
  const ways = [...section.querySelectorAll("button[data-by]")];
  for (const button of ways) {
    button.addEventListener("click", () => {
      for (const one of ways) one.setAttribute("aria-pressed", String(one === button));
      drawNet(section, button.dataset.by);
    });
  }
  drawNet(section, ways.length ? ways[0].dataset.by : null);
}
