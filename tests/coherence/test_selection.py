import numpy as np
import pandas as pd
import pytest

from coherence.drawing import layer, point, square
from territoire_sig.coherence.rule import Filter, Selection
from territoire_sig.coherence.selection import select
from territoire_sig.model.roles import ROLES


def chosen(role, frame, *filters):
    found = select(frame, Selection(role=role, filtre=[Filter(**one) for one in filters]))
    return found.kept.index.tolist(), found.unknown.index.tolist(), found.silent


@pytest.mark.parametrize(
    ("bounds", "kept"),
    [
        ({"minimum": 0.5}, [1, 2]),
        ({"plus_de": 0.5}, [2]),
        ({"maximum": 0.5}, [0, 1]),
        ({"moins_de": 0.5}, [0]),
        ({"plus_de": 0.2, "moins_de": 0.8}, [1]),
        ({"minimum": 0.2, "maximum": 0.8}, [0, 1, 2]),
    ],
)
def test_bounds_are_included_or_not(bounds, kept):
    rates = layer([square(0, 0, 1, 1)] * 4, taux_fibre=[0.2, 0.5, 0.8, np.nan])
    assert chosen("couverture_fixe", rates, {"colonne": "taux_fibre", **bounds}) == (kept, [3], None)


def test_all_but_some_values_keeps_what_is_unknown():
    cables = layer([point(0, 0)] * 3, etat=["Abandonné", "projet", None])
    assert chosen("cable", cables, {"colonne": "etat", "sauf": ["abandonné"]}) == ([1, 2], [], None)
    assert chosen("cable", cables.drop(columns="etat"), {"colonne": "etat", "sauf": ["abandonné"]})[0] == [0, 1, 2]


@pytest.mark.parametrize("kinds", [[0, 1, 2], [0.0, 1.0, np.nan], ["0", "1", None], pd.array([0, 1, None], "Int64")])
def test_whole_numbers_are_the_same_however_a_file_writes_them(kinds):
    stops = layer([point(0, 0)] * 3, location_type=kinds)
    assert chosen("arret", stops, {"colonne": "location_type", "sauf": [1, 2, 3, 4]})[0][0] == 0
    assert chosen("arret", stops, {"colonne": "location_type", "valeurs": [1]})[0] == [1]


def test_a_code_that_says_unknown_is_unknown_unless_it_is_asked_for():
    hazard = layer([square(0, 0, 1, 1)] * 3, niveau=["fort", "indetermine", "nul"])
    assert ROLES["alea"].column("niveau").unknown == ("indetermine",)
    assert chosen("alea", hazard, {"colonne": "niveau", "valeurs": ["fort"]}) == ([0], [1], None)
    assert chosen("alea", hazard, {"colonne": "niveau", "valeurs": ["indetermine"]}) == ([1], [], None)
    assert chosen("alea", hazard, {"colonne": "niveau", "sauf": ["fort"]}) == ([1, 2], [], None)


def test_what_a_known_value_puts_aside_is_not_unknown():
    sectors = layer([square(0, 0, 1, 1)] * 3, typepsc=["27", "47", "47"], stypepsc=[None, "05", None])
    clause = ({"colonne": "typepsc", "valeurs": ["47"]}, {"colonne": "stypepsc", "valeurs": ["05"]})
    assert chosen("prescription_surf", sectors, *clause) == ([1], [2], None)
    assert chosen("prescription_surf", sectors.iloc[[0, 2]], *clause) == ([], [2], "stypepsc")
    assert chosen("prescription_surf", sectors.iloc[[0]], *clause) == ([], [], None)
    assert chosen("prescription_surf", sectors.drop(columns="stypepsc"), *clause)[2] == "stypepsc"


def test_an_empty_layer_is_not_silent():
    nothing = layer([square(0, 0, 1, 1)], taux_fibre=[0.1]).iloc[:0]
    assert chosen("couverture_fixe", nothing, {"colonne": "taux_fibre", "minimum": 0}) == ([], [], None)
