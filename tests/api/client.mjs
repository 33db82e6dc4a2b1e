// Calls operations by their names in the description, and judges every answer by it.
import { operator } from "./service.mjs";

export class Client {
  constructor(description, service) {
    this.description = description;
    this.service = service;
    this.users = 0;
    this.seats = 0;
  }

  // What to send: the address, header fields and body of a call. Absent parameters of the path come
  // from the description's examples. `token` goes into Queue-Token, `key` into Idempotency-Key,
  // `bearer` into Authorization: operators' calls have it by themselves, unless it is null.
  build(id, { path = {}, query = {}, headers = {}, body, token, key, bearer } = {}) {
    const operation = this.description.operations[id];
    const example = (name) =>
      operation.parameters.find((p) => p.in === "path" && p.name === name)?.example;
    let target = operation.path.replace(/{(\w+)}/g, (_, name) =>
      encodeURIComponent(path[name] ?? example(name)),
    );
    const words = new URLSearchParams(query).toString();
    if (words) target += `?${words}`;
    const fields = { ...headers };
    const isOperators = operation.security?.length === 1 && operation.security[0].operatorToken;
    const shown = bearer === undefined && (isOperators || this.actsForAnybody) ? operator : bearer;
    if (shown) fields.Authorization = `Bearer ${shown}`;
    if (token) fields["Queue-Token"] = token;
    if (key) fields["Idempotency-Key"] = key;
    let text = body;
    if (body !== undefined && typeof body !== "string") {
      text = JSON.stringify(body);
      fields["Content-Type"] ??= "application/json";
    }
    if (text !== undefined) fields["Content-Length"] = Buffer.byteLength(text);
    return { id, method: operation.method, target, headers: fields, text };
  }

  // expected: 200, or "409 SEAT_LIMIT". Gives { status, headers, body }.
  async call(id, expected, request = {}) {
    const built = request.id ? request : this.build(id, request);
    const answer = await this.service.send(
      built.method,
      built.target,
      built.headers,
      built.text,
      request.events,
    );
    const body = this.description.checkAnswer(id, answer);
    const got =
      body?.code && answer.status >= 400 ? `${answer.status} ${body.code}` : String(answer.status);
    if (got !== String(expected))
      throw new Error(
        `${id} (${built.method} ${built.target} ${built.text ?? ""}) is ${got}, not ${expected}: ${answer.text.slice(0, 1000)}`,
      );
    // What the service takes, the description has to allow.
    if (answer.status < 300 && typeof request.body === "object")
      this.description.checkRequest(id, request.body);
    return { ...answer, body };
  }

  // --- the demo's data, used up piece by piece so that no scene meets another ---
  user() {
    return `user${++this.users}`;
  }
  // Free seats of one section of option 1 to 6: { option, concert, seats: ["A_1"] }
  place(count = 1) {
    const inSection =
      (this.seats % 50) + count <= 50 ? this.seats : Math.ceil(this.seats / 50) * 50;
    this.seats = inSection + count;
    const section = Math.floor(inSection / 50);
    const option = 1 + Math.floor(section / 2);
    const first = (inSection % 50) + 1;
    return {
      option,
      concert: option <= 3 ? 1 : 2,
      seats: Array.from({ length: count }, (_, i) => `${"AB"[section % 2]}_${first + i}`),
    };
  }
  async token(user, concert = 1) {
    const answer = await this.call("enterQueueMock", 200, {
      body: { userId: user, concertId: concert },
    });
    return answer.body.queueToken;
  }
  async charge(user, points = 1000) {
    await this.call("chargeBalanceMock", 200, { body: { userId: user, balance: points } });
  }
  // A pending booking: { user, token, bookingId, option, concert, seats }
  async booking(count = 1, user = this.user()) {
    const place = this.place(count);
    const token = await this.token(user, place.concert);
    const body = { userId: user, concertOptionId: place.option, seats: place.seats.join(",") };
    const answer = await this.call("createBookingMock", 200, { token, body });
    return { user, token, bookingId: answer.body.bookingId, ...place };
  }
  paymentOf(b) {
    return {
      token: b.token,
      body: {
        bookingId: b.bookingId,
        concertId: b.concert,
        userId: b.user,
        seats: b.seats.join(","),
      },
    };
  }
  async paid(count = 1) {
    const b = await this.booking(count);
    await this.charge(b.user);
    await this.call("payBookingMock", 200, this.paymentOf(b));
    return b;
  }
}
