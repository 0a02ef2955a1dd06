"""Representativeness: do contributions come from everywhere in proportion to the people?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text
from .contributions import inhabitants, placed
from .entrance import opened
from .knowledge import Known, measurement, unknown

__all__ = ["ANALYSIS", "dissimilarity", "participation_representation", "representation"]

#: Known units from which shares are compared.
_SEVERAL = 2


def representation(amount: pd.Series[float], people: pd.Series[float]) -> pd.DataFrame:
    """Return the share of each unit in an amount and in the people, and the first over the second.

    Parameters
    ----------
    amount, people : Series of float
        By unit; a unit of which one is unknown is left out of both totals.

    Returns
    -------
    DataFrame
        ``amount_share``, ``people_share`` (0 to 1), ``quotient`` (1: as many as people; NaN where nobody lives).

    Examples
    --------
    >>> representation(pd.Series([3.0, 1.0]), pd.Series([100.0, 100.0])).to_numpy().tolist()
    [[0.75, 0.5, 1.5], [0.25, 0.5, 0.5]]
    """
    told = amount.notna() & people.notna()
    kept, lived = amount.where(told), people.where(told)
    total, everyone = float(kept.sum()), float(lived.sum())
    of_amount = kept / (total if total > 0 else np.nan)
    of_people = lived / (everyone if everyone > 0 else np.nan)
    quotient = of_amount / of_people.where(of_people > 0)
    return pd.DataFrame({"amount_share": of_amount, "people_share": of_people, "quotient": quotient})


def dissimilarity(shares: pd.DataFrame) -> float:
    """Return the share that would have to move for each unit to have as much as its people (0 to 1).

    NaN with fewer than two known units: one is not compared with itself.

    Examples
    --------
    >>> dissimilarity(representation(pd.Series([3.0, 1.0]), pd.Series([100.0, 100.0])))
    0.25
    """
    gap = (shares["amount_share"] - shares["people_share"]).abs()
    return float(gap.sum() / 2) if gap.notna().sum() >= _SEVERAL else np.nan


def participation_representation(
    units: gpd.GeoDataFrame, *, contribution: gpd.GeoDataFrame | None, population: gpd.GeoDataFrame | None
) -> Measurement:
    """Compare the share of each unit in the contributions with its share of the inhabitants.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, with ``nom_unite``, projected, in metres.
    contribution : GeoDataFrame or None
        Points, or no geometry and a ``lieu``.
    population : GeoDataFrame or None
        Polygons with ``habitants``.

    Returns
    -------
    Measurement
        ``participation_contribution_share``, ``participation_inhabitant_share`` (0 to 1) and
        ``participation_quotient``; of the whole, ``participation_dissimilarity_share``. NaN without any contribution
        in a unit, and where inhabitants are unknown.

    Notes
    -----
    See :func:`representation` and :func:`dissimilarity`.

    References
    ----------
    Duncan O. D., Duncan B. (1955), American Sociological Review 20(2); Brown G., Raymond C. M. (2014).

    Examples
    --------
    >>> import shapely
    >>> shapes = [shapely.box(0, 0, 9, 9), shapely.box(9, 0, 18, 9)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un", "Deux"]}, geometry=shapes, index=["1", "2"], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [100.0, 100.0]}, geometry=shapes, crs=2154)
    >>> points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([1, 2, 3, 12], [1] * 4), crs=2154)
    >>> found = participation_representation(units, contribution=points, population=people)
    >>> found.values.loc["1"].tolist(), found.overall["participation_dissimilarity_share"].value
    ([0.75, 0.5, 1.5], 0.25)
    """
    units, contribution, population = opened(units, contribution=contribution, population=population)
    if contribution is None or population is None:
        nothing = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, nothing, overall={output.name: Whole(np.nan, 0.0) for output in OVERALL})
    where = placed(units, contribution)
    people, reach = inhabitants(units, population)
    table = representation(where.count(units), people)
    share = (where.known_share * reach).where(people.notna(), 0.0)
    columns = {
        "participation_contribution_share": Known(table["amount_share"], share),
        "participation_inhabitant_share": Known(table["people_share"], reach.where(people.notna(), 0.0)),
        "participation_quotient": Known(table["quotient"], share),
    }
    known = where.known_share * float(people.notna().mean()) if len(units) else 0.0
    whole = Whole(dissimilarity(table), known)
    return measurement(units, columns, overall={"participation_dissimilarity_share": whole})


OUTPUTS = (
    Output(
        "participation_contribution_share",
        Text("Part des contributions du territoire", "Share of the territory's contributions"),
        "part",
    ),
    Output(
        "participation_inhabitant_share",
        Text("Part des habitants du territoire", "Share of the territory's inhabitants"),
        "part",
    ),
    Output(
        "participation_quotient",
        Text("Quotient de représentation", "Representation quotient"),
        "rapport",
    ),
)
OVERALL = (
    Output(
        "participation_dissimilarity_share",
        Text("Indice de dissimilarité de la participation", "Dissimilarity index of participation"),
        "part",
        better=-1,
    ),
)

ANALYSIS = Declaration(
    id="participation_representation",
    title=Text("Représentativité de la participation", "Representativeness of participation"),
    summary=Text(
        "Les contributions viennent-elles de partout, à proportion des habitants ?",
        "Do contributions come from everywhere, in proportion to the inhabitants?",
    ),
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(Input("contribution"), Input("population")),
    outputs=OUTPUTS,
    overall=OVERALL,
    formula=Text(
        "Quotient = (contributions de l'unité ÷ contributions situées) ÷ (habitants de l'unité ÷ habitants). Indice de "
        "dissimilarité = ½ Σ |part des contributions − part des habitants|. Exemple : deux unités de 100 habitants, 3 "
        "et 1 contributions. Quotients 0,75 ÷ 0,5 = 1,5 et 0,25 ÷ 0,5 = 0,5 ; indice ½ (0,25 + 0,25) = 0,25.",
        "Quotient = (contributions of the unit ÷ contributions placed) ÷ (inhabitants of the unit ÷ inhabitants). "
        "Dissimilarity index = ½ Σ |share of contributions − share of inhabitants|. Example: two units of 100 "
        "inhabitants, 3 and 1 contributions. Quotients 0.75 ÷ 0.5 = 1.5 and 0.25 ÷ 0.5 = 0.5; index ½ (0.25 + 0.25) = "
        "0.25.",
    ),
    reading=Text(
        "Un quotient de 1,5 signifie que l'unité est une fois et demie plus présente dans les contributions que dans "
        "la population ; 1 est l'égalité. Un indice de 0,25 : il faudrait déplacer le quart des contributions pour que "
        "chaque unité en ait sa part.",
        "A quotient of 1.5 means that the unit is one and a half times as present in the contributions as in the "
        "population; 1 is equality. An index of 0.25: a quarter of the contributions would have to move for each unit "
        "to have its share.",
    ),
    limits=Text(
        "On situe l'objet de la contribution, non le domicile de son auteur : un centre-ville est l'objet de "
        "contributions venues d'ailleurs. Avec peu de contributions, l'indice est grand par le seul hasard. Les unités "
        "dont les habitants sont inconnus sont hors des deux totaux ; s'il n'en reste qu'une, l'indice est inconnu. "
        "Les habitants d'une unité sont inconnus si la population en couvre moins de la moitié sans qu'un de ses "
        "polygones y soit pour l'essentiel.",
        "What is placed is what the contribution is about, not its author's home: a town centre is what people from "
        "elsewhere write about. With few contributions, the index is large by chance alone. Units whose inhabitants "
        "are unknown are out of both totals; with one left, the index is unknown. "
        "The inhabitants of a unit are unknown where the population covers less than half of it and none of its "
        "polygons lies mainly in it.",
    ),
    reference="Duncan O. D., Duncan B. (1955), A methodological analysis of segregation indexes, American Sociological "
    "Review 20(2), p. 210-217 ; Brown G., Raymond C. M. (2014), Landscape and Urban Planning 122, p. 196-208.",
    function=participation_representation,
    apart=False,
    family=Family.SATISFACTION,
)
