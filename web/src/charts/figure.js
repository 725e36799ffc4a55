// What all charts have in common: the element they are drawn in, again whenever its width changes.
import { plot } from "@observablehq/plot";
import { h } from "../dom.js";
import { shorten } from "../format.js";

const waiting = new Set();

/**
 * A chart with its legend.
 * @param options.title what it shows; stands above it
 * @param options.describe the same for those who cannot see it
 * @param options.legend [{ label, color, symbol }]
 * @param options.draw width => options of Plot's plot()
 */
export function chart({ title, describe, legend = [], draw }) {
  const canvas = h("div", { class: "canvas" });
  waiting.add({ canvas, describe, draw });
  return h(
    "figure",
    { class: "chart" },
    title ? h("figcaption", {}, title) : null,
    legend.length > 0 ? legendOf(legend) : null,
    canvas,
  );
}

/** Draws what has been put into the page: widths are known only then. */
export function drawAll() {
  for (const one of waiting) {
    drawInto(one);
    new ResizeObserver(() => drawInto(one)).observe(one.canvas);
  }
  waiting.clear();
}

function drawInto(one) {
  const width = Math.floor(one.canvas.clientWidth);
  if (width === 0 || width === one.width) return; // in a closed <details>, or only the height is new
  one.width = width;
  const svg = plot({ width, marginTop: 8, marginRight: 12, ...one.draw(width) });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", one.describe);
  one.canvas.replaceChildren(svg);
}

function legendOf(entries) {
  return h(
    "ul",
    { class: "legend" },
    entries.map(({ label, color, symbol }) => h("li", {}, swatch(color, symbol), label)),
  );
}

const shapes = {
  square: "M2 2h10v10h-10z",
  circle: "M7 2a5 5 0 1 0 .01 0z",
  diamond: "M7 1l6 6-6 6-6-6z",
  triangle: "M7 1.5l6 10.5h-12z",
  line: "M0 6h14v2h-14z",
};

function swatch(color, symbol = "square") {
  const make = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);
  const svg = make("svg");
  svg.setAttribute("viewBox", "0 0 14 14");
  svg.setAttribute("aria-hidden", "true");
  const path = make("path");
  const hollow = symbol.startsWith("hollow ");
  path.setAttribute("d", shapes[symbol.replace("hollow ", "")]);
  path.style.fill = hollow ? "none" : color;
  path.style.stroke = hollow ? color : "none";
  path.style.strokeWidth = "1.6";
  svg.append(path);
  return svg;
}

/** Where an axis of so many pixels is marked, so that labels do not run into each other. */
export function ticksFor(pixels, scale = {}) {
  const most = Math.max(2, Math.floor(pixels / 80));
  return scale.type === "log" ? logTicks(scale.domain, most) : Math.min(most, 8);
}

/** Powers of ten with 2 and 5 times as much where there is room, or only some of the powers. */
function logTicks([low, high], most) {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  for (const digits of [[1, 2, 5], [1, 3], [1]]) {
    const ticks = powers(first, last).flatMap((power) => digits.map((digit) => digit * power));
    const inside = ticks.filter((value) => value >= low && value <= high);
    if (inside.length >= 2 && inside.length <= most) return inside;
  }
  const inside = powers(first, last).filter((value) => value >= low && value <= high);
  if (inside.length === 0) return [low, high];
  return inside.filter((_, i) => i % Math.ceil(inside.length / most) === 0);
}

const powers = (first, last) =>
  Array.from({ length: last - first + 1 }, (_, i) => Number(`1e${first + i}`));

let pen = null;

/** Pixels that a text in a chart is wide. */
function textWidth(text) {
  if (!pen) {
    pen = document.createElement("canvas").getContext("2d");
    pen.font = `12.5px ${getComputedStyle(document.body).fontFamily}`; // as in style.css
  }
  return pen.measureText(text).width;
}

/** Room for the longest of some labels, in pixels, as far as there is room. */
export function labelRoom(labels, width) {
  const longest = Math.max(12, ...labels.map(textWidth));
  return Math.min(Math.ceil(longest) + 16, Math.floor(width * 0.4));
}

/** As much of a label as so many pixels hold. */
export function fitted(label, pixels) {
  let text = label;
  for (let length = [...label].length; length > 1 && textWidth(text) > pixels - 14; --length) {
    text = shorten(label, Math.min(length, 200));
  }
  return text;
}
