"""Inequality of coverage among inhabitants: is fibre, or 4G, shared out evenly among them?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Table, Whole
from ..model.policies import Policy
from ..texts import Text
from .draws import DRAWS, SEED
from .entrance import opened
from .inequality import gini, lorenz, palma, theil
from .inhabited import fibre_rate_by_buildings, inhabited, known_overall, known_people, mean_by_unit, mobile_share
from .knowledge import Known, measurement, unknown
from .resampling import bootstrap

__all__ = ["ANALYSES", "LORENZ_STEPS", "fibre_inequality", "mobile_inequality"]

#: Shares of the people at which a curve is told.
LORENZ_STEPS = np.linspace(0.0, 1.0, 21).round(2)
#: Places of known people from which the inequality within a unit is told.
_SEVERAL = 2


def fibre_inequality(
    units: gpd.GeoDataFrame,
    *,
    population: gpd.GeoDataFrame | None,
    immeuble: gpd.GeoDataFrame | None,
    tirages: float = 200.0,
    graine: float = 0.0,
) -> Measurement:
    r"""Measure how unevenly fibre is shared out among the inhabitants, in each unit and over all.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    population : GeoDataFrame or None
        Polygons with ``habitants``; each, cut by unit, is a place whose people have one rate.
    immeuble : GeoDataFrame or None
        Points with ``etat`` and optional ``locaux``: the rate of a place is that of its premises.
    tirages, graine : float
        Draws of the intervals, and seed.

    Returns
    -------
    Measurement
        By unit, the mean, the Gini index, Theil's T and Palma's ratio of the people's rates; over all, the same with
        the 95 % interval of the Gini index, and the Lorenz curve. NaN with fewer than two places known in the unit.
        The known share is that of the people whose place has a known rate.

    Notes
    -----
    :math:`G = \sum_{i,j} p_i p_j |t_i - t_j| / 2 \bar t P^2`, over the places *i* of :math:`p_i` people.

    References
    ----------
    Cowell F. (2011), Measuring inequality, Oxford University Press.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 20, 10)], index=["1"], crs=2154)
    >>> squares = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    >>> people = gpd.GeoDataFrame({"habitants": [75.0, 25.0]}, geometry=squares, crs=2154)
    >>> told = {"etat": ["cible", "deploye"]}
    >>> homes = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([5, 15], [5, 5]), crs=2154)
    >>> found = fibre_inequality(units, population=people, immeuble=homes).values
    >>> found.loc["1", ["fibre_mean", "fibre_gini"]].tolist()
    [0.25, 0.75]
    """
    units, population, immeuble = opened(units, population=population, immeuble=immeuble)
    if population is None or immeuble is None:
        return _untold(units, "fibre")
    places = inhabited(units, population)
    return _measured("fibre", units, places, fibre_rate_by_buildings(places, immeuble), tirages, graine)


def mobile_inequality(
    units: gpd.GeoDataFrame,
    *,
    population: gpd.GeoDataFrame | None,
    couverture_mobile: gpd.GeoDataFrame | None,
    tirages: float = 200.0,
    graine: float = 0.0,
) -> Measurement:
    r"""Measure how unevenly 4G coverage is shared out among the inhabitants, in each unit and over all.

    As :func:`fibre_inequality`, the rate of a place being the share of its area that 4G covers. A place over which a
    polygon without technology lies is in doubt, hence unknown.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 20, 10)], index=["1"], crs=2154)
    >>> squares = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    >>> people = gpd.GeoDataFrame({"habitants": [50.0, 50.0]}, geometry=squares, crs=2154)
    >>> cover = gpd.GeoDataFrame({"techno": ["4G"]}, geometry=[shapely.box(0, 0, 15, 10)], crs=2154)
    >>> found = mobile_inequality(units, population=people, couverture_mobile=cover).values
    >>> found.loc["1", ["mobile_4g_mean", "mobile_4g_gini"]].round(9).tolist()
    [0.75, 0.166666667]
    """
    units, population, couverture_mobile = opened(units, population=population, couverture_mobile=couverture_mobile)
    if population is None or couverture_mobile is None:
        return _untold(units, "mobile_4g")
    places = inhabited(units, population)
    return _measured("mobile_4g", units, places, mobile_share(places, couverture_mobile), tirages, graine)


_MEASURES = {"gini": gini, "theil": theil, "palma": palma}


def _measured(
    prefix: str,
    units: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    rate: pd.Series[float],
    tirages: float,
    graine: float,
) -> Measurement:
    reached = known_people(units, places, rate)
    known = places.assign(rate=rate)[rate.notna() & (places["habitants"] > 0)]
    groups = {code: rows for code, rows in known.groupby("code_unite", sort=False) if len(rows) >= _SEVERAL}
    columns = {f"{prefix}_mean": Known(mean_by_unit(units, places, rate), reached)}
    for name, measure in _MEASURES.items():
        found = {code: measure(rows["rate"], rows["habitants"]) for code, rows in groups.items()}
        columns[f"{prefix}_{name}"] = Known(pd.Series(found, dtype=float).reindex(units.index), reached)
    rates, people = known["rate"].to_numpy(), known["habitants"].to_numpy()
    interval = bootstrap(gini, rates, weights=people, draws=int(tirages), seed=int(graine))
    told = {
        "overall_gini": gini(rates, people),
        "overall_gini_low": interval.low,
        "overall_gini_high": interval.high,
        "overall_theil": theil(rates, people),
        "overall_palma": palma(rates, people),
    }
    share = known_overall(units, places, rate)
    overall = {f"{prefix}_{name}": Whole(value, share) for name, value in told.items()}
    return measurement(units, columns, None, overall, {f"{prefix}_lorenz": lorenz(rates, people, at=LORENZ_STEPS)})


def _untold(units: gpd.GeoDataFrame, prefix: str) -> Measurement:
    columns = {output.name: unknown(units) for output in _outputs(prefix, Text("", ""))}
    overall = {output.name: Whole(np.nan, 0.0) for output in _overall(prefix, Text("", ""))}
    return measurement(units, columns, None, overall, {f"{prefix}_lorenz": lorenz([], at=LORENZ_STEPS)})


def _outputs(prefix: str, what: Text) -> tuple[Output, ...]:
    return (
        Output(
            f"{prefix}_mean",
            Text("$w : moyenne des habitants", "$w: mean of the people").fill(w=what),
            "part",
            better=1,
            same_as="mobile_inhabitants_4g_share" if prefix == "mobile_4g" else "",
        ),
        Output(
            f"{prefix}_gini",
            Text("$w : indice de Gini entre habitants", "$w: Gini index among the people").fill(w=what),
            "part",
        ),
        Output(
            f"{prefix}_theil",
            Text("$w : indice T de Theil entre habitants", "$w: Theil's T among the people").fill(w=what),
            "indice",
        ),
        Output(
            f"{prefix}_palma",
            Text(
                "$w : rapport de Palma (10 % les mieux ÷ 40 % les moins bien servis)",
                "$w: Palma's ratio (best-served 10 % ÷ worst-served 40 %)",
            ).fill(w=what),
            "rapport",
        ),
    )


def _overall(prefix: str, what: Text) -> tuple[Output, ...]:
    all_over = Text("$t, sur tout le territoire", "$t, over the whole territory")
    _, of_gini, of_theil, of_palma = _outputs(prefix, what)
    bound = Text("$t : borne $b de l'intervalle à 95 %", "$t: $b bound of the 95 % interval")
    low, high = Text("basse", "lower"), Text("haute", "upper")
    whole = all_over.fill(t=of_gini.text)
    return (
        Output(f"{prefix}_overall_gini", whole, "part"),
        Output(f"{prefix}_overall_gini_low", bound.fill(t=whole, b=low), "part"),
        Output(f"{prefix}_overall_gini_high", bound.fill(t=whole, b=high), "part"),
        Output(f"{prefix}_overall_theil", all_over.fill(t=of_theil.text), "indice"),
        Output(f"{prefix}_overall_palma", all_over.fill(t=of_palma.text), "rapport"),
    )


def _lorenz_table(prefix: str, what: Text) -> Table:
    return Table(
        f"{prefix}_lorenz",
        Text("Courbe de Lorenz : $w", "Lorenz curve: $w").fill(w=what),
        (
            Output(
                "population_share",
                Text(
                    "Part des habitants, des moins bien servis aux mieux servis",
                    "Share of the people, worst served first",
                ),
                "part",
            ),
            Output(
                "value_share", Text("Part de la couverture qu'ils ont", "Share of the coverage that they have"), "part"
            ),
        ),
        curve=True,
    )


_FORMULA = Text(
    "Chaque lieu (polygone de population, coupé par unité) a $rate t et p habitants ; t̄ est la moyenne pondérée. "
    "Gini = Σᵢⱼ pᵢ pⱼ |tᵢ − tⱼ| ÷ (2 t̄ P²). Theil = Σ (pᵢ ÷ P)(tᵢ ÷ t̄) ln(tᵢ ÷ t̄), 0 ln 0 valant 0. Palma = part "
    "de la couverture qu'ont les 10 % les mieux servis ÷ part qu'ont les 40 % les moins bien servis, lues sur la "
    "courbe de Lorenz. Exemple : 75 habitants à 0 et 25 à 1. t̄ = 0,25 ; Gini = 2 × 75 × 25 × 1 ÷ (2 × 0,25 × 100²) = "
    "0,75 ; Theil = 0,25 × 4 × ln 4 = 1,386 ; Palma n'existe pas, les 40 % les moins bien servis n'ayant rien.",
    "Each place (population polygon, cut by unit) has $rate t and p people; t̄ is the weighted mean. Gini = Σᵢⱼ pᵢ pⱼ "
    "|tᵢ − tⱼ| ÷ (2 t̄ P²). Theil = Σ (pᵢ ÷ P)(tᵢ ÷ t̄) ln(tᵢ ÷ t̄), with 0 ln 0 = 0. Palma = share of the coverage "
    "of the best-served 10 % ÷ share of the worst-served 40 %, read on the Lorenz curve. Example: 75 people at 0 and "
    "25 at 1. t̄ = 0.25; Gini = 2 × 75 × 25 × 1 ÷ (2 × 0.25 × 100²) = 0.75; Theil = 0.25 × 4 × ln 4 = 1.386; there is "
    "no Palma ratio, the worst-served 40 % having nothing.",
)
_READING = Text(
    "Un Gini de 0,42 signifie que deux habitants pris au hasard ont des couvertures qui diffèrent, en moyenne, de 84 "
    "% de la moyenne ; 0 signifie que tous ont la même. Un Palma de 0,25 est l'égalité. L'intervalle dit entre "
    "quelles bornes l'indice tombe 95 fois sur 100 quand on tire à nouveau les lieux.",
    "A Gini of 0.42 means that two people taken at random have coverages that differ, on average, by 84 % of the "
    "mean; 0 means that all have the same. A Palma of 0.25 is equality. The interval tells between which bounds the "
    "index falls 95 times in 100 when places are drawn again.",
)
_LIMITS = Text(
    "Tous les habitants d'un lieu y ont la même couverture : l'inégalité à l'intérieur d'un carreau ne se voit pas, "
    "et plus les lieux sont grands, plus l'indice est bas : ne comparez que des mailles semblables. Une unité dont "
    "moins de deux lieux sont connus n'a pas d'indice. Là où personne n'a rien, il n'y a rien à partager : inconnu, "
    "non 0. Une égalité n'est pas un succès : zéro inégalité peut dire que personne n'est servi ; lisez la moyenne, "
    "qui seule compte dans la cohérence d'ensemble. "
    "$own",
    "All the people of a place have the same coverage there: inequality within a square is not seen, and the larger "
    "the places, the lower the index: compare like meshes only. A unit with fewer than two known places has no index. "
    "Where nobody has anything there is nothing to share out: unknown, not 0. Equality is no success: no inequality "
    "may say that nobody is served; read the mean, which alone counts in the overall coherence. $own",
)
_REFERENCE = (
    "Cowell F. (2011), Measuring inequality, Oxford University Press ; Palma J. G. (2011), Development and Change "
    "42(1) ; Efron B., Tibshirani R. (1993), An introduction to the bootstrap."
)
_FIBRE, _MOBILE = Text("Fibre", "Fibre"), Text("Couverture 4G", "4G coverage")
_BUILDINGS = Text(
    "une part de locaux atteints par la fibre (immeubles déployés ou raccordables sur demande ÷ immeubles d'état "
    "connu)",
    "a share of premises reached by fibre (buildings deployed or connectable on demand ÷ buildings whose state is "
    "known)",
)

ANALYSES = (
    Declaration(
        id="fibre_inequality",
        title=Text("Inégalité d'accès à la fibre entre habitants", "Inequality of fibre among the people"),
        summary=Text(
            "La fibre est-elle également partagée entre les habitants, dans chaque unité et dans tout le territoire ?",
            "Is fibre evenly shared out among the people, in each unit and over the whole territory?",
        ),
        policies=(Policy.INCLUSION, Policy.NUMERIQUE),
        inputs=(Input("population"), Input("immeuble")),
        outputs=_outputs("fibre", _FIBRE),
        formula=_FORMULA.fill(rate=_BUILDINGS),
        reading=_READING,
        limits=_LIMITS.fill(
            own=Text(
                "Un lieu sans immeuble d'état connu est laissé de côté : la part connue le dit. L'ouverture "
                "commerciale n'est pas demandée.",
                "A place without a building whose state is known is left out: the known share says so. Commercial "
                "opening is not asked.",
            )
        ),
        reference=_REFERENCE,
        function=fibre_inequality,
        parameters=(DRAWS, SEED),
        overall=_overall("fibre", _FIBRE),
        tables=(_lorenz_table("fibre", _FIBRE),),
    ),
    Declaration(
        id="mobile_inequality",
        title=Text("Inégalité de couverture 4G entre habitants", "Inequality of 4G coverage among the people"),
        summary=Text(
            "La couverture 4G est-elle également partagée entre les habitants, dans chaque unité et dans tout le "
            "territoire ?",
            "Is 4G coverage evenly shared out among the people, in each unit and over the whole territory?",
        ),
        policies=(Policy.INCLUSION, Policy.NUMERIQUE),
        inputs=(Input("population"), Input("couverture_mobile")),
        outputs=_outputs("mobile_4g", _MOBILE),
        formula=_FORMULA.fill(rate=Text("une part de surface couverte en 4G", "a share of area covered by 4G")),
        reading=_READING,
        limits=_LIMITS.fill(
            own=Text(
                "La couverture est théorique, à l'extérieur, de n'importe quel opérateur. Sous un polygone qui ne "
                "nomme pas sa technologie, elle est inconnue.",
                "Coverage is theoretical, outdoors, of any operator. Under a polygon that does not name its "
                "technology, it is unknown.",
            )
        ),
        reference=_REFERENCE,
        function=mobile_inequality,
        parameters=(DRAWS, SEED),
        overall=_overall("mobile_4g", _MOBILE),
        tables=(_lorenz_table("mobile_4g", _MOBILE),),
    ),
)
