// The refusals that only certain operations know, each brought about.
import { randomUUID } from "node:crypto";
import { freshOption, soon } from "./valid.mjs";

// Both APIs' ways to the same act, so that one scene serves both.
const bookings = {
  createBookingMock: {
    done: 200,
    body: (user, option, seats) => ({
      userId: user,
      concertOptionId: option,
      seats: seats.join(","),
    }),
  },
  createBooking: {
    done: 201,
    body: (user, option, seats) => ({ userId: user, concertOptionId: option, seats }),
  },
};
const charges = {
  chargeBalanceMock: {
    done: 200,
    request: (user, points) => ({ body: { userId: user, balance: points } }),
  },
  chargePointsMock: {
    done: 200,
    request: (user, points) => ({ body: { userId: user, paymentMethod: "Card", amount: points } }),
  },
  chargeWallet: {
    done: 201,
    request: (user, points) => ({ path: { userId: user }, body: { amount: points * 100 } }),
  },
};
const payments = {
  payBookingMock: { done: 200, request: (client, b) => client.paymentOf(b) },
  payPendingMock: {
    done: 200,
    request: (client, b) => ({
      body: {
        userId: b.user,
        amount: 100 * b.seats.length,
        concertOptionId: b.option,
        paymentMethod: "Card",
      },
    }),
  },
  payBooking: {
    done: 201,
    request: (client, b) => ({
      path: { bookingId: b.bookingId },
      token: b.token,
      body: { userId: b.user },
    }),
  },
};
export { bookings, payments };

export async function queues(client) {
  await client.call("enterQueueMock", "404 USER_NOT_FOUND", { body: { userId: "nobody" } });
  await client.call("enterQueueMock", "404 CONCERT_NOT_FOUND", {
    body: { userId: "user1", concertId: 999 },
  });
  await client.call("listFreeSeatsMock", "400 INVALID_REQUEST", { query: { concertId: 1 } });
  await client.call("listFreeSeatsMock", "404 CONCERT_NOT_FOUND", {
    query: { concertId: 999, date: soon(24).slice(0, 10) },
  });
  await client.call("enterQueue", "404 USER_NOT_FOUND", {
    path: { concertId: 1 },
    body: { userId: "nobody" },
  });
}

export async function refusedBookings(client) {
  for (const [id, way] of Object.entries(bookings)) {
    const place = client.place(2);
    const user = client.user();
    const token = await client.token(user, place.concert);
    const ask = (answer, seats, more = {}) =>
      client.call(id, answer, { token, body: way.body(user, place.option, seats), ...more });
    await ask("401 QUEUE_TOKEN_MISSING", place.seats, { token: undefined });
    await ask("403 QUEUE_TOKEN_INVALID", place.seats, { token: randomUUID() });
    await ask("404 CONCERT_OPTION_NOT_FOUND", place.seats, {
      body: way.body(user, 999999, place.seats),
    });
    await ask("404 SEAT_NOT_FOUND", ["A_999"]);
    await ask("400 INVALID_REQUEST", ["A_10", "A_10"]);
    await ask(way.done, place.seats);
    await ask("409 SEAT_ALREADY_RESERVED", place.seats);

    const many = client.place(10);
    const greedy = client.user();
    const theirs = await client.token(greedy, many.concert);
    await client.call(id, way.done, {
      token: theirs,
      body: way.body(greedy, many.option, many.seats),
    });
    const more = client.place();
    if (more.option !== many.option)
      throw new Error("the last seat has to be of the same performance");
    await client.call(id, "409 SEAT_LIMIT", {
      token: theirs,
      body: way.body(greedy, more.option, more.seats),
    });

    const closed = await freshOption(client, {
      startsAt: soon(2),
      salesCloseAt: new Date(Date.now() + 1200).toISOString(),
    });
    const later = await freshOption(client, { salesOpenAt: soon(1) });
    await client.call(id, "403 SALE_NOT_OPEN", {
      token: await client.token(user),
      body: way.body(user, later, ["A_1"]),
    });
    await new Promise((resolve) => setTimeout(resolve, 1300)); // until its sale closes
    await client.call(id, "403 SALE_CLOSED", {
      token: await client.token(user),
      body: way.body(user, closed, ["A_1"]),
    });
  }
}

export async function refusedCharges(client, most) {
  for (const [id, way] of Object.entries(charges)) {
    const user = client.user();
    if (id !== "chargeWallet")
      await client.call(id, "404 USER_NOT_FOUND", way.request("nobody", 1));
    await client.call(id, way.done, way.request(user, 1));
    await client.call(id, "409 DUPLICATE_REQUEST", way.request(user, 1));
    await client.call(id, "409 BALANCE_LIMIT", way.request(user, most));
    await client.call(id, "400 INVALID_REQUEST", way.request(user, -1));
  }
  const adjust = (answer, amount) =>
    client.call("adjustWallet", answer, {
      path: { userId: client.user() },
      body: { amount, reason: "a trial" },
    });
  await adjust("402 INSUFFICIENT_BALANCE", -1);
  await adjust("409 BALANCE_LIMIT", most * 100 + 1);
  await adjust("400 INVALID_REQUEST", 0);
}

export async function refusedPayments(client) {
  for (const [id, way] of Object.entries(payments)) {
    const b = await client.booking();
    const request = way.request(client, b);
    await client.call(id, "402 INSUFFICIENT_BALANCE", request);
    if (id !== "payPendingMock") {
      await client.call(id, "401 QUEUE_TOKEN_MISSING", { ...request, token: undefined });
      await client.call(id, "403 QUEUE_TOKEN_INVALID", { ...request, token: randomUUID() });
    }
    await client.charge(b.user);
    await client.call(id, way.done, request);
    await client.call(id, "409 BOOKING_NOT_PENDING", request);
  }
  const b = await client.booking();
  const request = client.paymentOf(b);
  await client.call("payBookingMock", "404 BOOKING_NOT_FOUND", {
    ...request,
    body: { ...request.body, bookingId: 999999 },
  });
  await client.call("payBookingMock", "400 INVALID_REQUEST", {
    ...request,
    body: { ...request.body, seats: "A_50" },
  });
  const none = { userId: client.user(), amount: 100, concertOptionId: 1, paymentMethod: "Card" };
  await client.call("payPendingMock", "404 BOOKING_NOT_FOUND", { body: none });
  await client.call("payPendingMock", "404 CONCERT_OPTION_NOT_FOUND", {
    body: { ...none, concertOptionId: 999999 },
  });
}

export async function usersAndEntries(client) {
  await client.call("createUser", "409 USER_ALREADY_EXISTS", {
    body: { userId: "1001", name: "Kim", email: "kim@example.com" },
  });
  const user = client.user();
  await client.charge(user);
  await client.call("eraseUser", "409 USER_IN_USE", { path: { userId: user } });
  await client.call("readEntry", "404 ROUTE_NOT_FOUND", {
    path: { userId: client.user(), entryId: 999999999 },
  });
}

export async function cancellations(client) {
  for (const [id, body] of [
    ["cancelBooking", undefined],
    ["releaseBooking", { reason: "by phone" }],
  ]) {
    for (const b of [await client.booking(), await client.paid()]) {
      const path = { bookingId: b.bookingId };
      await client.call(id, 200, { path, body });
      await client.call(id, "409 BOOKING_NOT_PENDING", { path, body });
    }
  }
  const begun = await freshOption(client, {
    startsAt: new Date(Date.now() + 1200).toISOString(),
  });
  const twice = await freshOption(client);
  for (let i = 0; i < 2; ++i) await client.call("cancelOption", 202, { path: { optionId: twice } });
  await new Promise((resolve) => setTimeout(resolve, 1300)); // until the performance begins
  await client.call("cancelOption", "403 SALE_CLOSED", { path: { optionId: begun } });
}

// An ETag answers the same map, and another once it changed.
export async function seatMaps(client) {
  for (const id of ["listSeats", "readDescription"]) {
    const first = await client.call(id, 200);
    await client.call(id, 304, { headers: { "If-None-Match": first.headers.etag } });
  }
}

// Nobody may wait longer than this test: one place in the line, and holds that run out at once.
export async function shortHolds(client) {
  const paid = [];
  const all = [
    ...Object.entries(payments),
    ["cancelBooking", {}],
    ["releaseBooking", { body: { reason: "late" } }],
  ];
  for (const [id, way] of all) {
    const b = await client.booking();
    paid.push([
      id,
      way.request ? way.request(client, b) : { path: { bookingId: b.bookingId }, ...way },
      b,
    ]);
  }
  await new Promise((resolve) => setTimeout(resolve, 800)); // until the holds have run out
  for (const [id, request] of paid) await client.call(id, "410 BOOKING_EXPIRED", request);
}

export async function narrowQueue(client) {
  const first = client.place();
  await client.token(client.user(), first.concert);
  for (const [id, way] of Object.entries(bookings)) {
    const user = client.user();
    const token = await client.token(user, first.concert);
    await client.call(id, "403 QUEUE_TOKEN_WAITING", {
      token,
      body: way.body(user, first.option, first.seats),
    });
    const place = await client.call("readToken", 200, { path: { token } });
    if (place.body.status !== "WAITING" || !(place.headers["retry-after"] >= 1))
      throw new Error("a waiting token says when to ask again");
  }
}
