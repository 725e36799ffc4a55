// What a reader of a page would see, as figures that a test can check.

/** Opens a page, opens all its folded parts, and describes it. */
export async function look(context, url, { width, scheme }) {
  const page = await context.newPage();
  const console = [];
  const requests = [];
  page.on("console", (message) => console.push(message.text()));
  page.on("pageerror", (error) => console.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith("data:")) requests.push(request.url());
  });
  await page.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(url, { waitUntil: "load" });
  await painted(page);
  const shift = await page.evaluate(() => globalThis.shift);
  await page.evaluate(() => {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });
  await painted(page);
  const seen = await page.evaluate(describe);
  await page.close();
  return { ...seen, width, scheme, console, requests, shift };
}

const painted = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))));

/** Runs in the page. */
function describe() {
  const root = document.documentElement;
  const all = [...document.querySelectorAll("main *, footer *")].filter(
    (element) => !element.closest("svg") && getComputedStyle(element).position !== "absolute" && !element.closest("thead"),
  );
  const name = (element) => `${element.tagName} ${element.textContent.slice(0, 40)}`;
  const right = root.clientWidth + 0.5;
  const luminance = (color) => {
    const [r, g, b] = color.match(/[\d.]+/g).map((part) => {
      const share = Number(part) / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, two) => {
    const [low, high] = [luminance(one), luminance(two)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const surface = document.querySelector("section") ?? document.body;
  const ground = getComputedStyle(surface).backgroundColor;
  const texts = [...document.querySelectorAll("h1, h2, p, th, td, dt, dd, figcaption, summary, .legend")];
  const marksOf = (svg) =>
    svg.querySelectorAll('g[aria-label="bar"] rect, g[aria-label="dot"] path, g[aria-label="dot"] circle').length;
  const inside = (svg, text) => {
    const a = svg.getBoundingClientRect();
    const b = text.getBoundingClientRect();
    return b.left >= a.left - 1 && b.right <= a.right + 1 && b.top >= a.top - 1 && b.bottom <= a.bottom + 1;
  };
  const svgs = [...document.querySelectorAll(".canvas svg[role=img]")];
  return {
    headline: document.querySelector("h1")?.textContent ?? "",
    text: document.querySelector("main").innerText.replaceAll("\u00a0", " "),
    parted: /\d (s|ms|\u00b5s|ns|%)(\W|$)/.test(document.querySelector("h1").textContent),
    charts: svgs.map((svg) => ({ label: svg.getAttribute("aria-label"), marks: marksOf(svg) })),
    cut: svgs.flatMap((svg) => [...svg.querySelectorAll("text")].filter((text) => text.textContent && !inside(svg, text)).map((text) => text.textContent)),
    // A halo in the ground's colour is none.
    outlined: svgs
      .flatMap((svg) => [...svg.querySelectorAll("text")])
      .filter((text) => text.textContent && !["none", ground].includes(getComputedStyle(text).stroke))
      .slice(0, 3)
      .map((text) => `${text.textContent}: ${getComputedStyle(text).stroke}`),
    scrollWidth: root.scrollWidth,
    wide: all.filter((element) => element.getBoundingClientRect().right > right).slice(0, 3).map(name),
    outside: all
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && getComputedStyle(element).display !== "inline")
      .slice(0, 3)
      .map(name),
    background: getComputedStyle(document.body).backgroundColor,
    light: luminance(getComputedStyle(document.body).backgroundColor) > 0.5,
    contrast: Math.min(...texts.map((element) => contrast(getComputedStyle(element).color, ground))),
    images: document.images.length,
    ran: Boolean(globalThis.ran),
  };
}
