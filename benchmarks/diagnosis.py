"""Time and peak memory of whole diagnoses, each in a process of its own.

python benchmarks/diagnosis.py            the sample, then Grenoble and Est Ensemble where their data are
python benchmarks/diagnosis.py --demo     the sample into demo/, and where its report is
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "sample" / "territoire.toml"
REAL = {"Grenoble-Alpes Métropole": ("grenoble.toml", 60.0), "Est Ensemble": ("est_ensemble.toml", 60.0)}
MEMORY_BAR_GIB = 1.5


@dataclass(frozen=True)
class Run:
    """Wall-clock seconds, peak resident memory in GiB, exit code."""

    seconds: float
    peak_gib: float
    code: int


def run(territory: Path, output: Path, *options: str) -> Run:
    """Run ``territoire-sig diagnostic`` and measure the process from outside."""
    command = [
        sys.executable,
        "-m",
        "territoire_sig.cli",
        "diagnostic",
        str(territory),
        "--output",
        str(output),
        *options,
    ]
    started = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    return Run(time.perf_counter() - started, usage.ru_maxrss / 2**20, os.waitstatus_to_exitcode(status))


def told(name: str, measured: Run, bar_s: float) -> bool:
    """Print a line, and tell whether the bar is held."""
    held = measured.code == 0 and measured.seconds <= bar_s and measured.peak_gib <= MEMORY_BAR_GIB
    verdict = "tenu / held" if held else "NON TENU / NOT HELD"
    time_shown = f"{measured.seconds:6.1f} s (≤ {bar_s:.0f} s)"
    print(f"{name:<28} {time_shown}   {measured.peak_gib:5.2f} GiB (≤ {MEMORY_BAR_GIB} GiB)   {verdict}")
    return held


def main() -> int:
    """Run what is asked for; the exit code tells whether every bar is held."""
    demo = "--demo" in sys.argv[1:]
    output = ROOT / "demo"
    if demo:
        held = told("data/sample", run(SAMPLE, output), 20.0)
        print(f"\nRapport / report : {output / 'rapport.html'}\nQGIS             : {output / 'diagnostic.gpkg'}")
    else:
        held = True
        with tempfile.TemporaryDirectory() as folder:
            held &= told("data/sample", run(SAMPLE, Path(folder) / "sample", "--quiet"), 20.0)
    if (ROOT.parent / "shared" / "data").is_dir():
        with tempfile.TemporaryDirectory() as folder:
            for name, (file, bar_s) in REAL.items():
                held &= told(name, run(ROOT / "tests" / "real" / file, Path(folder) / file, "--quiet"), bar_s)
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
