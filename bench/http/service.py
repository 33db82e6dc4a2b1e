"""Starts and ends the service to be measured."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

SETTINGS = ["--http.address", "127.0.0.1", "--http.port", "0", "--log.format", "json"]


class Server:
    def __init__(self, process, port):
        self.pid = process.pid
        self.address = f"http://127.0.0.1:{port}"


def wait_for_port(process, log, deadline):
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the service ended: {log.read_text()}")
        for line in log.read_text().splitlines():
            with contextlib.suppress(json.JSONDecodeError):
                if "port" in (said := json.loads(line)):
                    return said["port"]
        time.sleep(0.05)
    raise RuntimeError("the service did not start")


def wait_until_ready(server, deadline):
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(server.address + "/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        time.sleep(0.05)
    raise RuntimeError("the service did not become ready")


def wait_until_followed(server, patience=60):
    """Until PostgreSQL has all that the store has; `patience` seconds at most."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with urllib.request.urlopen(server.address + "/readyz", timeout=10) as answer:
            behind = json.load(answer)["postgres"]
        if behind["state"] == "following" and behind["lagChanges"] == 0:
            return
        time.sleep(0.05)
    sys.exit(f"PostgreSQL does not catch up: {behind}")


def wait_for_the_queue(server, lines):
    """Until the queue is read with all its tokens, which it is when the first letter comes for it.

    `lines`: the file that prepare_store wrote of them."""
    with lines.open() as tokens:
        token = tokens.readline().split()[1]
    deadline = time.monotonic() + 120
    while True:
        try:
            return urllib.request.urlopen(f"{server.address}/v1/queue/tokens/{token}",
                                          timeout=60).close()
        except urllib.error.HTTPError as e:
            if e.code != 503 or time.monotonic() > deadline:
                raise


@contextlib.contextmanager
def running(binary, store, *settings, environment=None, patience=30):
    """The service on this store, without a line per request unless the settings want one.

    `environment`: variables beside this process's own. `patience`: seconds to wait for it."""
    log = store / "service.log"
    quiet = [] if "--log.requests" in settings else ["--log.requests", "false"]
    with log.open("w") as out:
        process = subprocess.Popen([binary, "serve", "--store.path", store, *SETTINGS, *quiet,
                                    *settings], stdout=out, stderr=subprocess.STDOUT,
                                   env={**os.environ, **(environment or {})})
    try:
        deadline = time.monotonic() + patience
        server = Server(process, wait_for_port(process, log, deadline))
        wait_until_ready(server, deadline)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def book(server, line):
    """Makes the booking of one line of bookings.txt; fails unless the answer is 200."""
    user, token, seat = line.split()
    body = json.dumps({"userId": user, "concertOptionId": 1, "seats": seat}).encode()
    fields = {"Content-Type": "application/json", "Queue-Token": token}
    asked = urllib.request.Request(server.address + "/mock/booking", body, fields)
    urllib.request.urlopen(asked, timeout=30).close()


def seats_held(binary, store):
    """As the service's own audit counts them; fails when it finds anything wrong."""
    audit = subprocess.run([binary, "audit", "--store.path", store], check=True, timeout=120,
                           capture_output=True, text=True)
    return int(re.search(r"(\d+) held", audit.stdout)[1])
