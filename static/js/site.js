// What every page gains from a script: the menu on phones, the "/" key, tables that scroll only when they must.
"use strict";

(() => {
  const isWriting = (node) => node instanceof HTMLElement && (node.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(node.tagName));

  // Navigation on a narrow screen.
  const toggle = document.querySelector("[data-nav-toggle]");
  const sidebar = toggle && document.getElementById(toggle.getAttribute("aria-controls"));
  const showNav = (open) => {
    sidebar.classList.toggle("is-open", open);
    toggle.setAttribute("aria-expanded", String(open));
  };
  toggle?.addEventListener("click", () => showNav(!sidebar.classList.contains("is-open")));

  // "/" goes to the page's own search field, else to the one of the frame.
  const focusSearch = () => {
    const fields = [...document.querySelectorAll("[data-search], [data-search-field] input")];
    const field = fields.find((node) => node.closest("main")) ?? fields[0];
    if (!field) return false;
    field.closest("details")?.setAttribute("open", "");
    if (sidebar?.contains(field) && toggle.offsetParent) showNav(true);
    field.focus();
    field.select();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isWriting(event.target)) {
      if (focusSearch()) event.preventDefault();
    }
    if (event.key === "Escape") {
      const menu = event.target.closest?.("details.menu[open]") ?? document.querySelector("details.menu[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (sidebar?.classList.contains("is-open")) {
        showNav(false);
        toggle.focus();
      }
    }
  });

  // A menu closes when attention goes elsewhere.
  const closeMenus = (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  };
  document.addEventListener("click", closeMenus);
  document.addEventListener("focusin", closeMenus);

  // Empty fields stay out of a filter's address; where nothing is left, data-clean names what is sent instead.
  document.addEventListener("formdata", (event) => {
    if (!event.target.hasAttribute("data-clean")) return;
    const kept = [...event.formData].filter(([, value]) => value !== "");
    for (const name of new Set([...event.formData.keys()])) event.formData.delete(name);
    for (const [name, value] of kept) event.formData.append(name, value);
    if (kept.length === 0 && event.target.dataset.clean) event.formData.append(event.target.dataset.clean, "1");
  });

  // Tick or clear every box of a list (column chooser).
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-check-all]");
    if (!button) return;
    for (const box of button.form.querySelectorAll("input[type=checkbox]")) box.checked = button.dataset.checkAll === "on";
  });

  // A table that fits lets its head stick to the window; one that does not scrolls by itself and can be reached by keyboard.
  const measure = (wrap) => {
    const table = wrap.querySelector("table");
    if (!table) return;
    const overflows = table.scrollWidth > wrap.clientWidth + 1;
    wrap.classList.toggle("overflows", overflows);
    wrap.classList.toggle("fits", !overflows);
    // The table always carries the name; its frame only while it scrolls (a group, not a region: its panel is the landmark).
    const name = table.getAttribute("aria-label") ?? wrap.getAttribute("aria-label") ?? "";
    if (name) table.setAttribute("aria-label", name);
    if (overflows) {
      wrap.tabIndex = 0;
      wrap.setAttribute("role", "group");
      wrap.setAttribute("aria-label", name);
    } else {
      for (const attribute of ["tabindex", "role", "aria-label"]) wrap.removeAttribute(attribute);
    }
  };
  const watcher = new ResizeObserver((entries) => entries.forEach((entry) => measure(entry.target)));

  // Where the style sheet cannot keep the filter panel open on a wide screen.
  const openFilters = (root) => {
    if (CSS.supports("selector(::details-content)") || !matchMedia("(min-width: 48rem)").matches) return;
    for (const panel of root.querySelectorAll("details.filters")) panel.open = true;
  };

  const prepare = (root) => {
    for (const wrap of root.querySelectorAll(".table-wrap")) watcher.observe(wrap);
    openFilters(root);
  };
  prepare(document);
  document.addEventListener("htmx:afterSwap", (event) => prepare(event.target.parentElement ?? document));
})();
