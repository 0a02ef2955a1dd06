"""Digital fragility index of five components, computed from the layers, its normalisation explicit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd

from ..errors import ParameterError
from ..model.declaration import Declaration, Input, Measurement, Output, Parameter, Whole
from ..model.policies import Policy
from ..texts import Text
from .bounds import bounded, part_of
from .entrance import opened
from .inhabited import (
    fibre_rate_by_commune,
    inhabited,
    known_people,
    mean_by_unit,
    mobile_share,
    rate_of_polygons,
    spread,
)
from .knowledge import Known, measurement, unknown

__all__ = ["ANALYSIS", "COMPONENTS", "digital_fragility_index"]

#: Component → (word of its parameters, highest value of the fixed reference, texts).
COMPONENTS: Mapping[str, tuple[str, float, Text]] = MappingProxyType(
    {
        "fragility_no_fibre_share": (
            "sans_thd",
            1.0,
            Text("Habitants sans très haut débit fixe (fibre)", "People without very high speed (fibre)"),
        ),
        "fragility_no_4g_share": ("sans_4g", 1.0, Text("Habitants hors couverture 4G", "People out of 4G coverage")),
        "fragility_65plus_share": ("65plus", 0.5, Text("Habitants de 65 ans et plus", "People aged 65 and over")),
        "fragility_low_diploma_share": (
            "peu_diplomes",
            0.5,
            Text("Non scolarisés de 15 ans et plus peu diplômés", "People out of school with few diplomas"),
        ),
        "fragility_poverty_share": ("pauvrete", 0.5, Text("Taux de pauvreté", "Poverty rate")),
    }
)
#: Components that another analysis tells too, to one.
_SAME_AS = {"fragility_no_4g_share": "mobile_4g_mean"}
FIXED, TERRITORY = "fixe", "territoire"


def digital_fragility_index(
    units: gpd.GeoDataFrame,
    *,
    population: gpd.GeoDataFrame | None,
    couverture_fixe: gpd.GeoDataFrame | None = None,
    couverture_mobile: gpd.GeoDataFrame | None = None,
    diplome: gpd.GeoDataFrame | None = None,
    revenu: gpd.GeoDataFrame | None = None,
    reference: str = FIXED,
    haut_sans_thd: float = 1.0,
    haut_sans_4g: float = 1.0,
    haut_65plus: float = 0.5,
    haut_peu_diplomes: float = 0.5,
    haut_pauvrete: float = 0.5,
    poids_sans_thd: float = 1.0,
    poids_sans_4g: float = 1.0,
    poids_65plus: float = 1.0,
    poids_peu_diplomes: float = 1.0,
    poids_pauvrete: float = 1.0,
) -> Measurement:
    r"""Compute the five components of digital fragility by unit, and their index from 0 to 10.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    population : GeoDataFrame or None
        Polygons with ``habitants``, and optional ``habitants_65plus``, ``menages`` and ``menages_pauvres``.
    couverture_fixe, couverture_mobile : GeoDataFrame, optional
        Rates of premises passed, and polygons with ``techno``.
    diplome : GeoDataFrame, optional
        Polygons with ``non_scolarises_15plus`` and ``peu_diplomes``.
    revenu : GeoDataFrame, optional
        Polygons with ``taux_pauvrete`` (%); without any, the share of poor households.
    reference : {'fixe', 'territoire'}
        A component of 0 counts 0 and one of ``haut_…`` or more counts 1; or the lowest and the highest of the units.
    haut_… : float
        Value of a component from which it counts 1.
    poids_… : float
        Weight of a component; one of weight 0 is left out.

    Returns
    -------
    Measurement
        The five components (0 to 1) and ``fragility_index`` (0 to 10), NaN where a component that weighs is unknown:
        an index of four components is not compared with one of five. Over all, the mean index of the people.

    Raises
    ------
    ParameterError
        When no component weighs.
    InvalidValueError
        When a number is out of its bounds, or a part larger than its whole.

    Notes
    -----
    :math:`I = 10 \sum_k w_k n_k / \sum_k w_k`, :math:`n_k = \min(x_k / h_k, 1)` with the fixed reference.

    References
    ----------
    Mednum and ANCT, Indice de fragilité numérique; OECD and JRC (2008), Handbook on constructing composite indicators.

    Examples
    --------
    >>> import shapely
    >>> square = [shapely.box(0, 0, 10, 10)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=square, index=["1"], crs=2154)
    >>> told = {"habitants": [100.0], "habitants_65plus": [25.0], "menages": [40.0], "menages_pauvres": [10.0]}
    >>> people = gpd.GeoDataFrame(told, geometry=square, crs=2154)
    >>> fibre = gpd.GeoDataFrame({"taux_fibre": [0.4]}, geometry=square, crs=2154)
    >>> cover = gpd.GeoDataFrame({"techno": ["4G"]}, geometry=[shapely.box(0, 0, 9, 10)], crs=2154)
    >>> census = {"non_scolarises_15plus": [70.0], "peu_diplomes": [14.0]}
    >>> found = digital_fragility_index(
    ...     units, population=people, couverture_fixe=fibre, couverture_mobile=cover,
    ...     diplome=gpd.GeoDataFrame(census, geometry=square, crs=2154),
    ... )
    >>> found.values.loc["1"].round(6).tolist()
    [0.6, 0.1, 0.25, 0.2, 0.25, 4.2]
    """
    highs = (haut_sans_thd, haut_sans_4g, haut_65plus, haut_peu_diplomes, haut_pauvrete)
    weights = (poids_sans_thd, poids_sans_4g, poids_65plus, poids_peu_diplomes, poids_pauvrete)
    _refuse_no_weight(weights)
    units, population, *layers = opened(
        units,
        population=population,
        couverture_fixe=couverture_fixe,
        couverture_mobile=couverture_mobile,
        diplome=diplome,
        revenu=revenu,
    )
    if population is None:
        columns = {name: unknown(units) for name in (*COMPONENTS, "fragility_index")}
        return measurement(units, columns, None, {"fragility_index_mean": Whole(np.nan, 0.0)})
    places = inhabited(units, population)
    columns = _components(units, places, population, *layers)
    scores = {name: _score(columns[name].value, high, reference) for name, high in zip(COMPONENTS, highs, strict=True)}
    index = _index(scores, dict(zip(COMPONENTS, weights, strict=True)), columns)
    overall = {"fragility_index_mean": _mean(units, places, index)}
    return measurement(units, columns | {"fragility_index": index}, None, overall)


def _components(
    units: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    population: gpd.GeoDataFrame,
    couverture_fixe: gpd.GeoDataFrame | None,
    couverture_mobile: gpd.GeoDataFrame | None,
    diplome: gpd.GeoDataFrame | None,
    revenu: gpd.GeoDataFrame | None,
) -> dict[str, Known]:
    """Return each component by unit, weighted by people, with the share of the people of whom it is known."""
    nothing = pd.Series(np.nan, index=places.index)
    elders = rate_of_polygons(
        population,
        "habitants_65plus",
        "habitants",
        Text("habitants_65plus dépasse habitants", "habitants_65plus exceeds habitants"),
    )
    told = {
        "fragility_no_fibre_share": nothing
        if couverture_fixe is None
        else 1 - fibre_rate_by_commune(places, couverture_fixe),
        "fragility_no_4g_share": nothing if couverture_mobile is None else 1 - mobile_share(places, couverture_mobile),
        "fragility_65plus_share": places["polygon"].map(elders).astype(float),
        "fragility_low_diploma_share": nothing if diplome is None else _few_diplomas(places, diplome),
    }
    columns = {
        name: Known(mean_by_unit(units, places, value), known_people(units, places, value))
        for name, value in told.items()
    }
    return columns | {"fragility_poverty_share": _poverty(units, places, population, revenu)}


def _few_diplomas(places: gpd.GeoDataFrame, diplome: gpd.GeoDataFrame) -> pd.Series[float]:
    every, few = (bounded(diplome, "diplome", name) for name in ("non_scolarises_15plus", "peu_diplomes"))
    what = Text("peu_diplomes dépasse non_scolarises_15plus", "peu_diplomes exceeds non_scolarises_15plus")
    return spread(places, diplome.assign(part=part_of(few, every, "diplome", what)), "part")


def _poverty(
    units: gpd.GeoDataFrame, places: gpd.GeoDataFrame, population: gpd.GeoDataFrame, revenu: gpd.GeoDataFrame | None
) -> Known:
    """Return the poverty rate of the people where any is published, else the share of poor households."""
    rate = pd.Series(np.nan, index=places.index)
    if revenu is not None:
        percent = bounded(revenu, "revenu", "taux_pauvrete")
        rate = spread(places, revenu.assign(part=percent / 100), "part")
    if rate.notna().any():
        return Known(mean_by_unit(units, places, rate), known_people(units, places, rate))
    what = Text("menages_pauvres dépasse menages", "menages_pauvres exceeds menages")
    poor = rate_of_polygons(population, "menages_pauvres", "menages", what)
    share = places["polygon"].map(poor).astype(float)
    homes = places["polygon"].map(bounded(population, "population", "menages")).astype(float) * places["fraction"]
    homes = homes.where(places["habitants"].notna())
    return Known(mean_by_unit(units, places, share, homes), known_people(units, places, share))


def _score(value: pd.Series[float], high: float, reference: str) -> pd.Series[float]:
    """Return a component from 0 to 1; NaN where all units have the same and the reference is the territory."""
    if reference == FIXED:
        return (value / high).clip(upper=1.0)
    low, top = value.min(), value.max()
    scaled: pd.Series[float] = (value - low) / (top - low) if top > low else value * np.nan
    return scaled


def _index(scores: Mapping[str, pd.Series[float]], weights: Mapping[str, float], columns: Mapping[str, Known]) -> Known:
    """Return the weighted mean of the scores, times ten; unknown where one that weighs is unknown."""
    weighing = [name for name, weight in weights.items() if weight > 0]
    total = sum(weights.values())
    value = pd.concat([scores[name] * (10 * weights[name] / total) for name in weighing], axis=1).sum(
        axis=1, skipna=False
    )
    share = pd.concat([columns[name].share for name in weighing], axis=1).min(axis=1)
    return Known(value, share.where(value.notna(), 0.0))


def _mean(units: gpd.GeoDataFrame, places: gpd.GeoDataFrame, index: Known) -> Whole:
    """Return the mean index of the people of units that have one, and how much of the territory it is known of."""
    unit, people = places["code_unite"], places["habitants"]
    mean = unit.map(index.value).astype(float)
    mass = people.where(mean.notna() & people.notna(), 0.0)
    known, area = float(mass.sum()), units.area
    value = float((mean * mass).sum() / known) if known > 0 else np.nan
    return Whole(value, float((index.share * area).sum() / area.sum()) if area.sum() > 0 else 0.0)


def _refuse_no_weight(weights: tuple[float, ...]) -> None:
    if sum(weights) > 0:
        return
    raise ParameterError(
        Text(
            "digital_fragility_index : les cinq poids valent 0 ; il en faut au moins un au-dessus",
            "digital_fragility_index: all five weights are 0; at least one must be above",
        ),
        Text("donnez un poids à une composante.", "give a weight to one component."),
    )


def _parameters() -> tuple[Parameter, ...]:
    high = Text("$c : valeur qui compte pour le plus (référence fixe)", "$c: value that counts most (fixed reference)")
    weight = Text("$c : poids dans l'indice (0 : laissée de côté)", "$c: weight in the index (0: left out)")
    return (
        Parameter(
            "reference",
            Text("ce à quoi chaque composante est rapportée", "what each component is compared with"),
            "choix",
            default=FIXED,
            choices={
                FIXED: Text("bornes fixes, les mêmes partout", "fixed bounds, the same everywhere"),
                TERRITORY: Text("la plus basse et la plus haute des unités", "the lowest and the highest of the units"),
            },
        ),
        *(
            Parameter(f"haut_{word}", high.fill(c=text), "part", default=top, minimum=0.01, maximum=1.0)
            for word, top, text in COMPONENTS.values()
        ),
        *(
            Parameter(f"poids_{word}", weight.fill(c=text), "poids", default=1.0, minimum=0.0, maximum=100.0)
            for word, _, text in COMPONENTS.values()
        ),
    )


ANALYSIS = Declaration(
    id="digital_fragility_index",
    title=Text("Indice de fragilité numérique à cinq composantes", "Digital fragility index of five components"),
    summary=Text(
        "Où se cumulent l'absence de très haut débit et de 4G, l'âge, le manque de diplôme et la pauvreté ?",
        "Where do lack of very high speed and of 4G, age, few diplomas and poverty add up?",
    ),
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(
        Input("population"),
        Input("couverture_fixe", required=False),
        Input("couverture_mobile", required=False),
        Input("diplome", required=False),
        Input("revenu", required=False),
    ),
    outputs=(
        *(
            Output(name, text, "part", better=-1, same_as=_SAME_AS.get(name, ""))
            for name, (_, _, text) in COMPONENTS.items()
        ),
        Output(
            "fragility_index",
            Text("Indice de fragilité numérique (0 à 10)", "Digital fragility index (0 to 10)"),
            "indice (0 à 10)",
            better=-1,
        ),
    ),
    formula=Text(
        "Chaque composante x est une part d'habitants (pondérée par eux) ; n = x ÷ borne haute, au plus 1 (référence "
        "fixe), ou (x − min) ÷ (max − min) des unités (référence du territoire). Indice = 10 × Σ poids × n ÷ Σ poids. "
        "Exemple : 60 % sans fibre, 10 % hors 4G, 25 % de 65 ans et plus, 20 % de peu diplômés, 25 % de pauvres ; n = "
        "0,6 ; 0,1 ; 0,25 ÷ 0,5 = 0,5 ; 0,4 ; 0,5 ; indice = 10 × 2,1 ÷ 5 = 4,2.",
        "Each component x is a share of the people (weighted by them); n = x ÷ upper bound, 1 at most (fixed "
        "reference), or (x − min) ÷ (max − min) of the units (reference of the territory). Index = 10 × Σ weight × n "
        "÷ Σ weight. Example: 60 % without fibre, 10 % out of 4G, 25 % aged 65 and over, 20 % with few diplomas, 25 % "
        "poor; n = 0.6; 0.1; 0.25 ÷ 0.5 = 0.5; 0.4; 0.5; index = 10 × 2.1 ÷ 5 = 4.2.",
    ),
    reading=Text(
        "Un indice de 4,2 signifie que les cinq composantes sont, en moyenne, à 42 % de leur borne haute. 0 : aucune "
        "fragilité mesurée ; 10 : les cinq au plus haut. Lisez les composantes avant l'indice : elles disent quoi "
        "faire.",
        "An index of 4.2 means that the five components are, on average, at 42 % of their upper bound. 0: no measured "
        "fragility; 10: all five at their highest. Read the components before the index: they tell what to do.",
    ),
    limits=Text(
        "Ce n'est pas l'indice publié par la Mednum et l'ANCT, dont il reprend les cinq axes, mais un calcul dont "
        "toutes les bornes et tous les poids sont des paramètres : ne mêlez pas les deux. Les bornes de 0,5 pour "
        "l'âge, le diplôme et la pauvreté sont des conventions. Le très haut débit est approché par la fibre : le "
        "câble et le THD radio n'y sont pas. Une unité dont une composante pondérée est inconnue n'a pas d'indice ; "
        "pour s'en passer, mettez son poids à 0, ce que le rapport consigne. La pauvreté est celle des habitants "
        "(Filosofi) là où elle est publiée quelque part, sinon celle des ménages des carreaux ; la référence du "
        "territoire change avec le périmètre.",
        "This is not the index published by Mednum and ANCT, whose five axes it takes up, but a computation whose "
        "bounds and weights are all parameters: do not mix the two. Bounds of 0.5 for age, diploma and poverty are "
        "conventions. Very high speed is approached by fibre: cable and radio are not in it. A unit of which a "
        "weighing component is unknown has no index; to do without it, set its weight to 0, which the record keeps. "
        "Poverty is that of the people (Filosofi) where any is published, else that of the households of the squares; "
        "the reference of the territory changes with the perimeter.",
    ),
    reference="Mednum et ANCT, Indice de fragilité numérique ; INSEE, recensement et Filosofi ; OCDE et "
    "CCR (2008), Handbook on constructing composite indicators.",
    function=digital_fragility_index,
    parameters=_parameters(),
    overall=(
        Output(
            "fragility_index_mean",
            Text("Indice de fragilité moyen des habitants", "Mean fragility index of the people"),
            "indice (0 à 10)",
            better=-1,
        ),
    ),
    apart=False,
)
