"""Which analyses there are: the declarations shipped with the plugin, or those of an engine as recent."""

import json
import re
from functools import lru_cache
from pathlib import Path

from qgis.core import QgsApplication

from .engine import PROTOCOL, ask
from .engine_place import EngineError
from .files import drafted, unwritable

SHIPPED = Path(__file__).parent / "declarations.json"


def cached_path():
    """Return where the declarations of the engine are kept in the profile."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "territoire_sig" / "declarations.json"


def load_catalogue(protocol):
    """Return the declarations: those of an engine that speaks `protocol`, unless the shipped ones are newer."""
    fetched = _read(cached_path())
    if fetched is not None and fetched.get("protocol") == protocol and not _outdated(fetched):
        return fetched
    return _read(SHIPPED)


@lru_cache(maxsize=1)
def current_catalogue():
    """Return the declarations in force, read once and again after each :func:`fetch_catalogue`."""
    return load_catalogue(PROTOCOL)


def fetch_catalogue(feedback=None, python=""):
    """Have the engine give its declarations, and keep them; return them, and whether those in force change.

    The engine is the one found, or the one behind the interpreter `python`.
    """
    answer = ask("declarations", feedback, python=python).result
    declared = {key: value for key, value in answer.items() if key != "event"}
    before = load_catalogue(PROTOCOL)
    _keep(declared)
    current_catalogue.cache_clear()
    return declared, load_catalogue(PROTOCOL) != before


def plugin_version():
    """Return the version of the plugin, which is that of the library it speaks with."""
    text = (Path(__file__).parent / "metadata.txt").read_text(encoding="utf-8")
    return next(line.partition("=")[2].strip() for line in text.splitlines() if line.startswith("version="))


def _keep(content):
    path = cached_path()
    try:
        with drafted(path) as draft:
            draft.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        raise EngineError(unwritable(path, error.strerror or error)) from error


def _outdated(content):
    """Tell whether declarations come from a library older than this plugin."""
    return _numbers(str(content.get("library", ""))) < _numbers(plugin_version())


def _numbers(version):
    return [int(part) for part in re.findall(r"\d+", version)]


def _read(path):
    """Return the content of a file; None where it is absent, or was damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(content, dict) and {"analyses", "rules", "policies", "roles"} <= set(content)
    return content if whole else None
