"""Risk prevention plans in the CNIG model: one GeoPackage with a layer a hazard, regulatory zones and a perimeter.

References
----------
CNIG, Géostandards Risques, profil applicatif PPR, v1: tables ``[TypePPR]_[CodeGASPAR]_…_s``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from ...errors import ParameterError
from ...model.faults import Remark
from ...model.roles.risk_codes import LAND_REGULATION_CODES, URBAN_REGULATION_CODES
from ...model.territory import Frame
from ...texts import Text
from ..containers import opened
from ..ppr import with_levels, with_many_hazards, with_regulation
from ..reader import RawLayer, Reader, Source
from ..standard_layers import (
    Adapt,
    NamedLayer,
    blank,
    code_text,
    date_text,
    matching,
    named_layers,
    no_layer,
    raw_layer,
    read_layers,
    read_named,
)
from ..vector import VectorRead

__all__ = ["READER", "read"]

_CODE = r"(_\d+)?_s"
_HAZARDS = {
    "reference": rf"(zonealeareference|zonealeatechno(rapide|lent|projection)){_CODE}",
    "echeance100ans": rf"zonealeaecheance100ans{_CODE}",
    "exceptionnel": rf"zonealeaexceptionnel{_CODE}",
    "synthese": rf"zonealea(naturel|techno)synthese{_CODE}",
}
_REGULATIONS = r"zonereglementaire(urba|foncier)_s"
_PERIMETERS = r"perimetre_s"
_EXPECTED = "…_zonealeareference_<code>_s, …_zonereglementaireurba_s, …_zonereglementairefoncier_s, …_perimetre_s"
_ROLES = ("alea", "zone_reglementaire", "perimetre_risque")
_OPTION = "alea"


def read(source: Source) -> list[RawLayer]:
    """Read the hazard zones, the regulatory zones (planning and land together) and the perimeter.

    The hazard read is the reference one; where there is none, the synthesis. The other scenarios (100-year horizon,
    exceptional) are read on request, ``options = { alea = "echeance100ans" }``, and never mixed with it.

    Raises
    ------
    UnreadableLayerError
        When nothing bears a name of the model.
    ParameterError
        When the option `alea` is unknown.
    """
    with opened(source.path) as place:
        found = named_layers(place, source.layer)
        hazards, others = _hazard_layers(found, source)
        chosen = dict(zip(_ROLES, (hazards, matching(found, _REGULATIONS), matching(found, _PERIMETERS)), strict=True))
        layers = [_layer(role, some, found, source) for role, some in chosen.items() if some and source.wants(role)]
        said = [*_not_read(others), *_procedures(found, source)]
    if not layers:
        raise no_layer(source, found, _EXPECTED)
    return [replace(layers[0], remarks=(*layers[0].remarks, *said)), *layers[1:]]


def _hazard_layers(found: Sequence[NamedLayer], source: Source) -> tuple[list[NamedLayer], list[NamedLayer]]:
    """Return the hazard layers to read, and those of the other scenarios."""
    by_kind = {kind: matching(found, pattern) for kind, pattern in _HAZARDS.items()}
    asked = source.options.get(_OPTION)
    if asked is not None and asked not in by_kind:
        raise ParameterError(
            Text(f"option «{_OPTION}» inconnue : «{asked}»", f"unknown option «{_OPTION}»: «{asked}»"),
            Text(f"valeurs admises : {', '.join(by_kind)}.", f"accepted values: {', '.join(by_kind)}."),
            file=source.path,
        )
    kind = str(asked) if asked else ("reference" if by_kind["reference"] else "synthese")
    return by_kind[kind], [item for other, some in by_kind.items() if other != kind for item in some]


def _not_read(others: Sequence[NamedLayer]) -> list[Remark]:
    if not others:
        return []
    names = ", ".join(item.name for item in others)
    text = Text(
        f"{len(others)} couche(s) d'aléa d'un autre scénario non lue(s) : {names} (option «{_OPTION}»)",
        f"{len(others)} hazard layer(s) of another scenario not read: {names} (option «{_OPTION}»)",
    )
    return [Remark(text, len(others))]


def _procedures(found: Sequence[NamedLayer], source: Source) -> list[Remark]:
    remarks = []
    for item in matching(found, r"procedure"):
        for row in read_named(item, source).frame.to_dict("records"):
            shown = ", ".join(
                str(row[name]) for name in ("codeprocedure", "libelleprocedure", "typeprocedure") if row.get(name)
            )
            remarks.append(Remark(Text(f"procédure : {shown}", f"procedure: {shown}")))
    return remarks


def _layer(role: str, chosen: Sequence[NamedLayer], found: Sequence[NamedLayer], source: Source) -> RawLayer:
    adapt: dict[str, Adapt] = {
        "alea": _hazards(found, source),
        "zone_reglementaire": _regulated,
        "perimetre_risque": lambda frame, _: (_dated(frame), []),
    }
    return raw_layer(role, read_layers(chosen, source), source, adapt[role], name_source=True)


def _dated(frame: Frame) -> Frame:
    return frame.assign(dateetat=date_text(frame["dateetat"])) if "dateetat" in frame else frame


def _regulated(frame: Frame, read: VectorRead) -> tuple[Frame, list[Remark]]:
    """Regulations of planning (``urba``) and of land (``foncier``) use the same codes for other things."""
    land = re.search("foncier", read.layer, re.IGNORECASE)
    return with_regulation(_texts(frame), LAND_REGULATION_CODES if land else URBAN_REGULATION_CODES)


def _texts(frame: Frame) -> Frame:
    names = frame.columns.intersection(["idzone", "typealea"])
    return frame.assign(**{name: code_text(frame[name]) for name in names})


def _hazards(found: Sequence[NamedLayer], source: Source) -> Adapt:
    def adapt(frame: Frame, read: VectorRead) -> tuple[Frame, list[Remark]]:
        zones, said = with_levels(_texts(frame))
        table = _table(found, read.layer, source)
        if table is None or not {"idzone", "typealea"} <= set(zones.columns):
            return zones, said
        resolved, many = with_many_hazards(zones, table)
        return resolved, [*said, *many]

    return adapt


def _table(found: Sequence[NamedLayer], zones: str, source: Source) -> pd.DataFrame | None:
    """Read the 1-n table of a synthesis layer."""
    kind = re.search(r"zonealea(naturel|techno)synthese", zones, re.IGNORECASE)
    tables = matching(found, rf"zonemultialea{kind.group(1)}") if kind else []
    if not kind:
        return None
    empty = pd.DataFrame({"idzone": [], "typealea": [], "niveaualea": []}, dtype=object)
    return pd.concat([empty, *(_multi(read_named(item, source).frame) for item in tables)], ignore_index=True)


def _multi(frame: Frame) -> pd.DataFrame:
    level = frame["niveaualea"] if "niveaualea" in frame else blank(frame)
    return pd.DataFrame(
        {
            "idzone": code_text(frame["idzonealea"]),
            "typealea": code_text(frame["typealea"]),
            "niveaualea": code_text(level, 2),
        }
    ).astype(object)


READER = Reader(
    id="ppr_cnig",
    title=Text("plan de prévention des risques, modèle CNIG", "risk prevention plan, CNIG model"),
    roles=_ROLES,
    read=read,
    options={
        _OPTION: Text(
            f"scénario d'aléa à lire : {', '.join(_HAZARDS)}", f"hazard scenario to read: {', '.join(_HAZARDS)}"
        )
    },
)
