// Tables. On a narrow screen the rows of wide ones become cards (style.css); roles are written out
// because a table that is laid out as blocks loses its own.
import { h } from "./dom.js";
import { missing } from "./format.js";

/** What a cell shows that has no meaning in its row. */
export const none = "\u2013";

/**
 * @param caption what the table shows
 * @param columns [{ label, text: row => string }]; the first names the row
 */
export function table(caption, columns, rows) {
  const head = h(
    "thead",
    { role: "rowgroup" },
    h(
      "tr",
      { role: "row" },
      columns.map((column) => h("th", { role: "columnheader", scope: "col" }, column.label)),
    ),
  );
  const body = h("tbody", { role: "rowgroup" }, rows.map((row) => tableRow(columns, row)));
  const wide = columns.length > 3 ? "wide" : "";
  const loose = rows.every((row) => lengthOf(columns, row) <= 80) ? "loose" : "";
  return h("table", { role: "table", class: `${wide} ${loose}` }, h("caption", {}, caption), head, body);
}

/** Characters of a row. */
const lengthOf = (columns, row) =>
  columns.reduce((sum, column) => sum + (column.text(row) ?? missing).length, 0);

function tableRow(columns, row) {
  return h(
    "tr",
    { role: "row" },
    columns.map((column, i) => {
      const text = column.text(row) ?? missing;
      const attributes = { "data-label": column.label, class: cellClass(text) };
      return i === 0
        ? h("th", { role: "rowheader", scope: "row", ...attributes }, text)
        : h("td", { role: "cell", ...attributes }, h("span", {}, text));
    }),
  );
}

function cellClass(text) {
  if (text === missing) return "missing";
  if (text === none) return "none";
  return text.length < 28 ? "short" : null;
}

/** Names and values, one a line. */
export function facts(caption, pairs) {
  return h(
    "dl",
    { class: "facts", "aria-label": caption },
    pairs.map(([name, value]) =>
      h("div", {}, h("dt", {}, name), h("dd", value === missing ? { class: "missing" } : {}, value)),
    ),
  );
}
