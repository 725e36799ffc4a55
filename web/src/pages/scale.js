// buddy bench scale: what simulated engines send, take and wait, by routing.
import { scaleAnswer } from "../answers.js";
import { pairs } from "../charts/dots.js";
import { note } from "../dom.js";
import { bytes, count, figure, integer, isNumber, missing, percent, plural, seconds, times } from "../format.js";
import { table } from "../table.js";

const labels = {
  one: { label: "direct", color: "var(--host)" },
  two: { label: "grid", color: "var(--engine)" },
};

export function scale(of) {
  return {
    kind: "Buddy, simulated engines",
    headline: scaleAnswer(of),
    lede: "Real engines in one process; the network, the cores and the ranks are simulated. Every engine was on a core of its own, and times are virtual.",
    sections: [
      ["Packets", () => pairCharts(of)],
      ["Memory on paper", () => paperSection(of)],
      ["Jobs", () => [jobTable(of), barrierTable(of)]],
      ["What auto means", () => comparisonSection(of)],
      ["What the machines take", () => [modelTable(of.model)]],
    ],
  };
}

/** With the messages of a rank; charts have no room for the word. */
const jobName = (one) => `${plural(one.agents, "engine")}, ${one.traffic}, ${count(one.messages)}`;
const isSame = (a) => (b) => ["agents", "traffic", "messages"].every((key) => a[key] === b[key]);

/** Both routings of every job that has both. */
function bothOf({ results = [] }) {
  return results
    .filter((one) => one.routing === "direct")
    .flatMap((direct) => {
      const grid = results.find((one) => one.routing === "grid" && isSame(direct)(one));
      return grid ? [{ name: jobName(direct), direct, grid }] : [];
    });
}

const ratio = (a, b) => (isNumber(a) && isNumber(b) && b > 0 ? times(a / b) : missing);

function pairCharts(of) {
  const both = bothOf(of);
  if (both.length === 0) return [note("No job was simulated in direct and in grid routing.")];
  const chartOf = (title, format, pick) =>
    pairs({
      title,
      labels,
      format,
      rows: both.map(({ name, direct, grid }) => ({
        name,
        one: pick(direct),
        two: pick(grid),
        value: ratio(pick(direct), pick(grid)),
      })),
    });
  return [
    chartOf("Packets that an engine sends; at the right, direct / grid", count, (one) => one.packets?.mean),
    chartOf("Virtual time with the barrier behind the messages; at the right, direct / grid", seconds, (one) => one.seconds),
  ];
}

function paperSection({ paper = [] }) {
  const agents = [...new Set(paper.map((one) => one.agents))];
  const total = (number, routing) => paper.find((one) => one.agents === number && one.routing === routing)?.memory?.total;
  if (agents.length === 0) return [note("Nothing was sized.")];
  return [
    pairs({
      title: "Memory of one engine by the formulas; at the right, direct / grid",
      labels,
      format: bytes,
      rows: agents.map((number) => ({
        name: plural(number, "engine"),
        one: total(number, "direct"),
        two: total(number, "grid"),
        value: ratio(total(number, "direct"), total(number, "grid")),
      })),
    }),
    table("Memory of one engine by the formulas", [
      { label: "Engines", text: (one) => integer(one.agents) },
      { label: "Routing", text: (one) => one.routing },
      { label: "Channels", text: (one) => integer(one.memory?.channels) },
      { label: "Blocks", text: (one) => bytes(one.memory?.blocks) },
      { label: "Windows", text: (one) => bytes(one.memory?.windows) },
      { label: "All", text: (one) => bytes(one.memory?.total) },
    ], paper),
  ];
}

const jobTable = ({ results = [] }) =>
  table("Jobs, figures of one engine; behind the traffic, messages of each rank", [
    { label: "Job", text: jobName },
    { label: "Routing", text: (one) => one.routing },
    { label: "Channels", text: (one) => integer(one.channels?.most) },
    { label: "Packets", text: (one) => count(one.packets?.mean) },
    { label: "Bytes of a packet", text: (one) => figure(one.bytes_per_packet) },
    { label: "Forwarded", text: (one) => count(one.forwarded?.mean) },
    { label: "Memory touched", text: (one) => bytes(one.resident_bytes?.most) },
    { label: "Virtual time", text: (one) => seconds(one.seconds) },
    { label: "Verified", text: (one) => (one.verified === true ? "yes" : "no") },
  ], results);

const barrierTable = ({ results = [] }) =>
  table("An empty barrier", [
    { label: "Job", text: jobName },
    { label: "Routing", text: (one) => one.routing },
    { label: "Waves", text: (one) => integer(one.barrier?.waves) },
    { label: "Frames of an engine", text: (one) => figure(one.barrier?.frames) },
    { label: "Virtual time", text: (one) => seconds(one.barrier?.seconds) },
  ], results);

function comparisonSection({ comparisons = [] }) {
  if (comparisons.length === 0) return [note("No job was simulated in direct and in grid routing.")];
  return [
    table("The routing that auto means", [
      { label: "Job", text: jobName },
      { label: "Packets, direct / grid", text: (one) => times(one.packets) },
      { label: "Time, direct / grid", text: (one) => times(one.seconds) },
      { label: "Fastest", text: (one) => one.fastest },
      { label: "Auto", text: (one) => one.auto },
      { label: "Auto behind the fastest", text: (one) => percent(one.auto_behind) },
    ], comparisons),
  ];
}

const modelTable = (model = {}) =>
  table("Costs of one core and one port, ns; gbytes_per_s: 10^9 bytes that leave a node in a second", [
    { label: "Cost", text: ([key]) => key },
    { label: "Figure", text: ([, value]) => figure(value) },
  ], Object.entries(model ?? {}));
