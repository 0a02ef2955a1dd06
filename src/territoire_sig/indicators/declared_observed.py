"""What the raters declare of two policies, beside what the findings show on the ground."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Table, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..texts import Text
from .entrance import opened
from .knowledge import measurement
from .rated import Rated, rated

__all__ = ["ANALYSIS", "declared_observed"]

OVERALL = (
    Output("declared_pair_count", Text("Couples de politiques notés", "Pairs of policies that are rated"), "nombre"),
    Output(
        "declared_agreement_share",
        Text("Part des couples où note et constats vont de même", "Share of pairs where rating and findings agree"),
        "part",
        better=1,
    ),
    Output(
        "declared_blind_count",
        Text("Couples où l'on déclare mieux que ce qu'on constate", "Pairs declared better than observed"),
        "nombre",
        better=-1,
    ),
    Output(
        "unrated_conflict_count",
        Text("Couples en conflit que personne n'a notés", "Pairs in conflict that nobody has rated"),
        "nombre",
        better=-1,
    ),
)
TABLES = (
    Table(
        "couples",
        Text("Les couples de politiques, déclarés et observés", "The pairs of policies, declared and observed"),
        (
            Output("politique_a", Text("Politique", "Policy"), "texte"),
            Output("politique_b", Text("Autre politique", "Other policy"), "texte"),
            Output("note_declaree", Text("Note moyenne déclarée", "Mean rating declared"), "note", minimum=None),
            Output("couples_notes", Text("Couples d'objectifs notés", "Pairs of objectives rated"), "nombre"),
            Output("score_observe", Text("Score net observé", "Net score observed"), "note", minimum=None),
            Output("conflits", Text("Conflits constatés", "Conflicts found"), "nombre"),
            Output("synergies", Text("Synergies constatées", "Synergies found"), "nombre"),
            Output("lecture", Text("Lecture", "Reading"), "texte"),
        ),
    ),
)
READINGS = {
    "accord": Text("même sens", "same direction"),
    "optimiste": Text("déclaré mieux que constaté", "declared better than observed"),
    "pessimiste": Text("déclaré moins bien que constaté", "declared worse than observed"),
    "rien_constate": Text("rien constaté", "nothing found"),
    "non_note": Text("constaté, noté par personne", "observed, rated by nobody"),
    "non_verifie": Text("déclaré, sans règle pour le vérifier", "declared, without a rule to check it"),
    "sans_reponse": Text("ni noté ni jugé", "neither rated nor judged"),
}
#: Readings of the pairs where a rating and findings are compared.
COMPARED = ("accord", "optimiste", "pessimiste")


def declared_observed(
    units: gpd.GeoDataFrame, *, matrix: pd.DataFrame, note_objectif: pd.DataFrame | None
) -> Measurement:
    """Join the ratings of objectives with the findings, by pair of policies.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    matrix : DataFrame
        The matrix of findings: ``politique_a``, ``politique_b``, ``score_net`` (NaN: not judged), ``conflits``,
        ``synergies``.
    note_objectif : DataFrame or None
        ``objectif_a``, ``objectif_b``, ``note``, ``politique_a``, ``politique_b``.

    Returns
    -------
    Measurement
        For the whole territory, the values of the declaration; the table ``couples``. The known share is that of the
        ratings whose two objectives have a policy, times that of the rated pairs of policies that rules could judge
        (for the agreement: of which something was found).

    Raises
    ------
    InvalidValueError
        When ratings are out of −3…3, or given twice; when an objective has two policies.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 9, 9)], index=["1"], crs=2154)
    >>> pair = {"objectif_a": ["fibre"], "objectif_b": ["plu"], "note": [2.0]}
    >>> told = pd.DataFrame(pair | {"politique_a": ["numerique"], "politique_b": ["urbanisme"]})
    >>> found = {"politique_a": ["urbanisme"], "politique_b": ["numerique"], "score_net": [-4.0], "conflits": [2]}
    >>> told = declared_observed(units, matrix=pd.DataFrame(found | {"synergies": [0]}), note_objectif=told)
    >>> told.tables["couples"]["lecture"].tolist(), told.overall["declared_blind_count"].value
    (['déclaré mieux que constaté'], 1.0)
    """
    units, told = opened(units, note_objectif=note_objectif)
    found = None if told is None else rated(told)
    if found is None or found.by_rater.empty:
        empty = pd.DataFrame(columns=[column.name for column in TABLES[0].columns])
        nothing = {output.name: Whole(float("nan"), 0.0) for output in OVERALL}
        return measurement(units, {}, overall=nothing, tables={"couples": empty})
    declared, placed = _declared(found)
    table = _joined(declared, matrix)
    return measurement(units, {}, overall=_overall(table, placed), tables={"couples": _shown(table)})


def _declared(found: Rated) -> tuple[pd.DataFrame, float]:
    """Return the mean rating of each pair of two policies, and the share of the ratings that have both."""
    place = {policy.value: rank for rank, policy in enumerate(Policy)}
    rows = []
    for one, acting in enumerate(found.names):
        for other, acted in enumerate(found.names):
            value = found.mean[one, other]
            pair = [found.policies.get(acting), found.policies.get(acted)]
            known = all(policy in place for policy in pair)
            if value == value and not (known and pair[0] == pair[1]):
                a, b = sorted(map(str, pair), key=place.__getitem__) if known else (None, None)
                rows.append((a, b, value))
    table = pd.DataFrame(rows, columns=["politique_a", "politique_b", "note_declaree"])
    kept = table.dropna(subset=["politique_a"])
    grouped = kept.groupby(["politique_a", "politique_b"])["note_declaree"].agg(["mean", "size"]).reset_index()
    names = {"mean": "note_declaree", "size": "couples_notes"}
    return grouped.rename(columns=names), len(kept) / len(table) if len(table) else 1.0


def _joined(declared: pd.DataFrame, matrix: pd.DataFrame) -> pd.DataFrame:
    """Return every pair of two policies that is rated or crossed by a rule, with its reading."""
    observed = matrix[["politique_a", "politique_b", "score_net", "conflits", "synergies"]]
    observed = observed[observed["politique_a"] != observed["politique_b"]]
    place = {policy.value: rank for rank, policy in enumerate(Policy)}
    pairs = [sorted(pair, key=lambda name: place.get(name, len(place))) for pair in observed.iloc[:, :2].to_numpy()]
    observed = observed.assign(politique_a=[pair[0] for pair in pairs], politique_b=[pair[1] for pair in pairs])
    table = declared.merge(observed, on=["politique_a", "politique_b"], how="outer")
    table = table.rename(columns={"score_net": "score_observe"}).astype(
        dict.fromkeys(("note_declaree", "couples_notes", "score_observe", "conflits", "synergies"), float)
    )
    table["lecture"] = _readings(table)
    order = table[["politique_a", "politique_b"]].map(place.get)
    keys = order["politique_a"] * len(place) + order["politique_b"]
    return table.iloc[np.argsort(keys.to_numpy(), kind="stable")].reset_index(drop=True)


def _readings(table: pd.DataFrame) -> np.ndarray:
    said, seen = table["note_declaree"].round(9), table["score_observe"].round(9)
    tests = [
        said.isna() & seen.isna(),
        seen.isna(),
        table["conflits"] + table["synergies"] == 0,
        said.isna(),
        np.sign(said) == np.sign(seen),
        np.sign(said) > np.sign(seen),
    ]
    names = ["sans_reponse", "non_verifie", "rien_constate", "non_note", "accord", "optimiste"]
    return np.select([test.to_numpy(dtype=bool) for test in tests], names, "pessimiste")


def _overall(table: pd.DataFrame, placed: float) -> dict[str, Whole]:
    rated_pairs, judged_pairs = table["note_declaree"].notna(), table["score_observe"].notna()
    reading = table["lecture"]
    compared = reading.isin(COMPARED)
    known, seen = (placed * _mean(those[rated_pairs]) for those in (compared, judged_pairs))
    judged = _mean(judged_pairs)
    alone = (reading == "non_note") & (table["score_observe"] < 0)
    return {
        "declared_pair_count": Whole(float(rated_pairs.sum()), placed),
        "declared_agreement_share": Whole(float((reading[compared] == "accord").mean()), known),
        "declared_blind_count": Whole(float((reading == "optimiste").sum()) if seen else float("nan"), seen),
        "unrated_conflict_count": Whole(float(alone.sum()) if judged else float("nan"), judged),
    }


def _mean(those: pd.Series[bool]) -> float:
    return float(those.mean()) if len(those) else 0.0


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    words = {policy.value: str(policy.text) for policy in Policy}
    named = table.assign(
        politique_a=table["politique_a"].map(words),
        politique_b=table["politique_b"].map(words),
        lecture=table["lecture"].map({name: str(text) for name, text in READINGS.items()}),
    )
    return named[[column.name for column in TABLES[0].columns]]


ANALYSIS = Declaration(
    id="declared_observed",
    title=Text("Cohérence déclarée et cohérence constatée", "Declared coherence and observed coherence"),
    summary=Text(
        "Ce que les services déclarent de deux politiques est-il ce que les constats montrent sur le terrain ?",
        "Is what departments declare of two policies what the findings show on the ground?",
    ),
    policies=tuple(Policy),
    family=Family.GOUVERNANCE,
    inputs=(Input("note_objectif"),),
    reads=("matrix",),
    outputs=(),
    overall=OVERALL,
    tables=TABLES,
    formula=Text(
        "Déclaré : moyenne des notes (de −3 à 3) entre objectifs de deux politiques différentes, dans les deux sens. "
        "Observé : somme des scores des constats de ce couple ; vide si aucune règle n'a pu être jugée. Accord : même "
        "signe. Un couple jugé sans aucun constat se lit « rien constaté » : il n'est ni un accord, ni un écart. "
        "Exemple : note moyenne +2, score observé −4 : déclaré mieux que constaté.",
        "Declared: mean of the ratings (from −3 to 3) between objectives of two different policies, both ways. "
        "Observed: sum of the scores of the findings of that pair; empty where no rule could be judged. Agreement: "
        "same sign. A pair judged without any finding reads “nothing found”: it is neither an agreement nor a gap. "
        "Example: mean rating +2, observed score −4: declared better than observed.",
    ),
    reading=Text(
        "Une part d'accord de 0,42 signifie que, pour 42 % des couples de politiques notés et où quelque chose est "
        "constaté, la note et les constats ont le même signe.",
        "An agreement share of 0.42 means that, for 42 % of the pairs of policies rated and where something was found, "
        "the rating and the findings have the same sign.",
    ),
    limits=Text(
        "Une note porte sur des intentions, un constat sur des lieux : un écart est une question, non une faute. Les "
        "règles ne voient que ce que les données montrent : ne rien constater ne dément pas une bonne note. Un "
        "objectif sans politique n'est rattaché à aucun couple : la part connue le dit. Le score observé grandit avec "
        "le nombre de constats : seul son signe est comparé.",
        "A rating is about intentions, a finding about places: a gap is a question, not a fault. Rules see only what "
        "the data show: to find nothing does not belie a good rating. An objective without policy is tied to no pair: "
        "the known share says so. The observed score grows with the number of findings: only its sign is compared.",
    ),
    reference="Nilsson M., Griggs D., Visbeck M. (2016), Nature 534 ; Weitz et al. (2018), Sustainability Science 13 ; "
    "code de l'urbanisme, art. L. 131-1 et suivants (compatibilité des documents).",
    function=declared_observed,
    apart=False,
)
