// Figures as people read them.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  binaryBytes, bytes, count, figure, integer, list, median, percent, plural, range, readable, seconds,
  shellLine, shorten, tick, times,
} from "../../web/src/format.js";

test("figures have three digits and no needless exponent", () => {
  assert.deepEqual([0.00861, 60.94, 1230.4, 0, -5, 1].map(figure), ["0.00861", "60.9", "1,230", "0", "-5.00", "1.00"]);
  assert.deepEqual([1e300, 1e-300, 1.5e-7].map(figure), ["1.00e300", "1.00e-300", "1.50e-7"]);
});

test("what was not measured says so, whatever the unit", () => {
  for (const format of [figure, integer, seconds, bytes, binaryBytes, count, percent, times]) {
    for (const nothing of [null, undefined, NaN, Infinity, "1", {}]) assert.equal(format(nothing), "not measured");
  }
  assert.equal(range(null), "not measured");
  assert.equal(range({ median: null, min: 1, max: 2 }), "not measured");
});

test("zero is a figure", () => {
  assert.deepEqual([seconds(0), bytes(0), count(0), percent(0), times(0)], ["0 s", "0 B", "0", "0 %", "0\u00d7"]);
});

test("units fit the figures", () => {
  assert.deepEqual([1.5, 0.00861, 12.3e-6, 543e-9].map(seconds), ["1.50 s", "8.61 ms", "12.3 \u00b5s", "543 ns"]);
  assert.deepEqual([64, 134217728, 2.5e9].map(bytes), ["64 B", "134 MB", "2.50 GB"]);
  assert.deepEqual([64, 524288, 16777216].map(binaryBytes), ["64 B", "512 KiB", "16 MiB"]);
  assert.deepEqual([12, 301442, 33554432, 5e9].map(count), ["12", "301,442", "33.6 million", "5.00 billion"]);
  assert.deepEqual([0.004, 0.26, 1.02, 0.00001].map(percent), ["0.4 %", "26 %", "102 %", "0.00100 %"]);
});

test("ranges name a unit once", () => {
  assert.equal(range({ median: 1.57, min: 1.512, max: 1.6 }, times), "1.57\u00d7 (1.51 to 1.60)");
  assert.equal(range({ predicted: 1.42, low: 1.3, high: 1.55 }, times), "1.42\u00d7 (1.30 to 1.55)");
  const pairs = { median: 1.4, min: 1.1, max: 1.9 };
  assert.equal(range({ speedup: 1.42, low: 1.3, high: 1.55, ...pairs }, times), "1.42\u00d7 (1.30 to 1.55)");
  assert.equal(range({ speedup: 1.42, low: null, high: null, ...pairs }, times), "1.42\u00d7");
  assert.equal(range({ median: 1.1, min: 0.9, max: 1.2 }, seconds), "1.10 s (900 ms to 1.20 s)");
  assert.equal(range(3, seconds), "3.00 s");
});

test("ticks have no zeros at the end", () => {
  assert.deepEqual([0.5, 1, 20].map(tick(seconds)), ["500 ms", "1 s", "20 s"]);
  assert.deepEqual([0.002, 0.1, 1.25, 100].map(tick(figure)), ["0.002", "0.1", "1.25", "100"]);
});

test("a median is of all figures or of none", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(median([1, null, 2]), null);
  assert.equal(median([]), null);
});

test("command lines can be pasted into a shell", () => {
  const words = ["./my prog", "--name=it's", "$HOME", "", "a,b", "*"];
  assert.equal(shellLine(words), `'./my prog' '--name=it'\\''s' '$HOME' '' a,b '*'`);
});

test("words", () => {
  assert.deepEqual([plural(1, "rank"), plural(2, "rank"), plural(null, "rank")], ["1 rank", "2 ranks", "an unknown number of ranks"]);
  assert.deepEqual([list([]), list(["a"]), list(["a", "b", "c"])], ["", "a", "a, b and c"]);
  assert.equal(shorten("histogram", 5), "hist\u2026");
});

test("texts cannot turn those around them", () => {
  assert.deepEqual(readable({ "a\u202e": ["\u2066b", 1, null] }), { "aU+202E": ["U+2066b", 1, null] });
});
