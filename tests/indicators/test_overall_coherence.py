"""Overall coherence, on numbers one can put together by head."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from territoire_sig.errors import InvalidValueError, ParameterError
from territoire_sig.indicators import declared
from territoire_sig.indicators.criteria_comparison import ANALYSIS as COMPARISON
from territoire_sig.indicators.overall_coherence import ANALYSIS
from territoire_sig.model.declaration import Indicators, Output
from territoire_sig.model.families import Family
from territoire_sig.texts import Text

NAN = np.nan
FAMILIES = {"fibre_share": Family.SOCIAL, "delay_min": Family.SOCIAL, "shade_share": Family.ENVIRONNEMENT}


def output(name, unit="part", better=1):
    return Output(name, Text(name, f"{name} (en)"), unit, better)


def indicators(units, **columns):
    """Return what the units B, A and Z (in that order) have of each indicator."""
    outputs = {
        "fibre_share": output("fibre_share"),
        "delay_min": output("delay_min", "min", better=-1),
        "shade_share": output("shade_share"),
        "site_count": output("site_count", "nombre"),
        "neutral_share": output("neutral_share", better=0),
    }
    told = {"fibre_share": [1.0, 0.0, 0.5], "delay_min": [10.0, 20.0, 30.0], "shade_share": [0.2, 0.4, NAN]} | columns
    values = pd.DataFrame(told, index=units.index, dtype=float)
    kept = {name: outputs[name] for name in told}
    return Indicators(values, values.notna().astype(float), kept, {n: FAMILIES.get(n, Family.NUMERIQUE) for n in kept})


def measured(units, read=None, layers=None, **parameters):
    given = {"poids": "egaux"} | parameters
    return ANALYSIS(units, layers=layers or {}, read={"indicators": read or indicators(units)}, **given)


def test_by_hand_with_equal_weights(units):
    """B: z = 1, 1, 0; A: 0, 1/2, 1; Z: 1/2, 0, unknown."""
    found = measured(units)
    told = found.values
    assert told["composite_index"].tolist() == pytest.approx([2 / 3, 1 / 2, 1 / 4])
    assert told["composite_rank"].tolist() == [1, 2, 3]
    assert told["composite_known_weight"].tolist() == pytest.approx([1, 1, 2 / 3])
    assert found.known_share["composite_index"].tolist() == pytest.approx([1, 1, 2 / 3])
    # OWA of A: 1 × (1/3)² + 1/2 × ((2/3)² − (1/3)²) + 0; of Z: 1/2 × (1/2)².
    assert told["composite_owa"].tolist() == pytest.approx([(2 / 3) ** 2, 1 / 9 + 1 / 6, 1 / 8])
    near = [np.sqrt(2) / (np.sqrt(2) + 1), np.sqrt(5) / (2 * np.sqrt(5)), 1 / (1 + np.sqrt(5))]
    assert told["composite_topsis"].tolist() == pytest.approx(near)
    assert found.overall["composite_criteria_count"].value == 3


def test_a_unit_that_knows_too_little_is_not_ranked(units):
    found = measured(units, part_connue_min=0.7)
    assert found.values["composite_rank"].tolist() == pytest.approx([1, 2, NAN], nan_ok=True)
    assert found.known_share["composite_rank"].tolist() == [1, 1, 0]
    assert found.values["composite_known_weight"].tolist() == pytest.approx([1, 1, 2 / 3])
    assert found.overall["composite_rank_shift"].known_share == pytest.approx(2 / 3)


def test_counts_and_neutral_indicators_are_no_criteria(units):
    read = indicators(units, site_count=[9.0, 1.0, 5.0], neutral_share=[0.1, 0.2, 0.3])
    criteria = measured(units, read).tables["criteres"]
    assert criteria["critere"].tolist() == ["fibre_share", "delay_min", "shade_share"]


def test_what_tells_nobody_apart_is_set_aside_with_its_weight(units):
    found = measured(units, indicators(units, shade_share=[0.4, 0.4, NAN]))
    criteria = found.tables["criteres"].set_index("critere")
    assert criteria["poids"].tolist() == pytest.approx([0.5, 0.5, 0.0])
    assert criteria.loc["shade_share", "etat"].startswith("écarté")
    assert found.values["composite_known_weight"].tolist() == pytest.approx([1, 1, 1])


def test_an_indicator_known_nowhere_keeps_its_weight_unknown(units):
    found = measured(units, indicators(units, shade_share=[NAN, NAN, NAN]))
    assert found.values["composite_known_weight"].tolist() == pytest.approx([2 / 3] * 3)
    assert found.tables["criteres"]["etat"].tolist() == ["retenu", "retenu", "inconnu partout"]


def whole(units, source, **columns):
    """Return what another analysis, known everywhere, would hand to the composite."""
    values = pd.DataFrame(columns, index=units.index, dtype=float)
    outputs = {one.name: one for one in source.outputs if one.name in columns}
    assert set(outputs) == set(columns)
    return Indicators(values, values.notna().astype(float), outputs, dict.fromkeys(outputs, source.family))


def test_five_per_cent_for_everyone_is_not_above_ninety_five(units):
    """Everybody of B has 5 %: no inequality. A has 95 %, Z 50 %, unevenly."""
    inequality = {"fibre_gini": [0.0, 0.04, 0.3], "fibre_theil": [0.0, 0.01, 0.2], "fibre_palma": [0.25, 0.26, 0.9]}
    read = whole(units, declared()["fibre_inequality"], fibre_mean=[0.05, 0.95, 0.5], **inequality)
    assert measured(units, read).values["composite_rank"].tolist() == [3, 1, 2]


def test_a_value_of_a_sliver_is_unknown(units):
    read = indicators(units, shade_share=[0.2, 0.4, 0.9])
    read.known_share.loc["Z", "shade_share"] = 0.0005
    found = measured(units, read)
    assert found.values["composite_index"].tolist() == pytest.approx([2 / 3, 1 / 2, 1 / 4])  # as if it were not there
    assert found.values["composite_known_weight"].tolist() == pytest.approx([1, 1, 2 / 3])
    criteria = found.tables["criteres"].set_index("critere")
    assert criteria.loc["shade_share", ["maximum", "unites_connues"]].tolist() == [0.4, 2]


def test_the_known_weight_counts_each_criterion_as_much_as_it_is_known(units):
    read = indicators(units, shade_share=[0.2, 0.4, 0.9])
    read.known_share.loc["Z"] = [1.0, 0.8, 0.6]
    found = measured(units, read)
    assert found.values["composite_known_weight"].tolist() == pytest.approx([1, 1, 0.8])
    assert found.values["composite_index"].tolist() == pytest.approx([2 / 3, (0.5 + 2 / 7) / 3, 0.5])


def test_shares_are_those_of_what_the_population_reaches(units):
    """People in squares over a tenth of each unit: a share of 0.1 is all that can be known of them."""
    squares = units.geometry.scale(0.5, 0.2)
    people = gpd.GeoDataFrame({"habitants": 9.0}, geometry=squares.to_numpy(), index=range(3), crs=units.crs)
    read = indicators(units)
    read.known_share.loc[:, "fibre_share"] = [0.1, 0.1, 0.04]
    found = measured(units, read, {"population": people})
    assert found.values["composite_known_weight"].tolist() == pytest.approx([1, 1, 1 / 3])
    assert measured(units, read).values["composite_known_weight"].tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3])


def test_what_tells_another_again_counts_once(units):
    cube, air = declared()["environment_cube"], declared()["air_exposure"]
    alone = whole(units, air, no2_exposure=[10.0, 20.0, 30.0])
    again = whole(units, cube, cube_no2=[10.0, 20.0, 30.0])
    both = Indicators(
        alone.values.join(again.values),
        alone.known_share.join(again.known_share),
        dict(alone.outputs) | dict(again.outputs),
        dict(alone.families) | dict(again.families),
    )
    criteria = measured(units, both).tables["criteres"].set_index("critere")
    assert criteria["poids"].to_dict() == {"no2_exposure": 1.0, "cube_no2": 0.0}
    assert criteria.loc["cube_no2", "etat"] == "écarté : redit no2_exposure"
    assert measured(units, again).tables["criteres"]["poids"].tolist() == [1.0]
    told = pd.DataFrame({"critere": ["cube_no2"], "poids": [1.0]})
    asked = measured(units, both, {"ponderation": told}, poids="utilisateur").tables["criteres"]
    assert asked.set_index("critere")["etat"].to_dict() == {"no2_exposure": "sans poids", "cube_no2": "retenu"}


def test_weights_by_family(units):
    criteria = measured(units, poids="familles").tables["criteres"].set_index("critere")
    assert criteria["poids"].to_dict() == {"fibre_share": 0.25, "delay_min": 0.25, "shade_share": 0.5}


def test_weights_of_the_user(units):
    told = pd.DataFrame({"critere": ["fibre_share", "shade_share"], "poids": [3.0, 1.0]})
    found = measured(units, layers={"ponderation": told}, poids="utilisateur")
    assert found.values["composite_index"].tolist() == pytest.approx([0.75, 0.25, 0.5])
    assert found.tables["criteres"]["etat"].tolist() == ["retenu", "sans poids", "retenu"]


def test_a_family_that_nothing_measures_leaves_its_weight_unknown(units):
    told = pd.DataFrame({"critere": ["social", "satisfaction"], "poids": [1.0, 1.0]})
    found = measured(units, layers={"ponderation": told}, poids="utilisateur")
    assert found.values["composite_known_weight"].tolist() == [0.5, 0.5, 0.5]
    assert found.values["composite_index"].tolist() == pytest.approx([1.0, 0.25, 0.25])


def test_weights_from_comparisons(units):
    told = pd.DataFrame({"critere_a": ["social"], "critere_b": ["environnement"], "importance": [4.0]})
    criteria = measured(units, layers={"comparaison": told}, poids="ahp").tables["criteres"]
    assert criteria["poids"].tolist() == pytest.approx([0.4, 0.4, 0.2])


@pytest.mark.parametrize(
    ("role", "rows", "poids", "said"),
    [
        ("ponderation", [("fibre", 1.0)], "utilisateur", "critères inconnus ici : fibre"),
        ("ponderation", [("social", 1.0), ("fibre_share", 1.0)], "utilisateur", "tous des familles, ou tous"),
        ("ponderation", [("social", 1.0), ("social", 2.0)], "utilisateur", "donnés deux fois.*social"),
        ("ponderation", [("social", 0.0)], "utilisateur", "somme des poids : 0"),
        ("comparaison", [("a", "b", 2.0), ("b", "c", 2.0)], "ahp", "manquantes : a / c"),
        ("comparaison", [("a", "b", 2.0), ("b", "a", 2.0)], "ahp", "deux fois.*b / a"),
        ("comparaison", [("a", "a", 2.0)], "ahp", "à lui-même.*a / a"),
    ],
)
def test_wrong_weights_are_told(units, role, rows, poids, said):
    columns = ["critere", "poids"] if role == "ponderation" else ["critere_a", "critere_b", "importance"]
    with pytest.raises(InvalidValueError, match=said):
        measured(units, layers={role: pd.DataFrame(rows, columns=columns)}, poids=poids)


def test_comparisons_that_contradict_each_other_are_refused(units):
    told = pd.DataFrame(
        [("social", "environnement", 9.0), ("environnement", "satisfaction", 9.0), ("social", "satisfaction", 1 / 9)],
        columns=["critere_a", "critere_b", "importance"],
    )
    with pytest.raises(InvalidValueError, match=r"rapport de cohérence \d+,\d+, et 0,100 au plus"):
        measured(units, layers={"comparaison": told}, poids="ahp")
    ratio = COMPARISON(units, layers={"comparaison": told}).overall["ahp_consistency_ratio"].value
    # A circle of three nines: λmax = 1 + 9·9^(1/3)… read from the closed form λ = 1 + a + 1/a, with a³ = 9·9·9.
    assert ratio == pytest.approx((1 + 9 + 1 / 9 - 3) / 2 / 0.58)


def test_the_table_that_the_weights_call_for_must_be_there(units):
    for poids, role in (("utilisateur", "ponderation"), ("ahp", "comparaison")):
        with pytest.raises(ParameterError, match=f"la couche «{role}» manque"):
            measured(units, poids=poids)


def test_the_driver_is_what_moves_the_rank_most(units):
    """Without shade, B (1) and A (1/4) keep ranks 1 and… Z (1/4) ties with A; without delay, A comes first by shade."""
    found = measured(units).tables["moteurs"].set_index("code_unite")
    assert found["rang"].to_dict() == {"B": 1.0, "A": 2.0, "Z": 3.0}
    assert found.loc["A", "critere"] == "fibre_share"
    assert found.loc["A", "rang_sans"] == 1.0


def test_ranks_that_no_weight_changes_do_not_spread(units):
    read = indicators(units, fibre_share=[1.0, 0.5, 0.0], delay_min=[1.0, 2.0, 3.0], shade_share=[0.9, 0.5, 0.1])
    found = measured(units, read)
    assert found.values["composite_rank_low"].tolist() == found.values["composite_rank_high"].tolist() == [1, 2, 3]
    assert found.values["composite_first_quarter_share"].tolist() == [1, 0, 0]
    assert found.values["composite_last_quarter_share"].tolist() == [0, 0, 0]
    assert found.overall["composite_rank_shift"].value == 0


def test_the_seed_gives_the_draws(units):
    one, same, other = (measured(units, tirages=50, graine=seed) for seed in (1, 1, 2))
    assert one.values.equals(same.values)
    assert not one.values.equals(other.values)


def test_no_indicator_at_all(units):
    found = measured(units, replace(indicators(units), values=indicators(units).values[[]], outputs={}, families={}))
    assert found.values.isna().all(axis=None)
    assert np.isnan(found.overall["composite_rank_shift"].value)
