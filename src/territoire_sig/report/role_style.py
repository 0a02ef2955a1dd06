"""QGIS styles of layers as they are read: by the column that says most in their role."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd

from ..model.declaration import Output
from ..model.policies import Policy
from ..model.schema import Column, Role
from ..texts import Text
from .palette import CLASS_COLOURS
from .qml import Kind, class_style, graduated_style, single_style

__all__ = ["role_style"]

#: Colour of a layer that no column divides into classes, by policy; neighbours on a map differ in hue and lightness.
_POLICY_COLOURS: Mapping[Policy, str] = {
    Policy.URBANISME: "#cc79a7",
    Policy.RISQUES: "#d55e00",
    Policy.BIODIVERSITE: "#009e73",
    Policy.MOBILITE: "#e69f00",
    Policy.NUMERIQUE: "#0072b2",
    Policy.INCLUSION: "#785ef0",
    Policy.EDUCATION: "#56b4e9",
    Policy.ENERGIE: "#f0e442",
    Policy.AIR: "#999999",
    Policy.ECONOMIE_CIRCULAIRE: "#44aa99",
}
#: More classes than this are not told apart on a map.
_MOST_CLASSES = 14


def role_style(role: Role, frame: gpd.GeoDataFrame, kind: Kind) -> str:
    """Return the style of `frame`, drawn as `kind`: by its codes, else by its main quantity, else all alike.

    The column taken is the first, required ones before others, whose codes the role lists; then the first that holds
    few texts, each several times; then the first quantity that the role requires.
    """
    columns = _by_weight(role, frame)
    for classes_of in (_listed, _repeated):
        for column in columns:
            if classes := classes_of(column, frame):
                return class_style(classes, kind, column=column.name, others=True)
    for column in columns:
        if column.required and column.kind in ("number", "integer", "share"):
            unit = "part" if column.kind == "share" else column.unit or "nombre"
            return graduated_style(frame, Output(column.name, column.text, unit), kind)
    return single_style(role.text, _POLICY_COLOURS[role.policy], kind)


def _by_weight(role: Role, frame: gpd.GeoDataFrame) -> list[Column]:
    there = [column for column in role.columns if column.name in frame and frame[column.name].notna().any()]
    return sorted(there, key=lambda column: not column.required)


def _listed(column: Column, frame: gpd.GeoDataFrame) -> dict[str, tuple[Text, str]]:
    """Return the codes of the role's list that the column holds, in its order: a code always has the same colour."""
    found = {str(value) for value in frame[column.name].dropna().unique()}
    ranks = {code: rank for rank, code in enumerate(column.values)}
    return {code: (_meaning(column, code), _colour(rank)) for code, rank in ranks.items() if code in found}


def _repeated(column: Column, frame: gpd.GeoDataFrame) -> dict[str, tuple[Text, str]]:
    """Return the values of a required column of texts that has few of them, each several times on average."""
    if not column.required or column.kind not in ("text", "code_cnig"):
        return {}
    known = frame[column.name].dropna().astype(str)
    found = sorted(known.unique())
    if not 1 < len(found) <= min(_MOST_CLASSES, len(known) / 2):
        return {}
    return {value: (Text(value, value), _colour(rank)) for rank, value in enumerate(found)}


def _colour(rank: int) -> str:
    return CLASS_COLOURS[rank % len(CLASS_COLOURS)]


def _meaning(column: Column, code: str) -> Text:
    text = column.values.get(code)
    return Text(f"{code} – {text.fr}", f"{code} – {text.en}") if text else Text(code, code)
