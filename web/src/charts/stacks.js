// Horizontal bars that are made of parts.
import { axisX, barX, gridX, ruleX, text } from "@observablehq/plot";
import { isNumber, missing, tick } from "../format.js";
import { chart, fitted, labelRoom, ticksFor } from "./figure.js";

/**
 * @param options.parts [{ key, label, color }], in the order in which they are stacked
 * @param options.rows [{ name, values: { key: figure or null } }]
 */
export function stacks({ title, parts, rows, format }) {
  const data = rows.map((row, i) => ({ ...row, id: String(i), sum: sumOf(row, parts) }));
  const pieces = data.flatMap((row) => piecesOf(row, parts));
  const sums = data.map((row) => (row.sum === null ? missing : format(row.sum)));
  const draw = (width) => {
    const left = labelRoom(data.map((row) => row.name), width);
    const right = labelRoom(sums, width);
    return {
      height: data.length * 30 + 36,
      marginLeft: left,
      marginRight: right,
      marginBottom: 28,
      x: { domain: [0, Math.max(...data.map((row) => row.sum ?? 0)) || 1], label: null },
      y: {
        domain: data.map((row) => row.id),
        label: null,
        padding: 0.28,
        tickFormat: (id) => fitted(data[id].name, left),
        tickSize: 0,
      },
      marks: [
        gridX({ ticks: ticksFor(width - left - right) }),
        axisX({ ticks: ticksFor(width - left - right), tickFormat: tick(format), tickSize: 0 }),
        barX(pieces, {
          x1: "begin",
          x2: "end",
          y: "id",
          fill: (piece) => piece.color,
          stroke: "var(--surface)",
          strokeWidth: 1,
          title: (piece) => `${piece.name}, ${piece.label}: ${format(piece.end - piece.begin)}`,
        }),
        ruleX([0], { stroke: "var(--axis)" }),
        text(data, {
          y: "id",
          text: (row) => sums[row.id],
          frameAnchor: "right",
          textAnchor: "start",
          dx: 8,
          fill: (row) => (row.sum === null ? "var(--muted)" : "var(--text)"),
        }),
      ],
    };
  };
  const legend = parts.map(({ label, color }) => ({ label, color }));
  return chart({ title, describe: said(title, data, parts, format), legend, draw });
}

function sumOf(row, parts) {
  const known = parts.map((part) => row.values?.[part.key]).filter(isNumber);
  return known.length > 0 ? known.reduce((sum, value) => sum + Math.max(0, value), 0) : null;
}

function piecesOf(row, parts) {
  let begin = 0;
  return parts.flatMap(({ key, label, color }) => {
    const value = row.values?.[key];
    if (!isNumber(value) || value <= 0) return [];
    const piece = { id: row.id, name: row.name, label, color, begin, end: begin + value };
    begin = piece.end;
    return [piece];
  });
}

function said(title, data, parts, format) {
  const rows = data.map((row) => {
    const values = parts.map(({ key, label }) => {
      const value = row.values?.[key];
      return `${label} ${isNumber(value) ? format(value) : missing}`;
    });
    return `${row.name}: ${values.join(", ")}`;
  });
  return `Stacked bars. ${title}. ${rows.slice(0, 12).join("; ")}.`;
}
