// The refusals that many operations share, made for each operation that declares them.
import { randomUUID } from "node:crypto";
import { exampleBody } from "./examples.mjs";
import { successOf, validRequest } from "./valid.mjs";

const takesBody = (operation) => operation.requestBody !== undefined;
const declares = (description, id, answer) => description.declared().includes(`${id} ${answer}`);
const parameterOf = (operation, place, name) =>
  operation.parameters.find((p) => p.in === place && p.name === name);

// Places that nobody could have made, so that only the request itself is to blame.
const somewhere = (operation) =>
  parameterOf(operation, "path", "token") ? { token: randomUUID() } : {};

export async function badRequests(client, ids) {
  const { description } = client;
  for (const id of ids) {
    const operation = description.operations[id];
    const place = { path: somewhere(operation), token: randomUUID() };
    if (takesBody(operation)) {
      const body = JSON.stringify(exampleBody(description, id));
      await client.call(id, "400 INVALID_REQUEST", {
        ...place,
        body: '{"broken":',
        headers: { "Content-Type": "application/json" },
      });
      await client.call(id, "415 UNSUPPORTED_MEDIA_TYPE", {
        ...place,
        body,
        headers: { "Content-Type": "text/plain" },
      });
      await client.call(id, "413 PAYLOAD_TOO_LARGE", {
        ...place,
        body: `{"x":"${"x".repeat(70_000)}"}`,
        headers: { "Content-Type": "application/json" },
      });
    }
    for (const [name, bad] of [
      ["userId", "no user"],
      ["concertId", "zero"],
      ["optionId", "-1"],
      ["bookingId", "1.5"],
      ["entryId", "x"],
    ])
      if (
        parameterOf(operation, "path", name) &&
        declares(description, id, "400 INVALID_REQUEST")
      ) {
        const body = takesBody(operation) ? exampleBody(description, id) : undefined;
        const path = { entryId: 1, ...somewhere(operation), [name]: bad };
        await client.call(id, "400 INVALID_REQUEST", { ...place, path, body });
      }
    if (parameterOf(operation, "query", "limit")) {
      await client.call(id, "400 INVALID_REQUEST", { query: { limit: 0 } });
      await client.call(id, "400 INVALID_REQUEST", { query: { cursor: "nonsense" } });
    }
    // /v1 refuses what it does not know; the seed's routes ignore it.
    if (takesBody(operation) && operation.tags[0] !== "mock") {
      const body = { ...exampleBody(description, id), unheardOf: 1 };
      await client.call(id, "400 INVALID_REQUEST", { ...place, body });
    }
  }
}

// Operators' calls without the token, with another one, and with it in another scheme.
export async function withoutOperatorToken(client, ids) {
  for (const id of ids) {
    const operation = client.description.operations[id];
    if (!(operation.security?.length === 1 && operation.security[0].operatorToken)) continue;
    const path = somewhere(operation);
    const body = takesBody(operation) ? exampleBody(client.description, id) : undefined;
    for (const bearer of [null, "another"])
      await client.call(id, "401 UNAUTHENTICATED", { path, body, bearer });
    await client.call(id, "401 UNAUTHENTICATED", {
      path,
      body,
      bearer: null,
      headers: { Authorization: "Basic YTpi" },
    });
  }
}

const unknown = {
  userId: ["nobody", "404 USER_NOT_FOUND"],
  concertId: [999999, "404 CONCERT_NOT_FOUND"],
  optionId: [999999, "404 CONCERT_OPTION_NOT_FOUND"],
  bookingId: [999999, "404 BOOKING_NOT_FOUND"],
  token: [randomUUID(), "404 QUEUE_TOKEN_NOT_FOUND"],
};

// Addresses of what does not exist.
export async function unknownPlaces(client, ids) {
  for (const id of ids) {
    const operation = client.description.operations[id];
    for (const [name, [value, answer]] of Object.entries(unknown)) {
      if (!parameterOf(operation, "path", name) || !declares(client.description, id, answer))
        continue;
      const request = await validRequest(client, id);
      await client.call(id, answer, { ...request, path: { ...request.path, [name]: value } });
    }
  }
}

// What every operation with an Idempotency-Key promises.
export async function keyedRequests(client, ids) {
  const { description } = client;
  for (const id of ids) {
    const operation = description.operations[id];
    if (!parameterOf(operation, "header", "Idempotency-Key")) continue;
    const key = randomUUID();
    const request = client.build(id, { ...(await validRequest(client, id)), key });
    const first = await client.call(id, successOf(description, id), request);
    const again = await client.call(id, successOf(description, id), request);
    if (again.headers["idempotency-replayed"] !== "true" || first.headers["idempotency-replayed"])
      throw new Error(`${id}: the second answer is the replay, and says so`);
    if (again.text !== first.text || again.headers.location !== first.headers.location)
      throw new Error(`${id}: a replay is the first answer to the byte`);
    const other = operation.requestBody
      ? { text: `${request.text} ` }
      : { target: `${request.target}?other=1` };
    if (other.text)
      other.headers = { ...request.headers, "Content-Length": Buffer.byteLength(other.text) };
    await client.call(id, "422 IDEMPOTENCY_KEY_REUSED", { ...request, ...other });
    await client.call(id, "400 INVALID_REQUEST", {
      ...request,
      headers: { ...request.headers, "Idempotency-Key": "x".repeat(300) },
    });
  }
}

// Each address allows the methods that are described, and no others.
export async function allowedMethods(client, ids) {
  const { description } = client;
  const served = new Map();
  for (const id of ids) {
    const { path, method } = description.operations[id];
    served.set(path, [...(served.get(path) ?? []), method]);
  }
  for (const [path, methods] of served) {
    const target = path.replace(/{\w+}/g, "1");
    const expected = [...methods, "OPTIONS", ...(methods.includes("GET") ? ["HEAD"] : [])]
      .sort()
      .join();
    for (const method of [
      "OPTIONS",
      ["GET", "POST", "PUT", "PATCH", "DELETE"].find((m) => !methods.includes(m)),
    ]) {
      const answer = await client.service.send(method, target, { "Content-Length": 0 });
      const allow = (answer.headers.allow ?? "").split(", ").sort().join();
      if (answer.status !== (method === "OPTIONS" ? 204 : 405) || allow !== expected)
        throw new Error(`${method} ${target}: ${answer.status}, Allow ${allow}, not ${expected}`);
      if (answer.status === 405) description.checkProblem(answer, "METHOD_NOT_ALLOWED");
    }
  }
}

// Faults of HTTP itself: `default` of every operation.
export async function faultsOfHttp(client) {
  const { service, description } = client;
  const is = async (status, code, method, target, headers = {}, body = undefined) => {
    const answer = await service.send(method, target, headers, body);
    if (answer.status !== status)
      throw new Error(`${method} ${target.slice(0, 80)}: ${answer.status}, not ${status}`);
    description.checkProblem(answer, code);
  };
  await is(404, "ROUTE_NOT_FOUND", "GET", "/v1/nothing");
  await is(414, "URI_TOO_LONG", "GET", `/${"x".repeat(5000)}`);
  await is(417, "EXPECTATION_FAILED", "POST", "/mock/queue", {
    Expect: "a wonder",
    "Content-Length": 0,
  });
  await is(
    431,
    "REQUEST_HEADER_FIELDS_TOO_LARGE",
    "GET",
    "/livez",
    Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`X-${i}`, "x"])),
  );
  await is(501, "NOT_IMPLEMENTED", "PROPFIND", "/livez");
}
