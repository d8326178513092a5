// visit_again.js ORIGIN: comes to the sample page by one campaign after the other, in one
// tab. Prints the id of the visit after each step as JSON. NODE_PATH is the folder with
// the modules, CHROMIUM the browser.
"use strict";

const { chromium } = require("playwright-core");

const [origin] = process.argv.slice(2);

async function main() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox"],
  });
  const page = await browser.newPage();
  const field = page.locator("input[name=kith_visit]");
  const visits = {};
  async function note(step) {
    await page.waitForFunction(
      () => document.querySelector("input[name=kith_visit]").value !== "");
    visits[step] = await field.inputValue();
  }
  await page.goto(`${origin}/?utm_source=news`);
  await note("campaign");
  await page.goto(`${origin}/`);
  await note("inside");
  await page.goto(`${origin}/?aff=p7`);
  await note("affiliate");
  await page.reload();
  await note("reloaded");
  await page.goto(`${origin}/?q=1`);
  await note("query");
  await page.goBack();
  await note("back");
  await page.goto(`${origin}/?msclkid=1`);
  await note("ad");
  await browser.close();
  console.log(JSON.stringify(visits));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
