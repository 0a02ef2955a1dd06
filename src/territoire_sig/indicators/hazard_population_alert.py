"""Hazard, people and mobile reach: who lives in danger where an alert by telephone cannot arrive?"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.families import Family
from ..model.policies import Policy
from ..overlay import pieces_inside, pieces_outside
from ..texts import Text
from .entrance import opened
from .exposure import known_population, people_within
from .hazard import MINIMUM_LEVEL, at_least, studied
from .knowledge import Known, measurement, ratio, reached_share, unknown
from .mobile import some_coverage

__all__ = ["ANALYSIS", "hazard_population_alert"]

OUTPUTS = (
    Output(
        "hazard_inhabitants",
        Text("Habitants en zone d'aléa", "Inhabitants in a hazard zone"),
        "habitants",
        better=-1,
    ),
    Output(
        "hazard_unreached_inhabitants",
        Text("Habitants en zone d'aléa hors couverture mobile", "Inhabitants in a hazard zone outside mobile coverage"),
        "habitants",
        better=-1,
    ),
    Output(
        "hazard_unreached_share",
        Text(
            "Part des habitants en zone d'aléa qu'une alerte mobile n'atteint pas",
            "Share of the inhabitants in a hazard zone whom a mobile alert does not reach",
        ),
        "part",
        better=-1,
    ),
)


def hazard_population_alert(
    units: gpd.GeoDataFrame,
    *,
    alea: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    couverture_mobile: gpd.GeoDataFrame | None,
    perimetre_risque: gpd.GeoDataFrame | None = None,
    niveau_min: float = 2.0,
) -> Measurement:
    r"""Count the inhabitants in a hazard zone, and those of them out of mobile reach.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    alea : GeoDataFrame or None
        Hazard zones, with ``niveau``.
    population : GeoDataFrame or None
        Polygons with ``habitants``.
    couverture_mobile : GeoDataFrame or None
        Polygons where there is mobile coverage.
    perimetre_risque : GeoDataFrame or None
        Perimeters of the risk plans: where the absence of a zone is the absence of a known hazard.
    niveau_min : float, default 2
        Level from which people are counted: 1 low, 2 medium, 3 high, 4 very high.

    Returns
    -------
    Measurement
        ``hazard_inhabitants``, ``hazard_unreached_inhabitants`` and their ratio (NaN where nobody is exposed).
        The known share is that of the unit's area where both hazard and population are known.

    Notes
    -----
    :math:`\sum_c p_c\, |c \cap H \setminus M| / |c|` over the population polygons *c* of :math:`p_c` inhabitants,
    with *H* the hazard zones and *M* the mobile coverage, each taken as one surface.

    References
    ----------
    Directive (EU) 2018/1972, art. 110 (public warning system).

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [100.0]}, geometry=[shapely.box(0, 0, 100, 100)], crs=2154)
    >>> hazard = gpd.GeoDataFrame({"niveau": ["fort"], "typealea": ["11"]}, geometry=[shapely.box(0, 0, 40, 100)])
    >>> mobile = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 30, 100)], crs=2154)
    >>> found = hazard_population_alert(
    ...     units, alea=hazard.set_crs(2154), population=people, couverture_mobile=mobile
    ... ).values
    >>> found.loc["1"].round(9).tolist()
    [40.0, 10.0, 0.25]
    """
    units, alea, population, couverture_mobile, perimetre_risque = opened(
        units,
        alea=alea,
        population=population,
        couverture_mobile=couverture_mobile,
        perimetre_risque=perimetre_risque,
    )
    if alea is None:
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS})
    couverture_mobile = some_coverage(couverture_mobile)
    pieces = pieces_inside(units, at_least(alea, niveau_min))
    silent = None if couverture_mobile is None else pieces_outside(pieces, couverture_mobile)
    reach = reached_share(units, studied(units, alea, perimetre_risque), known_population(population))
    exposed = _told(people_within(units, population, pieces), reach)
    unreached = _told(people_within(units, population, silent), reach)
    columns = {
        "hazard_inhabitants": exposed,
        "hazard_unreached_inhabitants": unreached,
        "hazard_unreached_share": Known(ratio(unreached.value, exposed.value), unreached.share),
    }
    return measurement(units, columns, None if silent is None else _drawn(pieces, silent, couverture_mobile))


def _told(people: Known, reach: pd.Series[float]) -> Known:
    """Return the people of each unit, known only as far as the hazard is."""
    return Known(people.value, reach.where(people.share > 0, 0.0))


def _drawn(pieces: gpd.GeoDataFrame, silent: gpd.GeoDataFrame, couverture_mobile: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the hazard zones of each unit, with and without mobile coverage."""
    told = pieces_inside(pieces, couverture_mobile)
    parts = pd.concat([told.assign(classe="couvert"), silent.assign(classe="hors_couverture")])
    parts.index.name = "code_unite"
    return gpd.GeoDataFrame(parts[["classe", "geometry"]].reset_index(), geometry="geometry", crs=pieces.crs)


ANALYSIS = Declaration(
    id="hazard_population_alert",
    title=Text("Habitants en zone d'aléa et alerte mobile", "Inhabitants in hazard zones and mobile alert"),
    summary=Text(
        "Combien d'habitants vivent en zone d'aléa sans qu'une alerte par téléphone mobile puisse leur parvenir ?",
        "How many inhabitants live in a hazard zone where no alert by mobile telephone can reach them?",
    ),
    policies=(Policy.RISQUES, Policy.INCLUSION, Policy.NUMERIQUE),
    family=Family.SOCIAL,
    inputs=(
        Input("alea"),
        Input("population"),
        Input("couverture_mobile"),
        Input("perimetre_risque", required=False, text=Text("où l'aléa a été étudié", "where hazard was studied")),
    ),
    outputs=OUTPUTS,
    formula=Text(
        "Habitants = Σ habitants du carreau × surface du carreau en zone d'aléa (hors couverture) ÷ surface du "
        "carreau. Part = habitants exposés hors couverture ÷ habitants exposés. Exemple : un carreau de 100 habitants, "
        "en zone d'aléa pour 40 % de sa surface, dont la moitié hors couverture : 40 exposés, 20 hors couverture, part "
        "20 ÷ 40 = 0,5.",
        "Inhabitants = Σ inhabitants of the square × its area in a hazard zone (out of coverage) ÷ its area. "
        "Share = exposed inhabitants out of coverage ÷ exposed inhabitants. Example: a square of 100 inhabitants, 40 % "
        "of whose area is in a hazard zone, half of that out of coverage: 40 exposed, 20 out of coverage, share "
        "20 ÷ 40 = 0.5.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des habitants en zone d'aléa vivent hors couverture mobile.",
        "0.42 means that 42 % of the inhabitants in a hazard zone live outside mobile coverage.",
    ),
    limits=Text(
        "Un polygone de technologie «AUCUNE» ne couvre rien ; une technologie non dite compte. "
        "La population est supposée uniforme dans chaque carreau. La couverture est théorique, à l'extérieur, et "
        "prise pour complète : ce qu'elle ne montre pas est dit hors couverture. L'aléa n'est connu que dans le "
        "périmètre des plans, ou à défaut dans les zones tracées ; un niveau indéterminé n'est pas compté.",
        "A polygon of technology «AUCUNE» (none) covers nothing; one that does not tell it counts. "
        "Population is taken as even within each square. Coverage is theoretical, outdoors, and taken as complete: "
        "what it does not show is called out of coverage. Hazard is known only within the perimeter of the risk "
        "plans or, without it, in the zones drawn; an undetermined level is not counted.",
    ),
    reference="Directive (UE) 2018/1972, art. 110 (système d'alerte du public) ; Code de l'environnement, "
    "art. L. 562-1 (plans de prévention des risques).",
    function=hazard_population_alert,
    parameters=(MINIMUM_LEVEL,),
    map_classes={
        "couvert": (Text("zone d'aléa couverte", "hazard zone, covered"), "#56b4e9"),
        "hors_couverture": (Text("zone d'aléa hors couverture", "hazard zone, out of coverage"), "#d55e00"),
    },
)
