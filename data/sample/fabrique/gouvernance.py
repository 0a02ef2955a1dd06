"""What was said of the plan: objectives rated by three departments, weights and comparisons of criteria."""

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
#: (clause, policy)
OBJECTIVES = [
    ("PADD 2 : densifier les bourgs", "urbanisme"),
    ("PCAET 4 : sobriété du numérique", "energie"),
    ("PDM 3 : report vers les transports", "mobilite"),
    ("PLH 1 : loger près des services", "inclusion"),
    ("SDTAN 1 : fibre pour tous", "numerique"),
    ("TVB 2 : corridors sans ouvrage", "biodiversite"),
]
#: Rater → a line for each objective that acts, a mark for each acted upon; «x» on the diagonal, blank where not rated.
RATINGS = {
    "Urbanisme": ["x 1 2 3 2 1", "0 x 1 0 -1 1", "2 2 x 1 0 1", "2 0 2 x 1 -1", "1 -1 1 2 x -1", "-2 1 0 -1 -2 x"],
    "Numérique": ["x 0 1 2 2 0", "-1 x 0 0 -2 1", "1 1 x 1 1 0", "1 0 1 x 2 0", "2 1 2 2 x 0", "-1 1 0 0 -1 x"],
    "Environnement": ["x 1 2 2 0 2", "1 x 2 0 -1 2", "2 3 x 1 0 2", "1 1 2 x 0 -2", "0 -2 0 1 x -3", "1 2 1  -3 x"],
}


def write(folder: Path) -> None:
    """Write the tables of the conduct of the plan."""
    place = folder / "plan_numerique"
    names = [name for name, _ in OBJECTIVES]
    rows = [
        [name, policy, rater, *line.split(" ")]
        for rater, lines in RATINGS.items()
        for (name, policy), line in zip(OBJECTIVES, lines, strict=True)
    ]
    write_csv(place / "objectifs_notes.csv", ["objectif", "politique", "evaluateur", *names], rows)
    write_csv(place / "poids.csv", ["critere", "poids"], WEIGHTS)
    rows = [[one, other, f"{value:g}".replace(".", ",")] for one, other, value in COMPARISONS]
    write_csv(place / "comparaisons.csv", ["critere_a", "critere_b", "importance"], rows)
