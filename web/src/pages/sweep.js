// Measured and predicted speedups against the memory-to-communication ratio.
import { worthwhile } from "../answers.js";
import { scatter } from "../charts/scatter.js";
import { note } from "../dom.js";
import { figure, isNumber, range, times } from "../format.js";

/**
 * @param points [{ name, ratio, speedup, predicted, own }], as documents have them
 * @param threshold of the one-figure rule
 */
export function sweepChart(points, threshold) {
  const drawn = points
    .filter((one) => isNumber(one.ratio))
    .map((one) => ({
      name: one.name,
      x: one.ratio,
      y: one.own ? one.predicted : one.speedup?.median,
      low: one.speedup?.min ?? one.speedup?.low,
      high: one.speedup?.max ?? one.speedup?.high,
      predicted: one.own ? null : one.predicted,
      own: one.own,
      title: `${one.name}: ratio ${figure(one.ratio)}, ${one.own ? "predicted" : "measured"} ${range(one.speedup, times)}, model ${times(one.predicted)}`,
    }));
  if (drawn.length === 0) return note("No point has a ratio: the memory traffic was not measured.");
  const lines = [{ y: worthwhile, label: `a gain worth having: ${times(worthwhile)}`, dashed: true }];
  if (isNumber(threshold) && threshold > 0) {
    lines.push({ x: threshold, label: `threshold of the one-figure rule: ${figure(threshold)}` });
  }
  return scatter({
    subject: "Speedup against memory-to-communication ratio",
    points: drawn,
    x: { label: "memory-to-communication ratio", format: figure, log: true, always: isNumber(threshold) && threshold > 0 ? [threshold] : [] },
    y: { label: "speedup", format: times, always: [worthwhile] },
    lines,
    predictedLabel: "what the physical model says",
  });
}
