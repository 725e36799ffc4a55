// Where the figures come from: the machine, and the command that repeats them.
import { fold, h, note } from "./dom.js";
import { bytes, isNumber, missing, seconds, shellLine } from "./format.js";
import { facts } from "./table.js";

const names = {
  host_name: "Host",
  cpu_model: "CPU",
  topology: "Topology",
  cores: "Cores",
  allowed_cpus: "CPUs that could be used",
  memory_bytes: "Memory",
  kernel: "Kernel",
  compiler: "Compiler",
  buddy_version: "Buddy",
  mpi: "MPI",
  core_distance_ns: "Cache line round trip",
};

function value(key, of) {
  if (of === null || of === undefined) return missing;
  if (key === "memory_bytes") return bytes(of);
  if (key === "core_distance_ns") {
    const time = (ns) => (isNumber(ns) ? seconds(ns * 1e-9) : missing);
    return `${time(of.before)} before, ${time(of.after)} after`;
  }
  if (Array.isArray(of)) return of.length > 0 ? of.join(", ") : "none";
  return typeof of === "object" ? JSON.stringify(of) : String(of);
}

export function machineSection(machine) {
  const pairs = Object.entries(machine ?? {}).map(([key, of]) => [names[key] ?? key, value(key, of)]);
  if (pairs.length === 0) return [note("The document does not describe the machine.")];
  return [facts("Machine", pairs)];
}

export function repeatSection(command) {
  if (!Array.isArray(command) || command.length === 0) {
    return [note("The document does not say which command wrote it.")];
  }
  return [
    note("In the folder where it ran, this repeats the measurement:"),
    h("pre", { class: "command", tabindex: "0" }, h("code", {}, shellLine(command))),
  ];
}

export function documentSection(document) {
  return fold(
    "All figures as JSON",
    h("pre", { tabindex: "0" }, JSON.stringify(document, null, 1)),
  );
}
