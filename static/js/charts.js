// Draws each <figure data-chart> from the table inside it, and saves it as a picture or as data; a click on a mark follows the link in that cell.
"use strict";

(() => {
  const styles = getComputedStyle(document.documentElement);
  const token = (name) => styles.getPropertyValue(name).trim();
  const colour = (tone, index) => (tone && token(`--tone-${tone.split("-").pop()}`)) || token(`--tone-${(index % 6) + 1}`);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const font = getComputedStyle(document.body).fontFamily;
  // Screens that are read from afar ask for larger words and marks.
  const scale = Number(token("--chart-scale")) || 1;
  const text = (size, ink = "--ink-2") => ({ fontFamily: font, fontSize: size * scale, color: token(ink) });

  const readCell = (cell) => ({
    value: cell.dataset.value === "" || cell.dataset.value === undefined ? null : Number(cell.dataset.value),
    text: cell.textContent.trim(),
    url: cell.querySelector("a")?.href,
  });

  const readTable = (table) => {
    const heads = [...table.tHead.rows[0].cells].slice(1);
    const rows = [...table.tBodies[0].rows].map((row) => ({
      label: row.cells[0].textContent.trim(),
      tone: row.dataset.tone,
      cells: [...row.cells].slice(1).map(readCell),
    }));
    return { rows, series: heads.map((head) => ({ label: head.textContent.trim(), tone: head.dataset.tone })) };
  };

  const mark = (cell) => ({ value: cell.value, text: cell.text, url: cell.url, cursor: cell.url ? "pointer" : "default" });

  // Lights differ by pattern too: hatched, dotted, plain, ruled.
  const HATCH = { dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: Math.PI / 4, color: "#ffffff66" };
  const PATTERNS = {
    "light-red": HATCH,
    "light-yellow": { symbol: "circle", symbolSize: 0.7, dashArrayX: [[8, 8], [0, 8, 8, 0]], dashArrayY: [6, 0], color: "#ffffff66" },
    "light-grey": { dashArrayX: [1, 0], dashArrayY: [2, 6], color: "#ffffff66" },
  };
  const places = (list) => new Set((list ?? "").split(",").filter(Boolean).map(Number));

  const tooltip = (trigger, formatter) => ({
    trigger,
    renderMode: "richText",
    confine: true,
    axisPointer: { type: trigger === "axis" ? "shadow" : "none" },
    backgroundColor: token("--ink"),
    borderWidth: 0,
    padding: [6, 10],
    textStyle: { fontFamily: font, fontSize: 12, color: "#fff" },
    formatter,
  });

  const bars = ({ rows, series }, figure) => {
    const flat = figure.dataset.horizontal !== undefined;
    const stacked = figure.dataset.stacked !== undefined;
    const line = figure.dataset.chart === "line";
    const right = places(figure.dataset.right);
    const dashed = places(figure.dataset.dashed);
    const isLine = (index) => line || right.has(index);
    const category = {
      type: "category",
      data: rows.map((row) => row.label),
      inverse: flat,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token("--line-2") } },
      axisLabel: { ...text(12), interval: flat ? 0 : "auto", ...(flat && { width: 112 * scale, overflow: "break" }), hideOverlap: !flat },
    };
    const value = {
      type: "value",
      scale: line,
      splitNumber: 4,
      minInterval: rows.every((row) => row.cells.every((cell) => Number.isInteger(cell.value ?? 0))) ? 1 : 0,
      axisLabel: text(11, "--ink-3"),
      splitLine: { lineStyle: { color: token("--line") } },
    };
    const values = right.size ? [value, { ...value, scale: true, splitLine: { show: false } }] : value;
    return {
      grid: { left: 4, right: flat ? 40 : 12, top: flat ? 6 : 22, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: tooltip("axis", (items) => [items[0].name, ...items.filter((item) => item.value !== null).map((item) => `${item.seriesName}  ${item.data.text}`)].join("\n")),
      xAxis: flat ? value : category,
      yAxis: flat ? category : values,
      series: series.map((one, index) => ({
        name: one.label,
        type: isLine(index) ? "line" : "bar",
        ...(right.has(index) && { yAxisIndex: 1 }),
        stack: stacked ? "all" : undefined,
        data: rows.map((row) => mark(row.cells[index])),
        itemStyle: { color: colour(one.tone, index), decal: PATTERNS[one.tone] },
        lineStyle: { width: 2 * scale, type: dashed.has(index) ? "dashed" : "solid" },
        // Lines differ by their marks too.
        symbol: ["circle", "rect", "triangle", "diamond"][index % 4],
        symbolSize: 8 * scale,
        connectNulls: false,
        barMaxWidth: 22 * scale,
        barMinHeight: 0,
        emphasis: { focus: "none" },
        label: {
          show: !isLine(index) && (series.length === 1 || stacked || rows.length * series.length <= 16),
          position: stacked ? "inside" : flat ? "right" : "top",
          formatter: (item) => (item.value ? item.data.text : ""),
          ...text(11, "--ink"),
          // The figure stands clear of the pattern behind it.
          ...(stacked && { color: "#fff", fontWeight: 600, textBorderColor: colour(one.tone, index), textBorderWidth: 3 }),
        },
        // A figure that its part of a stack has no room for is left to the tooltip and the table.
        labelLayout: stacked
          ? ({ rect, labelRect }) => (rect.width < labelRect.width || rect.height < labelRect.height - 4 ? { x: -999 } : {})
          : { hideOverlap: true },
      })),
    };
  };

  const pie = ({ rows, series }) => ({
    tooltip: tooltip("item", (item) => `${item.name}  ${item.data.text}  (${item.percent}%)`),
    series: [{
      name: series[0].label,
      type: "pie",
      radius: ["50%", "78%"],
      data: rows.map((row, index) => ({ name: row.label, ...mark(row.cells[0]), itemStyle: { color: colour(row.tone, index) } })),
      itemStyle: { borderColor: token("--paper"), borderWidth: 2 },
      label: { ...text(12, "--ink"), fontWeight: 600, formatter: (item) => item.data.text },
      labelLine: { length: 6, length2: 6, lineStyle: { color: token("--line-2") } },
      emphasis: { scale: false },
    }],
  });

  // Horizontal bars need room for their rows; other charts take the height of the style sheet.
  const fitHeight = (plot, { rows, series }, figure) => {
    if (figure.dataset.horizontal === undefined) return;
    const lines = figure.dataset.stacked === undefined ? series.length : 1;
    plot.style.height = `${rows.length * Math.max(34, lines * 20) * scale + 34}px`;
  };

  // The key is text of the page, so that it wraps; a pie's has the figures and the links of its slices.
  const addLegend = (plot, { rows, series }, figure) => {
    const isPie = figure.dataset.chart === "pie";
    const dashed = places(figure.dataset.dashed);
    const entries = isPie ? rows.map((row) => ({ ...row, ...row.cells[0] })) : series;
    if (entries.length < 2) return;
    const list = document.createElement("ul");
    list.className = "chart-legend";
    entries.forEach((entry, index) => {
      const item = list.appendChild(document.createElement("li"));
      const swatch = item.appendChild(document.createElement("i"));
      swatch.style.backgroundColor = colour(entry.tone, index);
      swatch.dataset.tone = entry.tone;
      if (!isPie && dashed.has(index)) {
        swatch.className = "is-dashed";
        swatch.style.color = swatch.style.backgroundColor;
      }
      const words = item.appendChild(document.createElement(entry.url ? "a" : "span"));
      if (entry.url) words.href = entry.url;
      words.textContent = isPie ? `${entry.label} ${entry.text}` : entry.label;
    });
    plot.before(list);
  };

  const save = (url, name) => {
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
  };
  const caption = (figure) => figure.querySelector("figcaption").textContent.replace(/\s+/g, " ").trim();

  // The picture carries its title and its key, which on the page are text of the page.
  const savePicture = (figure, option) => {
    const box = document.createElement("div");
    const height = Math.max(480, figure.querySelector(".chart-plot").clientHeight + 120);
    const chart = echarts.init(box, null, { renderer: "canvas", width: 960, height });
    const note = figure.querySelector(".chart-note")?.textContent.trim() ?? "";
    chart.setOption({
      ...option,
      animation: false,
      title: { text: caption(figure), subtext: note, left: 16, top: 12, itemGap: 6, textStyle: { ...text(18, "--ink"), fontWeight: 600 }, subtextStyle: { ...text(12), width: 920, overflow: "break" } },
      legend: { bottom: 12, textStyle: text(13), selectedMode: false },
      ...(option.grid && { grid: { ...option.grid, left: 24, right: 36, top: 96, bottom: 56 } }),
    });
    save(chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: token("--paper") }), `${caption(figure)}.png`);
    chart.dispose();
  };

  // A spreadsheet reads the file as UTF-8 by its mark; an empty field is a missing figure.
  const saveData = (figure) => {
    const quoted = (words) => (/[",\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words);
    const lines = [...figure.querySelector("table").rows].map((row) =>
      [...row.cells].map((cell) => quoted(cell.dataset.value ?? cell.textContent.trim())).join(","));
    const url = URL.createObjectURL(new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv" }));
    save(url, `${caption(figure)}.csv`);
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };

  const offer = (figure, option) => {
    for (const button of figure.querySelectorAll("[data-chart-save]")) {
      button.hidden = false;
      button.addEventListener("click", () => (button.dataset.chartSave === "png" ? savePicture(figure, option) : saveData(figure)));
    }
  };

  const draw = (figure) => {
    const plot = figure.querySelector(".chart-plot");
    const table = figure.querySelector("table");
    if (!plot || !table || echarts.getInstanceByDom(plot)) return;
    const data = readTable(table);
    addLegend(plot, data, figure);
    fitHeight(plot, data, figure);
    const chart = echarts.init(plot, null, { renderer: "canvas" });
    const option = figure.dataset.chart === "pie" ? pie(data) : bars(data, figure);
    chart.setOption({ animation: !still.matches, animationDuration: 300, textStyle: { fontFamily: font }, ...option });
    offer(figure, option);
    chart.on("click", (item) => { if (item.data?.url) location.assign(item.data.url); });
    new ResizeObserver(() => chart.resize()).observe(plot);
  };

  addEventListener("beforeprint", () => {
    for (const plot of document.querySelectorAll(".chart-plot")) echarts.getInstanceByDom(plot)?.resize();
  });
  // A page that replaces its charts by itself asks for them by this event.
  document.addEventListener("charts:draw", (event) => drawAll(event.target));
  const drawAll = (root) => root.querySelectorAll("figure[data-chart]").forEach(draw);
  drawAll(document);
  document.addEventListener("htmx:afterSwap", (event) => drawAll(event.target.parentElement ?? document));
})();
