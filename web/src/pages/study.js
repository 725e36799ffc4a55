// buddy study: the paper's study. Its tables are those of study.md, its pictures are here.
import { studyAnswer } from "../answers.js";
import { bars } from "../charts/bars.js";
import { dots } from "../charts/dots.js";
import { scatter } from "../charts/scatter.js";
import { fold, h, note } from "../dom.js";
import { figure, integer, isNumber, missing, percent, plural, range, seconds, shellLine, times } from "../format.js";
import { none, table } from "../table.js";
import { knobCharts } from "./tune.js";

const colors = { host: "var(--host)", shared: "var(--c3)", engine: "var(--engine)", dpu: "var(--c5)" };
const colorOf = (place) => colors[place] ?? "var(--other)";
const placeWords = ({ of, slowdown, dpu }) =>
  of === "dpu" && isNumber(slowdown)
    ? `emulated DPU, ${figure(slowdown)} times as slow${dpu?.latency_us > 0 ? `, ${figure(dpu.latency_us)} us away` : ""}${dpu?.gbit > 0 ? `, ${figure(dpu.gbit)} Gbit/s` : ""}`
    : of;

const sizes = [
  ["paper-cache", "small problems"],
  ["paper-memory", "much larger than the caches"],
];
const baselines = [
  ["shared", "ranks whose engine shares their CPUs, the paper's baseline"],
  ["host", "ranks that route themselves"],
];

export function study(of) {
  const figures = of.figures ?? {};
  const programs = figures.programs ?? [];
  const points = figures.points ?? [];
  return {
    kind: of.setup?.quick ? "Buddy study, quick: not for quoting" : "Buddy study",
    headline: studyAnswer(of),
    lede: setting(of.setup ?? {}),
    sections: [
      ["The applications in four places", () => sizes.flatMap(([step, words]) => fourPlaces(programs.filter((one) => one.step === step), words))],
      ["Speedup against memory-to-communication ratio", () => baselines.flatMap(([over, words]) => ratioCharts(points.filter((one) => one.over === over), words))],
      ["Speedup against slowdown", () => baselines.flatMap(([over, words]) => slowdownChart(points.filter((one) => one.over === over), words))],
      ["What the emulation costs", () => emulation(figures.emulation ?? [])],
      ["Time against each knob", () => knobs(figures.tuned ?? [])],
      ["Steps", () => [steps(of.steps ?? [])]],
    ],
  };
}

function setting(setup) {
  return `${plural(setup.ranks, "rank")} on ${plural(setup.nodes, "node")}, fabric ${setup.fabric ?? "unknown"}; ranks on CPUs ${setup.host_cpus ?? "unknown"}, engines on CPUs ${setup.engine_cpus ?? "unknown"}. The DPU is an emulation: ${setup.dpu ?? "unknown"}. Intervals hold the speedup with 95 %.`;
}

const spreadOf = (one) => (isNumber(one?.speedup) ? { median: one.speedup, min: one.low, max: one.high } : null);
const compared = (program, of, over) =>
  (program.comparisons ?? []).find((one) => one.of === of && one.over === over);

function fourPlaces(programs, words) {
  if (programs.length === 0) return [note(`Not measured: ${words}.`)];
  const rows = programs.flatMap((program) =>
    ["engine", "dpu"].map((of) => ({
      name: `${program.program}, ${of}`,
      spread: spreadOf(compared(program, of, "shared")),
      color: colorOf(of),
    })),
  );
  const charts = programs.map((program) =>
    bars({
      title: program.program,
      rows: (program.places ?? []).map((one) => ({ name: one.place, spread: one.seconds, color: colorOf(one.place) })),
      format: seconds,
    }),
  );
  return [
    dots({
      title: `Speedup over shared, ${words}`,
      rows,
      format: times,
      reference: { at: 1, label: "as fast as shared" },
    }),
    note("Run times, medians:"),
    h("div", { class: "grid" }, charts),
    table(`The applications, ${words}`, [
      { label: "Application", text: (one) => one.program },
      { label: "Ratio", text: (one) => figure(one.ratio) },
      { label: "engine over shared", text: (one) => range(spreadOf(compared(one, "engine", "shared")), times) },
      { label: "engine over host", text: (one) => range(spreadOf(compared(one, "engine", "host")), times) },
      { label: "dpu over shared", text: (one) => range(spreadOf(compared(one, "dpu", "shared")), times) },
      { label: "dpu over host", text: (one) => range(spreadOf(compared(one, "dpu", "host")), times) },
    ], programs),
    table(`CPU use, ${words}`, [
      { label: "Application", text: (one) => one.program },
      { label: "Place", text: (one) => one.place },
      { label: "Ranks", text: (one) => percent(one.host_cpu_utilization) },
      { label: "Engines", text: (one) => (one.place === "host" ? none : percent(one.engine_cpu_utilization)) },
    ], programs.flatMap((program) => (program.places ?? []).map((one) => ({ program: program.program, ...one })))),
  ];
}

/** A chart for each speed of the engine. */
function ratioCharts(points, words) {
  const known = points.filter((one) => isNumber(one.ratio) && isNumber(one.speedup));
  if (known.length === 0) return [note(`There are no speedups with ratios over ${words}.`)];
  const kinds = [...new Set(known.map(placeWords))];
  return kinds.map((kind) => {
    const own = known.filter((one) => placeWords(one) === kind);
    return scatter({
      title: `Speedup over ${words}: ${placeWords(own[0])}`,
      points: own.map((one) => ({
        name: one.program, x: one.ratio, y: one.speedup, low: one.low, high: one.high,
        title: `${one.program}: ratio ${figure(one.ratio)}, speedup ${range(spreadOf(one), times)}`,
      })),
      x: { label: "memory-to-communication ratio", format: figure, log: true },
      y: { label: "speedup", format: times, always: [1] },
      lines: [{ y: 1, label: "no gain", dashed: true }],
    });
  });
}

function slowdownChart(points, words) {
  const known = points.filter((one) => isNumber(one.slowdown) && isNumber(one.speedup));
  if (known.length === 0) return [note(`There are no speedups over ${words}.`)];
  return [
    scatter({
      title: `Speedup over ${words}`,
      points: known.map((one) => ({
        name: one.program, x: one.slowdown, y: one.speedup, low: one.low, high: one.high,
        title: `${one.program} on an engine ${figure(one.slowdown)} times as slow: ${range(spreadOf(one), times)}`,
      })),
      x: { label: "slowdown of the engine (1: not emulated)", format: figure },
      y: { label: "speedup", format: times, always: [1] },
      lines: [{ y: 1, label: "no gain", dashed: true }],
    }),
  ];
}

function emulation(costs) {
  if (costs.length === 0) return [note("Not measured.")];
  return [
    dots({
      title: "An emulation that slows down nothing, against an engine",
      rows: costs.map((one) => ({ name: one.program, spread: spreadOf(one), color: "var(--c5)" })),
      format: times,
      reference: { at: 1, label: "it costs nothing" },
    }),
  ];
}

function knobs(tuned) {
  if (tuned.length === 0) return [note("Not measured.")];
  return tuned.flatMap(({ step, report }) => [note(`${step}: ${report?.answer ?? missing}`), ...knobCharts(report ?? {})]);
}

function steps(all) {
  return fold(
    plural(all.length, "step"),
    table("Each is one command, whose report is steps/NAME.json.", [
      { label: "Step", text: (one) => one.name },
      { label: "State", text: (one) => one.state },
      { label: "Started", text: (one) => one.run?.started ?? none },
      { label: "Took", text: (one) => (isNumber(one.run?.seconds) ? seconds(one.run.seconds) : none) },
      { label: "Exit code", text: (one) => (one.run ? integer(one.run.exit_code) : none) },
      { label: "Load before", text: (one) => (one.run ? figure(one.run.load_before) : none) },
      { label: "Command", text: (one) => shellLine(one.command ?? []) },
    ], all),
  );
}
