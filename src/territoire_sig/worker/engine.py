"""What the engine is and what it can do: ``handshake`` and ``declarations``."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version
from typing import Any

from ..coherence.rule import Rule
from ..coherence.rulebook import standard_rules
from ..indicators import declared
from ..io.reader import Reader
from ..io.readers import readers
from ..model.policies import Policy
from ..model.roles import ROLES
from ..model.schema import Column, Role
from .channel import Channel
from .request import PROTOCOL, Fields

__all__ = ["capabilities", "declarations", "handshake"]


def handshake(fields: Fields, channel: Channel) -> None:
    """Give the versions of the library and of what it computes with."""
    fields.close()
    import pyogrio
    import pyproj
    import shapely

    channel.tell(
        "result",
        protocol=PROTOCOL,
        library=version("territoire-sig"),
        python=platform.python_version(),
        executable=sys.executable,
        gdal=str(pyogrio.__gdal_version_string__),
        proj=str(pyproj.proj_version_str),
        geos=str(shapely.geos_version_string),
    )


def declarations(fields: Fields, channel: Channel) -> None:
    """Give every analysis, every rule and every reader, the policies, and the roles."""
    fields.close()
    channel.tell("result", **capabilities())


def capabilities() -> dict[str, Any]:
    """Return what a front end needs in order to offer the analyses and the rules: these, readers, policies, roles.

    Examples
    --------
    >>> offered = capabilities()
    >>> offered["roles"]["zonage"]["geometry"]
    'polygon'
    >>> offered["rules"][0]["roles"]
    ['couverture_fixe', 'zonage']
    """
    offered = [reader for reader in readers().values() if not _rasters_only(reader)]
    return {
        "protocol": PROTOCOL,
        "library": version("territoire-sig"),
        "analyses": [analysis.to_dict() for analysis in declared().values()],
        "rules": [_rule(rule) for rule in standard_rules()],
        "policies": {str(policy): _both(policy.text) for policy in Policy},
        "readers": [_reader(reader) for reader in offered],
        "roles": {name: _role(role) for name, role in ROLES.items()},
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": _both(rule.titre),
        "policies": [str(policy) for policy in rule.politiques],
        "score": rule.score,
        "roles": sorted({rule.objet.role, *(item.role for item in rule.condition)}),
        "clause": rule.article,
        "departments": list(rule.services),
    }


def _rasters_only(reader: Reader) -> bool:
    return all(ROLES[role].geometry == "raster" for role in reader.roles)


def _reader(reader: Reader) -> dict[str, Any]:
    return {
        "id": reader.id,
        "title": _both(reader.title),
        "roles": list(reader.roles),
        "options": {name: _both(text) for name, text in reader.options.items()},
    }


def _role(role: Role) -> dict[str, Any]:
    return {
        "text": _both(role.text),
        "geometry": role.geometry,
        "policy": str(role.policy),
        "key": role.key,
        "columns": [_column(column) for column in role.columns],
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "text": _both(column.text),
        "kind": column.kind,
        "required": column.required,
        "unit": column.unit,
        "aliases": list(column.aliases),
    }


def _both(text: Any) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}
