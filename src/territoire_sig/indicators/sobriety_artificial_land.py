"""Masts and land: do mobile sites stand on land that is already artificial?"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ..errors import InvalidValueError
from ..model.declaration import Declaration, Input, Measurement, Output
from ..model.policies import Policy
from ..model.raster import Raster
from ..overlay import assign_zone
from ..overlay.zonal import value_at
from ..texts import Text
from .entrance import opened_in_bounds
from .knowledge import Known, everywhere, known_part, measurement, ratio, unknown
from .supports import SAME_SUPPORT, supports_in_use

__all__ = ["ANALYSIS", "sobriety_artificial_land"]

#: Corine Land Cover codes 111 to 142: artificial surfaces.
ARTIFICIAL = (100, 200)
CODES = (111, 523)
URBAN = ("U", "01", "02")
BUILT, OPEN, UNKNOWN = "artificialise", "non_artificialise", "inconnu"
OUTPUTS = (
    Output(
        "artificial_support_count",
        Text("Supports sur sol artificialisé", "Supports on artificial land"),
        "nombre",
        better=1,
    ),
    Output(
        "open_support_count",
        Text("Supports sur sol non artificialisé", "Supports on land that is not artificial"),
        "nombre",
        better=-1,
    ),
    Output(
        "artificial_support_share",
        Text("Part des supports sur sol artificialisé", "Share of supports on artificial land"),
        "part",
        better=1,
    ),
    Output(
        "artificial_by_cover_share",
        Text("Part des supports jugés sur l'occupation du sol", "Share of supports judged on land cover"),
        "part",
    ),
)


def sobriety_artificial_land(
    units: gpd.GeoDataFrame,
    *,
    support: gpd.GeoDataFrame | None = None,
    site_mobile: gpd.GeoDataFrame | None = None,
    occupation_sol: Raster | None = None,
    zonage: gpd.GeoDataFrame | None = None,
    meme_support_m: float = 50.0,
) -> Measurement:
    """Tell the supports that stand on artificial land: by land cover where it is known, else by urban zone.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``, projected, in metres.
    support, site_mobile : GeoDataFrame or None
        Supports (ANFR), or else sites (ARCEP), gathered by identifier or place.
    occupation_sol : Raster or None
        Corine codes; 111 to 142 are artificial.
    zonage : GeoDataFrame or None
        Polygons with ``typezone``; U (or 01, 02 of a commune map) stands for artificial.
    meme_support_m : float, default 50
        Sites without a common identifier nearer than this stand on one support.

    Returns
    -------
    Measurement
        ``artificial_support_count``, ``open_support_count``, ``artificial_support_share`` and, of the supports
        judged, ``artificial_by_cover_share``. The known share is that of the supports judged.

    Raises
    ------
    InvalidValueError
        When a pixel holds no Corine code of three figures.

    References
    ----------
    Loi n° 2021-1104 (Climat et résilience), art. 191 to 194.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"nom_unite": ["Un"]}, geometry=[shapely.box(0, 0, 99, 99)], index=["1"], crs=2154)
    >>> told = {"id_support": ["a", "b"]}
    >>> masts = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([5, 15], [5, 5]), crs=2154)
    >>> cover = Raster(np.array([[112.0, 311.0]]), (10, 0, 0, 0, -10, 10), "EPSG:2154")
    >>> sobriety_artificial_land(units, support=masts, occupation_sol=cover).values.loc["1"].tolist()
    [1.0, 1.0, 0.5, 1.0]
    """
    units, support, site_mobile, zonage = opened_in_bounds(
        units, support=support, site_mobile=site_mobile, zonage=zonage
    )
    found = supports_in_use(support, site_mobile, meme_support_m)
    if found is None or (occupation_sol is None and zonage is None):
        return measurement(units, {output.name: unknown(units) for output in OUTPUTS})
    judged = found.places.assign(
        code_unite=assign_zone(found.places, units), **_judged(found.places, occupation_sol, zonage)
    )
    table = pd.DataFrame(
        {
            "all": 1.0,
            "judged": (judged["classe"] != UNKNOWN).astype(float),
            "built": (judged["classe"] == BUILT).astype(float),
            "cover": (judged["source"] == "occupation_sol").astype(float),
        }
    )
    sums = table.groupby(judged["code_unite"].to_numpy()).sum().reindex(units.index, fill_value=0.0)
    known = known_part(sums["judged"], sums["all"], everywhere(units))
    columns = {
        "artificial_support_count": Known(sums["built"], known),
        "open_support_count": Known(sums["judged"] - sums["built"], known),
        "artificial_support_share": Known(ratio(sums["built"], sums["judged"]), known),
        "artificial_by_cover_share": Known(ratio(sums["cover"], sums["judged"]), known),
    }
    drawn = judged[judged["code_unite"].notna()].drop(columns="operator_count")
    return measurement(units, columns, drawn.reset_index(drop=True))


def _judged(places: gpd.GeoDataFrame, cover: Raster | None, zoning: gpd.GeoDataFrame | None) -> dict[str, Any]:
    """Return the class of each support, and the source that told it."""
    code = pd.Series(np.nan, index=places.index) if cover is None else value_at(places, _coded(cover))
    zone = pd.Series(None, index=places.index, dtype=object)
    if zoning is not None:
        zone = assign_zone(places, zoning).map(zoning["typezone"])
    by_cover, by_zone = code.notna(), zone.notna()
    built = np.where(by_cover, (code >= ARTIFICIAL[0]) & (code < ARTIFICIAL[1]), zone.isin(URBAN))
    told = by_cover | by_zone
    return {
        "classe": np.where(told, np.where(built, BUILT, OPEN), UNKNOWN),
        "source": np.where(by_cover, "occupation_sol", np.where(by_zone, "zonage", "")),
    }


def _coded(cover: Raster) -> Raster:
    """Return the land cover, refused unless its values are Corine codes of three figures."""
    known = cover.values[~np.isnan(cover.values)]
    wrong = known[(known < CODES[0]) | (known > CODES[1])]
    if not wrong.size:
        return cover
    raise InvalidValueError(
        Text(
            f"$n pixel(s) ne portent pas un code Corine à trois chiffres, le premier vaut $value ; "
            f"attendu : de {CODES[0]} à {CODES[1]}",
            f"$n pixel(s) hold no Corine code of three figures, the first is $value; expected {CODES[0]} to {CODES[1]}",
        ).fill(n=wrong.size, value=f"{wrong[0]:g}"),
        Text(
            "convertissez les classes de la grille (1 à 44) en codes (111 à 523), ou déclarez leur valeur sans donnée.",
            "turn the classes of the grid (1 to 44) into codes (111 to 523), or declare their nodata value.",
        ),
        layer=cover.name,
    )


ANALYSIS = Declaration(
    id="sobriety_artificial_land",
    title=Text("Supports radio et sols déjà artificialisés", "Radio supports and land already artificial"),
    summary=Text(
        "Quelle part des supports est sur un sol déjà artificialisé, sans consommer d'espace naturel ou agricole ?",
        "What share of supports stands on land already artificial, without using natural or farm land?",
    ),
    policies=(Policy.NUMERIQUE, Policy.URBANISME, Policy.BIODIVERSITE),
    inputs=(
        Input("support", required=False),
        Input("site_mobile", required=False),
        Input("occupation_sol", required=False),
        Input("zonage", required=False),
    ),
    one_of=(("support", "site_mobile"), ("occupation_sol", "zonage")),
    outputs=OUTPUTS,
    formula=Text(
        "Un support est sur sol artificialisé si le pixel d'occupation du sol qui le porte a un code Corine de 1xx ; "
        "où elle est inconnue, si sa zone d'urbanisme est U (01 ou 02 en carte communale). Part = ces supports ÷ "
        "supports jugés ; artificial_by_cover_share dit la part jugée sur l'occupation du sol. Exemple : deux "
        "supports, codes 112 et 311 : 1 ÷ 2 = 0,5.",
        "A support is on artificial land if the pixel of land cover under it has a Corine code of 1xx; where that is "
        "unknown, if its planning zone is U (01 or 02 in a commune map). Share = these supports ÷ supports judged; "
        "artificial_by_cover_share tells the share judged on land cover. Example: two supports, codes 112 and 311: "
        "1 ÷ 2 = 0.5.",
    ),
    reading=Text(
        "0,42 signifie que 42 % des supports jugés sont sur un sol déjà artificialisé.",
        "0.42 means that 42 % of the supports judged stand on land already artificial.",
    ),
    limits=Text(
        "Corine Land Cover ne voit pas sous 25 ha : un pylône isolé ne change pas la classe de son pixel. Une zone U "
        "n'est pas partout bâtie : c'est un droit, non un état du sol.",
        "Corine Land Cover does not see below 25 ha: a lone mast does not change the class of its pixel. A U zone is "
        "not built everywhere: it is a right, not a state of the land.",
    ),
    reference="Loi n° 2021-1104 du 22 août 2021 (Climat et résilience), art. 191 à 194 (zéro artificialisation nette) "
    "; Corine Land Cover, nomenclature, poste 1.",
    function=sobriety_artificial_land,
    parameters=(SAME_SUPPORT,),
    map_classes={
        BUILT: (Text("sol artificialisé", "artificial land"), "#009e73"),
        OPEN: (Text("sol non artificialisé", "land that is not artificial"), "#d55e00"),
        UNKNOWN: (Text("sol inconnu", "unknown land"), "#999999"),
    },
)
