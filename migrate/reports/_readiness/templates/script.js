"use strict";
(function () {
  const AT_ONCE = 100;
  const at = (id) => document.getElementById(id);
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const many = (count, one) => count.toLocaleString("en-GB") + " " + one + (count === 1 ? "" : "s");

  // A list of which those are shown that fit what was typed and chosen, a hundred at first.
  function list(items, noun, find, show, shown, more, hide) {
    let most = AT_ONCE;
    const it = { items };
    function draw() {
      const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const item of it.items) {
        const fits = wanted.every((word) => item.dataset.words.includes(word))
          && (show.value === "" || item.dataset.states.split(" ").includes(show.value));
        count += fits ? 1 : 0;
        hide(item, !fits || count > most);
      }
      shown.textContent = count.toLocaleString("en-GB") + " of " + many(it.items.length, noun)
        + (count > most ? ", the first " + most + " of them shown" : " shown");
      more.hidden = count <= most;
    }
    it.show = (limit) => { const before = most; most = limit; draw(); return before; };
    it.anew = () => it.show(AT_ONCE);
    find.addEventListener("input", it.anew);
    show.addEventListener("change", it.anew);
    more.addEventListener("click", () => it.show(Infinity));
    find.form.addEventListener("submit", (event) => event.preventDefault());
    find.form.hidden = false;
    draw();
    return it;
  }

  const table = at("table");
  const byName = Array.from(table.tBodies);
  const sections = new Map(all("details.server").map((each) => [each.dataset.server, each]));
  const servers = list(byName, "server", at("find"), at("show"), at("shown"), at("more"),
    (row, hidden) => { row.hidden = hidden; sections.get(row.dataset.server).hidden = hidden; });
  const lists = [servers];
  if (at("find-application")) {
    lists.push(list(all("details.application"), "application", at("find-application"), at("show-way"),
      at("shown-applications"), at("more-applications"), (each, hidden) => { each.hidden = hidden; }));
  }

  const number = (text) => (text === "" ? Infinity : Number(text));
  const orders = {
    name: () => 0,
    blockers: (a, b) => b.dataset.blockers - a.dataset.blockers
      || b.dataset.conditions - a.dataset.conditions,
    cost: (a, b) => (number(a.dataset.cost) > number(b.dataset.cost)) - (number(a.dataset.cost) < number(b.dataset.cost)),
  };
  at("order").addEventListener("change", (event) => {
    servers.items = byName.slice().sort(orders[event.target.value]);
    table.append(...servers.items);
    servers.anew();
  });

  at("fold").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) { return; }
    const open = Boolean(button.dataset.open);
    for (const section of sections.values()) {
      if (!section.hidden) {
        section.open = open;
        for (const part of section.querySelectorAll("details")) { part.open = open; }
      }
    }
  });
  at("fold").hidden = false;

  // What is the same for every server stands once, among the rules; an opened verdict shows it.
  document.addEventListener("toggle", (event) => {
    if (!event.target.open || !event.target.matches("details.why")) { return; }
    for (const link of event.target.querySelectorAll("a.more")) {
      for (const row of at(link.hash.slice(1)).querySelectorAll("dl > :not([data-shown])")) {
        link.previousElementSibling.append(row.cloneNode(true));
      }
      link.remove();
    }
  }, true);

  function reveal() {
    const target = at(decodeURIComponent(location.hash.slice(1)));
    const section = target && target.closest("details");
    if (section) { section.hidden = false; section.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", reveal);
  reveal();

  let folded = [];
  let limits = [];
  window.addEventListener("beforeprint", () => {
    limits = lists.map((each) => each.show(Infinity));
    folded = all("details:not([open])");
    for (const part of folded) { part.open = true; }
  });
  window.addEventListener("afterprint", () => {
    for (const part of folded) { part.open = false; }
    lists.forEach((each, index) => each.show(limits[index]));
  });
}());
