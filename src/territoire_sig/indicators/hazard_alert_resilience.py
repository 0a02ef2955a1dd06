"""Alert that outlasts the hazard: who still hears a mobile alert if the sites in hazard zones fall silent?"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Parameter
from ..model.policies import Policy
from ..overlay import assign_zone, pieces_inside, within
from ..texts import Text
from .entrance import in_service, opened_in_bounds
from .exposure import around, known_population, people_by
from .hazard import MINIMUM_LEVEL, at_least, hazard_known, studied
from .knowledge import Known, measurement, ratio, reached_share, unknown
from .mobile import some_coverage

__all__ = ["ANALYSIS", "hazard_alert_resilience"]

SAFE, EXPOSED, UNKNOWN = "hors_alea", "expose", "inconnu"

OUTPUTS = (
    Output(
        "alert_reached_inhabitants",
        Text("Habitants en zone d'aléa à portée d'un site", "Inhabitants in a hazard zone within reach of a site"),
        "habitants",
        better=1,
    ),
    Output(
        "alert_resilient_inhabitants",
        Text(
            "Habitants en zone d'aléa à portée d'un site lui-même hors d'aléa",
            "Inhabitants in a hazard zone within reach of a site that stands out of hazard itself",
        ),
        "habitants",
        better=1,
    ),
    Output(
        "alert_resilient_share",
        Text(
            "Part des habitants en zone d'aléa à portée d'un site hors d'aléa",
            "Share of inhabitants in a hazard zone within reach of a site out of hazard",
        ),
        "part",
        better=1,
    ),
    Output(
        "alert_lost_inhabitants",
        Text(
            "Habitants en zone d'aléa que seuls des sites exposés atteignent",
            "Inhabitants in a hazard zone whom exposed sites alone reach",
        ),
        "habitants",
        better=-1,
    ),
)


def hazard_alert_resilience(
    units: gpd.GeoDataFrame,
    *,
    alea: gpd.GeoDataFrame | None,
    population: gpd.GeoDataFrame | None,
    site_mobile: gpd.GeoDataFrame | None,
    couverture_mobile: gpd.GeoDataFrame | None = None,
    perimetre_risque: gpd.GeoDataFrame | None = None,
    niveau_min: float = 2.0,
    portee_m: float = 2000.0,
) -> Measurement:
    r"""Count the inhabitants of hazard zones whom a mobile alert reaches, and still reaches without the exposed sites.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    alea : GeoDataFrame or None
        Hazard zones, with ``niveau``.
    population : GeoDataFrame or None
        Polygons with ``habitants``, shared out in proportion to area.
    site_mobile : GeoDataFrame or None
        Points; those planned or given up (``etat``) reach nobody.
    couverture_mobile : GeoDataFrame or None
        Polygons where there is mobile coverage: out of them nobody is reached. Without it, distance alone tells.
    perimetre_risque : GeoDataFrame or None
        Perimeters of the risk plans: where the absence of a zone is the absence of a known hazard.
    niveau_min : float, default 2
        Level from which people and sites are exposed: 1 low, 2 medium, 3 high, 4 very high.
    portee_m : float, default 2000
        Distance within which a site reaches telephones.

    Returns
    -------
    Measurement
        ``alert_reached_inhabitants``, ``alert_resilient_inhabitants``, ``alert_resilient_share`` (of the inhabitants
        in hazard zones; NaN where there is none) and ``alert_lost_inhabitants``. Where only a site of unknown hazard
        is within reach, the answer is unknown: these inhabitants are left out of the share, and the known share says
        so. Where such sites alone could be safe, the share is unknown: it could be nothing but 0.

    Notes
    -----
    With *H* the hazard zones, *S*, *E*, *U* the places within reach of a site out of hazard, exposed, and of unknown
    hazard: reached :math:`p(H \cap (S \cup E \cup U))`, resilient :math:`p(H \cap S)`, lost
    :math:`p(H \cap E \setminus (S \cup U))`.

    References
    ----------
    Directive (EU) 2018/1972, art. 110 (public warning system); UNDRR (2017), Terminology: early warning system.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["1"], crs=2154)
    >>> people = gpd.GeoDataFrame({"habitants": [100.0]}, geometry=[shapely.box(0, 0, 100, 100)], crs=2154)
    >>> told = {"niveau": ["fort", "nul"], "typealea": ["11"] * 2}
    >>> hazard = gpd.GeoDataFrame(told, geometry=[shapely.box(0, 0, 40, 100), shapely.box(40, 0, 100, 100)], crs=2154)
    >>> masts = gpd.GeoDataFrame(geometry=gpd.points_from_xy([10, 5000], [50, 50]), crs=2154)
    >>> found = hazard_alert_resilience(units, alea=hazard, population=people, site_mobile=masts).values
    >>> found.loc["1"].round(9).tolist()
    [40.0, 0.0, 0.0, 40.0]
    """
    units, alea, population, sites, cover, perimetre_risque = opened_in_bounds(
        units,
        alea=alea,
        population=population,
        site_mobile=site_mobile,
        couverture_mobile=couverture_mobile,
        perimetre_risque=perimetre_risque,
    )
    if alea is None or population is None or sites is None:
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS})
    masts = _states(in_service(sites), alea, perimetre_risque, niveau_min)
    zones = pieces_inside(units, at_least(alea, niveau_min))
    people = _people(units, population, zones, some_coverage(cover), masts, portee_m)
    reach = reached_share(units, studied(units, alea, perimetre_risque), known_population(population))
    drawn = masts.assign(code_unite=assign_zone(masts, units))
    return measurement(units, _columns(people, reach), drawn[drawn["code_unite"].notna()].reset_index(drop=True))


def _states(
    sites: gpd.GeoDataFrame, alea: gpd.GeoDataFrame, perimetre_risque: gpd.GeoDataFrame | None, niveau_min: float
) -> gpd.GeoDataFrame:
    """Return the sites with ``classe``: exposed, out of hazard, or of unknown hazard."""
    exposed, known = within(sites, at_least(alea, niveau_min)), hazard_known(sites, alea, perimetre_risque)
    told = pd.Series(UNKNOWN, index=sites.index, dtype=object).mask(known, SAFE).mask(exposed, EXPOSED)
    return sites[["geometry"]].assign(classe=told)


def _people(
    units: gpd.GeoDataFrame,
    population: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    cover: gpd.GeoDataFrame | None,
    masts: gpd.GeoDataFrame,
    portee_m: float,
) -> pd.DataFrame:
    """Return the inhabitants in hazard zones: all, reached, reached without the exposed sites, by safe sites alone."""
    there = zones if cover is None else pieces_inside(zones, cover)

    def people(surface: gpd.GeoDataFrame) -> pd.Series[float]:
        """Return the inhabitants of a surface by unit: 0 where it is not, NaN where too much is secret."""
        return people_by(surface, surface.index.to_series(), population).total.reindex(units.index, fill_value=0.0)

    def reached(*classes: str) -> pd.Series[float]:
        some = masts[masts["classe"].isin(classes)]
        return people(pieces_inside(there, gpd.GeoDataFrame(geometry=around(some.geometry, portee_m), crs=masts.crs)))

    safe = reached(SAFE)
    sure = safe if not (masts["classe"] == UNKNOWN).any() else reached(SAFE, UNKNOWN)
    every = sure if not (masts["classe"] == EXPOSED).any() else reached(SAFE, UNKNOWN, EXPOSED)
    return pd.DataFrame({"exposed": people(zones), "reached": every, "perhaps": sure, "safe": safe})


def _columns(people: pd.DataFrame, reach: pd.Series[float]) -> dict[str, Known]:
    """Return the columns of the analysis, each known as far as the hazard and the people are."""
    known = reach.where(people.notna().all(axis=1), 0.0)
    settled = people["exposed"] - (people["perhaps"] - people["safe"]).clip(lower=0.0)
    sure = known * ratio(settled, people["exposed"]).where(people["exposed"] > 0, 1.0)
    one_sided = (people["safe"] <= 0) & (people["perhaps"] > 0)
    return {
        "alert_reached_inhabitants": Known(people["reached"], known),
        "alert_resilient_inhabitants": Known(people["safe"], sure),
        "alert_resilient_share": Known(ratio(people["safe"], settled), sure.mask(one_sided, 0.0)),
        "alert_lost_inhabitants": Known((people["reached"] - people["perhaps"]).clip(lower=0.0), sure),
    }


ANALYSIS = Declaration(
    id="hazard_alert_resilience",
    title=Text("Portée de l'alerte quand les sites exposés se taisent", "Alert reach when exposed sites fall silent"),
    summary=Text(
        "Combien d'habitants des zones d'aléa une alerte mobile atteint-elle, et combien encore par des sites "
        "eux-mêmes hors d'aléa ?",
        "How many inhabitants of hazard zones does a mobile alert reach, and how many still, by sites that stand out "
        "of hazard themselves?",
    ),
    policies=(Policy.RISQUES, Policy.INCLUSION, Policy.NUMERIQUE),
    inputs=(
        Input("alea"),
        Input("population"),
        Input("site_mobile"),
        Input("couverture_mobile", required=False),
        Input("perimetre_risque", required=False, text=Text("où l'aléa a été étudié", "where hazard was studied")),
    ),
    outputs=OUTPUTS,
    formula=Text(
        "Atteints = habitants en zone d'aléa (niveau_min et plus) à moins de portee_m d'un site en service, et sous la "
        "couverture si elle est donnée ; résistants = de même, par un site hors d'aléa ; part = résistants ÷ habitants "
        "en zone d'aléa ; perdus = atteints par les seuls sites exposés. Exemple : 40 habitants en zone d'aléa, un "
        "seul site à portée, lui-même en zone d'aléa : 40 atteints, 0 résistant, part 0, 40 perdus.",
        "Reached = inhabitants in a hazard zone (niveau_min and above) within portee_m of a site in service, and under "
        "the coverage where it is given; resilient = likewise, by a site out of hazard; share = resilient ÷ "
        "inhabitants in a hazard zone; lost = reached by exposed sites alone. Example: 40 inhabitants in a hazard "
        "zone, one site within reach, in the hazard zone itself: 40 reached, 0 resilient, share 0, 40 lost.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des habitants en zone d'aléa entendraient encore l'alerte si les sites exposés "
        "tombaient.",
        "0.42 means that 42 % of the inhabitants in a hazard zone would still hear the alert if the exposed sites "
        "failed.",
    ),
    limits=Text(
        "Un polygone de technologie «AUCUNE» ne couvre rien ; une technologie non dite compte. "
        "La portée est une distance : le relief, la fréquence et la charge ne sont pas connus, et la couverture n'est "
        "pas donnée site par site. Un site hors d'aléa peut dépendre d'un lien ou d'une alimentation exposés "
        "(hazard_node_dependants). L'aléa n'est connu que dans le périmètre des plans, ou à défaut dans les zones "
        "tracées : qui n'a à portée qu'un site d'aléa inconnu est ôté de la part, et la part connue le dit ; où "
        "aucun site à "
        "portée n'est sûrement hors d'aléa et qu'un site d'aléa inconnu l'est peut-être, la part est inconnue.",
        "A polygon of technology «AUCUNE» (none) covers nothing; one that does not tell it counts. "
        "Reach is a distance: relief, frequency and load are not known, and coverage is not given site by site. A site "
        "out of hazard may hang on an exposed link or power supply (hazard_node_dependants). Hazard is known only "
        "within the perimeter of the plans or, without it, in the zones drawn: those who have only a site of unknown "
        "hazard within reach are left out of the share, and the known share says so; where no site within reach is "
        "surely out of hazard and one of unknown hazard may be, the share is unknown.",
    ),
    reference="Directive (UE) 2018/1972, art. 110 (système d'alerte du public) ; UNDRR (2017), Terminology on disaster "
    "risk reduction (early warning system) ; Code de la sécurité intérieure, art. L. 112-1.",
    function=hazard_alert_resilience,
    parameters=(
        MINIMUM_LEVEL,
        Parameter(
            "portee_m",
            Text(
                "distance à laquelle un site atteint les téléphones", "distance within which a site reaches telephones"
            ),
            "m",
            default=2000.0,
            minimum=50.0,
            maximum=30_000.0,
        ),
    ),
    map_classes={
        SAFE: (Text("site hors d'aléa", "site out of hazard"), "#0072b2"),
        EXPOSED: (Text("site exposé", "exposed site"), "#d55e00"),
        UNKNOWN: (Text("site d'aléa inconnu", "site of unknown hazard"), "#999999"),
    },
)
