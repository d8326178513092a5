// unsubscribe_page.js ADDRESS PATH FOLDER: opens the page of a link in a browser, on
// a phone and on a wide screen, and presses its button with the keyboard. Prints what
// it shows as JSON. Leaves screenshots in the folder. NODE_PATH is the folder with the
// modules, CHROMIUM the browser.
"use strict";

const { chromium } = require("playwright-core");

const [address, path, folder] = process.argv.slice(2);
const WIDTHS = { phone: 360, desk: 1400 };

async function visit(browser, name) {
  const viewport = { width: WIDTHS[name], height: 700 };
  const page = await browser.newPage({ viewport });
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (line) => {
    if (line.type() === "error") faults.push(line.text());
  });
  await page.goto(`http://${address}${path}`);
  const question = await page.locator("h1").innerText();
  const button = page.locator("button");
  const colour = await button.evaluate((it) => getComputedStyle(it).backgroundColor);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - window.innerWidth);
  await page.screenshot({ path: `${folder}/${name}.png` });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("You are unsubscribed").waitFor();
  await page.screenshot({ path: `${folder}/${name}-done.png` });
  const seen = { question, colour, overflow, url: page.url(), faults };
  await page.close();
  return seen;
}

async function main() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox"],
  });
  const seen = {};
  for (const name of Object.keys(WIDTHS)) seen[name] = await visit(browser, name);
  await browser.close();
  console.log(JSON.stringify(seen));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
