// Horizontal bars with a whisker from the least to the most, and their figures at the right.
import { axisX, barX, gridX, ruleX, ruleY, text, tickX } from "@observablehq/plot";
import { ends, isNumber, missing, range, tick } from "../format.js";
import { chart, fitted, labelRoom, ticksFor } from "./figure.js";

/**
 * @param options.rows [{ name, spread, color }]; a spread that is null shows as not measured
 * @param options.format figure => text
 * @param options.most end of the axis, if several charts share one
 */
export function bars({ title, describe, rows, format, most }) {
  const data = rows.map((row, i) => ({ ...row, ...ends(row.spread), id: String(i) }));
  const known = data.filter((row) => isNumber(row.middle));
  const whiskers = known.filter((row) => isNumber(row.low) && isNumber(row.high));
  const values = data.map((row) => (isNumber(row.middle) ? format(row.middle) : missing));
  const draw = (width) => {
    const left = labelRoom(data.map((row) => row.name), width);
    const right = labelRoom(values, width);
    const name = (id) => fitted(data[id].name, left);
    return {
      height: data.length * 30 + 36,
      marginLeft: left,
      marginRight: right,
      marginBottom: 28,
      x: { domain: [0, most ?? largest(data)], zero: true, label: null },
      y: { domain: data.map((row) => row.id), label: null, padding: 0.28, tickFormat: name, tickSize: 0 },
      marks: [
        gridX({ ticks: ticksFor(width - left - right) }),
        axisX({ ticks: ticksFor(width - left - right), tickFormat: tick(format), tickSize: 0 }),
        barX(known, {
          x1: 0,
          x2: (row) => Math.max(0, row.middle),
          y: "id",
          fill: (row) => row.color,
          title: (row) => `${row.name}: ${range(row.spread, format)}`,
        }),
        ruleY(whiskers, { x1: "low", x2: "high", y: "id", stroke: "var(--whisker)", strokeWidth: 1.5 }),
        ...["low", "high"].map((end) =>
          tickX(whiskers, { x: end, y: "id", inset: 5, stroke: "var(--whisker)", strokeWidth: 1.5 }),
        ),
        ruleX([0], { stroke: "var(--axis)" }),
        text(data, {
          y: "id",
          text: (row) => values[row.id],
          frameAnchor: "right",
          textAnchor: "start",
          dx: 8,
          fill: (row) => (isNumber(row.middle) ? "var(--text)" : "var(--muted)"),
        }),
      ],
    };
  };
  return chart({ title, describe: describe ?? said(title, data, format), draw });
}

function largest(data) {
  const most = Math.max(0, ...data.flatMap((row) => [row.middle, row.high]).filter(isNumber));
  return most > 0 ? most * 1.02 : 1;
}

const said = (title, data, format) =>
  `Bars. ${title}. ${data.map((row) => `${row.name}: ${range(row.spread, format)}`).join("; ")}.`;
