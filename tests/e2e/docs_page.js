// docs_page.js ADDRESS KEY VALUE FOLDER: opens /docs in a browser, gives it the
// key, looks a customer up by the value, with a mouse on a wide screen and with
// the keyboard on a narrow one, and prints what came of it as JSON. Leaves
// screenshots in the folder. NODE_PATH is the folder with the modules, CHROMIUM
// the browser.
"use strict";

const { chromium } = require("playwright-core");

const [address, key, value, folder] = process.argv.slice(2);
const OPERATION = '.opblock:has([data-path="/v1/customers:lookup"])';
const STREAM = '.opblock:has([data-path="/v1/customers/{customer.contact_id}:watch"])';
const WIDTHS = { mouse: 1400, keyboard: 400 };

// Does things as somebody without a mouse: moves the focus until it is there.
function keyboard(page) {
  const reach = async (selector) => {
    for (let tabs = 0; tabs < 400; ++tabs) {
      const there = await page.evaluate(
        (wanted) => document.activeElement?.matches(wanted), selector);
      if (there) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`the keyboard does not reach ${selector}`);
  };
  return {
    press: async (selector) => {
      await page.locator(selector).first().waitFor();
      await reach(selector);
      await page.keyboard.press("Enter");
    },
    type: async (selector, text) => {
      await page.locator(selector).first().waitFor();
      await reach(selector);
      await page.keyboard.type(text);
    },
  };
}

function mouse(page) {
  return {
    press: (selector) => page.locator(selector).first().click(),
    type: (selector, text) => page.locator(selector).first().fill(text),
  };
}

// Signs in, makes a call and answers what the page shows of the reply.
async function lookUp(page, hand) {
  await hand.press("button.authorize.unlocked");
  await hand.type(".dialog-ux input[type=text]", key);
  await hand.press(".dialog-ux button.modal-btn.authorize");
  await hand.press(".dialog-ux button.btn-done");
  await hand.press(`${OPERATION} .opblock-summary-control`);
  await hand.press(`${OPERATION} button.try-out__btn`);
  await hand.type(`${OPERATION} tr[data-param-name=q] input`, value);
  await hand.press(`${OPERATION} button.execute`);
  const reply = page.locator(`${OPERATION} .live-responses-table .response`);
  await reply.locator("pre").first().waitFor();
  return {
    status: (await reply.locator(".response-col_status").innerText()).trim(),
    body: await reply.locator("pre").first().innerText(),
  };
}

// Opens the operation that is a stream, and answers what the page says of it, and
// whether it offers to try it.
async function openStream(page, hand) {
  await hand.press(`${STREAM} .opblock-summary-control`);
  const text = page.locator(`${STREAM} .opblock-description-wrapper`).first();
  await text.waitFor();
  // The part that has the button where there is one.
  await page.locator(`${STREAM} .opblock-section-header`).first().waitFor();
  return {
    text: await text.innerText(),
    tries: await page.locator(`${STREAM} .try-out`).count(),
  };
}

async function visit(browser, width, handOf) {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const faults = [];
  const requests = [];
  page.on("console", (message) => {
    if (message.type() !== "log") faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(error.stack));
  page.on("request", (request) => requests.push(request.url()));
  // Long enough for a machine that builds beside the test.
  page.setDefaultTimeout(60000);
  const result = { faults, requests };
  try {
    await page.goto(`http://${address}/`);
    await page.locator(OPERATION).waitFor();
    await page.screenshot({ path: `${folder}/${width}.png` });
    result.reply = await lookUp(page, handOf(page));
    await page.screenshot({ path: `${folder}/${width}-reply.png` });
    result.stream = await openStream(page, handOf(page));
    await page.locator(STREAM).screenshot({ path: `${folder}/${width}-stream.png` });
    result.title = await page.title();
    result.overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth);
  } catch (error) {
    faults.push(error.stack);
    await page.screenshot({ path: `${folder}/${width}-fault.png` });
  }
  return result;
}

async function main() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox"],
  });
  try {
    console.log(JSON.stringify({
      mouse: await visit(browser, WIDTHS.mouse, mouse),
      keyboard: await visit(browser, WIDTHS.keyboard, keyboard),
    }));
  } finally {
    await browser.close();
  }
}

main();
