"""The record of a run: all that is needed to know what was read, what was done to it, and to do it again."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import pyogrio
import pyproj
import shapely

from ..coherence.rule import Rule
from ..io.checksum import sha256
from ..model.declaration import Value
from ..model.territory import Provenance, Territory
from ..texts import Text, current_language
from .ground import LayerCount, Prepared

__all__ = ["RECORD_VERSION", "write_record"]

RECORD_VERSION = 1
_LIBRARIES = ("numpy", "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "rasterio", "exactextract")


def write_record(
    territory: Territory,
    prepared: Prepared,
    *,
    rules: Sequence[Rule],
    parameters: Mapping[str, Mapping[str, Value]],
    only: Sequence[str],
    remarks: Sequence[Text],
    durations: Mapping[str, float],
) -> dict[str, Any]:
    """Return the content of ``execution.json`` but for the checksums of its outputs, which saving adds."""
    counts = {count.role: count for count in prepared.counts}
    return {
        "version_du_format": RECORD_VERSION,
        "territoire": {
            "nom": territory.name,
            "fichier": str(territory.path),
            "sha256": sha256(territory.path),
            "crs": territory.crs,
            "millesime": territory.vintage,
            "unites": len(territory.units),
            "avertissement": territory.notice,
        },
        "langue": current_language(),
        "seulement": list(only),
        "parametres": {
            "analyses": {name: dict(values) for name, values in parameters.items()},
            **{name: value for name, value in territory.parameters.items() if not isinstance(value, dict)},
        },
        "regles": {
            "jouees": [rule.id for rule in rules],
            "fichiers": [{"fichier": str(path), "sha256": sha256(path)} for path in territory.rule_files],
        },
        "entrees": [
            *(_input("unites", provenance, None) for provenance in territory.units_provenance),
            *(
                _input(role, provenance, counts.get(role))
                for role, layer in territory.layers.items()
                for provenance in layer.provenance
            ),
        ],
        "approximations": {role: str(text) for role, text in prepared.ground.approximations.items()},
        "avertissements": [str(text) for text in remarks],
        "versions": _versions(),
        "durees_s": {name: round(value, 3) for name, value in durations.items()},
    }


def _input(role: str, provenance: Provenance, count: LayerCount | None) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "role": role,
        "fichier": provenance.file,
        "couche": provenance.layer,
        "format": provenance.format,
        "sha256": provenance.sha256,
        "crs_lu": provenance.crs_read,
        "encodage": provenance.encoding,
        "millesime": provenance.vintage,
        "source": provenance.source,
        "licence": provenance.licence,
        "lus": provenance.rows_read,
        "annexes": [{"fichier": name, "sha256": checksum} for name, checksum in provenance.companions],
        "remarques": [str(remark) for remark in provenance.remarks],
    }
    if count is not None:
        entry["role_entier"] = {
            "admis": count.read,
            "repares": count.repaired,
            "ecartes": count.set_aside,
            "hors_perimetre": count.outside_perimeter,
            "au_dela_de_la_marge": count.beyond_margin,
        }
    return entry


def _versions() -> dict[str, str]:
    return {
        "territoire-sig": version("territoire-sig"),
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
        "gdal": str(pyogrio.__gdal_version_string__),
        "geos": shapely.geos_version_string,
        "proj": str(pyproj.proj_version_str),
    }
