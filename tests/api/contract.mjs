// The contract test: the real service is made to give every answer that http/openapi.json declares,
// and every answer is judged by that file.
//
// usage: node contract.mjs BOXOFFICE
import { readFileSync, readdirSync } from "node:fs";
import { Client } from "./client.mjs";
import { Description } from "./description.mjs";
import * as everywhere from "./everywhere.mjs";
import * as examples from "./examples.mjs";
import { neverProduced } from "./exceptions.mjs";
import * as particular from "./particular.mjs";
import { makeReady, scenes } from "./refused.mjs";
import { Service, scratchStore } from "./service.mjs";
import { successOf, validRequest } from "./valid.mjs";

const [binary] = process.argv.slice(2);
const description = new Description();
let failures = 0;

async function scene(name, act) {
  const begun = Date.now();
  try {
    await act();
    console.log(`${name}: ${Date.now() - begun} ms`);
  } catch (error) {
    ++failures;
    console.log(`FAILED ${name}: ${error.message}`);
  }
}

function withService(flags, act) {
  return scene("the service starts and ends well", () =>
    Service.during(binary, scratchStore(), flags, (service) =>
      act(new Client(description, service)),
    ),
  );
}

// The routes that the sources list, as the description writes paths.
function routesInSources() {
  const folder = new URL("../../http/", import.meta.url);
  const routes = new Set();
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".cpp")))
    for (const [, method, path] of readFileSync(new URL(name, folder), "utf8").matchAll(
      /\.add\("([A-Z]+)",\s*"([^"]+)"/g,
    ))
      routes.add(`${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
  routes.add("GET /openapi.json");
  return routes;
}

function compareRoutes() {
  const served = routesInSources();
  const described = new Set(
    Object.values(description.operations).map((o) => `${o.method} ${o.path}`),
  );
  for (const route of served)
    if (!described.has(route)) throw new Error(`${route} is served and not described`);
  for (const route of described)
    if (!served.has(route)) throw new Error(`${route} is described and not served`);
}

await scene("the description and the sources list the same routes", compareRoutes);
const ids = Object.keys(description.operations);

await withService({}, (client) =>
  scene("the examples of the seed's calls", () => examples.seedExamples(client)),
);
await withService({}, (client) =>
  scene("the examples of /v1", () => examples.examplesOfV1(client)),
);

const most = 100_000;
await withService({ "wallet.max_balance": most, "wallet.max_charge": most }, async (client) => {
  for (const id of ids)
    await scene(`${id} succeeds`, async () => {
      const request = await validRequest(client, id);
      await client.call(id, successOf(description, id), request);
    });
  for (const act of [
    everywhere.badRequests,
    everywhere.withoutOperatorToken,
    everywhere.unknownPlaces,
    everywhere.allowedMethods,
    everywhere.faultsOfHttp,
  ])
    await scene(act.name, () => act(client, ids));
});
await withService({ "wallet.max_balance": most, "wallet.max_charge": most }, async (client) => {
  for (const act of [everywhere.keyedRequests]) await scene(act.name, () => act(client, ids));
  for (const act of [
    particular.queues,
    particular.refusedBookings,
    particular.refusedPayments,
    particular.usersAndEntries,
    particular.cancellations,
    particular.seatMaps,
  ])
    await scene(act.name, () => act(client));
  await scene("refusedCharges", () => particular.refusedCharges(client, most));
});
await withService({ "booking.hold_for": "300ms" }, (client) =>
  scene("shortHolds", () => particular.shortHolds(client)),
);
await withService({ "queue.active_limit": 1 }, (client) =>
  scene("narrowQueue", () => particular.narrowQueue(client)),
);

const store = scratchStore();
let requests = new Map();
await scene("requests are made ready", async () => {
  requests = await makeReady(description, binary, store, ids);
});
for (const act of Object.values(scenes))
  await scene(act.name, () => act(description, binary, store, requests));

await scene("every declared answer was given", () => {
  const declared = description.declared();
  const missing = declared.filter((line) => !description.seen.has(line) && !neverProduced[line]);
  const untrue = Object.keys(neverProduced).filter(
    (line) => description.seen.has(line) || !declared.includes(line),
  );
  console.log(
    `${declared.length} declared answers, ${declared.length - missing.length} given or excepted`,
  );
  if (untrue.length > 0) throw new Error(`exceptions that are none:\n  ${untrue.join("\n  ")}`);
  if (missing.length > 0) throw new Error(`never given:\n  ${missing.join("\n  ")}`);
});
console.log(failures === 0 ? "The service is as described." : `${failures} scenes failed`);
process.exit(failures === 0 ? 0 : 1);
