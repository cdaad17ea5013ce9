// The filters: the legend of entity types, kinds of fact, statuses, time, how much is shown.

class Controls {
  constructor(element, data, changed) {
    this.element = element;
    this.data = data;
    this.changed = changed;
  }

  draw(state) {
    const data = this.data;
    const types = TYPES.filter((type) => data.nodes.some((node) => node.type === type));
    const count = new Map();
    for (const one of data.statements) count.set(one.type, (count.get(one.type) || 0) + 1);
    const kinds = Object.keys(data.types).sort((one, other) => count.get(other) - count.get(one));
    const statuses = STATUSES.filter((status) => data.statements.some((one) => one.status === status));
    this.element.setAttribute("aria-label", word("controls"));
    this.element.replaceChildren(
      this.group("entities", types, state.offTypes, (type) => [glyph(type), word(type)]),
      this.group("status", statuses, state.offStatuses, (status) => [make("span", { className: "line " + status, "aria-hidden": "true" }), word(status)]),
      data.months && data.months[0] < data.months[1] ? this.time(state) : make("span"),
      this.amount(state),
      this.group("kinds", kinds, state.offKinds, (kind) => [typeName(data, kind), make("span", { className: "note" }, String(count.get(kind)))]),
    );
  }

  group(title, values, off, label) {
    const out = make("fieldset", { className: title }, make("legend", {}, word(title)));
    for (const value of values) {
      const box = make("input", { type: "checkbox", checked: !off.has(value), value });
      box.addEventListener("change", () => {
        if (box.checked) off.delete(value); else off.add(value);
        this.changed();
      });
      out.append(make("label", {}, box, ...label(value)));
    }
    const set = (none) => () => {
      for (const value of values) { if (none) off.add(value); else off.delete(value); }
      for (const box of out.querySelectorAll("input")) box.checked = !none;
      this.changed();
    };
    if (values.length > 4) out.append(make("div", { className: "both" }, button(word("all"), set(false)), button(word("none"), set(true))));
    return out;
  }

  slider(name, least, most, value, text, heard) {
    const shown = make("output", {}, text(value));
    const input = make("input", { type: "range", min: least, max: most, value, id: "slide-" + name, "aria-valuetext": text(value) });
    input.addEventListener("input", () => {
      const now = heard(Number(input.value));
      input.value = now;
      shown.textContent = text(now);
      input.setAttribute("aria-valuetext", text(now));
      this.changed();
    });
    return make("div", { className: "slide" }, make("label", { htmlFor: input.id }, word(name)), shown, input);
  }

  time(state) {
    const [least, most] = this.data.months;
    const within = (value, otherwise) => Math.min(Math.max(value === null ? otherwise : value, least), most);
    const box = make("input", { type: "checkbox", checked: state.undated });
    box.addEventListener("change", () => { state.undated = box.checked; this.changed(); });
    return make("fieldset", { className: "time" }, make("legend", {}, word("time")),
      this.slider("from", least, most, within(state.from, least), monthText, (value) => {
        const now = Math.min(value, within(state.to, most));
        state.from = now === least ? null : now;
        return now;
      }),
      this.slider("to", least, most, within(state.to, most), monthText, (value) => {
        const now = Math.max(value, within(state.from, least));
        state.to = now === most ? null : now;
        return now;
      }),
      make("label", {}, box, word("undated")));
  }

  amount(state) {
    const all = this.data.nodes.length;
    return make("fieldset", { className: "amount" }, make("legend", {}, word("amount")),
      this.slider("nodes", Math.min(10, all), all, state.top, String, (value) => (state.top = value)),
      this.slider("links", 1, 12, Math.min(state.each, 12), (value) => (value >= 12 ? word("all") : String(value)), (value) => {
        state.each = value >= 12 ? 99 : value;
        return value;
      }));
  }
}
