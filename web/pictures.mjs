// Saves every picture of a page of --html as a PNG, for documentation.
// usage: node pictures.mjs FOLDER_OF_NODE_MODULES PAGE.html FOLDER
// FOLDER gets 01.png, 02.png, ... and pictures.txt, which says what each shows. Chromium is the
// installed one, or what CHROMIUM names.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, source, folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node pictures.mjs FOLDER_OF_NODE_MODULES PAGE.html FOLDER");
  process.exit(2);
}
const playwright = createRequire(resolve(modules, "package.json"))("playwright-core");
const chromium =
  process.env.CHROMIUM ??
  execFileSync("sh", ["-c", "command -v chromium || command -v chromium-browser || command -v google-chrome"])
    .toString()
    .trim();

mkdirSync(folder, { recursive: true });
const browser = await playwright.chromium.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run"], // what is opened was written here
});
try {
  const context = await browser.newContext({
    viewport: { width: 760, height: 900 },
    colorScheme: "light",
    deviceScaleFactor: 2,
  });
  const page = await context.newPage();
  await page.goto(pathToFileURL(source).href);
  const pictures = await page.locator("figure.chart:visible").all();
  const shown = [];
  for (const [i, picture] of pictures.entries()) {
    const name = `${String(i + 1).padStart(2, "0")}.png`;
    await picture.screenshot({ path: join(folder, name) });
    shown.push(`${name}  ${(await picture.locator("figcaption").innerText()).trim()}`);
  }
  writeFileSync(join(folder, "pictures.txt"), `${shown.join("\n")}\n`);
  console.log(`${pictures.length} pictures in ${folder}`);
} finally {
  await browser.close();
}
