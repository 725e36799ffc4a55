// buddy bench tune: time against each knob, and all settings that were tried.
import { tuneAnswer } from "../answers.js";
import { dots } from "../charts/dots.js";
import { h, note } from "../dom.js";
import { binaryBytes, integer, isNumber, plural, range, seconds, times } from "../format.js";
import { none, table } from "../table.js";

const knobs = [
  { option: "--block", key: "block_bytes", words: binaryBytes },
  { option: "--ring", key: "ring_blocks", words: (value) => plural(value, "block"), cell: integer },
  { option: "--workers", key: "workers", words: (value) => plural(value, "worker"), cell: integer },
  { option: "--hold", key: "hold_us", words: (value) => (isNumber(value) ? seconds(value * 1e-6) : seconds(null)) },
];

export function tune(of) {
  return {
    kind: "Buddy, the best knobs",
    headline: tuneAnswer(of),
    lede: `${plural(of.ranks, "rank")} on ${plural(of.nodes, "node")}, fabric ${of.fabric ?? "unknown"}. Every setting was measured in turns with the best one so far; intervals hold the figure with 95 %.`,
    sections: [
      ["Options to type", () => [optionsSection(of.options)]],
      ["Time against each knob", () => knobCharts(of)],
      ["Settings", () => [settingTable(of)]],
    ],
  };
}

function optionsSection(options) {
  if (!options) return note("None: the defaults are as good as any that were tried.");
  return h("pre", { class: "command", tabindex: "0" }, h("code", {}, options));
}

const spreadOf = (ratio) => (isNumber(ratio?.estimate) ? { median: ratio.estimate, min: ratio.low, max: ratio.high } : null);
const same = (a, b, but) => knobs.every(({ key }) => key === but || a?.[key] === b?.[key]);

/** A chart for each knob that was turned: settings that differ from the best in this one only. */
export function knobCharts(of) {
  const { best = {}, usual = {}, settings = [], knobs: turns = [] } = of;
  const tried = [{ ...usual, relative_time: { estimate: isNumber(usual.block_bytes) ? 1 : null } }, ...settings];
  const charts = knobs.flatMap(({ option, key, words }) => {
    const turned = turns.some((one) => one.option === option && one.turned);
    const line = tried.filter((one) => same(one, best, key)).sort((a, b) => a[key] - b[key]);
    if (!turned || line.length < 2) return [];
    return [dots({
      title: `Run time against ${option}, relative to the defaults`,
      rows: line.map((one) => ({ name: `${words(one[key])}${mark(one, best, usual)}`, spread: spreadOf(one.relative_time), color: colorOf(one, best, usual) })),
      format: times,
      reference: { at: 1, label: "as long as with the defaults" },
    })];
  });
  const still = turns.filter((one) => !one.turned).map((one) => note(`${one.option} was not turned: ${one.why_not ?? "unknown"}.`));
  return charts.length > 0 ? [...charts, ...still] : [note("Nothing was measured around the best setting."), ...still];
}

const mark = (one, best, usual) => (same(one, usual) ? " (default)" : same(one, best) ? " (best)" : "");
const colorOf = (one, best, usual) => (same(one, best) ? "var(--engine)" : same(one, usual) ? "var(--host)" : "var(--other)");

const outcomes = { better: "better", not_better: "not better", failed: "refused", unfinished: "not finished" };

function settingTable({ usual = {}, settings = [], final }) {
  const rows = [{ ...usual, name: "defaults" }, ...settings.map((one) => ({ ...one, name: `sweep ${integer(one.sweep)}` })), ...(final ? [{ ...final, name: "best, fresh pairs" }] : [])];
  return table("Settings that were tried", [
    { label: "Setting", text: (one) => one.name },
    ...knobs.map(({ option, key, words, cell = words }) => ({ label: option, text: (one) => cell(one[key]) })),
    { label: "Run time", text: (one) => range(one.seconds, seconds) },
    { label: "Times as fast as the best so far", text: (one) => (one.pairs ? range(spreadOf(one.speedup), times) : none) },
    { label: "Outcome", text: (one) => (one.outcome ? (outcomes[one.outcome] ?? String(one.outcome)) : none) },
  ], rows);
}
