"""Faults found in layers: each with its file, layer, column, value and mend."""

from __future__ import annotations

from dataclasses import dataclass

from ..texts import Text

__all__ = ["Fault", "Remark"]


@dataclass(frozen=True)
class Fault:
    """Something that stops the diagnosis until the user mends it."""

    file: str
    layer: str | None
    column: str | None
    value: str | None
    problem: Text
    mend: Text

    def __str__(self) -> str:
        where = [self.file]
        if self.layer:
            where.append(str(Text(f"couche «{self.layer}»", f"layer «{self.layer}»")))
        if self.column:
            where.append(str(Text(f"colonne «{self.column}»", f"column «{self.column}»")))
        if self.value is not None:
            where.append(str(Text(f"valeur «{self.value}»", f"value «{self.value}»")))
        return f"{', '.join(where)} : {self.problem} → {self.mend}"


@dataclass(frozen=True)
class Remark:
    """Something that a reader did or noticed and that the record must tell: a repair, a doubt, a count."""

    text: Text
    count: int | None = None

    def __str__(self) -> str:
        return str(self.text)
