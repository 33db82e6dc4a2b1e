// For each operation, a request that would succeed, with all that has to be there before it.
import { randomUUID } from "node:crypto";

const soon = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();

export function newOption(changes = {}) {
  return {
    startsAt: soon(48),
    venue: "Main Hall",
    timeZone: "Asia/Seoul",
    sections: [{ name: "A", seats: 20, price: 10000 }],
    ...changes,
  };
}

async function freshOption(client, changes) {
  const made = await client.call("createOption", 201, {
    path: { concertId: 1 },
    body: newOption(changes),
  });
  return made.body.concertOptionId;
}

const ofUser =
  (more = {}) =>
  (client) => ({ path: { userId: client.user() }, ...more });
const nothing = () => ({});
const withToken =
  (more = {}) =>
  async (client) => ({ path: { token: await client.token(client.user()) }, ...more });
async function pendingOfOne(client) {
  const b = await client.booking();
  await client.charge(b.user);
  return b;
}

const requests = {
  enterQueueMock: (client) => ({ body: { userId: client.user() } }),
  listConcertsMock: nothing,
  listFreeSeatsMock: () => ({ query: { concertId: 1, date: soon(24).slice(0, 10) } }),
  createBookingMock: async (client) => {
    const user = client.user();
    const place = client.place();
    const token = await client.token(user, place.concert);
    return { token, body: { userId: user, concertOptionId: place.option, seats: place.seats[0] } };
  },
  chargeBalanceMock: (client) => ({ body: { userId: client.user(), balance: 12.5 } }),
  readBalanceMock: ofUser(),
  payBookingMock: async (client) => client.paymentOf(await pendingOfOne(client)),
  chargePointsMock: (client) => ({
    body: { userId: client.user(), paymentMethod: "Card", amount: 12.5 },
  }),
  payPendingMock: async (client) => {
    const b = await pendingOfOne(client);
    return {
      body: { userId: b.user, amount: 100, concertOptionId: b.option, paymentMethod: "Card" },
    };
  },
  createUser: () => ({
    body: { userId: `u-${randomUUID()}`, name: "Kim", email: "kim@example.com" },
  }),
  readUser: ofUser(),
  changeUser: ofUser({ body: { name: "Kim", email: "kim@example.com" } }),
  eraseUser: ofUser(),
  createConcert: () => ({ body: { name: "Another" } }),
  listConcerts: nothing,
  readConcert: nothing,
  createOption: () => ({ path: { concertId: 1 }, body: newOption() }),
  listDates: nothing,
  readOption: nothing,
  cancelOption: async (client) => ({
    path: { optionId: await freshOption(client) },
    body: { reason: "rain" },
  }),
  listSeats: nothing,
  followSeats: () => ({ events: 1 }),
  enterQueue: (client) => ({ path: { concertId: 1 }, body: { userId: client.user() } }),
  readToken: withToken(),
  leaveQueue: withToken(),
  prioritizeToken: withToken({ body: { priority: 3 } }),
  followToken: withToken({ events: 1 }),
  readQueue: nothing,
  changeQueue: () => ({ body: { paused: false } }),
  createBooking: async (client) => {
    const user = client.user();
    const place = client.place();
    const token = await client.token(user, place.concert);
    return { token, body: { userId: user, concertOptionId: place.option, seats: place.seats } };
  },
  readBooking: async (client) => ({ path: { bookingId: (await client.booking()).bookingId } }),
  cancelBooking: async (client) => ({ path: { bookingId: (await client.booking()).bookingId } }),
  releaseBooking: async (client) => ({
    path: { bookingId: (await client.booking()).bookingId },
    body: { reason: "by phone" },
  }),
  listUserBookings: ofUser(),
  listOptionBookings: nothing,
  payBooking: async (client) => {
    const b = await pendingOfOne(client);
    return { path: { bookingId: b.bookingId }, token: b.token, body: { userId: b.user } };
  },
  readPayment: async (client) => ({ path: { bookingId: (await client.paid()).bookingId } }),
  readWallet: ofUser(),
  chargeWallet: ofUser({ body: { amount: 1250 } }),
  listEntries: ofUser(),
  readEntry: async (client) => {
    const user = client.user();
    const made = await client.call("chargeWallet", 201, {
      path: { userId: user },
      body: { amount: 100 },
    });
    return { path: { userId: user, entryId: made.body.entryId } };
  },
  adjustWallet: ofUser({ body: { amount: 500, reason: "goodwill" } }),
  listAuditLog: nothing,
  isAlive: nothing,
  isReady: nothing,
  readMetrics: nothing,
  readDescription: nothing,
};

export async function validRequest(client, id) {
  if (!requests[id]) throw new Error(`valid.mjs has no request for ${id}`);
  return requests[id](client);
}

// What the operation answers to it: 201 where it may make something.
export function successOf(description, id) {
  const statuses = Object.keys(description.operations[id].responses).map(Number);
  return statuses.includes(201) ? 201 : statuses.find((status) => status < 300);
}

export { freshOption, soon };
