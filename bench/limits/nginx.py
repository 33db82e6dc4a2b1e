"""A private nginx that serves one file out of memory, as the limit of large answers."""

import contextlib
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

CONFIGURATION = """
worker_processes 2;
user {user};
daemon off;
pid {root}/pid;
error_log {root}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile {sendfile};
  output_buffers 2 512k;
  open_file_cache max=10 inactive=60s;
  keepalive_requests 1000000000;
  default_type application/json;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def serving(body, sendfile):
    """Its port and process. Without sendfile it copies the bytes through buffers of its own."""
    binary = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    root = pathlib.Path(tempfile.mkdtemp(prefix="boxoffice-nginx-", dir="/dev/shm"))
    try:
        root.chmod(0o755)
        (root / "map").write_bytes(body)
        port = free_port()
        (root / "conf").write_text(CONFIGURATION.format(
            user=pathlib.Path.home().owner(), root=root, port=port,
            sendfile="on" if sendfile else "off"))
        process = subprocess.Popen([binary, "-p", root, "-c", root / "conf", "-e",
                                    root / "error.log"], stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 10
            while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise RuntimeError((root / "error.log").read_text())
                time.sleep(0.05)
            yield port
        finally:
            process.terminate()
            process.wait()
    finally:
        shutil.rmtree(root)


def version():
    said = subprocess.run([shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-v"], check=True,
                          capture_output=True, text=True)
    return said.stderr.strip().rpartition(": ")[2]
