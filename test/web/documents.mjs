// One small document of every schema that has a page; figures are invented.

const spread = (median, min, max) => ({ median, min, max });

const machine = {
  host_name: "node-1",
  cpu_model: "Example CPU 9000",
  topology: "1 package(s), 2 core(s), 2 hardware thread(s), L2 1024 KiB, L3 32 MiB",
  cores: 2,
  allowed_cpus: [0, 1],
  memory_bytes: 25280000000,
  kernel: "Linux 6.1.0 x86_64",
  compiler: "g++ 12.2.0",
  buddy_version: "0.2.0",
  mpi: "openmpi",
  core_distance_ns: { before: 543, after: null },
};

function run(workload, placement, pair, figures) {
  return {
    workload, placement, fabric: placement === "alltoallv" ? "mpi" : "ucx", routing: placement === "host" ? "node" : "direct", ranks: 2, nodes: 2,
    workers: placement === "engine" ? 1 : 0, rounds: 12, seconds: figures.seconds, messages: 33554432,
    payload_bytes: 268435456, wire_bytes: 134217800, host_cpu_seconds: figures.seconds * 0.9,
    engine_cpu_seconds: placement === "engine" ? figures.seconds * 0.4 : null,
    host_run_delay_seconds: 0.01, engine_run_delay_seconds: placement === "engine" ? 0.02 : null,
    others_cpu_seconds: 0.01, stolen_cpu_seconds: 0,
    host_cpu_share: 0.99, engine_cpu_share: placement === "engine" ? 0.98 : null,
    host_cpu_utilization: 0.9, engine_cpu_utilization: placement === "engine" ? 0.4 : null,
    dram_bytes_host: figures.dram, dram_bytes_engine: placement === "engine" ? 90000000 : null,
    dram_method: "cachegrind", memory_to_communication_ratio: figures.ratio, verified: true, pair,
    details: { blocks_sent: 1024 },
  };
}

const ranksGot = "the ranks got 17 % of the CPU time that they asked for (other work had their CPUs) measure again on a quiet machine";
const outcomeOf = (speedup, low, high) =>
  speedup === 0.97 ? "none" : low > 1.05 ? "pays" : high < 1.05 ? "does_not_pay" : "undecided";
const compared = (of, over, { median, min, max }) => {
  const outcome = outcomeOf(median, min, max);
  const words = `${of} is ${median} times as fast as ${over} (95 % interval ${min} to ${max}, 5 pairs).`;
  const said = {
    pays: "Offloading pays for an application: ",
    does_not_pay: "Offloading does not pay for an application: ",
    undecided: "Undecided whether offloading pays for an application, run longer: ",
  };
  const text = outcome === "none" ? `No verdict on histogram: ${ranksGot}.` : said[outcome] + words;
  return { of, over, speedup: median, low: min, high: max, level: 0.95, median: median * 1.01, min: min * 0.9, max: max * 1.1, pairs: 5, outcome, text };
};

function summary(host, engine, speedup) {
  const one = (seconds, engines) => ({
    seconds: spread(seconds, seconds * 0.93, seconds * 1.12),
    million_messages_per_s_per_rank: spread(60.9, 48.1, 64.8),
    host_cpu_ns_per_message: spread(16.7, 15.2, 17.1),
    engine_million_records_per_cpu_s: engines ? spread(303, 300, 310) : null,
    engine_million_records_per_work_s: engines ? spread(410, 402, 433) : null,
    host_cpu_utilization: engines ? spread(0.71, 0.7, 0.74) : spread(1.0, 0.98, 1.02),
    engine_cpu_utilization: engines ? spread(0.26, 0.2, 0.3) : null,
    ratio_to_alltoallv: null,
  });
  const headline = compared("engine", "host", speedup);
  return {
    pairs: 5,
    medians: { host: one(host, false), engine: one(engine, true) },
    speedup_offload: headline,
    verdict: { outcome: headline.outcome, text: headline.text },
    comparisons: [headline],
    noise: { runs: { host: 0.021, engine: 0.034 }, pairs: 0.038, cpu_share: 0.996 },
    doubts: headline.outcome === "none" ? [{ kind: "cpu_share", text: ranksGot }] : [],
  };
}

const applications = [
  ["transport", 1.24, 0.79, spread(1.57, 1.51, 1.6), 220],
  ["transpose", 0.00861, 0.00648, spread(1.33, 1.3, 1.36), 14],
  ["histogram", 0.34, 0.35, spread(0.97, 0.9, 1.05), 1.4],
  ["indexgather", 0.51, 0.84, spread(0.603, 0.568, 0.737), 2.1],
  ["bfs", 2.2, 2.12, spread(1.04, 1.02, 1.05), 8.2],
];

export const bench = {
  schema: "buddy.bench.v1",
  command: ["build/release/bin/buddy", "bench", "paper", "-n", "2", "--nodes", "2", "--fabric", "ucx", "--host-cpus", "0", "--engine-cpus", "1", "--html", "my report.html"],
  machine,
  answer: "Offloading pays for 2 of 5 applications: transport (1.57) and transpose (1.33); no verdict on histogram.",
  results: applications.flatMap(([name, host, engine, , ratio]) => [
    run(name, "host", 0, { seconds: host, dram: 4e8, ratio }),
    run(name, "engine", 0, { seconds: engine, dram: 3e8, ratio: null }),
  ]),
  summary: Object.fromEntries(
    applications.map(([name, host, engine, speedup]) => [name, summary(host, engine, speedup)]),
  ),
  paper: {
    size: "memory", cache_bytes_per_core: 16777216, cache_assumed: false, memory_bytes_per_rank: 5.8e9,
    applications: applications.map(([name, host, engine, , ratio]) => ({
      workload: name, options: ["--table", "67108864"], bytes_per_rank: 536870912, limited_by: "time",
      reported: name === "transport" ? "1.55" : null, memory_to_communication_ratio: ratio,
      speedups: [{ of: "engine", over: "host", speedup: host / engine, low: 0.9 * host / engine, high: 1.1 * host / engine, outcome: "pays" }],
      places: [{ place: "host", emulated: false, seconds: host }, { place: "engine", emulated: false, seconds: engine }],
    })),
  },
};

const time = (factor) => ({
  application: 0.61 * factor, handlers: 0.18 * factor, buddy: 0.09 * factor, engine: 0.07 * factor,
  network: 0.12 * factor, waiting: 0.16 * factor, mpi: 0.01 * factor,
});

function costs(factor) {
  return {
    seconds: 1.24, user_seconds: 1.02 * factor, system_seconds: 0.11 * factor,
    host_cpu_seconds: 1.13 * factor, host_cpu_utilization: 0.91,
    engine_cpu_seconds: 0.42 * factor, engine_cpu_utilization: 0.34,
    messages: 1203441 * factor, messages_handled: 1203441 * factor, payload_bytes: 173295504 * factor,
    remote_payload_bytes: 86647752 * factor, wire_bytes: 90112000 * factor, blocks: 5301 * factor,
    block_fill: 0.87, flushes: { full: 4100 * factor, poll: 900 * factor, idle: 301 * factor },
    stalls: 12, overflow_blocks: 0, barriers: 14, time: time(factor), peak_memory_bytes: 91000000 * factor,
    dram_bytes_host: 1.2e9 * factor, dram_bytes_engine: 2.1e8 * factor, dram_method: "cachegrind",
    memory_to_communication_ratio: 13.8,
  };
}

export const profile = {
  schema: "buddy.profile.v1",
  machine,
  command: ["buddy", "profile", "-n", "2", "--", "./transport", "--particles", "1M"],
  program: ["./build/transport", "--particles", "1M"],
  doubts: [],
  job: { placement: "engine", fabric: "ucx", routing: "grid", ranks: 2, nodes: 2, workers: 1, host_cpus: [0], engine_cpus: [1] },
  total: costs(2),
  ranks: [0, 1].map((rank) => ({ rank, node: rank, host: "node-1", pid: 4711 + rank, ...costs(1 + rank / 5) })),
  engines: [0, 1].map((node) => ({
    node, agent: node, embedded: false, pid: 4800 + node, cpu_seconds: 0.42, user_seconds: 0.3,
    system_seconds: 0.12, peak_memory_bytes: 8100000, counters: { routed_records: 2406882, stalls: 3 },
  })),
  dram: {
    method: "cachegrind",
    text: "Last-level cache misses that cachegrind counted on a smaller run, times 64 bytes.",
    unavailable: [{ method: "perf", why: "there are no uncore events: /sys/bus/event_source/devices has no uncore_imc" }],
  },
};

export const predict = {
  schema: "buddy.predict.v1",
  machine,
  command: ["buddy", "predict", "profile.json", "--engine", "bluefield3"],
  verdict: { outcome: "pays", text: "Offloading would pay for transport: predicted speedup 1.42 (1.30 to 1.55) on bluefield3." },
  doubts: [],
  profile: { program: ["./transport"], seconds: 1.24, memory_to_communication_ratio: 13.8, job: profile.job },
  engine: { name: "bluefield3", text: "a BlueField-3 (16 Cortex-A78AE cores)", extrapolated: true },
  model: { machine: "Example CPU 9000", runs: 120 },
  physical: {
    speedup: { predicted: 1.42, low: 1.3, high: 1.55 },
    limit: "host",
    pays: true,
    seconds: { host_placement: 1.24, engine_placement: 0.87 },
    parts: { host: 0.71, engine: 0.09, network: 0.05, waiting: 0.02 },
    cpu_seconds_freed: 0.61,
    text: "The ranks spend 38 % of their time on routing, which the engine does beside them.",
  },
  ratio_rule: { ratio: 13.8, threshold: 9.5, pays: true, text: "The ratio is above the threshold." },
  sweep: [
    { application: "transport", ratio: 220, speedup: spread(1.57, 1.51, 1.6), predicted: 1.5 },
    { application: "transpose", ratio: 14, speedup: spread(1.33, 1.3, 1.36), predicted: 1.38 },
    { application: "histogram", ratio: 1.4, speedup: spread(0.97, 0.9, 1.05), predicted: 1.02 },
    { application: "histogram", ratio: 5.4, speedup: spread(1.07, 1.0, 1.15), predicted: 1.1 },
    { application: "bfs", ratio: null, speedup: spread(1.04, 1.02, 1.05), predicted: null },
  ],
};

export const model = {
  schema: "buddy.model.v1",
  machine,
  command: ["buddy", "bench", "model", "--html", "model.html"],
  results: ["transport", "transpose", "histogram", "indexgather", "bfs", "triangles"].flatMap(
    (application, i) =>
      [0, 4, 16].map((work, k) => {
        const speedup = 0.7 + 0.12 * i + 0.14 * k;
        const predicted = speedup * (1 + ((i * 3 + k) % 5 - 2) / 30);
        return {
          application, options: ["--work", String(work)], fabric: k % 2 ? "ucx" : "shm",
          payload_bytes: 8 << k, work, ratio: 1.5 * 2 ** (i + k), predicted,
          speedup: spread(speedup, speedup * 0.96, speedup * 1.03),
          low: predicted * 0.92, high: predicted * 1.09, error: predicted / speedup - 1,
          emulated: [1.5, 4].map((slowdown) => ({
            slowdown, latency_us: 0, gbit: null, predicted: predicted / slowdown,
            speedup: spread(speedup / slowdown, speedup / slowdown * 0.9, speedup / slowdown * 1.1),
            low: predicted / slowdown * 0.8, high: predicted / slowdown * 1.2,
          })),
          run: {
            messages: 2e6,
            rank_cpu_seconds: [0, 1].map(() => ({ application: 0.01 * (i + 1), handlers: 0.04 * 2 ** (2 * k) })),
          },
          pays_measured: speedup > 1.05, pays_physical: predicted > 1.05, pays_rule: i > 2,
        };
      }),
  ),
  summary: {
    runs: 18,
    decided: 12,
    repeated: { same_decision: 0.89, median_error: 0.05, worst_error: 0.2 },
    physical: { median_error: 0.041, worst_error: 0.071, right: 0.944, right_decided: 1 },
    learned: { programs: 18, median_error: 0.037, worst_error: 0.08, right: 0.944, right_decided: 1 },
    extrapolation: {
      engines: [1.5, 4].map((slowdown) => ({
        slowdown, latency_us: 0, gbit: null, outside: { programs: 0 },
        sweep: { programs: 18, decided: 12, median_error: 0.06, worst_error: 0.2, right_decided: 0.91 },
      })),
      sweep: { programs: 36, decided: 24, median_error: 0.07, worst_error: 0.2, right_decided: 0.91 },
      outside: { programs: 4, decided: 3, median_error: 0.09, worst_error: 0.1, right_decided: 1 },
    },
    rule: { right: 0.72, right_decided: 0.75, threshold: 9.5 },
  },
};

export const dca = {
  schema: "buddy.dca.v1",
  machine,
  command: ["buddy", "bench", "dca", "--preset", "bluefield3"],
  preset: "bluefield3",
  cache: { line_bytes: 64, l2: { bytes: 524288, ways: 8 }, l3: { bytes: 16777216, ways: 16 }, replacement: "LRU" },
  results: [
    { application: "histogram", inbound_bytes: 134217728, read_bytes: 134217728, dca: { dram_bytes: 268435, per_inbound_byte: 0.002 }, no_dca: { dram_bytes: 268435456, per_inbound_byte: 2 }, ratio: 1000 },
    { application: "transport", inbound_bytes: 86647752, read_bytes: 90000000, dca: { dram_bytes: 9e6, per_inbound_byte: 0.104 }, no_dca: { dram_bytes: 1.8e8, per_inbound_byte: 2.08 }, ratio: 20 },
    { application: "bfs", inbound_bytes: 1000000, read_bytes: 1000000, dca: { dram_bytes: 0, per_inbound_byte: 0 }, no_dca: { dram_bytes: 2000000, per_inbound_byte: 2 }, ratio: null },
  ],
  buffer_schemes: [
    { scheme: "many, first in first out", dca_per_inbound_byte: 1.1, no_dca_per_inbound_byte: 2.1 },
    { scheme: "few, last in first out", dca_per_inbound_byte: 0.002, no_dca_per_inbound_byte: 2.0 },
  ],
  cross_check: { model_misses: 10412, cachegrind_misses: 10204, difference: 0.0204 },
};

const ratioOf = (estimate, low, high) => ({ estimate, low, high, level: 0.95 });
const settingOf = (block_bytes, ring_blocks, hold_us) => ({ block_bytes, ring_blocks, workers: 1, hold_us });
const trialOf = (sweep, setting, against, speedup, outcome) => ({
  ...setting, seconds: { median: 0.5 / speedup, min: 0.45 / speedup, max: 0.6 / speedup }, against, sweep,
  pairs: [{ against_seconds: 0.5, seconds: 0.5 / speedup }], speedup: ratioOf(speedup, speedup * 0.97, speedup * 1.03),
  relative_time: ratioOf(1 / speedup, 0.97 / speedup, 1.03 / speedup), outcome, why: null,
});
const usual = settingOf(32768, 16, 0);
const larger = settingOf(65536, 16, 0);

export const tune = {
  schema: "buddy.tune.v1",
  machine,
  command: ["buddy", "bench", "tune", "histogram", "-n", "2"],
  partial: false,
  answer: "histogram in placement engine is 1.08 times as fast with --block 65536 --ring 16 as with the defaults (1.05 to 1.11).",
  options: "--block 65536 --ring 16",
  workload: "histogram", program: ["/usr/bin/buddy-histogram"], placement: "engine", dpu: null, fabric: "ucx", ranks: 2, nodes: 2,
  knobs: [
    { option: "--block", turned: true, why_not: null },
    { option: "--ring", turned: true, why_not: null },
    { option: "--workers", turned: false, why_not: "each engine serves one rank" },
    { option: "--hold", turned: true, why_not: null },
  ],
  usual: { ...usual, seconds: { median: 0.5, min: 0.48, max: 0.55 } },
  best: { ...larger, seconds: { median: 0.46, min: 0.45, max: 0.47 } },
  final: trialOf(0, larger, usual, 1.08, "better"),
  complete: true,
  settings: [
    trialOf(1, larger, usual, 1.09, "better"),
    trialOf(1, settingOf(32768, 32, 0), usual, 0.98, "not_better"),
    trialOf(2, settingOf(131072, 16, 0), larger, 0.93, "not_better"),
    trialOf(2, settingOf(65536, 32, 0), larger, 0.99, "not_better"),
    trialOf(2, settingOf(65536, 8, 0), larger, 0.9, "not_better"),
    trialOf(2, settingOf(65536, 16, 10), larger, 0.8, "not_better"),
    { ...settingOf(65536, 64, 0), seconds: null, against: larger, sweep: 2, pairs: [], speedup: null, relative_time: null, outcome: "failed", why: "no room" },
  ],
};

const comparison = (of, over, speedup, low, high) => ({ of, over, speedup, low, high, pairs: 7, outcome: low > 1 ? "pays" : "undecided" });

const programIn = (step, program, ratio, slowdown, comparisons) => ({
  step, program, ratio,
  places: ["host", "shared", "engine", "dpu"].map((place, i) => ({
    place, slowdown: place === "dpu" ? slowdown : place === "engine" ? 1 : null, seconds: 1.5 - i / 8,
    host_cpu_utilization: 0.97, engine_cpu_utilization: place === "host" ? null : 0.31,
    host_cpu_seconds: 1.3, dram_bytes_host: 3e8, dram_bytes_engine: place === "host" ? null : 2e7,
  })),
  comparisons,
});

const pointOf = (step, program, of, slowdown, over, ratio, speedup) =>
  ({ program, step, of, over, slowdown, ratio, speedup, low: speedup * 0.95, high: speedup * 1.04, outcome: speedup > 1.06 ? "pays" : "undecided" });

export const study = {
  schema: "buddy.study.v1",
  machine,
  build: "98a6ee4bf083a635f179b9a7137d6a0cb4910ddd",
  command: ["buddy", "study", "--out", "study"],
  setup: { ranks: 2, nodes: 2, fabric: "ucx", host_cpus: "0", engine_cpus: "1", dpu: "bluefield3", repeat: 7, dram: "auto", quick: false },
  partial: true,
  steps: [
    { name: "paper-cache", what: "the five applications", command: ["buddy", "bench", "paper", "--size", "cache"], state: "done", why: null, expected_seconds: 600, run: { started: "2026-11-30T05:00:00Z", ended: "2026-11-30T05:09:00Z", seconds: 540, exit_code: 0, load_before: 0.1, load_after: 1.9 } },
    { name: "dca", what: "memory traffic", command: ["buddy", "bench", "dca"], state: "missing", why: null, expected_seconds: 120, run: null },
  ],
  figures: {
    programs: [
      programIn("paper-cache", "transport", 220, 2, [comparison("engine", "shared", 1.55, 1.41, 1.62), comparison("dpu", "shared", 1.21, 1.15, 1.3)]),
      programIn("paper-cache", "histogram", 1.4, 2, [comparison("engine", "shared", 1.31, 1.2, 1.4), comparison("dpu", "shared", 0.88, 0.8, 0.97)]),
    ],
    points: [
      pointOf("paper-cache", "transport", "engine", 1, "shared", 220, 1.55),
      pointOf("paper-cache", "transport", "dpu", 2, "shared", 220, 1.21),
      pointOf("paper-cache", "histogram", "engine", 1, "shared", 1.4, 1.31),
      pointOf("paper-cache", "histogram", "dpu", 2, "shared", 1.4, 0.88),
    ],
    emulation: [{ program: "transport", speedup: 0.99, low: 0.97, high: 1.01 }],
    tuned: [{ step: "tune-histogram-engine", report: tune }],
    dca: null,
    model: null,
  },
};

const sizedOf = (agents, routing, channels, total) => ({
  agents, routing,
  memory: { channels, blocks: total / 4, links: 262144, rings: 0, windows: total / 2, tables: 4096, total },
});
const each = (mean) => ({ mean, most: mean * 1.1 });
const simulatedOf = (agents, routing, packets, seconds) => ({
  agents, traffic: "histogram", messages: 10000, routing, ranks: agents, nodes: agents, payload_bytes: 8, seed: 1,
  memory: sizedOf(agents, routing, 62, 2e7).memory, arena_bytes: each(2e6), resident_bytes: each(4e5), in_flight_bytes: each(1e5),
  channels: each(62), packets: each(packets), bytes_per_packet: 10000 * 12 / packets, messages_per_packet: 10000 / packets,
  forwarded: each(routing === "grid" ? 9000 : 0), along: 5000, across: routing === "grid" ? 9000 : 0, seconds, waves: 3,
  barrier: { seconds: 5.6e-5, waves: 1, frames: 10 }, run_seconds: 4.2, verified: true,
});

export const scale = {
  schema: "buddy.scale.v1",
  machine,
  command: ["buddy", "bench", "scale", "--agents", "1024"],
  partial: false,
  answer: "With grid an engine sends 9.1 to 9.1 times fewer packets than with direct; auto is at most 0 % behind the faster of the two (1024 agents, histogram, 10000 messages).",
  model: { append_ns: 1.1, route_ns: 0.95, deliver_ns: 0.45, channel_ns: 8, packet_ns: 4100, byte_ns: 0.08, near_packet_ns: 60, near_byte_ns: 0.04, latency_ns: 4000, near_latency_ns: 60, gbytes_per_s: 5.5 },
  results: [simulatedOf(1024, "direct", 6000, 0.013), simulatedOf(1024, "grid", 660, 0.0021)],
  comparisons: [{ agents: 1024, traffic: "histogram", messages: 10000, packets: 9.1, seconds: 6.2, fastest: "grid", auto: "grid", auto_behind: 0 }],
  paper: [sizedOf(64, "direct", 63, 1.1e7), sizedOf(64, "grid", 14, 4e6), sizedOf(65536, "direct", 65535, 5e9), sizedOf(65536, "grid", 510, 8e7)],
};

export const documents = { bench, profile, predict, model, dca, study, tune, scale };
