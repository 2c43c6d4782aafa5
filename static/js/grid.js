// The grid of the month: moves like a spreadsheet, takes a pasted block, saves each row as it is left.
"use strict";

(() => {
  const grid = document.querySelector("[data-grid]");
  if (!grid) return;
  document.documentElement.classList.add("js-grid");
  const announcer = document.querySelector("[data-announce]");
  const said = announcer.dataset;
  const COLUMNS = ["invested_ytd", "physical_progress", "status", "started_on", "completed_on"];

  const rowOf = (node) => node?.closest?.("[data-row]");
  const formOf = (row) => row.querySelector("form");
  const nameOf = (row) => row.querySelector("th a").textContent;
  const cell = (row, name) => formOf(row)?.elements.namedItem(name);
  const openRows = () => [...grid.querySelectorAll("[data-row]:not([data-closed])")];
  const say = (text, row) => { announcer.textContent = text.replace("%s", nameOf(row)); };
  const show = (row, text) => { row.querySelector("[data-saving]").textContent = text; };

  // What is typed but not saved yet.
  const touch = (row) => {
    row.toggleAttribute("data-unsaved", true);
    row.changes = (row.changes ?? 0) + 1;
    show(row, said.unsaved);
  };
  grid.addEventListener("input", (event) => touch(rowOf(event.target)));
  addEventListener("beforeunload", (event) => {
    if (grid.querySelector("[data-unsaved]")) event.preventDefault();
  });

  // One request a row at a time; what is typed meanwhile is sent after it, with the version that came back.
  const save = async (row) => {
    if (row.isSaving) { row.saveAgain = true; return; }
    row.isSaving = true;
    const sent = row.changes;
    show(row, said.saving);
    let response;
    try {
      const form = formOf(row);
      response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Grid-Row": "1" } });
    } catch {
      row.isSaving = false;
      show(row, said.unsaved);
      say(said.lost, row);
      return;
    }
    row.isSaving = false;
    const known = [200, 409, 422].includes(response.status) && !response.redirected;
    if (!known) {
      show(row, said.unsaved);
      say(said.failed, row);
      return;
    }
    const holder = document.createElement("table");
    holder.innerHTML = await response.text();
    const fresh = holder.querySelector("[data-row]");
    const isWrittenIn = row.changes !== sent || row.contains(document.activeElement);
    if (isWrittenIn) merge(row, fresh, row.changes === sent && response.ok);
    else swap(row, fresh, response.ok);
    const present = document.getElementById(fresh.id);
    if (response.status === 409) present.toggleAttribute("data-stale", true);
    say(response.ok ? said.saved : said.failed, present);
    count();
    if (response.ok && row.saveAgain && present === row) { row.saveAgain = false; save(row); }
  };

  const swap = (row, fresh, isSaved) => {
    if (!isSaved) fresh.toggleAttribute("data-unsaved", true);
    row.replaceWith(fresh);
  };

  // The person is in the row: only what they do not write in is renewed.
  const merge = (row, fresh, isSaved) => {
    const [form, newer] = [formOf(row), formOf(fresh)];
    if (form && newer) form.elements.namedItem("version").value = newer.elements.namedItem("version").value;
    row.className = fresh.className;
    row.querySelector(".findings")?.remove();
    const findings = fresh.querySelector(".findings");
    if (findings) row.querySelector(".month-words > td").prepend(findings);
    for (const selector of [".month-state .badge", "td:nth-child(5)"]) {
      const [old, renewed] = [row.querySelector(selector), fresh.querySelector(selector)];
      if (old && renewed) old.replaceWith(renewed);
    }
    row.dataset.state = fresh.dataset.state;
    row.querySelector("[data-ready]")?.remove();
    const ready = fresh.querySelector("[data-ready]");
    if (ready) row.querySelector(".month-state .badge").after(" ", ready);
    if (isSaved) { row.removeAttribute("data-unsaved"); show(row, ""); }
  };

  const count = () => {
    const shown = document.querySelector("[data-ready-count]");
    if (shown) shown.textContent = grid.querySelectorAll("[data-ready]").length;
  };

  grid.addEventListener("focusout", (event) => {
    const row = rowOf(event.target);
    if (row?.hasAttribute("data-unsaved") && rowOf(event.relatedTarget) !== row && !row.hasAttribute("data-stale")) save(row);
  });
  grid.addEventListener("submit", (event) => {
    event.preventDefault();
    const row = rowOf(event.target);
    row.removeAttribute("data-stale");
    save(row);
  });
  // A button outside the form's own row fires submit on the form, which sits in the row.

  // Before everything ready is submitted, what is still unsaved is saved.
  document.querySelector("[data-submit-ready]")?.addEventListener("submit", async (event) => {
    const waiting = [...grid.querySelectorAll("[data-unsaved]")];
    if (!waiting.length) return;
    event.preventDefault();
    await Promise.all(waiting.map(save));
    if (!grid.querySelector("[data-unsaved]")) event.target.submit();
  });

  // Enter and arrows move in the column, Escape takes back what was typed in the cell.
  const move = (field, step) => {
    const rows = openRows();
    const next = rows[rows.indexOf(rowOf(field)) + step];
    const target = next && cell(next, field.name);
    if (!target) return;
    target.focus();
    target.select?.();
  };
  grid.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches?.(".cell") || event.isComposing) return;
    const isText = field.tagName === "INPUT" && field.type === "text";
    if (event.key === "Enter" && field.tagName !== "TEXTAREA") {
      event.preventDefault();
      move(field, event.shiftKey ? -1 : 1);
    } else if (isText && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(field, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape" && "defaultValue" in field && field.value !== field.defaultValue) {
      field.value = field.defaultValue;
      const row = rowOf(field);
      const isClean = [...formOf(row).elements].every((each) => !("defaultValue" in each) || each.value === each.defaultValue);
      if (isClean) { row.removeAttribute("data-unsaved"); show(row, ""); }
    }
  });

  // A block from a spreadsheet: cells parted by tabs, rows by line breaks; quoted cells may hold either.
  const take = (text) => {
    const rows = [[]];
    const pattern = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/gy;
    const block = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (let match; pattern.lastIndex <= block.length && (match = pattern.exec(block)); ) {
      rows.at(-1).push((match[1]?.replaceAll('""', '"') ?? match[2]).trim());
      if (match[3] === "\n") rows.push([]);
      else if (match[3] === "") break;
    }
    return rows;
  };

  const put = (field, text) => {
    if (field.tagName !== "SELECT") { field.value = text; return; }
    const option = [...field.options].find((each) => each.value === text || each.textContent === text);
    if (option) field.value = option.value;
  };

  grid.addEventListener("paste", (event) => {
    const field = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const from = COLUMNS.indexOf(field.name);
    if (from < 0 || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    const rows = openRows();
    const top = rows.indexOf(rowOf(field));
    const touched = [];
    take(text).forEach((cells, down) => {
      const row = rows[top + down];
      if (!row) return;
      cells.forEach((value, right) => {
        const name = COLUMNS[from + right];
        const target = name && cell(row, name);
        if (target) put(target, value);
      });
      touch(row);
      touched.push(row);
    });
    for (const row of touched) save(row);
  });
})();
