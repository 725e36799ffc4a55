// Dots with a range, one line each, against a reference; and pairs of dots joined by a line.
import { axisX, dot, gridX, link, ruleX, ruleY, text } from "@observablehq/plot";
import { ends, isNumber, missing, range, tick } from "../format.js";
import { chart, fitted, labelRoom, ticksFor } from "./figure.js";

/** Axis of positive figures: logarithmic once they differ so much that small ones would vanish. */
export function positiveScale(values, { always = [], log = false } = {}) {
  const known = values.filter((value) => isNumber(value) && value > 0);
  const all = [...known, ...always];
  if (all.length === 0) return { type: "linear", domain: [0, 1] };
  const low = Math.min(...all);
  const high = Math.max(...all);
  if (log || high > 20 * low) return { type: "log", domain: [low / 1.25, high * 1.25] };
  const margin = 0.08 * (high - low) || 0.1 * high;
  return { type: "linear", domain: [Math.max(0, low - margin), high + margin] };
}

/** @param options.rows [{ name, spread, color }]; @param options.reference { at, label } */
export function dots({ title, rows, format, reference }) {
  const data = rows.map((row, i) => ({ ...row, ...ends(row.spread), id: String(i) }));
  const known = data.filter((row) => isNumber(row.middle) && row.middle > 0);
  const spans = known.filter((row) => row.low > 0 && row.high > 0);
  const values = data.map((row) => (isNumber(row.middle) ? format(row.middle) : missing));
  const scale = positiveScale(
    known.flatMap((row) => [row.middle, row.low, row.high]),
    { always: [reference.at] },
  );
  const draw = (width) => {
    const left = labelRoom(data.map((row) => row.name), width);
    const right = labelRoom(values, width);
    return {
      ...lines(data, width, left, right),
      x: { ...scale, label: null },
      marks: [
        ...grid(width - left - right, scale, format),
        ruleX([reference.at], { stroke: "var(--axis)", strokeDasharray: "4 3", strokeWidth: 1.5 }),
        ruleY(spans, { x1: "low", x2: "high", y: "id", stroke: "var(--whisker)", strokeWidth: 2 }),
        dot(known, {
          x: "middle",
          y: "id",
          r: 6,
          fill: (row) => row.color,
          stroke: "var(--surface)",
          title: (row) => `${row.name}: ${range(row.spread, format)}`,
        }),
        valueText(data, (row) => values[row.id], (row) => isNumber(row.middle)),
      ],
    };
  };
  const describe = `Dots. ${title}. ${data
    .map((row) => `${row.name}: ${range(row.spread, format)}`)
    .join("; ")}. ${reference.label}.`;
  const legend = [{ label: reference.label, color: "var(--axis)", symbol: "line" }];
  return chart({ title, describe, legend, draw });
}

/**
 * Two figures a line, joined. On a logarithmic axis, where 0 has no place, it sits at the edge.
 * @param options.rows [{ name, one, two, value }]
 * @param options.labels { one: { label, color }, two: { label, color } }
 */
export function pairs({ title, rows, labels, format }) {
  const data = rows.map((row, i) => ({ ...row, id: String(i) }));
  const scale = positiveScale(data.flatMap((row) => [row.one, row.two]));
  const place = (value) => (isNumber(value) ? Math.max(value, scale.domain[0]) : undefined);
  const both = data.filter((row) => isNumber(row.one) && isNumber(row.two));
  const draw = (width) => {
    const left = labelRoom(data.map((row) => row.name), width);
    const right = labelRoom(data.map((row) => row.value), width);
    const end = (key, symbol) =>
      dot(data.filter((row) => isNumber(row[key])), {
        x: (row) => place(row[key]),
        y: "id",
        r: 6,
        symbol,
        fill: labels[key].color,
        stroke: "var(--surface)",
        title: (row) => `${row.name}, ${labels[key].label}: ${format(row[key])}`,
      });
    return {
      ...lines(data, width, left, right),
      x: { ...scale, label: null },
      marks: [
        ...grid(width - left - right, scale, format),
        link(both, {
          x1: (row) => place(row.one),
          x2: (row) => place(row.two),
          y: "id",
          stroke: "var(--whisker)",
          strokeWidth: 2,
        }),
        end("one", "circle"),
        end("two", "diamond"),
        valueText(data, (row) => row.value, (row) => row.value !== missing),
      ],
    };
  };
  const said = data.map(
    (row) =>
      `${row.name}: ${labels.one.label} ${format(row.one)}, ${labels.two.label} ${format(row.two)}`,
  );
  const legend = [
    { ...labels.one, symbol: "circle" },
    { ...labels.two, symbol: "diamond" },
  ];
  return chart({ title, describe: `Pairs of dots. ${title}. ${said.join("; ")}.`, legend, draw });
}

const lines = (data, width, left, right) => ({
  height: data.length * 30 + 36,
  marginLeft: left,
  marginRight: right,
  marginBottom: 28,
  y: {
    type: "band",
    domain: data.map((row) => row.id),
    label: null,
    tickFormat: (id) => fitted(data[id].name, left),
    tickSize: 0,
  },
});

const grid = (room, scale, format) => [
  gridX({ ticks: ticksFor(room, scale) }),
  axisX({ ticks: ticksFor(room, scale), tickFormat: tick(format), tickSize: 0 }),
];

const valueText = (data, words, known) =>
  text(data, {
    y: "id",
    text: words,
    frameAnchor: "right",
    textAnchor: "start",
    dx: 8,
    fill: (row) => (known(row) ? "var(--text)" : "var(--muted)"),
  });
