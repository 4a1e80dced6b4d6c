"use strict";
// Without scripts everything stands there: tables in the order of the paper, unfiltered, every value of lambda.

// Columns sort on request.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const value = (row, place) => {
    const text = row.cells[place].textContent.trim();
    const found = text.replace(/,(?=\d{3})/g, "").match(/^[+\-−]?\d+(\.\d+)?/);
    return found ? Number(found[0].replace("−", "-")) : text;
  };
  [...table.tHead.rows[0].cells].forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].sort((one, two) => {
        const [a, b] = [value(one, place), value(two, place)];
        // Numbers before words, whichever way they are sorted.
        if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
        const order = typeof a === "number" ? a - b : a.localeCompare(b);
        return down ? -order : order;
      });
      body.append(...rows);
    });
  });
}

// The leaderboard is filtered by words, rows and data, and shows the times of one machine.
const filters = document.querySelector(".filters");
if (filters) {
  const rows = [...document.querySelectorAll("#leaderboard-table tbody tr")];
  const apply = () => {
    const text = filters.elements.text.value.trim().toLowerCase();
    const hardware = filters.elements.hardware?.value;
    for (const row of rows) {
      const wanted = (name) => !filters.elements[name].value || filters.elements[name].value === row.dataset[name];
      row.hidden = !(wanted("rows") && wanted("place") && row.textContent.toLowerCase().includes(text));
      for (const cell of row.querySelectorAll("[data-taken]")) {
        cell.textContent = JSON.parse(cell.dataset.taken)[hardware] ?? "–";
      }
    }
    document.getElementById("leaderboard-table").classList.toggle("one-place", filters.elements.place.value !== "");
    for (const note of document.querySelectorAll(".hardware")) note.hidden = note.dataset.hardware !== hardware;
    filters.querySelector("output").textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
  };
  filters.hidden = false;
  filters.addEventListener("input", apply);
  filters.addEventListener("submit", (event) => event.preventDefault());
  apply();
}

// Other long tables are filtered by words.
for (const table of document.querySelectorAll("table.sortable:not(#leaderboard-table)")) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length < 15) continue;
  const label = document.createElement("label");
  label.className = "find";
  label.textContent = "Find ";
  const field = document.createElement("input");
  field.type = "search";
  field.addEventListener("input", () => {
    const text = field.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(text);
  });
  label.append(field);
  table.closest(".scroll").before(label);
}

// One value of lambda at a time.
const slider = document.getElementById("slider");
if (slider) {
  const settings = [...slider.querySelectorAll(".setting")];
  const range = document.getElementById("lambda");
  const show = () => {
    settings.forEach((setting, place) => { setting.hidden = place !== Number(range.value); });
    const value = settings[range.value].dataset.value;
    slider.querySelector("output").textContent = value;
    range.setAttribute("aria-valuetext", `lambda ${value}`);
  };
  slider.classList.add("playing");
  slider.querySelector(".control").hidden = false;
  range.addEventListener("input", show);
  show();
}

// A link into what is folded unfolds it; so does printing.
const unfold = (id) => {
  const found = document.getElementById(id || "answer");
  const folded = found?.closest("details");
  if (folded) {
    folded.open = true;
    found.scrollIntoView();
  }
};
addEventListener("hashchange", () => unfold(location.hash.slice(1)));
unfold(location.hash.slice(1));
addEventListener("beforeprint", () => { for (const one of document.querySelectorAll("details")) one.open = true; });

// A table that goes on beyond the screen says so.
const hint = () => {
  for (const one of document.querySelectorAll(".scroll")) one.classList.toggle("more", one.scrollWidth > one.clientWidth + 1);
};
addEventListener("resize", hint);
addEventListener("toggle", hint, true);
hint();
