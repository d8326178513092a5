// visit_page.js ORIGIN EMAIL WAY: visits the sample page as a person would: clicks what
// is marked, goes back, and sends the form. WAY is "" or "gpc", which asks for Global
// Privacy Control. Prints what it has seen as JSON. NODE_PATH is the folder with the
// modules, CHROMIUM the browser.
"use strict";

const { chromium } = require("playwright-core");

const [origin, email, way] = process.argv.slice(2);
// That of a browser that nobody drives.
const AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) " +
  "Chrome/120.0.0.0 Safari/537.36";

async function main() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-blink-features=AutomationControlled"],
  });
  const context = await browser.newContext({ userAgent: AGENT });
  if (way === "gpc") {
    await context.addInitScript(() => {
      Object.defineProperty(navigator, "globalPrivacyControl", { value: true });
    });
  }
  const page = await context.newPage();
  const faults = [];
  const asked = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => {
    const path = new URL(request.url()).pathname;
    if (path.endsWith("/visit")) asked.push(request.method());
  });
  const answered = () =>
    page.waitForResponse((reply) => reply.url().endsWith("/visit") && reply.ok());
  let answer = answered();
  await page.goto(`${origin}/?utm_source=news&utm_medium=email&utm_campaign=spring`);
  const visitor = await (await answer).text();
  answer = answered();
  await page.getByText("Our prices").click();
  await answer;
  answer = answered();
  await page.getByText("Back to the form").click();
  await answer;
  await page.waitForFunction(
    () => document.querySelector("input[name=kith_visitor]").value !== "");
  const visit = await page.locator("input[name=kith_visit]").inputValue();
  const filled = await page.locator("input[name=kith_visitor]").inputValue();
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill(email);
  const sent = Date.now();
  await page.getByText("Call me").click();
  await page.getByText("Thank you, Ada").waitFor();
  // The last character that a name may have is two units of JavaScript.
  await page.waitForFunction(() => window.kith && !window.kith.q);
  await page.evaluate(() => window.kith("convert", "x".repeat(39) + "\u{1F600}y"));
  const cookies = await context.cookies();
  // To leave the page ends the visit.
  await page.goto("about:blank");
  await browser.close();
  console.log(JSON.stringify({
    visit, visitor, filled, sent, asked, faults,
    cookies: cookies.map((cookie) => cookie.name),
  }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
