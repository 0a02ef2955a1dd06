"""Noise where people live: Lden against the guideline of WHO, the threshold of the EU and the French limit."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.policies import Policy
from ..model.raster import Raster
from ..texts import Text
from .entrance import opened_in_bounds
from .knowledge import Known, measurement
from .population_exposure import exposure

__all__ = ["ANALYSIS", "LIMITS_DB", "noise_exposure"]

#: Lden, dB(A): WHO 2018 (roads), mapping threshold of directive 2002/49/EC, French limit for roads.
LIMITS_DB = {"who": 53.0, "eu": 55.0, "french": 68.0}
OUTPUTS = (
    Output(
        "lden_exposure",
        Text("Exposition moyenne des habitants au bruit (Lden)", "Mean exposure of inhabitants to noise (Lden)"),
        "dB(A)",
        better=-1,
        minimum=None,
    ),
    Output(
        "lden_above_who_share",
        Text("Habitants au-dessus de 53 dB(A), OMS 2018", "Inhabitants above 53 dB(A), WHO 2018"),
        "part",
        better=-1,
    ),
    Output(
        "lden_above_eu_share",
        Text("Habitants au-dessus de 55 dB(A), seuil européen", "Inhabitants above 55 dB(A), EU threshold"),
        "part",
        better=-1,
    ),
    Output(
        "lden_above_french_share",
        Text("Habitants au-dessus de 68 dB(A), limite française", "Inhabitants above 68 dB(A), French limit"),
        "part",
        better=-1,
    ),
)


def noise_exposure(
    units: gpd.GeoDataFrame,
    *,
    population: gpd.GeoDataFrame | None,
    air: gpd.GeoDataFrame | None = None,
    bruit_raster: Raster | None = None,
) -> Measurement:
    r"""Measure the noise to which the inhabitants of each unit are exposed at home, and the share above limits.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    population : GeoDataFrame or None
        Polygons with ``habitants``, spread evenly over them.
    air : GeoDataFrame or None
        Polygons with ``lden``, dB(A).
    bruit_raster : Raster or None
        Lden, dB(A); taken first where it is known, polygons for the rest of each home.

    Returns
    -------
    Measurement
        ``lden_exposure`` (energetic mean, dB(A)) and the shares above 53, 55 and 68 dB(A). NaN where the noise of
        nobody is known. The known share is that of the inhabitants.

    Notes
    -----
    :math:`L = 10 \log_{10}\left(\sum_h n_h 10^{L_h / 10} / \sum_h n_h\right)`: decibels add as energies.

    References
    ----------
    WHO (2018), Environmental noise guidelines for the European Region. Directive 2002/49/EC, annex VI.

    Examples
    --------
    >>> import shapely
    >>> square = [shapely.box(0, 0, 100, 99)]
    >>> halves = [shapely.box(0, 0, 50, 99), shapely.box(50, 0, 100, 99)]
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=square, index=["1"], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [10.0, 10.0]}, geometry=halves, crs=2154)
    >>> zones = gpd.GeoDataFrame({"lden": [60.0, 50.0]}, geometry=halves, crs=2154)
    >>> noise_exposure(units, population=people, air=zones).values.loc["1"].round(2).tolist()
    [57.4, 0.5, 0.5, 0.0]
    """
    units, population, air = opened_in_bounds(units, population=population, air=air)
    found = exposure(
        units,
        population,
        polygons=air,
        column="lden",
        raster=bruit_raster,
        limits=tuple(LIMITS_DB.values()),
        scale=_energy,
    )
    level = pd.Series(10 * np.log10(found.mean.value.to_numpy(dtype=float)), index=units.index)
    shares = {f"lden_above_{name}_share": one for name, one in zip(LIMITS_DB, found.above, strict=True)}
    return measurement(units, {"lden_exposure": Known(level, found.mean.share)} | shares)


def _energy(level_db: Any) -> Any:
    """Return the energy of a level, relative to 0 dB."""
    return np.power(10.0, np.asarray(level_db, dtype=float) / 10)


ANALYSIS = Declaration(
    id="noise_exposure",
    title=Text("Exposition des habitants au bruit", "Exposure of inhabitants to noise"),
    summary=Text(
        "À quel bruit les habitants sont-ils exposés chez eux, et quelle part dépasse les seuils ?",
        "To what noise are inhabitants exposed at home, and what share is above the levels?",
    ),
    policies=(Policy.AIR, Policy.INCLUSION),
    inputs=(Input("population"), Input("air", required=False), Input("bruit_raster", required=False)),
    one_of=(("air", "bruit_raster"),),
    outputs=OUTPUTS,
    formula=Text(
        "Exposition = 10 · log10(Σ habitants × 10^(Lden ÷ 10) ÷ Σ habitants) : les décibels se moyennent en énergie. "
        "La grille est lue d'abord, les polygones pour la part de chaque carreau dont elle ne dit rien. "
        "Part = habitants strictement au-dessus du seuil ÷ habitants de bruit connu. Seuils : 53 dB(A) (OMS 2018, "
        "route), 55 (cartes de la directive 2002/49/CE), 68 (limite française, route). Exemple : autant d'habitants à "
        "60 dB(A) qu'à 50 : 10 · log10((10^6 + 10^5) ÷ 2) = 57,4 dB(A), et 0,5 au-dessus de 55.",
        "Exposure = 10 · log10(Σ inhabitants × 10^(Lden ÷ 10) ÷ Σ inhabitants): decibels are averaged as energies. "
        "The raster is read first, polygons for the part of each square of which it says nothing. "
        "Share = inhabitants strictly above the level ÷ inhabitants whose noise is known. Levels: 53 dB(A) (WHO 2018, "
        "roads), 55 (maps of directive 2002/49/EC), 68 (French limit, roads). Example: as many inhabitants at 60 dB(A) "
        "as at 50: 10 · log10((10^6 + 10^5) ÷ 2) = 57.4 dB(A), and 0.5 above 55.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des habitants dont le bruit est connu vivent au-dessus du seuil.",
        "0.42 means that 42 % of the inhabitants whose noise is known live above the level.",
    ),
    limits=Text(
        "Une carte de bruit laisse souvent vide ce qui est calme : ces habitants sont alors inconnus, non épargnés, et "
        "la part est trop haute. Les seuils de 53 et 68 dB(A) valent pour la route seule ; un Lden toutes sources leur "
        "est comparé avec prudence. Bruit en façade, à 4 m ; ni isolation, ni étage.",
        "A noise map often leaves quiet places empty: their inhabitants are then unknown, not spared, and the share is "
        "too high. The levels of 53 and 68 dB(A) hold for roads alone; compare a Lden of all sources with care. Noise "
        "at the façade, 4 m high; no insulation, no storey.",
    ),
    reference="OMS (2018), Environmental Noise Guidelines for the European Region (53 dB Lden, route) ; directive "
    "2002/49/CE, annexe VI (55 dB Lden) ; arrêté du 4 avril 2006, art. 7 (68 dB(A) Lden, route).",
    function=noise_exposure,
)
