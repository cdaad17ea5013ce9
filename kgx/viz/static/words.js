// The interface in two languages: WORDS is static/words.json, put before this by kgx/viz/page.py.
const TYPES = ["Person", "Country", "Organization", "Place", "Event", "Agreement", "Initiative"];
const STATUSES = ["actual", "planned", "past", "negated"];
// Colours that differ in lightness too, and shapes, so that no type is told by hue alone.
const COLOURS = {
  Person: "#1f5fa8", Country: "#b3261e", Organization: "#7a3fa0", Place: "#2d7a3a",
  Event: "#a65f00", Agreement: "#00707a", Initiative: "#8a2a63",
};
const SHAPES = {
  Person: "ellipse", Country: "rectangle", Organization: "diamond", Place: "triangle",
  Event: "star", Agreement: "hexagon", Initiative: "pentagon",
};
const GLYPHS = {
  Person: "●", Country: "■", Organization: "◆", Place: "▲", Event: "★", Agreement: "⬢", Initiative: "⬟",
};

let language = "zh";

function word(name, values) {
  let text = WORDS[language][name] || name;
  for (const [key, value] of Object.entries(values || {})) text = text.replace("{" + key + "}", value);
  return text;
}
