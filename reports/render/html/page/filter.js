// Finding and showing scenarios. The page is whole without it. What is looked
// for stands in the address, so that going back, or sending it, finds it again.
(function () {
  "use strict";
  const form = document.querySelector(".filter");
  const find = document.getElementById("find");
  const boxes = Array.from(form.querySelectorAll("input[name=verdict]"));
  const groups = Array.from(document.querySelectorAll(".group"));
  const causes = Array.from(document.querySelectorAll(".only"));
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const fold = document.getElementById("fold");
  const LONG = 300; // as in the page's own groups
  let rows = null; // read when somebody looks for something
  let cause = "";

  function read() {
    rows = Array.from(document.querySelectorAll(".row"), function (row) {
      return { row: row, group: row.closest(".group"), verdict: row.dataset.verdict, cause: row.dataset.cause || "", text: row.textContent.toLowerCase() };
    });
  }

  function apply() {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = new Set(boxes.filter(function (b) { return b.checked; }).map(function (b) { return b.value; }));
    const all = !words.length && !cause && verdicts.size === boxes.length;
    if (!rows && all) {
      shown.textContent = "";
      return;
    }
    if (!rows) read();
    const hits = new Map();
    let n = 0;
    for (const r of rows) {
      const hit = verdicts.has(r.verdict) && (!cause || r.cause === cause) && words.every(function (w) { return r.text.includes(w); });
      if (r.row.hidden === hit) r.row.hidden = !hit;
      if (hit) {
        n++;
        hits.set(r.group, (hits.get(r.group) || 0) + 1);
      }
    }
    for (const g of groups) {
      g.hidden = !hits.has(g);
      g.classList.toggle("long", (hits.get(g) || 0) > LONG);
    }
    for (const b of causes) b.setAttribute("aria-pressed", String(b.dataset.cause === cause));
    shown.textContent = all ? "" : n + " of " + rows.length + " shown";
    none.hidden = n > 0;
    remember(verdicts);
  }

  function remember(verdicts) {
    const p = new URLSearchParams();
    if (find.value) p.set("find", find.value);
    if (verdicts.size < boxes.length) p.set("show", Array.from(verdicts).join(" "));
    if (cause) p.set("cause", cause);
    const hash = p.toString();
    try {
      history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
    } catch (e) { /* some browsers forbid it for files: nothing is lost but the address */ }
  }

  function recall() {
    if (!location.hash.includes("=")) return;
    const p = new URLSearchParams(location.hash.slice(1));
    find.value = p.get("find") || "";
    cause = p.get("cause") || "";
    if (p.has("show")) {
      const show = p.get("show").split(" ");
      for (const b of boxes) b.checked = show.includes(b.value);
    }
  }

  function reset() {
    find.value = "";
    cause = "";
    for (const b of boxes) b.checked = true;
    apply();
  }

  form.hidden = false;
  form.addEventListener("submit", function (e) { e.preventDefault(); });
  form.addEventListener("input", apply);
  document.getElementById("reset").addEventListener("click", function () { reset(); find.focus(); });
  for (const b of causes) {
    b.hidden = false;
    b.addEventListener("click", function () {
      cause = cause === b.dataset.cause ? "" : b.dataset.cause;
      apply();
    });
  }
  fold.addEventListener("click", function () {
    const open = !groups.some(function (g) { return g.open; });
    for (const g of groups) g.open = open;
    fold.textContent = open ? "Close all" : "Open all";
  });
  document.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    if (e.key === "/" && document.activeElement !== find) {
      e.preventDefault();
      find.focus();
    } else if (e.key === "Escape" && document.activeElement === find) {
      reset();
    }
  });
  recall();
  apply();
})();
