// Makes the page's template, one HTML file, and a C++ source that holds it.
// usage: node build.mjs FOLDER OUT.cpp
// FOLDER holds node_modules/, as `npm ci` makes it; the sources lie beside this file.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [folder, target] = process.argv.slice(2);
const esbuild = createRequire(resolve(folder, "package.json"))("esbuild");

/** Bundles one source with all it imports. */
async function bundle(entry) {
  const result = await esbuild.build({
    entryPoints: [join(here, "src", entry)],
    nodePaths: [join(folder, "node_modules")],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2020",
    legalComments: "none", // whole licences are added instead
    metafile: true,
    write: false,
  });
  return { text: result.outputFiles[0].text.trim(), inputs: Object.keys(result.metafile.inputs) };
}

/** Folder of the package that a bundled file is from, or nothing for our own. */
function packageOf(input) {
  const found = input.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//);
  return found?.[1];
}

/** Name, version and licence text of every package that something was bundled from. */
function licences(inputs) {
  const own = ["Buddy", readFileSync(join(here, "../LICENSE"), "utf8").trim()];
  const packages = [...new Set(inputs.map(packageOf).filter(Boolean))].sort();
  const others = packages.map((path) => {
    const { name, version } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} has no licence file (it cannot be bundled) leave it out`);
    return [`${name} ${version}`, readFileSync(join(path, file), "utf8").trim()];
  });
  return [own, ...others].map(([name, text]) => `${name}\n\n${text}\n`).join("\n\n");
}

const escaped = (text) =>
  text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);

/** Nothing but this script may run, and nothing may be loaded, whatever the document says. */
function policy(script) {
  const hash = createHash("sha256").update(script, "utf8").digest("base64");
  return (
    `default-src 'none'; script-src 'sha256-${hash}'; ` +
    `style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`
  );
}

/** A list of string literals, each of a length that every compiler takes. */
function literals(text) {
  const parts = [];
  for (let begin = 0; begin < text.length; ) {
    let end = Math.min(begin + 16000, text.length);
    if (/[\uD800-\uDBFF]/.test(text[end - 1])) ++end; // keeps the halves of a character together
    const part = text.slice(begin, end);
    if (part.includes(')page"')) throw new Error('the page contains )page", which ends a literal');
    parts.push(`R"page(${part})page"`);
    begin = end;
  }
  return parts.join(",\n");
}

const script = await bundle("main.js");
const style = await bundle("style.css");
if (/<\/script|<!--/i.test(script.text)) throw new Error("the script would end its element");
if (/<\/style/i.test(style.text)) throw new Error("the style would end its element");

const values = {
  policy: policy(script.text),
  style: style.text,
  licences: escaped(licences(script.inputs)),
  script: script.text,
};
const page = readFileSync(join(here, "page.html"), "utf8").replace(
  /\{\{(policy|style|licences|script)\}\}/g,
  (_, name) => values[name],
);
const [before, after, ...rest] = page.replaceAll("\r", "").split("{{document}}");
if (after === undefined || rest.length > 0) throw new Error("page.html needs one {{document}}");

writeFileSync(
  target,
  `// Made by web/build.mjs.
#include "tools/report/page_template.hpp"

namespace buddy::tools {
namespace {

constexpr std::string_view before[] = {
${literals(before)}};
constexpr std::string_view after[] = {
${literals(after)}};

}  // namespace

PageTemplate page_template() { return {.before = before, .after = after}; }

}  // namespace buddy::tools
`,
);
