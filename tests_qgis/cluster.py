"""A PostgreSQL server of the tests' own, with PostGIS: started in a temporary folder, stopped by its process id."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

#: In the folder of another QGIS, the server is this machine's, in its own system (.ci/qgis-in).
MACHINE = os.environ.get("TERRITOIRE_SIG_ON_MACHINE", "").split()
ROOT = "/machine" if MACHINE else "/"


def programs():
    """Return the folder of the newest server that Debian installed, None where there is none."""
    found = sorted(Path(ROOT, "usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return str(Path("/", found[-1].parent.relative_to(ROOT))) if found else None


@contextlib.contextmanager
def server():
    """Start a server, yield the port on 127.0.0.1 where it answers, stop it."""
    folder = Path(tempfile.mkdtemp(prefix="territoire_sig-pg-"))
    as_user = list(MACHINE)
    if os.geteuid() == 0:
        subprocess.run([*MACHINE, "chown", "postgres", str(folder)], check=True)
        as_user += ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    bin_folder, data = programs(), str(folder / "data")
    initdb = [*as_user, bin_folder + "/initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd="/tmp")
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off"}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder.parent / (folder.name + ".log")).open("wb") as log:
        process = subprocess.Popen([*as_user, bin_folder + "/postgres", "-D", data, *options], stderr=log, cwd="/tmp")
    try:
        _wait(process, bin_folder, port)
        yield port
    finally:
        process.send_signal(signal.SIGINT)  # at once: QGIS keeps its connections open
        process.wait(30)
        shutil.rmtree(str(folder))
        Path(log.name).unlink()


def psql(port, *commands):
    """Run commands of SQL."""
    words = [word for command in commands for word in ("-c", command)]
    program = [*MACHINE, programs() + "/psql", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
    subprocess.run([*program, *words], check=True, stdout=subprocess.DEVNULL)


def _wait(process, bin_folder, port):
    for _ in range(300):
        ready = [*MACHINE, bin_folder + "/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        if subprocess.run(ready, check=False).returncode == 0:
            return
        assert process.poll() is None, "the PostgreSQL server does not start"
        time.sleep(0.1)
    raise AssertionError("the PostgreSQL server does not answer")
