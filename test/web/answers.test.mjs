// The sentence at the top of each page.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  benchAnswer, dcaAnswer, modelAnswer, partialText, predictAnswer, profileAnswer, programName, verdict,
} from "../../web/src/answers.js";

const speedup = (median, min, max) => ({ speedup_offload: { median, min, max } });

test("a gain counts from 5 %", () => {
  assert.deepEqual([1.05, 1.04, 0.96, 0.9].map(verdict), ["pays", "neither", "neither", "costs"]);
  assert.equal(verdict(null), null);
});

test("one application", () => {
  assert.equal(benchAnswer({ a: speedup(1.55, 1.5, 1.6) }), "Offloading pays for a: speedup 1.55\u00d7 (1.50 to 1.60).");
  assert.match(benchAnswer({ a: speedup(0.6, 0.5, 0.7) }), /^Offloading does not pay for a: /);
  assert.match(benchAnswer({ a: speedup(1, 0.9, 1.1) }), /^Offloading makes little difference to a: /);
});

test("several applications, the greatest gain first", () => {
  const summary = { a: speedup(1.1, 1, 1.2), b: speedup(1.5, 1.4, 1.6), c: speedup(0.9, 0.8, 1) };
  assert.equal(benchAnswer(summary), "Offloading pays for 2 of 3 applications: b (1.50\u00d7) and a (1.10\u00d7).");
  assert.equal(benchAnswer({ a: speedup(1, 1, 1), c: speedup(0.9, 0.8, 1) }), "Offloading pays for none of 2 applications.");
});

test("nothing to compare", () => {
  assert.equal(benchAnswer({}), "Nothing was measured.");
  const alone = { a: { medians: { host: { seconds: { median: 0.5 } } }, speedup_offload: null } };
  assert.equal(benchAnswer(alone), "a takes 500 ms (host); nothing was compared with it.");
});

test("profiles", () => {
  const time = { application: 5, handlers: 1, buddy: 1, engine: 1, network: null, waiting: 2, asleep: 1.5, mpi: 0 };
  const document = { program: ["./bin/prog", "x"], job: { ranks: 2 }, total: { seconds: 5, time } };
  assert.equal(profileAnswer(document), "prog took 5.00 s on 2 ranks: 60 % in its own code, 20 % sending, routing and delivering messages and 20 % waiting.");
  assert.equal(profileAnswer({ program: ["p"], total: {} }), "How long p took was not measured.");
  assert.equal(profileAnswer({ ...document, total: { seconds: 5, time: null } }), "prog took 5.00 s on 2 ranks.");
  assert.equal(programName([]), "the program");
});

test("predictions", () => {
  const physical = { speedup: { predicted: 1.42, low: 1.3, high: 1.55 }, limit: "engine", pays: true };
  const document = { profile: { program: ["./p"] }, engine: { name: "x86" }, physical };
  assert.equal(predictAnswer(document), "Offloading would pay for p: predicted speedup 1.42\u00d7 (1.30 to 1.55) on x86, limited by the engine.");
  assert.match(predictAnswer({ ...document, physical: { ...physical, pays: false } }), /would not pay for p/);
  assert.equal(predictAnswer({}), "What offloading would bring the program cannot be predicted.");
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
  for (const whole of [{ partial: false }, {}, null]) assert.equal(partialText(whole), null);
});
