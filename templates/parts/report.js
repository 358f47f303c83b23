"use strict";
(() => {
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const by = (id) => document.getElementById(id);
  const root = document.documentElement;

  // Light or dark
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  by("theme").hidden = false;
  try { root.dataset.theme = localStorage.getItem("cxkpi-theme") || ""; } catch { /* a place that remembers nothing */ }
  by("theme").addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("cxkpi-theme", root.dataset.theme); } catch { /* likewise */ }
  });

  // What a mark of a chart says, by pointer and by arrow keys
  const tip = by("tip");
  const texts = new WeakMap();
  const hide = () => { tip.hidden = true; all(".drawing .on").forEach((hit) => hit.classList.remove("on")); };
  const show = (hit, x, y) => {
    tip.textContent = texts.get(hit) || hit.getAttribute("aria-label");
    tip.hidden = false;
    tip.style.left = `${Math.max(8, Math.min(x + 14, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${y + 18 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 10 : y + 18}px`;
  };
  const step = (hits, key) => {
    const now = hits.findIndex((hit) => hit.classList.contains("on"));
    const moved = { ArrowRight: now + 1, ArrowLeft: now < 0 ? hits.length - 1 : now - 1, Home: 0, End: hits.length - 1 }[key];
    return hits[(moved + hits.length) % hits.length];
  };
  for (const drawing of all(".drawing")) {
    const marks = () => all(".hits path, [aria-roledescription=bar][aria-label]", drawing);
    for (const hit of all(".hits path", drawing)) {
      const title = hit.querySelector("title");
      texts.set(hit, title.textContent);
      title.remove(); // ours replaces the browser's own
      hit.addEventListener("pointermove", (event) => { hide(); show(hit, event.clientX, event.clientY); });
      hit.addEventListener("pointerleave", hide);
    }
    drawing.addEventListener("blur", hide);
    drawing.addEventListener("keydown", (event) => {
      const hits = marks();
      if (event.key === "Escape") hide();
      if (!hits.length || !["ArrowRight", "ArrowLeft", "Home", "End"].includes(event.key)) return;
      event.preventDefault();
      const next = step(hits, event.key);
      hide();
      next.classList.add("on");
      next.scrollIntoView({ block: "nearest", inline: "nearest" });
      const box = next.getBoundingClientRect();
      show(next, box.left + box.width / 2, box.top);
    });
  }

  // Sort: by length of time, by number, else by text
  const units = by("report").dataset.units.split("|").map((unit) => unit.trim());
  const seconds = [86400, 3600, 60, 1];
  const comma = root.lang === "ru";
  const number = (text) => parseFloat(text.replace(/[\s\u00a0\u202f]/g, "").replace("−", "-").replace(comma ? /\./g : /,/g, "").replace(",", ".").replace(/^[^\d+-]+/, ""));
  const length = (text) => {
    const parts = [...text.matchAll(/([\d.,]+)[\s\u00a0]*(\p{L}+)/gu)].filter((part) => units.includes(part[2]));
    return parts.length ? parts.reduce((sum, part) => sum + number(part[1]) * seconds[units.indexOf(part[2])], 0) : NaN;
  };
  const value = (row, place) => {
    const cell = row.cells[place];
    const text = (cell.querySelector("a, .chip, .amount") || cell).textContent.trim();
    const known = length(text);
    return [Number.isNaN(known) ? number(text) : known, text];
  };
  const compare = ([a, x], [b, y]) => (Number.isNaN(a) || Number.isNaN(b) ? Number.isNaN(a) - Number.isNaN(b) || x.localeCompare(y) : a - b);
  for (const head of all(".segments thead th, .segments thead td, .metrics thead th:is(:first-child, .n, .status, .change)")) {
    const button = document.createElement("button");
    button.className = "sort";
    button.type = "button";
    button.append(...head.childNodes);
    if (!button.textContent) continue;
    head.append(button);
    button.addEventListener("click", () => {
      const table = head.closest("table");
      const order = head.ariaSort === "ascending" ? -1 : 1;
      all("th", table.tHead).forEach((other) => { other.ariaSort = null; });
      head.ariaSort = order > 0 ? "ascending" : "descending";
      const rows = [...table.tBodies[0].rows].map((row) => [value(row, head.cellIndex), row]);
      rows.sort((a, b) => order * compare(a[0], b[0]));
      table.tBodies[0].append(...rows.map(([, row]) => row));
    });
  }

  // Find by text and by segment
  const find = by("find");
  const segment = by("segment");
  const parts = all(".metrics tbody tr, figure, .fold article, .segments tbody tr");
  const filter = () => {
    const wanted = find.value.trim().toLowerCase();
    const place = segment ? segment.value : "";
    for (const part of parts) {
      const other = place && part.dataset.segment && part.dataset.segment !== place;
      const said = part.dataset.segment ? part.closest("section").textContent : part.textContent;
      part.hidden = Boolean(other) || !said.toLowerCase().includes(wanted);
    }
    all("main > section, .fold").forEach((box) => {
      const inside = parts.filter((part) => box.contains(part));
      box.hidden = inside.length > 0 && inside.every((part) => part.hidden);
    });
    by("found").textContent = parts.every((part) => part.hidden) ? by("found").dataset.none : "";
  };
  if (find) {
    by("tools").hidden = false;
    find.addEventListener("input", filter);
    if (segment) segment.addEventListener("change", () => { filter(); if (segment.value) history.replaceState(null, "", `#${segment.value}`); });
  }

  // Another period as the subject of the page
  const { metrics: names, texts: again, tones, periods: past } = by("past") ? JSON.parse(by("past").textContent) : { periods: [] };
  const kept = new Map();
  const put = (box, ...nodes) => {
    if (!box) return;
    if (!kept.has(box)) kept.set(box, [[...box.childNodes], box.className]);
    box.replaceChildren(...nodes.filter(Boolean));
  };
  const made = (tag, name, text) => {
    const box = document.createElement(tag);
    box.className = name;
    box.textContent = text;
    return text ? box : null;
  };
  const point = (spark, place, count) => {
    const dot = spark && spark.querySelector("circle");
    if (!dot) return;
    const x = 3 + (114 * place) / (count - 1);
    const spots = all("polyline", spark).flatMap((line) => line.getAttribute("points").split(" ").map((pair) => pair.split(",")));
    const found = spots.find((pair) => Math.abs(pair[0] - x) < 0.1);
    if (!kept.has(dot)) kept.set(dot, [dot.getAttribute("cx"), dot.getAttribute("cy")]);
    dot.setAttribute("cx", found ? found[0] : -9);
    dot.setAttribute("cy", found ? found[1] : -9);
  };
  const tell = (box, [said, interval = "", n = "", goal = "", status = "", usual = "", change = "", verdict = ""]) => {
    const { goal: aim, usual: range } = by("report").dataset;
    const at = (query) => box.querySelector(query);
    const card = box.matches(".card");
    put(at(".value a"), said);
    put(at(".value small"), interval);
    put(at(".n"), n);
    put(at(".target"), card ? (goal ? aim.replace("{}", goal) : `n = ${n}`) : goal);
    put(at(".status"), made("span", `chip ${tones[status] || "plain"}`, status));
    put(at(".change"), made("span", "amount", change), " ", made("small", tones[verdict] === "unsure" ? "unseen" : "", verdict));
    if (at(".change")) at(".change").className = `change ${tones[verdict] || "plain"}`;
    put(at(card ? ".usual" : ".history small"), card ? (usual ? range.replace("{}", usual) : "") : usual);
  };
  const restore = () => {
    kept.forEach(([first, second], box) => {
      if (box.tagName === "circle") { box.setAttribute("cx", first); box.setAttribute("cy", second); return; }
      box.replaceChildren(...first);
      box.className = second;
    });
    kept.clear();
  };
  const choose = (number) => {
    const period = past[number];
    const heads = [by("lead") && by("lead").querySelector("b"), ...all(".metrics thead th.value")];
    restore();
    root.toggleAttribute("data-past", Boolean(period));
    if (!period) return;
    heads.forEach((head) => put(head, period.name));
    if (by("lead")) put(by("lead"), heads[0], ` ${by("lead").dataset.past}`);
    for (const box of all("[data-of]")) {
      const told = period.told[names.indexOf(box.dataset.of)] || ["–"];
      tell(box, told.map((text) => (typeof text === "number" ? again[text] : text)));
      point(box.querySelector(".spark"), period.place, past.length + 1);
    }
  };
  if (past.length) {
    by("choose").hidden = false;
    by("period").addEventListener("change", () => choose(by("period").value === "" ? -1 : Number(by("period").value)));
  }

  // The contents follow the scroll
  const entries = all("nav a").map((link) => [link, by(link.hash.slice(1))]).filter((pair) => pair[1]);
  const follow = () => {
    const passed = entries.filter(([, place]) => place.getBoundingClientRect().top < 120);
    const end = innerHeight + scrollY >= root.scrollHeight - 2 && scrollY > 0;
    const now = end ? entries.at(-1) : passed.at(-1);
    for (const [link] of entries) {
      if (now && link === now[0]) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const list = now && now[0].closest("ul");
    if (list && list.scrollWidth > list.clientWidth) list.scrollLeft = now[0].offsetLeft - list.offsetLeft - 16;
  };
  addEventListener("scroll", follow, { passive: true });
  follow();

  // A link to a place opens what it is folded in; a link to a segment chooses it
  const arrive = () => {
    const target = location.hash.length > 1 && by(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.dataset.segment && segment) { segment.value = target.dataset.segment; filter(); }
    for (let box = target; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", arrive);
  arrive();

  // Paper shows everything
  let folded = [];
  addEventListener("beforeprint", () => { folded = all("details:not([open])"); folded.forEach((box) => { box.open = true; }); });
  addEventListener("afterprint", () => folded.forEach((box) => { box.open = false; }));
})();
