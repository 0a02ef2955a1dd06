"""Asking the worker as QGIS does: another process, one request, JSON lines."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

from territoire_sig.worker.channel import Channel
from territoire_sig.worker.serve import serve

COMMAND = [sys.executable, "-I", "-X", "utf8", "-m", "territoire_sig.worker"]


def zoning_request(folder: Path, out: Path, **changed):
    """Return a request for ``zoning_fixed_coverage`` on the drawn territory."""
    return {
        "protocol": 1,
        "op": "analyse",
        "analysis": "zoning_fixed_coverage",
        "name": "Deux Carrés",
        "out": str(out),
        "units": {"file": str(folder / "communes.gpkg"), "code": "insee", "label": "nom", "level": "commune"},
        "inputs": {
            "zonage": [{"file": str(folder / "zonage.gpkg")}],
            "couverture_fixe": {"file": str(folder / "fibre.csv")},
        },
    } | changed


def here(request, source=b""):
    """Serve a request in this process; return the exit code and the events."""
    stream = io.StringIO()
    text = request if isinstance(request, bytes) else json.dumps(request).encode()
    code = serve(text, io.BytesIO(source), Channel(stream))
    return code, [json.loads(line) for line in stream.getvalue().splitlines()]


def apart(request, **environment):
    """Serve a request in a process of its own; return the exit code, the events and the standard error."""
    text = request if isinstance(request, bytes) else json.dumps(request).encode() + b"\n"
    done = subprocess.run(COMMAND, input=text, capture_output=True, check=False, env=os.environ | environment)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def of(events, kind):
    """Return the events of one kind."""
    return [event for event in events if event["event"] == kind]
