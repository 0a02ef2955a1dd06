"""Perceived and theoretical coverage: do the operators' maps say what inhabitants say?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Whole
from ..model.families import Family
from ..model.policies import Policy
from ..overlay import assign_zone, within
from ..texts import Text
from .entrance import opened
from .knowledge import Known, everywhere, known_part, measurement, ratio, unknown
from .mobile import TECHNOLOGIES, Told, covering, named_operators, some_coverage, told_by

__all__ = ["ANALYSIS", "perceived_mobile_coverage"]


def perceived_mobile_coverage(
    units: gpd.GeoDataFrame,
    *,
    couverture_percue: gpd.GeoDataFrame | None,
    couverture_mobile: gpd.GeoDataFrame | None,
) -> Measurement:
    r"""Compare where inhabitants say that they are covered, or not, with the operators' maps.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    couverture_percue : GeoDataFrame or None
        Points with ``couvert`` (no: dead zone; unknown where void), ``operateur`` and ``techno`` where told.
    couverture_mobile : GeoDataFrame or None
        Polygons; a point is compared with those of its operator and technology, where it tells them.

    Returns
    -------
    Measurement
        ``perceived_count`` (declarations) and ``perceived_dead_count``; ``perceived_dead_covered_share`` (share of the
        declared dead zones that the maps cover), ``perceived_agreement_share``, ``perceived_kappa`` (Cohen, -1 to 1;
        NaN where both sides say one and the same thing everywhere); the same of the whole territory. The known share
        is that of the declarations that both sides answer: an operator or a technology that the maps do not name is
        unknown.

    Notes
    -----
    :math:`\kappa = (p_o - p_e) / (1 - p_e)`: agreement observed, and by chance alone given how often each side says
    «covered».

    References
    ----------
    Cohen J. (1960), Educational and Psychological Measurement 20(1).

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 9, 9)], index=["1"], crs=2154)
    >>> told, places = {"couvert": [True, True, False, False]}, gpd.points_from_xy([1, 2, 3, 8], [1] * 4)
    >>> said = gpd.GeoDataFrame(told, geometry=places, crs=2154)
    >>> cover = gpd.GeoDataFrame({"techno": ["4G"]}, geometry=[shapely.box(0, 0, 5, 9)], crs=2154)
    >>> found = perceived_mobile_coverage(units, couverture_percue=said, couverture_mobile=cover)
    >>> found.values.loc["1"].tolist()
    [4.0, 2.0, 0.5, 0.75, 0.5]
    """
    units, said, cover = opened(units, couverture_percue=couverture_percue, couverture_mobile=couverture_mobile)
    cover = some_coverage(cover)
    if said is None or cover is None:
        nothing = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, nothing, overall={output.name: Whole(np.nan, 0.0) for output in OVERALL})
    told = said.assign(
        code_unite=assign_zone(said, units), percu=_flags(said["couvert"]), theorique=_covered(said, cover)
    )
    inside = told[told["code_unite"].notna()]
    table = _table(inside).groupby(inside["code_unite"].to_numpy()).sum().reindex(units.index, fill_value=0.0)
    columns = _columns(table, everywhere(units))
    whole = _columns(_table(inside).sum().to_frame().T, pd.Series([1.0]))
    overall = {f"all_{name}": Whole(float(one.value.iloc[0]), float(one.share.iloc[0])) for name, one in whole.items()}
    return measurement(units, columns, _drawn(inside, units), overall if len(inside) else _nothing())


def _nothing() -> dict[str, Whole]:
    return {output.name: Whole(np.nan, 0.0) for output in OVERALL}


def _flags(values: pd.Series[bool]) -> pd.Series[float]:
    """Return yes as 1, no as 0, unknown as NaN."""
    return values.astype("boolean").astype("Float64").astype(float)


def _covered(said: gpd.GeoDataFrame, cover: gpd.GeoDataFrame) -> pd.Series[float]:
    """Tell whether the maps cover each point, for its operator and technology; NaN where they do not tell."""
    told, operators = told_by(cover), named_operators(said)
    silent = pd.Series(pd.NA, index=said.index)
    techno = (said["techno"] if "techno" in said.columns else silent).astype("string").str.upper().str.strip()
    keys = pd.DataFrame({"operator": operators.fillna(""), "techno": techno.fillna("")})
    result = pd.Series(np.nan, index=said.index)
    for (operator, technology), group in keys.groupby(["operator", "techno"]):
        result.loc[group.index] = _inside(said.loc[group.index], cover, told, str(operator), str(technology))
    return result


def _inside(
    points: gpd.GeoDataFrame, cover: gpd.GeoDataFrame, told: Told, operator: str, technology: str
) -> pd.Series[float]:
    """Return 1 in what covers for sure, 0 out of what may cover, NaN between, and for what the maps do not name."""
    nothing = pd.Series(np.nan, index=points.index)
    if technology and technology not in TECHNOLOGIES:
        return nothing
    wanted = [technology] if technology else list(TECHNOLOGIES)
    sure, possible, named = covering(told, wanted, operator=operator or None)
    if not technology:
        is_one = np.ones(len(cover), dtype=bool) if not operator else (told.operators == operator).to_numpy(dtype=bool)
        sure, possible, named = is_one, possible | is_one, bool(is_one.any())
    if not named:
        return nothing
    certain, at_most = (within(points, cover[mask]).astype(float) for mask in (sure, possible))
    return certain.where(certain == at_most)


def _table(rows: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what each declaration counts for, in each cell of the comparison."""
    said, mapped = rows["percu"], rows["theorique"]
    both = said.notna() & mapped.notna()
    dead = (said == 0).astype(float)
    cells = {
        "all": np.ones(len(rows)),
        "said": said.notna().astype(float),
        "dead": dead,
        "both": both.astype(float),
        "dead_both": dead.where(both, 0.0),
        "dead_covered": dead.where(mapped == 1, 0.0),
        "alike": (both & (said == mapped)).astype(float),
        "said_yes": (both & (said == 1)).astype(float),
        "mapped_yes": (both & (mapped == 1)).astype(float),
    }
    return pd.DataFrame(cells, index=rows.index)


def _columns(table: pd.DataFrame, reach: pd.Series[float]) -> dict[str, Known]:
    both = table["both"].where(table["both"] > 0)
    agreed = table["alike"] / both
    said, mapped = table["said_yes"] / both, table["mapped_yes"] / both
    chance = said * mapped + (1 - said) * (1 - mapped)
    kappa = (agreed - chance) / (1 - chance).where(chance < 1)
    compared = known_part(table["both"], table["all"], reach)
    told = known_part(table["said"], table["all"], reach)
    return {
        "perceived_count": Known(table["all"], reach),
        "perceived_dead_count": Known(table["dead"], told),
        "perceived_dead_covered_share": Known(
            ratio(table["dead_covered"], table["dead_both"]), known_part(table["dead_both"], table["dead"], reach)
        ),
        "perceived_agreement_share": Known(agreed, compared),
        "perceived_kappa": Known(kappa, compared),
    }


def _drawn(rows: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    said, mapped = rows["percu"], rows["theorique"]
    cases = [said.isna() | mapped.isna(), (said == 0) & (mapped == 1), (said == 0), mapped == 1]
    classes = np.select(cases, ["inconnu", "zone_blanche_contestee", "zone_blanche", "couvert"], "couvert_hors_carte")
    return gpd.GeoDataFrame(
        {"code_unite": rows["code_unite"].to_numpy(), "classe": classes}, geometry=rows.geometry.array, crs=units.crs
    )


def _outputs(prefix: str, where: Text) -> tuple[Output, ...]:
    texts = {
        "count": (Text("Déclarations des habitants$w", "Inhabitants' declarations$w"), "nombre", 0),
        "dead_count": (Text("Zones blanches déclarées$w", "Dead zones declared$w"), "nombre", -1),
        "dead_covered_share": (
            Text(
                "Part des zones blanches déclarées que les cartes couvrent$w",
                "Share of declared dead zones on covered ground$w",
            ),
            "part",
            -1,
        ),
        "agreement_share": (
            Text("Accord entre habitants et cartes$w", "Agreement of inhabitants and maps$w"),
            "part",
            1,
        ),
        "kappa": (
            Text("Accord au-delà du hasard (kappa de Cohen)$w", "Agreement beyond chance (Cohen's kappa)$w"),
            "indice",
            1,
        ),
    }
    return tuple(
        Output(f"{prefix}_{name}", text.fill(w=where), unit, better=sign, minimum=-1.0 if name == "kappa" else 0.0)
        for name, (text, unit, sign) in texts.items()
    )


OUTPUTS = _outputs("perceived", Text("", ""))
OVERALL = _outputs("all_perceived", Text(", tout le territoire", ", whole territory"))

ANALYSIS = Declaration(
    id="perceived_mobile_coverage",
    title=Text("Couverture mobile perçue et théorique", "Perceived and theoretical mobile coverage"),
    summary=Text(
        "Les cartes des opérateurs disent-elles la même chose que les habitants ?",
        "Do the operators' maps say what inhabitants say?",
    ),
    policies=(Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(Input("couverture_percue"), Input("couverture_mobile")),
    outputs=OUTPUTS,
    overall=OVERALL,
    formula=Text(
        "Chaque déclaration (couvert, ou zone blanche) est comparée à la carte de son opérateur et de sa technologie, "
        "quand elle les dit ; à toutes les cartes, sinon. Part contestée = zones blanches déclarées que la carte "
        "couvre ÷ "
        "zones blanches comparées. Accord p_o = déclarations d'accord avec la carte ÷ déclarations comparées. "
        "κ = (p_o − p_e) ÷ (1 − p_e), p_e étant l'accord du seul hasard : a b + (1 − a)(1 − b), a et b parts dites "
        "couvertes par les habitants et par la carte. Exemple : 2 « couvert » sur la carte, 2 zones blanches dont 1 "
        "sur la "
        "carte. Part contestée 1 ÷ 2 = 0,5 ; p_o = 3 ÷ 4 ; a = 0,5, b = 0,75, p_e = 0,5 ; κ = 0,25 ÷ 0,5 = 0,5.",
        "Each declaration (covered, or dead zone) is compared with the map of its operator and technology, where it "
        "tells "
        "them; with all the maps, otherwise. Contested share = declared dead zones that the map covers ÷ dead zones "
        "compared. Agreement p_o = declarations that agree with the map ÷ declarations compared. "
        "κ = (p_o − p_e) ÷ (1 − p_e), p_e being the agreement by chance alone: a b + (1 − a)(1 − b), a and b the "
        "shares "
        "said to be covered by inhabitants and by the map. Example: 2 «covered» on the map, 2 dead zones of which 1 "
        "on the "
        "map. Contested share 1 ÷ 2 = 0.5; p_o = 3 ÷ 4; a = 0.5, b = 0.75, p_e = 0.5; κ = 0.25 ÷ 0.5 = 0.5.",
    ),
    reading=Text(
        "Une part contestée de 0,5 signifie que la moitié des zones blanches déclarées sont couvertes selon les "
        "cartes. Un "
        "kappa de 1 est un accord parfait, 0 celui du seul hasard, au-dessous de 0 un désaccord.",
        "A contested share of 0.5 means that half of the declared dead zones are covered according to the maps. A "
        "kappa of "
        "1 is perfect agreement, 0 that of chance alone, under 0 disagreement.",
    ),
    limits=Text(
        "Un polygone de couverture dont la technologie est «AUCUNE» ne couvre rien. "
        "Ceux qui déclarent ne sont pas tirés au sort : une zone blanche se déclare plus souvent qu'une bonne "
        "couverture. "
        "Les cartes sont théoriques et à l'extérieur ; une déclaration peut venir de l'intérieur d'un bâtiment, d'un "
        "vieux "
        "téléphone, ou d'un point imprécis au bord d'une zone. Sans opérateur déclaré, la carte de n'importe quel "
        "opérateur "
        "suffit à contester. Une technologie ou un opérateur que les cartes ne nomment pas n'est pas comparé : la part "
        "connue le dit. Ce désaccord appelle une mesure sur le terrain, il ne dit pas qui se trompe.",
        "A polygon of coverage whose technology is «AUCUNE» (none) covers nothing. "
        "Those who declare are not drawn at random: a dead zone is declared more often than good coverage. Maps are "
        "theoretical and outdoors; a declaration may come from inside a building, from an old telephone, or from a "
        "loose "
        "point at the edge of a zone. Without an operator, the map of any operator is enough to contest. A technology "
        "or "
        "an operator that the maps do not name is not compared: the known share says so. Disagreement calls for a "
        "measurement in the field; it does not tell who is wrong.",
    ),
    reference="Cohen J. (1960), A coefficient of agreement for nominal scales, Educational and Psychological "
    "Measurement 20(1), p. 37-46 ; Arcep, décision n° 2016-1678 (cartes de couverture mobile et vérification par "
    "enquêtes de "
    "terrain).",
    function=perceived_mobile_coverage,
    family=Family.SATISFACTION,
    map_classes={
        "zone_blanche_contestee": (
            Text("zone blanche déclarée, couverte sur la carte", "dead zone that the map covers"),
            "#d55e00",
        ),
        "zone_blanche": (Text("zone blanche déclarée, hors de la carte", "dead zone out of the map"), "#e69f00"),
        "couvert": (Text("déclaré couvert, comme la carte", "declared covered, as the map"), "#0072b2"),
        "couvert_hors_carte": (
            Text("déclaré couvert, hors de la carte", "declared covered, out of the map"),
            "#009e73",
        ),
        "inconnu": (Text("non comparé", "not compared"), "#999999"),
    },
)
