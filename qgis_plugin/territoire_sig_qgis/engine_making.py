"""Making an engine: a virtual environment in the profile of QGIS, the library installed in it by pip.

From the package index, through QGIS's proxy, or from a folder of wheels where there is no network.
"""

import re
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from qgis.core import Qgis, QgsMessageLog, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QProcess
from qgis.PyQt.QtNetwork import QNetworkProxy

from .engine import LOG, EngineCancelled, ask, clean_environment
from .engine_place import UNDER_WAY, EngineError, interpreter_of, is_whole, managed_home
from .files import unwritable
from .words import translate

#: Wheels that the plugin's package may bring: the library itself, which is pure Python.
SHIPPED = Path(__file__).parent / "wheels"
OLDEST = (3, 11)
_PROBE = "import sys, venv, ensurepip; print(*sys.version_info[:2])"
_POLL_MS = 100
_PROBE_MS = 10_000


@dataclass(frozen=True)
class Plan:
    """What to make: from which Python, of which version, from which folder of wheels (none: from the index)."""

    base: str
    version: str
    wheels: str = ""

    @property
    def folder(self):
        """Where the environment will stand."""
        return managed_home() / f"venv-{self.version}"

    @property
    def former(self):
        """Where the engine of this version waits, and still serves, while another is made in its place."""
        return self.folder.with_name(self.folder.name + ".ancien")


def base_pythons():
    """Return the interpreters of this machine from which an environment may be made; none is started."""
    names = [f"python3.{minor}" for minor in (14, 13, 12, 11)] + ["python3", "python"]
    found = [shutil.which(name) for name in names]
    root = Path(sys.prefix).parent
    found += [str(path) for path in sorted(root.glob("Python3*/python.exe"), reverse=True)]
    own = getattr(sys, "_base_executable", "") or ""
    if re.fullmatch(r"python[0-9.]*(\.exe)?", Path(own).name):
        found.append(own)
    known = {}
    for path in filter(None, found):
        known.setdefault(str(Path(path).resolve()), path)
    return list(known.values())


def make_engine(plan, feedback):
    """Make the environment of `plan` and return what its engine says of itself.

    One that fails is taken away, and the engine that was there before is put back.

    Raises EngineError with what is wrong and the mend; EngineCancelled when the user cancels.
    """
    _check_base(plan.base)
    try:
        _set_aside(plan)
        versions = _filled(plan, feedback)
    except OSError as error:
        raise EngineError(unwritable(plan.folder, error.strerror or error)) from error
    finally:
        _settle(plan)
    feedback.setProgress(100)
    return versions


def _set_aside(plan):
    """Leave the folder of `plan` free, the engine in it moved."""
    if is_whole(plan.folder):
        shutil.rmtree(str(plan.former), ignore_errors=True)
        plan.folder.rename(plan.former)
    shutil.rmtree(str(plan.folder), ignore_errors=True)


def _filled(plan, feedback):
    """Make the environment and install the library; it is no engine before it has answered."""
    folder, python = plan.folder, str(interpreter_of(plan.folder))
    folder.mkdir(parents=True)
    (folder / UNDER_WAY).touch()
    feedback.setProgressText(translate("TerritoireSig", "making the environment"))
    _run(plan.base, ["-I", "-m", "venv", str(folder)], feedback, (2, 15))
    feedback.setProgressText(translate("TerritoireSig", "installing the library"))
    _run(python, ["-I", "-m", "pip", *pip_arguments(plan)], feedback, (15, 90))
    feedback.setProgressText(translate("TerritoireSig", "testing the engine"))
    versions = ask("handshake", feedback, python=python).result
    (folder / UNDER_WAY).unlink()
    return versions


def _settle(plan):
    """Keep one of both: the engine just made where it is whole, else the former one, put back."""
    if is_whole(plan.folder):
        shutil.rmtree(str(plan.former), ignore_errors=True)
        return
    shutil.rmtree(str(plan.folder), ignore_errors=True)
    with suppress(OSError):  # a file still held: the former one serves from where it waits
        plan.former.rename(plan.folder)


def pip_arguments(plan):
    """Return what pip is asked for; offline, it looks in the folder of wheels and nowhere else."""
    arguments = ["install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    if plan.wheels:
        arguments += ["--no-index", "--find-links", plan.wheels]
    if SHIPPED.is_dir():
        arguments += ["--find-links", str(SHIPPED)]
    return [*arguments, f"territoire-sig=={plan.version}"]


def proxy_address(proxy):
    """Return the address of a proxy as pip reads it, empty where there is none."""
    kinds = {QNetworkProxy.ProxyType.HttpProxy: "http", QNetworkProxy.ProxyType.Socks5Proxy: "socks5h"}
    scheme = kinds.get(proxy.type())
    if scheme is None or not proxy.hostName():
        return ""
    login = ""
    if proxy.user():
        login = "{}:{}@".format(quote(proxy.user(), safe=""), quote(proxy.password(), safe=""))
    return f"{scheme}://{login}{proxy.hostName()}:{proxy.port()}"


def making_environment():
    """Return the clean environment, with QGIS's proxy handed over; a password goes there, never on a command line."""
    environment = clean_environment()
    manager = QgsNetworkAccessManager.instance()
    address = proxy_address(manager.fallbackProxy())
    if address:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            environment.insert(name, address)
        environment.insert("NO_PROXY", ",".join([*manager.excludeList(), "localhost", "127.0.0.1"]))
    return environment


def _check_base(base):
    """Refuse a Python that is too old, or that cannot make an environment."""
    process = _started(base, ["-I", "-c", _PROBE])
    process.waitForFinished(_PROBE_MS)
    said = bytes(process.readAllStandardOutput()).decode("utf-8", "replace").split()
    version = tuple(int(part) for part in said if part.isdigit())
    if version >= OLDEST:
        return
    if version:
        raise EngineError(
            translate(
                "TerritoireSig",
                "{base} is Python {found}, and version 3.11 or later is needed.\n"
                "Mend: install a later Python, and choose it.",
            ).format(base=base, found=".".join(map(str, version)))
        )
    why = bytes(process.readAllStandardError()).decode("utf-8", "replace").strip().splitlines()[-1:]
    raise EngineError(
        translate(
            "TerritoireSig",
            "{base} cannot make an environment: {why}\n"
            "Mend: choose another Python; on Debian and Ubuntu, install the package python3-venv.",
        ).format(base=base, why=why[0] if why else process.errorString())
    )


def _started(program, arguments):
    process = QProcess()
    process.setProcessEnvironment(making_environment())
    process.start(program, arguments)
    if process.waitForStarted(_PROBE_MS):
        return process
    raise EngineError(
        translate("TerritoireSig", "“{program}” does not start: {why}.\nMend: choose another Python.").format(
            program=program, why=process.errorString()
        )
    )


def _run(program, arguments, feedback, shares):
    """Run a program to its end, each line that it prints told; its errors go to the log of QGIS."""
    process = _started(program, arguments)
    lines, first, last = [], *shares
    try:
        while True:
            if feedback.isCanceled():
                raise EngineCancelled(translate("TerritoireSig", "Cancelled: nothing was installed."))
            process.waitForReadyRead(_POLL_MS)
            running = process.state() != QProcess.ProcessState.NotRunning
            printed = bytes(process.readAllStandardOutput()) + bytes(process.readAllStandardError())
            for line in printed.decode("utf-8", "replace").splitlines():
                if line.strip():
                    lines.append(line.strip())
                    feedback.pushInfo(line.strip())
                    feedback.setProgress(last - (last - first) * 0.98 ** len(lines))
            if not running:
                break
    finally:
        if process.state() != QProcess.ProcessState.NotRunning:
            process.kill()
            process.waitForFinished(5_000)
    if process.exitStatus() != QProcess.ExitStatus.NormalExit or process.exitCode() != 0:
        QgsMessageLog.logMessage("\n".join(lines), LOG, Qgis.MessageLevel.Warning, False)
        raise EngineError(_failed(lines))


def _failed(lines):
    errors = [line for line in lines if line.lower().startswith("error")] or lines[-1:]
    return translate(
        "TerritoireSig",
        "The installation of the engine failed: {why}\n"
        "Mend: check the network and QGIS's proxy (Settings › Options › Network), or give a complete folder of wheels "
        "(.whl). All that pip said is in the log “{log}”.",
    ).format(why=errors[-1] if errors else "-", log=LOG)
