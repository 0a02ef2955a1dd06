"""Social gradient of participation: do the poor, the old and those far from digital tools take part as much?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Table, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text
from .concentration import concentration_curve, concentration_index
from .contributions import inhabitants, placed
from .entrance import opened
from .inhabited import inhabited, mean_by_unit, spread
from .knowledge import Known, measurement, unknown

__all__ = ["ANALYSIS", "participation_social_gradient"]

#: Column of the rank by role, and the word that names it.
RANKS = {
    "revenu": ("revenu_median", "income"),
    "population": ("part_65plus", "age"),
    "fragilite": ("indice", "fragility"),
}
#: Share of the people of a unit whose rank must be known for the unit to have one.
_MOST = 0.5
#: Digits to which ranks are compared: beyond is rounding.
_DIGITS = 6


def participation_social_gradient(
    units: gpd.GeoDataFrame,
    *,
    contribution: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    revenu: gpd.GeoDataFrame | None = None,
    fragilite: gpd.GeoDataFrame | None = None,
) -> Measurement:
    """Measure whether contributions gather in the units of high income, of older people, or of digital fragility.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, with ``nom_unite``, projected, in metres.
    contribution : GeoDataFrame or None
        Points, or no geometry and a ``lieu``.
    population : GeoDataFrame or None
        Polygons with ``habitants``, and ``habitants_65plus`` where known.
    revenu : GeoDataFrame or None
        Polygons with ``revenu_median``.
    fragilite : GeoDataFrame or None
        Polygons with ``indice`` (0 to 10).

    Returns
    -------
    Measurement
        Of the whole territory, the concentration index of contributions among inhabitants ordered by the income, the
        share of people aged 65 and over, the fragility of their unit: from -1 to 1, 0 where the order does not matter,
        under 0 where those of low rank take part more. NaN where the rank is unknown, or the same everywhere. The
        known share is that of the inhabitants whose rank is known, in units where at least half of them are, times
        that of the units whose inhabitants are known. Table ``participation_curves``.

    Notes
    -----
    See :func:`~territoire_sig.indicators.concentration.concentration_index`.

    References
    ----------
    Wagstaff A., Paci P., van Doorslaer E. (1991), Social Science and Medicine 33(5).

    Examples
    --------
    >>> import shapely
    >>> shapes = [shapely.box(0, 0, 9, 9), shapely.box(9, 0, 18, 9)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un", "Deux"]}, geometry=shapes, index=["1", "2"], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [100.0, 100.0]}, geometry=shapes, crs=2154)
    >>> income = gpd.GeoDataFrame({"revenu_median": [15000.0, 25000.0]}, geometry=shapes, crs=2154)
    >>> points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([1, 12, 13, 14], [1] * 4), crs=2154)
    >>> found = participation_social_gradient(units, contribution=points, population=people, revenu=income)
    >>> found.overall["participation_income_concentration"].value
    0.25
    """
    units, contribution, population, revenu, fragilite = opened(
        units, contribution=contribution, population=population, revenu=revenu, fragilite=fragilite
    )
    if contribution is None or population is None or not len(units):
        nothing = {output.name: Whole(np.nan, 0.0) for output in OVERALL}
        return measurement(
            units,
            {},
            overall=nothing,
            tables={CURVES.name: pd.DataFrame(columns=[column.name for column in CURVES.columns], dtype=float)},
        )
    where = placed(units, contribution)
    people, reach = inhabitants(units, population)
    places = inhabited(units, population)
    layers = {"revenu": revenu, "population": _with_old_share(population), "fragilite": fragilite}
    ranks = {word: _rank(units, places, layers[role], column) for role, (column, word) in RANKS.items()}
    told = people.where(people > 0)
    rate = where.count(units) / told
    overall = {
        f"participation_{word}_concentration": _concentration(rate, rank, told, where.known_share * float(reach.mean()))
        for word, rank in ranks.items()
    }
    return measurement(
        units,
        {},
        overall=overall,
        tables={CURVES.name: _curves(rate, {word: rank.value for word, rank in ranks.items()}, told)},
    )


def _with_old_share(population: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """Return the population with the share of its people aged 65 and over."""
    if "habitants_65plus" not in population.columns:
        return None
    people = population["habitants"].astype(float)
    share = (population["habitants_65plus"].astype(float) / people.where(people > 0)).clip(upper=1.0)
    return population.assign(part_65plus=share)


def _rank(units: gpd.GeoDataFrame, places: gpd.GeoDataFrame, layer: gpd.GeoDataFrame | None, column: str) -> Known:
    """Return the mean of a column over the people of each unit, and the share of them who have one.

    NaN under half: a sliver of the next polygon, along a border drawn twice, is no rank.
    """
    if layer is None or column not in layer.columns:
        return unknown(units)
    value = spread(places, layer.assign(**{column: layer[column].astype(float)}), column)
    share = mean_by_unit(units, places, value.notna().astype(float))
    enough = share >= _MOST
    return Known(mean_by_unit(units, places, value).round(_DIGITS).where(enough), share.where(enough, 0.0))


def _concentration(rate: pd.Series[float], rank: Known, people: pd.Series[float], told_share: float) -> Whole:
    """Return the index of the units of known rank; `told_share`: of contributions and units that are told at all."""
    both = rate.notna() & rank.value.notna()
    everyone = float(people.sum())
    known = told_share * float((people * rank.share)[both].sum()) / everyone if everyone > 0 else 0.0
    index = concentration_index(rate[both], rank.value[both], people[both]) if both.any() else np.nan
    return Whole(float(index), known)


def _curves(rate: pd.Series[float], ranks: dict[str, pd.Series[float]], people: pd.Series[float]) -> pd.DataFrame:
    """Return the points of the curves, where any of them bends; NaN for a rank that is unknown."""
    curves = {word: concentration_curve(rate, rank, people) for word, rank in ranks.items()}
    bends = np.unique(np.concatenate([curve["population_share"].to_numpy() for curve in curves.values()]).round(12))
    told = {
        f"{word}_contribution_share": concentration_curve(rate, ranks[word], people, at=bends)["value_share"].to_numpy()
        if len(curve) > 1
        else np.full(len(bends), np.nan)
        for word, curve in curves.items()
    }
    return pd.DataFrame({"population_share": bends, **told})


CURVES = Table(
    "participation_curves",
    Text("Courbes de concentration de la participation", "Concentration curves of participation"),
    (
        Output("population_share", Text("Part cumulée des habitants", "Cumulated share of inhabitants"), "part"),
        Output(
            "income_contribution_share",
            Text(
                "Contributions, du plus bas au plus haut revenu", "Contributions, from the lowest to the highest income"
            ),
            "part",
        ),
        Output(
            "age_contribution_share",
            Text("Contributions, du plus jeune au plus âgé", "Contributions, from the youngest to the oldest"),
            "part",
        ),
        Output(
            "fragility_contribution_share",
            Text("Contributions, du moins au plus fragile", "Contributions, from the least to the most fragile"),
            "part",
        ),
    ),
    curve=True,
)
OUTPUTS: tuple[Output, ...] = ()
OVERALL = (
    Output(
        "participation_income_concentration",
        Text("Concentration de la participation selon le revenu", "Concentration of participation by income"),
        "indice",
        minimum=-1.0,
    ),
    Output(
        "participation_age_concentration",
        Text(
            "Concentration de la participation selon la part des 65 ans et plus",
            "Concentration of participation by share of people aged 65 and over",
        ),
        "indice",
        minimum=-1.0,
    ),
    Output(
        "participation_fragility_concentration",
        Text(
            "Concentration de la participation selon la fragilité numérique",
            "Concentration of participation by digital fragility",
        ),
        "indice",
        minimum=-1.0,
    ),
)

ANALYSIS = Declaration(
    id="participation_social_gradient",
    title=Text("Gradient social de la participation", "Social gradient of participation"),
    summary=Text(
        "Participe-t-on autant là où vivent les plus modestes, les plus âgés, les plus éloignés du numérique ?",
        "Do people take part as much where the poorest, the oldest and the farthest from digital tools live?",
    ),
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(
        Input("contribution"),
        Input("population"),
        Input("revenu", required=False),
        Input("fragilite", required=False),
    ),
    outputs=OUTPUTS,
    overall=OVERALL,
    tables=(CURVES,),
    formula=Text(
        "Indice = (2 ÷ μ) Σ f h (R − ½) : h, contributions par habitant de l'unité ; f, sa part des habitants ; R, "
        "part des habitants de rang inférieur, plus la moitié de ceux de même rang ; μ, moyenne de h. Le rang est le "
        "revenu médian, la part des 65 ans et plus, ou l'indice de fragilité, moyenné par habitants dans l'unité. "
        "Exemple : deux unités de 100 habitants, la plus modeste avec 1 contribution, l'autre avec 3. R = 0,25 et "
        "0,75, h = 0,01 et 0,03, μ = 0,02 : (2 ÷ 0,02) × (0,5 × 0,01 × (−0,25) + 0,5 × 0,03 × 0,25) = 0,25.",
        "Index = (2 ÷ μ) Σ f h (R − ½): h, contributions an inhabitant of the unit; f, its share of the inhabitants; "
        "R, share of the inhabitants of lower rank, plus half of those of the same rank; μ, mean of h. The rank is "
        "the median income, the share of people aged 65 and over, or the fragility index, averaged by inhabitants in "
        "the unit. Example: two units of 100 inhabitants, the poorer with 1 contribution, the other with 3. R = 0.25 "
        "and 0.75, h = 0.01 and 0.03, μ = 0.02: (2 ÷ 0.02) × (0.5 × 0.01 × (−0.25) + 0.5 × 0.03 × 0.25) = 0.25.",
    ),
    reading=Text(
        "0,25 selon le revenu signifie que la participation penche vers les unités aisées ; −0,25, vers les plus "
        "modestes ; 0, ni l'un ni l'autre. Selon la fragilité, une valeur négative veut dire que ceux qui sont loin du "
        "numérique sont peu entendus.",
        "0.25 by income means that participation leans to the well-off units; −0.25, to the poorest; 0, to neither. By "
        "fragility, a negative value says that those who are far from digital tools are hardly heard.",
    ),
    limits=Text(
        "Le lien est entre unités, non entre personnes : on ne connaît ni l'âge ni le revenu de ceux qui contribuent. "
        "Il est d'autant plus faible que les unités sont grandes et mêlées. Les unités où le rang de moins de la "
        "moitié des habitants est connu (secret statistique) sont laissées de côté : la part connue dit quels "
        "habitants restent, et baisse de la part des unités dont les habitants sont inconnus.",
        "The link is between units, not persons: neither the age nor the income of those who contribute is known. The "
        "larger and the more mixed the units, the weaker it is. Units where the rank of fewer than half of the "
        "inhabitants is known (statistical secrecy) are left out: the known share says which inhabitants remain, and "
        "falls with the share of units whose inhabitants are unknown.",
    ),
    reference="Wagstaff A., Paci P., van Doorslaer E. (1991), On the measurement of inequalities in health, Social "
    "Science and Medicine 33(5), p. 545-557 ; Robinson W. S. (1950), Ecological correlations and the "
    "behavior of individuals, American Sociological Review 15(3).",
    function=participation_social_gradient,
    apart=False,
    family=Family.SATISFACTION,
)
