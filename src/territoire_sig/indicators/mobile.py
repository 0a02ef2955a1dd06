"""Mobile coverage by technology and operator: what is sure, and what a silent column leaves in doubt.

One convention for all the analyses. A polygon covers a technology for sure when its columns name it. One whose
technology, operator or level is not told *may* cover: its place is neither covered nor uncovered, but unknown. A
technology (or an operator) that no polygon of the layer names is unknown everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..model.declaration import Output, Parameter, Table
from ..model.roles.digital import OPERATORS
from ..overlay import intersect
from ..overlay.checks import Geometries, geometries
from ..texts import Text
from .knowledge import Known, ratio, unknown

__all__ = [
    "COVERAGE_LEVEL",
    "TECHNOLOGIES",
    "Surface",
    "Told",
    "amounts",
    "by_operator",
    "covering",
    "drawn",
    "known_share",
    "named_operators",
    "operator_table",
    "pieces",
    "share_outputs",
    "shares",
    "some_coverage",
    "surfaces",
    "together",
    "told_by",
    "without_4g",
]

Mask: TypeAlias = npt.NDArray[np.bool_]
#: By operator (None: any) and technology, an amount by unit: covered for sure, and at most.
Amounts: TypeAlias = "Mapping[tuple[str | None, str], tuple[pd.Series[float], pd.Series[float]]]"

#: Technologies, with the word that names their columns.
TECHNOLOGIES: dict[str, str] = {"2G": "2g", "3G": "3g", "4G": "4g", "5G": "5g"}
#: Rank of the levels; ``COUVERT`` is of unknown rank.
LEVEL_RANKS = {"CL": 1, "BC": 2, "TBC": 3}

COVERAGE_LEVEL = Parameter(
    "niveau_couverture",
    Text(
        "niveau de couverture retenu (1 limitée ou mieux, 2 bonne ou mieux, 3 très bonne)",
        "coverage level asked for (1 limited or better, 2 good or better, 3 very good)",
    ),
    "rang",
    default=1.0,
    minimum=1.0,
    maximum=3.0,
)


@dataclass(frozen=True, eq=False)
class Surface:
    """Where a technology (of an operator, or of any) is: for sure, and at most.

    Attributes
    ----------
    operator : str or None
        None: any operator.
    technology : str
        ``2G``, ``3G``, ``4G`` or ``5G``.
    sure, possible : array of geometries
        One polygon, or none; `possible` holds `sure`, and is the same where nothing is in doubt.
    """

    operator: str | None
    technology: str
    sure: Geometries
    possible: Geometries


def named_operators(cover: gpd.GeoDataFrame) -> pd.Series[Any]:
    """Return the operator of each polygon, by one name whatever the way it is written; NaN where unknown.

    Examples
    --------
    >>> told = {"operateur": ["ORANGE", None, " "], "code_operateur": [None, "20810", None]}
    >>> named_operators(gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([0, 0, 0], [0, 0, 0]))).tolist()
    ['Orange', 'SFR', nan]
    """
    names = pd.Series(np.nan, index=cover.index, dtype=object)
    known = {text.fr.casefold(): text.fr for text in OPERATORS.values()} | {
        code: text.fr for code, text in OPERATORS.items()
    }
    for column in ("code_operateur", "operateur"):
        if column in cover.columns:
            words = cover[column].astype("string").str.strip().replace("", pd.NA)
            named = words.str.casefold().map(known).astype(object)
            names = names.where(names.notna(), named.where(named.notna(), words.astype(object)))
    return names.where(names.notna(), np.nan)


def some_coverage(cover: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the polygons of coverage, whatever the technology, but those that say there is none («AUCUNE»).

    A polygon that does not tell its technology is kept: a layer of coverage shows where there is some.

    Examples
    --------
    >>> told = {"techno": ["4G", "aucune", None]}
    >>> len(some_coverage(gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]))))
    2
    """
    if cover is None or "techno" not in cover.columns:
        return cover
    words = cover["techno"].astype("string").str.upper()
    none = words.str.contains("AUCUNE", regex=False) & ~words.str.contains("[2345]G", regex=True)
    return cover[~none.fillna(False).to_numpy(dtype=bool)].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class Told:
    """What the columns of a layer of coverage tell of each polygon: technologies, operator, rank of the level."""

    technologies: pd.Series[Any]
    operators: pd.Series[Any]
    ranks: pd.Series[float]


def told_by(cover: gpd.GeoDataFrame) -> Told:
    """Read the columns of a layer of coverage once; NaN where one tells nothing.

    Examples
    --------
    >>> cover = gpd.GeoDataFrame({"techno": ["2g3g", "?"], "niveau": ["TBC", "COUVERT"]}, geometry=[None, None])
    >>> told = told_by(cover)
    >>> told.technologies.tolist(), told.operators.tolist(), told.ranks.tolist()
    (['2G3G', nan], [nan, nan], [3.0, nan])
    """
    silent = pd.Series(np.nan, index=cover.index, dtype=object)
    words = (cover["techno"] if "techno" in cover.columns else silent).astype("string").str.upper()
    named = words.where(words.str.contains("[2345]G|AUCUNE", regex=True)).astype(object)
    levels = cover["niveau"] if "niveau" in cover.columns else silent
    return Told(named.where(named.notna(), np.nan), named_operators(cover), levels.map(LEVEL_RANKS).astype(float))


def covering(
    told: Told, technologies: Sequence[str], *, level: float = 1.0, operator: str | None = None
) -> tuple[Mask, Mask, bool]:
    """Tell which polygons cover one of the `technologies`, for sure and at most, and whether the layer names any.

    Examples
    --------
    >>> told = {"techno": ["4G", "2G3G", None], "niveau": ["CL", "TBC", "TBC"]}
    >>> cover = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy([0, 0, 0], [0, 0, 0]))
    >>> sure, possible, named = covering(told_by(cover), ["4G"], level=2)
    >>> sure.tolist(), possible.tolist(), named
    ([False, False, False], [False, False, True], True)
    """
    silent = told.technologies.isna().to_numpy()
    text = told.technologies.where(~silent, "")
    sure = np.logical_or.reduce([text.str.contains(name, regex=False).to_numpy(bool) for name in technologies])
    possible = sure | silent
    if operator is not None:
        is_one = (told.operators == operator).to_numpy(dtype=bool)
        sure, possible = sure & is_one, possible & (is_one | told.operators.isna().to_numpy())
    named = bool(sure.any())
    if level > 1:
        reached = (told.ranks >= level).to_numpy()
        sure, possible = sure & reached, possible & (reached | told.ranks.isna().to_numpy())
    return sure, possible, named


def surfaces(cover: gpd.GeoDataFrame, level: float) -> list[Surface]:
    """Return where each technology that the layer names is, of any operator, then of each one.

    Parameters
    ----------
    cover : GeoDataFrame
        Polygons, with the optional columns of the role ``couverture_mobile``.
    level : float
        1: any level; 2: good or better; 3: very good.

    Returns
    -------
    list of Surface
        Any operator first, then the operators sorted by name; technologies from the oldest to the newest.

    Examples
    --------
    >>> told = {"operateur": ["SFR", "Orange"], "techno": ["4G", "4G"], "niveau": ["CL", "TBC"]}
    >>> shapes = [shapely.box(0, 0, 10, 10), shapely.box(5, 0, 20, 10)]
    >>> [(one.operator, one.sure[0].area) for one in surfaces(gpd.GeoDataFrame(told, geometry=shapes), 1)]
    [(None, 200.0), ('Orange', 150.0), ('SFR', 100.0)]
    """
    shapes = geometries(cover, "couverture_mobile", "polygon")
    told = told_by(cover)
    names = [None, *sorted(told.operators.dropna().unique())]
    found = []
    for name in names:
        for technology in TECHNOLOGIES:
            sure, possible, named = covering(told, [technology], level=level, operator=name)
            if named:
                certain = together(shapes[sure])
                at_most = certain if (sure == possible).all() else together(shapes[possible])
                found.append(Surface(name, technology, certain, at_most))
    return found


def drawn(found: Sequence[Surface], crs: Any) -> gpd.GeoDataFrame:
    """Return the surfaces as a layer: ``rank`` in `found`, ``at_most`` (bool) and the geometry."""
    rows = [(rank, False, one.sure) for rank, one in enumerate(found)]
    rows += [(rank, True, one.possible) for rank, one in enumerate(found) if one.possible is not one.sure]
    kept = [(rank, at_most, shape[0]) for rank, at_most, shape in rows if len(shape)]
    table = pd.DataFrame([row[:2] for row in kept], columns=["rank", "at_most"])
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries([row[2] for row in kept], crs=crs), crs=crs)


def pieces(units: gpd.GeoDataFrame, found: Sequence[Surface]) -> gpd.GeoDataFrame:
    """Cut the surfaces by unit: ``rank``, ``at_most``, ``code_unite`` and the geometry, numbered from 0."""
    layer = drawn(found, units.crs)
    cut = intersect(layer[["geometry"]], units)
    told = layer.loc[cut["left"], ["rank", "at_most"]].reset_index(drop=True)
    return gpd.GeoDataFrame(told.assign(code_unite=cut["right"]), geometry=cut.geometry, crs=units.crs)


def amounts(units: gpd.GeoDataFrame, found: Sequence[Surface], table: pd.DataFrame) -> Amounts:
    """Sum an amount by surface and unit, for sure and at most; 0 where nothing of the surface is.

    `table` holds ``rank``, ``at_most``, ``code_unite`` and ``amount`` (NaN: unknown, and so is the sum).
    """
    sums = table.groupby(["rank", "at_most", "code_unite"])["amount"].sum(min_count=1)
    there = table.groupby(["rank", "at_most", "code_unite"])["amount"].count()
    size = table.groupby(["rank", "at_most", "code_unite"])["amount"].size()
    sums = sums.where(there == size)

    def one(rank: int, at_most: bool) -> pd.Series[float]:
        rows = sums.loc[(sums.index.get_level_values(0) == rank) & (sums.index.get_level_values(1) == at_most)]
        amount: pd.Series[float] = rows.droplevel([0, 1]).reindex(units.index)
        return amount.where(units.index.isin(rows.index.get_level_values(2)), 0.0).astype(float)

    return {
        (surface.operator, surface.technology): (
            one(rank, False),
            one(rank, surface.possible is not surface.sure),
        )
        for rank, surface in enumerate(found)
    }


def together(shapes: Geometries) -> Geometries:
    """Return polygons as one; none where there is none."""
    return np.array([shapely.union_all(shapes)] if len(shapes) else [], dtype=object)


def known_share(sure: pd.Series[float], possible: pd.Series[float], whole: pd.Series[float]) -> Known:
    """Return the sure part over what is not in doubt, and the share of the whole that is not in doubt.

    Examples
    --------
    >>> found = known_share(pd.Series([20.0]), pd.Series([60.0]), pd.Series([100.0]))
    >>> float(found.value[0].round(9)), float(found.share[0].round(9))
    (0.333333333, 0.6)
    """
    settled = whole - (possible - sure).clip(lower=0.0)
    return Known(ratio(sure, settled), ratio(settled.clip(lower=0.0), whole).where(~(whole <= 0), 1.0))


def shares(
    units: gpd.GeoDataFrame,
    amounts: Amounts,
    whole: pd.Series[float],
    reach: pd.Series[float],
) -> dict[str, Known]:
    """Return, by technology, the share of `whole` (an amount by unit) that is covered.

    `amounts` holds, by operator (None: any) and technology, the amount covered for sure and at most; `reach` is the
    share of the unit where `whole` is known.
    """
    told = {}
    for technology in TECHNOLOGIES:
        if (None, technology) in amounts:
            found = known_share(*amounts[None, technology], whole)
            told[technology] = Known(found.value, (found.share * reach).where(whole.notna(), 0.0))
        else:
            told[technology] = unknown(units)
    return told


def without_4g(
    units: gpd.GeoDataFrame,
    amounts: Amounts,
    whole: pd.Series[float],
    reach: pd.Series[float],
) -> Known:
    """Return the amount of each unit that is out of 4G for sure; the known share leaves the places in doubt out."""
    if (None, "4G") not in amounts:
        return unknown(units)
    sure, possible = amounts[None, "4G"]
    share = known_share(sure, possible, whole).share
    return Known((whole - possible).clip(lower=0.0), (share * reach).where(whole.notna(), 0.0))


def by_operator(amounts: Amounts, whole: pd.Series[float]) -> pd.DataFrame:
    """Return one row an operator and a technology: the share of the territory's amount that is covered.

    Units whose amount is unknown are left out, on both sides.
    """
    rows = []
    for (operator, technology), (sure, possible) in amounts.items():
        if operator is None:
            continue
        told = whole.notna() & sure.notna() & possible.notna()
        total = [float(amount[told].sum()) for amount in (sure, possible, whole)]
        found = known_share(*(pd.Series([amount]) for amount in total))
        rows.append((operator, technology, total[0], float(found.value.iloc[0]), float(found.share.iloc[0])))
    return pd.DataFrame(rows, columns=[column.name for column in operator_table("", Text("", ""), "").columns])


def operator_table(name: str, text: Text, unit: str) -> Table:
    """Return the declaration of the table of :func:`by_operator`; `unit` is that of the amount."""
    columns = (
        Output("operateur", Text("Opérateur", "Operator"), "texte"),
        Output("techno", Text("Technologie", "Technology"), "texte"),
        Output("covered_amount", Text("Quantité couverte", "Amount covered"), unit, better=1),
        Output("covered_share", Text("Part couverte", "Share covered"), "part", better=1),
        Output("known_share", Text("Part connue", "Share known"), "part"),
    )
    return Table(name, text, columns)


def share_outputs(prefix: str, of_what: Text) -> tuple[Output, ...]:
    """Return one output a technology: ``<prefix>_4g_share``."""
    return tuple(
        Output(
            f"{prefix}_{word}_share",
            Text("Part $q en $t", "Share of $q with $t").fill(q=of_what, t=technology),
            "part",
            better=1,
        )
        for technology, word in TECHNOLOGIES.items()
    )
