"""Zoning and fibre: are the zones where building goes on, or will, ready for it?"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.families import Family
from ..model.policies import Policy
from ..overlay import covered_share
from ..texts import Text
from .entrance import opened
from .fibre import READY_CLASSES, READY_RATE, ready_pieces, ready_totals
from .knowledge import Known, known_part, measurement, ratio, unknown

__all__ = ["ANALYSIS", "zoning_fixed_coverage"]

#: CNIG zone types that are measured; where two overlap, the first is taken.
TYPES = {"U": "u", "AUc": "auc", "AUs": "aus"}
M2_PER_HA = 10_000


def zoning_fixed_coverage(
    units: gpd.GeoDataFrame,
    *,
    zonage: gpd.GeoDataFrame | None,
    couverture_fixe: gpd.GeoDataFrame | None,
    taux_pret: float = 0.8,
) -> Measurement:
    r"""Measure the readiness for fibre of the urban zones (U) and of those to be urbanised (AUc, AUs).

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    zonage : GeoDataFrame or None
        Zoning, with ``typezone``.
    couverture_fixe : GeoDataFrame or None
        Polygons with ``taux_fibre``, or ``locaux`` and ``locaux_raccordables``.
    taux_pret : float, default 0.8
        Share of premises passed from which a place is ready.

    Returns
    -------
    Measurement
        For u, auc and aus: ``…_area_ha``, ``…_ready_share`` and ``…_mean_rate`` (0 to 1); ``auc_not_ready_ha``.
        A share is NaN where the unit has no such zone. The map holds the pieces of zones.

    Notes
    -----
    With :math:`A` the area of the zones of one type in a unit, overlaps counted once, and :math:`r` the rate
    known there, the share is :math:`A(r \ge \mathrm{taux\_pret}) / A(r\ \mathrm{known})` and the mean rate is
    :math:`\sum r A_r / A(r\ \mathrm{known})`.

    References
    ----------
    CNIG, standard PLU (TYPEZONE); ARCEP, observatory of fixed deployment.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 400, 100)], index=["1"], crs=2154)
    >>> zones = gpd.GeoDataFrame({"typezone": ["AUc"]}, geometry=[shapely.box(0, 0, 200, 100)], crs=2154)
    >>> fibre = gpd.GeoDataFrame(
    ...     {"taux_fibre": [0.9, 0.5]}, geometry=[shapely.box(0, 0, 50, 100), shapely.box(50, 0, 400, 100)], crs=2154
    ... )
    >>> found = zoning_fixed_coverage(units, zonage=zones, couverture_fixe=fibre).values
    >>> found.loc["1", ["auc_area_ha", "auc_ready_share", "auc_mean_rate", "auc_not_ready_ha"]].round(9).tolist()
    [2.0, 0.25, 0.6, 1.5]
    """
    units, zonage, couverture_fixe = opened(units, zonage=zonage, couverture_fixe=couverture_fixe)
    if zonage is None:
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS})
    reach = covered_share(units, zonage).fillna(0.0)
    pieces = ready_pieces(units, _typed(zonage), couverture_fixe, taux_pret)
    columns: dict[str, Known] = {}
    for code, name in TYPES.items():
        columns |= _readiness(name, ready_totals(units, pieces[pieces["type"] == code]), reach)
    drawn = pieces.rename(columns={"type": "typezone"})
    return measurement(units, {output.name: columns[output.name] for output in OUTPUTS}, drawn)


def _typed(zonage: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the zones measured, with their ``type``, in order of priority."""
    zones = zonage[zonage["typezone"].isin(TYPES)]
    ranked = zones["typezone"].map(list(TYPES).index).sort_values(kind="stable").index
    return gpd.GeoDataFrame({"type": zones["typezone"]}, geometry=zones.geometry, crs=zonage.crs).loc[ranked]


def _readiness(name: str, totals: pd.DataFrame, reach: pd.Series[float]) -> dict[str, Known]:
    """Return the columns of one zone type."""
    known = known_part(totals["known_m2"], totals["area_m2"], reach)
    return {
        f"{name}_area_ha": Known(totals["area_m2"] / M2_PER_HA, reach),
        f"{name}_ready_share": Known(ratio(totals["ready_m2"], totals["known_m2"]), known),
        f"{name}_mean_rate": Known(ratio(totals["rate_m2"], totals["known_m2"]), known),
        f"{name}_not_ready_ha": Known(totals["not_ready_m2"] / M2_PER_HA, known),
    }


def _outputs(name: str, zones: Text) -> tuple[Output, ...]:
    return (
        Output(f"{name}_area_ha", Text("Surface des $z", "Area of $z").fill(z=zones), "ha"),
        Output(
            f"{name}_ready_share",
            Text("Part des $z prêtes pour la fibre", "Share of $z ready for fibre").fill(z=zones),
            "part",
            better=1,
        ),
        Output(
            f"{name}_mean_rate",
            Text("Taux de fibre moyen des $z", "Mean fibre rate of $z").fill(z=zones),
            "part",
            better=1,
        ),
    )


OUTPUTS = (
    *_outputs("u", Text("zones urbaines (U)", "urban zones (U)")),
    *_outputs("auc", Text("zones à urbaniser constructibles (AUc)", "zones to be urbanised, buildable now (AUc)")),
    *_outputs("aus", Text("zones à urbaniser bloquées (AUs)", "zones to be urbanised, closed for now (AUs)")),
    Output(
        "auc_not_ready_ha",
        Text("Surface des zones AUc non prêtes pour la fibre", "Area of AUc zones not ready for fibre"),
        "ha",
        better=-1,
    ),
)

ANALYSIS = Declaration(
    id="zoning_fixed_coverage",
    title=Text("Zones à bâtir et fibre", "Building zones and fibre"),
    summary=Text(
        "Les zones urbaines et à urbaniser du document d'urbanisme sont-elles là où la fibre est déployée ?",
        "Are the urban zones, and those to be urbanised, where fibre is deployed?",
    ),
    policies=(Policy.URBANISME, Policy.NUMERIQUE),
    family=Family.NUMERIQUE,
    inputs=(Input("zonage"), Input("couverture_fixe")),
    outputs=OUTPUTS,
    formula=Text(
        "Part prête = surface de la zone où le taux de locaux raccordables atteint taux_pret ÷ surface de la zone "
        "où ce taux est connu. Taux moyen = Σ(taux × surface) ÷ surface où il est connu. "
        "Exemple : 30 ha de zone U en commune à 90 %, 10 ha à 50 % : part prête 30 ÷ 40 = 0,75, taux moyen "
        "(0,9 × 30 + 0,5 × 10) ÷ 40 = 0,8.",
        "Ready share = area of the zone where the rate of premises passed reaches taux_pret ÷ area of the zone where "
        "that rate is known. Mean rate = Σ(rate × area) ÷ area where it is known. Example: 30 ha of U zone in a "
        "commune at "
        "90 %, 10 ha at 50 %: ready share 30 ÷ 40 = 0.75, mean rate (0.9 × 30 + 0.5 × 10) ÷ 40 = 0.8.",
    ),
    reading=Text(
        "0,42 signifie que 42 % de la surface des zones de ce type est dans des communes prêtes pour la fibre.",
        "0.42 means that 42 % of the area of zones of this type lies in communes ready for fibre.",
    ),
    limits=Text(
        "Le taux est celui de la commune entière : il ne dit pas si la fibre passe devant la zone. Les zones A, N, AU "
        "sans précision et les cartes communales ne sont pas mesurées. Deux zones qui se recouvrent comptent une "
        "fois : U, puis AUc, puis AUs.",
        "The rate is that of the whole commune: it does not tell whether fibre runs by the zone. Zones A and N, AU "
        "left unspecified, and commune maps are not measured. Zones that overlap count once: U, then AUc, then AUs.",
    ),
    reference="Code de l'urbanisme, art. R. 151-18 et R. 151-20 (zones U et AU) ; CNIG, standard PLU (TYPEZONE) ; "
    "Arcep, observatoire des déploiements fixes.",
    function=zoning_fixed_coverage,
    parameters=(READY_RATE,),
    map_classes=READY_CLASSES,
)
