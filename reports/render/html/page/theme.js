// Light and dark: what the system says, until a person says otherwise. It runs
// before anything is drawn.
(function () {
  "use strict";
  const themes = ["system", "light", "dark"];
  const root = document.documentElement;
  let theme = "system";
  try {
    const kept = localStorage.getItem("ringproof-theme");
    if (themes.includes(kept)) theme = kept;
  } catch (e) { /* no storage here: the choice lasts as long as the page */ }

  function apply() {
    root.style.colorScheme = theme === "system" ? "" : theme;
    root.dataset.theme = theme;
  }

  apply();
  document.addEventListener("DOMContentLoaded", function () {
    const button = document.getElementById("theme");
    function say() { button.textContent = "Theme: " + theme; }
    button.hidden = false;
    say();
    button.addEventListener("click", function () {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      try { localStorage.setItem("ringproof-theme", theme); } catch (e) { /* as above */ }
      apply();
      say();
    });
  });
})();
