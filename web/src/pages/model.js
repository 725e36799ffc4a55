// buddy bench model: how good the predictions are.
import { modelAnswer, rightWords } from "../answers.js";
import { scatter } from "../charts/scatter.js";
import { fold, note } from "../dom.js";
import { bytes, ends, figure, integer, isNumber, percent, plural, range, shellLine, times } from "../format.js";
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
      ["Speedup against memory-to-communication ratio", () => [
        sweepChart(results.map((one) => ({ name: one.application, ...one })), summary.rule?.threshold),
      ]],
      ["By application", () => [applicationTable(results)]],
      ["Every run", () => [fold(plural(results.length, "run"), runTable(results))]],
    ],
  };
}

function summaryTable({ runs, physical = {}, rule = {} }) {
  const rows = [
    ["physical", percent(physical.median_error), percent(physical.worst_error), rightWords(physical.right, runs)],
    [`one figure, threshold ${figure(rule.threshold)}`, none, none, rightWords(rule.right, runs)],
  ];
  const labels = ["Model", "Median error", "Worst error", "Right about a gain of more than 5 %"];
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
