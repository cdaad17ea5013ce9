// The data of the page as records; the order of fields is that of kgx/viz/content.py.
async function readData(element) {
  const raw = Uint8Array.from(atob(element.textContent.trim()), (c) => c.charCodeAt(0));
  const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip"));
  return decode(JSON.parse(await new Response(stream).text()));
}

function decode(given) {
  const documents = given.documents.map(([title, date, publisher, url]) => ({ title, date, publisher, url }));
  const nodes = given.nodes.map((row, index) => {
    const [key, type, label, english, qid, kind, names, weight, pages, x, y] = row;
    return { index, key, type, label, english, qid, kind, names, weight, pages, x, y, statements: [] };
  });
  const statements = given.statements.map((row, index) => {
    const [type, status, date, first, last, roles, pairs, sentences, total] = row;
    const one = { index, type, status, date, first, last, roles, pairs, sentences, total };
    const named = new Set(roles.map((role) => role[1]).filter((filler) => typeof filler === "number"));
    for (const node of named) nodes[node].statements.push(one);
    return one;
  });
  const days = statements.flatMap((one) => (one.first ? [one.first, one.last] : [])).map(monthOf);
  const months = days.length ? [Math.min(...minmax(days)), Math.max(...minmax(days))] : null;
  return {
    title: given.title, totals: given.totals, types: given.types, nodes, documents, statements, months,
    byKey: new Map(nodes.map((node) => [node.key, node])),
  };
}

function minmax(values) {
  let least = Infinity, most = -Infinity;
  for (const value of values) { if (value < least) least = value; if (value > most) most = value; }
  return [least, most];
}

// Months are counted from the year 0, so that a slider can hold them.
function monthOf(day) { return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7) || 1) - 1; }
function monthText(month) {
  return String(Math.floor(month / 12)).padStart(4, "0") + "-" + String((month % 12) + 1).padStart(2, "0");
}

function nameOf(node) { return language === "en" && node.english ? node.english : node.label; }
// How wide a text is, in Chinese characters.
function breadth(text) {
  let out = 0;
  for (const char of text) out += char.codePointAt(0) < 0x2e80 ? 0.56 : 1;
  return out;
}
function typeName(data, type) {
  const found = data.types[type];
  return type === "Position" || !found ? word(type) : found[language === "en" ? 1 : 0];
}
function roleName(data, type, role) {
  const found = data.types[type] && data.types[type][2][role];
  return found ? found[language === "en" ? 1 : 0] : role;
}

// Words that fill a role: a value of a controlled vocabulary has a name in each language, a title may have.
function textOf(data, type, role, text) {
  if (Array.isArray(text)) return text[language === "en" ? 1 : 0];
  const found = data.types[type] && data.types[type][2][role];
  const named = found && found[2] && Object.hasOwn(found[2], text) ? found[2][text] : null;
  return named ? named[language === "en" ? 1 : 0] : text;
}

// Only addresses of the web become links; all others are shown as text.
function webAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch { return null; }
}
