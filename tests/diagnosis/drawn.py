"""A territory of two square communes written to a folder: the smallest real thing a diagnosis can read."""

from pathlib import Path

import geopandas as gpd
from shapely.geometry import Point, box

CRS = "EPSG:2154"
X, Y = 900_000, 6_450_000

TOML = """
[territoire]
nom = "Deux Carrés"
millesime = "2025"

[unites]
fichier = "communes.gpkg"
code = "insee"
nom = "nom"
niveau = "commune"

[[couches]]
role = "zonage"
fichier = "zonage.gpkg"
millesime = "2024"
source = "dessin"
licence = "Licence Ouverte 2.0"

[[couches]]
role = "couverture_fixe"
fichier = "fibre.csv"

[[couches]]
role = "population"
fichier = "population.gpkg"

[[couches]]
role = "site_mobile"
fichier = "sites.gpkg"

[[couches]]
role = "arret"
fichier = "arrets.gpkg"

[parametres]
rayon_couverture_mobile_m = 300
"""


def square(x0, y0, x1, y1):
    return box(X + x0, Y + y0, X + x1, Y + y1)


def write_layer(path, shapes, **columns):
    gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(path, driver="GPKG")


def write_territory(folder: Path, *, toml: str = TOML, **replaced: str) -> Path:
    """Write the territory; `replaced` changes words of its TOML file. Returns the path of the TOML file."""
    folder.mkdir(parents=True, exist_ok=True)
    west, east = square(0, 0, 1000, 1000), square(1000, 0, 2000, 1000)
    write_layer(folder / "communes.gpkg", [west, east], insee=["01001", "01002"], nom=["Ouest", "L'Île-d'Est"])
    write_layer(
        folder / "zonage.gpkg",
        [square(0, 0, 1000, 600), square(0, 600, 400, 1000), square(1000, 0, 2000, 1000)],
        typezone=["U", "AUc", "N"],
        libelle=["Ua", "1AU", "N"],
    )
    (folder / "fibre.csv").write_text(
        "code_insee;locaux;locaux_raccordables;taux_fibre\n01001;100;40;0,4\n01002;50;50;1\n"
    )
    write_layer(folder / "population.gpkg", [west, east], habitants=[1000.0, 200.0])
    write_layer(folder / "sites.gpkg", [Point(X + 500, Y + 500)], operateur=["Orange"])
    write_layer(
        folder / "arrets.gpkg",
        [Point(X + 550, Y + 500), Point(X + 1900, Y + 900)],
        stop_id=["a", "b"],
        stop_name=["A", "B"],
    )
    for old, new in replaced.items():
        toml = toml.replace(old, new)
    path = folder / "territoire.toml"
    path.write_text(toml, encoding="utf-8")
    return path
