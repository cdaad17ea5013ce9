// What is chosen and what is filtered, and its form in the address, by which a view is shared.
const TOP = 150;
const TOP_NARROW = 40;
const EACH = 3;

function narrow() { return window.innerWidth < 700; }

function freshState(data) {
  return {
    node: null, goal: null, ego: 0, pair: null,
    offKinds: new Set(), offTypes: new Set(), offStatuses: new Set(),
    from: null, to: null, undated: true,
    top: Math.min(narrow() ? TOP_NARROW : TOP, Math.max(data.nodes.length, 1)), each: EACH,
  };
}

function toFragment(data, state) {
  const plain = freshState(data);
  const out = new URLSearchParams();
  const key = (index) => data.nodes[index].key;
  if (state.node !== null) out.set("n", key(state.node));
  if (state.goal !== null) out.set("goal", key(state.goal));
  if (state.ego) out.set("ego", state.ego);
  if (state.pair) out.set("pair", key(state.pair[0]) + "|" + key(state.pair[1]));
  if (state.offKinds.size) out.set("nokind", [...state.offKinds].sort().join(","));
  if (state.offTypes.size) out.set("notype", [...state.offTypes].sort().join(","));
  if (state.offStatuses.size) out.set("nostatus", [...state.offStatuses].sort().join(","));
  if (state.from !== null) out.set("from", monthText(state.from));
  if (state.to !== null) out.set("to", monthText(state.to));
  if (!state.undated) out.set("undated", "0");
  if (state.top !== plain.top) out.set("top", state.top);
  if (state.each !== plain.each) out.set("each", state.each);
  if (language !== "zh") out.set("lang", language);
  return out.toString();
}

// A fragment may come from anywhere: what it names and the data don't have is ignored.
function fromFragment(data, fragment) {
  const state = freshState(data);
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const node = (key) => (data.byKey.has(key) ? data.byKey.get(key).index : null);
  const number = (name, least, most, otherwise) => {
    const value = Number.parseInt(given.get(name), 10);
    return Number.isFinite(value) ? Math.min(Math.max(value, least), most) : otherwise;
  };
  const names = (name, known) => new Set((given.get(name) || "").split(",").filter((one) => known.includes(one)));
  const month = (name) => {
    const form = /^(\d{4})-(\d{2})$/.exec(given.get(name) || "");
    return form && data.months ? Number(form[1]) * 12 + Number(form[2]) - 1 : null;
  };
  state.node = node(given.get("n"));
  if (state.node !== null) {
    state.goal = node(given.get("goal"));
    state.ego = number("ego", 0, 2, 0);
  }
  const pair = (given.get("pair") || "").split("|").map(node);
  if (pair.length === 2 && pair.every((one) => one !== null)) state.pair = pair;
  state.offKinds = names("nokind", Object.keys(data.types));
  state.offTypes = names("notype", TYPES);
  state.offStatuses = names("nostatus", STATUSES);
  state.from = month("from");
  state.to = month("to");
  state.undated = given.get("undated") !== "0";
  state.top = number("top", 1, data.nodes.length, state.top);
  state.each = number("each", 1, 99, state.each);
  language = given.get("lang") === "en" ? "en" : "zh";
  return state;
}
