// The sentence at the top of each page.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  benchAnswer, dcaAnswer, doubtTexts, modelAnswer, partialText, predictAnswer, predictedWords, profileAnswer, programName, scaleAnswer, studyAnswer, tuneAnswer,
} from "../../web/src/answers.js";

test("a benchmark's answer is the command's", () => {
  const answer = "No verdict on a: the ranks got 17 % of the CPU time that they asked for.";
  assert.equal(benchAnswer({ answer, summary: { a: { speedup_offload: { median: 5, min: 5, max: 5 } } } }), answer);
  assert.equal(benchAnswer({}), "Nothing was measured.");
});

test("profiles", () => {
  const time = { application: 5, handlers: 1, buddy: 1, engine: 1, network: null, waiting: 2, asleep: 1.5, mpi: 0 };
  const document = { program: ["./bin/prog", "x"], job: { ranks: 2 }, total: { seconds: 5, time } };
  assert.equal(profileAnswer(document), "prog took 5.00 s on 2 ranks: 60 % in its own code, 20 % sending, routing and delivering messages and 20 % waiting.");
  assert.equal(profileAnswer({ program: ["p"], total: {} }), "How long p took was not measured.");
  assert.equal(profileAnswer({ ...document, total: { seconds: 5, time: null } }), "prog took 5.00 s on 2 ranks.");
  assert.equal(programName([]), "the program");
});

test("a profile in doubt says so first", () => {
  const doubts = [{ kind: "cpu_share", text: "the ranks got 17 % of the CPU time" }];
  const time = { application: 5 };
  assert.equal(profileAnswer({ program: ["p"], job: { ranks: 2 }, total: { seconds: 5, time }, doubts }), "p took 5.00 s on 2 ranks, which is in doubt: the ranks got 17 % of the CPU time.");
  assert.deepEqual(doubtTexts(undefined), []);
});

test("the best knobs", () => {
  assert.equal(tuneAnswer({ answer: "The defaults are best for a." }), "The defaults are best for a.");
  assert.equal(tuneAnswer({}), "Nothing was measured.");
  assert.equal(scaleAnswer({ answer: "With grid." }), "With grid.");
  assert.equal(scaleAnswer({}), "Nothing was simulated.");
});

test("predictions", () => {
  const text = "Offloading would pay for p: predicted speedup 1.42 (1.30 to 1.55) on x86.";
  assert.equal(predictAnswer({ verdict: { outcome: "pays", text } }), text);
  assert.equal(predictAnswer({}), "What offloading would bring the program cannot be predicted.");
  assert.match(predictedWords({ predicted: 1.42, low: 1.3, high: 1.55 }), /^1.42. \(1.30 to 1.55\)$/);
  assert.match(predictedWords({ predicted: 1.42, low: null, high: null }), /^1.42. \(how far off is not known for such an engine\)$/);
  assert.equal(predictedWords(undefined), predictedWords({}));
});

test("models", () => {
  const summary = { runs: 40, physical: { median_error: 0.06, worst_error: 0.24, right: 0.975 }, rule: { right: 30 } };
  assert.equal(modelAnswer({ summary }), "The physical model is 6.0 % off in the median and 24 % at worst; it says rightly whether offloading pays in 98 % of 40 runs, the one-figure rule in 30 of 40 runs.");
  assert.match(modelAnswer({}), /was not measured/);
});

test("Direct Cache Access", () => {
  assert.match(dcaAnswer({ results: [{ ratio: 20 }, { ratio: 1000 }, { ratio: null }] }), /20.0\u00d7 to 1,000\u00d7/);
  assert.match(dcaAnswer({ results: [{ ratio: 20 }] }), /causes 20.0\u00d7 the DRAM/);
  assert.match(dcaAnswer({}), /could not be computed/);
});

test("a command that was stopped", () => {
  assert.match(partialText({ partial: true }), /^This report is partial/);
  assert.match(partialText({ partial: true, missing: [{}] }), /1 program of the sweep was not measured/);
  assert.match(partialText({ partial: true, missing: [{}, {}] }), /2 programs of the sweep were not measured/);
  for (const whole of [{ partial: false }, {}, null]) assert.equal(partialText(whole), null);
});

test("a study", () => {
  const program = (name, speedup) => ({ step: "paper-cache", program: name, comparisons: [{ of: "dpu", over: "shared", speedup }] });
  const programs = [program("transport", 1.2), { ...program("transport", 9), step: "slow-4" }, program("sssp", null)];
  assert.equal(studyAnswer({ figures: { programs } }), "On the emulated DPU, against engines that share the ranks' CPUs: transport 1.20\u00d7.");
  assert.match(studyAnswer({}), /have not been measured/);
  assert.match(partialText({ schema: "buddy.study.v1", partial: true }), /^This study is not complete/);
});
