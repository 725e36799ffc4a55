// buddy bench: placements compared.
import { benchAnswer, doubtTexts } from "../answers.js";
import { bars } from "../charts/bars.js";
import { dots } from "../charts/dots.js";
import { scatter } from "../charts/scatter.js";
import { stacks } from "../charts/stacks.js";
import { fold, h, note } from "../dom.js";
import {
  binaryBytes, bytes, count, figure, integer, isNumber, list, median, missing, percent, plural, range, seconds, times,
} from "../format.js";
import { places } from "../places.js";
import { none, table } from "../table.js";

const colors = { host: "var(--host)", engine: "var(--engine)" };
const colorOf = (placement) => colors[placement] ?? "var(--other)";

export function bench(of) {
  const summary = of.summary ?? {};
  const results = of.results ?? [];
  const cases = Object.entries(summary).map(([name, one]) => ({
    name,
    ...one,
    placements: Object.entries(one.medians ?? {}),
    runs: results.filter((run) => run.workload === name),
  }));
  return {
    kind: "Buddy benchmark",
    headline: benchAnswer(of),
    lede: setting(cases, places(of.command)),
    sections: [
      ["Result", () => [...verdicts(cases), speedupChart(cases), resultTable(cases), pairTable(cases), ...noiseNotes(cases)]],
      ["Beside the paper", () => paperTable(of.paper)],
      ["Run time, host against engine", () => timeCharts(cases)],
      ["CPU use, before and after", () => cpuCharts(cases)],
      ["Speedup against memory-to-communication ratio", () => ratioChart(cases)],
      ["DRAM traffic", () => dramCharts(cases)],
      ["Every run", () => [fold(plural(results.length, "run"), runTable(results))]],
    ].filter(() => cases.length > 0),
  };
}

function setting(cases, where) {
  const run = cases[0]?.runs[0];
  if (!run) return null;
  const forwarding = [...new Set(cases[0].runs.map((one) => one.routing ?? "direct"))].filter((routing) => routing === "node" || routing === "grid");
  const routing = forwarding.length > 0 ? `, routing ${forwarding.join(" and ")}` : "";
  const fabric = cases[0].runs.find((one) => one.fabric !== "mpi")?.fabric ?? run.fabric;
  return (
    `${plural(run.ranks, "rank")} on ${plural(run.nodes, "node")}, fabric ${fabric}${routing}. ${where && `${where} `}` +
    `Each placement ran ${plural(cases[0].pairs, "time")}, in turns; figures are medians, ` +
    `with the least and the most in brackets. A speedup is the geometric mean of the pairs, with its 95 % interval in brackets.`
  );
}

const command = (text) => h("code", {}, text);
/** Where the memory traffic was left out, or no method worked. */
const noTraffic = (what) =>
  note(what, " (", command("--dram auto"), " measures it; ", command("buddy doctor"), " says by which methods).");

/** A line for each application with a verdict, and one for each doubt. */
function verdicts(cases) {
  return cases.flatMap(({ verdict, doubts }) => {
    const said = verdict?.text ? [verdict.text] : [];
    const more = doubtTexts(doubts).slice(verdict?.outcome === "none" ? 1 : 0);
    return [...said, ...more.map((text) => `In doubt: ${text}.`)].map((text) => note(text));
  });
}

const column = (label, text) => ({ label, text });

/** Of a placement over the baseline of the headline. */
const speedupOver = ({ comparisons, speedup_offload }, placement) =>
  (comparisons ?? []).find((one) => one.of === placement && one.over === speedup_offload?.over);

const outcomes = { pays: "pays", does_not_pay: "does not pay", undecided: "undecided: run longer", none: "no verdict" };

/** Whatever is more than the headline. */
const hasMore = ({ comparisons }) => (comparisons ?? []).length > 1;

function pairTable(cases) {
  const rows = cases.filter(hasMore).flatMap(({ name, comparisons }) => comparisons.map((one) => ({ name, ...one })));
  if (rows.length === 0) return null;
  return table("Every two placements: the time of the second / the time of the first.", [
    column("Application", (row) => row.name),
    column("Compared", (row) => `${row.of} over ${row.over}`),
    column("Speedup (95 % interval)", (row) => range(row, times)),
    column("Pairs", (row) => integer(row.pairs)),
    column("Verdict", (row) => outcomes[row.outcome] ?? missing),
  ], rows);
}

/** What `buddy bench paper` measured, and what the paper reports. */
function paperTable(paper) {
  const rows = paper?.applications ?? [];
  if (rows.length === 0) return null;
  const speedup = (of, over) =>
    column(`${of} over ${over}`, (row) => {
      const found = row.speedups?.find((one) => one.of === of && one.over === over);
      return found ? range(found, times) : none;
    });
  return table("Speedups with 95 % intervals; dpu is an emulated DPU. The paper is arXiv 2605.04842, whose baseline is shared.", [
    column("Application", (row) => row.workload),
    column("Memory to communication", (row) => figure(row.memory_to_communication_ratio)),
    speedup("engine", "shared"),
    speedup("engine", "host"),
    speedup("dpu", "shared"),
    speedup("dpu", "host"),
    column("Paper", (row) => row.reported ?? none),
    column("Table or matrix of a rank", (row) => (isNumber(row.bytes_per_rank) ? binaryBytes(row.bytes_per_rank) : none)),
  ], rows);
}

function noiseNotes(cases) {
  return cases.flatMap(({ name, noise }) => {
    const runs = Object.entries(noise?.runs ?? {}).map(([placement, part]) => `${percent(part)} (${placement})`);
    const parts = [
      runs.length > 0 && `runs differ by ${list(runs)}`,
      isNumber(noise?.pairs) && `pairs by ${percent(noise.pairs)}`,
      isNumber(noise?.cpu_share) && `the jobs got ${percent(noise.cpu_share)} of the CPU time that they asked for`,
    ].filter(Boolean);
    return parts.length > 0 ? [note(`Noise of ${name}: ${parts.join("; ")}.`)] : [];
  });
}

function resultTable(cases) {
  const rows = cases.flatMap(({ name, placements, ...one }) =>
    placements.map(([placement, figures]) => ({ name, placement, figures, speedup: speedupOver(one, placement) })),
  );
  return table("Host placement routes in the ranks, engine placement in a process of its own.", [
    column("Application", (row) => row.name),
    column("Placement", (row) => row.placement),
    column("Time", (row) => range(row.figures.seconds, seconds)),
    column("Speedup", (row) => (row.speedup ? range(row.speedup, times) : none)),
    column("Million messages/s per rank", (row) => figure(row.figures.million_messages_per_s_per_rank?.median)),
    column("CPU use of the ranks", (row) => percent(row.figures.host_cpu_utilization?.median)),
    column("CPU use of the engines", (row) => (row.placement === "engine" ? percent(row.figures.engine_cpu_utilization?.median) : none)),
    column("Ranks' CPU time per message, ns", (row) => figure(row.figures.host_cpu_ns_per_message?.median)),
  ], rows);
}

function speedupChart(cases) {
  const all = cases.some(hasMore);
  const rows = cases.flatMap((one) =>
    (all ? (one.comparisons ?? []) : [one.speedup_offload].filter(Boolean)).map((pair) => ({
      name: all ? `${one.name}, ${pair.of} over ${pair.over}` : one.name,
      spread: pair,
      color: colorOf(pair.of),
    })),
  );
  if (rows.length === 0) return null;
  const [{ spread }] = rows;
  return dots({
    title: all
      ? "Speedup of every two placements, with its 95 % interval"
      : `Speedup by offloading: ${spread.over} seconds / ${spread.of} seconds, with its 95 % interval`,
    rows,
    format: times,
    reference: { at: 1, label: all ? "equally fast" : "as fast as without an engine" },
  });
}

/** One chart per application: their times have nothing in common. */
function timeCharts(cases) {
  const charts = cases.map(({ name, placements }) =>
    bars({
      title: name,
      rows: placements.map(([placement, figures]) => ({
        name: placement,
        spread: figures.seconds,
        color: colorOf(placement),
      })),
      format: seconds,
    }),
  );
  return [note("Bars are medians; whiskers reach from the fastest run to the slowest."), h("div", { class: "grid" }, charts)];
}

function cpuCharts(cases) {
  const charts = cases.map(({ name, medians = {} }) =>
    bars({
      title: name,
      rows: [
        { name: "ranks, before", spread: medians.host?.host_cpu_utilization, color: "var(--host)" },
        { name: "ranks, after", spread: medians.engine?.host_cpu_utilization, color: "var(--c5)" },
        { name: "engines, after", spread: medians.engine?.engine_cpu_utilization, color: "var(--engine)" },
      ],
      format: percent,
      most: mostUse(cases),
    }),
  );
  return [
    note(
      "Share of the CPUs that the ranks, or the engines' threads, could keep busy. " +
        "Before: host placement. After: engine placement.",
    ),
    h("div", { class: "grid" }, charts),
  ];
}

function mostUse(cases) {
  const uses = cases.flatMap(({ medians = {} }) =>
    Object.values(medians).flatMap((one) => [one.host_cpu_utilization?.max, one.engine_cpu_utilization?.max]),
  );
  return Math.max(1, ...uses.filter(isNumber));
}

const ratioOf = (runs) =>
  median(runs.filter((run) => run.placement === "host").map((run) => run.memory_to_communication_ratio));

function ratioChart(cases) {
  const points = cases
    .map(({ name, runs, speedup_offload }) => ({ name, ratio: ratioOf(runs), speedup: speedup_offload }))
    .filter((one) => isNumber(one.ratio) && isNumber(one.speedup?.speedup))
    .map(({ name, ratio, speedup }) => ({
      name,
      x: ratio,
      y: speedup.speedup,
      low: speedup.low,
      high: speedup.high,
      title: `${name}: ratio ${figure(ratio)}, speedup ${range(speedup, times)}`,
    }));
  if (points.length === 0) {
    return [noTraffic("The ratio needs the memory traffic of the ranks, which was not measured in this run")];
  }
  return [
    note("Bytes of memory traffic of the ranks per byte of payload sent to other nodes: the more, the less communication there is to offload."),
    scatter({
      title: "Speedup of each application",
      points,
      x: { label: "memory-to-communication ratio", format: figure, log: true },
      y: { label: "speedup", format: times, always: [1] },
      lines: [{ y: 1, label: "as fast as without an engine", dashed: true }],
    }),
  ];
}

function dramCharts(cases) {
  const rows = cases.flatMap(({ name, runs }) => {
    const of = (placement, key) =>
      median(runs.filter((run) => run.placement === placement).map((run) => run[key] ?? null));
    return [
      { name, placement: "host", ranks: of("host", "dram_bytes_host"), engines: null },
      { name, placement: "engine", ranks: of("engine", "dram_bytes_host"), engines: of("engine", "dram_bytes_engine") },
    ].filter((row) => runs.some((run) => run.placement === row.placement));
  });
  const known = rows.filter((row) => isNumber(row.ranks) || isNumber(row.engines));
  if (known.length === 0) return [noTraffic("Not measured in this run")];
  const methods = [...new Set(cases.flatMap(({ runs }) => runs.map((run) => run.dram_method)).filter(Boolean))];
  return [
    note(`Bytes between caches and memory, by ${methods.join(", ") || "an unnamed method"}.`),
    stacks({
      title: "DRAM traffic per run",
      parts: [
        { key: "ranks", label: "ranks", color: "var(--host)" },
        { key: "engines", label: "engines", color: "var(--engine)" },
      ],
      rows: known.map((row) => ({ name: `${row.name}, ${row.placement}`, values: row })),
      format: bytes,
    }),
    table("DRAM traffic per run", [
      column("Application", (row) => row.name),
      column("Placement", (row) => row.placement),
      column("Ranks", (row) => bytes(row.ranks)),
      column("Engines", (row) => (row.placement === "engine" ? bytes(row.engines) : none)),
    ], rows),
  ];
}

function runTable(results) {
  return table("In the order in which they ran; runs of one pair are compared with each other.", [
    column("Application", (run) => run.workload),
    column("Pair", (run) => integer(run.pair)),
    column("Placement", (run) => run.placement),
    column("Time", (run) => seconds(run.seconds)),
    column("Rounds", (run) => (isNumber(run.rounds) ? integer(run.rounds) : none)),
    column("Messages", (run) => count(run.messages)),
    column("Payload", (run) => bytes(run.payload_bytes)),
    column("On the wire", (run) => bytes(run.wire_bytes)),
    column("CPU time of the ranks", (run) => seconds(run.host_cpu_seconds)),
    column("CPU time of the engines", (run) => seconds(run.engine_cpu_seconds)),
    column("Ranks got of it", (run) => percent(run.host_cpu_share)),
    column("Engines got of it", (run) => (isNumber(run.engine_cpu_share) ? percent(run.engine_cpu_share) : none)),
    column("Answer", (run) => ({ true: "verified", false: "wrong" })[run.verified] ?? missing),
  ], results);
}
