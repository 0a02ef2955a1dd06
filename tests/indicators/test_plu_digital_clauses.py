"""Digital clauses of the local plan, on shapes one can draw."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import box

from overlay.drawing import layer
from territoire_sig.indicators.plu_digital_clauses import ANALYSIS
from territoire_sig.io.columns import Findings, converted
from territoire_sig.model.roles import ROLES


def measure(units, prescriptions, fibre, mobile=None, zonage=None):
    layers = {"prescription_surf": prescriptions, "couverture_fixe": fibre}
    return ANALYSIS(units, layers=layers | {"couverture_mobile": mobile, "zonage": zonage})


@pytest.fixture
def sectors():
    """In A: 27 on x 0-200 and 100-400 (they overlap), 47-05 on x 300-500, 47-01 and 05 elsewhere."""
    shapes = [box(0, 0, 200, 1000), box(100, 0, 400, 1000), box(300, 0, 500, 1000), box(600, 0, 700, 1000)]
    return layer(*shapes, typepsc=["27", "27", "47", "47"], stypepsc=["00", "00", "05", "01"])


@pytest.fixture
def fibre():
    """Ready west of x = 320, not ready east of it."""
    return layer(box(0, 0, 320, 1000), box(320, 0, 2000, 1000), taux_fibre=[0.95, 0.2])


def test_shares_by_hand(units, sectors, fibre):
    mobile = layer(box(0, 0, 100, 1000), box(50, 0, 350, 1000))
    found = measure(units, sectors, fibre, mobile).values.loc["A"]
    assert found["quality_clause_ha"] == pytest.approx(40)
    assert found["quality_clause_fibre_share"] == pytest.approx(0.8)
    assert found["quality_clause_mobile_share"] == pytest.approx(0.875)
    assert found["service_clause_ha"] == pytest.approx(20)
    assert found["service_clause_fibre_share"] == pytest.approx(0.1)
    assert found["service_clause_mobile_share"] == pytest.approx(0.25)


def test_without_mobile_coverage_its_share_is_unknown(units, sectors, fibre):
    found = measure(units, sectors, fibre)
    assert found.values["quality_clause_mobile_share"].isna().all()
    assert (found.known_share["quality_clause_mobile_share"] == 0).all()


def test_without_sub_types_the_service_clause_is_unknown(units, sectors, fibre):
    found = measure(units, sectors.drop(columns="stypepsc"), fibre).values.loc["A"]
    assert found["quality_clause_ha"] == pytest.approx(40)
    assert found.filter(like="service").isna().all()


def test_codes_that_lost_their_zero_get_it_back_at_the_door(units, sectors, fibre):
    lost = sectors.assign(typepsc=["27", "27.0", " 47", "47"], stypepsc=["0", "0", "5", "1"])
    read = converted(lost, ROLES["prescription_surf"], Findings("plu.gpkg", "prescription_surf"))
    found = measure(units, read, fibre)
    assert found.values.loc["A", ["quality_clause_ha", "service_clause_ha"]].tolist() == pytest.approx([40, 20])


def test_the_zoning_tells_where_there_is_a_plan_without_clause(units, sectors, fibre):
    alone = measure(units, sectors, fibre)
    assert alone.values.loc["B"].isna().all()
    assert alone.known_share.loc["A", "quality_clause_ha"] == pytest.approx(0.6)
    plan = layer(box(0, 0, 2000, 1000), typezone=["U"])
    found = measure(units, sectors, fibre, zonage=plan)
    assert found.values.loc["B", "quality_clause_ha"] == 0
    assert found.known_share.loc[["A", "B", "Z"], "quality_clause_ha"].tolist() == pytest.approx([1, 1, 0])
    assert np.isnan(found.values.loc["B", "quality_clause_fibre_share"])


def test_where_fibre_is_unknown_the_known_share_says_so(units, sectors, fibre):
    found = measure(units, sectors, fibre.iloc[:1])
    assert found.values.loc["A", "service_clause_fibre_share"] == pytest.approx(1)
    assert found.known_share.loc["A", "service_clause_fibre_share"] == pytest.approx(0.1)
    drawn = found.map[found.map["clause"] == "service_clause"].set_index("classe")
    assert drawn.area.round(6).to_dict() == {"pret": 20_000, "inconnu": 180_000}
