"""What is measured: how each service is built and started, and on what it stands."""

import contextlib
import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.request

import machine
import service
from run import hold_a_port

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
# A foreign key's plan is made while its table is empty, and would scan the table for every row
# later on; the service's own sessions are set so as well.
SESSION = "?options=-c%20enable_seqscan%3Doff%20-c%20jit%3Doff"
OLDEST_NODE = 20  # Debian 12's own is older
GO = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": ""}


@dataclasses.dataclass
class Running:
    """A service under measurement; `pid` is where its processes begin."""
    pid: int
    address: str

    def cpu_seconds(self):
        """Of the process and its children, as a cluster has them."""
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sum(machine.cpu_seconds_of(pid) for pid in [self.pid, *children])


class Boxoffice:
    """The service. Its answers wait for the local store's sync, or for PostgreSQL's commit, with a
    local store to read from or without."""

    LOCAL, BEHIND, STORE = "boxoffice on its disk", "boxoffice", "boxoffice on PostgreSQL"

    def __init__(self, options, name):
        self.binary, self.name = options.server, name

    @property
    def in_postgres(self):
        return self.name != self.LOCAL

    def database_of(self, sale):
        return sale.following_database if self.name == self.BEHIND else sale.store_database

    def settings(self, url):
        if self.name == self.LOCAL:
            return []
        kind = ["--store.kind", "postgres"] if self.name == self.STORE else []
        return [*kind, "--durability", "postgres", "--postgres.url", url]

    @contextlib.contextmanager
    def running(self, sale, database):
        store = sale.copy_store(sale.followed_store if self.name == self.BEHIND else sale.store)
        settings = self.settings(sale.postgres.url(database))
        with service.running(self.binary, store, *settings) as server:
            yield Running(server.pid, server.address)
        if self.name != self.STORE:
            subprocess.run([self.binary, "audit", "--store.path", store], check=True, timeout=120,
                           stdout=subprocess.DEVNULL)


class Peer:
    in_postgres = True

    def database_of(self, sale):
        return sale.peers_database

    @contextlib.contextmanager
    def running(self, sale, database):
        port, claim = hold_a_port()
        url = sale.postgres.url(database) + SESSION
        with (sale.scratch / "peer.log").open("w+") as log:
            process = subprocess.Popen(list(map(str, self.command(port, url))), stdout=log,
                                       stderr=subprocess.STDOUT, env=self.environment())
            try:
                server = Running(process.pid, f"http://127.0.0.1:{port}")
                wait_until_ready(process, server, log)
                yield server
            finally:
                process.terminate()
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    raise
                finally:
                    claim.close()

    def environment(self):
        return None


def wait_until_ready(process, server, log):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            log.seek(0)
            raise RuntimeError(f"the peer ended: {log.read()}")
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(server.address + "/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        time.sleep(0.05)
    raise RuntimeError("the peer did not become ready")


class Fastify(Peer):
    def __init__(self, processes, connections):
        if not shutil.which("node"):
            sys.exit("node is missing: .ci/install build")
        said = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True,
                              timeout=60).stdout
        if int(said[1:].split(".")[0]) < OLDEST_NODE:
            sys.exit(f"Fastify wants Node {OLDEST_NODE} or newer, this is {said.strip()}")
        subprocess.run([TOP / ".ci/npm", HERE / "node"], check=True, timeout=300)
        self.processes, self.connections = processes, connections
        self.name = "Fastify"

    def command(self, port, url):
        return ["node", HERE / "node/server.js", port, url, self.processes, self.connections]

    def environment(self):
        return {**os.environ, "NODE_ENV": "production"}


class Go(Peer):
    def __init__(self, connections, scratch):
        if not shutil.which("go"):
            sys.exit("go is missing: .ci/install bench")
        self.binary, self.connections = scratch / "peer", connections
        self.name = "Go"
        subprocess.run(["go", "build", "-o", self.binary, "."], cwd=HERE / "go", check=True,
                       timeout=300, env={**os.environ, **GO, "GOCACHE": str(scratch / "go-cache")})

    def command(self, port, url):
        return [self.binary, port, url, self.connections, HERE / "sql"]
