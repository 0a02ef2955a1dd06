"""Energy use by unit: what IRIS or communes use, carried to any units, every MWh accounted for."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Table, Whole
from ..model.policies import Policy
from ..overlay import Interpolation, interpolate
from ..texts import Text
from .contributions import inhabitants
from .entrance import opened_in_bounds
from .exposure import complete
from .knowledge import Known, measurement, unknown

__all__ = ["ANALYSIS", "energy_consumption_spread", "use_by_unit"]

USE = "consommation_mwh"
FLOOR_M = 3.0
OUTPUTS = (
    Output("energy_use_mwh", Text("Consommation d'énergie", "Energy use"), "MWh/an", better=-1),
    Output(
        "energy_use_per_person_mwh",
        Text("Consommation d'énergie par habitant", "Energy use per inhabitant"),
        "MWh/hab/an",
        better=-1,
    ),
)
OVERALL = (
    Output(
        "energy_use_total_mwh",
        Text("Consommation d'énergie du territoire", "Energy use of the territory"),
        "MWh/an",
        better=-1,
    ),
)
TABLES = (
    Table(
        "energy_conservation",
        Text("Bilan du transfert : où va chaque MWh", "Account of the transfer: where each MWh goes"),
        (
            Output("source_mwh", Text("Total connu des sources", "Known total of the sources"), "MWh/an"),
            Output("unites_mwh", Text("Reçu par les unités", "Received by units"), "MWh/an"),
            Output("hors_mwh", Text("Hors des unités", "Out of the units"), "MWh/an"),
            Output(
                "perdu_mwh", Text("Sans place (source sans surface)", "Without place (source without area)"), "MWh/an"
            ),
            Output("ecart_relatif", Text("Écart relatif", "Relative gap"), "ratio", minimum=None),
            Output("sources_inconnues", Text("Sources de valeur inconnue", "Sources of unknown value"), "nombre"),
            Output("sources_par_surface", Text("Sources sans bâtiment, par surface", "Sources by area"), "nombre"),
        ),
    ),
)


def energy_consumption_spread(
    units: gpd.GeoDataFrame,
    *,
    consommation_energie: gpd.GeoDataFrame | None,
    batiment: gpd.GeoDataFrame | None = None,
    population: gpd.GeoDataFrame | None = None,
) -> Measurement:
    """Carry the yearly energy use of IRIS or communes to the units, by buildings where they are given, else by area.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    consommation_energie : GeoDataFrame or None
        Polygons with ``consommation_mwh``; NaN (secrecy) is unknown.
    batiment : GeoDataFrame or None
        Polygons with optional ``hauteur_m``: a building weighs its ground area times its storeys of 3 m.
    population : GeoDataFrame or None
        Polygons with ``habitants``, for the use per inhabitant.

    Returns
    -------
    Measurement
        ``energy_use_mwh`` (NaN where one hundredth or more of the unit has no known use),
        ``energy_use_per_person_mwh`` (and where nobody lives, or the inhabitants are unknown to one hundredth);
        ``energy_use_total_mwh`` of the land, a lower bound; table ``energy_conservation``. The known share is that of
        the area whose use is known; by inhabitant, that of the inhabitants where it is lower.

    References
    ----------
    Goodchild M. F., Lam N. S.-N. (1980), Areal interpolation, Geo-Processing 1.

    Examples
    --------
    >>> import shapely
    >>> halves = [shapely.box(0, 0, 60, 99), shapely.box(60, 0, 100, 99)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un", "Deux"]}, geometry=halves, index=["1", "2"], crs=2154)
    >>> told = {"code_insee": ["01001"], "consommation_mwh": [500.0]}
    >>> use = gpd.GeoDataFrame(told, geometry=[shapely.box(0, 0, 100, 99)], crs=2154)
    >>> energy_consumption_spread(units, consommation_energie=use).values["energy_use_mwh"].round(6).tolist()
    [300.0, 200.0]
    """
    units, sources, buildings, population = opened_in_bounds(
        units, consommation_energie=consommation_energie, batiment=batiment, population=population
    )
    if sources is None:
        nothing = {"energy_use_total_mwh": Whole(np.nan, 0.0)}
        columns = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, columns, None, nothing, {"energy_conservation": _table(None)})
    moved = use_by_unit(units, sources, buildings)
    use = Known(moved.values[USE], moved.known_share[USE].fillna(0.0))
    people, reach = inhabitants(units, population)
    per_person = Known(use.value / people.where(people > 0), use.share.where(use.share < reach, reach))
    columns = {"energy_use_mwh": complete(use), "energy_use_per_person_mwh": complete(per_person)}
    known = float((use.share * units.area).sum() / units.area.sum()) if len(units) else 0.0
    total = Whole(float(use.value.sum()) if known > 0 else np.nan, min(known, 1.0))
    return measurement(
        units, columns, None, {"energy_use_total_mwh": total}, {"energy_conservation": _table(moved.report)}
    )


def use_by_unit(
    units: gpd.GeoDataFrame, sources: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame | None = None
) -> Interpolation:
    """Return the energy use of each unit, MWh a year, with the report of conservation."""
    return interpolate(sources[[USE, "geometry"]], units, extensive=[USE], weights=_weights(buildings))


def _weights(buildings: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the buildings with their ground area times their storeys; one of unknown height has one storey."""
    if buildings is None:
        return None
    blank = pd.Series(np.nan, index=buildings.index)
    height = (buildings["hauteur_m"] if "hauteur_m" in buildings.columns else blank).astype(float)
    storeys = (height / FLOOR_M).round().clip(lower=1.0).fillna(1.0)
    weight = buildings.area * storeys
    return gpd.GeoDataFrame({"weight": weight}, geometry=buildings.geometry, crs=buildings.crs)


def _table(report: pd.DataFrame | None) -> pd.DataFrame:
    """Return the account of the transfer in one row."""
    columns = [column.name for column in TABLES[0].columns]
    if report is None:
        return pd.DataFrame(columns=columns, dtype=float)
    return report.astype(float).set_axis(columns, axis=1).reset_index(drop=True)


ANALYSIS = Declaration(
    id="energy_consumption_spread",
    title=Text("Consommation d'énergie par unité", "Energy use by unit"),
    summary=Text(
        "Combien d'énergie chaque unité consomme-t-elle, une fois réparties les valeurs publiées par IRIS ou commune ?",
        "How much energy does each unit use, once values published by IRIS or commune are shared out?",
    ),
    policies=(Policy.ENERGIE, Policy.URBANISME),
    inputs=(
        Input("consommation_energie"),
        Input("batiment", required=False),
        Input("population", required=False),
    ),
    outputs=OUTPUTS,
    overall=OVERALL,
    tables=TABLES,
    formula=Text(
        "Une unité reçoit de chaque IRIS ou commune sa consommation × (poids des bâtiments communs ÷ poids des "
        "bâtiments de la source) ; le poids est la surface au sol × le nombre d'étages de 3 m. Sans bâtiment, la "
        "surface commune tient lieu de poids. Le tableau rend compte de chaque MWh : reçu, hors des unités, perdu. "
        "Exemple : une commune de 500 MWh, dont 60 % de la surface est dans l'unité 1 et 40 % dans l'unité 2 : 300 et "
        "200 MWh.",
        "A unit receives from each IRIS or commune its use × (weight of the common buildings ÷ weight of the buildings "
        "of the source); the weight is ground area × number of storeys of 3 m. Without buildings, the common area is "
        "the weight. The table accounts for each MWh: received, out of the units, lost. Example: a commune of 500 MWh "
        "with 60 % of its area in unit 1 and 40 % in unit 2: 300 and 200 MWh.",
    ),
    reading=Text(
        "300 signifie que l'unité consomme environ 300 MWh par an, d'après les sources connues.",
        "300 means that the unit uses about 300 MWh a year, according to the known sources.",
    ),
    limits=Text(
        "Une source sous secret reste inconnue : une unité dont un centième ou plus l'est n'a pas de valeur, et le "
        "total du territoire est un minorant, sa part connue le dit. Par habitant, il faut de plus que la population "
        "couvre l'unité, ou que des carreaux y soient : un liseré, le long d'une limite dessinée deux fois, n'y suffit "
        "pas. "
        "Le volume bâti n'est pas l'usage : une usine et des logements de même volume ne consomment pas autant.",
        "A source under secrecy stays unknown: a unit of which one hundredth or more is has no value, and the total of "
        "the territory is a lower bound, as its known share says. By inhabitant, the population must also cover the "
        "unit, or have squares in it: a sliver, along a border drawn twice, won't do. "
        "Built volume is not use: a factory and homes of the same volume do not use as much.",
    ),
    reference="Goodchild M. F., Lam N. S.-N. (1980), Areal interpolation: a variant of the traditional spatial "
    "problem, Geo-Processing 1, 297-312 ; SDES, données locales de consommation d'énergie (code de l'énergie, art. L. "
    "111-73).",
    function=energy_consumption_spread,
    apart=False,
)
