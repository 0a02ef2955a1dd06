"""Satisfaction: what share of the answers is satisfied, and how sure is that?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text
from .entrance import opened
from .knowledge import measurement, unknown
from .survey import CONFIDENCE, Survey, surveyed, wilson

__all__ = ["ANALYSIS", "survey_satisfaction"]


def survey_satisfaction(
    units: gpd.GeoDataFrame, *, enquete: gpd.GeoDataFrame | None, confiance: float = 0.95
) -> Measurement:
    """Measure the share of satisfied answers of each unit, with its interval.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    enquete : GeoDataFrame or None
        Polygons with ``reponses`` and ``satisfaits``.
    confiance : float
        Confidence level of the intervals, 0.5 to 0.999.

    Returns
    -------
    Measurement
        ``survey_answers``; ``survey_satisfied_share`` and its bounds (0 to 1, NaN without any answer); the same of
        the whole territory. The map tells where the interval lies above, or under, the share of the territory.

    Notes
    -----
    Satisfied answers over answers, with Wilson's score interval.

    References
    ----------
    Wilson E. B. (1927), JASA 22(158).

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 9, 9)], index=["1"], crs=2154)
    >>> told = {"code_insee": ["1"], "reponses": [10], "satisfaits": [8]}
    >>> survey = gpd.GeoDataFrame(told, geometry=[shapely.box(0, 0, 9, 9)], crs=2154)
    >>> survey_satisfaction(units, enquete=survey).values.loc["1"].round(3).tolist()
    [10.0, 0.8, 0.49, 0.943]
    """
    units, enquete = opened(units, enquete=enquete)
    if enquete is None:
        nothing = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, nothing, overall={output.name: Whole(np.nan, 0.0) for output in OVERALL})
    survey = surveyed(units, enquete)
    table = _shares(survey.counts, confiance)
    whole = _shares(survey.everyone.sum(min_count=1).to_frame().T, confiance).iloc[0]
    known = {name: survey.known(table[name]) for name in table.columns}
    told = {f"survey_all_{name}": Whole(float(whole[name]), known[name]) for name in table.columns}
    told["survey_unplaced_answers"] = _unplaced(survey)
    columns = {f"survey_{name}": survey.by_unit(table[name]) for name in table.columns}
    return measurement(units, columns, _drawn(units, survey, table, float(whole["satisfied_share"])), told)


def _unplaced(survey: Survey) -> Whole:
    """Return how many answers count for the territory alone, known for the rows whose answers are."""
    known = float(survey.everyone["reponses"].notna().mean()) if len(survey.everyone) else 0.0
    return Whole(float(survey.unplaced["reponses"].sum()) if known > 0 else np.nan, known)


def _shares(counts: pd.DataFrame, confiance: float) -> pd.DataFrame:
    """Return answers, share and bounds of each row."""
    answers = counts["notees"]
    low, high = wilson(counts["satisfaits"], answers, confiance)
    return pd.DataFrame(
        {
            "answers": counts["reponses"],
            "satisfied_share": counts["satisfaits"] / answers.where(answers > 0),
            "satisfied_low_share": low,
            "satisfied_high_share": high,
        },
        index=counts.index,
    )


def _drawn(units: gpd.GeoDataFrame, survey: Survey, table: pd.DataFrame, whole: float) -> gpd.GeoDataFrame:
    """Return the units, classed by their interval against the share of the territory."""
    low, high = (survey.by_unit(table[f"satisfied_{name}_share"]).value for name in ("low", "high"))
    told = np.select([low.isna(), low > whole, high < whole], ["inconnu", "au_dessus", "au_dessous"], "indistinct")
    return gpd.GeoDataFrame({"code_unite": units.index, "classe": told}, geometry=units.geometry.array, crs=units.crs)


def _outputs(prefix: str, where: Text) -> tuple[Output, ...]:
    return (
        Output(f"{prefix}_answers", Text("Réponses à l'enquête$w", "Answers to the survey$w").fill(w=where), "nombre"),
        Output(
            f"{prefix}_satisfied_share",
            Text("Part des réponses satisfaites$w", "Share of satisfied answers$w").fill(w=where),
            "part",
            better=1,
        ),
        Output(
            f"{prefix}_satisfied_low_share",
            Text("Part satisfaite, borne basse$w", "Satisfied share, lower bound$w").fill(w=where),
            "part",
        ),
        Output(
            f"{prefix}_satisfied_high_share",
            Text("Part satisfaite, borne haute$w", "Satisfied share, upper bound$w").fill(w=where),
            "part",
        ),
    )


OUTPUTS = _outputs("survey", Text("", ""))
OVERALL = (
    *_outputs("survey_all", Text(", tout le territoire", ", whole territory")),
    Output(
        "survey_unplaced_answers",
        Text("Réponses comptées dans le territoire seul", "Answers counted in the territory alone"),
        "nombre",
    ),
)

ANALYSIS = Declaration(
    id="survey_satisfaction",
    title=Text("Satisfaction des usagers", "Users' satisfaction"),
    summary=Text(
        "Quelle part des réponses est satisfaite des services numériques, et avec quelle certitude ?",
        "What share of the answers is satisfied with digital services, and how sure is that?",
    ),
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(Input("enquete"),),
    outputs=OUTPUTS,
    overall=OVERALL,
    formula=Text(
        "p = réponses satisfaites ÷ réponses (n). Bornes de Wilson : (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) ÷ (1 + "
        "z²/n), z = 1,96 pour une confiance de 0,95. Exemple : 8 satisfaits sur 10 donnent p = 0,8 ; avec z² = 3,84, "
        "(0,8 + 0,192 ± 1,96 × √(0,016 + 0,0096)) ÷ 1,384 : de 0,49 à 0,94.",
        "p = satisfied answers ÷ answers (n). Wilson's bounds: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n), "
        "z = 1.96 for a confidence of 0.95. Example: 8 satisfied out of 10 give p = 0.8; with z² = 3.84, "
        "(0.8 + 0.192 ± 1.96 × √(0.016 + 0.0096)) ÷ 1.384: from 0.49 to 0.94.",
    ),
    reading=Text(
        "0,80, de 0,49 à 0,94, signifie que 80 % des réponses sont satisfaites, et que si les répondants étaient tirés "
        "au sort, la part de toute la population serait dans cet intervalle 95 fois sur 100. Deux unités dont les "
        "intervalles se recouvrent largement ne sont pas à départager.",
        "0.80, from 0.49 to 0.94, means that 80 % of the answers are satisfied, and that had the respondents been "
        "drawn at random, the share of the whole population would lie in that interval 95 times out of 100. Two units "
        "whose intervals overlap widely are not to be ranked.",
    ),
    limits=Text(
        "L'intervalle mesure le hasard du tirage, non le biais de ceux qui choisissent de répondre : voir la "
        "représentativité de l'enquête. Sans aucune réponse, la part est inconnue, non nulle. Une commune dont les "
        "réponses n'ont pas été comptées par IRIS donne la même valeur à chacun de ses IRIS, et ne compte qu'une fois "
        "dans l'ensemble du territoire. Une ligne dont la surface n'est pour moitié dans aucune unité, mais l'est dans "
        "le territoire, ne compte que dans l'ensemble ; le nombre de ces réponses est dit. Celles d'une ligne dont "
        "moins de la moitié est dans le territoire n'en sont pas.",
        "The interval measures the chance of the draw, not the bias of those who choose to answer: see how "
        "representative the survey is. Without any answer, the share is unknown, not nil. A commune whose answers were "
        "not counted by IRIS gives the same value to each of its IRIS, and counts once in the whole territory. "
        "A row of which no unit holds half of the area, but the territory does, counts in the whole alone; the number "
        "of these answers is told. Those of a row of which less than half lies in the territory are not of it.",
    ),
    reference="Wilson E. B. (1927), Probable inference, the law of succession, and statistical inference, Journal of "
    "the American Statistical Association 22(158), p. 209-212.",
    function=survey_satisfaction,
    family=Family.SATISFACTION,
    parameters=(CONFIDENCE,),
    map_classes={
        "au_dessus": (Text("nettement au-dessus de l'ensemble", "clearly above the whole"), "#0072b2"),
        "indistinct": (Text("pas de différence nette", "no clear difference"), "#cccccc"),
        "au_dessous": (Text("nettement au-dessous de l'ensemble", "clearly under the whole"), "#d55e00"),
        "inconnu": (Text("aucune réponse", "no answer"), "#999999"),
    },
)
