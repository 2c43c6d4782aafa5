// The review queue: chooses every report that no check has found anything about.
"use strict";

(() => {
  const button = document.querySelector("[data-choose-clean]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const box of document.querySelectorAll("[data-clean-row]")) box.checked = true;
  });
})();
