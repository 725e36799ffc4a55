// buddy bench dca: DRAM traffic with and without Direct Cache Access.
import { dcaAnswer } from "../answers.js";
import { pairs } from "../charts/dots.js";
import { note } from "../dom.js";
import { binaryBytes, bytes, figure, integer, isNumber, missing, percent, times } from "../format.js";
import { facts, table } from "../table.js";

const labels = {
  one: { label: "with DCA", color: "var(--host)" },
  two: { label: "without DCA", color: "var(--engine)" },
};

export function dca(of) {
  const { results = [], buffer_schemes: schemes = [], cross_check: check } = of;
  return {
    kind: "Buddy, study of Direct Cache Access",
    headline: dcaAnswer(of),
    lede: `The engine's own trace of inbound writes and buffer reads, replayed through a model of the caches of ${of.preset ?? "an unnamed machine"}.`,
    sections: [
      ["DRAM traffic with and without DCA", () => traffic(results)],
      ["Receive buffers", () => (schemes.length > 0 ? bufferSchemes(schemes) : null)],
      ["Cross-check", () => crossCheck(check)],
      ["The modelled cache", () => cacheFacts(of.cache)],
    ],
  };
}

/** Nothing can be divided by no traffic. */
const ratioText = (one) =>
  !isNumber(one.ratio) && one.dca?.dram_bytes === 0 ? "none with DCA" : times(one.ratio);

function traffic(results) {
  if (results.length === 0) return [note("No application was replayed.")];
  return [
    pairs({
      title: "DRAM bytes per inbound byte, and how many times as many without DCA",
      rows: results.map((one) => ({
        name: one.application,
        one: one.dca?.per_inbound_byte,
        two: one.no_dca?.per_inbound_byte,
        value: ratioText(one),
      })),
      labels,
      format: figure,
    }),
    table("DRAM traffic of the replayed trace", [
      { label: "Application", text: (one) => one.application },
      { label: "Inbound", text: (one) => bytes(one.inbound_bytes) },
      { label: "Read", text: (one) => bytes(one.read_bytes) },
      { label: "DRAM with DCA", text: (one) => bytes(one.dca?.dram_bytes) },
      { label: "DRAM without", text: (one) => bytes(one.no_dca?.dram_bytes) },
      { label: "Per inbound byte, with", text: (one) => figure(one.dca?.per_inbound_byte) },
      { label: "Per inbound byte, without", text: (one) => figure(one.no_dca?.per_inbound_byte) },
      { label: "Without / with", text: (one) => ratioText(one) },
    ], results),
  ];
}

function bufferSchemes(schemes) {
  return [
    pairs({
      title: "DRAM bytes per inbound byte of each way to choose receive buffers",
      rows: schemes.map((one) => ({
        name: one.scheme,
        one: one.dca_per_inbound_byte,
        two: one.no_dca_per_inbound_byte,
        value: figure(one.dca_per_inbound_byte),
      })),
      labels,
      format: figure,
    }),
    table("DRAM bytes per inbound byte", [
      { label: "Scheme", text: (one) => one.scheme },
      { label: "With DCA", text: (one) => figure(one.dca_per_inbound_byte) },
      { label: "Without DCA", text: (one) => figure(one.no_dca_per_inbound_byte) },
    ], schemes),
  ];
}

function crossCheck(check) {
  if (!check) return [note("The model was not compared with cachegrind in this run.")];
  return [
    note("Misses of the same trace, without DCA's writes, in this model and in cachegrind's."),
    facts("Cross-check", [
      ["Misses in this model", integer(check.model_misses)],
      ["Misses in cachegrind", integer(check.cachegrind_misses)],
      ["Difference", percent(check.difference)],
    ]),
  ];
}

function cacheFacts(cache) {
  const entries = flat(cache ?? {});
  if (entries.length === 0) return null;
  return [facts("Cache", entries)];
}

/** Keys of nested objects in a row: "l3 bytes". */
function flat(object, prefix = "") {
  return Object.entries(object).flatMap(([key, value]) => {
    const name = `${prefix}${key.replaceAll("_", " ")}`;
    if (value !== null && typeof value === "object") return flat(value, `${name} `);
    if (!isNumber(value)) return [[name, value === null ? missing : String(value)]];
    return [[name, key.endsWith("bytes") ? binaryBytes(value) : Number.isInteger(value) ? integer(value) : figure(value)]];
  });
}
