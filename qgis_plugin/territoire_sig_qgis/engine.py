"""The one file that knows the engine: where its interpreter is, how it is started, how it speaks.

The engine is the territoire_sig library in a Python of its own, started for one request and ended with it. The
protocol is told in the documentation of the library (docs/explication/protocole_moteur.md).
"""

import json
import time
from dataclasses import dataclass, field

from qgis.core import Qgis, QgsMessageLog
from qgis.PyQt.QtCore import QIODevice, QProcess, QProcessEnvironment

from . import words
from .engine_place import Engine, EngineError, find_engine
from .words import translate

PROTOCOL = 1
LOG = "Territoire SIG"
COMMAND = ["-I", "-X", "utf8", "-m", "territoire_sig.worker"]
#: What QGIS sets for its own Python, Qt, PROJ and GDAL, and that would lead the engine astray.
FOREIGN = (
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONEXECUTABLE",
    "PYTHONSTARTUP",
    "PYTHONUSERBASE",
    "VIRTUAL_ENV",
    "__PYVENV_LAUNCHER__",
    "PROJ_LIB",
    "PROJ_DATA",
    "GDAL_DATA",
    "GDAL_DRIVER_PATH",
    "OGR_DRIVER_PATH",
    "QT_PLUGIN_PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "QGIS_PREFIX_PATH",
)
_START_MS = 15_000
_POLL_MS = 50
_LEAVE_MS = 200


class EngineCancelled(EngineError):
    """The user has cancelled: the engine was ended."""


@dataclass
class Answer:
    """What the engine said: its result, and the layers that it wrote."""

    result: dict = field(default_factory=dict)
    layers: list = field(default_factory=list)


def clean_environment():
    """Return the environment of QGIS without what belongs to its own Python, Qt, PROJ and GDAL."""
    environment = QProcessEnvironment.systemEnvironment()
    for name in FOREIGN:
        environment.remove(name)
    return environment


def ask(operation, feedback=None, python="", **request):
    """Have the engine do one operation, its progress and remarks told to `feedback`; return its Answer.

    The engine is the one found, or the one behind the interpreter `python`.

    Raises EngineError when the engine is absent, refuses or breaks; EngineCancelled when the user cancels.
    """
    engine = Engine(python, "") if python else find_engine()
    process = QProcess()
    process.setProcessEnvironment(clean_environment())
    process.start(engine.python, COMMAND, QIODevice.OpenModeFlag.ReadWrite)
    if not process.waitForStarted(_START_MS):
        raise EngineError(
            translate(
                "TerritoireSig",
                "The engine does not start ({python}): {why}.\nMend: check that this is the path of a Python.",
            ).format(python=engine.python, why=process.errorString())
        )
    content = {"protocol": PROTOCOL, "op": operation, "lang": words.language(), "watch": True, **request}
    process.write(json.dumps(content, ensure_ascii=False).encode("utf-8") + b"\n")
    try:
        return _listen(process, engine, feedback)
    finally:
        _end(process)


def _listen(process, engine, feedback):
    """Read lines until the engine ends; the standard error goes to the log of QGIS."""
    answer, refusal, rest, errors = Answer(), None, b"", b""
    while True:
        if feedback is not None and feedback.isCanceled():
            raise EngineCancelled(translate("TerritoireSig", "Cancelled: the engine is stopped."))
        process.waitForReadyRead(_POLL_MS)
        running = process.state() != QProcess.ProcessState.NotRunning
        errors += bytes(process.readAllStandardError())
        *lines, rest = (rest + bytes(process.readAllStandardOutput())).split(b"\n")
        for line in lines:
            refusal = _hear(line, answer, feedback) or refusal
        if not running:
            break
    if errors.strip():
        QgsMessageLog.logMessage(errors.decode("utf-8", "replace"), LOG, Qgis.MessageLevel.Info, False)
    if refusal is not None:
        raise EngineError(refusal["message"])
    if not answer.result:
        raise EngineError(_broken(process, engine, errors))
    return answer


def _hear(line, answer, feedback):
    """Take one line of the engine; return the event when it is an error."""
    try:
        event = json.loads(line.decode("utf-8"))
        kind = event["event"]
    except (ValueError, KeyError, TypeError):
        QgsMessageLog.logMessage(line.decode("utf-8", "replace"), LOG, Qgis.MessageLevel.Warning, False)
        return None
    if kind == "result":
        answer.result = event
    elif kind == "layer":
        answer.layers.append(event)
    elif kind == "error":
        return event
    elif feedback is not None:
        _tell(kind, event, feedback)
    return None


def _tell(kind, event, feedback):
    if kind == "progress":
        feedback.setProgress(100 * event["share"])
        feedback.setProgressText(event["message"])
    elif kind == "warning":
        feedback.pushWarning(event["message"])
    else:
        feedback.pushInfo(event["message"])


def _broken(process, engine, errors):
    """Return what to say of an engine that ended without an answer."""
    last = errors.decode("utf-8", "replace").strip().splitlines()[-1:] or [process.errorString()]
    if "No module named" in last[0]:
        return translate(
            "TerritoireSig",
            "The library territoire_sig is not installed in {python}.\n"
            "Mend: install it (pip install territoire-sig), or name another Python.",
        ).format(python=engine.python)
    return translate(
        "TerritoireSig",
        "The engine ended without an answer (code {code}): {why}\n"
        "Mend: run again; if it happens again, send the log “{log}” with a report.",
    ).format(code=process.exitCode(), why=last[0], log=LOG)


def _end(process):
    """End the engine: asked first, so that it tidies up, then forced; never left behind."""
    if process.state() == QProcess.ProcessState.NotRunning:
        return
    began = time.monotonic()
    process.terminate()
    if not process.waitForFinished(_LEAVE_MS):
        process.kill()
        process.waitForFinished(5_000)
    told = f"engine ended in {time.monotonic() - began:.2f} s"
    QgsMessageLog.logMessage(told, LOG, Qgis.MessageLevel.Info, False)
