"""Redundant supports: which neighbouring masts of different operators could be one?"""

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
from .supports import SAME_SUPPORT, Supports, clusters, supports_in_use

__all__ = ["ANALYSIS", "sobriety_redundant_supports"]

OUTPUTS = (
    Output(
        "redundant_support_count",
        Text("Supports qu'un partage éviterait", "Supports that sharing would avoid"),
        "nombre",
        better=-1,
    ),
    Output(
        "redundant_support_share",
        Text("Part des supports qu'un partage éviterait", "Share of supports that sharing would avoid"),
        "part",
        better=-1,
    ),
    Output(
        "mergeable_support_count",
        Text("Supports voisins qui pourraient être regroupés", "Neighbouring supports that could be merged"),
        "nombre",
        better=-1,
    ),
)
OVERALL = (
    Output(
        "redundant_support_total",
        Text("Supports qu'un partage éviterait, sur tout le territoire", "Supports avoided, over the territory"),
        "nombre",
        better=-1,
    ),
)
TABLES = (
    Table(
        "mergeable_clusters",
        Text("Groupes de supports voisins à regrouper", "Clusters of neighbouring supports to merge"),
        (
            Output("groupe", Text("Groupe", "Cluster"), "nombre"),
            Output("supports", Text("Supports du groupe", "Supports of the cluster"), "texte"),
            Output("operateurs", Text("Exploitants", "Operators"), "texte"),
            Output("nombre", Text("Nombre de supports", "Number of supports"), "nombre"),
            Output("suffisants", Text("Supports qui suffiraient", "Supports that would do"), "nombre"),
            Output("redondants", Text("Supports évitables", "Supports avoidable"), "nombre", better=-1),
        ),
    ),
)
DISTANCE = Parameter(
    "distance_m",
    Text("distance sous laquelle deux supports sont voisins", "distance under which two supports are neighbours"),
    "m",
    400.0,
    minimum=1.0,
    maximum=5000.0,
)


def sobriety_redundant_supports(
    units: gpd.GeoDataFrame,
    *,
    support: gpd.GeoDataFrame | None = None,
    site_mobile: gpd.GeoDataFrame | None = None,
    distance_m: float = 400.0,
    meme_support_m: float = 50.0,
) -> Measurement:
    r"""Count the supports that neighbours of other operators could take in.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    support, site_mobile : GeoDataFrame or None
        Supports (ANFR), or else sites (ARCEP), gathered by identifier or place.
    distance_m : float, default 400
        Supports that all stand within this distance of one another make a cluster.
    meme_support_m : float, default 50
        Sites without a common identifier nearer than this stand on one support.

    Returns
    -------
    Measurement
        ``redundant_support_count``, ``redundant_support_share``, ``mergeable_support_count``; table
        ``mergeable_clusters``. The known share is that of the supports whose operators are named.

    Notes
    -----
    A cluster of *n* supports, where the operator most present is on *k* of them, could do with *k*: each
    operator keeps as many places as it has. The :math:`n - k` redundant ones are shared out evenly over the
    supports of the cluster.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 999, 99)], index=["1"], crs=2154)
    >>> told = {"id_support": ["a", "b", "c"], "operateurs": ["ORANGE", "SFR", "ORANGE ; SFR"]}
    >>> masts = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([1, 201, 900], [1, 1, 1]), crs=2154)
    >>> sobriety_redundant_supports(units, support=masts).values.loc["1"].round(6).tolist()
    [1.0, 0.333333, 2.0]
    """
    units, support, site_mobile = opened_in_bounds(units, support=support, site_mobile=site_mobile)
    found = supports_in_use(support, site_mobile, meme_support_m)
    if found is None:
        nothing = {"redundant_support_total": Whole(np.nan, 0.0)}
        columns = {output.name: unknown(units) for output in OUTPUTS}
        return measurement(units, columns, None, nothing, {"mergeable_clusters": _table(None, None)})
    told = _told(found, distance_m)
    sums = told.groupby(assign_zone(found.places, units).to_numpy())[["all", "named", "part", "mergeable"]].sum()
    sums = sums.reindex(units.index, fill_value=0.0)
    known = known_part(sums["named"], sums["all"], everywhere(units))
    columns = {
        "redundant_support_count": Known(sums["part"], known),
        "redundant_support_share": Known(ratio(sums["part"], sums["named"]), known),
        "mergeable_support_count": Known(sums["mergeable"], known),
    }
    share = float(sums["named"].sum() / sums["all"].sum()) if sums["all"].sum() else 1.0
    overall = {"redundant_support_total": Whole(float(sums["part"].sum()) if share else np.nan, share)}
    return measurement(units, columns, None, overall, {"mergeable_clusters": _table(found, told)})


def _told(found: Supports, distance_m: float) -> pd.DataFrame:
    """Return for each support its cluster among those whose operators are named, and its part of what is redundant."""
    named = found.places.index.isin(found.operators["place"])
    told = pd.DataFrame({"all": 1.0, "named": named.astype(float), "cluster": -1}, index=found.places.index)
    told.loc[named, "cluster"] = clusters(found.places[named], distance_m)
    size = told["cluster"].map(told.loc[named, "cluster"].value_counts())
    cluster = found.operators["place"].map(told["cluster"])
    most = found.operators.groupby([cluster, "operator"]).size().groupby(level=0).max()
    needed = told["cluster"].map(most)
    part = ((size - needed) / size).fillna(0.0)
    return told.assign(size=size, needed=needed, part=part, mergeable=(part > 0).astype(float))


def _table(found: Supports | None, told: pd.DataFrame | None) -> pd.DataFrame:
    """Return one row a cluster that could lose supports, the largest gain first."""
    columns = [column.name for column in TABLES[0].columns]
    if found is None or told is None:
        return pd.DataFrame(columns=columns)
    merged = told[told["mergeable"] > 0]
    names = (
        found.places.loc[merged.index, "support"].groupby(merged["cluster"]).agg(lambda some: " ; ".join(sorted(some)))
    )
    cluster = found.operators["place"].map(merged["cluster"])
    owners = found.operators.groupby(cluster)["operator"].agg(lambda some: " ; ".join(sorted(set(some))))
    one = merged.groupby("cluster")[["size", "needed"]].first()
    rows = one.assign(supports=names, operateurs=owners, redondants=one["size"] - one["needed"])
    rows = rows.rename(columns={"size": "nombre", "needed": "suffisants"})
    rows = rows.sort_values(["redondants", "supports"], ascending=[False, True]).reset_index(drop=True)
    return rows.assign(groupe=np.arange(1.0, len(rows) + 1))[columns]


ANALYSIS = Declaration(
    id="sobriety_redundant_supports",
    title=Text("Supports radio redondants", "Redundant radio supports"),
    summary=Text(
        "Combien de supports voisins, d'opérateurs différents, un partage éviterait-il ?",
        "How many neighbouring supports of different operators would sharing avoid?",
    ),
    policies=(Policy.NUMERIQUE, Policy.ECONOMIE_CIRCULAIRE, Policy.URBANISME),
    inputs=(Input("support", required=False), Input("site_mobile", required=False)),
    one_of=(("support", "site_mobile"),),
    outputs=OUTPUTS,
    overall=OVERALL,
    tables=TABLES,
    formula=Text(
        "Forment un groupe les supports qui sont tous à distance_m au plus les uns des autres, les plus proches "
        "réunis d'abord. Un groupe de n supports, où "
        "l'exploitant le plus présent est sur k, pourrait tenir sur k supports : chacun y garde autant d'emplacements. "
        "Redondants = n − k, répartis à parts égales entre les supports du groupe, donc entre les unités. Part = "
        "redondants ÷ supports dont les exploitants sont nommés. Exemple : Orange, et SFR à 200 m : n = 2, k = 1, un "
        "support évitable.",
        "Supports that all stand within distance_m of one another make a cluster, the nearest joined first. A cluster "
        "of n supports, where the operator "
        "most present is on k, could do with k: each keeps as many places. Redundant = n − k, shared out evenly over "
        "the supports of the cluster, hence over units. Share = redundant ÷ supports whose operators are named. "
        "Example: Orange, and SFR 200 m away: n = 2, k = 1, one support avoidable.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des supports pourraient être évités si leurs voisins accueillaient leurs exploitants.",
        "0.42 means that 42 % of the supports could be avoided if their neighbours took in their operators.",
    ),
    limits=Text(
        "C'est un potentiel : hauteur, charge, fréquences et baux ne sont pas lus. Le découpage en groupes n'est pas "
        "unique "
        "le long d'une file de supports. Les supports sans exploitant nommé n'entrent dans aucun groupe : la part "
        "connue "
        "le dit.",
        "This is a potential: height, load, frequencies and leases are not read. Along a row of supports, there is "
        "more "
        "than one way to make clusters. Supports without a named operator enter no cluster: the known share says so.",
    ),
    reference="Code des postes et des communications électroniques, art. D. 98-6-1 (privilégier le partage d'un site "
    "ou d'un pylône existant).",
    function=sobriety_redundant_supports,
    apart=False,
    parameters=(DISTANCE, SAME_SUPPORT),
)
