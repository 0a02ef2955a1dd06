"""Flood extents of the Floods Directive (TRI, DI model): ``N_TRI_*_INONDABLE_*`` and ``N_TRI_*_ISO_HT_*``.

References
----------
COVADIS, Directive inondation, v2.1, 15 March 2018; directive 2007/60/CE, art. 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from ...errors import ParameterError
from ...model.faults import Remark
from ...model.roles.risk_codes import TRI_SCENARIO_CODES
from ...model.territory import Frame
from ...texts import Text
from ..containers import opened
from ..reader import RawLayer, Reader, Source
from ..standard_layers import (
    NamedLayer,
    blank,
    code_text,
    each,
    matching,
    named_layers,
    no_layer,
    raw_layer,
    read_layers,
)
from ..vector import VectorRead

__all__ = ["READER", "read"]

_ROLE = "zone_inondable"
_FAMILIES = {"inondable": r"inondable(_\w+)?", "iso_ht": r"iso_ht(_\w+)?"}
_EXPECTED = "N_TRI_…_INONDABLE_…_S_ddd, N_TRI_…_ISO_HT_…_S_ddd"
_OPTION = "couches"
#: Each scenario lies within the next: the rarer flood reaches further.
_NESTED = (("frequent", "moyen"), ("moyen", "extreme"), ("frequent", "extreme"))


def read(source: Source) -> list[RawLayer]:
    """Read the flood extents and the depth classes, told apart by ``couche_source`` (depths are NaN in extents).

    That each frequent extent lies within the medium one, and this within the extreme one, is checked for every kind
    of flood, and what stands outside is reported in m².

    Raises
    ------
    UnreadableLayerError
        When nothing bears a name of the model.
    ParameterError
        When the option `couches` is unknown.
    """
    with opened(source.path) as place:
        found = named_layers(place, source.layer)
        chosen = [item for pattern in _asked(source) for item in matching(found, pattern)]
        if not chosen or not source.wants(_ROLE):
            raise no_layer(source, found, _EXPECTED)
        reads = read_layers(chosen, source)
    layer = raw_layer(_ROLE, reads, source, _adapted, name_source=True)
    return [replace(layer, remarks=(*layer.remarks, *_nesting(layer.frame, _extents(chosen))))]


def _asked(source: Source) -> list[str]:
    asked = source.options.get(_OPTION)
    if asked is None:
        return list(_FAMILIES.values())
    if asked not in _FAMILIES:
        raise ParameterError(
            Text(f"option «{_OPTION}» inconnue : «{asked}»", f"unknown option «{_OPTION}»: «{asked}»"),
            Text(f"valeurs admises : {', '.join(_FAMILIES)}.", f"accepted values: {', '.join(_FAMILIES)}."),
            file=source.path,
        )
    return [_FAMILIES[str(asked)]]


def _extents(chosen: Sequence[NamedLayer]) -> list[str]:
    return [item.name for item in matching(chosen, _FAMILIES["inondable"])]


def _adapted(frame: Frame, read: VectorRead) -> tuple[Frame, list[Remark]]:
    named = frame.copy()
    codes = code_text(named["scenario"]) if "scenario" in named else blank(named)
    named["scenario"] = codes
    named["scenario_crue"] = each(codes, _word)
    for name in named.columns.intersection(["typ_inond"]):
        named[name] = code_text(named[name], 2)
    for name in ("ht_min", "ht_max"):
        named[name] = named[name].astype("float64") if name in named else float("nan")
    return named, []


def _word(code: str) -> str:
    """Return the scenario's word; a code outside the list stays as it is, for the door to refuse.

    Examples
    --------
    >>> _word("01For"), _word("04Faicc_ct"), _word("03Mcc"), _word("05Xyz")
    ('frequent', 'extreme_cc', 'moyen_cc', '05Xyz')
    """
    start = code.lower().split("_")[0]
    return TRI_SCENARIO_CODES.get(start, code)


def _nesting(frame: Any, extents: Sequence[str]) -> list[Remark]:
    """Measure, for every kind of flood, what an extent has outside the rarer one's."""
    if not isinstance(frame, gpd.GeoDataFrame) or not extents:
        return []
    if frame.crs is None or not frame.crs.is_projected:
        return [
            Remark(
                Text(
                    "emboîtement des crues non vérifié : le système de coordonnées n'est pas en mètres",
                    "nesting of the floods not checked: the coordinate system is not in metres",
                )
            )
        ]
    drawn = frame[frame["couche_source"].isin(extents) & frame.geometry.notna()]
    kinds = drawn["typ_inond"].fillna("") if "typ_inond" in drawn else pd.Series("", index=drawn.index)
    return [remark for kind, part in drawn.groupby(kinds) for remark in _nested(str(kind), part)]


def _nested(kind: str, part: gpd.GeoDataFrame) -> list[Remark]:
    whole = {
        str(word): shapely.union_all(shapely.make_valid(some.geometry.array, method="structure", keep_collapsed=False))
        for word, some in part.groupby("scenario_crue")
    }
    remarks = []
    for small, large in _NESTED:
        between = "moyen" in whole and small == "frequent" and large == "extreme"
        if small in whole and large in whole and not between:
            remarks.append(_outside(kind, small, large, float(shapely.area(whole[small].difference(whole[large])))))
    return remarks


def _outside(kind: str, small: str, large: str, area_m2: float) -> Remark:
    return Remark(
        Text(
            f"type d'inondation «{kind}» : {area_m2:.0f} m² de la crue «{small}» hors de la crue «{large}»",
            f"flood type «{kind}»: {area_m2:.0f} m² of the «{small}» flood outside the «{large}» flood",
        ),
        round(area_m2),
    )


READER = Reader(
    id="tri",
    title=Text("territoire à risque important d'inondation (TRI)", "territory at significant flood risk (TRI)"),
    roles=(_ROLE,),
    read=read,
    options={
        _OPTION: Text(
            "inondable (emprises) ou iso_ht (hauteurs) ; les deux sans cette option",
            "inondable (extents) or iso_ht (depths); both without this option",
        )
    },
)
