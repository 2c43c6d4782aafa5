// The grid of the month: moves like a spreadsheet, takes a pasted block, saves each row as it is left.
"use strict";

(() => {
  const grid = document.querySelector("[data-grid]");
  if (!grid) return;
  document.documentElement.classList.add("js-grid");
  const announcer = document.querySelector("[data-announce]");
  const note = document.querySelector("[data-note]");
  const said = announcer.dataset;
  const PATIENCE = 30_000;

  const rowOf = (node) => node?.closest?.("[data-row]");
  const formOf = (row) => row.querySelector("form");
  const nameOf = (row) => row.querySelector("th a").textContent;
  const cell = (row, name) => formOf(row)?.elements.namedItem(name);
  const cells = (row) => [...(formOf(row)?.elements ?? [])].filter((each) => each.matches(".cell, [type=checkbox]"));
  const openRows = () => [...grid.querySelectorAll("[data-row]:not([data-closed])")];
  const unsavedRows = () => [...grid.querySelectorAll("[data-unsaved]")];
  const say = (text, row) => { announcer.textContent = text.replace("%s", nameOf(row)); };
  const show = (row, text) => { row.querySelector("[data-saving]").textContent = text; };

  // What a cell held when it was saved last.
  const savedValue = (field) => {
    if (field.type === "checkbox") return field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].find((each) => each.defaultSelected)?.value ?? field.options[0].value;
    return field.defaultValue;
  };
  const valueOf = (field) => (field.type === "checkbox" ? field.checked : field.value);
  const isAsSaved = (field) => valueOf(field) === savedValue(field);

  const touch = (row) => {
    row.toggleAttribute("data-unsaved", true);
    row.changes = (row.changes ?? 0) + 1;
    show(row, said.unsaved);
  };
  const settle = (row) => {
    row.removeAttribute("data-unsaved");
    show(row, "");
  };
  grid.addEventListener("input", (event) => touch(rowOf(event.target)));
  addEventListener("beforeunload", (event) => {
    if (unsavedRows().length) event.preventDefault();
  });
  addEventListener("online", () => unsavedRows().forEach(saveSoon));

  // Rows are saved one after the other, each with the version that the one before brought back.
  let queue = Promise.resolve();
  const saveSoon = (row) => {
    const { id } = row;
    queue = queue.then(() => save(document.getElementById(id)));
    return queue;
  };

  const save = async (row) => {
    if (!row?.hasAttribute("data-unsaved") || row.hasAttribute("data-stale")) return;
    const sent = row.changes;
    for (const field of cells(row)) field.sentValue = valueOf(field);
    show(row, said.saving);
    try {
      const form = formOf(row);
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Grid-Row": "1" },
        signal: AbortSignal.timeout(PATIENCE),
      });
      const isAnswer = [200, 409, 422].includes(response.status) && !response.redirected;
      if (!isAnswer) throw new Error(`${response.status}`);
      const holder = document.createElement("table");
      holder.innerHTML = await response.text();
      receive(row, holder.querySelector("[data-row]"), response, sent);
    } catch (error) {
      show(row, said.unsaved);
      say(error instanceof TypeError || error.name === "TimeoutError" ? said.lost : said.failed, row);
      row.classList.add("is-unsent");
    }
  };

  const receive = (row, fresh, response, sent) => {
    const isWhole = row.changes === sent;
    if (isWhole && !row.contains(document.activeElement)) {
      fresh.querySelector("details").open ||= row.querySelector("details").open;
      row.replaceWith(fresh);
    } else {
      renew(row, fresh, response.ok);
    }
    const present = document.getElementById(fresh.id);
    if (!response.ok || !isWhole) {
      present.toggleAttribute("data-unsaved", true);
      show(present, said.unsaved);
    } else {
      settle(present);
    }
    present.toggleAttribute("data-stale", response.status === 409);
    say(response.ok ? said.saved : said.failed, present);
    count();
  };

  // Somebody is writing in the row: what they write in stays, the rest is renewed.
  const renew = (row, fresh, isSaved) => {
    const ticks = cells(row).filter((each) => each.type === "checkbox" && !isAsSaved(each));
    for (const field of cells(row)) {
      const newer = fresh.querySelector(`[name="${field.name}"]`);
      if (!isSaved || !newer || field.type === "checkbox") continue;
      const isSame = valueOf(field) === field.sentValue;
      if (field.tagName === "SELECT") {
        for (const option of field.options) option.defaultSelected = option.value === newer.value;
      } else {
        const typed = field.value;
        field.defaultValue = newer.value;
        field.value = isSame && field !== document.activeElement ? newer.value : typed;
      }
    }
    const version = fresh.querySelector("[name=version]");
    if (version) cell(row, "version").value = version.value;
    row.className = fresh.className;
    row.dataset.state = fresh.dataset.state;
    const held = document.activeElement;
    for (const part of ["figure", "state", "remarks"]) {
      const [old, newer] = [row.querySelector(`[data-part=${part}]`), fresh.querySelector(`[data-part=${part}]`)];
      const wasHeld = old.contains(held);
      old.replaceWith(newer);
      if (wasHeld) (held.name ? newer.querySelector(`[name="${held.name}"][value="${held.value}"]`) : newer.querySelector("button"))?.focus();
    }
    for (const tick of ticks) {
      const again = row.querySelector(`[name="${tick.name}"][value="${tick.value}"]`);
      if (again) again.checked = tick.checked;
    }
  };

  const count = () => {
    const rows = [...grid.querySelectorAll("[data-row]")];
    for (const shown of document.querySelectorAll("[data-count]")) {
      shown.textContent = rows.filter((row) => row.dataset.state === shown.dataset.count).length;
    }
    const ready = document.querySelector("[data-ready-count]");
    if (ready) ready.textContent = grid.querySelectorAll("[data-ready]").length;
  };

  grid.addEventListener("focusout", (event) => {
    const row = rowOf(event.target);
    if (row?.hasAttribute("data-unsaved") && rowOf(event.relatedTarget) !== row) saveSoon(row);
  });
  grid.addEventListener("submit", (event) => {
    event.preventDefault();
    const row = rowOf(event.target);
    row.removeAttribute("data-stale");
    touch(row);
    saveSoon(row);
  });

  // Before everything that is ready is submitted, what is still unsaved is saved.
  document.querySelector("[data-submit-ready]")?.addEventListener("submit", async (event) => {
    if (!unsavedRows().length) return;
    event.preventDefault();
    const form = event.target;
    unsavedRows().forEach(saveSoon);
    await queue;
    const [left] = unsavedRows();
    if (left) cells(left)[0]?.focus();
    else form.submit();
  });

  // Enter and the arrows move in the column, Escape takes back what was typed in the cell.
  const move = (field, step) => {
    const rows = openRows();
    const row = rowOf(field);
    const next = rows[rows.indexOf(row) + step];
    const target = next && cell(next, field.name);
    if (!target) {
      saveSoon(row);
      return;
    }
    const folded = target.closest("details");
    if (folded) folded.open = true;
    target.focus();
    target.select?.();
  };
  const takeBack = (field) => {
    const row = rowOf(field);
    field.value = savedValue(field);
    row.changes = (row.changes ?? 0) + 1;
    if (!row.hasAttribute("data-stale") && !row.classList.contains("is-unsent") && cells(row).every(isAsSaved)) settle(row);
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
    } else if (event.key === "Escape" && !isAsSaved(field)) {
      event.preventDefault();
      takeBack(field);
    }
  });

  // In the order of a row; those that take certain values only are passed over by a column of others.
  const COLUMNS = ["invested_ytd", "physical_progress", "status", "narrative", "problems", "next_step", "correction"];
  const DATES = ["started_on", "completed_on"];
  const DAY = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/;

  // What a cell makes of a text; undefined where it has no such value.
  const reading = (field, text) => {
    if (field.tagName === "SELECT") {
      if (!text) return field.value;
      return [...field.options].find((each) => each.value === text || each.textContent === text)?.value;
    }
    if (field.type !== "date") return text;
    if (!text) return field.value;
    const [, year, month, day] = DAY.exec(text) ?? [];
    return year && `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  };

  const placed = (first, row, block) => {
    const order = DATES.includes(first) ? DATES : COLUMNS;
    const waiting = order.slice(order.indexOf(first));
    return block[0].map((_, column) => {
      const texts = block.map((line) => line[column] ?? "").filter(Boolean);
      if (column && waiting[0] === "status" && texts.length && texts.every((text) => reading(cell(row, "status"), text) === undefined)) waiting.shift();
      return waiting.shift();
    });
  };

  grid.addEventListener("paste", (event) => {
    const field = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const isBlock = field.tagName === "TEXTAREA" ? text.includes("\t") : /[\t\n]/.test(text.trimEnd());
    if (!field.matches?.(".cell") || !isBlock) return;
    event.preventDefault();
    const rows = openRows();
    const top = rows.indexOf(rowOf(field));
    const block = takeBlock(text);
    const names = placed(field.name, rows[top], block);
    const unread = [];
    block.forEach((line, down) => {
      const row = rows[top + down];
      if (!row) return;
      line.forEach((value, right) => {
        const target = names[right] && cell(row, names[right]);
        const read = target && reading(target, value);
        if (read === undefined) unread.push(value);
        else target.value = read;
      });
      touch(row);
      saveSoon(row);
    });
    const beyond = Math.max(0, top + block.length - rows.length);
    note.textContent = [
      beyond ? said.beyond.replace("%s", beyond) : "",
      unread.some(Boolean) ? said.unread.replace("%s", unread.filter(Boolean).slice(0, 5).join(" · ")) : "",
    ].join(" ").trim();
    note.hidden = !note.textContent;
  });
})();
