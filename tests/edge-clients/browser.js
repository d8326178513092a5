// browser.js < PLAN: opens a page in a headless Chromium, has it make the calls of
// a plan by each client that runs there, and prints what came of them as JSON.

import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { nobodyWatches } from "./watchers.js";

const plan = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromium.launch({
  executablePath: plan.chromium,
  args: ["--no-sandbox"],
});
const outcomes = {};
try {
  const page = await browser.newPage();
  await page.goto(plan.page);
  const used = new Set();
  page.on("request", (request) => used.add(request.method()));
  for (const kind of await page.evaluate(() => globalThis.kinds())) {
    used.clear();
    outcomes[kind] = await page.evaluate(
      ([kind, plan]) => globalThis.run(kind, plan),
      [kind, plan],
    );
    outcomes[kind].used = [...used].sort();
    if (plan.cases.includes("watch")) {
      // The page is still open.
      outcomes[kind].left = await nobodyWatches(plan.ops);
    }
  }
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(outcomes));
