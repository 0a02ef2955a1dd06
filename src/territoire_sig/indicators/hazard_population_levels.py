"""Hazard, people and premises: how many live, and how many premises stand, in each hazard level?"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement
from ..model.policies import Policy
from ..overlay import assign_zone
from ..texts import Text
from .entrance import opened_in_bounds
from .exposure import known_population, people_by
from .hazard import (
    LEVEL_CLASSES,
    MEASURED_LEVELS,
    by_level,
    hazard_pieces,
    level_output,
    level_reach,
)
from .knowledge import Known, known_part, measurement, unknown
from .premises import counted_once, premises_of

__all__ = ["ANALYSIS", "hazard_population_levels"]

OUTPUTS = (
    *(level_output("inhabitants", one, Text("Habitants", "Inhabitants"), "habitants") for one in MEASURED_LEVELS),
    *(level_output("premises", one, Text("Locaux", "Premises"), "locaux") for one in MEASURED_LEVELS),
)


def hazard_population_levels(
    units: gpd.GeoDataFrame,
    *,
    alea: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None = None,
    immeuble: gpd.GeoDataFrame | None = None,
    perimetre_risque: gpd.GeoDataFrame | None = None,
) -> Measurement:
    r"""Count the inhabitants and the premises of each unit in each hazard level.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    alea : GeoDataFrame or None
        Hazard zones, with ``niveau``. Where levels overlap, the worst is taken.
    population : GeoDataFrame or None
        Polygons with ``habitants``, shared out in proportion to area.
    immeuble : GeoDataFrame or None
        Points with ``locaux``; a building written twice (``id_immeuble``) counts once.
    perimetre_risque : GeoDataFrame or None
        Perimeters of the risk plans: where the absence of a zone is the absence of a known hazard.

    Returns
    -------
    Measurement
        ``hazard_inhabitants_<level>`` and ``hazard_premises_<level>``, in the unit; NaN where too much of the
        population there is secret. The known share is that of the unit's area where both hazard and population are
        known; for premises, that of the area studied times the buildings whose premises are known.

    Raises
    ------
    InvalidValueError
        When two rows of one building disagree.

    Notes
    -----
    :math:`\sum_c p_c\, |c \cap H_l| / |c|` over the population polygons *c*, with :math:`H_l` the places whose worst
    level is *l*; premises of the buildings that stand in :math:`H_l`.

    References
    ----------
    UNDRR (2017), Terminology on disaster risk reduction: exposure.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> zones = [shapely.box(0, 0, 40, 100), shapely.box(20, 0, 60, 100)]
    >>> hazard = gpd.GeoDataFrame({"niveau": ["fort", "faible"], "typealea": ["11"] * 2}, geometry=zones, crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [100.0]}, geometry=[shapely.box(0, 0, 100, 100)], crs=2154)
    >>> found = hazard_population_levels(units, alea=hazard, population=people).values
    >>> found.loc["1", ["hazard_inhabitants_fort", "hazard_inhabitants_faible"]].round(9).tolist()
    [40.0, 20.0]
    """
    units, alea, population, buildings, perimetre_risque = opened_in_bounds(
        units, alea=alea, population=population, immeuble=immeuble, perimetre_risque=perimetre_risque
    )
    columns = {output.name: unknown(units) for output in OUTPUTS}
    if alea is None:
        return measurement(units, columns)
    pieces = hazard_pieces(units, alea)
    if population is not None:
        reach = level_reach(units, alea, perimetre_risque, known_population(population))
        columns |= _people(units, pieces, population, reach)
    if buildings is not None:
        reach = level_reach(units, alea, perimetre_risque)
        columns |= _premises(units, pieces, counted_once(buildings), reach)
    drawn = pieces[pieces["niveau"].isin(MEASURED_LEVELS)].rename(columns={"niveau": "classe"})
    return measurement(units, columns, drawn[["code_unite", "classe", "geometry"]].reset_index(drop=True))


def _people(
    units: gpd.GeoDataFrame,
    pieces: gpd.GeoDataFrame,
    population: gpd.GeoDataFrame,
    reach: dict[str, pd.Series[float]],
) -> dict[str, Known]:
    """Return the inhabitants of each level; NaN where too much is secret."""
    people = people_by(pieces, pieces.index.to_series(), population).total
    levels = by_level(pieces, people.fillna(0.0), units)
    secret = by_level(pieces, people.isna().astype(float), units) > 0
    return {
        f"hazard_inhabitants_{one}": Known(levels[one].mask(secret[one]), reach[one].mask(secret[one], 0.0))
        for one in MEASURED_LEVELS
    }


def _premises(
    units: gpd.GeoDataFrame, pieces: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, reach: dict[str, pd.Series[float]]
) -> dict[str, Known]:
    """Return the premises of each level, known as far as the hazard is, and the premises of the buildings."""
    premises = premises_of(buildings)
    piece = assign_zone(buildings, pieces)
    amount = premises.groupby(piece.to_numpy()).sum().reindex(pieces.index, fill_value=0.0)
    levels = by_level(pieces, amount, units)
    counts = premises.groupby(assign_zone(buildings, units).to_numpy()).agg(["count", "size"])
    counts = counts.reindex(units.index, fill_value=0).astype(float)
    told = known_part(counts["count"], counts["size"], pd.Series(1.0, index=units.index))
    return {f"hazard_premises_{one}": Known(levels[one], reach[one] * told) for one in MEASURED_LEVELS}


ANALYSIS = Declaration(
    id="hazard_population_levels",
    title=Text("Habitants et locaux par niveau d'aléa", "Inhabitants and premises by hazard level"),
    summary=Text(
        "Combien d'habitants et de locaux sont exposés, et à quel niveau d'aléa ?",
        "How many inhabitants and premises are exposed, and at which hazard level?",
    ),
    policies=(Policy.RISQUES, Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(
        Input("alea"),
        Input("population", required=False),
        Input("immeuble", required=False),
        Input("perimetre_risque", required=False, text=Text("où l'aléa a été étudié", "where hazard was studied")),
    ),
    one_of=(("population", "immeuble"),),
    outputs=OUTPUTS,
    formula=Text(
        "Habitants = Σ(habitants du carreau × surface du carreau dans le niveau ÷ surface du carreau) ; locaux = Σ "
        "locaux des immeubles situés dans le niveau ; le pire niveau où plusieurs se recouvrent. Exemple : 100 "
        "habitants sur 100 m ; aléa fort de 0 à 40 m, faible de 20 à 60 m : 40 en aléa fort, 20 en aléa faible.",
        "Inhabitants = Σ(inhabitants of the square × its area in the level ÷ its area); premises = Σ premises of the "
        "buildings that stand in the level; the worst level where several overlap. Example: 100 inhabitants over 100 "
        "m; high hazard from 0 to 40 m, low from 20 to 60 m: 40 in high hazard, 20 in low hazard.",
    ),
    reading=Text(
        "420 habitants en aléa fort signifie que 420 habitants de l'unité vivent là où l'aléa est fort.",
        "420 inhabitants in high hazard means that 420 inhabitants of the unit live where the hazard is high.",
    ),
    limits=Text(
        "L'exposition n'est pas la vulnérabilité. La population est supposée uniforme dans chaque carreau ; les locaux "
        "sont ceux du fichier des immeubles, au point qu'il donne, étages compris. L'aléa n'est connu que dans le "
        "périmètre des plans, ou à défaut dans les zones tracées : ailleurs, l'absence d'exposition n'est pas sue.",
        "Exposure is not vulnerability. Population is taken as even within each square; premises are those of the file "
        "of buildings, at the point that it gives, upper floors included. Hazard is known only within the perimeter of "
        "the plans or, without it, in the zones drawn: elsewhere, the absence of exposure is not known.",
    ),
    reference="UNDRR (2017), Terminology on disaster risk reduction (exposure) ; Code de l'environnement, "
    "art. L. 562-1 (plans de prévention des risques).",
    function=hazard_population_levels,
    map_classes=LEVEL_CLASSES,
)
