// Where ranks and engines ran, as the command line says, or a profile.
import { plural } from "./format.js";

const optionOf = (command, name) => {
  const at = command.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (at < 0) return null;
  return command[at] === name ? (command[at + 1] ?? null) : command[at].slice(name.length + 1);
};

/** "Ranks on CPUs 0, engines on CPUs 1.", or nothing where the machine decided. */
export function places(command) {
  if (!Array.isArray(command)) return "";
  const words = command.map(String);
  const parts = [["ranks", "--host-cpus"], ["engines", "--engine-cpus"]]
    .map(([who, name]) => [who, optionOf(words, name)])
    .filter(([, cpus]) => cpus !== null && /^[\d,-]{1,40}$/.test(cpus))
    .map(([who, cpus]) => `${who} on CPU${/^\d+$/.test(cpus) ? "" : "s"} ${cpus}`);
  const text = parts.join(", ");
  return text && `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** What a profiled job consisted of. An emulation is called one. */
export function jobSetting(job) {
  const cpus = (list) => (list?.length > 0 ? `on CPUs ${list.join(", ")}` : "on any CPU");
  return (
    `${plural(job.ranks, "rank")} ${cpus(job.host_cpus)}, ${plural(job.nodes, "node")}, ` +
    `fabric ${job.fabric ?? "unknown"}, ${job.placement ?? "unknown"} placement` +
    (["node", "grid"].includes(job.routing) ? `, routing ${job.routing}` : "") +
    (job.placement === "dpu" ? " (an emulation)" : "") +
    (job.workers > 0 ? `, engines of ${plural(job.workers, "thread")} ${cpus(job.engine_cpus)}.` : ".")
  );
}
