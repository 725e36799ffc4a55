// Renders the document of this page.
import { partialText } from "./answers.js";
import { drawAll } from "./charts/figure.js";
import { h, note, p } from "./dom.js";
import { readable } from "./format.js";
import { bench } from "./pages/bench.js";
import { dca } from "./pages/dca.js";
import { model } from "./pages/model.js";
import { predict } from "./pages/predict.js";
import { profile } from "./pages/profile.js";
import { scale } from "./pages/scale.js";
import { study } from "./pages/study.js";
import { tune } from "./pages/tune.js";
import { documentSection, machineSection, repeatSection } from "./setting.js";

const pages = {
  "buddy.bench.v1": bench,
  "buddy.profile.v1": profile,
  "buddy.predict.v1": predict,
  "buddy.model.v1": model,
  "buddy.dca.v1": dca,
  "buddy.study.v1": study,
  "buddy.tune.v1": tune,
  "buddy.scale.v1": scale,
};

const unknown = (of) => ({
  kind: "Buddy report",
  headline: "This page cannot show the document that it holds.",
  lede: `Its schema is ${JSON.stringify(of?.schema ?? null)}; this version of Buddy knows ${Object.keys(pages).join(", ")}.`,
  sections: [],
});

/** A part that cannot be shown leaves the others as they are. */
function section([heading, make]) {
  let content;
  try {
    content = make();
  } catch (error) {
    content = [note(`This part cannot be shown (${error.message}); the figures are at the end.`)];
  }
  if (!content) return null; // nothing to say
  return h("section", {}, h("h2", {}, heading), content);
}

/** Keeps a figure and its unit on one line. */
const together = (text) => String(text).replace(/(\d) (?=(?:s|ms|\u00b5s|ns|%)(?:\W|$))/g, "$1\u00a0");

function render(of) {
  const { kind, headline, lede, sections } = (pages[of?.schema] ?? unknown)(of);
  document.title = `${kind}: ${headline}`;
  const partial = partialText(of);
  const setting = [
    ["Machine", () => machineSection(of?.machine)],
    ["To repeat it", () => repeatSection(of?.command)],
    ["The document", () => [documentSection(of)]],
  ];
  document.getElementById("page").replaceChildren(
    h("header", {}, h("p", { class: "kind" }, kind), h("h1", {}, together(headline)), lede ? p(together(lede)) : "", partial ? p(partial) : ""),
    ...[...sections, ...setting].map(section).filter(Boolean),
  );
  drawAll();
}

render(readable(JSON.parse(document.getElementById("document").textContent)));
