// The answer of each kind of document in one sentence.
import { figure, integer, isNumber, list, missing, percent, plural, range, seconds, shorten, times } from "./format.js";

/** A gain below this is not worth an engine. */
export const worthwhile = 1.05;

const short = (name) => shorten(name, 48);

/** What the command said, too. */
export const benchAnswer = (document) => document.answer ?? "Nothing was measured.";
export const tuneAnswer = (document) => document.answer ?? "Nothing was measured.";
export const scaleAnswer = (document) => document.answer ?? "Nothing was simulated.";
export const predictAnswer = (document) =>
  document.verdict?.text ?? `What offloading would bring ${programName(document.profile?.program)} cannot be predicted.`;

/** A predicted speedup; without an interval where it is not known. */
export const predictedWords = (speedup) =>
  isNumber(speedup?.predicted) && !isNumber(speedup.low)
    ? `${times(speedup.predicted)} (how far off is not known for such an engine)`
    : range(speedup, times);

/** What speaks against the figures, one sentence each. */
export const doubtTexts = (doubts) => (doubts ?? []).map((one) => one.text).filter(Boolean);

/** Name of a program for people: the last part of its path. */
export const programName = (words) =>
  short(String((Array.isArray(words) ? words[0] : words) ?? "").replace(/^.*\//, "") || "the program");

export function profileAnswer(document) {
  const { total = {}, job = {}, program } = document;
  const name = programName(program);
  if (!isNumber(total.seconds)) return `How long ${name} took was not measured.`;
  const [doubt] = doubtTexts(document.doubts);
  if (doubt) return `${name} took ${seconds(total.seconds)} on ${plural(job.ranks, "rank")}, which is in doubt: ${doubt}.`;
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

/** What came out for the paper's two programs that gain, on the emulated DPU against its baseline. */
export function studyAnswer(document) {
  const programs = (document.figures?.programs ?? []).filter((one) => one.step === "paper-cache");
  const gains = programs.flatMap((program) => {
    const found = (program.comparisons ?? []).find((one) => one.of === "dpu" && one.over === "shared");
    return isNumber(found?.speedup) ? [`${short(program.program)} ${times(found.speedup)}`] : [];
  });
  if (gains.length === 0) return "The applications have not been measured on the emulated DPU yet.";
  return `On the emulated DPU, against engines that share the ranks' CPUs: ${list(gains)}.`;
}

/** What to know about a document whose command was stopped. */
export function partialText(of) {
  if (of?.partial !== true) return null;
  if (of.schema === "buddy.study.v1") return "This study is not complete: some of its steps are missing.";
  if (of.missing?.length > 0) return `This report is partial: ${plural(of.missing.length, "program")} of the sweep ${of.missing.length === 1 ? "was" : "were"} not measured.`;
  return "This report is partial: the command was stopped before all its runs.";
}
