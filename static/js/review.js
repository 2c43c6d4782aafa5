// The review queue: ticks what no check has found fault with, counts what is ticked, and lets the
// arrow keys move between the boxes.
"use strict";

(() => {
  const queue = document.querySelector("[data-queue]");
  if (!queue) return;
  const boxes = [...queue.querySelectorAll('input[type="checkbox"]')];
  const count = document.querySelector("[data-chosen]");
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    count.textContent = ` (${chosen})`;
    count.hidden = false;
  };
  document.querySelector("[data-keys]").hidden = !boxes.length;
  document.querySelector("[data-choose-clean]").addEventListener("click", (event) => {
    event.preventDefault();
    for (const box of boxes) if ("clean" in box.dataset) box.checked = true;
    tell();
  });
  queue.addEventListener("change", tell);
  queue.addEventListener("keydown", (event) => {
    const place = boxes.indexOf(event.target);
    if (place < 0) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      boxes[place + step]?.focus();
    } else if (event.key === "Enter") {
      event.preventDefault(); // a box is ticked with the space bar; Enter would approve at once
    }
  });
  tell();
})();
