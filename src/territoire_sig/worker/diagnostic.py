"""``diagnostic`` and ``verifier``: a whole territory, diagnosed, or only checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..diagnosis.run import diagnose
from ..diagnosis.save import check_folder
from ..diagnosis.styled import styled_layers
from ..errors import FaultsError
from ..io.territory import read_territory
from ..model.territory import Provenance, Territory
from ..publish.geopackage import check_free
from ..texts import Text
from .channel import Channel, fault_fields
from .described import territory_text, write_text
from .request import Fields, ProtocolError
from .told import tell_layers, tell_reading

__all__ = ["diagnostic", "verifier"]


def diagnostic(fields: Fields, channel: Channel) -> None:
    """Read, measure, judge and write a territory, as the command ``territoire-sig diagnostic`` does.

    The territory is a file, or the layers of the request, which are then written as ``territoire.toml`` in the folder.

    Raises
    ------
    ProtocolError, MissingFileError, FaultsError, ParameterError, EmptyLayerError, UnreadableLayerError
    """
    folder = Path(fields.take("out", str))
    check_folder(folder)
    path = _territory_file(fields, folder)
    only = fields.optional("only", list) or []
    fields.close()
    if not all(isinstance(name, str) for name in only):
        raise ProtocolError(
            Text("«only» doit être une liste de textes", "«only» must be a list of texts"),
            Text('écrivez par exemple "only": ["school_fibre"].', 'write for example "only": ["school_fibre"].'),
        )
    check_free(folder / "diagnostic.gpkg")
    channel.progress(0.0, str(Text("lecture des couches", "reading layers")))
    territory = read_territory(path)
    tell_reading(territory, channel)
    diagnosis = diagnose(territory, only=only, progress=channel.progress_until(0.9))
    for warning in diagnosis.record["avertissements"]:
        channel.warning(warning)
    channel.progress(0.95, str(Text("écriture", "writing")))
    diagnosis.save(folder)
    tell_layers(folder / "diagnostic.gpkg", styled_layers(diagnosis), channel)
    scores = diagnosis.findings["score"]
    channel.tell(
        "result",
        folder=str(folder),
        file=str(folder / "diagnostic.gpkg"),
        report=str(folder / "rapport.html"),
        numbers={
            "conflict_count": int((scores < 0).sum()),
            "synergy_count": int((scores > 0).sum()),
            "unanswered_count": len(diagnosis.unanswered),
        },
        unanswered=[
            {"id": row.id, "title": row.titre, "missing": row.roles_manquants}
            for row in diagnosis.unanswered.itertuples()
        ],
    )


def _territory_file(fields: Fields, folder: Path) -> Path:
    """Return the territory file that the request names, or that its layers make."""
    named = fields.optional("territory", str)
    if named is not None:
        return Path(named)
    return write_text(folder / "territoire.toml", territory_text(fields))


def verifier(fields: Fields, channel: Channel) -> None:
    """Check a territory file and every layer; faults are the answer, not an error.

    Raises
    ------
    ProtocolError, MissingFileError
    """
    path = Path(fields.take("territory", str))
    fields.close()
    channel.progress(0.0, str(Text("lecture des couches", "reading layers")))
    try:
        territory = read_territory(path)
    except FaultsError as error:
        channel.tell("result", faults=[fault_fields(fault) for fault in error.faults], layers=[], unit_count=None)
        return
    channel.tell("result", faults=[], layers=_layers(territory), unit_count=len(territory.units))


def _layers(territory: Territory) -> list[dict[str, Any]]:
    units = [_read("unites", item) for item in territory.units_provenance]
    return [*units, *(_read(role, item) for role, layer in territory.layers.items() for item in layer.provenance)]


def _read(role: str, item: Provenance) -> dict[str, Any]:
    return {
        "role": role,
        "file": item.file,
        "layer": item.layer,
        "rows": item.rows_read,
        "crs": item.crs_read,
        "remarks": [str(remark) for remark in item.remarks],
    }
