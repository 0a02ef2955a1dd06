"""Real windows of QGIS, driven and pictured: ``python3 tests_qgis/windows [fr en]``, into ``docs/images``.

Needs ``qgis`` and ``xvfb-run``; the engine is the one of ``TERRITOIRE_SIG_PYTHON``, or ``.venv``.
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


def main(languages):
    """Picture the windows in each language; return the exit code."""
    for language in languages or ["fr", "en"]:
        with tempfile.TemporaryDirectory(prefix="territoire_", dir="/var/tmp") as place:
            profile, sample = Path(place) / "profil", Path(place) / "exemple"
            _speak(profile, language)
            shutil.copytree(str(ROOT / "data" / "sample"), str(sample))
            engine = Path(os.environ.get("TERRITOIRE_SIG_PYTHON", str(ROOT / ".venv" / "bin" / "python")))
            (Path(place) / "moteur").symlink_to(engine.parents[1])
            environment = dict(
                os.environ,
                QGIS_PLUGINPATH=str(ROOT / "qgis_plugin"),
                TERRITOIRE_IMAGES=str(ROOT / "docs" / "images"),
                TERRITOIRE_LANGUAGE=language,
                XDG_RUNTIME_DIR=place,
                TERRITOIRE_DEMO=str(sample / "territoire_demo.qgz"),
                TERRITOIRE_SIG_PYTHON=str(Path(place) / "moteur" / "bin" / "python"),
                PATH="/usr/bin:/bin",  # QGIS takes the first python3 for its own
            )
            environment.pop("QT_QPA_PLATFORM", None)
            command = ["xvfb-run", "-a", "-s", "-screen 0 1400x900x24", "qgis", "--nologo", "--noversioncheck"]
            command += ["--profiles-path", str(profile), "--code", str(HERE / "scene.py")]
            code = _run(command, environment)
            if code:
                return code
    return 0


def _speak(profile, language):
    """Write the settings of a profile in this language."""
    folder = profile / "profiles" / "default" / "QGIS"
    folder.mkdir(parents=True)
    text = f"[locale]\noverrideFlag=true\nuserLocale={language}\n"
    (folder / "QGIS3.ini").write_text(text, encoding="utf-8")


def _run(command, environment):
    """Run QGIS to its end; when it hangs, end it with the screen that it had."""
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        return process.wait(150)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
