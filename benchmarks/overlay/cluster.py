"""PostGIS as an expert uses it, in a cluster of its own that is started for the measure and stopped after it."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import psycopg
import shapely

PORT = 54_399
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "port": PORT,
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "512MB",
    "max_parallel_workers_per_gather": 2,
    "fsync": "off",
    "jit": "off",
}
SUBDIVIDED = "CREATE TABLE {name}_parts AS SELECT id, ST_Subdivide(geom, {parts}) AS geom FROM {name}"
AREAS = """
    SELECT sum(part) FROM (
        SELECT z.id AS zone, c.id AS cover, sum(
            CASE WHEN ST_CoveredBy(z.geom, c.geom) THEN ST_Area(z.geom)
                 ELSE ST_Area(ST_Intersection(z.geom, c.geom)) END) AS part
        FROM zones_parts z JOIN covers_parts c ON ST_Intersects(z.geom, c.geom) GROUP BY z.id, c.id) AS pairs
"""


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server that Debian installed, None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextlib.contextmanager
def server() -> Iterator[psycopg.Connection]:
    """Start a cluster in a temporary folder, yield a connection, stop it by its process id."""
    folder = Path(tempfile.mkdtemp(prefix="banc-"))
    as_user = {"user": "postgres", "cwd": folder} if os.geteuid() == 0 else {"cwd": folder}
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    data = folder / "data"
    binaries = programs()
    subprocess.run([binaries / "initdb", "-D", data, "-A", "trust", "-U", "postgres"], check=True, **as_user, **quiet)
    options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    process = subprocess.Popen([binaries / "postgres", "-D", data, "-k", folder, *options], **as_user, **quiet)
    try:
        with _connected(process) as connection:
            yield connection
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def _connected(process: subprocess.Popen[bytes]) -> psycopg.Connection:
    """Return a connection to the server, as soon as it answers."""
    for _ in range(100):
        try:
            return psycopg.connect(host="127.0.0.1", port=PORT, user="postgres", autocommit=True)
        except psycopg.OperationalError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise SystemExit("the PostgreSQL server does not start")


def measured(zones: gpd.GeoDataFrame, cover: gpd.GeoDataFrame, parts: int, limit_s: float) -> tuple[float, dict]:
    """Return the total of shared areas, the seconds of each step, and the peak memory of the server's session."""
    with server() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION postgis")
        for name, layer in (("zones", zones), ("covers", cover)):
            cursor.execute(f"CREATE TABLE {name}(id int, geom geometry)")
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                for row in enumerate(shapely.to_wkb(layer.geometry.to_numpy(), hex=True)):
                    copy.write_row(row)
            cursor.execute(f"ANALYZE {name}")
        cursor.execute(f"SET statement_timeout = {round(limit_s * 1000)}")
        start = time.perf_counter()
        for name in ("zones", "covers"):
            cursor.execute(SUBDIVIDED.format(name=name, parts=parts))
            cursor.execute(f"CREATE INDEX ON {name}_parts USING gist (geom)")
            cursor.execute(f"ANALYZE {name}_parts")
        middle = time.perf_counter()
        [total] = cursor.execute(AREAS).fetchone()
        end = time.perf_counter()
        memory = Path(f"/proc/{connection.info.backend_pid}/status").read_text()
        [peak] = [int(line.split()[1]) / 1024 for line in memory.splitlines() if line.startswith("VmHWM")]
    return float(total), {"subdivision": middle - start, "measure": end - middle, "server_mib": peak}
