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
    const legend = series.length > 1;
    return {
      grid: { left: 4, right: flat ? 40 : 12, top: (legend ? 34 : 12) + (flat ? 0 : 10), bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: { show: legend, top: 0, left: 0, itemWidth: 12, itemHeight: 8, itemGap: 14, icon: line ? undefined : "rect", textStyle: text(12), selectedMode: false },
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
        labelLayout: { hideOverlap: true },
      })),
    };
  };

  const pie = ({ rows, series }) => ({
    tooltip: tooltip("item", (item) => `${item.name}  ${item.data.text}  (${item.percent}%)`),
    series: [{
      name: series[0].label,
      type: "pie",
      radius: ["48%", "72%"],
      data: rows.map((row, index) => ({ name: row.label, ...mark(row.cells[0]), itemStyle: { color: colour(row.tone, index) } })),
      itemStyle: { borderColor: token("--paper"), borderWidth: 2 },
      label: { ...text(12, "--ink"), formatter: (item) => `${item.name} ${item.data.text}` },
      labelLine: { length: 8, length2: 8, lineStyle: { color: token("--line-2") } },
      emphasis: { scale: false },
    }],
  });

  // Horizontal bars need room for their rows; other charts take the height of the style sheet.
  const fitHeight = (plot, { rows, series }, figure) => {
    if (figure.dataset.horizontal === undefined) return;
    const lines = figure.dataset.stacked === undefined ? series.length : 1;
    plot.style.height = `${rows.length * Math.max(34, lines * 20) + (series.length > 1 ? 60 : 36)}px`;
  };

  const draw = (figure) => {
    const plot = figure.querySelector(".chart-plot");
    const table = figure.querySelector("table");
    if (!plot || !table || echarts.getInstanceByDom(plot)) return;
    const data = readTable(table);
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
