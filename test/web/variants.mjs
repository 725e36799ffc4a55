// The documents again, with what real ones may hold at worst.

/** Replaces every leaf of a document. */
function leaves(value, change, key = "") {
  if (Array.isArray(value)) return value.map((one) => leaves(one, change, key));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, leaves(of, change, name)]));
  }
  return key === "schema" ? value : change(value, key);
}

const numbers = (value, make) => (typeof value === "number" ? make(value) : value);

/** Nothing could be measured. */
export const unmeasured = (document) => leaves(document, (value) => numbers(value, () => null));

export const zero = (document) => leaves(document, (value) => numbers(value, () => 0));

/** Figures from 1e-300 to 1e300, some negative. */
export function extreme(document) {
  const values = [1e300, 1e-300, 0, 123456789012345680000, -5, 1e-9];
  let next = 0;
  return leaves(document, (value) => numbers(value, () => values[next++ % values.length]));
}

const attack = `</script><img src=x onerror="ran=1"><script>ran=1;console.log("ran")</script>\u2028<!-- '";&amp;\u202e\ud83d\ude80`;
export const longName = "a-name-without-any-place-to-break-it-".repeat(8);

/** Every text tries to leave its place; names are keys in some documents. */
export function hostile(document) {
  const changed = leaves(document, (value) => (typeof value === "string" ? `${value}${attack}` : value));
  if (!changed.summary || document.schema !== "buddy.bench.v1") return changed;
  const names = Object.entries(changed.summary).map(([name, of]) => [`${name}${attack}`, of]);
  return { ...changed, summary: Object.fromEntries(names), results: changed.results };
}

/** Names longer than any chart or telephone is wide. */
export function long(document) {
  const changed = leaves(document, (value) => (typeof value === "string" ? longName : value));
  if (document.schema !== "buddy.bench.v1") return changed;
  return { ...changed, summary: { [longName]: Object.values(document.summary)[0] } };
}

/** Only what names the document. */
export const empty = ({ schema }) => ({ schema });

/** As many ranks, runs and applications as one may reasonably look at. */
export function many(document) {
  const repeated = (list, times) => Array.from({ length: times }, (_, i) => ({ ...list[i % list.length], rank: i }));
  const changed = { ...document };
  if (changed.ranks) changed.ranks = repeated(changed.ranks, 200);
  if (changed.results) changed.results = repeated(changed.results, 200);
  return changed;
}

export const all = { unmeasured, zero, extreme, hostile, long, empty, many };
