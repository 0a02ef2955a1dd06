"""Risk prevention plans, COVADIS model: ``N_ZONE_ALEA_*``, ``N_ZONE_REG_*``, ``N_PERIMETRE_*``, ``N_MULTIALEA_*``.

References
----------
COVADIS, Plan de prévention des risques naturels ou technologiques, v1, 31 October 2012.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from ...model.faults import Remark
from ...model.roles.risk_codes import COVADIS_REGULATION_CODES, HAZARD_LEVEL_CODES, HAZARD_LEVEL_LETTERS
from ...model.territory import Frame
from ...texts import Text
from ..containers import opened
from ..ppr import national_hazard_type, with_levels, with_many_hazards, with_regulation
from ..reader import RawLayer, Reader, Source
from ..standard_layers import (
    Adapt,
    NamedLayer,
    blank,
    code_text,
    date_text,
    each,
    matching,
    named_layers,
    no_layer,
    raw_layer,
    read_layers,
    read_named,
)
from ..vector import VectorRead

__all__ = ["READER", "read"]

_PATTERNS = {
    "alea": r"n_zone_alea_\w+",
    "zone_reglementaire": r"n_zone_reg_\w+",
    "perimetre_risque": r"n_perimetre_\w+",
}
_EXPECTED = "N_ZONE_ALEA_PPR…_S_ddd, N_ZONE_REG_PPR…_S_ddd, N_PERIMETRE_PPR…_S_ddd"


def read(source: Source) -> list[RawLayer]:
    """Read the hazard zones, regulatory zones and perimeters of a folder, an archive or one file.

    Raises
    ------
    UnreadableLayerError
        When nothing bears a name of the model.
    """
    with opened(source.path) as place:
        found = named_layers(place, source.layer)
        layers = []
        for role, pattern in _PATTERNS.items():
            chosen = _chosen(found, pattern, role, source)
            if chosen and source.wants(role):
                layers.append(_layer(role, chosen, found, source))
    if not layers:
        raise no_layer(source, found, _EXPECTED)
    return layers


def _chosen(found: Sequence[NamedLayer], pattern: str, role: str, source: Source) -> list[NamedLayer]:
    named = matching(found, pattern)
    return named or (list(found) if len(found) == 1 and source.role == role else [])


def _layer(role: str, chosen: Sequence[NamedLayer], found: Sequence[NamedLayer], source: Source) -> RawLayer:
    surfaces = [item for item in chosen if not re.search(r"_[lp](_|$)", item.name, re.IGNORECASE)]
    adapt: dict[str, Adapt] = {
        "alea": _hazards(found, source),
        "zone_reglementaire": lambda frame, _: _regulated(frame),
        "perimetre_risque": lambda frame, _: (_dated(frame), []),
    }
    layer = raw_layer(role, read_layers(surfaces or chosen, source), source, adapt[role], name_source=True)
    left = [item.name for item in chosen if surfaces and item not in surfaces]
    return replace(layer, remarks=(*layer.remarks, _not_surfaces(left))) if left else layer


def _not_surfaces(names: Sequence[str]) -> Remark:
    listed = ", ".join(names)
    text = Text(
        f"couche(s) linéaire(s) ou ponctuelle(s) non lue(s) : {listed}", f"line or point layer(s) not read: {listed}"
    )
    return Remark(text, len(names))


def _dated(frame: Frame) -> Frame:
    return frame.assign(dateetat=date_text(frame["dateetat"])) if "dateetat" in frame else frame


def _regulated(frame: Frame) -> tuple[Frame, list[Remark]]:
    identified = frame.assign(idzone=code_text(frame["idzone"])) if "idzone" in frame else frame
    return with_regulation(identified, COVADIS_REGULATION_CODES)


def _hazards(found: Sequence[NamedLayer], source: Source) -> Adapt:
    def adapt(frame: Frame, read: VectorRead) -> tuple[Frame, list[Remark]]:
        coded, said = _coded(frame, read.frame)
        zones, levels = with_levels(coded)
        if "idzone" not in zones or "typealea" not in zones:
            return zones, [*said, *levels]
        resolved, many = with_many_hazards(zones, _table(found, read.layer, source))
        return resolved, [*said, *levels, *many]

    return adapt


def _coded(frame: Frame, whole: Frame) -> tuple[Frame, list[Remark]]:
    """Bring identifiers, hazard types and levels to text codes; an empty NIVALEA_ST is read in NIVALEA."""
    frame = frame.copy()
    for name in frame.columns.intersection(["idzone", "typealea"]):
        frame[name] = code_text(frame[name])
    if "typealea" in frame:
        frame["typealea"] = each(frame["typealea"], national_hazard_type)
    codes, remarks = _levels(whole)
    frame["niveaualea"] = codes
    return frame, remarks


def _levels(whole: Frame) -> tuple[pd.Series, list[Remark]]:
    stated = next((name for name in ("nivalea_st", "nivalea_std", "niveaualea") if name in whole), None)
    published = code_text(whole[stated], 2) if stated else blank(whole)
    letters = code_text(whole["nivalea"]) if "nivalea" in whole else blank(whole)
    spelt = each(letters, lambda text: HAZARD_LEVEL_LETTERS.get(text.lower()))
    n_taken = int((published.isna() & spelt.notna()).sum())
    known = published.isin(list(HAZARD_LEVEL_CODES)) & spelt.notna()
    n_differ = int((known & published.ne(spelt)).sum())
    said = [
        (
            n_taken,
            f"{n_taken} niveau(x) lu(s) dans NIVALEA, NIVALEA_ST étant vide",
            f"{n_taken} level(s) read in NIVALEA, as NIVALEA_ST is empty",
        ),
        (
            n_differ,
            f"{n_differ} zone(s) où NIVALEA et NIVALEA_ST se contredisent : NIVALEA_ST est retenu",
            f"{n_differ} zone(s) where NIVALEA and NIVALEA_ST contradict: NIVALEA_ST is taken",
        ),
    ]
    return published.where(published.notna(), spelt), [Remark(Text(fr, en), n) for n, fr, en in said if n]


def _table(found: Sequence[NamedLayer], zones: str, source: Source) -> pd.DataFrame:
    """Read the 1-n table of the plan that `zones` belongs to (same GASPAR number), or an empty one."""
    number = next((part for part in zones.split("_") if part.isdigit() and len(part) == 8), "")
    tables = [item for item in matching(found, r"n_multialea_\w+") if number in item.name]
    empty = pd.DataFrame({"idzone": [], "typealea": [], "niveaualea": []}, dtype=object)
    parts = [_multi(read_named(item, source).frame) for item in tables]
    return pd.concat([empty, *parts], ignore_index=True) if parts else empty


def _multi(frame: Frame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "idzone": code_text(frame["id_zone"]),
            "typealea": each(code_text(frame["coderisque"]), national_hazard_type),
            "niveaualea": _levels(frame)[0],
        }
    ).astype(object)


READER = Reader(
    id="ppr_covadis",
    title=Text("plan de prévention des risques, modèle COVADIS", "risk prevention plan, COVADIS model"),
    roles=tuple(_PATTERNS),
    read=read,
)
