// Draws each <figure data-chart> from the table inside it; a click on a mark follows the link in that cell.
"use strict";

(() => {
  const styles = getComputedStyle(document.documentElement);
  const token = (name) => styles.getPropertyValue(name).trim();
  const colour = (tone, index) => (tone && token(`--tone-${tone.split("-").pop()}`)) || token(`--tone-${(index % 6) + 1}`);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const font = getComputedStyle(document.body).fontFamily;
  const text = (size, ink = "--ink-2") => ({ fontFamily: font, fontSize: size, color: token(ink) });

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
    const category = {
      type: "category",
      data: rows.map((row) => row.label),
      inverse: flat,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token("--line-2") } },
      axisLabel: { ...text(12), interval: flat ? 0 : "auto", ...(flat && { width: 112, overflow: "break" }), hideOverlap: !flat },
    };
    const value = {
      type: "value",
      scale: line,
      splitNumber: 4,
      minInterval: rows.every((row) => row.cells.every((cell) => Number.isInteger(cell.value ?? 0))) ? 1 : 0,
      axisLabel: text(11, "--ink-3"),
      splitLine: { lineStyle: { color: token("--line") } },
    };
    return {
      grid: { left: 4, right: flat ? 40 : 12, top: flat ? 6 : 22, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: tooltip("axis", (items) => [items[0].name, ...items.filter((item) => item.value !== null).map((item) => `${item.seriesName}  ${item.data.text}`)].join("\n")),
      xAxis: flat ? value : category,
      yAxis: flat ? category : value,
      series: series.map((one, index) => ({
        name: one.label,
        type: line ? "line" : "bar",
        stack: stacked ? "all" : undefined,
        data: rows.map((row) => mark(row.cells[index])),
        itemStyle: { color: colour(one.tone, index) },
        lineStyle: { width: 2, type: index ? "dashed" : "solid" },
        symbolSize: 7,
        barMaxWidth: 22,
        barMinHeight: 0,
        emphasis: { focus: "none" },
        label: {
          show: !line || (series.length === 1 && rows.length <= 12),
          position: stacked ? "inside" : flat ? "right" : "top",
          formatter: (item) => (item.value ? item.data.text : ""),
          ...text(11, "--ink"),
          ...(stacked && { color: "#fff", fontWeight: 600 }),
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
    plot.style.height = `${rows.length * Math.max(34, lines * 20) + 34}px`;
  };

  // The key is text of the page, so that it wraps; a pie's has the figures and the links of its slices.
  const addLegend = (plot, { rows, series }, figure) => {
    const isPie = figure.dataset.chart === "pie";
    const entries = isPie ? rows.map((row) => ({ ...row, ...row.cells[0] })) : series;
    if (entries.length < 2) return;
    const list = document.createElement("ul");
    list.className = "chart-legend";
    entries.forEach((entry, index) => {
      const item = list.appendChild(document.createElement("li"));
      const swatch = item.appendChild(document.createElement("i"));
      swatch.style.backgroundColor = colour(entry.tone, index);
      const words = item.appendChild(document.createElement(entry.url ? "a" : "span"));
      if (entry.url) words.href = entry.url;
      words.textContent = isPie ? `${entry.label} ${entry.text}` : entry.label;
    });
    plot.before(list);
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
    chart.on("click", (item) => { if (item.data?.url) location.assign(item.data.url); });
    new ResizeObserver(() => chart.resize()).observe(plot);
  };

  const drawAll = (root) => root.querySelectorAll("figure[data-chart]").forEach(draw);
  drawAll(document);
  document.addEventListener("htmx:afterSwap", (event) => drawAll(event.target.parentElement ?? document));
})();
