// Opens pages in headless Chromium and looks at what a reader would see.
// usage: node browser.mjs FOLDER_OF_NODE_MODULES CHROMIUM WRITE_PAGE BUDDY WORK_FOLDER
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { documents } from "./documents.mjs";
import { look } from "./look.mjs";
import * as variants from "./variants.mjs";

const [modules, chromium, writePage, buddy, work] = process.argv.slice(2);
const playwright = createRequire(resolve(modules, "package.json"))("playwright-core");

const failures = [];
let checks = 0;
function check(what, ok, found) {
  ++checks;
  if (!ok) failures.push(`${what}${found === undefined ? "" : `: ${JSON.stringify(found)}`}`);
}

/** Pages of all documents in all variants, and one of a real benchmark. */
function writePages() {
  const pages = [];
  const words = [];
  const changes = { plain: (document) => document, ...variants.all };
  for (const [schema, document] of Object.entries(documents)) {
    for (const [variant, change] of Object.entries(changes)) {
      const name = `${schema}-${variant}`;
      const json = join(work, `${name}.json`);
      writeFileSync(json, JSON.stringify(change(document)));
      words.push(json, join(work, `${name}.html`));
      pages.push({ name, schema, variant });
    }
  }
  const odd = join(work, "odd.json");
  writeFileSync(odd, JSON.stringify({ schema: "buddy.other.v9" }));
  words.push(odd, join(work, "odd.html"));
  execFileSync(writePage, words, { stdio: "inherit" });
  const options = ["-n", "1", "--repeat", "2", "--updates", "1M", "--table", "4096"];
  execFileSync(buddy, ["bench", "histogram", ...options, "--html", join(work, "real.html")]);
  return [...pages, { name: "odd", schema: "odd", variant: "odd" }, { name: "real", schema: "bench", variant: "real" }];
}

/** Charts that a page of full figures has. */
const charts = { bench: 13, profile: 3, predict: 4, model: 4, dca: 2, study: 10, tune: 3, scale: 3 };

/** What must be there to read. */
const words = {
  bench: ["Offloading pays for 2 of 5 applications: transport (1.57) and transpose (1.33); no verdict on histogram.", "No verdict on histogram: the ranks got 17 %", "1.24 s (1.15 to 1.39)", "543 ns before, not measured after", "buddy bench paper -n 2 --nodes 2 --fabric ucx --host-cpus 0 --engine-cpus 1 --html 'my report.html'", "fabric ucx, routing node", "Beside the paper", "1.55", "512 MiB"],
  profile: ["transport took 1.24 s on 2 ranks", "49 %", "routed_records", "routing grid"],
  predict: ["predicted speedup 1.42 (1.30 to 1.55) on bluefield3.", "Extrapolated"],
  model: ["4.1 % off in the median", "in 94 % of 18 runs"],
  study: ["On the emulated DPU, against engines that share the ranks' CPUs: transport 1.21\u00d7 and histogram 0.88\u00d7.", "This study is not complete", "1.21\u00d7 (1.15 to 1.30)", "The DPU is an emulation: bluefield3."],
  tune: ["1.08 times as fast with --block 65536 --ring 16", "64 KiB", "--workers was not turned: each engine serves one rank", "1.09\u00d7 (1.06 to 1.12)", "refused"],
  scale: ["With grid an engine sends 9.1 to 9.1 times fewer packets", "1,024 engines, histogram, 10,000", "9.09\u00d7", "65,536", "packet_ns"],
  dca: ["20.0\u00d7 to 1,000\u00d7", "none with DCA", "16 MiB"],
};

function checkPage(page, seen) {
  const { name, schema, variant } = page;
  const at = (what) => `${name} at ${seen.width} px, ${seen.scheme}: ${what}`;
  check(at("nothing on the console"), seen.console.length === 0, seen.console);
  check(at("nothing is requested but the file"), seen.requests.length === 1, seen.requests);
  check(at("nothing but the page's own script runs"), !seen.ran && seen.images === 0);
  check(at("no horizontal scrolling"), seen.scrollWidth <= seen.width, [seen.scrollWidth, seen.wide]);
  check(at("nothing sticks out"), seen.outside.length === 0, seen.outside);
  check(at("no text in charts is cut off"), seen.cut.length === 0 || variant === "extreme", seen.cut);
  check(at("no text in charts has an outline"), seen.outlined.length === 0, seen.outlined);
  check(at("nothing moves after it is drawn"), seen.shift < 0.01, seen.shift);
  check(at("figures of the headline stay with their units"), !seen.parted, seen.headline);
  check(at("has a headline"), seen.headline.length > 10, seen.headline);
  check(at("no part failed"), !seen.text.includes("cannot be shown") , seen.text.match(/.*cannot be shown.*/)?.[0]);
  check(at("no figure that is none"), !/\b(NaN|undefined|Infinity|\[object)/.test(seen.text), seen.text.match(/.*(NaN|undefined|Infinity|\[object).*/)?.[0]);
  check(at("colours of the scheme"), seen.light === (seen.scheme === "light"), seen.background);
  check(at("readable contrast"), seen.contrast >= 4.5, seen.contrast);
  check(at("charts have a name for those who cannot see"), seen.charts.every((one) => one.label?.length > 10));
  if (variant === "plain" || variant === "real") {
    for (const chart of seen.charts) check(at(`the chart "${chart.label}" has marks`), chart.marks > 0);
    for (const text of words[variant === "real" ? "" : schema] ?? []) check(at(`says "${text}"`), seen.text.includes(text));
    check(at("says nothing of missing figures that are there"), variant === "real" || !/took not measured/.test(seen.text));
  }
  if (variant === "plain") check(at("has its charts"), seen.charts.length === charts[schema], seen.charts.length);
  if (variant === "unmeasured") {
    check(at("says what was not measured"), seen.text.includes("not measured"));
    check(at("shows no mark for it"), seen.charts.every((chart) => chart.marks === 0), seen.charts);
  }
  if (variant === "real") check(at("has charts of the run"), seen.charts.length >= 3, seen.charts.length);
}

/** Opens some pages, all in a window of one width and one scheme. */
async function openAll(browser, pages, width, scheme) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
  context.setDefaultTimeout(120_000); // other tests may have the cores for a while
  for (const page of pages) {
    const url = pathToFileURL(join(work, `${page.name}.html`)).href;
    checkPage(page, await look(context, url, { width, scheme }));
  }
  await context.close();
}

/** Charts follow the window, and all of the page can be reached with the keyboard. */
async function checkUse(browser) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(work, "bench-plain.html")).href);
  await page.setViewportSize({ width: 400, height: 800 });
  await page.waitForFunction(() => [...document.querySelectorAll(".canvas svg")].every((svg) => svg.clientWidth < 400));
  check("charts are drawn anew when the window is narrow", true);
  const folded = await page.locator("details:not([open])").count();
  for (let i = 0; i < folded + 10; ++i) {
    await page.keyboard.press("Tab");
    const summary = await page.evaluate(() => document.activeElement.matches("details:not([open]) > summary"));
    if (summary) await page.keyboard.press("Enter");
  }
  check("folded parts open with the keyboard", (await page.locator("details:not([open])").count()) === 0);
  await context.close();
}

/** What documentation shows is taken from a page. */
function checkPictures() {
  const script = fileURLToPath(new URL("../../web/pictures.mjs", import.meta.url));
  const folder = join(work, "pictures");
  execFileSync(process.execPath, [script, modules, join(work, "study-plain.html"), folder], {
    env: { ...process.env, CHROMIUM: chromium },
  });
  const shown = readFileSync(join(folder, "pictures.txt"), "utf8").trim().split("\n");
  check("every chart becomes a picture", shown.length === charts.study, shown);
  for (const line of shown) {
    const png = readFileSync(join(folder, line.split(" ")[0]));
    check(`${line} is a picture`, png.length > 2000 && png.toString("latin1", 1, 4) === "PNG");
  }
}

const pages = writePages();
const browser = await playwright.chromium.launch({
  executablePath: chromium,
  args: [
    "--no-sandbox", // as root there is none; what is opened was written here
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});
try {
  const plain = pages.filter((page) => page.variant === "plain");
  const broad = pages.filter((page) => /^(unmeasured|extreme|long|real)$/.test(page.variant));
  await openAll(browser, pages, 360, "dark"); // a telephone
  await openAll(browser, plain, 768, "dark");
  await openAll(browser, [...plain, ...broad], 1200, "light");
  await checkUse(browser);
} finally {
  await browser.close();
}

checkPictures();
for (const failure of failures) console.log(failure);
console.log(`${pages.length} pages, ${checks} checks, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
