// The review of a reading by keyboard: J and K go from row to row, a letter presses the row's button, and
// after a decision the next open row is at hand.
"use strict";

(() => {
  const list = document.querySelector("[data-proposals]");
  if (!list) return;
  const hint = document.querySelector("[data-keys]");
  if (hint) hint.hidden = false;
  const rows = () => [...list.querySelectorAll("[data-row]")];
  const current = () => document.activeElement.closest?.("[data-row]");
  const enter = (row) => {
    const target = row?.querySelector("[data-key], input:not([type=hidden]), select, textarea");
    target?.focus();
    row?.scrollIntoView({ block: "nearest" });
  };
  const isWriting = (node) => node.matches?.("input, select, textarea") || node.isContentEditable;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    const key = event.key.toLowerCase();
    const all = rows();
    const here = current();
    if (key === "j" || key === "k") {
      const place = here ? all.indexOf(here) + (key === "j" ? 1 : -1) : 0;
      enter(all[Math.max(0, Math.min(place, all.length - 1))]);
      event.preventDefault();
      return;
    }
    const button = here?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (button) {
      event.preventDefault();
      button.click();
    }
  });

  // The row that was decided is drawn anew: attention goes on to the next open one, or stays where it was.
  let decided = null;
  list.addEventListener("htmx:beforeRequest", (event) => {
    const row = event.target.closest("[data-row]");
    decided = row && { place: rows().indexOf(row), goesOn: event.target.matches("form:has([data-key='a'], [data-key='d'])") };
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!decided || !event.target.matches?.("[data-row]")) return;
    const all = rows();
    const here = all[decided.place];
    const failed = here?.querySelector("[role=alert]");
    const next = all.slice(decided.place + 1).find((row) => row.querySelector("[data-key='a']"));
    enter(decided.goesOn && !failed && next ? next : here);
    decided = null;
  });
})();
