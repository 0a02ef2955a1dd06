"""Territories drawn at random, the same for each seed: every layer that both a rule and an indicator read."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import LineString, Point, box

from territoire_sig.coherence.ground import Ground

CRS = "EPSG:2154"
SIDE = 1000.0
ORIGIN = np.array([700_000.0, 6_600_000.0])


def frame(shapes, **columns):
    moved = shapely.transform(np.asarray(shapes, dtype=object), lambda xy: xy + ORIGIN)
    return gpd.GeoDataFrame(columns, geometry=moved, crs=CRS)


def units():
    """Three communes on a row, the second with a slanted border; nothing is drawn in the last but people."""
    shapes = [
        shapely.Polygon([(0, 0), (900, 0), (1100, SIDE), (0, SIDE)]),
        shapely.Polygon([(900, 0), (2000, 0), (2000, SIDE), (1100, SIDE)]),
        box(4000, 0, 4500, SIDE),
    ]
    found = frame(shapes, nom_unite=["Le Bourg", "Échelles", "Vide"])
    found.index = pd.Index(["99001", "99002", "99003"], name="code_unite")
    return found


class Pencil:
    """Draws shapes that overlap one another, cross borders and stick out of the territory."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def blobs(self, count, radius=350.0):
        centres = self.random.uniform([-200, -200], [2200, SIDE + 200], (count, 2))
        turns = np.sort(self.random.uniform(0, 2 * np.pi, (count, 9)), axis=1)
        reach = radius * self.random.uniform(0.4, 1, (count, 9))
        rings = centres[:, None] + np.stack([reach * np.cos(turns), reach * np.sin(turns)], axis=2)
        return [shapely.make_valid(shapely.Polygon(ring), method="structure") for ring in rings]

    def points(self, count):
        return [Point(xy) for xy in self.random.uniform([-200, -200], [2200, SIDE + 200], (count, 2))]

    def lines(self, count):
        """Broken lines, of which the last follows the first, and goes back on its way."""
        drawn = [LineString(self.random.uniform([-200, -200], [2200, SIDE + 200], (4, 2))) for _ in range(count)]
        there = list(drawn[0].coords)
        return [*drawn, LineString([*there, *there[-2::-1]])]

    def among(self, words, count):
        return [words[rank] for rank in self.random.integers(0, len(words), count)]

    def people(self, secret):
        """Squares of 100 m, some empty, some `secret`; the last unit has people, and no layer meets it."""
        corners = [(x, y) for x in range(0, 2000, 100) for y in range(0, 1000, 100)]
        kept = [corner for corner in corners if self.random.random() > 0.3]
        count = self.random.integers(0, 40, len(kept)).astype(float)
        count[self.random.random(len(kept)) < secret] = np.nan
        shapes = [box(x, y, x + 100, y + 100) for x, y in kept]
        return frame([*shapes, box(4000, 0, 4500, SIDE)], habitants=[*count, 500.0])


def layers(seed):
    """Return the layers of a seed; every other territory keeps some numbers of inhabitants secret."""
    pencil = Pencil(seed)
    levels = ["nul", "faible", "moyen", "fort", "tres_fort", "indetermine"]
    rates = [box(-500, -500, 700, 1500), box(700, -500, 1300, 1500), box(1300, -500, 5000, 1500)]
    sites = pencil.points(12)
    return {
        "alea": frame(pencil.blobs(9), niveau=pencil.among(levels, 9), typealea=["11"] * 9),
        "perimetre_risque": frame([box(-500, -500, 5000, 1500)]),
        "couverture_mobile": frame(pencil.blobs(6)),
        "population": pencil.people(0.08 if seed % 2 else 0.0),
        "arret": frame(
            pencil.points(25), stop_id=list(map(str, range(25))), location_type=pencil.among([0, 0, 1, 2, None], 25)
        ),
        "ligne": frame(pencil.lines(4), route_id=list("abcde")),
        "voirie": frame(pencil.lines(5)),
        "cyclable": frame(pencil.lines(3), etat=["existant", "projet", "inconnu", "projet"]),
        "prescription_surf": frame(
            pencil.blobs(10), typepsc=["27", "47"] * 5, stypepsc=["00", "05", "00", "05", "00", "04", *["00", "05"] * 2]
        ),
        "couverture_fixe": frame(rates, taux_fibre=pencil.among([0.3, 0.5, 0.7, 0.8, 0.9], 3)),
        "zonage": frame([*pencil.blobs(6, 250), box(4000, 0, 4500, SIDE)], typezone=["AUc"] * 6 + ["N"]),
        "site_mobile": frame(
            [*sites, *sites[:3]],
            operateur=["SFR"] * 12 + ["Orange"] * 3,
            id_site=[*map(str, range(12)), "0", "x", None],
        ),
        "noeud_optique": frame(
            pencil.points(12),
            code=list("abcdefghijkl"),
            niveau=pencil.among(["NRO", "SRO", "PBO"], 12),
            etat=pencil.among(["en service", "abandonné", None], 12),
        ),
        "cable": frame(pencil.lines(4), etat=["en service", "abandonné", None, "projet", "en service"]),
        "corridor": frame(pencil.blobs(4), type_continuite=["reservoir"] * 4),
        "espace_protege": frame(pencil.blobs(3), type_protection=["RNN"] * 3),
        "etablissement_scolaire": frame(pencil.points(12)),
        "mediation": frame(pencil.points(2)),
        "fragilite": frame(rates, indice=[7.0, *pencil.among([3.0, 6.0, 9.0], 2)]),
    }


def ground(seed):
    found = layers(seed)
    return Ground(units(), found, found["population"])
