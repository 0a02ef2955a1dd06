"""The curves of an analysis (Lorenz, concentration…), as a picture."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..model.declaration import Table

__all__ = ["curve_picture"]

#: Lines told apart by colour and by dash: readers who confuse colours read the dashes.
_LINES = (("#08306b", "-"), ("#d94801", "--"), ("#54278f", "-."), ("#1b1b1b", ":"))
_SIZE_IN = (6.0, 4.2)


def curve_picture(table: Table, frame: pd.DataFrame, *, dpi: int = 110) -> bytes:
    """Return a PNG of the columns of `frame` against the first; the same bytes for the same table.

    Where every column is a share, the diagonal of equality is drawn.
    """
    first, *others = table.columns
    figure = Figure(figsize=_SIZE_IN, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    if all(column.unit == "part" for column in table.columns):
        axes.plot([0, 1], [0, 1], color="#9a9a9a", linewidth=0.8)
    for rank, column in enumerate(others):
        colour, dash = _LINES[rank % len(_LINES)]
        axes.plot(_numbers(frame[first.name]), _numbers(frame[column.name]), dash, color=colour, label=str(column.text))
    _label(axes, str(first.text), [str(column.text) for column in others])
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()


def _numbers(values: pd.Series) -> Any:
    return values.to_numpy(dtype=float, na_value=np.nan)


def _label(axes: Any, abscissa: str, ordinates: list[str]) -> None:
    axes.set_xlabel(abscissa, parse_math=False)
    if len(ordinates) == 1:
        axes.set_ylabel(ordinates[0], parse_math=False)
    else:
        axes.legend(frameon=False, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#e5e5e5", linewidth=0.6)
