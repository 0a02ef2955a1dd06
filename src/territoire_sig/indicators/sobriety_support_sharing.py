"""Sharing of supports: how many operators are on each mast?"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..model.declaration import Declaration, Input, Measurement, Output, Whole
from ..model.policies import Policy
from ..overlay import assign_zone
from ..texts import Text
from .entrance import opened_in_bounds
from .knowledge import Known, everywhere, known_part, measurement, ratio, unknown
from .supports import SAME_SUPPORT, supports_in_use

__all__ = ["ANALYSIS", "sobriety_support_sharing"]

SHARED = 2
ALONE, TOGETHER, UNKNOWN = "un_operateur", "plusieurs_operateurs", "inconnu"
OUTPUTS = (
    Output("support_total", Text("Supports en service", "Supports in use"), "nombre"),
    Output(
        "support_operator_mean",
        Text("Opérateurs par support, en moyenne", "Operators per support, on average"),
        "nombre",
        better=1,
    ),
    Output(
        "support_shared_share",
        Text("Part des supports partagés", "Share of supports that are shared"),
        "part",
        better=1,
    ),
    Output(
        "support_alone_count",
        Text("Supports d'un seul opérateur", "Supports of a single operator"),
        "nombre",
        better=-1,
    ),
)
OVERALL = (
    Output(
        "support_shared_overall",
        Text("Part des supports partagés, sur tout le territoire", "Share of supports shared, over the territory"),
        "part",
        better=1,
    ),
)


def sobriety_support_sharing(
    units: gpd.GeoDataFrame,
    *,
    support: gpd.GeoDataFrame | None = None,
    site_mobile: gpd.GeoDataFrame | None = None,
    meme_support_m: float = 50.0,
) -> Measurement:
    """Count the operators on the supports of each unit, and the share of supports that several share.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    support, site_mobile : GeoDataFrame or None
        Supports (ANFR), or else sites (ARCEP), gathered by identifier or place.
    meme_support_m : float, default 50
        Sites without a common identifier nearer than this stand on one support.

    Returns
    -------
    Measurement
        ``support_total``, ``support_operator_mean``, ``support_shared_share``, ``support_alone_count``; mean and
        share are NaN without support. The known share is that of the supports whose operators are known.

    References
    ----------
    Code des postes et des communications électroniques, art. D. 98-6-1.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 99, 99)], index=["1"], crs=2154)
    >>> told = {"id_support": ["a", "b", "c"], "operateurs": ["ORANGE ; SFR", "SFR", None]}
    >>> masts = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([1, 2, 3], [1, 1, 1]), crs=2154)
    >>> sobriety_support_sharing(units, support=masts).values.loc["1"].tolist()
    [3.0, 1.5, 0.5, 1.0]
    """
    units, support, site_mobile = opened_in_bounds(units, support=support, site_mobile=site_mobile)
    found = supports_in_use(support, site_mobile, meme_support_m)
    if found is None:
        nothing = {"support_shared_overall": Whole(float("nan"), 0.0)}
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS}, overall=nothing)
    places = found.places.assign(code_unite=assign_zone(found.places, units))
    sums = _sums(places).reindex(units.index, fill_value=0.0)
    known = known_part(sums["known"], sums["all"], everywhere(units))
    columns = {
        "support_total": Known(sums["all"], everywhere(units)),
        "support_operator_mean": Known(sums["operators"] / sums["known"].where(sums["known"] > 0), known),
        "support_shared_share": Known(ratio(sums["shared"], sums["known"]), known),
        "support_alone_count": Known(sums["alone"], known),
    }
    return measurement(units, columns, _drawn(places), {"support_shared_overall": _overall(sums)})


def _sums(places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return by unit the supports, those whose operators are known, their operators, those shared and not."""
    count = places["operator_count"]
    table = pd.DataFrame(
        {
            "all": 1.0,
            "known": count.notna().astype(float),
            "operators": count.fillna(0.0),
            "shared": (count >= SHARED).astype(float),
            "alone": (count < SHARED).astype(float),
        }
    )
    return table.groupby(places["code_unite"].to_numpy()).sum()


def _overall(sums: pd.DataFrame) -> Whole:
    total = sums.sum()
    if not total["known"]:
        return Whole(float("nan"), 0.0)
    return Whole(float(total["shared"] / total["known"]), float(total["known"] / total["all"]))


def _drawn(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the supports of the units with their class."""
    count = places["operator_count"]
    shared = (count >= SHARED).map({True: TOGETHER, False: ALONE})
    drawn = places.assign(classe=shared.where(count.notna(), UNKNOWN))
    return drawn[drawn["code_unite"].notna()].reset_index(drop=True)


ANALYSIS = Declaration(
    id="sobriety_support_sharing",
    title=Text("Partage des supports radio", "Sharing of radio supports"),
    summary=Text(
        "Combien d'opérateurs chaque support porte-t-il, et quelle part des supports est partagée ?",
        "How many operators does each support carry, and what share of supports is shared?",
    ),
    policies=(Policy.NUMERIQUE, Policy.ECONOMIE_CIRCULAIRE),
    inputs=(Input("support", required=False), Input("site_mobile", required=False)),
    one_of=(("support", "site_mobile"),),
    outputs=OUTPUTS,
    overall=OVERALL,
    formula=Text(
        "Moyenne = opérateurs ÷ supports dont les opérateurs sont connus. Part = supports d'au moins deux opérateurs ÷ "
        "supports connus. Les supports sont ceux de l'ANFR ; à défaut, les sites de l'ARCEP qui portent le même "
        "identifiant ou, sans identifiant, sont à moins de meme_support_m. Exemple : trois supports, de deux "
        "opérateurs, d'un seul, et inconnu : "
        "moyenne 3 ÷ 2 = 1,5, part 1 ÷ 2 = 0,5, part connue 2 ÷ 3.",
        "Mean = operators ÷ supports whose operators are known. Share = supports of at least two operators ÷ known "
        "supports. Supports are those of ANFR or, failing that, ARCEP's sites that bear one identifier or, without "
        "one, are nearer than meme_support_m. Example: three supports, of two operators, of one, and unknown: mean 3 "
        "÷ 2 = 1.5, share 1 ÷ 2 = "
        "0.5, known share 2 ÷ 3.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des supports connus portent au moins deux opérateurs.",
        "0.42 means that 42 % of the known supports carry at least two operators.",
    ),
    limits=Text(
        "Tous les exploitants déclarés comptent, y compris hors téléphonie mobile quand la table de l'ANFR en porte. "
        "Un pylône partagé peut l'être sans que les équipements actifs le soient. Les projets ne comptent pas. Sans "
        "identifiant de site, "
        "deux pylônes très proches sont pris pour un seul.",
        "Every declared operator counts, including those of other services where ANFR's table holds some. A mast may "
        "be shared without the active equipment being shared. Projects do not count. Without site identifiers, two "
        "masts very near each other are taken for one.",
    ),
    reference="Code des postes et des communications électroniques, art. D. 98-6-1 (partage des sites et des pylônes) "
    "; ANFR, données sur les installations radioélectriques de plus de 5 watts.",
    function=sobriety_support_sharing,
    parameters=(SAME_SUPPORT,),
    map_classes={
        TOGETHER: (Text("support partagé", "shared support"), "#009e73"),
        ALONE: (Text("support d'un seul opérateur", "support of a single operator"), "#d55e00"),
        UNKNOWN: (Text("opérateurs inconnus", "unknown operators"), "#999999"),
    },
)
