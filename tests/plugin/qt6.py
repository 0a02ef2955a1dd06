"""What would break under Qt 6, found without QGIS: the stubs of the PyQt6 wheel say where each enumeration lives."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

MODULES = ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtXml", "QtSvg", "QtPrintSupport", "QtTest")
#: What QGIS's own PyQt keeps in its old place.
SHIMMED = {"QAction"}
GONE = {"exec_": "exec", "print_": "print", "QVariant()": "NULL"}


@dataclass
class Class:
    """A class of PyQt6: its bases, the names that it has, its enumerations by member."""

    module: str
    bases: list[str]
    names: set[str] = field(default_factory=set)
    members: dict[str, str] = field(default_factory=dict)


@cache
def classes() -> dict[str, Class]:
    """Return the classes of PyQt6 by name, read from the stubs: no Qt library is loaded."""
    spec = find_spec("PyQt6")
    assert spec is not None and spec.submodule_search_locations
    found = {}
    for module in MODULES:
        path = Path(next(iter(spec.submodule_search_locations))) / f"{module}.pyi"
        stub = _readable(path.read_text(encoding="utf-8"))
        for node in ast.parse(stub).body:
            if isinstance(node, ast.ClassDef):
                found[node.name] = _class(node, module)
    return found


def _readable(stub: str) -> str:
    """Return a stub that Python's parser accepts: some members bear a keyword, some signatures end in ``*args, /``."""
    named = re.sub(r"^(\s+)(None|True|False) = ", r"\1\2_ = ", stub, flags=re.MULTILINE)
    return re.sub(r", /\)", ")", named)


def _class(node: ast.ClassDef, module: str) -> Class:
    made = Class(module, [ast.unparse(base).rpartition(".")[2] for base in node.bases])
    for item in node.body:
        if isinstance(item, ast.ClassDef):
            made.names.add(item.name)
            if any("enum." in ast.unparse(base) for base in item.bases):
                made.members |= dict.fromkeys(_assigned(item), item.name)
        elif isinstance(item, ast.FunctionDef):
            made.names.add(item.name)
    made.names |= set(_assigned(node))
    return made


def _assigned(node: ast.ClassDef) -> list[str]:
    targets = [item.targets[0] for item in node.body if isinstance(item, ast.Assign)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _has(name: str, member: str) -> bool:
    found = classes().get(name)
    return found is not None and (member in found.names or any(_has(base, member) for base in found.bases))


def _enumeration(name: str, member: str) -> str | None:
    found = classes().get(name)
    if found is None:
        return None
    here = found.members.get(member)
    return here or next((there for base in found.bases if (there := _enumeration(base, member))), None)


def breaches(source: str) -> list[str]:
    """Return what would break, one line each: «line: what»."""
    tree = ast.parse(source)
    owned = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    told = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if why := _attribute(node.value.id, node.attr, leaf=id(node) not in owned | called):
                told.append(f"{node.lineno}: {why}")
        elif isinstance(node, ast.Import | ast.ImportFrom):
            told += [f"{node.lineno}: {why}" for why in _imports(node)]
        if isinstance(node, ast.Attribute) and node.attr in GONE:
            told.append(f"{node.lineno}: {node.attr} is gone: {GONE[node.attr]}")
        if isinstance(node, ast.Call) and ast.unparse(node) in GONE:
            told.append(f"{node.lineno}: {ast.unparse(node)} is gone: {GONE[ast.unparse(node)]}")
    return told


def _attribute(name: str, member: str, *, leaf: bool) -> str | None:
    where = _enumeration(name, member)
    if where and not _has(name, member):
        return f"{name}.{member} is {name}.{where}.{member}"
    if leaf and name.startswith("Qgs") and member[0].isupper():
        return f"{name}.{member}: the enumeration must be named (Class.Enum.Member)"
    return None


def _imports(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
        return [f"import {name}" for name in names if name.partition(".")[0] in ("PyQt5", "PyQt6", "sip")]
    module = node.module or ""
    if module.partition(".")[0] in ("PyQt5", "PyQt6"):
        return [f"from {module}: take qgis.PyQt"]
    if not module.startswith("qgis.PyQt."):
        return []
    here = module.rpartition(".")[2]
    moved = [name for alias in node.names if (name := alias.name) in classes() and name not in SHIMMED]
    return [f"{name} is in {classes()[name].module}" for name in moved if classes()[name].module != here]


def foreign_imports(source: str) -> set[str]:
    """Return the packages imported that are neither Python's nor QGIS's nor the plugin's own."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").partition(".")[0])
    return found - sys.stdlib_module_names - {"qgis"}
