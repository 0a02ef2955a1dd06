"""The overall coherence of each unit: the other indicators put together, with explicit weights, and how firm it is."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Indicators, Input, Measurement, Output, Parameter, Table, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text
from .acceptability import Acceptability, rank_acceptability
from .composite import known_weight, ordered_average, ranks, topsis, weighted_average
from .criteria import KEPT, Criteria, criteria_in_force
from .entrance import opened
from .knowledge import Known, everywhere, measurement, reached_share, unknown
from .rank_drivers import rank_drivers

__all__ = ["ANALYSIS", "overall_coherence"]

OUTPUTS = (
    Output("composite_index", Text("Indice de cohérence d'ensemble", "Overall coherence index"), "part", better=1),
    Output(
        "composite_owa",
        Text("Indice où les points faibles pèsent plus (OWA)", "Index where weak points count more (OWA)"),
        "part",
        better=1,
    ),
    Output(
        "composite_topsis", Text("Proximité de l'idéal (TOPSIS)", "Nearness to the ideal (TOPSIS)"), "part", better=1
    ),
    Output("composite_rank", Text("Rang (1 : la plus cohérente)", "Rank (1: the most coherent)"), "rang", better=-1),
    Output(
        "composite_rank_low",
        Text("Meilleur rang, neuf tirages sur dix", "Best rank, nine draws in ten"),
        "rang",
        better=-1,
    ),
    Output(
        "composite_rank_high",
        Text("Moins bon rang, neuf tirages sur dix", "Worst rank, nine draws in ten"),
        "rang",
        better=-1,
    ),
    Output(
        "composite_first_quarter_share",
        Text("Part des tirages dans le premier quart", "Share of draws in the first quarter"),
        "part",
        better=1,
    ),
    Output(
        "composite_last_quarter_share",
        Text("Part des tirages dans le dernier quart", "Share of draws in the last quarter"),
        "part",
        better=-1,
    ),
    Output(
        "composite_known_weight",
        Text("Part du poids des critères qui est connue", "Share of the weight of criteria that is known"),
        "part",
        better=1,
    ),
)
OVERALL = (
    Output("composite_criteria_count", Text("Critères retenus", "Criteria kept"), "nombre"),
    Output(
        "composite_rank_shift",
        Text("Écart moyen de rang quand les poids changent", "Mean change of rank when weights change"),
        "rang",
        better=-1,
    ),
)
TABLES = (
    Table(
        "criteres",
        Text("Les critères, leur poids et leurs bornes", "The criteria, their weight and their bounds"),
        (
            Output("critere", Text("Critère", "Criterion"), "texte"),
            Output("titre", Text("Titre", "Title"), "texte"),
            Output("famille", Text("Famille", "Family"), "texte"),
            Output("poids", Text("Poids", "Weight"), "part"),
            Output("sens", Text("Sens", "Direction"), "texte"),
            Output("minimum", Text("Plus petite valeur", "Smallest value"), "valeur", minimum=None),
            Output("maximum", Text("Plus grande valeur", "Largest value"), "valeur", minimum=None),
            Output("unites_connues", Text("Unités où il est connu", "Units where it is known"), "nombre"),
            Output("etat", Text("État", "State"), "texte"),
        ),
    ),
    Table(
        "moteurs",
        Text("Le critère qui décide du rang de chaque unité", "The criterion that decides the rank of each unit"),
        (
            Output("code_unite", Text("Code de l'unité", "Unit code"), "texte"),
            Output("nom_unite", Text("Unité", "Unit"), "texte"),
            Output("rang", Text("Rang", "Rank"), "rang"),
            Output("critere", Text("Critère", "Criterion"), "texte"),
            Output("titre", Text("Titre", "Title"), "texte"),
            Output("rang_sans", Text("Rang sans lui", "Rank without it"), "rang"),
            Output(
                "contribution",
                Text("Ce qu'il ajoute à l'indice, face à la moyenne", "What it adds to the index, against the mean"),
                "points",
                minimum=None,
            ),
        ),
    ),
)
_HIGH, _LOW = Text("plus haut, mieux", "higher is better"), Text("plus bas, mieux", "lower is better")


def overall_coherence(
    units: gpd.GeoDataFrame,
    *,
    indicators: Indicators,
    population: gpd.GeoDataFrame | None = None,
    ponderation: pd.DataFrame | None = None,
    comparaison: pd.DataFrame | None = None,
    poids: str = "familles",
    alpha_owa: float = 2.0,
    part_connue_min: float = 0.5,
    coherence_ahp_max: float = 0.1,
    tirages: float = 1000,
    graine: float = 1,
) -> Measurement:
    """Put the indicators of each unit together, rank the units, and say how the ranks hold when weights change.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    indicators : Indicators
        What the other analyses gave.
    population : GeoDataFrame or None
        Polygons: known shares are those of the part of a unit that they reach. All of it without them.
    ponderation : DataFrame or None
        ``critere`` (indicators, or families) and ``poids``, for ``poids = "utilisateur"``.
    comparaison : DataFrame or None
        ``critere_a``, ``critere_b``, ``importance``, for ``poids = "ahp"``.
    poids : {"egaux", "familles", "utilisateur", "ahp"}
        Where the weights come from.

    Returns
    -------
    Measurement
        See the declaration. Units that know less than ``part_connue_min`` of the weight have no index: NaN. A
        criterion of which a unit knows less than that is unknown there, its value with it.

    Raises
    ------
    ParameterError
        When the table that `poids` calls for is absent.
    InvalidValueError
        When weights or comparisons are wrong, or contradict each other.
    """
    units, population, told, compared = opened(
        units, population=population, ponderation=ponderation, comparaison=comparaison
    )
    peopled = None if population is None else reached_share(units, population)
    criteria = criteria_in_force(
        indicators, units, told, compared, poids, coherence_ahp_max, known_min=part_connue_min, peopled=peopled
    )
    known = known_weight(criteria.scaled, criteria.weights, criteria.reach)
    enough = criteria.scaled[(known >= part_connue_min) & (known > 0)]
    if enough.empty:
        return _nothing(units, indicators, criteria, known)
    index = weighted_average(enough, criteria.weights)
    rank = pd.Series(ranks(index.to_numpy()).astype(float), index=enough.index)
    drawn = rank_acceptability(enough[criteria.weighing], rank, draws=round(tirages), seed=round(graine))
    scores = {
        "composite_index": index,
        "composite_owa": ordered_average(enough, criteria.weights, alpha_owa),
        "composite_topsis": topsis(enough, criteria.weights),
        **_rank_columns(rank, drawn),
    }
    return measurement(
        units,
        {name: Known(value, known.where(known.index.isin(enough.index), 0.0)) for name, value in scores.items()}
        | _known_column(units, known),
        overall=_overall(criteria, drawn.shift, len(enough) / len(units)),
        tables={
            "criteres": _criteria_table(indicators, criteria),
            "moteurs": rank_drivers(units, indicators, criteria, enough, index, rank),
        },
    )


def _rank_columns(rank: pd.Series[float], drawn: Acceptability) -> dict[str, pd.Series[float]]:
    return {
        "composite_rank": rank,
        "composite_rank_low": drawn.low,
        "composite_rank_high": drawn.high,
        "composite_first_quarter_share": drawn.quarters[1],
        "composite_last_quarter_share": drawn.quarters[4],
    }


def _known_column(units: gpd.GeoDataFrame, known: pd.Series[float]) -> dict[str, Known]:
    told = everywhere(units) if known.any() else everywhere(units) * 0.0
    return {"composite_known_weight": Known(known.clip(0, 1), told)}


def _nothing(
    units: gpd.GeoDataFrame, indicators: Indicators, criteria: Criteria, known: pd.Series[float]
) -> Measurement:
    """Return the measurement where no unit knows enough to have an index."""
    empty = pd.DataFrame(columns=[column.name for column in TABLES[1].columns])
    return measurement(
        units,
        {output.name: unknown(units) for output in OUTPUTS} | _known_column(units, known),
        overall={output.name: Whole(float("nan"), 0.0) for output in OVERALL},
        tables={"criteres": _criteria_table(indicators, criteria), "moteurs": empty},
    )


def _overall(criteria: Criteria, shift: float, ranked_share: float) -> dict[str, Whole]:
    kept = criteria.states == str(KEPT)
    return {
        "composite_criteria_count": Whole(float(kept.sum()), ranked_share),
        "composite_rank_shift": Whole(shift, ranked_share),
    }


def _criteria_table(indicators: Indicators, criteria: Criteria) -> pd.DataFrame:
    names = list(criteria.weights.index)
    outputs = [indicators.outputs[name] for name in names]
    values = criteria.values[names]
    return pd.DataFrame(
        {
            "critere": names,
            "titre": [str(output.text) for output in outputs],
            "famille": [str(indicators.families[name].text) for name in names],
            "poids": criteria.weights.to_numpy(),
            "sens": [str(_HIGH if output.better > 0 else _LOW) for output in outputs],
            "minimum": values.min().to_numpy(dtype=float),
            "maximum": values.max().to_numpy(dtype=float),
            "unites_connues": values.notna().sum().to_numpy(dtype=float),
            "etat": criteria.states.to_numpy(),
        }
    )


ANALYSIS = Declaration(
    id="overall_coherence",
    title=Text("Cohérence d'ensemble", "Overall coherence"),
    summary=Text(
        "Tous indicateurs réunis, où le plan est-il le plus cohérent, et ce classement tient-il si les poids changent "
        "?",
        "All indicators put together, where is the plan most coherent, and does this ranking hold if weights change?",
    ),
    policies=tuple(Policy),
    family=Family.GOUVERNANCE,
    inputs=(
        Input("population", required=False),
        Input("ponderation", required=False),
        Input("comparaison", required=False),
    ),
    reads=("indicators",),
    outputs=OUTPUTS,
    overall=OVERALL,
    tables=TABLES,
    formula=Text(
        "Critères : les indicateurs par unité qui ont un sens (plus haut ou plus bas, mieux) et ne grandissent pas "
        "avec la taille de l'unité (parts, densités, durées) ; une valeur dont la part connue, rapportée à celle de "
        "l'unité où la population est décrite, est sous part_connue_min est tenue pour inconnue, et un indicateur "
        "qui en redit un autre est écarté. Chacun est ramené de 0 (la pire unité) à 1 (la "
        "meilleure) : z = (x − min) ÷ (max − min), ou 1 − z. Indice = Σ poids × z ÷ Σ poids connus ; le poids connu "
        "affiché est Σ poids × part connue. OWA : z rangés du "
        "meilleur au pire, poids Q(S_k) − Q(S_k−1) avec Q(r) = r^alpha_owa. TOPSIS = d⁻ ÷ (d⁺ + d⁻). Poids : égaux, "
        "égaux par famille, donnés (ponderation) ou tirés de comparaisons (AHP : vecteur propre principal ; refusées "
        "si le rapport de cohérence dépasse coherence_ahp_max). Rangs tirés : poids uniformes sur le simplexe, graine "
        "fixée. Critère moteur : celui sans lequel le rang change le plus. Exemple : deux critères de poids 0,5, z = "
        "0,8 et 0,4 : indice (0,4 + 0,2) ÷ 1 = 0,6 ; OWA, alpha 2 : 0,8 × 0,25 + 0,4 × 0,75 = 0,5.",
        "Criteria: the indicators by unit that have a direction (higher or lower is better) and do not grow with the "
        "size of the unit (shares, densities, times); a value whose known share, out of the part of the unit where the "
        "population is described, is below part_connue_min is held unknown, and an indicator that tells another "
        "again is set aside. Each is brought from 0 (the worst unit) to 1 (the best): z = (x "
        "− min) ÷ (max − min), or 1 − z. Index = Σ weight × z ÷ Σ known weights; the known weight "
        "shown is Σ weight × known share. OWA: z from best to worst, weights "
        "Q(S_k) − Q(S_k−1) with Q(r) = r^alpha_owa. TOPSIS = d⁻ ÷ (d⁺ + d⁻). Weights: equal, equal by family, given "
        "(ponderation) or drawn from comparisons (AHP: principal eigenvector; refused where the consistency ratio "
        "exceeds coherence_ahp_max). Ranks drawn: weights uniform over the simplex, seed fixed. Driving criterion: "
        "the one without which the rank changes the most. Example: two criteria of weight 0.5, z = 0.8 and 0.4: index "
        "(0.4 + 0.2) ÷ 1 = 0.6; OWA, alpha 2: 0.8 × 0.25 + 0.4 × 0.75 = 0.5.",
    ),
    reading=Text(
        "Un indice de 0,42 signifie que l'unité se tient, en moyenne pondérée, à 42 % du chemin entre la pire et la "
        "meilleure unité du territoire ; des rangs de 3 à 11 disent que neuf tirages de poids sur dix l'y placent.",
        "An index of 0.42 means that the unit stands, in weighted mean, 42 % of the way from the worst to the best "
        "unit of the territory; ranks from 3 to 11 say that nine draws of weights in ten put it there.",
    ),
    limits=Text(
        "L'indice compare les unités entre elles et non à un objectif : la meilleure n'est pas forcément bonne, et un "
        "indice ne se compare pas d'un territoire ou d'un millésime à l'autre. Il dépend des indicateurs mesurés : "
        "ceux qui manquent ne sont pas imputés, leur poids est dit inconnu, et une unité qui en connaît moins de "
        "part_connue_min n'est pas classée. Les indicateurs qui se redisent sont écartés, mais deux indicateurs "
        "proches pèsent deux fois : voir les poids par famille. Entre des carreaux habités, rien n'est à connaître : "
        "un critère de surface y passe pour aussi connu qu'un critère d'habitants. "
        "Un classement dont les rangs tirés s'étalent ne départage rien.",
        "The index compares units with each other and not with an aim: the best is not always good, and an index is "
        "not compared from one territory or vintage to another. It rests on the indicators measured: those missing "
        "are not imputed, their weight is told unknown, and a unit that knows less than part_connue_min of it is not "
        "ranked. Indicators that tell the same are set aside, but two close ones count twice: see weights by "
        "family. Between inhabited squares nothing is to be known: there a criterion of area passes for as well known "
        "as one of inhabitants. A ranking whose drawn ranks spread tells "
        "nobody apart.",
    ),
    reference="OECD/JRC (2008), Handbook on Constructing Composite Indicators ; Saaty (1980), The Analytic Hierarchy "
    "Process ; Hwang & Yoon (1981), Multiple Attribute Decision Making ; Yager (1996), Quantifier guided aggregation ; "
    "Lahdelma & Salminen (2001), SMAA-2.",
    function=overall_coherence,
    apart=False,
    parameters=(
        Parameter(
            "poids",
            Text("D'où viennent les poids", "Where the weights come from"),
            "choix",
            "familles",
            choices={
                "egaux": Text("égaux d'un critère à l'autre", "equal from one criterion to another"),
                "familles": Text("égaux d'une famille à l'autre", "equal from one family to another"),
                "utilisateur": Text("ceux de la table ponderation", "those of the table ponderation"),
                "ahp": Text("tirés de la table comparaison (AHP)", "drawn from the table comparaison (AHP)"),
            },
        ),
        Parameter(
            "alpha_owa",
            Text(
                "Sévérité de l'OWA (1 : moyenne ; plus : les points faibles comptent)",
                "Severity of the OWA (1: mean; more: weak points count)",
            ),
            "exposant",
            2.0,
            0.1,
            10.0,
        ),
        Parameter(
            "part_connue_min",
            Text(
                "Part à connaître : d'un critère pour qu'il compte, du poids pour être classé",
                "Share to be known: of a criterion for it to count, of the weight to be ranked",
            ),
            "part",
            0.5,
            0.0,
            1.0,
        ),
        Parameter(
            "coherence_ahp_max",
            Text("Rapport de cohérence admis des comparaisons", "Consistency ratio accepted of comparisons"),
            "rapport",
            0.1,
            0.0,
            1.0,
        ),
        Parameter("tirages", Text("Tirages de poids", "Draws of weights"), "nombre", 1000, 10, 100_000),
        Parameter("graine", Text("Graine des tirages", "Seed of the draws"), "nombre", 1, 0, 2**31 - 1),
    ),
)
