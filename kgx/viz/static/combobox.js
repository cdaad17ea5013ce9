// A combobox, by ARIA's pattern of that name: an input, and a list of suggestions that keyboard and pointer reach.
// `suggest` hears that the text changed, `choose` the rank that was taken, `leave` that Escape was pressed.
// What comes back shows rows (each a list of elements; `first`: the one marked; `none`: what says that there are none)
// and closes the list.
function combobox(input, list, { suggest, choose, leave = () => {} }) {
  let count = 0;
  let active = -1;
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (rank) => {
    active = rank;
    [...list.children].forEach((row, other) => row.setAttribute("aria-selected", String(other === active)));
    if (active < 0) return;
    input.setAttribute("aria-activedescendant", list.children[active].id);
    list.children[active].scrollIntoView({ block: "nearest" });
  };
  const take = (rank) => { close(); choose(rank); };
  const option = (parts, rank) => {
    const row = document.createElement("li");
    row.id = list.id + "-" + rank;
    row.setAttribute("role", "option");
    row.append(...parts);
    row.addEventListener("mousedown", (event) => { event.preventDefault(); take(rank); });
    return row;
  };
  const show = (rows, { first = -1, none = "" } = {}) => {
    close();
    count = rows.length;
    list.replaceChildren(...rows.map(option));
    if (!count && none) {
      list.append(option([none], 0));
      list.firstChild.setAttribute("aria-disabled", "true");
    }
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (count) mark(first);
  };
  input.addEventListener("input", suggest);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // an input method is still at work
    if (event.key === "Escape") { leave(); close(); }
    else if (event.key === "Enter" && active >= 0) { event.preventDefault(); take(active); }
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      if (list.hidden) suggest();
      else mark((active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1) + count) % count);
    }
  });
  return { show, close };
}
