"""``analyse``: one declared analysis on given layers, to one styled GeoPackage."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..diagnosis.diagnosis import Diagnosis
from ..diagnosis.run import diagnose
from ..diagnosis.styled import styled_layers
from ..errors import EmptyLayerError, ParameterError
from ..indicators import declared
from ..io.territory import read_territory
from ..model.declaration import Declaration
from ..publish.geopackage import GpkgLayer
from ..texts import Text
from .channel import Channel
from .described import territory_text, write_text
from .request import Fields
from .told import tell_layers, tell_reading
from .written import write_layers

__all__ = ["KNOWN", "analyse"]

#: Column of the units: the smallest of the shares of the unit that the data reach, over the outputs.
KNOWN = "part_connue"


def analyse(fields: Fields, channel: Channel) -> None:
    """Read the layers of the request, measure, write ``<analysis>.gpkg`` and the territory file that says the same.

    The layers may be those of a territory file instead: an analysis that reads the results of others asks for it.

    Raises
    ------
    ProtocolError, ParameterError, MissingFileError, FaultsError, EmptyLayerError, UnreadableLayerError
    """
    analysis = _analysis(fields.take("analysis", str))
    folder, given = Path(fields.take("out", str)), fields.optional("parameters", dict) or {}
    _check_parameters(analysis, given)
    place = _territory_file(analysis, given, fields, folder)
    channel.progress(0.0, str(Text("lecture des couches", "reading layers")))
    territory = read_territory(place).with_parameters(analysis.id, given)
    tell_reading(territory, channel)
    diagnosis = diagnose(territory, only=[analysis.id], progress=channel.progress_until(0.9))
    for warning in diagnosis.record["avertissements"]:
        channel.warning(warning)
    _check_answered(analysis, diagnosis)
    channel.progress(0.95, str(Text("écriture", "writing")))
    layers = _layers(analysis, diagnosis)
    file = write_layers(folder / f"{analysis.id}.gpkg", layers)
    tell_layers(file, layers, channel)
    channel.tell(
        "result",
        file=str(file),
        territory=str(place),
        numbers=_numbers(analysis, diagnosis),
        record=dict(diagnosis.record),
    )


def _analysis(name: str) -> Declaration:
    known = declared()
    if name in known:
        return known[name]
    raise ParameterError(
        Text(f"analyse inconnue : «{name}»", f"unknown analysis: «{name}»"),
        Text(f"analyses connues : {', '.join(known)}.", f"known analyses: {', '.join(known)}."),
    )


def _territory_file(analysis: Declaration, given: dict[str, Any], fields: Fields, folder: Path) -> Path:
    """Return the territory file that the request names, or that its layers make."""
    named = fields.optional("territory", str)
    if named is not None:
        fields.close()
        return Path(named)
    if analysis.reads:
        raise ParameterError(
            Text(
                f"{analysis.id} lit les résultats des autres analyses et des règles",
                f"{analysis.id} reads the results of other analyses and of the rules",
            ),
            Text("donnez un fichier de territoire («territory»).", "give a territory file («territory»)."),
        )
    text = territory_text(fields, analysis=analysis.id, parameters=analysis.checked_parameters(given))
    fields.close()
    return write_text(folder / f"{analysis.id}.toml", text)


def _check_parameters(analysis: Declaration, given: dict[str, Any]) -> None:
    """Refuse wrong parameters before any layer is read."""
    known = {parameter.name for parameter in analysis.parameters}
    if unknown := sorted(set(given) - known):
        raise ParameterError(
            Text(
                f"{analysis.id} : paramètre inconnu «{unknown[0]}»", f"{analysis.id}: unknown parameter «{unknown[0]}»"
            ),
            Text(f"admis : {', '.join(sorted(known)) or '-'}.", f"accepted: {', '.join(sorted(known)) or '-'}."),
        )
    analysis.checked_parameters(given)


def _check_answered(analysis: Declaration, diagnosis: Diagnosis) -> None:
    if diagnosis.unanswered.empty:
        return
    missing = diagnosis.unanswered["roles_manquants"].iloc[0]
    raise EmptyLayerError(
        Text(f"{analysis.id} sans réponse : il manque {missing}", f"{analysis.id} not answered: {missing} missing"),
        Text(
            "ajoutez une couche de ce rôle, qui touche les unités ou leurs abords.",
            "add a layer of that role, that touches the units or their surroundings.",
        ),
    )


def _layers(analysis: Declaration, diagnosis: Diagnosis) -> list[GpkgLayer]:
    """Return the units with their values, the map and the tables; an analysis has no findings."""
    layers = [
        layer
        for layer in styled_layers(diagnosis)
        if layer.name in ("unites", "indicateurs_territoire") or layer.name.startswith(analysis.id)
    ]
    units = layers[0]
    known = _known(diagnosis).reindex(units.frame["code_unite"]).to_numpy()
    at = len(units.frame.columns) - 1
    frame = units.frame.copy()
    frame.insert(at, KNOWN, known)
    told = f"{Text('Indicateurs : ', 'Indicators: ')}{analysis.title} – {diagnosis.territory.name}"
    words = tuple(str(policy.text) for policy in analysis.policies)
    described = Text(f"{analysis.summary.fr} {analysis.reading.fr}", f"{analysis.summary.en} {analysis.reading.en}")
    first = replace(units, frame=frame, title=told, abstract=str(described), keywords=("territoire_sig", *words))
    return [first, *layers[1:]]


def _known(diagnosis: Diagnosis) -> pd.Series[float]:
    smallest: pd.Series[float] = diagnosis.indicators.groupby("code_unite")["part_connue"].min()
    return smallest


def _numbers(analysis: Declaration, diagnosis: Diagnosis) -> dict[str, float]:
    values = diagnosis.units[[output.name for output in analysis.outputs]].to_numpy(dtype=float, na_value=np.nan)
    whole = diagnosis.overall["valeur"].to_numpy(dtype=float, na_value=np.nan)
    drawn = diagnosis.maps.get(analysis.id)
    return {
        "unit_count": len(diagnosis.units),
        "unknown_count": int(np.isnan(values).sum() + np.isnan(whole).sum()),
        "known_share_min": float(pd.concat([_known(diagnosis), diagnosis.overall["part_connue"]]).min()),
        "map_count": 0 if drawn is None else len(drawn),
        "seconds": float(diagnosis.record["durees_s"]["total"]),
    }
