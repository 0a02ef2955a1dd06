"""A territory one can draw: two square communes of 1 km, side by side, and what stands on them."""

import geopandas as gpd
from shapely.geometry import LineString, Point, box

from territoire_sig.coherence.ground import Ground
from territoire_sig.coherence.rulebook import parse_rules

CRS = "EPSG:2154"
X, Y = 900_000, 6_450_000


def at(x, y):
    return (X + x, Y + y)


def square(x0, y0, x1, y1):
    return box(*at(x0, y0), *at(x1, y1))


def layer(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def point(x, y):
    return Point(*at(x, y))


def line(*places):
    return LineString([at(x, y) for x, y in places])


def units():
    frame = layer([square(0, 0, 1000, 1000), square(1000, 0, 2000, 1000)], nom_unite=["Ouest", "Est"])
    frame.index = ["99001", "99002"]
    frame.index.name = "code_unite"
    return frame


def ground(**layers):
    population = layers.get("population")
    return Ground(units(), layers, population, layers.pop("premises", None), layers.pop("approximations", {}))


RULE = """
[[regle]]
id = "essai"
titre = {{ fr = "Essai", en = "Trial" }}
politiques = ["numerique", "risques"]
score = {score}
lieu = "{lieu}"
objet = {objet}
condition = [{condition}]
seuil = {seuil}
habitants = {habitants}
article = "L. 1"
services = ["Risques", "Numérique"]
acteurs = ["élus"]
explication = {{ fr = "$objet|$nombre|$surface|$longueur|$habitants|$unite", en = "$unite: $habitants" }}
{more}
"""


def rule(**values):
    given = {
        "score": -2,
        "lieu": "unite",
        "seuil": "{ nombre = 1 }",
        "habitants": '{ mode = "aucun" }',
        "more": "",
    } | values
    return parse_rules(RULE.format(**given), file="essai.toml")[0]
