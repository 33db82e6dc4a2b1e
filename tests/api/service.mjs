// Starts the real binary over a store of its own, and stops it.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const operator = "an-operator-of-the-tests";

// What may not outlive the tests, however they end.
const running = new Set();
const stores = [];
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  for (const directory of stores) rmSync(directory, { recursive: true, force: true });
});

// An empty store, removed with the process.
export function scratchStore() {
  stores.push(mkdtempSync(join(tmpdir(), "boxoffice-api-")));
  return stores.at(-1);
}

export class Service {
  // flags: { "queue.active_limit": 1 }
  static async start(binary, store, flags = {}) {
    const all = { "http.port": 0, "store.path": store, "admin.token": operator, ...flags };
    const words = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(binary, ["serve", "--demo", ...words], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const service = new Service();
    service.child = child;
    service.log = "";
    service.ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
    running.add(child);
    service.ended.then(() => running.delete(child));
    service.port = await new Promise((resolve, reject) => {
      const hear = (bytes) => {
        service.log = (service.log + bytes).slice(-100_000);
        const port = /serving .*port=(\d+)/.exec(service.log);
        if (port) resolve(Number(port[1]));
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      service.ended.then(() => reject(new Error(`the service ended:\n${service.log}`)));
    });
    service.agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
    return service;
  }

  // Starts, does `act(service)`, stops.
  static async during(binary, store, flags, act) {
    const service = await Service.start(binary, store, flags);
    try {
      await act(service);
    } finally {
      await service.stop();
    }
  }

  async stop() {
    this.agent.destroy();
    this.child.kill("SIGTERM");
    const code = await this.ended;
    if (code !== 0) throw new Error(`the service ended with ${code}:\n${this.log}`);
  }

  // One exchange. body: bytes or text. `events`: enough once this many events of a stream are here.
  send(method, target, headers = {}, body = undefined, events = undefined) {
    return new Promise((resolve, reject) => {
      const asked = http.request(
        { host: "127.0.0.1", port: this.port, method, path: target, headers, agent: this.agent },
        (answer) => {
          let text = "";
          const done = () => resolve({ status: answer.statusCode, headers: answer.headers, text });
          answer.setEncoding("utf8");
          answer.on("data", (part) => {
            text += part;
            if (events !== undefined && text.split("\n\n").length > events) {
              done();
              asked.destroy();
            }
          });
          answer.on("end", done);
        },
      );
      asked.setTimeout(60_000, () => asked.destroy(new Error(`${method} ${target}: no answer`)));
      asked.on("error", reject);
      asked.end(body);
    });
  }
}

// Keeps every writer out of the store from `take` until `release`: what the service decides can't
// become durable meanwhile.
export class StoreLock {
  // Does `act()` while the lock is held.
  static async during(store, act) {
    const lock = await StoreLock.take(store);
    try {
      await act();
    } finally {
      await lock.release();
    }
  }
  static async take(store) {
    const lock = new StoreLock();
    lock.shell = spawn("sqlite3", ["-bail", join(store, "boxoffice.db")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    lock.ended = new Promise((resolve) => lock.shell.once("exit", resolve));
    lock.shell.stdin.write(".timeout 10000\nBEGIN IMMEDIATE;\n.print locked\n");
    await new Promise((resolve, reject) => {
      lock.shell.stdout.once("data", resolve);
      lock.ended.then(() => reject(new Error("the store can't be locked")));
    });
    return lock;
  }
  async release() {
    this.shell.stdin.end("ROLLBACK;\n");
    await this.ended;
  }
}
