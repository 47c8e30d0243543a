// look.mjs — looks at a preview's page in a real, headless Chromium, as people and axe-core do.
//
//   usage: look.mjs REQUEST.json       with CHROMIUM and NODE_PATH set, as look.sh does
//
// The request: { "page": file or address, "widths": [390, 1440], "schemes": ["light", "dark"],
//   "shots": folder or null, "note": "#note-2" (which is shown), "steps": ["ArrowRight", …] (keys
//   pressed with the first tab focused), "shot": { "file", "width", "height", "scheme", "choose": { control: value } } }
// The answer: { "violations": [{ where, rule, targets }], "errors": [console messages and failed
//   requests], "requests": [addresses asked for besides the page's], "frames": [titles], "texts": [what
//   each frame shows], "pictures": how many pictures of how many are drawn, "tabs": the selected tab
//   after each step, "scripts": whether a script of a note ran }

import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.env.NODE_PATH, "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const request = JSON.parse(readFileSync(process.argv[2], "utf8"));
const address = /^https?:/.test(request.page) ? request.page : pathToFileURL(resolve(request.page)).href;
const profile = mkdtempSync(join(tmpdir(), "crosspost-look-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM,
  headless: true,
  // axe-core is put into pages whose policy lets nothing run.
  bypassCSP: true,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const seen = { violations: [], errors: [], requests: [], frames: [], texts: [], pictures: [0, 0], tabs: [], scripts: false };

async function open(width, scheme, height = 900) {
  const page = await browser.newPage();
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  return page;
}

async function judge(page, where, options = {}) {
  await page.evaluate(axe);
  const found = await page.evaluate((options) => window.axe.run(document, options), options);
  for (const violation of found.violations) {
    const targets = violation.nodes.map((node) => `${node.target.join(" ")}: ${node.failureSummary}`);
    seen.violations.push({ where, rule: violation.id, targets });
  }
}

async function settled(page) {
  await page.waitForLoadState("load");
  await page.waitForFunction(() => [...document.querySelectorAll("iframe")]
    .every((frame) => !frame.offsetParent || frame.dataset.state));
  await page.waitForTimeout(250);
}

// The frames' documents by themselves: no script may run in a frame, axe-core's neither.
async function judgeFrames(frames, width, scheme, where) {
  const page = await open(width, scheme);
  for (const [title, source] of frames) {
    await page.setContent(source);
    await judge(page, `${where}, ${title}`);
  }
  await page.close();
}

for (const width of request.widths ?? []) {
  for (const scheme of request.schemes) {
    const where = `${width} px, ${scheme}`;
    const page = await open(width, scheme);
    page.on("console", (message) => message.type() === "error" && seen.errors.push(`${where}: ${message.text()}`));
    page.on("pageerror", (error) => seen.errors.push(`${where}: ${error}`));
    page.on("request", (asked) => asked.url().startsWith("data:") || asked.url().split("#")[0] === address
      || seen.requests.push(asked.url()));
    await page.goto(address + (request.note ?? ""));
    await settled(page);
    await judge(page, where, { iframes: false });
    const frames = await page.$$eval(".note:not([hidden]) iframe", (all) => all.map((f) => [f.title, f.srcdoc || f.dataset.document]));
    if (width === request.widths[0] && scheme === request.schemes[0]) {
      seen.frames = frames.map(([title]) => title);
    }
    await judgeFrames(frames, Math.min(width, 700), scheme, where);
    if (request.shots) {
      // Frames that are out of sight are not painted.
      await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
      await page.waitForTimeout(500);
      await page.screenshot({ path: join(request.shots, `${width}-${scheme}.png`) });
    }
    await page.close();
  }
}

if (request.steps) {
  const page = await open(390, "light");
  await page.goto(address + (request.note ?? ""));
  await settled(page);
  const selected = () => page.$eval(".note:not([hidden]) [role=tab][aria-selected=true]", (tab) => tab.textContent);
  await page.focus(".note:not([hidden]) [role=tab][aria-selected=true]");
  seen.tabs.push(await selected());
  for (const key of request.steps) {
    await page.keyboard.press(key);
    seen.tabs.push(await selected());
  }
  await page.selectOption("#view", "side");
  await settled(page);
  // Side by side: every frame is drawn.
  for (const frame of page.frames().slice(1)) {
    const [text, drawn, all, ran] = await Promise.race([
      frame.evaluate(() => [document.body.innerText, [...document.images].filter((i) => i.naturalWidth).length,
        document.images.length, document.title === "ran"]),
      new Promise((done) => setTimeout(() => done(["", 0, 0, false]), 3000)),
    ]);
    seen.texts.push(text);
    seen.pictures = [seen.pictures[0] + drawn, seen.pictures[1] + all];
    seen.scripts ||= ran;
  }
  await page.close();
}

if (request.shot) {
  const { file, width, height, scheme, choose } = request.shot;
  const page = await open(width, scheme, height);
  await page.goto(address + (request.note ?? ""));
  for (const [id, value] of Object.entries(choose ?? {})) await page.selectOption("#" + id, value);
  await settled(page);
  await page.waitForTimeout(500);
  await page.screenshot({ path: file });
  await page.close();
}

await browser.close();
rmSync(profile, { recursive: true, force: true });
console.log(JSON.stringify(seen));
