"""Public buildings and the tertiary decree: how far are they from -40, -50 and -60 %?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter, Table, Whole
from ..model.policies import Policy
from ..overlay import assign_zone
from ..texts import Text
from .entrance import opened_in_bounds
from .knowledge import Known, everywhere, known_part, measurement, ratio, unknown

__all__ = ["ANALYSIS", "CUTS", "energy_tertiary_gap"]

KWH_PER_MWH = 1000
#: Share of the reference use to be cut by each term.
CUTS = {2030: 0.40, 2040: 0.50, 2050: 0.60}
REACHED, BEHIND, UNKNOWN, EXEMPT = "atteint_2030", "en_retard_2030", "reference_inconnue", "non_assujetti"
UNSIZED = "surface_inconnue"


def _gap(year: int) -> Output:
    fr = f"Énergie à économiser pour l'échéance {year}"
    return Output(f"tertiary_gap_{year}_mwh", Text(fr, f"Energy to save by {year}"), "MWh/an", better=-1)


OUTPUTS = (
    Output("tertiary_subject_count", Text("Bâtiments publics assujettis", "Public buildings subject"), "nombre"),
    Output(
        "tertiary_intensity",
        Text("Consommation des bâtiments publics par m²", "Use of public buildings per m²"),
        "kWh/m2/an",
        better=-1,
    ),
    Output(
        "tertiary_on_track_share",
        Text("Part des bâtiments assujettis déjà à −40 %", "Share of subject buildings already at −40 %"),
        "part",
        better=1,
    ),
    *(_gap(year) for year in CUTS),
)
OVERALL = tuple(
    Output(
        f"tertiary_gap_{year}_total_mwh",
        Text(
            f"Énergie à économiser sur le territoire, échéance {year}", f"Energy to save over the territory by {year}"
        ),
        "MWh/an",
        better=-1,
    )
    for year in CUTS
)
TABLES = (
    Table(
        "tertiary_priorities",
        Text("Bâtiments assujettis, du plus grand écart au plus petit", "Subject buildings, the largest gap first"),
        (
            Output("nom", Text("Bâtiment", "Building"), "texte"),
            Output("code_unite", Text("Unité", "Unit"), "texte"),
            Output("surface_m2", Text("Surface de plancher", "Floor area"), "m2"),
            Output("intensite_kwh_m2", Text("Consommation par m²", "Use per m²"), "kWh/m2/an", better=-1),
            Output("baisse", Text("Baisse déjà faite", "Cut already made"), "ratio", better=1, minimum=None),
            *(
                Output(f"ecart_{year}_mwh", Text(f"Écart à {year}", f"Gap by {year}"), "MWh/an", better=-1)
                for year in CUTS
            ),
        ),
    ),
)
FLOOR = Parameter(
    "surface_min_m2",
    Text("surface de plancher à partir de laquelle un bâtiment est assujetti", "floor area from which one is subject"),
    "m2",
    1000.0,
    minimum=0.0,
    maximum=100_000.0,
)


def energy_tertiary_gap(
    units: gpd.GeoDataFrame, *, batiment_public: gpd.GeoDataFrame | None, surface_min_m2: float = 1000.0
) -> Measurement:
    """Compare the public buildings that the tertiary decree binds with its three terms.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    batiment_public : GeoDataFrame or None
        Points with ``surface_plancher_m2``, ``consommation_kwh``, ``consommation_reference_kwh``.
    surface_min_m2 : float, default 1000
        Floor area from which a building is subject.

    Returns
    -------
    Measurement
        ``tertiary_subject_count``, ``tertiary_intensity`` (all buildings whose area and use are known),
        ``tertiary_on_track_share`` and, by term, the MWh a year still to save. Known shares are those of the
        buildings whose area, use and reference are known. Table ``tertiary_priorities``.

    Notes
    -----
    Gap of a building: use − (1 − cut) × reference use, 0 where it is already below.

    References
    ----------
    Code de la construction et de l'habitation, art. L. 174-1 and R. 174-22 to R. 174-32.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 99, 99)], index=["1"], crs=2154)
    >>> told = {"surface_plancher_m2": [2000.0], "consommation_kwh": [190e3], "consommation_reference_kwh": [280e3]}
    >>> hall = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([5], [5]), crs=2154)
    >>> energy_tertiary_gap(units, batiment_public=hall).values.loc["1"].round(6).tolist()
    [1.0, 95.0, 0.0, 22.0, 50.0, 78.0]
    """
    units, buildings = opened_in_bounds(units, batiment_public=batiment_public)
    if buildings is None:
        nothing = {output.name: Whole(np.nan, 0.0) for output in OVERALL}
        columns = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, columns, None, nothing, {"tertiary_priorities": _table(None)})
    told = _told(buildings, units, surface_min_m2)
    inside = told[told["code_unite"].notna()].reset_index(drop=True)
    sums = _sums(inside).reindex(units.index, fill_value=0.0)
    drawn = inside[["nom", "classe", "code_unite", "geometry"]]
    return measurement(
        units, _columns(units, sums), drawn, _overall(sums.sum()), {"tertiary_priorities": _table(inside)}
    )


def _told(buildings: gpd.GeoDataFrame, units: gpd.GeoDataFrame, minimum_m2: float) -> gpd.GeoDataFrame:
    """Return the buildings with their figures (NaN: unknown), whether they are subject, and their gaps in MWh."""
    blank = pd.Series(np.nan, index=buildings.index)
    floor, use, reference = (
        (buildings[name] if name in buildings.columns else blank).astype(float)
        for name in ("surface_plancher_m2", "consommation_kwh", "consommation_reference_kwh")
    )
    floor, reference = floor.where(floor > 0), reference.where(reference > 0)
    gaps = {year: (use - (1 - cut) * reference).clip(lower=0.0) / KWH_PER_MWH for year, cut in CUTS.items()}
    state = np.where(gaps[2030] > 0, BEHIND, REACHED)
    name = buildings["nom"] if "nom" in buildings.columns else pd.Series("", index=buildings.index)
    return gpd.GeoDataFrame(
        {
            "nom": name.astype("string").fillna("").astype(object),
            "code_unite": assign_zone(buildings, units),
            "floor": floor,
            "use": use,
            "cut": 1 - use / reference,
            "subject": floor >= minimum_m2,
            **{f"gap_{year}": gap for year, gap in gaps.items()},
            "classe": np.select(
                [floor.isna(), floor < minimum_m2, gaps[2030].isna()], [UNSIZED, EXEMPT, UNKNOWN], state
            ),
        },
        geometry=buildings.geometry.array,
        crs=buildings.crs,
    )


def _sums(told: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return by unit the counts and amounts from which the columns are made."""
    both = told["floor"].notna() & told["use"].notna()
    judged = told["subject"] & told["gap_2030"].notna()
    table = pd.DataFrame(
        {
            "all": 1.0,
            "sized": told["floor"].notna(),
            "both": both,
            "floor": told["floor"].where(both, 0.0),
            "use": told["use"].where(both, 0.0),
            "subject": told["subject"],
            "judged": judged,
            "reached": judged & (told["gap_2030"] == 0),
            **{f"gap_{year}": told[f"gap_{year}"].where(judged, 0.0) for year in CUTS},
        }
    ).astype(float)
    return table.groupby(told["code_unite"].to_numpy()).sum()


def _columns(units: gpd.GeoDataFrame, sums: pd.DataFrame) -> dict[str, Known]:
    """Return the columns by unit."""
    sized = known_part(sums["sized"], sums["all"], everywhere(units))
    metered = known_part(sums["both"], sums["all"], everywhere(units))
    judged = sized * known_part(sums["judged"], sums["subject"], everywhere(units))
    columns = {
        "tertiary_subject_count": Known(sums["subject"], sized),
        "tertiary_intensity": Known(sums["use"] / sums["floor"].where(sums["floor"] > 0), metered),
        "tertiary_on_track_share": Known(ratio(sums["reached"], sums["judged"]), judged),
    }
    return columns | {f"tertiary_gap_{year}_mwh": Known(sums[f"gap_{year}"], judged) for year in CUTS}


def _overall(total: pd.Series[float]) -> dict[str, Whole]:
    """Return the energy to save over the territory; unknown where no subject building has a reference."""
    share = float(total["sized"] / total["all"]) if total["all"] else 0.0
    share *= float(total["judged"] / total["subject"]) if total["subject"] else 1.0
    return {
        output.name: Whole(float(total[f"gap_{year}"]) if share > 0 else np.nan, share)
        for output, year in zip(OVERALL, CUTS, strict=True)
    }


def _table(told: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """Return the subject buildings, the largest gap first; those whose gap is unknown last, by use per m²."""
    columns = [column.name for column in TABLES[0].columns]
    if told is None:
        return pd.DataFrame(columns=columns)
    rows = pd.DataFrame(told[told["subject"]].drop(columns=["geometry", "classe"]))
    rows["intensite_kwh_m2"] = rows["use"] / rows["floor"]
    names = {"floor": "surface_m2", "cut": "baisse"} | {f"gap_{year}": f"ecart_{year}_mwh" for year in CUTS}
    rows = rows.rename(columns=names)
    order = ["ecart_2030_mwh", "ecart_2050_mwh", "intensite_kwh_m2", "nom"]
    return rows.sort_values(order, ascending=[False, False, False, True]).reset_index(drop=True)[columns]


ANALYSIS = Declaration(
    id="energy_tertiary_gap",
    title=Text("Bâtiments publics et décret tertiaire", "Public buildings and the tertiary decree"),
    summary=Text(
        "Quels bâtiments publics sont loin de −40 % en 2030, −50 % en 2040 et −60 % en 2050, donc à piloter d'abord ?",
        "Which public buildings are far from −40 % in 2030, −50 % in 2040 and −60 % in 2050, hence to control first?",
    ),
    policies=(Policy.ENERGIE, Policy.NUMERIQUE),
    inputs=(Input("batiment_public"),),
    outputs=OUTPUTS,
    overall=OVERALL,
    tables=TABLES,
    formula=Text(
        "Est assujetti un bâtiment d'au moins surface_min_m2. Écart d'un bâtiment = consommation − (1 − baisse) × "
        "consommation de référence, ou 0 s'il est déjà dessous ; baisse de 40 % en 2030, 50 % en 2040, 60 % en 2050. "
        "Consommation par m² = kWh ÷ m² des bâtiments dont les deux sont connus, assujettis ou non. Exemple : un "
        "gymnase de 2 000 m² consomme 190 MWh, sa référence est 280 MWh : cible de 2030 = 0,6 × 280 = 168 MWh, écart "
        "22 MWh.",
        "A building of at least surface_min_m2 is subject. Gap of a building = use − (1 − cut) × reference use, or 0 "
        "if it is already below; cut of 40 % in 2030, 50 % in 2040, 60 % in 2050. Use per m² = kWh ÷ m² of the "
        "buildings where both are known, subject or not. Example: a gymnasium of 2,000 m² uses 190 MWh, its reference "
        "is 280 MWh: target of 2030 = 0.6 × 280 = 168 MWh, gap 22 MWh.",
    ),
    reading=Text(
        "Un écart de 22 signifie que ces bâtiments doivent encore économiser 22 MWh par an pour tenir l'échéance.",
        "A gap of 22 means that these buildings must still save 22 MWh a year to meet the term.",
    ),
    limits=Text(
        "Sans consommation de référence, seule la consommation par m² est dite : l'écart est inconnu. Le décret admet "
        "aussi une valeur absolue par activité et des modulations, qui ne sont pas lues, et apprécie les 1 000 m² sur "
        "l'ensemble d'un site. Ni correction climatique, ni changement d'usage.",
        "Without a reference use, only the use per m² is told: the gap is unknown. The decree also admits an absolute "
        "value by activity and adjustments, which are not read, and weighs the 1,000 m² over a whole site. No climate "
        "correction, no change of use.",
    ),
    reference="Code de la construction et de l'habitation, art. L. 174-1 et R. 174-22 à R. 174-32 ; décret n° 2019-771 "
    "du 23 juillet 2019 (décret tertiaire) ; arrêté du 10 avril 2020.",
    function=energy_tertiary_gap,
    parameters=(FLOOR,),
    map_classes={
        REACHED: (Text("assujetti, −40 % atteint", "subject, −40 % reached"), "#009e73"),
        BEHIND: (Text("assujetti, −40 % à atteindre", "subject, −40 % to be reached"), "#d55e00"),
        UNKNOWN: (Text("assujetti, référence inconnue", "subject, unknown reference"), "#999999"),
        EXEMPT: (Text("non assujetti", "not subject"), "#56b4e9"),
        UNSIZED: (Text("surface inconnue", "unknown area"), "#dddddd"),
    },
)
