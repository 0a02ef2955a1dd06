"""The shape of ``territoire.toml``: keys in French, checked as a whole."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ..model.territory import UnitLevel

__all__ = ["EpciTable", "LayerTable", "RulesTable", "TerritoryFile", "TerritoryTable", "UnitsTable"]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TerritoryTable(_Table):
    """``[territoire]``: name, CRS, vintage, and a notice shown on every output (fictional data…)."""

    nom: str
    crs: str | None = None
    millesime: str | None = None
    avertissement: str | None = None


class EpciTable(_Table):
    """``epci = { siren = "…", membres = "banatic.csv" }``: keep the communes of one EPCI."""

    siren: str
    membres: str


class _SourceTable(_Table):
    fichier: str
    couche: str | None = None
    format: str | None = None
    crs: str | None = None
    encodage: str | None = None
    millesime: str | None = None
    source: str | None = None
    licence: str | None = None
    options: dict[str, Any] = Field(default_factory=dict)


class UnitsTable(_SourceTable):
    """``[unites]``: the polygons for which answers are given."""

    code: str
    nom: str | None = None
    niveau: UnitLevel = "commune"
    habitants: str | None = None
    codes: list[str] | None = None
    epci: EpciTable | None = None


class LayerTable(_SourceTable):
    """One ``[[couches]]``: a file and the role that it plays (or all the roles of its format).

    A layer named by its role and found empty is a fault, unless ``vide = true`` says that it is known to be.
    """

    role: str | None = None
    vide: bool = False
    colonnes: dict[str, str] = Field(default_factory=dict)


class RulesTable(_Table):
    """``[regles]``: the user's own rulebooks, and whether the standard one is left out."""

    fichiers: list[str] = Field(default_factory=list)
    sans_regles_standard: bool = False


class TerritoryFile(_Table):
    """A whole ``territoire.toml``."""

    territoire: TerritoryTable
    unites: UnitsTable
    couches: list[LayerTable] = Field(default_factory=list)
    regles: RulesTable = RulesTable()
    parametres: dict[str, Any] = Field(default_factory=dict)
