"""Inequality of fibre within and between units: are the gaps inside the communes, or from one to another?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Whole
from ..model.policies import Policy
from ..texts import Text
from .entrance import opened
from .inequality import TheilParts, theil_parts
from .inhabited import fibre_rate_by_buildings, fibre_rate_by_commune, inhabited, known_overall, known_people
from .knowledge import Known, measurement, unknown

__all__ = ["ANALYSIS", "fibre_theil_parts"]

OUTPUTS = (
    Output(
        "fibre_theil_within",
        Text(
            "Ce que l'unité apporte à l'inégalité interne aux unités", "What the unit brings to inequality within units"
        ),
        "indice",
    ),
    Output(
        "fibre_theil_between",
        Text("Ce que l'unité apporte à l'inégalité entre unités", "What the unit brings to inequality between units"),
        "indice",
        minimum=None,
    ),
    Output(
        "fibre_share_gap",
        Text(
            "Part de la fibre moins part des habitants qu'a l'unité",
            "Share of the fibre less share of the people that the unit has",
        ),
        "indice",
        better=1,
        minimum=-1.0,
    ),
)
OVERALL = (
    Output(
        "fibre_theil_total",
        Text("Indice T de Theil de la fibre entre habitants", "Theil's T of fibre among the people"),
        "indice",
        better=-1,
    ),
    Output(
        "fibre_theil_within_total",
        Text("Inégalité interne aux unités", "Inequality within units"),
        "indice",
        better=-1,
    ),
    Output(
        "fibre_theil_between_total",
        Text("Inégalité entre unités", "Inequality between units"),
        "indice",
        better=-1,
    ),
    Output(
        "fibre_theil_between_share",
        Text("Part de l'inégalité qui est entre unités", "Share of the inequality that is between units"),
        "part",
    ),
)


def fibre_theil_parts(
    units: gpd.GeoDataFrame,
    *,
    population: gpd.GeoDataFrame | None,
    immeuble: gpd.GeoDataFrame | None = None,
    couverture_fixe: gpd.GeoDataFrame | None = None,
) -> Measurement:
    r"""Part Theil's T of fibre among the inhabitants into what is within units and what is between them.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    population : GeoDataFrame or None
        Polygons with ``habitants``; each, cut by unit, is a place whose people have one rate.
    immeuble : GeoDataFrame, optional
        Points with ``etat`` and optional ``locaux``: the rate of a place is that of its premises.
    couverture_fixe : GeoDataFrame, optional
        Polygons with ``taux_fibre``, read without buildings: a rate by commune tells nothing of what is within it.

    Returns
    -------
    Measurement
        By unit what it brings to each part; over all, the parts, their sum and the share between units. What is
        within is NaN without buildings. The known share is that of the people whose place has a known rate.

    Notes
    -----
    :math:`T = \sum_g s_g T_g + \sum_g s_g \ln (\bar t_g / \bar t)`, :math:`s_g` the share of the fibre that *g* has.

    References
    ----------
    Theil H. (1967), Economics and information theory; Bourguignon F. (1979), Econometrica 47(4).

    Examples
    --------
    >>> import shapely
    >>> squares = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un", "Deux"]}, geometry=squares, index=["1", "2"], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [50.0, 50.0]}, geometry=squares, crs=2154)
    >>> rates = gpd.GeoDataFrame({"taux_fibre": [0.0, 0.8]}, geometry=squares, crs=2154)
    >>> found = fibre_theil_parts(units, population=people, couverture_fixe=rates)
    >>> found.values["fibre_theil_between"].round(6).tolist(), found.values["fibre_share_gap"].tolist()
    ([0.0, 0.693147], [-0.5, 0.5])
    """
    units, population, immeuble, couverture_fixe = opened(
        units, population=population, immeuble=immeuble, couverture_fixe=couverture_fixe
    )
    if population is None or (immeuble is None and couverture_fixe is None):
        overall = {output.name: Whole(np.nan, 0.0) for output in OVERALL}
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS}, None, overall)
    places = inhabited(units, population)
    fine = immeuble is not None
    rate = fibre_rate_by_buildings(places, immeuble) if fine else fibre_rate_by_commune(places, couverture_fixe)
    parts = theil_parts(rate, places["code_unite"], places["habitants"])
    reached = known_people(units, places, rate)
    nothing = pd.Series(0.0, index=units.index)
    groups = parts.groups.reindex(units.index)
    columns = {
        "fibre_theil_within": Known(groups["within"], reached if fine else nothing),
        "fibre_theil_between": Known(groups["between"], reached),
        "fibre_share_gap": Known(groups["value_share"] - groups["weight_share"], reached),
    }
    return measurement(units, columns, None, _overall(parts, known_overall(units, places, rate), fine))


def _overall(parts: TheilParts, share: float, fine: bool) -> dict[str, Whole]:
    """Return the parts over all; what is within, and with it the total, is unknown where rates are by commune."""
    within, known = (parts.within, share) if fine else (np.nan, 0.0)
    total = within + parts.between
    return {
        "fibre_theil_total": Whole(total, known),
        "fibre_theil_within_total": Whole(within, known),
        "fibre_theil_between_total": Whole(max(parts.between, 0.0), share),
        "fibre_theil_between_share": Whole(min(max(parts.between / total, 0.0), 1.0) if total > 0 else np.nan, known),
    }


ANALYSIS = Declaration(
    id="fibre_theil_parts",
    title=Text(
        "Inégalité de fibre dans les communes et entre elles", "Inequality of fibre within and between communes"
    ),
    summary=Text(
        "Les écarts d'accès à la fibre sont-ils à l'intérieur des unités, ou d'une unité à l'autre ?",
        "Are the gaps in access to fibre inside the units, or from one unit to another?",
    ),
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(Input("population"), Input("immeuble", required=False), Input("couverture_fixe", required=False)),
    outputs=OUTPUTS,
    formula=Text(
        "T = Σ s T_unité + Σ s ln(t̄_unité ÷ t̄), s étant la part de toute la fibre (taux × habitants) qu'a l'unité : "
        "la première somme est l'inégalité interne aux unités, la seconde l'inégalité entre elles. Exemple : deux "
        "unités de 50 habitants, l'une à 0, l'autre à 0,8 pour tous ; t̄ = 0,4. Interne : 0. Entre : 0 + 1 × ln(0,8 ÷ "
        "0,4) = 0,693. Tout est entre unités : part 1.",
        "T = Σ s T_unit + Σ s ln(t̄_unit ÷ t̄), s being the share of all the fibre (rate × people) that the unit has: "
        "the first sum is the inequality within units, the second that between them. Example: two units of 50 people, "
        "one at 0, the other at 0.8 for all; t̄ = 0.4. Within: 0. Between: 0 + 1 × ln(0.8 ÷ 0.4) = 0.693. All of it "
        "is between units: share 1.",
    ),
    reading=Text(
        "Une part de 0,42 signifie que 42 % de l'inégalité vient des écarts entre unités, que seule une solidarité "
        "entre elles corrige ; le reste est dans les unités. Un apport négatif est celui d'une unité sous la moyenne.",
        "A share of 0.42 means that 42 % of the inequality comes from gaps between units, which solidarity between "
        "them alone mends; the rest is inside units. What a unit below the mean brings is negative.",
    ),
    limits=Text(
        "Sans fichier d'immeubles, le taux est celui de la commune : l'inégalité interne, donc le total, est inconnue. "
        "L'indice n'a pas de borne haute fixe : il se compare entre dates d'un territoire, non entre territoires de "
        "tailles différentes. Un apport négatif n'est pas une bonne note.",
        "Without a file of buildings the rate is that of the commune: inequality within, and so the total, is unknown. "
        "The index has no fixed upper bound: compare dates of one territory, not territories of different sizes. "
        "A negative contribution is no good mark.",
    ),
    reference="Theil H. (1967), Economics and information theory ; Bourguignon F. (1979), Decomposable income "
    "inequality measures, Econometrica 47(4).",
    function=fibre_theil_parts,
    one_of=(("immeuble", "couverture_fixe"),),
    overall=OVERALL,
    apart=False,
)
