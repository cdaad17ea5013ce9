// Suggestions while a name is typed, pictures to save, facts found in the text. Names are set as text only.
const english = document.documentElement.lang === "en";

function make(tag, className, text) {
  const out = document.createElement(tag);
  out.className = className;
  out.textContent = text;
  return out;
}

// An input that suggests entities, of its own types if it names some; `take` hears the one that is chosen.
function entitySearch(input, list, take) {
  let found = [];
  let asked = 0;
  const types = (input.dataset.types || "").split(" ").filter(Boolean);
  const row = (one) => {
    const sign = make("span", "glyph " + one.type, one.glyph);
    sign.setAttribute("aria-hidden", "true");
    return [sign, make("span", "name", one.name), make("span", "note", one.note === one.name ? "" : one.note)];
  };
  const suggest = async () => {
    const number = (asked += 1);
    const text = input.value.trim();
    if (!text) return close();
    const answer = await fetch("/suggest?" + new URLSearchParams({ q: text, ...(english && { lang: "en" }) }));
    const rows = answer.ok ? await answer.json() : [];
    if (number !== asked || document.activeElement !== input) return undefined;
    found = types.length ? rows.filter((one) => types.includes(one.type)) : rows;
    return show(found.map(row));
  };
  const { show, close } = combobox(input, list, { suggest, choose: (rank) => take(found[rank]) });
}

entitySearch(document.getElementById("q"), document.getElementById("found"), (one) => { window.location.href = one.url; });
for (const input of document.querySelectorAll("input[data-types]")) {
  entitySearch(input, document.getElementById(input.getAttribute("aria-controls")), (one) => { input.value = one.name; });
}

// A chart as a picture: drawn with its legend, which on the page is a list of links.
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function chartBlob(svg) {
  const copy = svg.cloneNode(true);
  const [, , width, height] = svg.dataset.full.split(" ").map(Number);
  copy.setAttribute("viewBox", svg.dataset.full);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy));
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => { canvas.toBlob(done, "image/png"); });
}

for (const button of document.querySelectorAll("button[data-png=chart]")) {
  button.addEventListener("click", async () => save(await chartBlob(button.closest("figure").querySelector("svg[data-full]")), button.dataset.name));
}
for (const button of document.querySelectorAll("button[data-png=net]")) {
  button.addEventListener("click", async () => {
    const picture = button.closest(".network").picture;
    if (picture) save(await picture.png(), button.dataset.name);
  });
}

// Beside a text: a fact that is opened or reached lights up the words that it rests on.
function light(number) {
  for (const piece of document.querySelectorAll(".said")) {
    piece.classList.toggle("lit", number !== null && piece.dataset.facts.split(" ").includes(number));
  }
}
function reach() {
  const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
  if (!target) return;
  if (target.dataset.fact) { target.open = true; light(target.dataset.fact); }
  else if (target.dataset.facts) target.scrollIntoView({ block: "center" });
}
for (const fact of document.querySelectorAll("details[data-fact]")) {
  fact.addEventListener("toggle", () => light(fact.open ? fact.dataset.fact : null));
}
window.addEventListener("hashchange", reach);
reach();

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName)) {
    event.preventDefault();
    document.getElementById("q").focus();
  }
});
if (document.body.dataset.waiting) setTimeout(() => window.location.reload(), 1500);
