"""Which analyses there are: the declarations shipped with the plugin, or fresher ones from the engine."""

import json
from pathlib import Path

from qgis.core import QgsApplication

SHIPPED = Path(__file__).parent / "declarations.json"


def cached_path():
    """Return where the declarations of the engine are kept in the profile."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "territoire_sig" / "declarations.json"


def load_catalogue(protocol):
    """Return the declarations: those fetched from an engine that speaks `protocol`, else the shipped ones."""
    fetched = _read(cached_path())
    if fetched is not None and fetched.get("protocol") == protocol:
        return fetched
    return _read(SHIPPED)


def save_catalogue(content):
    """Keep the declarations that the engine gave; return whether they differ from those in force."""
    path = cached_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    changed = _read(path) != content if path.is_file() else _read(SHIPPED) != content
    draft = path.with_name(path.name + ".partiel")
    draft.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)
    return changed


def _read(path):
    """Return the content of a file; None where it is absent, or was damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(content, dict) and {"analyses", "rules", "policies", "roles"} <= set(content)
    return content if whole else None


def plugin_version():
    """Return the version of the plugin, which is that of the library it speaks with."""
    text = (Path(__file__).parent / "metadata.txt").read_text(encoding="utf-8")
    return next(line.partition("=")[2].strip() for line in text.splitlines() if line.startswith("version="))
