// Refusals that depend on the state of the service rather than on the request. Requests that would
// all succeed are made ready over one store; then the service is started on it again and again, each
// time so that it refuses them for another reason.
import { createHmac, randomUUID } from "node:crypto";
import { Client } from "./client.mjs";
import { Service, StoreLock } from "./service.mjs";
import { payments } from "./particular.mjs";
import { successOf, validRequest } from "./valid.mjs";

const secret = "a-secret-of-the-tests-with-enough-characters";
const jwtFlags = { "auth.mode": "jwt", "auth.jwt_secret": secret };
function webToken(user) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: user, exp: Math.floor(Date.now() / 1000) + 600 })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

// By operation, a request that would succeed.
export async function makeReady(description, binary, store, ids) {
  const made = new Map();
  await Service.during(binary, store, {}, async (service) => {
    const client = new Client(description, service);
    for (const id of ids) made.set(id, await validRequest(client, id));
  });
  return made;
}

const answersOf = (description, id, status) =>
  description
    .declared()
    .map((line) => line.split(" "))
    .filter(([name, s]) => name === id && s === String(status))
    .map(([, s, code]) => `${s} ${code}`);

// While nothing can be committed: `answer` to every request that declares it.
async function whileStuck(client, requests, answer) {
  for (const [id, request] of requests)
    if (answersOf(client.description, id, 503).includes(answer))
      await client.call(id, answer, request);
}

function whileStoreFails(description, binary, store, requests) {
  return Service.during(binary, store, { "store.busy_timeout": "100ms" }, async (service) => {
    const client = new Client(description, service);
    await StoreLock.during(store, async () => {
      // The commit that fails, and from which on nothing is taken.
      await client.call("chargeBalanceMock", "503 STORE_UNAVAILABLE", {
        body: { userId: "user999", balance: 1 },
      });
      await whileStuck(client, requests, "503 STORE_UNAVAILABLE");
    });
  });
}

function whileFull(description, binary, store, requests) {
  const flags = {
    "http.max_in_flight": 1,
    "store.busy_timeout": "1m",
    "http.answer_timeout": "1m",
  };
  return Service.during(binary, store, flags, async (service) => {
    const client = new Client(description, service);
    let both;
    await StoreLock.during(store, async () => {
      // Of two, one takes the only place and is not answered; the other is refused at once.
      const { method, target, headers, text } = client.build("chargeBalanceMock", {
        body: { userId: "user999", balance: 2 },
      });
      both = [0, 1].map(() => service.send(method, target, headers, text));
      await Promise.race(both);
      await whileStuck(client, requests, "503 OVERLOADED");
    });
    const statuses = (await Promise.all(both)).map((answer) => answer.status);
    if (statuses.sort().join() !== "200,503") throw new Error(`of two for one place: ${statuses}`);
  });
}

// Two of the same keyed payment at once: one is under way when the other comes.
function whileUnderWay(description, binary, store) {
  return Service.during(binary, store, { "store.busy_timeout": "1m" }, async (service) => {
    const client = new Client(description, service);
    client.users = 900;
    client.seats = 500;
    const acts = [];
    for (const [id, way] of Object.entries(payments)) {
      const b = await client.booking();
      await client.charge(b.user);
      acts.push([id, way.done, way.request(client, b)]);
    }
    for (const [id, body] of [
      ["cancelBooking", undefined],
      ["releaseBooking", { reason: "by phone" }],
    ])
      acts.push([id, 200, { path: { bookingId: (await client.paid()).bookingId }, body }]);
    for (const [id, done, request] of acts) {
      const built = client.build(id, { ...request, key: randomUUID() });
      let both;
      await StoreLock.during(store, async () => {
        both = [0, 1].map(() =>
          service.send(built.method, built.target, built.headers, built.text),
        );
        await new Promise((resolve) => setTimeout(resolve, 200)); // both are there, and can't be finished
      });
      const codes = (await Promise.all(both)).map((answer) =>
        String(description.checkAnswer(id, answer)?.code ?? answer.status),
      );
      if (codes.sort().join() !== [String(done), "REQUEST_IN_PROGRESS"].sort().join())
        throw new Error(`${id}: of two at once with one key: ${codes}`);
    }
  });
}

const limitFlags = {
  "limits.address_per_second": 1,
  "limits.address_burst": 1,
  "limits.loopback": true,
};
function whileLimited(description, binary, store, requests) {
  return Service.during(binary, store, limitFlags, async (service) => {
    const client = new Client(description, service);
    for (const [id, request] of requests) {
      if (answersOf(description, id, 429).length === 0) continue;
      // What is left of the limit is used up first; the last answer is the refusal.
      const built = client.build(id, request);
      let answer;
      for (let i = 0; i < 5; ++i) {
        answer = await service.send(
          built.method,
          built.target,
          built.headers,
          built.text,
          request.events,
        );
        if (answer.status === 429) break;
      }
      if (description.checkAnswer(id, answer)?.code !== "RATE_LIMITED")
        throw new Error(`${id} is not limited: ${answer.status}`);
    }
  });
}

// Users' calls without a user's token, and with another user's.
function ofStrangers(description, binary, store, requests) {
  return Service.during(binary, store, jwtFlags, async (service) => {
    const client = new Client(description, service);
    for (const [id, request] of requests) {
      // Another user's booking is none.
      const refusal = ["403 FORBIDDEN", "404 BOOKING_NOT_FOUND"].find((answer) =>
        answersOf(description, id, Number(answer.slice(0, 3))).includes(answer),
      );
      const isGuarded = answersOf(description, id, 401).length > 0;
      const { security } = description.operations[id];
      const isOperators = security?.length === 1 && security[0].operatorToken;
      if (isGuarded && !isOperators && refusal) {
        await client.call(id, "401 UNAUTHENTICATED", { ...request, bearer: null });
        await client.call(id, "401 UNAUTHENTICATED", {
          ...request,
          bearer: webToken("user1").slice(0, -3),
        });
        await client.call(id, refusal, { ...request, bearer: webToken("user1000") });
      } else if (!isGuarded) {
        await client.call(id, successOf(description, id), { ...request, bearer: null });
      }
    }
  });
}

export const scenes = { whileUnderWay, whileStoreFails, whileFull, whileLimited, ofStrangers };
