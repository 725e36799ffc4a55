// Where ranks and engines ran, from the command line of a report.
import assert from "node:assert/strict";
import { test } from "node:test";

import { jobSetting, places } from "../../web/src/places.js";

const at = (line) => places(`buddy bench transport ${line}`.split(" "));

test("CPUs of ranks and engines", () => {
  assert.equal(at("--host-cpus 0 --engine-cpus 1"), "Ranks on CPU 0, engines on CPU 1.");
  assert.equal(at("--host-cpus=0-3,8 --engine-cpus=4"), "Ranks on CPUs 0-3,8, engines on CPU 4.");
  assert.equal(at("--engine-cpus 1"), "Engines on CPU 1.");
});

test("nothing where nothing was said, or nothing sensible", () => {
  assert.equal(at("-n 2"), "");
  assert.equal(at("--host-cpus"), "");
  assert.equal(at("--host-cpus <b>"), "");
  assert.equal(places(null), "");
  assert.equal(places([1, null, "--host-cpus", 2]), "Ranks on CPU 2.");
});

test("a profiled job names its place as it was typed, and an emulation one", () => {
  const job = { ranks: 2, nodes: 1, fabric: "shm", placement: "dpu", workers: 1, host_cpus: [0], engine_cpus: [1] };
  assert.equal(jobSetting(job), "2 ranks on CPUs 0, 1 node, fabric shm, dpu placement (an emulation), engines of 1 thread on CPUs 1.");
  assert.match(jobSetting({ ...job, placement: "shared" }), /shared placement, engines of 1 thread/);
  assert.match(jobSetting({ ...job, placement: "host", workers: 0 }), /host placement\.$/);
});
