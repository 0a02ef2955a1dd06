"""Recommendation: would users recommend the digital services (net promoter score)?"""

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
from .survey import CLASSES, CONFIDENCE, normal_quantile, surveyed

__all__ = ["ANALYSIS", "net_promoter_score", "survey_recommendation"]

_PERCENT = 100.0
#: Answers that the adjusted Wald interval adds: three, of which three quarters promoters, three quarters detractors.
_ADDED = 3.0
_ADDED_CLASS = 0.75


def net_promoter_score(counts: pd.DataFrame, confidence: float) -> pd.DataFrame:
    r"""Return the net promoter score of each row, with its adjusted Wald interval.

    Parameters
    ----------
    counts : DataFrame
        Columns ``promoteurs``, ``passifs``, ``detracteurs``; a row of which one is unknown is unknown.

    Returns
    -------
    DataFrame
        ``answers``, ``score``, ``low``, ``high``: points from -100 to 100, NaN without any mark.

    Notes
    -----
    :math:`N = P - D`, shares of promoters and detractors. Bounds :math:`N' \pm z \sqrt{(P' + D' - N'^2) / n'}`, the
    primes being shares once 3/4 of a promoter, 3/4 of a detractor and 3/2 of a passive are added: without these, ten
    promoters out of ten would be sure of their 100.

    References
    ----------
    Reichheld F. F. (2003); Rocks B. (2016), Interval estimation for the net promoter score, The American Statistician
    70(4).

    Examples
    --------
    >>> counts = pd.DataFrame({"promoteurs": [5.0], "passifs": [3.0], "detracteurs": [2.0]})
    >>> net_promoter_score(counts, 0.95).round(1).to_numpy().tolist()
    [[10.0, 30.0, -19.1, 65.2]]
    """
    promoters, passives, detractors = (counts[name] for name in CLASSES)
    marks = promoters + passives + detractors
    more = marks + _ADDED
    high_share, low_share = (promoters + _ADDED_CLASS) / more, (detractors + _ADDED_CLASS) / more
    middle = high_share - low_share
    half = normal_quantile(confidence) * np.sqrt((high_share + low_share - middle**2) / more)
    told = marks > 0
    return pd.DataFrame(
        {
            "answers": marks,
            "score": _PERCENT * (promoters - detractors) / marks.where(told),
            "low": (_PERCENT * (middle - half)).clip(lower=-_PERCENT).where(told),
            "high": (_PERCENT * (middle + half)).clip(upper=_PERCENT).where(told),
        }
    )


def survey_recommendation(
    units: gpd.GeoDataFrame, *, enquete: gpd.GeoDataFrame | None, confiance: float = 0.95
) -> Measurement:
    """Measure the net promoter score of each unit, with its interval.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    enquete : GeoDataFrame or None
        Polygons with ``promoteurs`` (marks 9 and 10), ``passifs`` (7 and 8) and ``detracteurs`` (0 to 6).
    confiance : float
        Confidence level of the intervals, 0.5 to 0.999.

    Returns
    -------
    Measurement
        ``recommendation_answers``; ``recommendation_score`` and its bounds, in points from -100 to 100 (NaN without
        any mark); the same of the whole territory.

    Notes
    -----
    See :func:`net_promoter_score`.

    References
    ----------
    Reichheld F. F. (2003), Harvard Business Review 81(12); Rocks B. (2016), The American Statistician 70(4).

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 9, 9)], index=["1"], crs=2154)
    >>> told = {"reponses": [12], "satisfaits": [8], "promoteurs": [5], "passifs": [3], "detracteurs": [2]}
    >>> survey = gpd.GeoDataFrame(told, geometry=[shapely.box(0, 0, 9, 9)], crs=2154)
    >>> survey_recommendation(units, enquete=survey).values.loc["1"].round(1).tolist()
    [10.0, 30.0, -19.1, 65.2]
    """
    units, enquete = opened(units, enquete=enquete)
    if enquete is None:
        nothing = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, nothing, overall={output.name: Whole(np.nan, 0.0) for output in OVERALL})
    survey = surveyed(units, enquete)
    table = net_promoter_score(survey.counts, confiance)
    total = survey.everyone[list(CLASSES)].dropna().sum(min_count=1)
    whole = net_promoter_score(total.to_frame().T, confiance).iloc[0]
    columns = {f"recommendation_{name}": survey.by_unit(table[name]) for name in table.columns}
    told = {
        f"recommendation_all_{name}": Whole(float(whole[name]), survey.known(table[name])) for name in table.columns
    }
    return measurement(units, columns, overall=told)


def _outputs(prefix: str, where: Text) -> tuple[Output, ...]:
    texts = {
        "score": Text("Indice de recommandation (NPS)$w", "Net promoter score$w"),
        "low": Text("Indice de recommandation, borne basse$w", "Net promoter score, lower bound$w"),
        "high": Text("Indice de recommandation, borne haute$w", "Net promoter score, upper bound$w"),
    }
    marks = Text("Notes de recommandation données$w", "Marks of recommendation given$w").fill(w=where)
    return (
        Output(f"{prefix}_answers", marks, "nombre"),
        *(
            Output(
                f"{prefix}_{name}",
                text.fill(w=where),
                "points",
                better=1 if name == "score" else 0,
                minimum=-_PERCENT,
            )
            for name, text in texts.items()
        ),
    )


OUTPUTS = _outputs("recommendation", Text("", ""))
OVERALL = _outputs("recommendation_all", Text(", tout le territoire", ", whole territory"))

ANALYSIS = Declaration(
    id="survey_recommendation",
    title=Text("Recommandation par les usagers (NPS)", "Recommendation by users (NPS)"),
    summary=Text(
        "Les usagers recommanderaient-ils les services numériques du territoire, et avec quelle certitude ?",
        "Would users recommend the digital services of the territory, and how sure is that?",
    ),
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(Input("enquete"),),
    outputs=OUTPUTS,
    overall=OVERALL,
    formula=Text(
        "Indice = 100 × (promoteurs − détracteurs) ÷ notes (n) : promoteurs, notes de 9 et 10 ; passifs, 7 et 8 ; "
        "détracteurs, de 0 à 6. Bornes de Wald ajustées : on ajoute ¾ de promoteur, ¾ de détracteur et 3 notes ; avec "
        "P' et D' les parts ainsi obtenues et N' = P' − D', N' ± z √((P' + D' − N'²) ÷ (n + 3)). Exemple : 5 "
        "promoteurs, 3 passifs, 2 détracteurs donnent 100 × (5 − 2) ÷ 10 = 30 points ; P' = 5,75 ÷ 13, D' = 2,75 ÷ "
        "13, N' = 0,231 : de −19 à 65.",
        "Score = 100 × (promoters − detractors) ÷ marks (n): promoters, marks 9 and 10; passives, 7 and 8; detractors, "
        "0 to 6. Adjusted Wald bounds: ¾ of a promoter, ¾ of a detractor and 3 marks are added; with P' and D' the "
        "shares so obtained and N' = P' − D', N' ± z √((P' + D' − N'²) ÷ (n + 3)). Example: 5 promoters, 3 passives, 2 "
        "detractors give 100 × (5 − 2) ÷ 10 = 30 points; P' = 5.75 ÷ 13, D' = 2.75 ÷ 13, N' = 0.231: from −19 to 65.",
    ),
    reading=Text(
        "30 signifie que les promoteurs dépassent les détracteurs de 30 points de pourcentage. De −19 à 65 : avec dix "
        "notes, on ne sait pas même si les promoteurs l'emportent.",
        "30 means that promoters outnumber detractors by 30 percentage points. From −19 to 65: with ten marks, one "
        "cannot even tell that promoters prevail.",
    ),
    limits=Text(
        "L'indice ne voit pas les notes elles-mêmes : 6 et 0 y sont tout un. L'intervalle mesure le hasard du tirage, "
        "non le biais de ceux qui choisissent de répondre. Une réponse sans note de recommandation ne compte pas. "
        "Une ligne qui n'est pour moitié dans aucune unité, mais l'est dans le territoire, compte dans l'ensemble "
        "seul.",
        "The score does not see the marks themselves: 6 and 0 are one to it. The interval measures the chance of the "
        "draw, not the bias of those who choose to answer. An answer without a mark of recommendation does not count. "
        "A row of which no unit holds half, but the territory does, counts in the whole alone.",
    ),
    reference="Reichheld F. F. (2003), The one number you need to grow, Harvard Business Review 81(12) ; Rocks B. "
    "(2016), Interval estimation for the net promoter score, The American Statistician 70(4), p. 365-372.",
    function=survey_recommendation,
    family=Family.SATISFACTION,
    parameters=(CONFIDENCE,),
)
