// Opening and closing many details at once. The page is whole without it.
(function () {
  "use strict";
  for (const button of document.querySelectorAll("button.fold")) {
    const parts = Array.from(button.closest("section").querySelectorAll("details"));
    const some = function () { return parts.some(function (d) { return d.open; }); };
    const say = function () { button.textContent = some() ? "Close all" : "Open all"; };
    button.hidden = parts.length < 2;
    button.addEventListener("click", function () {
      const open = !some();
      for (const d of parts) d.open = open;
      say();
    });
    for (const d of parts) d.addEventListener("toggle", say);
    say();
  }
})();
