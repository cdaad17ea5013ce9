// Search by any name, Chinese or English, with suggestions that the keyboard reaches.
const SUGGESTIONS = 12;

function matches(data, text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  const found = [];
  for (const node of data.nodes) {
    let best = 9;
    for (const name of [node.label, node.english, ...node.names, node.qid]) {
      if (!name) continue;
      const at = name.toLowerCase().indexOf(wanted);
      if (at < 0) continue;
      best = Math.min(best, name.length === wanted.length ? 0 : at === 0 ? 1 : 2);
    }
    if (best < 9) found.push([best, node]);
  }
  found.sort((one, other) => one[0] - other[0] || one[1].index - other[1].index);
  return found.slice(0, SUGGESTIONS).map((one) => one[1]);
}

// Make an input and a list into a search of the nodes; `chosen` hears the index of the node.
function nodeSearch(data, input, list, chosen) {
  let found = [];
  const row = (node) => {
    const other = language === "en" ? node.label : node.english;
    const note = other && other !== nameOf(node) ? [make("span", { className: "note" }, other)] : [];
    return [glyph(node.type), make("span", { className: "name" }, nameOf(node)), ...note];
  };
  const { show } = combobox(input, list, {
    suggest: () => {
      found = matches(data, input.value);
      show(found.map(row), { first: 0, none: input.value.trim() ? word("notFound") : "" });
    },
    choose: (rank) => {
      if (!found[rank]) return;
      input.value = "";
      chosen(found[rank].index);
    },
    leave: () => { input.value = ""; },
  });
}

function searchBox(data, chosen, name, label) {
  const list = make("ul", { role: "listbox", id: name + "-found", hidden: true, "aria-label": label });
  const input = make("input", {
    type: "text", id: name, role: "combobox", autocomplete: "off", spellcheck: false, placeholder: label,
    "aria-label": label, "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
  });
  nodeSearch(data, input, list, chosen);
  return make("div", { className: "search" }, input, list);
}
