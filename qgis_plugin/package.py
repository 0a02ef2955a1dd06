"""Build the zip of the plugin, the same byte for byte from the same sources: ``make plugin``.

    python qgis_plugin/package.py [FOLDER]

It holds the plugin, and in ``wheels/`` the library as a pure-Python wheel, from which an engine can be made where
there is no network (with a folder of the wheels that it needs). Only files that git follows go in.
"""

import configparser
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLUGIN = ROOT / "qgis_plugin" / "territoire_sig_qgis"
#: Date of every file of the archives: what they hold does not hang on the day.
EPOCH, DATE = "1580601600", (2020, 2, 2, 0, 0, 0)


def build(folder: Path) -> Path:
    """Write ``territoire_sig_qgis-<version>.zip`` into `folder`, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{PLUGIN.name}-{_version()}.zip"
    with tempfile.TemporaryDirectory() as temporary:
        wheel = _wheel(Path(temporary))
        files = {f"{PLUGIN.name}/{path.relative_to(PLUGIN).as_posix()}": path for path in _followed()}
        files[f"{PLUGIN.name}/wheels/{wheel.name}"] = wheel
        with zipfile.ZipFile(target, "w") as archive:
            for name in sorted(files):
                archive.writestr(_entry(name), files[name].read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return target


def _version() -> str:
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(PLUGIN / "metadata.txt", encoding="utf-8")
    return metadata["general"]["version"]


def _followed() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z", str(PLUGIN)], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def _wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH})
    [wheel] = folder.glob("*-py3-none-any.whl")
    return wheel


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, DATE)
    entry.external_attr = 0o100644 << 16
    entry.create_system = 3
    return entry


if __name__ == "__main__":
    print(build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "dist")))  # noqa: T201
