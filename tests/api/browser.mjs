// Debian's Chromium opens the Swagger UI of the real service, runs "Try it out" on a charge and sees
// 201. Nothing that the page asks for may come from elsewhere, and nothing may break its policy.
//
// usage: node browser.mjs BOXOFFICE [PICTURE.png]
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { Service, scratchStore } from "./service.mjs";

const [binary, picture] = process.argv.slice(2);
const program = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);

async function tryItOut(page, service) {
  const elsewhere = [];
  const complaints = [];
  page.on("request", (asked) => {
    const { protocol, host } = new URL(asked.url());
    if (protocol !== "data:" && host !== `127.0.0.1:${service.port}`) elsewhere.push(asked.url());
  });
  page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
  page.on("pageerror", (error) => complaints.push(error.message));

  await page.goto(`http://127.0.0.1:${service.port}/swagger-ui/index.html`);
  const charge = page.locator("#operations-wallet-chargeWallet");
  await charge.locator("button.opblock-summary-control").click();
  await charge.getByRole("button", { name: "Try it out" }).click();
  await charge.getByRole("button", { name: "Execute" }).click();
  const live = charge.locator(".live-responses-table .response-col_status");
  await live.first().waitFor();
  const status = (await live.allInnerTexts()).join(" ").trim();
  if (!status.includes("201")) throw new Error(`the charge is answered ${status}`);

  const wallet = JSON.parse((await service.send("GET", "/mock/balance/spring123")).text);
  if (wallet.balance !== 250.5)
    throw new Error(`the example charges 250.5, and the wallet holds ${wallet.balance}`);
  if (elsewhere.length > 0) throw new Error(`asked elsewhere: ${elsewhere}`);
  if (complaints.length > 0) throw new Error(`the browser complains: ${complaints.join("; ")}`);
  if (picture) {
    // From the operation's head to the answer; boxes are told by the window's place on the page.
    const top = await charge.boundingBox();
    const answer = await charge.locator(".live-responses-table").boundingBox();
    const scrolled = await page.evaluate(() => window.scrollY);
    const height = answer.y + answer.height - top.y;
    const clip = { ...top, y: top.y + scrolled, height };
    await page.screenshot({ path: picture, fullPage: true, clip });
  }
}

await Service.during(binary, scratchStore(), {}, async (service) => {
  const browser = await chromium.launch({
    executablePath: program,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
    page.setDefaultTimeout(60_000);
    await tryItOut(page, service);
  } finally {
    await browser.close();
  }
});
console.log("The Swagger UI charged a wallet: 201.");
process.exit(0);
