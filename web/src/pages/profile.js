// buddy profile: what one run costs, and where its time goes.
import { profileAnswer, programName } from "../answers.js";
import { bars } from "../charts/bars.js";
import { stacks } from "../charts/stacks.js";
import { fold, h, note } from "../dom.js";
import {
  bytes, count, figure, integer, isNumber, list, percent, plural, seconds, shellLine,
} from "../format.js";
import { jobSetting } from "../places.js";
import { facts, table } from "../table.js";

const parts = [
  { key: "application", label: "application", color: "var(--c0)" },
  { key: "handlers", label: "handlers", color: "var(--c5)" },
  { key: "buddy", label: "sending and polling", color: "var(--c4)" },
  { key: "engine", label: "routing in the rank", color: "var(--c1)" },
  { key: "network", label: "network", color: "var(--c2)" },
  { key: "waiting", label: "waiting", color: "var(--c6)" },
  { key: "mpi", label: "MPI", color: "var(--c3)" },
];
const most_ranks = 32;

export function profile(of) {
  const { total = {}, ranks = [], engines = [], dram = {} } = of;
  return {
    kind: `Buddy profile of ${programName(of.program)}`,
    headline: profileAnswer(of),
    lede: jobSetting(of.job ?? {}),
    sections: [
      ["Summary", () => summary(of.program, total)],
      ["Where the ranks' time goes", () => timeSection(total, ranks)],
      ["CPU use", () => cpuSection(total)],
      ["Messages", () => messageSection(total)],
      ["DRAM traffic", () => dramSection(total, dram)],
      ["Every rank", () => (ranks.length > 0 ? [fold(plural(ranks.length, "rank"), ...rankTables(ranks))] : null)],
      ["Engines", () => (engines.length > 0 ? [fold(plural(engines.length, "engine"), ...engineTables(engines))] : null)],
    ],
  };
}

function summary(program, total) {
  return [
    facts("Summary", [
      ["Time", seconds(total.seconds)],
      ["CPU time of the ranks", seconds(total.host_cpu_seconds)],
      ["of it in user mode", seconds(total.user_seconds)],
      ["of it in the kernel", seconds(total.system_seconds)],
      ["CPU time of the engines", seconds(total.engine_cpu_seconds)],
      ["Most memory of one rank", bytes(total.peak_memory_bytes)],
      ["Messages", count(total.messages)],
      ["Payload", bytes(total.payload_bytes)],
      ["Payload to other nodes", bytes(total.remote_payload_bytes)],
      ["Memory-to-communication ratio", figure(total.memory_to_communication_ratio)],
    ]),
    program?.length > 0 ? note("The program: ", h("code", {}, shellLine(program))) : null,
  ];
}

function timeSection(total, ranks) {
  const time = total.time ?? {};
  const sum = parts.map(({ key }) => time[key]).filter(isNumber).reduce((a, b) => a + b, 0);
  const unknown = parts.filter(({ key }) => !isNumber(time[key])).map(({ label }) => label);
  const step = Math.ceil(ranks.length / most_ranks);
  const shown = ranks.filter((_, i) => i % step === 0);
  const chosen = step > 1 ? ` Of ${plural(ranks.length, "rank")} the chart shows every ${step}th.` : "";
  return [
    note(
      "Handlers are the functions that messages call. Waiting is time in which a rank had nothing to do." +
        (unknown.length > 0 ? ` Not measured: ${list(unknown)}.` : "") + chosen,
    ),
    shown.length > 0
      ? stacks({
          title: "Time of each rank",
          parts,
          rows: shown.map((rank) => ({ name: `rank ${rank.rank}`, values: rank.time })),
          format: seconds,
        })
      : null,
    table("All ranks together", [
      { label: "Part", text: (part) => part.label },
      { label: "Time", text: (part) => seconds(time[part.key]) },
      { label: "Share", text: (part) => percent(isNumber(time[part.key]) && sum > 0 ? time[part.key] / sum : null) },
    ], parts),
  ];
}

function cpuSection(total) {
  return [
    bars({
      title: "CPU use",
      rows: [
        { name: "ranks", spread: total.host_cpu_utilization, color: "var(--host)" },
        { name: "engines", spread: total.engine_cpu_utilization, color: "var(--engine)" },
      ],
      format: percent,
      most: Math.max(1, ...[total.host_cpu_utilization, total.engine_cpu_utilization].filter(isNumber)),
    }),
    note("Of the CPUs that the ranks, or the engines' threads, could keep busy. Engines inside the ranks count as ranks."),
  ];
}

function messageSection(total) {
  const flushes = total.flushes ?? {};
  return [
    facts("Messages", [
      ["Sent", count(total.messages)],
      ["Handled", count(total.messages_handled)],
      ["On the wire", bytes(total.wire_bytes)],
      ["Blocks", count(total.blocks)],
      ["Fill of a block", percent(total.block_fill)],
      ["Stalls", count(total.stalls)],
      ["Overflow blocks", count(total.overflow_blocks)],
      ["Barriers", count(total.barriers)],
    ]),
    bars({
      title: "Why blocks were published",
      rows: [
        { name: "full", spread: flushes.full, color: "var(--c2)" },
        { name: "the rank polled", spread: flushes.poll, color: "var(--c4)" },
        { name: "engine was idle", spread: flushes.idle, color: "var(--c6)" },
      ],
      format: count,
    }),
  ];
}

function dramSection(total, dram) {
  const reasons = (dram.unavailable ?? []).map(({ method, why }) => h("li", {}, `${method}: ${why}`));
  return [
    dram.text ? h("p", {}, dram.text) : null,
    facts("DRAM traffic", [
      ["Ranks", bytes(total.dram_bytes_host)],
      ["Engines", bytes(total.dram_bytes_engine)],
      ["Method", total.dram_method ?? dram.method ?? "none"],
      ["Memory-to-communication ratio", figure(total.memory_to_communication_ratio)],
    ]),
    reasons.length > 0 ? fold("Methods that do not work here", h("ul", {}, reasons)) : null,
  ];
}

const column = (label, text) => ({ label, text });

function rankTables(ranks) {
  const name = column("Rank", (rank) => integer(rank.rank));
  return [
    table("What each rank did", [
      name,
      column("Node", (rank) => integer(rank.node)),
      column("Host", (rank) => String(rank.host ?? "unknown")),
      column("CPU time", (rank) => seconds(rank.host_cpu_seconds)),
      column("Messages", (rank) => count(rank.messages)),
      column("Handled", (rank) => count(rank.messages_handled)),
      column("Blocks", (rank) => count(rank.blocks)),
      column("Fill", (rank) => percent(rank.block_fill)),
      column("Stalls", (rank) => count(rank.stalls)),
      column("Memory", (rank) => bytes(rank.peak_memory_bytes)),
    ], ranks),
    table("Where its time went", [
      name,
      ...parts.map(({ key, label }) => column(label, (rank) => seconds(rank.time?.[key]))),
    ], ranks),
  ];
}

function engineTables(engines) {
  return engines.flatMap((engine) => [
    facts(`Engine of node ${engine.node}`, [
      ["Node", integer(engine.node)],
      ["Where", engine.embedded ? "inside its rank" : "a process of its own"],
      ["CPU time", seconds(engine.cpu_seconds)],
      ["Most memory", bytes(engine.peak_memory_bytes)],
      ...Object.entries(engine.counters ?? {}).map(([name, value]) => [name, isNumber(value) ? integer(value) : String(value)]),
    ]),
  ]);
}
