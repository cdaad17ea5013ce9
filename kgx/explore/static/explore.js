// Suggestions while a name is typed. Names are set as text only.
"use strict";
const input = document.getElementById("q");
const list = document.getElementById("found");
const language = document.querySelector("input[name=lang]").value;
let rows = [];
let active = -1;
let asked = 0;

function close() {
  list.hidden = true;
  active = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function mark() {
  [...list.children].forEach((row, rank) => row.setAttribute("aria-selected", String(rank === active)));
  if (active >= 0) input.setAttribute("aria-activedescendant", "found-" + active);
}

async function suggest() {
  const number = (asked += 1);
  const text = input.value.trim();
  if (!text) return close();
  const answer = await fetch("/suggest?lang=" + language + "&q=" + encodeURIComponent(text));
  const found = await answer.json();
  if (number !== asked) return undefined;
  rows = found;
  active = -1;
  list.replaceChildren(...rows.map((one, rank) => {
    const row = document.createElement("li");
    row.id = "found-" + rank;
    row.setAttribute("role", "option");
    row.textContent = one.name;
    row.addEventListener("mousedown", (event) => { event.preventDefault(); window.location.href = one.url; });
    return row;
  }));
  list.hidden = rows.length === 0;
  input.setAttribute("aria-expanded", String(rows.length > 0));
  return undefined;
}

input.addEventListener("input", suggest);
input.addEventListener("blur", close);
input.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Escape") close();
  else if (event.key === "Enter" && active >= 0) { event.preventDefault(); window.location.href = rows[active].url; }
  else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && rows.length && !list.hidden) {
    event.preventDefault();
    active = (active + (event.key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length;
    mark();
  }
});
