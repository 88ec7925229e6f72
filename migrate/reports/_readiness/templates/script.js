"use strict";
(function () {
  const find = document.getElementById("find");
  const show = document.getElementById("show");
  const order = document.getElementById("order");
  const shown = document.getElementById("shown");
  const table = document.getElementById("table");
  const rows = Array.from(table.tBodies);
  const sections = new Map(Array.from(document.querySelectorAll("details.server")).map(
    (section) => [section.dataset.server, section]));
  const number = (text) => (text === "" ? Infinity : Number(text));
  const orders = {
    name: () => 0,
    blockers: (a, b) => b.dataset.blockers - a.dataset.blockers
      || b.dataset.conditions - a.dataset.conditions,
    cost: (a, b) => (number(a.dataset.cost) > number(b.dataset.cost)) - (number(a.dataset.cost) < number(b.dataset.cost)),
  };

  function filter() {
    const wanted = find.value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits = row.dataset.name.includes(wanted)
        && (show.value === "" || row.dataset.states.split(" ").includes(show.value));
      row.hidden = !fits;
      sections.get(row.dataset.server).hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.textContent = count + " of " + rows.length + (rows.length === 1 ? " server" : " servers") + " shown";
  }

  function sort() {
    for (const row of Array.from(rows).sort(orders[order.value])) { table.append(row); }
  }

  function unfold(open) {
    for (const part of document.querySelectorAll("details")) { part.open = open; }
  }

  const controls = document.getElementById("controls");
  controls.addEventListener("submit", (event) => event.preventDefault());
  find.addEventListener("input", filter);
  show.addEventListener("change", filter);
  order.addEventListener("change", sort);
  controls.hidden = false;
  filter();

  const fold = document.getElementById("fold");
  fold.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) { unfold(Boolean(button.dataset.open)); }
  });
  fold.hidden = false;

  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const section = target && target.closest("details");
    if (section) { section.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", reveal);
  reveal();

  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = Array.from(document.querySelectorAll("details:not([open])"));
    unfold(true);
  });
  window.addEventListener("afterprint", () => { for (const part of folded) { part.open = false; } });
}());
