"""A survey by unit: its answers brought to the units, each answer counted once, impossible counts refused."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm

from ..errors import InvalidValueError
from ..model.declaration import Parameter
from ..overlay import intersection_areas
from ..texts import Text
from .knowledge import Known

__all__ = ["CLASSES", "CONFIDENCE", "Survey", "normal_quantile", "surveyed", "wilson"]

#: Counts of the net promoter score.
CLASSES = ("promoteurs", "passifs", "detracteurs")
_COUNTS = ("reponses", "satisfaits", *CLASSES)
#: Part of a unit (or of a row) from which one is taken to speak for the other.
_MOST = 0.5

CONFIDENCE = Parameter(
    "confiance",
    Text("niveau de confiance des intervalles", "confidence level of the intervals"),
    "part",
    default=0.95,
    minimum=0.5,
    maximum=0.999,
)


@dataclass(frozen=True, eq=False)
class Survey:
    """The counts of a survey, and the place of each unit in it.

    Attributes
    ----------
    counts : DataFrame
        One row a place, sorted: a unit, or a larger area (a commune of several IRIS) for which the answers were
        counted together. Columns ``reponses``, ``notees`` (answers of rows whose satisfied answers are known too),
        ``satisfaits``, ``promoteurs``, ``passifs``, ``detracteurs``; NaN is unknown.
    place : Series
        By unit: its row in `counts`; NA where the survey does not reach.
    reach : Series of float
        By unit: share of its area that the survey reaches.
    unplaced : DataFrame
        The columns of `counts`, one row a row of the survey that lies mainly in the territory and in no unit mainly:
        its answers are those of the territory alone.
    """

    counts: pd.DataFrame
    place: pd.Series[str]
    reach: pd.Series[float]
    unplaced: pd.DataFrame

    @property
    def everyone(self) -> pd.DataFrame:
        """The counts of the whole territory: those of the places, then those that are in none."""
        return pd.concat([self.counts, self.unplaced]) if len(self.unplaced) else self.counts

    def by_unit(self, values: pd.Series[float]) -> Known:
        """Return a value of the places for each unit: that of its place."""
        told = values.reindex(self.place.to_numpy()).set_axis(self.place.index).astype(float)
        return Known(told, self.reach.where(told.notna(), 0.0))

    def known(self, values: pd.Series[float]) -> float:
        """Return the share of the units (0 to 1) for which a value of the places is known."""
        told = self.by_unit(values).value
        return float(told.notna().mean()) if len(told) else 0.0


def surveyed(units: gpd.GeoDataFrame, enquete: gpd.GeoDataFrame) -> Survey:
    """Bring the rows of a survey to the units.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons indexed by ``code_unite``.
    enquete : GeoDataFrame
        Polygons numbered from 0 with the columns of the role. Rows finer than the units are summed in the unit that
        holds most of each. A row that covers several units speaks for all of them, and its answers count once. One
        that lies mainly in the territory, but is mainly in no unit and covers most of none, counts for the territory.

    Raises
    ------
    InvalidValueError
        When a count is negative, or parts outnumber the answers.

    Examples
    --------
    >>> import shapely
    >>> shapes = [shapely.box(0, 0, 9, 9), shapely.box(9, 0, 18, 9)]
    >>> units = gpd.GeoDataFrame(geometry=shapes, index=["A", "B"], crs=2154)
    >>> told = {"code_insee": ["1"], "reponses": [10], "satisfaits": [7]}
    >>> found = surveyed(units, gpd.GeoDataFrame(told, geometry=[shapely.box(0, 0, 18, 9)], crs=2154))
    >>> found.counts[["reponses", "satisfaits"]].to_numpy().tolist(), found.place.nunique()
    ([[10.0, 7.0]], 1)
    """
    counts = _checked(enquete)
    row_place, place_area = _places(enquete, counts)
    shared = _shared(units, enquete, row_place, place_area)
    fine, large = _speaking(shared)
    large = large[~large["zone"].isin(fine["zone"])]
    label = pd.Series(pd.NA, index=units.index, dtype="object")
    label.loc[fine["zone"]] = [f"u:{code}" for code in fine["zone"]]
    label.loc[large["zone"]] = [f"r:{place}" for place in large["place"]]
    reach = pd.concat([fine, large]).groupby("zone")["of_unit"].sum().clip(upper=1.0)
    by_place = counts.groupby(row_place).first()
    return Survey(
        _summed(by_place, fine, large),
        label,
        reach.reindex(units.index).fillna(0.0),
        by_place.loc[_unplaced(shared, fine)].rename(index="t:{}".format),
    )


def _shared(
    units: gpd.GeoDataFrame, enquete: gpd.GeoDataFrame, row_place: pd.Series[int], place_area: pd.Series[float]
) -> pd.DataFrame:
    """Return what each unit (``zone``) and each place share: ``of_unit``, ``of_place`` (0 to 1), largest first."""
    pairs = intersection_areas(units, enquete)
    pairs = pairs.assign(place=row_place.loc[pairs["cover"]].to_numpy())
    shared = pairs.groupby(["zone", "place"], sort=True)["area_m2"].sum().reset_index()
    shared["of_unit"] = shared["area_m2"] / units.area.reindex(shared["zone"]).to_numpy()
    shared["of_place"] = shared["area_m2"] / place_area.reindex(shared["place"]).to_numpy()
    return shared.sort_values("area_m2", ascending=False, kind="stable")


def _speaking(shared: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the places of one unit each, in which they are summed, and those that speak for several units."""
    spoken = shared[shared["of_unit"] >= _MOST]["place"].value_counts()
    wide = shared["place"].isin(spoken.index[spoken > 1])
    fine = shared[~wide].drop_duplicates("place")
    fine = fine[(fine["of_place"] >= _MOST) | (fine["of_unit"] >= _MOST)]
    return fine, shared[wide & (shared["of_unit"] >= _MOST)].drop_duplicates("zone")


def _unplaced(shared: pd.DataFrame, fine: pd.DataFrame) -> pd.Index[int]:
    """Return the places that lie mainly in the territory, and speak for no unit."""
    by_place = (
        shared.assign(spoken=shared["of_unit"] >= _MOST).groupby("place", sort=True)[["of_place", "spoken"]].sum()
    )
    kept = (by_place["of_place"] >= _MOST) & (by_place["spoken"] <= 1) & ~by_place.index.isin(fine["place"])
    return by_place.index[kept]


def _summed(by_place: pd.DataFrame, fine: pd.DataFrame, large: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of each unit, and of each place that speaks for several."""
    summed = by_place.loc[fine["place"]].groupby([f"u:{code}" for code in fine["zone"]]).sum(min_count=1)
    shown = large["place"].drop_duplicates()
    whole = by_place.loc[shown].set_axis([f"r:{place}" for place in shown], axis=0)
    told = [part for part in (summed, whole) if len(part)]
    return pd.concat(told).sort_index() if told else by_place.iloc[:0]


def _places(enquete: gpd.GeoDataFrame, counts: pd.DataFrame) -> tuple[pd.Series[int], pd.Series[float]]:
    """Number the places: rows that repeat one code and its counts (one a unit of a commune) are one place."""
    code = enquete["code_insee"] if "code_insee" in enquete.columns else pd.Series(pd.NA, index=enquete.index)
    key = code.astype("string").fillna("#" + enquete.index.to_series().astype(str))
    place = counts.assign(key=key).groupby(["key", *_COUNTS], dropna=False, sort=False).ngroup()
    return place, enquete.area.groupby(place).sum()


def _checked(enquete: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the counts as floats: satisfied answers go with theirs, and the three classes of marks together."""
    nothing = pd.Series(np.nan, index=enquete.index)
    counts = pd.DataFrame(
        {name: enquete[name] if name in enquete.columns else nothing for name in _COUNTS}, index=enquete.index
    ).astype(float)
    answers = counts["reponses"].where(counts["reponses"].notna(), np.inf)
    for name in _COUNTS:
        _refuse(counts[name] < 0, counts[name], Text(f"«{name}» négatif", f"«{name}» below 0"), counts["reponses"])
    _refuse(
        counts["satisfaits"] > answers,
        counts["satisfaits"],
        Text("plus de satisfaits que de réponses", "more satisfied than answers"),
        counts["reponses"],
    )
    marks = counts[list(CLASSES)].sum(axis="columns")
    _refuse(
        marks > answers,
        marks,
        Text(
            "plus de promoteurs, passifs et détracteurs que de réponses",
            "more promoters, passives and detractors than answers",
        ),
        counts["reponses"],
    )
    together = counts["reponses"].notna() & counts["satisfaits"].notna()
    told = counts[list(CLASSES)].notna().all(axis="columns")
    kept = {name: counts[name].where(told) for name in CLASSES}
    return counts.assign(
        notees=counts["reponses"].where(together), satisfaits=counts["satisfaits"].where(together), **kept
    )


def _refuse(wrong: pd.Series[bool], value: pd.Series[float], what: Text, answers: pd.Series[float]) -> None:
    if not wrong.any():
        return
    found, total = value[wrong].iloc[0], answers[wrong].iloc[0]
    raise InvalidValueError(
        Text(
            f"{int(wrong.sum())} ligne(s) avec {what.fr} : {found:g} pour {total:g} réponse(s)",
            f"{int(wrong.sum())} row(s) with {what.en}: {found:g} for {total:g} answer(s)",
        ),
        Text("corrigez ces lignes, ou videz-les.", "mend these rows, or blank them."),
        layer="enquete",
    )


def normal_quantile(confidence: float) -> float:
    """Return how many standard deviations either side of the mean hold a share of the normal law.

    Examples
    --------
    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    return float(norm.ppf((1 + confidence) / 2))


def wilson(
    successes: ArrayLike, trials: ArrayLike, confidence: float
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    r"""Return the bounds of a proportion (Wilson's score interval); NaN where there is no trial.

    Notes
    -----
    :math:`\frac{p + z^2/2n \pm z \sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}`.

    References
    ----------
    Wilson E. B. (1927), Probable inference, the law of succession, and statistical inference, JASA 22(158).

    Examples
    --------
    >>> low, high = wilson([8], [10], 0.95)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.49], [0.943])
    """
    told, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    n = np.where(n > 0, n, np.nan)
    share, z = told / n, normal_quantile(confidence)
    middle = share + z**2 / (2 * n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    low, high = ((middle + sign * half) / (1 + z**2 / n) for sign in (-1, 1))
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
