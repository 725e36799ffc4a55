// buddy bench model: how good the predictions are.
import { modelAnswer, rightWords, worthwhile } from "../answers.js";
import { scatter } from "../charts/scatter.js";
import { fold, note } from "../dom.js";
import { bytes, ends, figure, integer, isNumber, percent, plural, range, seconds, shellLine, times } from "../format.js";
import { none, table } from "../table.js";
import { sweepChart } from "./sweep.js";

export function model(of) {
  const { results = [], summary = {} } = of;
  return {
    kind: "Buddy, evaluation of its models",
    headline: modelAnswer(of),
    lede: "Every prediction is of an application that the model was not fitted with.",
    sections: [
      ["Result", () => [summaryTable(summary)]],
      ["Predicted against measured", () => [predictionChart(results)]],
      ...(summary.extrapolation
        ? [["Engines that the model has not seen", () => [emulatedChart(results), emulatedTable(summary.extrapolation)]]]
        : []),
      ["Speedup against memory-to-communication ratio", () => [
        sweepChart(results.map((one) => ({ name: one.application, ...one })), summary.rule?.threshold),
      ]],
      ["Where the gain ends", () => [gainChart(results)]],
      ["By application", () => [applicationTable(results)]],
      ["Every run", () => [fold(plural(results.length, "run"), runTable(results))]],
      ...(of.missing?.length > 0 ? [["Programs that were not measured", () => [missingTable(of.missing)]]] : []),
    ],
  };
}

function summaryTable({ runs, decided, physical = {}, learned, rule = {}, repeated = {} }) {
  const rows = [
    ["physical", percent(physical.median_error), percent(physical.worst_error), rightWords(physical.right, runs), rightWords(physical.right_decided, decided)],
    ...(learned?.programs > 0
      ? [["learned, on top of it", percent(learned.median_error), percent(learned.worst_error), rightWords(learned.right, runs), rightWords(learned.right_decided, decided)]]
      : []),
    [`one figure, threshold ${figure(rule.threshold)}`, none, none, rightWords(rule.right, runs), rightWords(rule.right_decided, decided)],
    ["measuring again", percent(repeated.median_error), percent(repeated.worst_error), rightWords(repeated.same_decision, runs), none],
  ];
  const labels = ["Predicted by", "Median error", "Worst error", "Right about a gain of more than 5 %", "… where the pairs agree"];
  return table("Both models", labels.map((label, i) => ({ label, text: (row) => row[i] })), rows);
}

function predictionChart(results) {
  const points = results.map((one) => ({
    name: one.application,
    x: ends(one.speedup).middle,
    y: one.predicted,
    low: one.low,
    high: one.high,
    title: `${one.application}: measured ${range(one.speedup, times)}, predicted ${times(one.predicted)}`,
  }));
  if (!points.some((one) => isNumber(one.x) && isNumber(one.y))) return note("There is nothing to compare.");
  return scatter({
    title: "The nearer to the line, the better",
    points,
    x: { label: "measured speedup", format: times },
    y: { label: "predicted speedup", format: times },
    lines: [],
    diagonal: true,
  });
}

/** Speedups on emulated DPUs, by how much they are slowed down. */
function emulatedChart(results) {
  const points = results.flatMap((one) => (one.emulated ?? []).map((on) => ({
    name: `slowed down ${figure(on.slowdown)} times`,
    x: ends(on.speedup).middle,
    y: on.predicted,
    low: on.low,
    high: on.high,
    title: `${one.application} ${shellLine(one.options ?? [])}, slowed down ${figure(on.slowdown)} times: measured ${range(on.speedup, times)}, predicted ${times(on.predicted)}`,
  })));
  if (!points.some((one) => isNumber(one.x) && isNumber(one.y))) return note("There is nothing to compare.");
  return scatter({
    title: "Emulated DPUs, predicted by a model of the normal engine",
    points,
    x: { label: "measured speedup", format: times },
    y: { label: "predicted speedup", format: times },
    lines: [],
    diagonal: true,
  });
}

function emulatedTable({ engines = [], sweep = {}, outside = {} }) {
  const row = (name, { programs, decided, median_error, worst_error, right_decided } = {}) =>
    [name, integer(programs), percent(median_error), percent(worst_error), rightWords(right_decided, decided)];
  const rows = [
    ...engines.map((one) => row(`slowed down ${figure(one.slowdown)} times`, one.sweep)),
    row("all of them", sweep),
    ...(outside.programs > 0 ? [row("all of them, programs outside the sweep", outside)] : []),
  ];
  const labels = ["Emulated DPU", "Programs", "Median error", "Worst error", "Right about a gain of more than 5 %, where the pairs agree"];
  return table("Error of the extrapolation", labels.map((label, i) => ({ label, text: (one) => one[i] })), rows);
}

/** CPU time of the program's own code and handlers per message in host placement, seconds. */
function ownWork({ run }) {
  const own = (run?.rank_cpu_seconds ?? []).map((rank) => rank.application + rank.handlers);
  return own.length > 0 ? own.reduce((a, b) => a + b, 0) / run.messages : null;
}

function gainChart(results) {
  const points = results.map((one) => ({
    name: `${one.application}, ${one.fabric}`,
    x: ownWork(one),
    y: one.speedup?.median,
    low: one.speedup?.min,
    high: one.speedup?.max,
    title: `${one.application} ${shellLine(one.options ?? [])}: ${seconds(ownWork(one))} a message, measured ${range(one.speedup, times)}`,
  }));
  if (!points.some((one) => isNumber(one.x) && isNumber(one.y))) return note("Nobody knows what a message costs.");
  return scatter({
    title: "The more a program does for a message, the less offloading it brings",
    points,
    x: { label: "the program's own CPU time per message", format: seconds, log: true },
    y: { label: "measured speedup", format: times, always: [worthwhile] },
    lines: [{ y: worthwhile, label: `a gain worth having: ${times(worthwhile)}`, dashed: true }],
  });
}

function applicationTable(results) {
  const rows = [...new Set(results.map((one) => one.application))].map((name) => {
    const own = results.filter((one) => one.application === name);
    const errors = own.map((one) => one.error).filter(isNumber).map(Math.abs).sort((a, b) => a - b);
    return { name, runs: own.length, median: errors[(errors.length - 1) >> 1], worst: errors[errors.length - 1] };
  });
  return table("Error of the physical model", [
    { label: "Application", text: (row) => row.name },
    { label: "Runs", text: (row) => integer(row.runs) },
    { label: "Median error", text: (row) => percent(row.median) },
    { label: "Worst error", text: (row) => percent(row.worst) },
  ], rows);
}

function missingTable(missing) {
  return table("Programs that were not measured", [
    { label: "Application", text: (one) => one.application },
    { label: "Options", text: (one) => shellLine(one.options ?? []) || "none" },
    { label: "Fabric", text: (one) => String(one.fabric ?? "unknown") },
    { label: "Why", text: (one) => String(one.why ?? "unknown") },
  ], missing);
}

const yes = (pays) => ({ true: "yes", false: "no" })[pays] ?? "unknown";

function runTable(results) {
  return table("Every run", [
    { label: "Application", text: (one) => one.application },
    { label: "Options", text: (one) => shellLine(one.options ?? []) || "none" },
    { label: "Fabric", text: (one) => String(one.fabric ?? "unknown") },
    { label: "Payload", text: (one) => bytes(one.payload_bytes) },
    { label: "Work", text: (one) => figure(one.work) },
    { label: "Ratio", text: (one) => figure(one.ratio) },
    { label: "Measured", text: (one) => range(one.speedup, times) },
    { label: "Predicted", text: (one) => range({ predicted: one.predicted, low: one.low, high: one.high }, times) },
    { label: "Error", text: (one) => percent(one.error) },
    { label: "Pays: measured, physical, rule", text: (one) => [one.pays_measured, one.pays_physical, one.pays_rule].map(yes).join(", ") },
  ], results);
}
