"""Mobility, energy and air on one support: one tidy table by unit and by vintage, the «Grenoble cube»."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Table
from ..model.policies import Policy
from ..model.raster import Raster
from ..overlay import assign_zone
from ..texts import Text
from .energy_consumption_spread import USE, use_by_unit
from .entrance import opened_in_bounds, platforms
from .exposure import complete, people_within
from .knowledge import Known, everywhere, known_part, measurement, unknown
from .population_exposure import exposure

__all__ = ["ANALYSIS", "environment_cube"]

NO_DATE = "inconnu"
#: Share of the inhabitants from which a mean is put in the table, which bears no known share.
_MOST = 0.5
OUTPUTS = (
    Output("cube_inhabitants", Text("Habitants", "Inhabitants"), "habitants"),
    Output(
        "cube_departures", Text("Passages de transport en commun par jour", "Transit departures a day"), "nombre", 1
    ),
    Output("cube_energy_mwh", Text("Énergie consommée par an", "Energy used a year"), "MWh/an", -1),
    Output(
        "cube_no2", Text("NO2 chez les habitants", "NO2 where inhabitants live"), "µg/m3", -1, same_as="no2_exposure"
    ),
    Output(
        "cube_pm25",
        Text("PM2,5 chez les habitants", "PM2.5 where inhabitants live"),
        "µg/m3",
        -1,
        same_as="pm25_exposure",
    ),
)
TABLES = (
    Table(
        "cube",
        Text(
            "Cube mobilité × énergie × air, par unité et par millésime", "Mobility × energy × air, by unit and vintage"
        ),
        (
            Output("code_unite", Text("Unité", "Unit"), "texte"),
            Output("millesime", Text("Millésime", "Vintage"), "texte"),
            Output("habitants", Text("Habitants", "Inhabitants"), "habitants"),
            Output("passages_jour", Text("Passages par jour", "Departures a day"), "nombre", better=1),
            Output("energie_mwh", Text("Énergie par an", "Energy a year"), "MWh/an", better=-1),
            Output("no2", Text("NO2, moyenne par habitant", "NO2, mean by inhabitant"), "µg/m3", better=-1),
            Output("pm25", Text("PM2,5, moyenne par habitant", "PM2.5, mean by inhabitant"), "µg/m3", better=-1),
        ),
    ),
)


def environment_cube(
    units: gpd.GeoDataFrame,
    *,
    arret: gpd.GeoDataFrame | None = None,
    consommation_energie: gpd.GeoDataFrame | None = None,
    air: gpd.GeoDataFrame | None = None,
    air_raster: Raster | None = None,
    population: gpd.GeoDataFrame | None = None,
) -> Measurement:
    """Put mobility, energy and air side by side, by unit and by vintage.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    arret : GeoDataFrame or None
        Points with ``passages_jour`` and optional ``millesime``.
    consommation_energie : GeoDataFrame or None
        Polygons with ``consommation_mwh`` and optional ``millesime``, shared out by area.
    air, air_raster : GeoDataFrame, Raster or None
        Yearly means; the raster (NO2) first. Their vintage is that of the column ``millesime``, or of the raster.
    population : GeoDataFrame or None
        Polygons with ``habitants``; without it, exposures are unknown.

    Returns
    -------
    Measurement
        By unit, the latest vintage of each measure. Table ``cube``: one row a unit and a vintage, NaN where a
        measure has no value of that vintage. Departures and energy, which are sums, are NaN where one hundredth or
        more of the stops, or of the area, is unknown.

    Examples
    --------
    >>> import shapely
    >>> square = [shapely.box(0, 0, 100, 99)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=square, index=["1"], crs=2154)
    >>> told = {"stop_id": ["a", "b"], "passages_jour": [30.0, 12.0], "millesime": ["2023", "2023"]}
    >>> stops = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([5, 6], [5, 5]), crs=2154)
    >>> told = {"code_insee": ["1"], "consommation_mwh": [700.0], "millesime": ["2022"]}
    >>> use = gpd.GeoDataFrame(told, geometry=square, crs=2154)
    >>> found = environment_cube(units, arret=stops, consommation_energie=use)
    >>> found.tables["cube"][["millesime", "passages_jour", "energie_mwh"]].to_numpy().tolist()
    [['2022', nan, 700.0], ['2023', 42.0, nan]]
    """
    units, stops, uses, air, population = opened_in_bounds(
        units, arret=arret, consommation_energie=consommation_energie, air=air, population=population
    )
    people = people_within(units, population)
    told: dict[str, dict[str, Known]] = {
        "passages_jour": {date: _departures(units, some) for date, some in _dated(platforms(stops))},
        "energie_mwh": {date: _use(units, some) for date, some in _dated(uses)},
        "no2": _air(units, population, air, "no2", air_raster),
        "pm25": _air(units, population, air, "pm25", None),
    }
    last = (_latest(dates) or unknown(units) for dates in told.values())
    columns = dict(zip((output.name for output in OUTPUTS), (people, *last), strict=True))
    return measurement(units, columns, tables={"cube": _cube(units, people, told)})


def _latest(dates: dict[str, Known]) -> Known | None:
    """Return the value of the latest vintage; what states none comes before any that does."""
    return dates[max(dates, key=lambda date: (date != NO_DATE, date))] if dates else None


def _dated(layer: gpd.GeoDataFrame | None) -> list[tuple[str, gpd.GeoDataFrame]]:
    """Return the features of each vintage, in order; those that state none under one word."""
    if layer is None:
        return []
    blank = pd.Series(None, index=layer.index, dtype=object)
    dates = layer["millesime"] if "millesime" in layer.columns else blank
    told = dates.astype("string").fillna(NO_DATE).astype(object)
    return [(str(date), some.reset_index(drop=True)) for date, some in layer.groupby(told, sort=True)]


def _departures(units: gpd.GeoDataFrame, stops: gpd.GeoDataFrame) -> Known:
    """Return the departures a day of the stops of each unit; unknown where too many do not state theirs."""
    number = stops["passages_jour"] if "passages_jour" in stops.columns else pd.Series(np.nan, index=stops.index)
    table = pd.DataFrame({"all": 1.0, "known": number.notna().astype(float), "sum": number.astype(float).fillna(0.0)})
    sums = table.groupby(assign_zone(stops, units).to_numpy()).sum().reindex(units.index, fill_value=0.0)
    return complete(Known(sums["sum"], known_part(sums["known"], sums["all"], everywhere(units))))


def _use(units: gpd.GeoDataFrame, uses: gpd.GeoDataFrame) -> Known:
    moved = use_by_unit(units, uses)
    return complete(Known(moved.values[USE], moved.known_share[USE].fillna(0.0)))


def _air(
    units: gpd.GeoDataFrame,
    population: gpd.GeoDataFrame | None,
    air: gpd.GeoDataFrame | None,
    column: str,
    raster: Raster | None,
) -> dict[str, Known]:
    """Return the exposure to a pollutant by vintage; a raster tells its own vintage, polygons complete it there."""
    zones = dict(_dated(air)) if air is not None and column in air.columns else {}
    date = NO_DATE if raster is None else raster.vintage or NO_DATE
    dates = sorted({*zones, *([] if raster is None else [date])})
    return {
        one: exposure(
            units, population, polygons=zones.get(one), column=column, raster=raster if one == date else None
        ).mean
        for one in dates
    }


def _cube(units: gpd.GeoDataFrame, people: Known, told: dict[str, dict[str, Known]]) -> pd.DataFrame:
    """Return one row a unit and a vintage."""
    columns = [column.name for column in TABLES[0].columns]
    nothing = pd.Series(np.nan, index=units.index)
    rows: list[pd.DataFrame] = []
    for date in sorted({date for dates in told.values() for date in dates}):
        measures: dict[str, Any] = {"code_unite": units.index.astype(str), "millesime": date, "habitants": people.value}
        for name, dates in told.items():
            known = dates.get(date)
            measures[name] = nothing if known is None else known.value.where(known.share >= _MOST)
        rows.append(pd.DataFrame(measures, index=units.index))
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
    return table.sort_values(["code_unite", "millesime"], ignore_index=True)[columns]


ANALYSIS = Declaration(
    id="environment_cube",
    title=Text("Cube mobilité, énergie, air", "Mobility, energy and air cube"),
    summary=Text(
        "Que disent ensemble, unité par unité et année par année, la mobilité, l'énergie et l'air ?",
        "What do mobility, energy and air tell together, unit by unit and year by year?",
    ),
    policies=(Policy.MOBILITE, Policy.ENERGIE, Policy.AIR),
    inputs=(
        Input("arret", required=False),
        Input("consommation_energie", required=False),
        Input("air", required=False),
        Input("air_raster", required=False),
        Input("population", required=False),
    ),
    one_of=(("arret", "consommation_energie", "air", "air_raster"),),
    outputs=OUTPUTS,
    tables=TABLES,
    formula=Text(
        "Une ligne par unité et par millésime : Σ passages du jour le plus chargé aux arrêts de l'unité ; énergie des "
        "IRIS ou communes, répartie par surface ; moyenne du NO2 et des PM2,5 chez les habitants. Une case sans donnée "
        "de ce millésime est vide. Les indicateurs par unité prennent le dernier millésime de chaque mesure. Exemple : "
        "deux arrêts de 30 et 12 passages en 2023, 700 MWh en 2022 : ligne 2022 (vide ; 700), ligne 2023 (42 ; vide).",
        "One row a unit and a vintage: Σ departures of the busiest day at the stops of the unit; energy of IRIS or "
        "communes, shared out by area; mean NO2 and PM2.5 where inhabitants live. A cell without data of that vintage "
        "is empty. Values by unit take the latest vintage of each measure. Example: two stops of 30 and 12 departures "
        "in 2023, 700 MWh in 2022: row 2022 (empty; 700), row 2023 (42; empty).",
    ),
    reading=Text(
        "42 passages signifie que 42 départs de transport en commun sont offerts dans l'unité le jour le plus chargé.",
        "42 departures means that 42 transit departures are offered in the unit on the busiest day.",
    ),
    limits=Text(
        "Des millésimes différents ne se comparent pas dans une même ligne : c'est pourquoi ils ont chacun la leur. Un "
        "même bus compte à chacun de ses arrêts. Le millésime est celui que disent le fichier ou territoire.toml ; "
        "« inconnu » s'ils se taisent. "
        "Une somme incomplète n'est pas dite : passages et énergie sont vides où un centième ou plus des arrêts, ou de "
        "la surface, est inconnu ; dans le tableau, une moyenne est vide où elle porte sur moins de la moitié des "
        "habitants.",
        "Different vintages don't compare within one row: that is why each has its own. One bus counts at each of its "
        "stops. The vintage is that stated by the file or territoire.toml; “inconnu” if they are "
        "silent. An incomplete sum is not told: departures and energy are empty where one hundredth or more of the "
        "stops, or of the area, is unknown; in the table, a mean is empty where it tells of less than half of the "
        "inhabitants.",
    ),
    reference="Wickham H. (2014), Tidy Data, Journal of Statistical Software 59(10) ; code de l'environnement, "
    "art. L. 229-26 (plan climat-air-énergie territorial).",
    function=environment_cube,
    apart=False,
)
