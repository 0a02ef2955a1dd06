"""Bounds: numbers that a role allows, checked before an analysis counts with them."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..errors import InvalidValueError
from ..model.roles import ROLES
from ..texts import Text

__all__ = ["bounded", "part_of"]


def bounded(layer: gpd.GeoDataFrame, role: str, column: str) -> pd.Series[float]:
    """Return a column of a role as numbers, NaN where unknown, everywhere where the column is absent.

    Raises
    ------
    InvalidValueError
        When a value is out of the bounds of the role (a negative population, an index above 10).

    Examples
    --------
    >>> import shapely
    >>> index = gpd.GeoDataFrame({"indice": [3.0, None]}, geometry=[shapely.box(0, 0, 1, 1)] * 2)
    >>> bounded(index, "fragilite", "indice").tolist()
    [3.0, nan]
    """
    if column not in layer.columns:
        return pd.Series(float("nan"), index=layer.index)
    values = pd.Series(layer[column].to_numpy(dtype=float, na_value=float("nan")), index=layer.index)
    schema = ROLES[role].column(column)
    low, high = schema.minimum, schema.maximum
    wrong = values.isin([float("inf"), float("-inf")])
    wrong |= (values < low) if low is not None else False
    wrong |= (values > high) if high is not None else False
    if wrong.any():
        _refuse(values[wrong], role, column, (low, high))
    return values


def part_of(part: pd.Series[float], whole: pd.Series[float], role: str, what: Text) -> pd.Series[float]:
    """Return a part over its whole; NaN where one is unknown, or where the whole is 0.

    Raises
    ------
    InvalidValueError
        When a part is larger than its whole.
    """
    wrong = part > whole * (1 + 1e-9)
    if wrong.any():
        first = int(wrong.to_numpy().argmax())
        raise InvalidValueError(
            Text(
                "$n ligne(s) où $what : $part pour $whole en tout", "$n row(s) where $what: $part out of $whole in all"
            ).fill(n=int(wrong.sum()), what=what, part=f"{part.iloc[first]:g}", whole=f"{whole.iloc[first]:g}"),
            Text("corrigez ces lignes, ou videz les valeurs inconnues.", "correct these rows, or void unknown values."),
            layer=role,
        )
    share: pd.Series[float] = part / whole.where(whole > 0)
    return share.clip(upper=1.0)


def _refuse(wrong: pd.Series[float], role: str, column: str, bounds: tuple[float | None, float | None]) -> None:
    low, high = (None if bound is None else f"{bound:g}" for bound in bounds)
    wanted = (
        Text(f"{low} ou plus", f"{low} or more") if high is None else Text(f"de {low} à {high}", f"{low} to {high}")
    )
    raise InvalidValueError(
        Text(
            "«$column» vaut $value à la ligne $row ($n ligne(s) en tout) ; attendu : $wanted",
            "«$column» is $value in row $row ($n row(s) in all); expected $wanted",
        ).fill(column=column, value=f"{wrong.iloc[0]:g}", row=wrong.index[0], n=len(wrong), wanted=wanted),
        Text("corrigez la valeur, ou videz-la si elle est inconnue.", "correct the value, or void it if unknown."),
        layer=role,
    )
