"""The overlay engine beside the others, on the same layers, in one go.

python benchmarks/overlay [--scale 1.0] [--repeat 1] [--limit 300] [--write] [--only coverage hazard …]

Each engine measures in a process of its own, which is ended after the limit. Answers must agree to 1e-9. ``--write``
puts the table, with its date and the machine, in docs/explication/performance.md.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "explication" / "performance.md"
MARKS = ("<!-- table -->", "<!-- /table -->")
AGREEMENT = 1e-9
EXTRA_MIB = 2_048
AT_ONCE = 1.5
PACE = 1.5
OURS = "territoire_sig"


@dataclass(frozen=True)
class Workload:
    """What is measured: a title, the engines beside ours, and the ratio to reach for each."""

    title: str
    engines: tuple[str, ...]
    bars: dict[str, float] = field(default_factory=dict)
    same_answer: bool = True


AREAS = ("geopandas", "duckdb_given", "duckdb", "sedonadb", "postgis", "qgis")
WORKLOADS = {
    "coverage": Workload("zones × couvertures", AREAS, {"geopandas": 100, "qgis": 100, "postgis": 5, "sedonadb": 2.5}),
    "hazard": Workload("zones × aléas", AREAS, {"geopandas": 4, "postgis": 3}),
    "union": Workload("zones × aléas, recouvrements comptés une fois", ("geopandas",), {"geopandas": 1}),
    "partition": Workload("partition des zones par les aléas", ("geopandas",), {"geopandas": 5}, same_answer=False),
    "crosstab": Workload("croisement de 4 couvertures", ()),
    "lines": Workload("longueur de lignes dans les aléas", ("geopandas",), {"geopandas": 1}),
    "points": Workload("points par zone", ("geopandas",), {"geopandas": 1}),
    "raster": Workload("moyenne d'un raster par zone", ("geopandas",), {"geopandas": 1}, same_answer=False),
    "growth-1": Workload("zones × couvertures, 1 M de sommets de couverture", ()),
    "growth-5": Workload("zones × couvertures, 5 M de sommets de couverture", ()),
    "growth-20": Workload("zones × couvertures, 20 M de sommets de couverture", ()),
}
NAMES = {
    "geopandas": "geopandas",
    "duckdb_given": "DuckDB spatial, polygones tels quels",
    "duckdb": "DuckDB spatial, polygones subdivisés",
    "sedonadb": "SedonaDB, polygones subdivisés",
    "postgis": "PostGIS, `ST_Subdivide` + GiST + `ST_CoveredBy`",
    "qgis": "QGIS `native:intersection`",
}
OTHER_NAMES = {
    ("partition", "geopandas"): 'geopandas `overlay(how="identity")`',
    ("lines", "geopandas"): "geopandas `clip` + `groupby`",
    ("points", "geopandas"): "geopandas `sjoin` + `groupby`",
    ("raster", "geopandas"): "rasterstats",
}


@dataclass(frozen=True)
class Run:
    """One measure: its answer and steps, its peak memory, or why there is none."""

    answer: float | None
    steps: dict[str, float]
    peak_mib: float
    missing: str = ""
    waited_s: float = 0.0

    @property
    def seconds(self) -> float:
        """Seconds of the measure, subdivision included."""
        return self.steps.get("subdivision", 0.0) + self.steps["measure"]


def absent(engine: str) -> str:
    """Return why an engine cannot run on this machine, or nothing."""
    wheels = {"duckdb": "duckdb", "duckdb_given": "duckdb", "sedonadb": "sedonadb", "postgis": "psycopg"}
    if engine in wheels and importlib.util.find_spec(wheels[engine]) is None:
        return "absent : pip install --group bench"
    if engine == "postgis" and not list(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        return "absent : apt-get install postgresql-15-postgis-3"
    if engine == "qgis":
        known = subprocess.run(["/usr/bin/python3", "-c", "import qgis.core"], check=False, capture_output=True)
        return "" if known.returncode == 0 else "absent : apt-get install python3-qgis"
    return ""


def run(engine: str, workload: str, scale: float, limit_s: float) -> Run:
    """Measure in a process of its own; end it, and what it started, past the limit."""
    if why := absent(engine):
        return Run(None, {}, 0.0, why)
    command = [sys.executable, HERE / "engines.py", engine, workload, "--scale", str(scale), "--limit", str(limit_s)]
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=output, stderr=errors, start_new_session=True)
        status, usage, late = _awaited(process, limit_s + 20)
        output.seek(0)
        errors.seek(0)
        said = errors.read()
        if late or "QueryCanceled" in said or "statement timeout" in said:
            return Run(None, {}, 0.0, f"non terminé après {limit_s:.0f} s", limit_s)
        if os.waitstatus_to_exitcode(status):
            return Run(None, {}, 0.0, f"erreur : {said.strip().splitlines()[-1] if said.strip() else 'arrêt'}")
        found = json.loads(output.read().splitlines()[-1])
    peak = found["steps"].pop("server_mib", usage.ru_maxrss / 1024)
    return Run(found["answer"], found["steps"], peak)


def _awaited(process: subprocess.Popen[bytes], limit_s: float) -> tuple[int, object, bool]:
    """Wait for a process, with its use of resources; past the limit, end its own session."""
    end, late = time.monotonic() + limit_s, False
    while True:
        found, status, usage = os.wait4(process.pid, os.WNOHANG)
        if found:
            process.returncode = os.waitstatus_to_exitcode(status)
            return status, usage, late
        if time.monotonic() > end and not late:
            late = True
            os.killpg(process.pid, signal.SIGKILL)
        time.sleep(0.02)


def compared(name: str, scale: float, repeat: int, limit_s: float) -> dict[str, list[Run]]:
    """Measure a workload by every engine, ours first in each round; one that does not finish is not run again.

    An engine that we must be 100 times as fast as is waited for that long, even past the limit.
    """
    found: dict[str, list[Run]] = {}
    for turn in range(repeat):
        for engine in (OURS, *WORKLOADS[name].engines):
            if turn and found[engine][-1].missing:
                continue
            own = found[OURS][0].seconds if engine != OURS and found[OURS][0].answer is not None else 0.0
            patience = max(limit_s, 1.05 * own * WORKLOADS[name].bars.get(engine, 0.0))
            found.setdefault(engine, []).append(run(engine, name, scale, patience))
            last = found[engine][-1]
            print(f"  {name:<10} {engine:<15} {last.missing or f'{last.seconds:8.2f} s'}", file=sys.stderr, flush=True)
    return found


def rows(name: str, found: dict[str, list[Run]], faults: list[str]) -> Iterator[str]:
    """Yield the lines of the table for a workload; what disagrees or misses its bar goes to `faults`."""
    workload, ours = WORKLOADS[name], found[OURS]
    if ours[0].answer is None:
        faults.append(f"{name}: {ours[0].missing}")
        return
    own = statistics.median(one.seconds for one in ours)
    for engine, runs in found.items():
        title = OURS if engine == OURS else OTHER_NAMES.get((name, engine), NAMES[engine])
        head = f"| {workload.title} | {f'**{title}**' if engine == OURS else title}"
        if runs[0].missing:
            waited = runs[0].waited_s / own
            yield f"{head} | {runs[0].missing} | {f'> {waited:.0f} ×' if waited else ''} | |"
            _judge(name, engine, waited or None, faults)
            continue
        seconds = statistics.median(one.seconds for one in runs)
        cut = runs[0].steps.get("subdivision")
        shown = f"{seconds:.2f} s" + (f" (dont {cut:.2f} de découpe)" if cut else "")
        ratio = "1" if engine == OURS else f"{seconds / own:.1f} ×"
        peak = f"{max(one.peak_mib for one in runs):,.0f}".replace(",", " ")
        yield f"{head} | {shown} | {ratio} | {peak} Mio |"
        gap = abs(runs[0].answer / ours[0].answer - 1) if workload.same_answer and ours[0].answer else 0.0
        if gap > AGREEMENT:
            faults.append(f"{name}: {engine} = {runs[0].answer!r}, territoire_sig = {ours[0].answer!r}")
        if engine != OURS:
            _judge(name, engine, seconds / own, faults)


def _judge(name: str, engine: str, ratio: float | None, faults: list[str]) -> None:
    """Tell a ratio under its bar."""
    bar = WORKLOADS[name].bars.get(engine)
    if bar is not None and ratio is not None and ratio < bar:
        faults.append(f"{name}: {ratio:.1f} × {engine}, attendu {bar:g} ×")


def growth(found: dict[str, dict[str, list[Run]]], faults: list[str]) -> Iterator[str]:
    """Yield the time per vertex and the memory beyond the inputs at each size, and the cost of four covers at once."""
    paces = []
    for name, runs in found.items():
        first = runs[OURS][0]
        if first.answer is None:
            continue
        if "vertices" in first.steps:
            pace = statistics.median(one.seconds for one in runs[OURS]) / first.steps["vertices"] * 1e6
            extra = max(one.steps["extra_mib"] for one in runs[OURS])
            size = f"{first.steps['vertices'] / 1e6:.1f} M de sommets en tout"
            yield f"- {size} : {pace:.2f} µs par sommet, {extra:.0f} Mio au-delà des couches."
            paces.append(pace)
            if extra > EXTRA_MIB:
                faults.append(f"{name}: {extra:.0f} Mio au-delà des couches, attendu {EXTRA_MIB}")
        if "singles" in first.steps:
            ratio = statistics.median(one.seconds / one.steps["singles"] for one in runs[OURS])
            gap = max(one.steps["gap"] for one in runs[OURS])
            yield f"- Quatre couvertures croisées : {ratio:.1f} fois la somme des quatre seules ; écart {gap:.0e}."
            if ratio > AT_ONCE or gap > AGREEMENT:
                faults.append(
                    f"{name}: {ratio:.2f} fois les seules, écart {gap:.0e}, attendu {AT_ONCE:g} et {AGREEMENT}"
                )
    if paces and max(paces) > PACE * paces[0]:
        faults.append(f"growth: {max(paces) / paces[0]:.2f} fois le temps par sommet, attendu {PACE:g}")


def machine() -> str:
    """Return what tells this machine: processor, cores, memory, system."""
    info = Path("/proc/cpuinfo")
    models = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = models[0] if models else platform.processor()
    return f"{model}, {os.cpu_count()} cœurs, {memory:.0f} Gio, {platform.system()}, Python {platform.python_version()}"


def table(found: dict[str, dict[str, list[Run]]], options: argparse.Namespace, faults: list[str]) -> str:
    """Return the table, with its date and the machine."""
    lines = [
        f"Mesuré le {datetime.date.today():%d/%m/%Y} ({machine()} ; échelle {options.scale:g}, "
        f"médiane de {options.repeat}, limite {options.limit:.0f} s par moteur).",
        "",
        "| mesure | moteur | temps | rapport au nôtre | mémoire au plus haut |",
        "|---|---|---|---|---|",
    ]
    for name, runs in found.items():
        lines += rows(name, runs, faults)
    notes = list(growth(found, faults))
    return "\n".join([*lines, *([""] if notes else []), *notes])


def main() -> int:
    """Run the workloads, print the table; the exit code tells whether the answers agree and the bars are held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--limit", type=float, default=300.0)
    parser.add_argument("--only", nargs="+", choices=WORKLOADS, default=list(WORKLOADS))
    parser.add_argument("--no-bars", action="store_true", help="tell no ratio under its bar (small scales)")
    parser.add_argument("--write", action="store_true", help=f"put the table in {PAGE.name}")
    options = parser.parse_args()
    found = {name: compared(name, options.scale, options.repeat, options.limit) for name in options.only}
    faults: list[str] = []
    text = table(found, options, faults)
    print(text)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        start, end = page.index(MARKS[0]) + len(MARKS[0]), page.index(MARKS[1])
        PAGE.write_text(f"{page[:start]}\n{text}\n{page[end:]}", encoding="utf-8")
    if options.no_bars:
        faults = [fault for fault in faults if "attendu" not in fault]
    print(*faults, sep="\n", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
