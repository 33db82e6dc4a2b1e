"""The nginx example of the docs, before the real binary: TLS, HTTP/2, the whole way from queue to
payment, and a stream of events.

usage: nginx.py BINARY EXAMPLE
"""

import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

PATIENCE = 30  # seconds, for anything that is promised to happen soon
HOST = "tickets.example.com"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until(so, what):
    end = time.monotonic() + PATIENCE
    while not so():
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not happen within {PATIENCE} s")
        time.sleep(0.02)


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def configuration(example, directory, service_port, tls_port):
    """The example as it stands, but for its ports and its certificate's place."""
    text = example.read_text()
    for old, new in (("127.0.0.1:8082", f"127.0.0.1:{service_port}"),
                     ("listen 443 ssl", f"listen 127.0.0.1:{tls_port} ssl"),
                     ("/etc/ssl/boxoffice", str(directory))):
        if old not in text:
            raise SystemExit(f"{example} no longer says {old}")
        text = text.replace(old, new)
    scratch = "".join(f"{kind}_temp_path {directory}/{kind};"
                      for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return (f"daemon off; pid {directory}/pid; error_log {directory}/error.log; worker_processes 1;"
            f"events {{}} http {{ access_log off; {scratch}\n{text}\n}}")


class client:
    """curl, over TLS and HTTP/2."""

    def __init__(self, port):
        self.words = ["curl", "--silent", "--insecure", "--http2", "--resolve",
                      f"{HOST}:{port}:127.0.0.1", "--max-time", str(PATIENCE)]
        self.base = f"https://{HOST}:{port}"

    def ask(self, method, path, body=None, headers=()):
        words = self.words + ["-X", method, self.base + path, "-w", "\n%{http_version} %{http_code}"]
        for header in headers:
            words += ["-H", header]
        if body is not None:
            words += ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
        text, _, last = subprocess.run(words, capture_output=True, text=True,
                                       check=True).stdout.rpartition("\n")
        version, status = last.split()
        assert version == "2", last
        try:
            return int(status), json.loads(text) if text else None
        except ValueError as error:
            raise SystemExit(f"{method} {path}: {status}, not in JSON: {text}") from error

    def follow(self, path):
        return subprocess.Popen(self.words + ["--no-buffer", self.base + path],
                                stdout=subprocess.PIPE, text=True)


def well(answer, status=200):
    assert answer[0] == status, answer
    return answer[1]


def buy(c):
    well(c.ask("POST", "/mock/balance", {"userId": 1, "balance": 500}))
    token = well(c.ask("POST", "/mock/queue", {"userId": 1}))["queueToken"]
    seats = c.follow("/v1/options/1/seats/events")
    booking = well(c.ask("POST", "/mock/booking", {"userId": 1, "concertOptionId": 1,
                                                   "seats": "A_1,A_2"}, [f"Queue-Token: {token}"]))
    paid = well(c.ask("POST", "/mock/payment",
                      {"bookingId": booking["bookingId"], "concertId": 1, "userId": 1,
                       "seats": "A_1,A_2"}, [f"Queue-Token: {token}"]))
    assert paid["bookingResponse"]["bookingStatus"] == "COMPLETE", paid
    assert paid["bookingResponse"]["user"]["balance"] == 300, paid
    # The stream tells of it through the proxy, at once and not when a buffer is full.
    if not any("SOLD" in line for line in seats.stdout):
        raise SystemExit("the stream of seats ended without telling of the sale")
    seats.kill()
    seats.wait()


def main(binary, example):
    with tempfile.TemporaryDirectory() as scratch:
        directory = pathlib.Path(scratch)
        directory.chmod(0o755)  # nginx's workers give up root, and keep large bodies here
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-keyout", directory / "privkey.pem", "-out", directory / "fullchain.pem",
                        "-subj", f"/CN={HOST}"], check=True, capture_output=True)
        service_port, tls_port = free_port(), free_port()
        file = directory / "nginx.conf"
        file.write_text(configuration(pathlib.Path(example), directory, service_port, tls_port))
        checked = subprocess.run(["nginx", "-t", "-c", file], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        service = subprocess.Popen([binary, "serve", "--demo", "--http.port", str(service_port),
                                    "--store.path", directory / "store"],
                                   stderr=(directory / "log").open("w"))
        proxy = subprocess.Popen(["nginx", "-c", file])
        try:
            wait_until(lambda: listens(service_port) and listens(tls_port), "the start of both")
            c = client(tls_port)
            well(c.ask("GET", "/readyz"))
            buy(c)
            status, problem = c.ask("POST", "/mock/balance", {"userId": "x" * 70_000, "balance": 1})
            assert (status, problem["code"]) == (413, "PAYLOAD_TOO_LARGE"), problem
        finally:
            proxy.send_signal(signal.SIGQUIT)
            service.terminate()
            proxy.wait(PATIENCE)
            assert service.wait(PATIENCE) == 0
        text = (directory / "error.log").read_text()
        errors = [line for line in text.splitlines() if re.search(r"\[(error|crit|alert)\]", line)]
        assert not errors, errors
    print("bought over TLS and HTTP/2, followed by a stream of events")


if __name__ == "__main__":
    main(*sys.argv[1:])
