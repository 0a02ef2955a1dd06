"""Access to reuse and repair: who lives near a place that gives things a second life?"""

from __future__ import annotations

import unicodedata
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter, Table, Whole
from ..model.policies import Policy
from ..texts import Text
from .entrance import opened_in_bounds
from .exposure import around, known_population, people_within
from .knowledge import Known, measurement, ratio, unknown

__all__ = ["ANALYSIS", "sobriety_reuse_access"]

#: What the words of a place that mends have in common («réparateur», «repair café»…), accents left out.
MENDS = "repar|repair"
UNSTATED = "non précisé"
OUTPUTS = (
    Output(
        "reuse_near_share",
        Text("Habitants près d'un lieu de réemploi ou de réparation", "Inhabitants near a reuse or repair place"),
        "part",
        better=1,
    ),
    Output(
        "repair_near_share",
        Text("Habitants près d'un lieu de réparation", "Inhabitants near a repair place"),
        "part",
        better=1,
    ),
    Output(
        "reuse_far_people",
        Text("Habitants loin de tout lieu de réemploi ou de réparation", "Inhabitants far from any such place"),
        "habitants",
        better=-1,
    ),
)
OVERALL = (
    Output(
        "reuse_near_overall",
        Text("Part de la population près d'un tel lieu", "Share of the population near such a place"),
        "part",
        better=1,
    ),
)
TABLES = (
    Table(
        "reuse_by_type",
        Text("Accès par type de lieu", "Access by kind of place"),
        (
            Output("type_lieu", Text("Type de lieu", "Kind of place"), "texte"),
            Output("lieux", Text("Lieux", "Places"), "nombre"),
            Output("habitants", Text("Habitants à proximité", "Inhabitants nearby"), "habitants", better=1),
            Output("part", Text("Part de la population connue", "Share of the known population"), "part", better=1),
        ),
    ),
)
DISTANCE = Parameter(
    "distance_m",
    Text("distance à vol d'oiseau sous laquelle un lieu est proche", "distance under which a place is near"),
    "m",
    2000.0,
    minimum=50.0,
    maximum=50_000.0,
)


def sobriety_reuse_access(
    units: gpd.GeoDataFrame,
    *,
    reemploi: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    distance_m: float = 2000.0,
) -> Measurement:
    """Measure the share of inhabitants who live near a reuse or repair place, and by kind of place.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    reemploi : GeoDataFrame or None
        Points with optional ``type_lieu``; those around the territory count too.
    population : GeoDataFrame or None
        Polygons with ``habitants``, shared out by area.
    distance_m : float, default 2000
        As the crow flies.

    Returns
    -------
    Measurement
        ``reuse_near_share``, ``repair_near_share`` (unknown where no kind is stated), ``reuse_far_people``; table
        ``reuse_by_type``. Shares are NaN where nobody lives.

    Examples
    --------
    >>> import shapely
    >>> square = [shapely.box(0, 0, 1000, 1000)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=square, index=["1"], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [60.0, 40.0]}, crs=2154,
    ...     geometry=[shapely.box(0, 0, 100, 100), shapely.box(900, 900, 1000, 1000)])
    >>> shops = gpd.GeoDataFrame({"type_lieu": ["ressourcerie"]}, geometry=gpd.points_from_xy([50], [50]), crs=2154)
    >>> sobriety_reuse_access(units, reemploi=shops, population=people, distance_m=200).values.loc["1"].tolist()
    [0.6, 0.0, 40.0]
    """
    units, places, population = opened_in_bounds(units, reemploi=reemploi, population=population)
    if places is None or population is None:
        nothing = {"reuse_near_overall": Whole(np.nan, 0.0)}
        columns = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, columns, None, nothing, {"reuse_by_type": _table([])})
    everyone = people_within(units, population, known_population(population))
    kind = _kind(places)
    mends = kind.map(_plain).str.contains(MENDS).to_numpy(dtype=bool)
    near, menders = (_near(units, population, places[chosen], distance_m) for chosen in (np.ones_like(mends), mends))
    if (kind == UNSTATED).all():
        menders = unknown(units)
    columns = {
        "reuse_near_share": Known(ratio(near.value, everyone.value), near.share),
        "repair_near_share": Known(ratio(menders.value, everyone.value), menders.share),
        "reuse_far_people": Known((everyone.value - near.value).clip(lower=0.0), near.share),
    }
    part = _overall(near.value, everyone.value)
    share = float((near.share * units.area).sum() / units.area.sum()) if part == part else 0.0
    rows = []
    for name, some in places.groupby(kind, sort=True):
        found = _near(units, population, some, distance_m).value
        rows.append((name, float(len(some)), found.sum(min_count=1), _overall(found, everyone.value)))
    overall = {"reuse_near_overall": Whole(part, share)}
    return measurement(units, columns, None, overall, {"reuse_by_type": _table(rows)})


def _overall(near: pd.Series[float], everyone: pd.Series[float]) -> float:
    """Return the share of the people of the units where both are known; NaN where there is nobody."""
    total = float(everyone.where(near.notna()).sum())
    return float(near.where(everyone.notna()).sum()) / total if total > 0 else np.nan


def _kind(places: gpd.GeoDataFrame) -> pd.Series[Any]:
    """Return the kind of each place, as written; a word for those whose kind is not stated."""
    words = places["type_lieu"] if "type_lieu" in places.columns else pd.Series(None, index=places.index, dtype=object)
    told = words.astype("string").str.strip()
    kind: pd.Series[Any] = told.where(told.notna() & (told != ""), UNSTATED).astype(object)
    return kind


def _plain(word: str) -> str:
    """Return a word in lower case without accents."""
    folded = unicodedata.normalize("NFD", word.lower())
    return "".join(sign for sign in folded if not unicodedata.combining(sign))


def _near(units: gpd.GeoDataFrame, population: gpd.GeoDataFrame, places: gpd.GeoDataFrame, distance_m: float) -> Known:
    """Return the inhabitants of each unit within a distance of the places."""
    discs = gpd.GeoDataFrame(geometry=around(places.geometry, distance_m), crs=units.crs)
    return people_within(units, population, discs)


def _table(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Return one row a kind of place: how many, who lives near, and which share of the known population that is."""
    return pd.DataFrame(rows, columns=[column.name for column in TABLES[0].columns])


ANALYSIS = Declaration(
    id="sobriety_reuse_access",
    title=Text("Accès au réemploi et à la réparation", "Access to reuse and repair"),
    summary=Text(
        "Quelle part des habitants vit près d'un lieu qui répare ou donne une seconde vie aux équipements ?",
        "What share of inhabitants lives near a place that mends equipment or gives it a second life?",
    ),
    policies=(Policy.ECONOMIE_CIRCULAIRE, Policy.INCLUSION),
    inputs=(Input("reemploi"), Input("population")),
    outputs=OUTPUTS,
    overall=OVERALL,
    tables=TABLES,
    formula=Text(
        "Part = habitants à moins de distance_m d'un lieu ÷ habitants de l'unité, la population étant répartie par "
        "surface dans chaque carreau. Un lieu de réparation est celui dont le type contient « répar » ou « repair ». "
        "Le tableau refait le calcul pour chaque type. Exemple : 60 habitants à moins de 2 km d'une ressourcerie sur "
        "100 : 0,6.",
        "Share = inhabitants within distance_m of a place ÷ inhabitants of the unit, people being spread by area in "
        "each square. A repair place is one whose kind contains “répar” or “repair”. The table tells it again by kind. "
        "Example: 60 inhabitants within 2 km of a reuse shop out of 100: 0.6.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des habitants vivent à moins de distance_m d'un tel lieu.",
        "0.42 means that 42 % of the inhabitants live within distance_m of such a place.",
    ),
    limits=Text(
        "À vol d'oiseau, sans horaires ni capacité. Les lieux hors du territoire comptent s'ils sont dans les données. "
        "Où la population est secrète, la part est inconnue.",
        "As the crow flies, without opening hours or capacity. Places out of the territory count if they are in the "
        "data. Where the population is secret, the share is unknown.",
    ),
    reference="Loi n° 2020-105 du 10 février 2020 (AGEC), art. L. 541-1 et L. 541-10 du code de l'environnement ; "
    "ADEME, annuaire « Longue vie aux objets ».",
    function=sobriety_reuse_access,
    parameters=(DISTANCE,),
)
