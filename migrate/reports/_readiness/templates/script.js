"use strict";
(function () {
  const AT_ONCE = 100;
  const find = document.getElementById("find");
  const show = document.getElementById("show");
  const order = document.getElementById("order");
  const shown = document.getElementById("shown");
  const more = document.getElementById("more");
  const table = document.getElementById("table");
  let rows = Array.from(table.tBodies);
  const sections = new Map(Array.from(document.querySelectorAll("details.server")).map(
    (section) => [section.dataset.server, section]));
  const number = (text) => (text === "" ? Infinity : Number(text));
  const orders = {
    name: () => 0,
    blockers: (a, b) => b.dataset.blockers - a.dataset.blockers
      || b.dataset.conditions - a.dataset.conditions,
    cost: (a, b) => (number(a.dataset.cost) > number(b.dataset.cost)) - (number(a.dataset.cost) < number(b.dataset.cost)),
  };
  const byName = rows.slice();
  let most = AT_ONCE;

  function fits(row, wanted) {
    return wanted.every((word) => row.dataset.words.includes(word))
      && (show.value === "" || row.dataset.states.split(" ").includes(show.value));
  }

  function filter() {
    const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const fit = fits(row, wanted);
      count += fit ? 1 : 0;
      row.hidden = !fit || count > most;
      sections.get(row.dataset.server).hidden = row.hidden;
    }
    const servers = rows.length === 1 ? " server" : " servers";
    const first = count > most ? ", the first " + most + " of them shown" : " shown";
    shown.textContent = count.toLocaleString("en-GB") + " of " + rows.length.toLocaleString("en-GB") + servers + first;
    more.hidden = count <= most;
  }

  function anew() { most = AT_ONCE; filter(); }

  function sort() {
    rows = byName.slice().sort(orders[order.value]);
    table.append(...rows);
    anew();
  }

  function unfold(open) {
    for (const section of sections.values()) {
      if (!section.hidden) {
        section.open = open;
        for (const part of section.querySelectorAll("details")) { part.open = open; }
      }
    }
  }

  const controls = document.getElementById("controls");
  controls.addEventListener("submit", (event) => event.preventDefault());
  find.addEventListener("input", anew);
  show.addEventListener("change", anew);
  order.addEventListener("change", sort);
  more.addEventListener("click", () => { most = Infinity; filter(); });
  controls.hidden = false;
  filter();

  const fold = document.getElementById("fold");
  fold.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) { unfold(Boolean(button.dataset.open)); }
  });
  fold.hidden = false;

  // What is the same for every server stands once, among the rules; an opened verdict shows it.
  document.addEventListener("toggle", (event) => {
    if (!event.target.open || !event.target.matches("details.why")) { return; }
    for (const link of event.target.querySelectorAll("a.more")) {
      const rule = document.getElementById(link.hash.slice(1));
      for (const row of rule.querySelectorAll("dl > :not([data-shown])")) {
        link.previousElementSibling.append(row.cloneNode(true));
      }
      link.remove();
    }
  }, true);

  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const section = target && target.closest("details");
    if (section) { section.hidden = false; section.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", reveal);
  reveal();

  let folded = [];
  let before = most;
  window.addEventListener("beforeprint", () => {
    before = most;
    most = Infinity;
    filter();
    folded = Array.from(document.querySelectorAll("details:not([open])"));
    for (const part of folded) { part.open = true; }
  });
  window.addEventListener("afterprint", () => {
    for (const part of folded) { part.open = false; }
    most = before;
    filter();
  });
}());
