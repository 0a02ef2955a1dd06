import numpy as np
import pytest

from coherence.drawing import ground, layer, line, point, rule, square
from territoire_sig.coherence.engine import FINDING_COLUMNS, judge
from territoire_sig.texts import Text, language

LOW = '[{ colonne = "taux_fibre", maximum = 0.5 }]'
POORLY_FIBRED = f'{{ relation = "dans", role = "couverture_fixe", filtre = {LOW} }}'


def test_points_in_a_surface_by_unit():
    sites = layer([point(100, 100), point(200, 100), point(900, 900), point(1500, 500)], operateur=["A", "A", "B", "C"])
    hazard = layer([square(0, 0, 1600, 600)], niveau=["fort"], typealea=["11"])
    found = judge(
        rule(objet='{ role = "site_mobile" }', condition='{ relation = "dans", role = "alea" }'),
        ground(site_mobile=sites, alea=hazard),
    ).findings
    assert found["code_unite"].tolist() == ["99001", "99002"]
    assert found["nombre"].tolist() == [2, 1]
    assert found["part"].tolist() == [2 / 3, 1.0]
    assert found["explication"].iloc[0] == "A|2|inconnu\u00a0m²|inconnu\u00a0m|un nombre inconnu d'habitants|Ouest"
    assert list(found.columns) == [*FINDING_COLUMNS, "geometry"]


def test_points_in_a_surface_one_by_one():
    sites = layer([point(100, 100), point(200, 100), point(5000, 100)])
    hazard = layer([square(0, 0, 9000, 600)], niveau=["fort"], typealea=["11"])
    found = judge(
        rule(objet='{ role = "site_mobile" }', condition='{ relation = "dans", role = "alea" }', lieu="objet"),
        ground(site_mobile=sites, alea=hazard),
    ).findings
    assert found["nombre"].tolist() == [1, 1]
    assert found.geometry.tolist() == [point(100, 100), point(200, 100)]


def test_surface_outside_a_cover_with_its_people():
    hazard = layer([square(0, 0, 400, 1000)], niveau=["fort"], typealea=["11"])
    reach = layer([square(0, 0, 2000, 500), square(0, 300, 2000, 600)])
    people = layer([square(0, 0, 1000, 1000), square(1000, 0, 2000, 1000)], habitants=[1000.0, 500.0])
    found = judge(
        rule(
            objet='{ role = "alea" }',
            condition='{ relation = "hors", role = "couverture_mobile" }',
            seuil="{ surface_m2 = 1000, habitants = 1 }",
            habitants='{ mode = "emprise" }',
        ),
        ground(alea=hazard, couverture_mobile=reach, population=people),
    ).findings
    assert found["surface_m2"].tolist() == pytest.approx([400 * 400])
    assert found["habitants"].tolist() == pytest.approx([160.0])
    assert found["part"].tolist() == pytest.approx([0.4])
    assert np.isnan(found["longueur_m"].iloc[0])


def test_line_length_is_cut_at_the_border_of_units():
    cable = layer([line((500, 500), (1800, 500))], code=["C1"])
    wood = layer([square(800, 0, 1300, 1000)], type_continuite=["reservoir"])
    found = judge(
        rule(
            objet='{ role = "cable" }',
            condition='{ relation = "dans", role = "corridor" }',
            seuil="{ longueur_m = 250 }",
        ),
        ground(cable=cable, corridor=wood),
    ).findings
    assert found["code_unite"].tolist() == ["99002"]
    assert found["longueur_m"].tolist() == pytest.approx([300.0])


def test_line_along_the_border_of_two_units_is_counted_once():
    cable = layer([line((1000, 0), (1000, 600), (1400, 600))], code=["C1"])
    wood = layer([square(0, 0, 2000, 1000)], type_continuite=["reservoir"])
    found = judge(
        rule(
            objet='{ role = "cable" }',
            condition='{ relation = "dans", role = "corridor" }',
            seuil="{ longueur_m = 1 }",
        ),
        ground(cable=cable, corridor=wood),
    ).findings
    assert found["code_unite"].tolist() == ["99001", "99002"]
    assert found["longueur_m"].tolist() == pytest.approx([600.0, 400.0])


def test_distance_relations_and_an_empty_layer():
    places = layer([point(100, 100), point(900, 100)], nom=["près", "loin"])
    stops = layer([point(150, 100)], stop_id=["1"])
    near, far = (
        judge(
            rule(
                objet='{ role = "mediation" }',
                condition=f'{{ relation = "{relation}", role = "arret", distance_m = 300 }}',
                lieu="objet",
            ),
            ground(mediation=places, arret=stops),
        ).findings["objet"]
        for relation in ("a_moins_de", "a_plus_de")
    )
    assert (near.tolist(), far.tolist()) == (["près"], ["loin"])
    nothing = judge(
        rule(
            objet='{ role = "mediation" }',
            condition='{ relation = "a_plus_de", role = "arret", distance_m = 300 }',
            lieu="objet",
        ),
        ground(mediation=places, arret=stops.iloc[:0]),
    ).findings
    assert nothing["objet"].tolist() == ["près", "loin"]


def test_conditions_are_held_together():
    stops = layer([point(100, 100), point(100, 900), point(600, 100)], stop_id=["1", "2", "3"])
    hazard = layer([square(0, 0, 500, 1000)], niveau=["fort"], typealea=["11"])
    reach = layer([square(0, 500, 1000, 1000)])
    found = judge(
        rule(
            objet='{ role = "arret" }',
            condition='{ relation = "dans", role = "alea" }, { relation = "hors", role = "couverture_mobile" }',
        ),
        ground(arret=stops, alea=hazard, couverture_mobile=reach),
    ).findings
    assert found["nombre"].tolist() == [1]


def test_overlapping_objects_are_counted_once():
    zones = layer([square(0, 0, 500, 500), square(250, 0, 750, 500)], typezone=["U", "U"])
    rates = layer([square(0, 0, 2000, 1000)], taux_fibre=[0.1])
    found = judge(
        rule(
            objet='{ role = "zonage" }',
            condition=POORLY_FIBRED,
            seuil="{ surface_m2 = 1 }",
        ),
        ground(zonage=zones, couverture_fixe=rates),
    ).findings
    assert found["surface_m2"].tolist() == pytest.approx([750 * 500])
    assert found["part"].tolist() == pytest.approx([1.0])


def test_unknown_value_is_neither_conflict_nor_silence():
    zones = layer([square(0, 0, 500, 500)], typezone=["U"])
    rates = layer([square(0, 0, 1000, 1000), square(1000, 0, 2000, 1000)], taux_fibre=[np.nan, 0.2])
    judged = judge(
        rule(
            objet='{ role = "zonage" }',
            condition=POORLY_FIBRED,
            seuil="{ surface_m2 = 1 }",
        ),
        ground(zonage=zones, couverture_fixe=rates),
    )
    assert judged.findings.empty
    assert [str(remark) for remark in judged.remarks] == [
        "essai : 1 objet(s) de «couverture_fixe» non jugé(s), une valeur filtrée y est inconnue"
    ]


def test_severity_rises_at_the_grave_threshold_and_stops_at_three():
    sites = layer([point(100, 100), point(1500, 500), point(1600, 500)])
    hazard = layer([square(0, 0, 2000, 1000)], niveau=["fort"], typealea=["11"])
    for score, expected in ((-1, [1, 2]), (3, [3, 3])):
        found = judge(
            rule(
                score=score,
                objet='{ role = "site_mobile" }',
                condition='{ relation = "dans", role = "alea" }',
                more="seuil_grave = { nombre = 2 }",
            ),
            ground(site_mobile=sites, alea=hazard),
        ).findings
        assert found["gravite"].tolist() == expected


def test_people_within_a_radius_and_of_the_unit():
    sites = layer([point(500, 500)])
    hazard = layer([square(0, 0, 1000, 1000)], niveau=["fort"], typealea=["11"])
    people = layer([square(0, 0, 1000, 1000)], habitants=[1_000_000.0])
    radius, unit = (
        judge(
            rule(objet='{ role = "site_mobile" }', condition='{ relation = "dans", role = "alea" }', habitants=mode),
            ground(site_mobile=sites, alea=hazard, population=people),
        )
        .findings["habitants"]
        .iloc[0]
        for mode in ('{ mode = "rayon", rayon_m = 100 }', '{ mode = "unite" }')
    )
    assert radius == pytest.approx(np.pi * 100**2, rel=2e-3)
    assert unit == pytest.approx(1_000_000)


def near(people, radius, place=(500, 500)):
    return judge(
        rule(
            objet='{ role = "site_mobile" }',
            condition='{ relation = "dans", role = "alea" }',
            habitants=f'{{ mode = "rayon", rayon_m = {radius} }}',
        ),
        ground(
            site_mobile=layer([point(*place)]),
            alea=layer([square(0, 0, 2000, 1000)], niveau=["fort"], typealea=["11"]),
            population=people,
        ),
    ).findings["habitants"].iloc[0]  # fmt: skip


def test_unknown_people_are_not_zero():
    squares = [square(0, 0, 200, 200), square(1000, 0, 1200, 200)]
    assert near(layer(squares, habitants=[10.0, 10.0]), 100) == 0.0
    assert np.isnan(near(layer(squares[1:], habitants=[10.0]), 100))
    assert np.isnan(near(layer([square(0, 0, 1000, 1000)], habitants=[np.nan]), 100))
    assert np.isnan(near(None, 100))


def test_only_people_of_the_territory_are_counted():
    people = layer([square(-1000, 0, 0, 1000), square(0, 0, 1000, 1000)], habitants=[1e6, 1e6])
    assert near(people, 100, (0, 500)) == pytest.approx(np.pi * 100**2 / 2, rel=2e-3)


def test_threshold_on_an_unknown_value_is_told():
    judged = judge(
        rule(
            objet='{ role = "alea" }',
            condition='{ relation = "hors", role = "couverture_mobile" }',
            seuil="{ surface_m2 = 1, habitants = 1 }",
            habitants='{ mode = "emprise" }',
        ),
        ground(
            alea=layer([square(0, 0, 500, 500)], niveau=["fort"], typealea=["11"]),
            couverture_mobile=layer([square(900, 900, 950, 950)]),
        ),
    )
    assert judged.findings.empty
    assert [str(text) for text in judged.remarks] == [
        "essai : 1 lieu(x) non jugé(s), le seuil (surface_m2, habitants) porte sur une valeur inconnue"
    ]


def test_premises_come_from_the_building_file():
    hazard = layer([square(0, 0, 500, 500)], niveau=["fort"], typealea=["11"])
    reach = layer([square(900, 900, 950, 950)])
    buildings = layer([point(100, 100), point(400, 400), point(600, 600)], locaux=[3.0, 4.0, 100.0])
    found = judge(
        rule(
            objet='{ role = "alea" }',
            condition='{ relation = "hors", role = "couverture_mobile" }',
            seuil="{ surface_m2 = 1 }",
            habitants='{ mode = "emprise" }',
        ),
        ground(alea=hazard, couverture_mobile=reach, premises=buildings),
    ).findings
    assert found["locaux"].tolist() == [7.0]


def test_approximation_is_named_in_every_finding():
    stops = layer([point(100, 100)], stop_id=["1"])
    reach = layer([square(500, 500, 600, 600)])
    where = ground(
        arret=stops,
        couverture_mobile=reach,
        approximations={"couverture_mobile": Text("portée approchée", "approximate reach")},
    )
    tested = rule(objet='{ role = "arret" }', condition='{ relation = "hors", role = "couverture_mobile" }')
    found = judge(tested, where).findings.iloc[0]
    assert found["explication"].endswith("(portée approchée)")
    with language("en"):
        assert judge(tested, where).findings.iloc[0]["approximation"] == "approximate reach"


def test_nothing_found_has_the_same_columns():
    found = judge(
        rule(objet='{ role = "arret" }', condition='{ relation = "dans", role = "alea" }'),
        ground(
            arret=layer([point(100, 100)], stop_id=["1"]),
            alea=layer([square(500, 500, 600, 600)], niveau=["fort"], typealea=["11"]),
        ),
    ).findings
    assert found.empty
    assert list(found.columns) == [*FINDING_COLUMNS, "geometry"]
