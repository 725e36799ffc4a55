// Figures for people. What was not measured is null in documents, and says so here.

export const missing = "not measured";

export const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

/** Three significant digits: 0.00861, 60.9, 1,230; exponents where zeros would have to be counted. */
export function figure(value) {
  if (!isNumber(value)) return missing;
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e15 || size < 1e-6) return value.toExponential(2).replace("e+", "e");
  const magnitude = Math.floor(Math.log10(size));
  const digits = Math.max(0, 2 - magnitude);
  return value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** A whole number with all its digits, as far as they are exact. */
export function integer(value) {
  if (!isNumber(value)) return missing;
  return Number.isSafeInteger(value) ? value.toLocaleString("en-US") : figure(value);
}

const scaled = (value, units) => {
  const size = Math.abs(value);
  const [factor, unit] = units.find(([limit]) => size >= limit) ?? units[units.length - 1];
  return `${unit === "B" && Number.isInteger(value) ? value : figure(value / factor)} ${unit}`;
};

const byteUnits = [
  [1e15, "PB"],
  [1e12, "TB"],
  [1e9, "GB"],
  [1e6, "MB"],
  [1e3, "kB"],
  [1, "B"],
];
const secondUnits = [
  [1, "s"],
  [1e-3, "ms"],
  [1e-6, "\u00b5s"],
  [1e-9, "ns"],
];
const countUnits = [
  [1e9, "billion"],
  [1e6, "million"],
];

export const bytes = (value) => (isNumber(value) ? scaled(value, byteUnits) : missing);

/** Sizes of memories are powers of two. */
export function binaryBytes(value) {
  if (isNumber(value) && value > 0 && value % (1 << 20) === 0) return `${integer(value / (1 << 20))} MiB`;
  if (isNumber(value) && value > 0 && value % 1024 === 0) return `${integer(value / 1024)} KiB`;
  return bytes(value);
}

export function seconds(value) {
  if (!isNumber(value)) return missing;
  return value === 0 ? "0 s" : scaled(value, secondUnits);
}

export function count(value) {
  if (!isNumber(value)) return missing;
  return Math.abs(value) >= 1e6 ? scaled(value, countUnits) : integer(value);
}

export function percent(value) {
  if (!isNumber(value)) return missing;
  const share = Math.abs(value * 100);
  if (share >= 9.95 || share === 0) return `${integer(Math.round(value * 100))} %`;
  return `${share >= 0.05 ? (value * 100).toFixed(1) : figure(value * 100)} %`;
}

/** How many times as much: two decimals where figures are compared with 1. */
export function times(value) {
  if (!isNumber(value)) return missing;
  const size = Math.abs(value);
  return `${size >= 0.1 && size < 10 ? value.toFixed(2) : figure(value)}\u00d7`;
}

/** What stands at an axis: the same without zeros at the end. */
export const tick = (format) => (value) =>
  format(value)
    .replace(/(\.\d*?)0+(?!\d)/, "$1")
    .replace(/\.(?!\d)/, "");

/** A figure with its range: { median, min, max }, { predicted or speedup, low, high } or null. */
export function range(spread, format = figure) {
  const { middle, low, high } = ends(spread);
  if (!isNumber(middle)) return missing;
  if (!isNumber(low) || !isNumber(high)) return format(middle);
  return `${format(middle)} ${within(format(low), format(high), format(middle))}`;
}

/** "(1.51 to 1.60)": the unit is left out where it is that of the figure before. */
function within(low, high, middle) {
  const unit = /[^\d]*$/.exec(middle)[0];
  const bare = (text) => (text.endsWith(unit) ? text.slice(0, text.length - unit.length) : text);
  const same = low.endsWith(unit) && high.endsWith(unit);
  return same ? `(${bare(low)} to ${bare(high)})` : `(${low} to ${high})`;
}

/** The same three figures, whatever a document calls them. */
export function ends(spread) {
  if (isNumber(spread)) return { middle: spread, low: null, high: null };
  // Beside an interval, which a single pair has not got, stand the least and the most of the pairs.
  if (isNumber(spread?.speedup)) return { middle: spread.speedup, low: spread.low, high: spread.high };
  return {
    middle: spread?.median ?? spread?.predicted ?? null,
    low: spread?.min ?? spread?.low ?? null,
    high: spread?.max ?? spread?.high ?? null,
  };
}

export function median(values) {
  const known = values.filter(isNumber).sort((a, b) => a - b);
  if (known.length === 0 || known.length !== values.length) return null;
  const middle = known.length >> 1;
  return known.length % 2 === 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
}

/** "1 rank", "2 ranks". */
export function plural(amount, word) {
  if (!isNumber(amount)) return `an unknown number of ${word}s`;
  return `${integer(amount)} ${word}${amount === 1 ? "" : "s"}`;
}

/** "a", "a and b", "a, b and c". */
export function list(words) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/** A word as a POSIX shell reads it back unchanged. */
export const shellWord = (word) =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${String(word).replaceAll("'", `'\\''`)}'`;

export const shellLine = (words) => words.map(shellWord).join(" ");

/** A text cut to a length, for places in charts where tables have all of it. */
export const shorten = (text, length) =>
  [...text].length <= length ? text : `${[...text].slice(0, length - 1).join("")}\u2026`;

/** Characters that are not seen, or that turn the text around them, by their numbers. */
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const visible = (text) =>
  text.replace(unseen, (c) => `U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`);

/** A document whose texts can stand among others. */
export function readable(value) {
  if (typeof value === "string") return visible(value);
  if (Array.isArray(value)) return value.map(readable);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [visible(key), readable(of)]));
}
