// Points with ranges, by application, beside what a model says of them.
import { axisX, axisY, dot, gridX, gridY, link, ruleX, ruleY, text } from "@observablehq/plot";
import { isNumber, tick } from "../format.js";
import { positiveScale } from "./dots.js";
import { chart, ticksFor } from "./figure.js";

const symbols = ["circle", "square", "triangle", "diamond"];
const colors = ["var(--c0)", "var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)", "var(--c6)"];

/** Colour and symbol of each name: the pair tells up to 28 of them apart without seeing colours. */
export function looks(names) {
  return new Map(
    [...new Set(names)].map((name, i) => [
      name,
      { color: colors[i % colors.length], symbol: symbols[i % symbols.length] },
    ]),
  );
}

/**
 * @param options.points [{ name, x, y, low, high, predicted, title, own }]; one that is `own` is
 *   the reader's and labelled; those without x or y are left out
 * @param options.x, options.y { label, format, log, always: figures that must be on the axis }
 * @param options.lines [{ x or y, label, dashed }]
 */
export function scatter({ title, subject = title, points, x, y, lines = [], diagonal = false, predictedLabel }) {
  const shown = points.filter((one) => isNumber(one.x) && one.x > 0 && isNumber(one.y) && one.y > 0);
  const style = looks(shown.map((one) => one.name));
  const spans = shown.filter((one) => one.low > 0 && one.high > 0);
  const guessed = shown.filter((one) => isNumber(one.predicted) && one.predicted > 0);
  const xs = shown.map((one) => one.x);
  const ys = shown.flatMap((one) => [one.y, one.low, one.high, one.predicted]);
  const xScale = positiveScale(diagonal ? [...xs, ...ys] : xs, { always: x.always, log: x.log });
  const yScale = diagonal ? xScale : positiveScale(ys, { always: y.always ?? [] });
  const rows = 440; // as if for labels of 80 pixels
  const color = (one) => style.get(one.name).color;
  const draw = (width) => ({
    height: Math.min(420, Math.max(260, width * 0.6)),
    marginLeft: 54,
    marginBottom: 46,
    marginTop: 26,
    x: { ...xScale, label: null },
    y: { ...yScale, label: null },
    marks: [
      gridX({ ticks: ticksFor(width, xScale) }),
      gridY({ ticks: ticksFor(rows, yScale) }),
      axisX({ ticks: ticksFor(width, xScale), tickFormat: tick(x.format), tickSize: 0, label: x.label, labelAnchor: "center", labelArrow: "none", labelOffset: 38 }),
      axisY({ ticks: ticksFor(rows, yScale), tickFormat: tick(y.format), tickSize: 0, label: y.label, labelAnchor: "top", labelArrow: "none" }),
      diagonal
        ? link([xScale.domain], { x1: "0", y1: "0", x2: "1", y2: "1", stroke: "var(--axis)" })
        : null,
      ...lines.map((line) => reference(line)),
      ruleX(spans, { x: "x", y1: "low", y2: "high", stroke: color, strokeWidth: 1.5, strokeOpacity: 0.7 }),
      link(guessed, { x: "x", y1: "y", y2: "predicted", stroke: "var(--axis)", strokeDasharray: "2 2" }),
      dot(guessed, { x: "x", y: "predicted", r: 5, symbol: "diamond", stroke: color, strokeWidth: 1.6 }),
      dot(shown, {
        x: "x",
        y: "y",
        r: (one) => (one.own ? 8 : 5),
        symbol: (one) => style.get(one.name).symbol,
        fill: color,
        stroke: (one) => (one.own ? "var(--text)" : "var(--surface)"),
        strokeWidth: (one) => (one.own ? 2 : 1),
        title: (one) => one.title,
      }),
      text(shown.filter((one) => one.own), {
        x: "x",
        y: "y",
        text: () => "this program",
        dy: -16,
        fontWeight: "600",
        fill: "var(--text)",
        stroke: "var(--surface)",
        strokeWidth: 4,
      }),
    ],
    r: { type: "identity" },
    symbol: { type: "identity" },
  });
  return chart({ title, describe: said(subject, shown, x, y, lines), legend: legend(style, guessed, lines, predictedLabel), draw });
}

function reference({ x, y, dashed }) {
  const options = { stroke: "var(--axis)", strokeWidth: 1.5, strokeDasharray: dashed ? "4 3" : null };
  return isNumber(x) ? ruleX([x], options) : ruleY([y], options);
}

function legend(style, guessed, lines, predictedLabel) {
  const entries = [...style].slice(0, 28).map(([label, look]) => ({ label, ...look }));
  if (guessed.length > 0) {
    entries.push({ label: predictedLabel, color: "var(--text)", symbol: "hollow diamond" });
  }
  return [...entries, ...lines.map(({ label }) => ({ label, color: "var(--axis)", symbol: "line" }))];
}

function said(title, points, x, y, lines) {
  const few = points.slice(0, 12).map((one) => `${one.name}: ${x.format(one.x)}, ${y.format(one.y)}`);
  const more = points.length > few.length ? `; and ${points.length - few.length} more` : "";
  const references = lines.map((line) => line.label).join("; ");
  return `Points. ${title}. ${few.join("; ")}${more}. ${references}`;
}
