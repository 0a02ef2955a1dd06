"""Participation: how many contributions do citizens make, for a thousand inhabitants?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text
from .contributions import Placed, inhabitants, placed
from .entrance import opened
from .knowledge import Known, everywhere, measurement, unknown
from .smoothing import smoothed

__all__ = ["ANALYSIS", "participation_rate"]

_PER = 1_000.0


def participation_rate(
    units: gpd.GeoDataFrame,
    *,
    contribution: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None = None,
) -> Measurement:
    """Count the contributions and the supports of each unit, and relate them to its inhabitants.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, with ``nom_unite``, projected, in metres.
    contribution : GeoDataFrame or None
        Points, or no geometry and a ``lieu``; ``soutiens`` where known.
    population : GeoDataFrame or None
        Polygons with ``habitants``.

    Returns
    -------
    Measurement
        ``participation_count`` and ``participation_support_count``; ``participation_per_1000`` and
        ``participation_smoothed_per_1000`` (NaN where inhabitants are unknown, or none); of the whole territory, the
        contributions received, those in a unit, out of all units or in no known place, and the rate. The known share
        is that of the contributions whose place is known, times that of what is peopled whose number is known.

    Notes
    -----
    Smoothed by empirical Bayes under Poisson's law: see :func:`~territoire_sig.indicators.smoothing.smoothed`.

    References
    ----------
    Brown G., Raymond C. M. (2014); Marshall R. J. (1991), Applied Statistics 40(2).

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 9, 9)], index=["1"], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [500.0]}, geometry=[shapely.box(0, 0, 9, 9)], crs=2154)
    >>> points = gpd.GeoDataFrame({"soutiens": [4, 6]}, geometry=gpd.points_from_xy([1, 2], [1, 2]), crs=2154)
    >>> participation_rate(units, contribution=points, population=people).values.loc["1"].tolist()
    [2.0, 10.0, 4.0, 4.0]
    """
    units, contribution, population = opened(units, contribution=contribution, population=population)
    if contribution is None:
        nothing = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, nothing, overall={output.name: Whole(np.nan, 0.0) for output in OVERALL})
    where = placed(units, contribution)
    count = where.count(units)
    people, reach = inhabitants(units, population)
    told = people.where(people > 0)
    smooth = smoothed(count, told, binomial=False)
    share = where.known_share * everywhere(units)
    columns = {
        "participation_count": Known(count, share),
        "participation_support_count": _supports(units, contribution, where),
        "participation_per_1000": Known(_PER * count / told, (share * reach).where(told.notna(), 0.0)),
        "participation_smoothed_per_1000": Known(
            pd.Series(_PER * smooth.value, index=units.index), (share * reach).where(told.notna(), 0.0)
        ),
    }
    return measurement(units, columns, overall=_whole(where, count, told))


def _supports(units: gpd.GeoDataFrame, contribution: gpd.GeoDataFrame, where: Placed) -> Known:
    """Return the supports of each unit; known for the part of its contributions whose supports are told."""
    if "soutiens" not in contribution.columns:
        return unknown(units)
    supports = contribution["soutiens"].astype(float)
    told = where.count(units, supports.notna().astype(float))
    every = where.count(units)
    share = (told / every.where(every > 0)).fillna(1.0 if supports.notna().any() else 0.0)
    return Known(where.count(units, supports.fillna(0.0)), share * where.known_share)


def _whole(where: Placed, count: pd.Series[float], people: pd.Series[float]) -> dict[str, Whole]:
    received, inside = float(len(where.unit)), float(count.sum())
    known = float(people.notna().mean()) if len(people) else 0.0
    rate = _PER * float(count[people.notna()].sum()) / float(people.sum()) if known > 0 else np.nan
    return {
        "participation_received_count": Whole(received, 1.0),
        "participation_placed_count": Whole(inside, 1.0),
        "participation_outside_count": Whole(float(where.outside.sum()), 1.0),
        "participation_unplaced_count": Whole(received - inside - float(where.outside.sum()), 1.0),
        "participation_all_per_1000": Whole(rate, where.known_share * known),
    }


OUTPUTS = (
    Output("participation_count", Text("Contributions citoyennes", "Citizens' contributions"), "nombre", better=1),
    Output(
        "participation_support_count",
        Text("Soutiens reçus par ces contributions", "Supports that these contributions received"),
        "nombre",
        better=1,
    ),
    Output(
        "participation_per_1000",
        Text("Contributions pour 1 000 habitants", "Contributions for 1,000 inhabitants"),
        "pour 1000",
        better=1,
    ),
    Output(
        "participation_smoothed_per_1000",
        Text("Contributions pour 1 000 habitants, lissées", "Contributions for 1,000 inhabitants, smoothed"),
        "pour 1000",
    ),
)
OVERALL = (
    Output("participation_received_count", Text("Contributions reçues", "Contributions received"), "nombre"),
    Output(
        "participation_placed_count", Text("Contributions situées dans une unité", "Contributions in a unit"), "nombre"
    ),
    Output(
        "participation_outside_count",
        Text("Contributions situées hors du territoire", "Contributions out of the territory"),
        "nombre",
    ),
    Output(
        "participation_unplaced_count",
        Text("Contributions sans lieu connu", "Contributions in no known place"),
        "nombre",
        better=-1,
    ),
    Output(
        "participation_all_per_1000",
        Text(
            "Contributions pour 1 000 habitants du territoire", "Contributions for 1,000 inhabitants of the territory"
        ),
        "pour 1000",
        better=1,
    ),
)

ANALYSIS = Declaration(
    id="participation_rate",
    title=Text("Participation citoyenne", "Citizens' participation"),
    summary=Text(
        "Combien de contributions les habitants font-ils, et où participe-t-on le plus ?",
        "How many contributions do inhabitants make, and where do they take part the most?",
    ),
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(Input("contribution"), Input("population", required=False)),
    outputs=OUTPUTS,
    overall=OVERALL,
    formula=Text(
        "Taux = 1 000 × contributions de l'unité ÷ habitants. Une contribution sans coordonnées compte dans l'unité "
        "dont elle donne le code ou le nom. Le taux lissé est tiré vers celui du territoire, d'autant plus que l'unité "
        "a peu d'habitants : m + w (r − m), w = A ÷ (A + m ÷ habitants), A = variance des taux − m ÷ habitants moyens "
        "(0 si négative). Exemple : 2 contributions pour 500 habitants, 1 000 × 2 ÷ 500 = 4 pour 1 000.",
        "Rate = 1,000 × contributions in the unit ÷ inhabitants. A contribution without coordinates counts in the unit "
        "whose code or name it tells. The smoothed rate is drawn to that of the territory, the more so as the unit has "
        "few inhabitants: m + w (r − m), w = A ÷ (A + m ÷ inhabitants), A = variance of the rates − m ÷ mean "
        "inhabitants (0 if negative). Example: 2 contributions for 500 inhabitants, 1,000 × 2 ÷ 500 = 4 for 1,000.",
    ),
    reading=Text(
        "4 signifie que l'unité a fait 4 contributions pour 1 000 habitants. Une part connue de 0,9 : une contribution "
        "sur dix n'a pas pu être située, et manque quelque part.",
        "4 means that the unit made 4 contributions for 1,000 inhabitants. A known share of 0.9: one contribution in "
        "ten could not be placed, and is missing somewhere.",
    ),
    limits=Text(
        "On situe l'objet de la contribution, non le domicile de son auteur. Une personne peut contribuer plusieurs "
        "fois. Les contributions hors du territoire ou sans lieu connu sont comptées à part, dans l'ensemble. Les "
        "soutiens sont les votes et les adhésions publiques, additionnés : une même personne peut avoir donné les "
        "deux. Les habitants d'une unité sont inconnus si la population en couvre moins de la moitié sans qu'un de ses "
        "polygones y soit pour l'essentiel.",
        "What is placed is what the contribution is about, not its author's home. One person may contribute several "
        "times. Contributions out of the territory, or in no known place, are counted apart, in the whole. Supports "
        "are votes and public endorsements, added: one person may have given both. "
        "The inhabitants of a unit are unknown where the population covers less than half of it and none of its "
        "polygons lies mainly in it.",
    ),
    reference="Brown G., Raymond C. M. (2014), Methods for identifying land use conflict potential using participatory "
    "mapping, Landscape and Urban Planning 122, p. 196-208 ; Marshall R. J. (1991), Applied Statistics 40(2), p. "
    "283-294.",
    function=participation_rate,
    apart=False,
    family=Family.SATISFACTION,
)
