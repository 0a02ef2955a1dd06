"""Digital clauses of the local plan: is what they demand of builders there on the ground?"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.families import Family
from ..model.policies import Policy
from ..overlay import covered_area, pieces_inside
from ..texts import Text
from .entrance import opened
from .fibre import READY_CLASSES, READY_RATE, ready_pieces, ready_totals
from .knowledge import Known, known_part, measurement, merged, ratio, reached_share, unknown

__all__ = ["ANALYSIS", "plu_digital_clauses"]

#: CNIG codes of each clause: type, and sub-type where the type holds other matters.
CLAUSES: dict[str, tuple[str, str | None]] = {"quality_clause": ("27", None), "service_clause": ("47", "05")}
M2_PER_HA = 10_000


def plu_digital_clauses(
    units: gpd.GeoDataFrame,
    *,
    prescription_surf: gpd.GeoDataFrame | None,
    couverture_fixe: gpd.GeoDataFrame | None,
    couverture_mobile: gpd.GeoDataFrame | None = None,
    zonage: gpd.GeoDataFrame | None = None,
    taux_pret: float = 0.8,
) -> Measurement:
    r"""Measure the sectors under a digital clause of the local plan, and the share of them that meets it.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    prescription_surf : GeoDataFrame or None
        Surface prescriptions, with ``typepsc`` and ``stypepsc``.
    couverture_fixe : GeoDataFrame or None
        Polygons with ``taux_fibre``, or ``locaux`` and ``locaux_raccordables``.
    couverture_mobile : GeoDataFrame or None
        Polygons where there is mobile coverage.
    zonage : GeoDataFrame or None
        Zoning: where the plan applies. Without it, only the prescriptions tell where a plan is known.
    taux_pret : float, default 0.8
        Share of premises passed from which the clause is met.

    Returns
    -------
    Measurement
        For ``quality_clause`` (27-00) and ``service_clause`` (47-05): ``…_ha``, ``…_fibre_share`` and
        ``…_mobile_share`` (0 to 1; NaN where the unit has no such sector). The map holds the pieces of sectors.

    Notes
    -----
    Fibre: :math:`A(r \ge \mathrm{taux\_pret}) / A(r\ \mathrm{known})`; mobile: :math:`A(\mathrm{covered}) / A`,
    with :math:`A` the area under the clause, overlaps counted once.

    References
    ----------
    Code de l'urbanisme, art. L. 151-40 and R. 151-49; CNIG, standard PLU (TYPEPSC 27-00 and 47-05).

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 400, 100)], index=["1"], crs=2154)
    >>> clause = {"typepsc": ["27"], "stypepsc": ["00"]}
    >>> sectors = gpd.GeoDataFrame(clause, geometry=[shapely.box(0, 0, 200, 100)], crs=2154)
    >>> fibre = gpd.GeoDataFrame({"taux_fibre": [0.9]}, geometry=[shapely.box(0, 0, 400, 100)], crs=2154)
    >>> mobile = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 50, 100)], crs=2154)
    >>> found = plu_digital_clauses(
    ...     units, prescription_surf=sectors, couverture_fixe=fibre, couverture_mobile=mobile
    ... ).values
    >>> found.loc["1", ["quality_clause_ha", "quality_clause_fibre_share", "quality_clause_mobile_share"]].tolist()
    [2.0, 1.0, 0.25]
    """
    units, prescription_surf, couverture_fixe, couverture_mobile, zonage = opened(
        units,
        prescription_surf=prescription_surf,
        couverture_fixe=couverture_fixe,
        couverture_mobile=couverture_mobile,
        zonage=zonage,
    )
    if prescription_surf is None:
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS})
    reach = reached_share(units, merged(zonage, prescription_surf))
    columns: dict[str, Known] = {}
    drawn: list[gpd.GeoDataFrame] = []
    for name in CLAUSES:
        sectors, told = _sectors(prescription_surf, name)
        pieces = ready_pieces(units, sectors, couverture_fixe, taux_pret)
        there = reach if told else reach * 0.0
        columns |= _met(name, ready_totals(units, pieces), there) | _mobile(
            name, units, sectors, couverture_mobile, there
        )
        drawn.append(pieces)
    together = gpd.GeoDataFrame(pd.concat(drawn, ignore_index=True), geometry="geometry", crs=units.crs)
    return measurement(units, columns, together.rename(columns={"type": "clause"}))


def _sectors(prescriptions: gpd.GeoDataFrame, name: str) -> tuple[gpd.GeoDataFrame, bool]:
    """Return the sectors of one clause, and whether the layer can tell them: 47 alone says nothing."""
    kind, subkind = CLAUSES[name]
    found = prescriptions[prescriptions["typepsc"].isin([kind])]
    told = subkind is None or "stypepsc" in prescriptions.columns
    if subkind is not None:
        found = found[found["stypepsc"].isin([subkind])] if told else found.iloc[:0]
    return gpd.GeoDataFrame({"type": name}, index=found.index, geometry=found.geometry, crs=prescriptions.crs), told


def _met(name: str, totals: pd.DataFrame, reach: pd.Series[float]) -> dict[str, Known]:
    """Return the area under a clause and the share of it where fibre meets it."""
    known = known_part(totals["known_m2"], totals["area_m2"], reach)
    return {
        f"{name}_ha": Known(totals["area_m2"] / M2_PER_HA, reach),
        f"{name}_fibre_share": Known(ratio(totals["ready_m2"], totals["known_m2"]), known),
    }


def _mobile(
    name: str,
    units: gpd.GeoDataFrame,
    sectors: gpd.GeoDataFrame,
    couverture_mobile: gpd.GeoDataFrame | None,
    reach: pd.Series[float],
) -> dict[str, Known]:
    """Return the share of the area under a clause that has mobile coverage."""
    if couverture_mobile is None:
        return {f"{name}_mobile_share": unknown(units)}
    pieces = pieces_inside(units, sectors)
    covered = covered_area(pieces, couverture_mobile).reindex(units.index, fill_value=0.0)
    area = pieces.area.reindex(units.index, fill_value=0.0)
    return {f"{name}_mobile_share": Known(ratio(covered, area), reach.where(area <= 0, 1.0))}


def _outputs(name: str, sector: Text) -> tuple[Output, ...]:
    return (
        Output(f"{name}_ha", Text("Surface des $s", "Area of $s").fill(s=sector), "ha"),
        Output(
            f"{name}_fibre_share",
            Text("Part des $s où la fibre répond à la clause", "Share of $s where fibre meets the clause").fill(
                s=sector
            ),
            "part",
            better=1,
        ),
        Output(
            f"{name}_mobile_share",
            Text("Part des $s sous couverture mobile", "Share of $s under mobile coverage").fill(s=sector),
            "part",
            better=1,
        ),
    )


OUTPUTS = (
    *_outputs(
        "quality_clause",
        Text("secteurs à qualité numérique renforcée (27-00)", "sectors of reinforced digital quality (27-00)"),
    ),
    *_outputs(
        "service_clause",
        Text("secteurs à desserte numérique obligatoire (47-05)", "sectors of mandatory digital service (47-05)"),
    ),
)

ANALYSIS = Declaration(
    id="plu_digital_clauses",
    title=Text("Clauses numériques du PLU et réseaux", "Digital clauses of the local plan and networks"),
    summary=Text(
        "Là où le PLU exige une desserte ou une qualité numérique, le réseau est-il à la hauteur ?",
        "Where the local plan demands digital service or quality, does the network live up to it?",
    ),
    policies=(Policy.URBANISME, Policy.NUMERIQUE),
    family=Family.NUMERIQUE,
    inputs=(
        Input("prescription_surf"),
        Input("couverture_fixe"),
        Input("couverture_mobile", required=False),
        Input("zonage", required=False, text=Text("où le plan s'applique", "where the plan applies")),
    ),
    outputs=OUTPUTS,
    formula=Text(
        "Part répondant à la clause = surface du secteur où le taux de locaux raccordables atteint taux_pret ÷ surface "
        "du secteur où ce taux est connu. Part sous couverture mobile = surface couverte ÷ surface du secteur. "
        "Exemple : un secteur de 10 ha, dont 6 en commune à 90 %, 2 en commune à 50 % et 2 de taux inconnu : "
        "6 ÷ 8 = 0,75, connu pour 8 ÷ 10.",
        "Share that meets the clause = area of the sector where the rate of premises passed reaches taux_pret ÷ area "
        "of the sector where that rate is known. Share under mobile coverage = area covered ÷ area of the sector. "
        "Example: a sector of 10 ha, 6 of them in a commune at 90 %, 2 in one at 50 % and 2 of unknown rate: "
        "6 ÷ 8 = 0.75, known for 8 ÷ 10.",
    ),
    reading=Text(
        "0,42 signifie que 42 % de la surface soumise à la clause a le réseau qu'elle exige.",
        "0.42 means that 42 % of the area under the clause has the network that it demands.",
    ),
    limits=Text(
        "Le taux de fibre est celui de la commune entière. Le texte du règlement, qui dit ce qui est exigé, n'est pas "
        "lu : le seuil est un paramètre. Sans sous-type (STYPEPSC), les secteurs 47-05 restent inconnus. Sans zonage, "
        "le plan n'est connu que là où il porte une prescription.",
        "The fibre rate is that of the whole commune. The wording of the regulation, which says what is demanded, is "
        "not read: the threshold is a parameter. Without a sub-type (STYPEPSC), sectors 47-05 stay unknown. Without "
        "zoning, the plan is known only where it holds a prescription.",
    ),
    reference="Code de l'urbanisme, art. L. 151-40 et R. 151-49 (3°) ; CNIG, standard PLU (TYPEPSC 27-00, 47-05).",
    function=plu_digital_clauses,
    parameters=(READY_RATE,),
    map_classes=READY_CLASSES,
)
