"""Real windows of QGIS, driven and pictured, into ``docs/images``: ``python3 tests_qgis/windows [3.22|3.40] [fr en]``.

Needs ``xvfb-run``, and for 3.22 the ``qgis`` of this machine; 3.40 (or 3.44) runs in its folder of Debian 13
(``.ci/qgis-folder``, by root) on the screen of this machine. The engine is the one of ``.venv``.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SCREEN = ["xvfb-run", "-a", "-s", "-screen 0 1720x960x24 -ac"]
OWN = "3.22"


def main(asked):
    """Picture the windows in each language; return the exit code."""
    version = next((word for word in asked if word[0].isdigit()), OWN)
    root = Path("/") if version == OWN else _folder(version)
    for language in [word for word in asked if word.isalpha()] or ["fr", "en"]:
        # Not in /tmp, where QGIS marks every layer as temporary.
        with tempfile.TemporaryDirectory(prefix="territoire_", dir=str(root / "var" / "tmp")) as place:
            seen = Path("/") / Path(place).relative_to(root)
            _speak(Path(place) / "profil", language)
            shutil.copytree(str(ROOT / "data" / "sample"), str(Path(place) / "exemple"))
            _engine(Path(place) / "moteur" / "bin" / "python", version)
            code = _run(_command(version, _environment(version, language, seen), seen))
            if code:
                return code
        _lighten(sorted(_images(version).glob(f"*_{language}.png")))
    return 0


def _images(version):
    """Return the folder of the pictures of a version."""
    images = ROOT / "docs" / "images"
    return images if version == OWN else images / f"qgis_{version}"


def _lighten(pictures):
    """Keep 256 colours of each picture, a third of its size."""
    command = [str(ROOT / ".venv" / "bin" / "python"), str(HERE / "lighten.py"), *map(str, pictures)]
    subprocess.run(command, check=True)


def _folder(version):
    """Return the folder of this version, made if need be."""
    script = ["bash", str(ROOT / ".ci" / "qgis-folder"), version]
    return Path(subprocess.run(script, stdout=subprocess.PIPE, text=True, check=True).stdout.strip())


def _speak(profile, language):
    """Write the settings of a profile in this language."""
    folder = profile / "profiles" / "default" / "QGIS"
    folder.mkdir(parents=True)
    text = f"[locale]\noverrideFlag=true\nuserLocale={language}\n"
    (folder / "QGIS3.ini").write_text(text, encoding="utf-8")


def _engine(python, version):
    """Put the engine where its path reads well in the pictures."""
    python.parent.mkdir(parents=True)
    way = "" if version == OWN else "on-machine "
    python.write_text(f'#!/bin/sh\nexec {way}"{ROOT}/.venv/bin/python" "$@"\n', encoding="utf-8")
    python.chmod(0o755)


def _environment(version, language, place):
    """Return what QGIS and the scene are told."""
    return {
        "QGIS_PLUGINPATH": str(ROOT / "qgis_plugin"),
        "TERRITOIRE_IMAGES": str(_images(version)),
        "TERRITOIRE_LANGUAGE": language,
        "TERRITOIRE_DEMO": str(place / "exemple" / "territoire_demo.qgz"),
        "TERRITOIRE_SIG_PYTHON": str(place / "moteur" / "bin" / "python"),
        "XDG_RUNTIME_DIR": str(place),
        "QT_QPA_PLATFORM": "xcb",
        # QGIS takes the first python3 for its own; the engine of a folder is reached by a command of it.
        "PATH": "/usr/bin:/bin" if version == OWN else "/usr/local/bin:/usr/sbin:/usr/bin:/bin",
    }


def _command(version, environment, place):
    """Return the command that starts QGIS on a screen of its own."""
    inside = [] if version == OWN else ["bash", str(ROOT / ".ci" / "qgis-in"), version]
    told = ["env", *(f"{name}={value}" for name, value in environment.items())]
    qgis = ["qgis", "--nologo", "--noversioncheck", "--profiles-path", str(place / "profil")]
    return [*SCREEN, *inside, *told, *qgis, "--code", str(HERE / "scene.py")]


def _run(command):
    """Run QGIS to its end; when it hangs, end it with the screen that it had."""
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        return process.wait(240)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
