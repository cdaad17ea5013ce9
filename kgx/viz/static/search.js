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

// Make an input and a list into a combobox; `chosen` hears the index of the node.
function combobox(data, input, list, chosen) {
  let rows = [];
  let active = -1;
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = () => {
    [...list.children].forEach((row, rank) => row.setAttribute("aria-selected", String(rank === active)));
    if (active >= 0 && rows.length) {
      input.setAttribute("aria-activedescendant", list.children[active].id);
      list.children[active].scrollIntoView({ block: "nearest" });
    }
  };
  const take = (rank) => {
    if (!rows[rank]) return;
    const index = rows[rank].index;
    input.value = "";
    close();
    chosen(index);
  };
  const open = () => {
    rows = matches(data, input.value);
    active = rows.length ? 0 : -1;
    list.replaceChildren(...rows.map((node, rank) => {
      const other = language === "en" ? node.label : node.english;
      const row = make("li", { role: "option", id: list.id + "-" + rank }, glyph(node.type),
        make("span", { className: "name" }, nameOf(node)),
        other && other !== nameOf(node) ? make("span", { className: "note" }, other) : null);
      row.addEventListener("mousedown", (event) => { event.preventDefault(); take(rank); });
      return row;
    }));
    if (!rows.length && input.value.trim()) list.replaceChildren(make("li", { role: "option", "aria-disabled": "true" }, word("notFound")));
    list.hidden = !input.value.trim();
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (!list.hidden) mark(); 
  };
  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // an input method is still at work
    if (event.key === "Escape") { input.value = ""; close(); }
    else if (event.key === "Enter" && active >= 0) { event.preventDefault(); take(active); }
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && rows.length) {
      event.preventDefault();
      if (list.hidden) open();
      else active = (active + (event.key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length;
      mark();
    }
  });
}

function searchBox(data, chosen, name, label) {
  const list = make("ul", { role: "listbox", id: name + "-found", hidden: true, "aria-label": label });
  const input = make("input", {
    type: "text", id: name, role: "combobox", autocomplete: "off", spellcheck: false, placeholder: label,
    "aria-label": label, "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
  });
  combobox(data, input, list, chosen);
  return make("div", { className: "search" }, input, list);
}
