import pytest

pytestmark = pytest.mark.real


def rules_found(diagnosis):
    return set(diagnosis.findings["regle"])


@pytest.mark.slow
def test_grenoble_is_answered_where_its_layers_allow(grenoble_diagnosis):
    assert {"site_mobile_en_alea_fort", "arret_hors_couverture", "mediation_pres_des_transports"} <= rules_found(
        grenoble_diagnosis
    )
    missing = set(grenoble_diagnosis.unanswered["id"])
    assert "noeud_optique_en_alea" in missing and "arret_hors_couverture" not in missing
    assert len(missing & rules_found(grenoble_diagnosis)) == 0


@pytest.mark.slow
def test_approximations_are_named_everywhere(grenoble_diagnosis, tmp_path):
    uncovered = grenoble_diagnosis.findings.query("regle == 'arret_hors_couverture'")
    assert uncovered["explication"].str.contains("portée mobile supposée de 1\u202f500 m", regex=False).all()
    folder = grenoble_diagnosis.save(tmp_path / "s")
    for name in ("rapport.html", "execution.json", "constats.csv"):
        assert "portée mobile supposée" in (folder / name).read_text(encoding="utf-8"), name


def test_est_ensemble_finds_the_three_poorly_fibred_communes(est_ensemble_diagnosis):
    found = est_ensemble_diagnosis.findings.query("regle == 'zone_urbaine_fibre_faible'")
    rates = est_ensemble_diagnosis.territory.layers["couverture_fixe"].frame.set_index("code_insee")["taux_fibre"]
    below = rates.reindex(est_ensemble_diagnosis.units.index)
    assert set(found["code_unite"]) == set(below[below <= 0.5].index)
    assert found["surface_m2"].sum() > 0


@pytest.mark.slow
def test_no_share_leaves_its_bounds(grenoble_diagnosis, est_ensemble_diagnosis):
    for diagnosis in (grenoble_diagnosis, est_ensemble_diagnosis):
        table = diagnosis.indicators
        shares = table[table["unite_mesure"] == "part"]["valeur"].dropna()
        assert shares.between(0, 1).all()
        assert table["part_connue"].dropna().between(0, 1).all()


def test_the_coherence_index_ranks_the_units_that_know_enough(grenoble_diagnosis, est_ensemble_diagnosis):
    for diagnosis in (grenoble_diagnosis, est_ensemble_diagnosis):
        units, criteria = diagnosis.units, diagnosis.tables["overall_coherence"]["criteres"]
        ranked = units[units["composite_known_weight"] >= 0.5]
        assert criteria["poids"].sum() == pytest.approx(1.0) and (criteria["poids"] > 0).sum() >= 4
        assert units["composite_rank"].notna().tolist() == units.index.isin(ranked.index).tolist()
        order = ranked["composite_index"].rank(ascending=False, method="min")
        assert ranked["composite_rank"].tolist() == order.tolist()
        assert (ranked["composite_rank_low"] <= ranked["composite_rank_high"]).all()
