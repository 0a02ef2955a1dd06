"""The answers of a diagnosis, with what shows and saves them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..model.results import Results
from ..report.notebook import diagnosis_html
from .save import save_diagnosis

__all__ = ["Diagnosis"]


@dataclass(frozen=True, eq=False)
class Diagnosis(Results):
    """The coherence diagnosis of a territory: see :class:`~territoire_sig.model.results.Results` for its tables."""

    def save(self, folder: str | Path) -> Path:
        """Write the tables, ``diagnostic.gpkg``, ``rapport.html`` and ``execution.json`` into `folder`.

        Files appear whole, by rename: a run that is stopped leaves nothing half-written.

        Returns
        -------
        Path
            The folder.
        """
        return save_diagnosis(self, Path(folder))

    def _repr_html_(self) -> str:
        return diagnosis_html(self)
