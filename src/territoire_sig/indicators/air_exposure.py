"""Air that people breathe: NO2 and PM2.5 where they live, against the guidelines of WHO and the limits of the EU."""

from __future__ import annotations

import geopandas as gpd

from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.policies import Policy
from ..model.raster import Raster
from ..texts import Text
from .entrance import opened_in_bounds
from .knowledge import Known, measurement
from .population_exposure import Exposure, exposure

__all__ = ["ANALYSIS", "LIMITS", "air_exposure"]

#: Yearly means in µg/m³: WHO 2021, EU from 2030 (directive 2024/2881), EU today (directive 2008/50/EC).
LIMITS = {"no2": (10.0, 20.0, 40.0), "pm25": (5.0, 10.0, 25.0)}
BOUNDS = ("who", "eu2030", "eu")
NAMES = {"no2": Text("NO2", "NO2 (nitrogen dioxide)"), "pm25": Text("PM2,5", "PM2.5")}


def _outputs(pollutant: str) -> tuple[Output, ...]:
    name = NAMES[pollutant]
    words = (
        ("who", "la valeur guide de l'OMS 2021", "the WHO 2021 guideline"),
        ("eu2030", "la limite européenne de 2030", "the EU limit of 2030"),
        ("eu", "la limite européenne en vigueur", "the EU limit in force"),
    )
    mean = Text("Exposition moyenne des habitants au $n", "Mean exposure of inhabitants to $n").fill(n=name)
    shares = (
        Output(
            f"{pollutant}_above_{bound}_share",
            Text(f"Habitants au-dessus de {fr}, $n", f"Inhabitants above {en}, $n").fill(n=name),
            "part",
            better=-1,
        )
        for bound, fr, en in words
    )
    return (Output(f"{pollutant}_exposure", mean, "µg/m3", better=-1), *shares)


OUTPUTS = tuple(output for pollutant in LIMITS for output in _outputs(pollutant))


def air_exposure(
    units: gpd.GeoDataFrame,
    *,
    population: gpd.GeoDataFrame | None,
    air: gpd.GeoDataFrame | None = None,
    air_raster: Raster | None = None,
) -> Measurement:
    r"""Measure the exposure of the inhabitants of each unit to NO2 and PM2.5, and the share above the limits.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    population : GeoDataFrame or None
        Polygons with ``habitants``, spread evenly over them.
    air : GeoDataFrame or None
        Polygons with ``no2`` and ``pm25``, yearly means in µg/m³.
    air_raster : Raster or None
        NO2, yearly mean; taken first where it is known, polygons for the rest of each home.

    Returns
    -------
    Measurement
        By pollutant: mean exposure, and shares of the inhabitants above WHO's guideline, the EU limit of 2030 and
        that in force. NaN where the air of nobody is known. The known share is that of the inhabitants.

    Notes
    -----
    :math:`E = \sum_h n_h c_h / \sum_h n_h` over homes *h* of known air, with :math:`n_h` people and :math:`c_h`
    the mean of the field over the home.

    References
    ----------
    WHO (2021), WHO global air quality guidelines. Directive (EU) 2024/2881, annex I. Directive 2008/50/EC,
    annexes XI and XIV.

    Examples
    --------
    >>> import shapely
    >>> halves = [shapely.box(0, 0, 50, 99), shapely.box(50, 0, 100, 99)]
    >>> square = [shapely.box(0, 0, 100, 99)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=square, index=["1"], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [30.0, 10.0]}, geometry=halves, crs=2154)
    >>> zones = gpd.GeoDataFrame({"no2": [30.0, 10.0]}, geometry=halves, crs=2154)
    >>> air_exposure(units, population=people, air=zones).values.iloc[0, :4].tolist()
    [25.0, 0.75, 0.75, 0.0]
    """
    units, population, air = opened_in_bounds(units, population=population, air=air)
    columns: dict[str, Known] = {}
    for pollutant, limits in LIMITS.items():
        raster = air_raster if pollutant == "no2" else None
        found = exposure(units, population, polygons=air, column=pollutant, raster=raster, limits=limits)
        columns |= _columns(pollutant, found)
    return measurement(units, columns)


def _columns(pollutant: str, found: Exposure) -> dict[str, Known]:
    shares = {f"{pollutant}_above_{bound}_share": one for bound, one in zip(BOUNDS, found.above, strict=True)}
    return {f"{pollutant}_exposure": found.mean} | shares


ANALYSIS = Declaration(
    id="air_exposure",
    title=Text("Exposition des habitants à la pollution de l'air", "Exposure of inhabitants to air pollution"),
    summary=Text(
        "Quel air les habitants respirent-ils chez eux, et quelle part dépasse les seuils de l'OMS et de l'Union ?",
        "What air do inhabitants breathe at home, and what share is above the levels of WHO and of the Union?",
    ),
    policies=(Policy.AIR, Policy.INCLUSION),
    inputs=(Input("population"), Input("air", required=False), Input("air_raster", required=False)),
    one_of=(("air", "air_raster"),),
    outputs=OUTPUTS,
    formula=Text(
        "Exposition = Σ habitants × concentration chez eux ÷ Σ habitants dont l'air est connu, la population étant "
        "répartie par surface dans chaque carreau. La grille (NO2) est lue d'abord, chaque pixel pour la fraction "
        "qu'il couvre ; les polygones pour la part de chaque carreau dont elle ne dit rien. Part = habitants "
        "strictement au-dessus du seuil ÷ habitants d'air connu. Seuils annuels (µg/m³) : NO2 10 (OMS), 20 (Union, "
        "2030), 40 (Union, en vigueur) ; PM2,5 5, 10, 25. Exemple : 30 habitants à 30 µg/m³ et 10 à 10 µg/m³ : "
        "exposition 25, et 0,75 au-dessus de 20.",
        "Exposure = Σ inhabitants × concentration where they live ÷ Σ inhabitants whose air is known, people being "
        "spread by area in each square. The raster (NO2) is read first, each pixel for the fraction that it covers; "
        "polygons for the part of each square of which it says nothing. Share = inhabitants strictly above the level "
        "÷ inhabitants whose air is known. Yearly levels (µg/m³): NO2 10 (WHO), 20 (EU, 2030), 40 (EU, in force); "
        "PM2.5 5, 10, 25. Example: 30 inhabitants at 30 µg/m³ and 10 at 10 µg/m³: exposure 25, and 0.75 above 20.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des habitants dont l'air est connu vivent au-dessus du seuil.",
        "0.42 means that 42 % of the inhabitants whose air is known live above the level.",
    ),
    limits=Text(
        "L'air est celui du domicile, à l'extérieur : ni trajets, ni travail, ni intérieur. Le modèle et l'année sont "
        "ceux de la source. Là où des polygones se recouvrent, leur moyenne compte, et le plus élevé pour les seuils.",
        "The air is that of the home, outdoors: no trips, workplace or indoor air. Model and year are those of the "
        "source. Where polygons overlap, their mean counts, and the highest for the levels.",
    ),
    reference="OMS (2021), lignes directrices mondiales sur la qualité de l'air ; directive (UE) 2024/2881 du 23 "
    "octobre 2024, annexe I (valeurs limites au 1er janvier 2030) ; directive 2008/50/CE, annexes XI et XIV.",
    function=air_exposure,
)
