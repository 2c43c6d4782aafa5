// The table of plans: moves like a spreadsheet and takes a pasted block; nothing is sent before a button is pressed.
"use strict";

(() => {
  const form = document.querySelector("[data-plan]");
  if (!form) return;
  const note = document.querySelector("[data-note]");
  const MONTHS = Array.from({ length: 12 }, (_, index) => `month_${index + 1}`);

  const rows = () => [...form.querySelectorAll("[data-row]")];
  const columnOf = (cell) => cell.dataset.column;
  const cellAt = (row, column) => row.querySelector(`[data-column="${column}"]`);

  // From the amount on, thirteen columns are the amount and the months; the month of entry is not among them.
  const columnsFrom = (first, width) => {
    const order = first === "planned_investment" && width === MONTHS.length + 1
      ? ["planned_investment", ...MONTHS]
      : ["planned_investment", "enters_in", ...MONTHS];
    return order.slice(order.indexOf(first));
  };

  let isTouched = false;
  form.addEventListener("input", () => { isTouched = true; });
  form.addEventListener("submit", () => { isTouched = false; });
  addEventListener("beforeunload", (event) => {
    if (isTouched) event.preventDefault();
  });

  const move = (cell, step) => {
    const all = rows();
    const next = all[all.indexOf(cell.closest("[data-row]")) + step];
    const target = next && cellAt(next, columnOf(cell));
    target?.focus();
    target?.select?.();
  };
  form.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!cell.matches?.("input[data-column]") || event.isComposing) return;
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      move(cell, step);
    } else if (event.key === "Escape") {
      cell.value = cell.defaultValue;
    }
  });

  form.addEventListener("paste", (event) => {
    const cell = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell.matches?.("input[data-column]") || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    const block = takeBlock(text);
    const all = rows();
    const top = all.indexOf(cell.closest("[data-row]"));
    const columns = columnsFrom(columnOf(cell), Math.max(...block.map((line) => line.length)));
    const outside = [];
    block.forEach((line, down) => {
      line.forEach((value, right) => {
        const target = all[top + down] && columns[right] && cellAt(all[top + down], columns[right]);
        if (target) target.value = value;
        else if (value) outside.push(value);
      });
    });
    isTouched = true;
    note.textContent = outside.length ? note.dataset.outside.replace("%s", outside.slice(0, 5).join(" · ")) : "";
    note.hidden = !note.textContent;
  });
})();
