// The examples of the description, taken literally and in order, each by somebody who reads only it.
// What a reader has to copy from one answer into the next request, a token, is copied here too.

export function exampleBody(description, id, name) {
  const examples = description.operations[id].requestBody.content["application/json"].examples;
  const chosen = name ? examples[name] : Object.values(examples)[0];
  return chosen.value;
}

const exampleQuery = (description, id) =>
  Object.fromEntries(
    description.operations[id].parameters
      .filter((p) => p.in === "query" && p.example !== undefined)
      .map((p) => [p.name, p.example]),
  );

// The seed's calls, over a store that nobody has used.
export async function seedExamples(client) {
  const { description } = client;
  const run = (id, more = {}) =>
    client.call(id, 200, {
      body: description.operations[id].requestBody && exampleBody(description, id),
      query: exampleQuery(description, id),
      ...more,
    });
  await run("listConcertsMock");
  await run("listFreeSeatsMock");
  const token = (await run("enterQueueMock")).body.queueToken;
  await run("createBookingMock", { token });
  await run("chargeBalanceMock");
  await run("payBookingMock", { token });
  await run("readBalanceMock");
  await run("chargePointsMock");
  // The example pays for one seat, which has to be booked before.
  const other = (await run("enterQueueMock", { body: { userId: "user1" } })).body.queueToken;
  await run("createBookingMock", {
    token: other,
    body: { userId: "user1", concertOptionId: 1, seats: "A_1" },
  });
  await run("payPendingMock");
}

// Those of /v1, over another such store.
export async function examplesOfV1(client) {
  const { description } = client;
  const run = async (id, expected = 200, more = {}) => {
    const { example, ...rest } = more;
    const body = description.operations[id].requestBody && exampleBody(description, id, example);
    return (
      await client.call(id, expected, { body, query: exampleQuery(description, id), ...rest })
    ).body;
  };
  for (const id of [
    "isAlive",
    "isReady",
    "readMetrics",
    "readDescription",
    "listConcerts",
    "readConcert",
  ])
    await run(id);
  for (const id of ["listDates", "readOption", "listSeats", "readUser"]) await run(id);
  const fresh = (await run("createUser", 201)).userId;
  const { token } = await run("enterQueue", 201);
  await run("enterQueue", 200);
  await run("readToken", 200, { path: { token } });
  await run("createBooking", 201, { token, example: "named" });
  const best = await run("createBooking", 201, { token, example: "best" });
  await run("readBooking");
  await run("chargeWallet", 201);
  await run("payBooking", 201, { token });
  for (const id of ["readPayment", "listUserBookings", "listOptionBookings", "readWallet"])
    await run(id);
  const entries = await run("listEntries");
  await run("readEntry", 200, { path: { entryId: entries.items[0].entryId } });
  await run("cancelBooking");
  await run("releaseBooking", 200, { path: { bookingId: best.bookingId } });
  await run("adjustWallet", 201);
  await run("followSeats", 200, { events: 1 });
  const left = { token: (await run("enterQueue", 201, { body: { userId: "user1" } })).token };
  await run("prioritizeToken", 200, { path: left });
  await run("followToken", 200, { path: left, events: 1 });
  await run("leaveQueue", 204, { path: left });
  await run("changeUser");
  await run("readQueue");
  for (const example of ["demo", "pause", "resume"]) await run("changeQueue", 200, { example });
  await run("createConcert", 201);
  for (const example of ["demo", "opening"]) await run("createOption", 201, { example });
  await run("listAuditLog");
  await run("eraseUser", 204, { path: { userId: fresh } });
  await run("cancelOption", 202);
}
