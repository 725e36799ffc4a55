// The answer of each kind of document in one sentence.
import { ends, figure, integer, isNumber, list, missing, percent, plural, range, seconds, shorten, times } from "./format.js";

/** A gain below this is not worth an engine. */
export const worthwhile = 1.05;

/** "pays", "costs", "neither", or null where nothing was compared. */
export function verdict(speedup) {
  const { middle } = ends(speedup);
  if (!isNumber(middle)) return null;
  if (middle >= worthwhile) return "pays";
  return middle <= 1 / worthwhile ? "costs" : "neither";
}

const spell = (spread) => range(spread, times);
const short = (name) => shorten(name, 48);

export function benchAnswer(summary) {
  const names = Object.keys(summary ?? {});
  const compared = names.filter((name) => verdict(summary[name].speedup_offload) !== null);
  if (names.length === 0) return "Nothing was measured.";
  if (compared.length === 0) return notCompared(names, summary);
  if (compared.length === 1) return oneAnswer(compared[0], summary[compared[0]].speedup_offload);
  const gains = compared
    .filter((name) => verdict(summary[name].speedup_offload) === "pays")
    .sort((a, b) => ends(summary[b].speedup_offload).middle - ends(summary[a].speedup_offload).middle);
  const gain = (name) => `${short(name)} (${times(ends(summary[name].speedup_offload).middle)})`;
  if (gains.length === 0) return `Offloading pays for none of ${plural(compared.length, "application")}.`;
  return `Offloading pays for ${gains.length} of ${plural(compared.length, "application")}: ${list(gains.map(gain))}.`;
}

function oneAnswer(name, speedup) {
  const answers = {
    pays: "pays for",
    costs: "does not pay for",
    neither: "makes little difference to",
  };
  return `Offloading ${answers[verdict(speedup)]} ${short(name)}: speedup ${spell(speedup)}.`;
}

function notCompared(names, summary) {
  const one = (name) => {
    const [placement, figures] = Object.entries(summary[name].medians ?? {})[0] ?? [];
    if (!placement) return `${short(name)} has no figures`;
    return `${short(name)} takes ${seconds(figures.seconds?.median)} (${placement})`;
  };
  return `${list(names.map(one))}; nothing was compared with it.`;
}

/** Name of a program for people: the last part of its path. */
export const programName = (words) =>
  short(String((Array.isArray(words) ? words[0] : words) ?? "").replace(/^.*\//, "") || "the program");

export function profileAnswer(document) {
  const { total = {}, job = {}, program } = document;
  const name = programName(program);
  if (!isNumber(total.seconds)) return `How long ${name} took was not measured.`;
  const who = `${name} took ${seconds(total.seconds)} on ${plural(job.ranks, "rank")}`;
  const shares = timeShares(total.time);
  if (!shares) return `${who}.`;
  const told = [
    ["in its own code", shares.own],
    ["sending, routing and delivering messages", shares.messages],
    ["waiting", shares.waiting],
  ].filter(([, share]) => share >= 0.005);
  return `${who}: ${list(told.map(([what, share]) => `${percent(share)} ${what}`))}.`;
}

/** Shares of the ranks' time: own code with handlers, messages, waiting; null if unknown. */
export function timeShares(time) {
  // Waiting includes the time asleep, which stands beside it.
  const known = Object.entries(time ?? {}).filter(([key, value]) => key !== "asleep" && isNumber(value));
  const sum = known.reduce((all, [, value]) => all + value, 0);
  if (sum <= 0) return null;
  const of = (...keys) => keys.reduce((part, key) => part + (isNumber(time[key]) ? time[key] : 0), 0) / sum;
  return {
    own: of("application", "handlers"),
    messages: of("buddy", "engine", "network", "mpi"),
    waiting: of("waiting"),
  };
}

export function predictAnswer(document) {
  const { physical = {}, profile = {}, engine = {} } = document;
  const name = programName(profile.program);
  const { middle } = ends(physical.speedup);
  if (!isNumber(middle)) return `What offloading would bring ${name} cannot be predicted.`;
  const on = engine.name ? ` on ${engine.name}` : "";
  const limit = physical.limit ? `, limited by ${limitWords(physical.limit)}` : "";
  const pays = physical.pays ?? verdict(physical.speedup) === "pays";
  const answer = pays ? "would pay" : "would not pay";
  return `Offloading ${answer} for ${name}: predicted speedup ${spell(physical.speedup)}${on}${limit}.`;
}

export const limitWords = (limit) =>
  ({ host: "the host", engine: "the engine", network: "the network", waiting: "waiting" })[limit] ?? String(limit);

export function modelAnswer(document) {
  const { runs, physical = {}, rule = {} } = document.summary ?? {};
  if (!isNumber(physical.median_error)) return "How good the predictions are was not measured.";
  const first = `The physical model is ${percent(physical.median_error)} off in the median and ${percent(physical.worst_error)} at worst`;
  return `${first}; it says rightly whether offloading pays ${rightWords(physical.right, runs)}, the one-figure rule ${rightWords(rule.right, runs)}.`;
}

/** A share of the runs, or a number of them. */
export function rightWords(right, runs) {
  if (!isNumber(right)) return missing;
  if (right <= 1) return `in ${percent(right)} of ${plural(runs, "run")}`;
  return `in ${integer(right)} of ${plural(runs, "run")}`;
}

export function dcaAnswer(document) {
  const ratios = (document.results ?? []).map((one) => one.ratio).filter(isNumber);
  if (ratios.length === 0) {
    return "How much DRAM traffic Direct Cache Access saves could not be computed.";
  }
  const low = Math.min(...ratios);
  const high = Math.max(...ratios);
  const much = figure(low) === figure(high) ? times(low) : `${times(low)} to ${times(high)}`;
  return `Without Direct Cache Access an engine causes ${much} the DRAM traffic per inbound byte.`;
}

/** What to know about a document whose command was stopped. */
export function partialText(of) {
  return of?.partial === true ? "This report is partial: the command was stopped before all its runs." : null;
}
