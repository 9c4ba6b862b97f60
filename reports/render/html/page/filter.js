// Finding and showing by verdict. The page is whole without it.
(function () {
  "use strict";
  const form = document.querySelector(".filter");
  const find = document.getElementById("find");
  const boxes = Array.from(form.querySelectorAll("input[name=verdict]"));
  const rows = Array.from(document.querySelectorAll("tbody tr"), function (row) {
    return { row: row, verdict: row.dataset.verdict, text: row.textContent.toLowerCase() };
  });
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");

  function apply() {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = new Set(boxes.filter(function (b) { return b.checked; }).map(function (b) { return b.value; }));
    let n = 0;
    for (const r of rows) {
      const hit = verdicts.has(r.verdict) && words.every(function (w) { return r.text.includes(w); });
      if (r.row.hidden === hit) r.row.hidden = !hit;
      if (hit) n++;
    }
    shown.textContent = n + " of " + rows.length + " shown";
    none.hidden = n > 0;
  }

  form.hidden = false;
  document.querySelector(".counts").hidden = true;
  form.addEventListener("submit", function (e) { e.preventDefault(); });
  form.addEventListener("input", apply);
  document.addEventListener("keydown", function (e) {
    if (e.key === "/" && document.activeElement !== find) { e.preventDefault(); find.focus(); }
    if (e.key === "Escape" && document.activeElement === find) { find.value = ""; apply(); }
  });
  apply();
})();
