"""What the elected members said of the criteria: weights, and comparisons two by two."""

from __future__ import annotations

from pathlib import Path

from .ecriture import write_csv

#: (family, weight)
WEIGHTS = [("social", 4), ("environnement", 3), ("satisfaction", 2), ("numerique", 1)]
#: (family, family, how many times the first matters more)
COMPARISONS = [
    ("social", "environnement", 1),
    ("social", "satisfaction", 2),
    ("social", "numerique", 4),
    ("environnement", "satisfaction", 2),
    ("environnement", "numerique", 3),
    ("numerique", "satisfaction", 0.5),
]


def write(folder: Path) -> None:
    """Write the tables of the conduct of the plan."""
    place = folder / "plan_numerique"
    write_csv(place / "poids.csv", ["critere", "poids"], WEIGHTS)
    rows = [[one, other, f"{value:g}".replace(".", ",")] for one, other, value in COMPARISONS]
    write_csv(place / "comparaisons.csv", ["critere_a", "critere_b", "importance"], rows)
