// buddy predict: what offloading would bring a program.
import { limitWords, predictAnswer, predictedWords, programName } from "../answers.js";
import { bars } from "../charts/bars.js";
import { dots } from "../charts/dots.js";
import { fold, note } from "../dom.js";
import { ends, figure, isNumber, list, missing, plural, range, seconds, times } from "../format.js";
import { facts, table } from "../table.js";
import { sweepChart } from "./sweep.js";

const parts = [
  { key: "host", label: "host", color: "var(--host)" },
  { key: "engine", label: "engine", color: "var(--engine)" },
  { key: "network", label: "network", color: "var(--c2)" },
  { key: "waiting", label: "waiting", color: "var(--c6)" },
];

export function predict(of) {
  const { physical = {}, ratio_rule: rule = {}, profile = {}, sweep = [] } = of;
  return {
    kind: `Buddy prediction for ${programName(profile.program)}`,
    headline: predictAnswer(of),
    lede: physical.text ?? null,
    sections: [
      ["Prediction", () => prediction(of)],
      ["Two models", () => [models(physical, rule), rule.text ? note(rule.text) : null]],
      ["Where the time would go", () => [partChart(physical)]],
      ["Speedup against memory-to-communication ratio", () => ratioSection(of, sweep)],
    ],
  };
}

function prediction(of) {
  const { physical = {}, engine = {}, profile = {} } = of;
  const where = engine.text ?? engine.name ?? "an engine that is not described";
  return [
    note(`For ${where}. ${basis(of.model)}`),
    engine.extrapolated
      ? note(`Extrapolated: ${of.extrapolation?.text ?? "the model has seen no such engine, and is only as good as its description"}.`)
      : null,
    dots({
      title: isNumber(physical.speedup?.low) ? "Predicted speedup, with its interval" : "Predicted speedup; its interval is not known",
      rows: [{ name: "speedup", spread: physical.speedup, color: "var(--engine)" }],
      format: times,
      reference: { at: 1, label: "as fast as without an engine" },
    }),
    bars({
      title: "Run time",
      rows: [
        { name: "host", spread: physical.seconds?.host_placement, color: "var(--host)" },
        { name: "engine", spread: physical.seconds?.engine_placement, color: "var(--engine)" },
      ],
      format: seconds,
    }),
    facts("Prediction", [
      ["Profile's run time", seconds(profile.seconds)],
      ["Speedup", predictedWords(physical.speedup)],
      ["In host placement", seconds(physical.seconds?.host_placement)],
      ["In engine placement", seconds(physical.seconds?.engine_placement)],
      ["Limited by", physical.limit ? limitWords(physical.limit) : missing],
      ["CPU time freed on the host", seconds(physical.cpu_seconds_freed)],
    ]),
  ];
}

/** What the figures rest on. */
function basis(model) {
  if (!model?.runs) return "The document does not say which runs the model was fitted on.";
  const machine = model.machine?.cpu_model ?? model.machine;
  return `The model was fitted on ${plural(model.runs, "run")}${typeof machine === "string" ? ` on ${machine}` : ""}.`;
}

const yes = (pays) => ({ true: "yes", false: "no" })[pays] ?? "unknown";

function models(physical, rule) {
  const rows = [
    ["physical", "host time, engine time, overlap, queueing", predictedWords(physical.speedup), yes(physical.pays)],
    [
      "one figure",
      `memory-to-communication ratio ${figure(rule.ratio)}, threshold ${figure(rule.threshold)}`,
      "says yes or no only",
      yes(rule.pays),
    ],
  ];
  const labels = ["Model", "Takes into account", "Speedup", "Pays (gains more than 5 %)"];
  return table("What each model says", labels.map((label, i) => ({ label, text: (row) => row[i] })), rows);
}

function partChart(physical) {
  return [
    note("The host computes beside engine and network, so that the longer of the two counts; waiting comes on top."),
    bars({
      title: "Parts of the time in engine placement",
      rows: parts.map(({ key, label, color }) => ({ name: label, spread: physical.parts?.[key], color })),
      format: seconds,
    }),
    table("Seconds in engine placement", [
      { label: "Part", text: (part) => part.label },
      { label: "Time", text: (part) => seconds(physical.parts?.[part.key]) },
    ], parts),
  ];
}

function ratioSection(of, sweep) {
  const { physical = {}, profile = {}, ratio_rule: rule = {} } = of;
  const own = {
    name: programName(profile.program),
    ratio: profile.memory_to_communication_ratio ?? rule.ratio,
    speedup: { low: physical.speedup?.low, high: physical.speedup?.high, median: ends(physical.speedup).middle },
    predicted: ends(physical.speedup).middle,
    own: true,
  };
  const points = sweep.map(({ application, ...rest }) => ({ name: application, ...rest }));
  const applications = [...new Set(points.map((one) => one.name))];
  return [
    note(
      points.length > 0
        ? `The other points are measured runs of ${list(applications)}, from which the models were fitted.`
        : "The document has no measured runs to compare with.",
    ),
    sweepChart([...points, own], rule.threshold),
    points.length > 0 ? fold(plural(points.length, "measured run"), sweepTable(points)) : null,
  ];
}

function sweepTable(points) {
  return table("Measured runs", [
    { label: "Application", text: (one) => one.name },
    { label: "Ratio", text: (one) => figure(one.ratio) },
    { label: "Measured speedup", text: (one) => range(one.speedup, times) },
    { label: "Physical model", text: (one) => times(one.predicted) },
  ], points);
}
