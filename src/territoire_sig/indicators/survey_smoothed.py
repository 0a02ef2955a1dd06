"""Smoothed satisfaction: what is left of the differences between units once chance is taken away?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from scipy.sparse import csr_array

from ..model.declaration import Declaration, Input, Measurement, Output, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text
from .entrance import opened
from .knowledge import measurement, unknown
from .neighbours import contiguity
from .smoothing import smoothed, smoothed_around
from .survey import Survey, surveyed

__all__ = ["ANALYSIS", "survey_smoothed"]


def survey_smoothed(units: gpd.GeoDataFrame, *, enquete: gpd.GeoDataFrame | None) -> Measurement:
    """Smooth the share of satisfied answers of each unit, towards the territory and towards its neighbours.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    enquete : GeoDataFrame or None
        Polygons with ``reponses`` and ``satisfaits``.

    Returns
    -------
    Measurement
        ``survey_smoothed_share`` (0 to 1), ``survey_own_weight_share`` (part of it that comes from the unit's own
        answers), ``survey_locally_smoothed_share`` (towards the units that touch it; NaN where none of them was
        asked); of the whole, ``survey_between_units_deviation``: standard deviation of satisfaction between units that
        chance does not explain. NaN where nobody answered.

    Notes
    -----
    Empirical Bayes under the binomial law: see :func:`~territoire_sig.indicators.smoothing.smoothed`.

    References
    ----------
    Marshall R. J. (1991), Applied Statistics 40(2); Martuzzi M., Elliott P. (1996), Statistics in Medicine 15(17).

    Examples
    --------
    >>> import shapely
    >>> shapes = [shapely.box(0, 0, 9, 9), shapely.box(9, 0, 18, 9)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un", "Deux"]}, geometry=shapes, index=["1", "2"], crs=2154)
    >>> survey = gpd.GeoDataFrame({"reponses": [10, 100], "satisfaits": [2, 80]}, geometry=shapes, crs=2154)
    >>> survey_smoothed(units, enquete=survey).values["survey_smoothed_share"].round(3).tolist()
    [0.406, 0.797]
    """
    units, enquete = opened(units, enquete=enquete)
    if enquete is None or not len(units):
        nothing = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, nothing, overall={output.name: Whole(np.nan, 0.0) for output in OVERALL})
    survey = surveyed(units, enquete)
    counts = survey.counts
    found = smoothed(counts["satisfaits"], counts["notees"], binomial=True)
    near = smoothed_around(counts["satisfaits"], counts["notees"], _around(units, survey), binomial=True)
    told = {
        "survey_smoothed_share": found.value,
        "survey_own_weight_share": found.own,
        "survey_locally_smoothed_share": near.value,
    }
    columns = {name: survey.by_unit(counts["reponses"] * 0 + values) for name, values in told.items()}
    known = survey.known(counts["notees"].where(counts["notees"] > 0))
    deviation = float(np.sqrt(found.variance[0])) if known > 0 else np.nan
    return measurement(units, columns, overall={"survey_between_units_deviation": Whole(deviation, known)})


def _around(units: gpd.GeoDataFrame, survey: Survey) -> csr_array:
    """Return which places of the survey touch which, themselves included."""
    kept = units[survey.place.notna()]
    areas = gpd.GeoDataFrame(geometry=kept.geometry, crs=units.crs).dissolve(survey.place[kept.index].to_numpy())
    return contiguity(areas.reindex(survey.counts.index)).with_self().matrix()


OUTPUTS = (
    Output(
        "survey_smoothed_share",
        Text("Part satisfaite, lissée vers le territoire", "Satisfied share, smoothed towards the territory"),
        "part",
    ),
    Output(
        "survey_own_weight_share",
        Text("Poids des réponses propres de l'unité", "Weight of the unit's own answers"),
        "part",
    ),
    Output(
        "survey_locally_smoothed_share",
        Text("Part satisfaite, lissée vers les voisines", "Satisfied share, smoothed towards the neighbours"),
        "part",
    ),
)
OVERALL = (
    Output(
        "survey_between_units_deviation",
        Text("Écart-type de la satisfaction entre unités, hasard ôté", "Deviation between units, chance taken away"),
        "part",
    ),
)

ANALYSIS = Declaration(
    id="survey_smoothed",
    title=Text("Satisfaction lissée", "Smoothed satisfaction"),
    summary=Text(
        "Que reste-t-il des écarts de satisfaction entre unités une fois ôté le hasard des petits nombres ?",
        "What is left of the differences in satisfaction between units once the chance of small numbers is taken away?",
    ),
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(Input("enquete"),),
    outputs=OUTPUTS,
    overall=OVERALL,
    formula=Text(
        "Part lissée = m + w × (p − m) : p, part satisfaite de l'unité (n réponses) ; m, celle du territoire ; w, "
        "poids des réponses propres = n A ÷ (m(1−m) + (n−1) A) ; A, variance entre unités que le hasard n'explique pas "
        "= (n̄ s² − m(1−m)) ÷ (n̄ − 1), ou 0 si elle est négative, n̄ étant la moyenne des réponses par unité et s² la "
        "variance des parts pondérée par les réponses. Le lissage local prend m et A de l'unité et de celles qui la "
        "touchent. Exemple : 2 satisfaits sur 10, et 80 sur 100. m = 82 ÷ 110 = 0,745 ; s² = 0,0298 ; n̄ = 55 ; "
        "A = (1,636 − 0,190) ÷ 54 = 0,0268. Première unité : w = 0,268 ÷ (0,190 + 0,241) = 0,62, part lissée "
        "0,745 + 0,62 × (0,2 − 0,745) = 0,41 ; la seconde passe de 0,80 à 0,797.",
        "Smoothed share = m + w × (p − m): p, satisfied share of the unit (n answers); m, that of the territory; w, "
        "weight of its own answers = n A ÷ (m(1−m) + (n−1) A); A, variance between units that chance does not explain "
        "= (n̄ s² − m(1−m)) ÷ (n̄ − 1), or 0 if it is negative, n̄ being the mean number of answers a unit and s² the "
        "variance of the shares weighted by answers. Local smoothing takes m and A of the unit and of those that touch "
        "it. Example: 2 satisfied out of 10, and 80 out of 100. m = 82 ÷ 110 = 0.745; s² = 0.0298; n̄ = 55; "
        "A = (1.636 − 0.190) ÷ 54 = 0.0268. First unit: w = 0.268 ÷ (0.190 + 0.241) = 0.62, smoothed share "
        "0.745 + 0.62 × (0.2 − 0.745) = 0.41; the second goes from 0.80 to 0.797.",
    ),
    reading=Text(
        "0,41 signifie que, compte tenu de ses dix réponses et de ce que disent les autres unités, la meilleure "
        "estimation de sa part satisfaite est de 41 %, et non de 20 %. Un poids de 0,62 : ses réponses propres y "
        "comptent pour 62 %. Un écart-type de 0 : le hasard suffit à expliquer toutes les différences.",
        "0.41 means that, given its ten answers and what the other units say, the best estimate of its satisfied share "
        "is 41 %, not 20 %. A weight of 0.62: its own answers count for 62 % of it. A deviation of 0: chance is enough "
        "to explain every difference.",
    ),
    limits=Text(
        "Le lissage suppose que les unités se ressemblent : une unité vraiment à part est tirée vers les autres si "
        "elle a peu de réponses. Le lissage local ne se justifie que si les voisines ont des réponses, et un "
        "territoire de quelques unités ne fixe guère A. Une unité sans voisine qui ait répondu n'a pas de valeur "
        "locale. La loi binomiale remplace celle de Poisson de Marshall, faite pour des événements rares.",
        "Smoothing assumes that units are alike: one that truly stands apart is drawn to the others if it has few "
        "answers. Local smoothing is only justified where neighbours have answers, and a territory of a few units "
        "hardly settles A. A unit without a neighbour that answered has no local value. The binomial law replaces "
        "Marshall's Poisson law, made for rare events.",
    ),
    reference="Marshall R. J. (1991), Mapping disease and mortality rates using empirical Bayes estimators, Applied "
    "Statistics 40(2), p. 283-294 ; Martuzzi M., Elliott P. (1996), Empirical Bayes estimation of small area "
    "prevalence of non-rare conditions, Statistics in Medicine 15(17), p. 1867-1873.",
    function=survey_smoothed,
    apart=False,
    family=Family.SATISFACTION,
)
