"""What the engine is and what it can do: ``handshake`` and ``declarations``."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version
from typing import Any

from ..indicators import declared
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
    """Give every analysis and every role that one of them reads."""
    fields.close()
    channel.tell("result", **capabilities())


def capabilities() -> dict[str, Any]:
    """Return what a front end needs in order to offer the analyses: declarations, and the roles that they read.

    Those that read the results of others are left out: they are answered within a diagnosis only.

    Examples
    --------
    >>> offered = capabilities()
    >>> offered["roles"]["zonage"]["geometry"]
    'polygon'
    """
    analyses = [analysis for analysis in declared().values() if not analysis.reads]
    read = sorted({need.role for analysis in analyses for need in analysis.inputs})
    return {
        "protocol": PROTOCOL,
        "library": version("territoire-sig"),
        "analyses": [analysis.to_dict() for analysis in analyses],
        "roles": {name: _role(ROLES[name]) for name in read},
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
    }


def _both(text: Any) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}
