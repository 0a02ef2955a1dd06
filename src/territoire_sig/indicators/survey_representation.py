"""Representativeness of a survey: who answered, and what would all the inhabitants say?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text
from .contributions import inhabitants
from .entrance import opened
from .knowledge import Known, measurement, unknown
from .participation_representation import dissimilarity, representation
from .survey import CONFIDENCE, surveyed, wilson

__all__ = ["ANALYSIS", "survey_representation"]

_PER = 1_000.0


def survey_representation(
    units: gpd.GeoDataFrame,
    *,
    enquete: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    confiance: float = 0.95,
) -> Measurement:
    r"""Compare who answered with who lives there, and weigh the satisfaction by the inhabitants.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    enquete : GeoDataFrame or None
        Polygons with ``reponses`` and ``satisfaits``.
    population : GeoDataFrame or None
        Polygons with ``habitants``.
    confiance : float
        Confidence level of the interval, 0.5 to 0.999.

    Returns
    -------
    Measurement
        ``survey_answers_per_1000`` and ``survey_quotient`` (share of the answers over share of the inhabitants: 1 is
        equality); of the whole, the dissimilarity of answers and inhabitants, the satisfied share weighted by
        inhabitants with its bounds, and the number of answers of a simple draw as precise. Units where nobody answered,
        or whose inhabitants are unknown, are left out: the known share is that of the inhabitants reached,
        times that of the units whose inhabitants are known. The dissimilarity of a single known unit is unknown.

    Notes
    -----
    Weighted share: :math:`\sum W_h p_h`, :math:`W_h` the share of the inhabitants; effective answers
    :math:`1 / \sum (W_h^2 / n_h)`, put in Wilson's interval.

    References
    ----------
    Kish L. (1965), Survey sampling, Wiley.

    Examples
    --------
    >>> import shapely
    >>> shapes = [shapely.box(0, 0, 9, 9), shapely.box(9, 0, 18, 9)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un", "Deux"]}, geometry=shapes, index=["1", "2"], crs=2154)
    >>> survey = gpd.GeoDataFrame({"reponses": [10, 30], "satisfaits": [2, 24]}, geometry=shapes, crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [3000.0, 1000.0]}, geometry=shapes, crs=2154)
    >>> found = survey_representation(units, enquete=survey, population=people)
    >>> round(found.overall["survey_weighted_satisfied_share"].value, 2), found.values["survey_quotient"].tolist()
    (0.35, [0.3333333333333333, 3.0])
    """
    units, enquete, population = opened(units, enquete=enquete, population=population)
    if enquete is None or population is None:
        nothing = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, nothing, overall={output.name: Whole(np.nan, 0.0) for output in OVERALL})
    survey = surveyed(units, enquete)
    people, reach = inhabitants(units, population)
    lived = people.groupby(survey.place.to_numpy()).agg(lambda told: told.sum(skipna=False))
    places = survey.counts.assign(people=lived.reindex(survey.counts.index).astype(float))
    table = representation(places["reponses"], places["people"])
    rate = survey.by_unit(_PER * places["reponses"] / places["people"].where(places["people"] > 0))
    quotient = survey.by_unit(table["quotient"])
    columns = {
        "survey_answers_per_1000": Known(rate.value, (rate.share * reach).where(rate.value.notna(), 0.0)),
        "survey_quotient": Known(quotient.value, (quotient.share * reach).where(quotient.value.notna(), 0.0)),
    }
    told = float(reach.mean()) if len(units) else 0.0
    whole = _whole(places, dissimilarity(table), float(people.sum()), told, confiance)
    return measurement(units, columns, overall=whole)


def _whole(places: pd.DataFrame, gap: float, everyone: float, told: float, confiance: float) -> dict[str, Whole]:
    """Return the values of the territory, known for the part of its inhabitants who live where somebody answered.

    `everyone` are the inhabitants of the share of the units (`told`) where their number is known.
    """
    answered = places[(places["notees"] > 0) & (places["people"] > 0)]
    part = answered["people"] / answered["people"].sum()
    share = float((part * answered["satisfaits"] / answered["notees"]).sum()) if len(answered) else np.nan
    answers = float(1 / (part**2 / answered["notees"]).sum()) if len(answered) else np.nan
    low, high = wilson([share * answers], [answers], confiance)
    known = told * min(float(answered["people"].sum()) / everyone, 1.0) if everyone > 0 else 0.0
    values = (gap, share, float(low[0]), float(high[0]), answers)
    return {output.name: Whole(value, known) for output, value in zip(OVERALL, values, strict=True)}


OUTPUTS = (
    Output(
        "survey_answers_per_1000",
        Text("Réponses à l'enquête pour 1 000 habitants", "Answers to the survey for 1,000 inhabitants"),
        "pour 1000",
    ),
    Output(
        "survey_quotient",
        Text("Quotient de représentation de l'enquête", "Representation quotient of the survey"),
        "rapport",
    ),
)
OVERALL = (
    Output(
        "survey_dissimilarity_share",
        Text("Indice de dissimilarité de l'enquête", "Dissimilarity index of the survey"),
        "part",
        better=-1,
    ),
    Output(
        "survey_weighted_satisfied_share",
        Text("Part satisfaite, redressée par habitants", "Satisfied share, weighted by inhabitants"),
        "part",
        better=1,
    ),
    Output(
        "survey_weighted_low_share",
        Text("Part redressée, borne basse", "Weighted share, lower bound"),
        "part",
    ),
    Output(
        "survey_weighted_high_share",
        Text("Part redressée, borne haute", "Weighted share, upper bound"),
        "part",
    ),
    Output(
        "survey_effective_answers",
        Text("Réponses efficaces (d'un tirage aussi précis)", "Effective answers (of a draw as precise)"),
        "nombre",
        better=1,
    ),
)

ANALYSIS = Declaration(
    id="survey_representation",
    title=Text("Représentativité de l'enquête", "Representativeness of the survey"),
    summary=Text(
        "Qui a répondu, et quelle serait la satisfaction si chaque unité pesait selon ses habitants ?",
        "Who answered, and what would satisfaction be if each unit weighed by its inhabitants?",
    ),
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(Input("enquete"), Input("population")),
    outputs=OUTPUTS,
    overall=OVERALL,
    formula=Text(
        "Quotient = part de l'unité dans les réponses ÷ sa part dans les habitants. Part redressée = Σ W p : p, part "
        "satisfaite de l'unité ; W, sa part des habitants. Réponses efficaces = 1 ÷ Σ (W² ÷ n) ; elles donnent "
        "l'intervalle de Wilson. Exemple : 3 000 habitants, 10 réponses dont 2 satisfaites ; 1 000 habitants, 30 "
        "réponses dont 24. Part brute 26 ÷ 40 = 0,65 ; redressée 0,75 × 0,2 + 0,25 × 0,8 = 0,35 ; réponses efficaces "
        "1 ÷ (0,5625 ÷ 10 + 0,0625 ÷ 30) = 17, au lieu de 40.",
        "Quotient = share of the unit in the answers ÷ its share of the inhabitants. Weighted share = Σ W p: p, "
        "satisfied share of the unit; W, its share of the inhabitants. Effective answers = 1 ÷ Σ (W² ÷ n); they give "
        "Wilson's interval. Example: 3,000 inhabitants, 10 answers of which 2 satisfied; 1,000 inhabitants, 30 "
        "answers of which 24. Raw share 26 ÷ 40 = 0.65; weighted 0.75 × 0.2 + 0.25 × 0.8 = 0.35; effective answers 1 "
        "÷ (0.5625 ÷ 10 + 0.0625 ÷ 30) = 17, instead of 40.",
    ),
    reading=Text(
        "Une part redressée de 0,35 signifie que 35 % des réponses seraient satisfaites si chaque unité avait répondu "
        "à proportion de ses habitants. Un quotient de 0,33 : l'unité a trois fois moins de réponses que sa part.",
        "A weighted share of 0.35 means that 35 % of the answers would be satisfied had each unit answered in "
        "proportion to its inhabitants. A quotient of 0.33: the unit has three times fewer answers than its share.",
    ),
    limits=Text(
        "Le redressement ne corrige que les écarts entre unités, non l'âge ni le milieu de ceux qui répondent à "
        "l'intérieur de chacune. Les unités sans réponse, ou d'habitants inconnus, sont laissées hors de la part "
        "redressée : la part connue dit quels habitants elle atteint, et baisse de la part "
        "des unités dont les habitants sont inconnus. Avec une seule unité connue, la dissimilarité est inconnue.",
        "Weighting only corrects the gaps between units, not the age nor the background of those who answer within "
        "each. Units without an answer, or of unknown inhabitants, are left out of the weighted share: the known "
        "share says which inhabitants it reaches, and falls with the "
        "share of units whose inhabitants are unknown. With one known unit, the dissimilarity is unknown.",
    ),
    reference="Kish L. (1965), Survey sampling, Wiley (stratification a posteriori, taille efficace) ; Duncan O. D., "
    "Duncan B. (1955), American Sociological Review 20(2), p. 210-217.",
    function=survey_representation,
    apart=False,
    family=Family.SATISFACTION,
    parameters=(CONFIDENCE,),
)
