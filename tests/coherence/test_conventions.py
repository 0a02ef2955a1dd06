"""What is unknown, what is cut, what counts once: the conventions of a finding, on shapes one can draw."""

import numpy as np
import pytest
from shapely import MultiPoint

from coherence.drawing import ground, layer, line, point, rule, square
from territoire_sig.coherence.engine import judge
from territoire_sig.coherence.matrix import policy_matrix

EMPRISE = '{ mode = "emprise" }'
OUT_OF_REACH = '{ relation = "hors", role = "couverture_mobile" }'
IN_HAZARD = '{ relation = "dans", role = "alea", filtre = [{ colonne = "niveau", valeurs = ["fort"] }] }'


def far(relation, role="zonage", **layers):
    condition = f'{{ relation = "{relation}", role = "mediation", distance_m = 200 }}'
    size = "longueur_m" if role == "cable" else "surface_m2"
    return judge(
        rule(objet=f'{{ role = "{role}" }}', condition=condition, seuil=f"{{ {size} = 1 }}"), ground(**layers)
    ).findings[size].tolist()  # fmt: skip


def test_a_distance_cuts_surfaces_along_the_circle():
    zone = layer([square(0, 0, 1000, 1000)], typezone=["U"])
    place = layer([point(500, 500)])
    disc = np.pi * 200**2
    assert far("a_moins_de", zonage=zone, mediation=place) == pytest.approx([disc], rel=1e-3)
    assert far("a_plus_de", zonage=zone, mediation=place) == pytest.approx([1e6 - disc], rel=1e-3)
    assert far("a_plus_de", zonage=zone, mediation=place.iloc[:0]) == [1e6]


def test_a_distance_cuts_lines_where_they_meet_the_circle():
    cable = layer([line((0, 500), (1000, 500))])
    place = layer([point(500, 500)])
    assert far("a_moins_de", "cable", cable=cable, mediation=place) == pytest.approx([400.0])
    assert far("a_plus_de", "cable", cable=cable, mediation=place) == pytest.approx([600.0])


def test_lines_count_as_drawn_and_their_share_too():
    """Two lines on one street, and one that comes back on its way: 300 + 300 + 600 m of 3,000 + 600."""
    lines = layer(
        [line((0, 500), (1000, 500)), line((0, 500), (1000, 500)), line((0, 500), (1000, 500), (0, 500))],
        route_id=["1", "2", "3"],
    )
    found = judge(
        rule(objet='{ role = "ligne" }', condition=OUT_OF_REACH, seuil="{ longueur_m = 1 }"),
        ground(ligne=lines, couverture_mobile=layer([square(0, 0, 700, 1000)])),
    ).findings
    assert found["longueur_m"].tolist() == pytest.approx([1200.0])
    assert found["part"].tolist() == pytest.approx([0.3])
    assert found["nombre"].tolist() == [3]
    assert found.geometry.length.tolist() == pytest.approx([300.0])


def test_a_line_by_object_goes_to_the_unit_of_most_of_it():
    cable = layer([line((800, 500), (1900, 500)), line((100, 100), (1500, 100))], code=["C1", "C2"])
    found = judge(
        rule(objet='{ role = "cable" }', condition=OUT_OF_REACH, seuil="{ longueur_m = 1 }", lieu="objet"),
        ground(cable=cable, couverture_mobile=layer([square(1950, 950, 1990, 990)])),
    ).findings
    assert found[["objet", "code_unite", "longueur_m"]].values.tolist() == [
        ["C1", "99002", 1100],
        ["C2", "99001", 1400],
    ]


def masts(**columns):
    places = [point(100, 100), point(100, 100), point(120, 100), point(500, 500), point(500, 500), point(900, 900)]
    return judge(
        rule(
            objet='{ role = "site_mobile" }',
            condition=IN_HAZARD,
            lieu="objet",
            more='regrouper = "id_site"',
        ),
        ground(
            site_mobile=layer(places, operateur=["SFR", "Orange", "Free", "SFR", "Orange", None], **columns),
            alea=layer([square(0, 0, 2000, 1000)], niveau=["fort"]),
        ),
    ).findings


def test_operators_of_one_mast_are_one_place():
    found = masts(id_site=["S1", "S1", "S1", "S2", None, "S3"])
    assert found["objet"].tolist() == ["S1 : Free ; Orange ; SFR", "S2 : Orange ; SFR", "S3"]
    assert found["nombre"].tolist() == [3, 2, 1]
    assert found.geometry.iloc[0].equals(MultiPoint([point(100, 100), point(120, 100)]))


def test_masts_without_identifier_are_told_by_their_coordinates():
    found = masts()
    assert found["nombre"].tolist() == [2, 1, 2, 1]
    assert found["objet"].fillna("").tolist() == ["Orange ; SFR", "Free", "Orange ; SFR", ""]


def test_what_may_be_in_the_cover_is_not_said_out_of_it():
    """Hazard of unknown level on x 400-600: neither in danger nor out of it."""
    hazard = layer([square(0, 0, 400, 1000), square(400, 0, 600, 1000)], niveau=["fort", "indetermine"])
    zone = layer([square(0, 0, 1000, 1000)], typezone=["U"])
    stops = layer([point(x, 500) for x in (100, 500, 900)], stop_id=list("abc"))
    out = IN_HAZARD.replace("dans", "hors")
    surface = judge(
        rule(objet='{ role = "zonage" }', condition=out, seuil="{ surface_m2 = 1 }"), ground(zonage=zone, alea=hazard)
    )
    assert surface.findings["surface_m2"].tolist() == [400_000]
    points = judge(rule(objet='{ role = "arret" }', condition=out, lieu="objet"), ground(arret=stops, alea=hazard))
    assert [shape.x - 900_000 for shape in points.findings.geometry] == [900]
    assert "essai : 1 objet(s) de «arret», ou parties d'objet, non jugé(s) : «alea» y est inconnu" in [
        str(text) for text in points.remarks
    ]
    inside = judge(rule(objet='{ role = "arret" }', condition=IN_HAZARD), ground(arret=stops, alea=hazard)).findings
    assert inside["nombre"].tolist() == [1]


def test_a_distance_to_what_may_be_there_is_not_judged():
    stops = layer([point(100, 500), point(500, 500), point(900, 500)], stop_id=list("abc"))
    nodes = layer([point(100, 500), point(500, 500)], code=["n1", "n2"], niveau=["NRO", None])
    condition = (
        '{ relation = "a_plus_de", role = "noeud_optique", distance_m = 100, '
        'filtre = [{ colonne = "niveau", valeurs = ["NRO"] }] }'
    )
    found = judge(rule(objet='{ role = "arret" }', condition=condition), ground(arret=stops, noeud_optique=nodes))
    assert found.findings["nombre"].tolist() == [1]


def people(secret_m, bound=1, width_m=500):
    """Hazard on x 0-500; the people of x 0-`secret_m` are secret, 1 a metre lives on the rest of the unit."""
    squares = [square(0, 0, secret_m, 1000), square(secret_m, 0, 1000, 1000)]
    return judge(
        rule(
            objet='{ role = "alea" }',
            condition=OUT_OF_REACH,
            seuil=f"{{ habitants = {bound} }}",
            habitants=EMPRISE,
        ),
        ground(
            alea=layer([square(0, 0, width_m, 1000)], niveau=["fort"]),
            couverture_mobile=layer([square(1900, 900, 1990, 990)]),
            population=layer(squares, habitants=[np.nan, 1000.0 - secret_m]),
        ),
    )


def test_people_known_for_sure_reach_the_threshold_whoever_is_secret():
    found = people(100).findings
    assert len(found) == 1 and np.isnan(found["habitants"].iloc[0])
    assert "un nombre inconnu d'habitants" in found["explication"].iloc[0]
    assert people(4).findings["habitants"].tolist() == pytest.approx([496.0])
    assert len(people(100, bound=400).findings) == 1
    undecided = people(100, bound=401)
    assert undecided.findings.empty
    assert [str(text) for text in undecided.remarks] == [
        "essai : 1 lieu(x) non jugé(s), le seuil (habitants) porte sur une valeur inconnue"
    ]
    assert people(4, bound=497).remarks == ()


def premises(buildings, **columns):
    return judge(
        rule(
            objet='{ role = "site_mobile" }',
            condition=IN_HAZARD,
            lieu="objet",
            habitants='{ mode = "rayon", rayon_m = 200 }',
        ),
        ground(
            site_mobile=layer([point(100, 500)]),
            alea=layer([square(0, 0, 2000, 1000)], niveau=["fort"]),
            premises=layer(buildings, **columns),
        ),
    ).findings["locaux"].iloc[0]  # fmt: skip


def test_premises_are_those_of_the_territory_and_unknown_where_one_is_not_told():
    inside, outside, elsewhere, other_unit = point(150, 500), point(-50, 500), point(900, 900), point(1500, 500)
    assert premises([inside, outside], locaux=[3.0, 5.0]) == 3
    assert premises([elsewhere], locaux=[5.0]) == 0
    assert np.isnan(premises([other_unit], locaux=[5.0]))
    assert np.isnan(premises([inside, point(120, 500)], locaux=[3.0, np.nan]))
    assert premises([inside, elsewhere], locaux=[3.0, np.nan]) == 3
    assert np.isnan(premises([inside], etat=["deploye"]))


@pytest.mark.parametrize(
    ("hazard", "silent"),
    [
        (layer([square(0, 0, 500, 500)], niveau=["indetermine"]), "alea.niveau"),
        (layer([square(0, 0, 500, 500)]), "alea.niveau"),
        (layer([square(0, 0, 500, 500), square(5000, 0, 5500, 500)], niveau=[None, "fort"]), "alea.niveau"),
        (layer([square(0, 0, 500, 500), square(500, 0, 700, 500)], niveau=[None, "nul"]), None),
        (layer([square(5000, 0, 5500, 500)], niveau=[None]), None),
    ],
)
def test_a_rule_that_turns_on_what_is_known_nowhere_is_not_answered(hazard, silent):
    tested = rule(objet='{ role = "site_mobile" }', condition=IN_HAZARD)
    where = ground(site_mobile=layer([point(100, 100)]), alea=hazard)
    judged = judge(tested, where)
    assert judged.unknown_column == silent
    assert judged.findings.empty
    row = policy_matrix([judged], [], where).iloc[0]
    assert (row["regles_repondues"], row["regles_sans_reponse"]) == ((1, 0) if silent is None else (0, 1))
    assert np.isnan(row["score_net"]) == (silent is not None)


def test_objects_that_cannot_be_told_apart_leave_the_rule_without_answer():
    nodes = layer([point(100, 100)], code=["n1"], niveau=[None])
    judged = judge(
        rule(
            objet='{ role = "noeud_optique", filtre = [{ colonne = "niveau", valeurs = ["NRO"] }] }',
            condition=OUT_OF_REACH,
        ),
        ground(noeud_optique=nodes, couverture_mobile=layer([square(900, 900, 950, 950)])),
    )
    assert judged.unknown_column == "noeud_optique.niveau"
    assert judged.findings.empty


def test_the_place_is_named_as_one_says_it():
    units = ground().units.assign(nom_unite=["Le Ménil", "Échirolles"])
    stops = layer([point(100, 100), point(1500, 100)], stop_id=["a", "b"])
    where = ground(arret=stops, couverture_mobile=layer([square(900, 900, 950, 950)]))
    told = rule(objet='{ role = "arret" }', condition=OUT_OF_REACH)
    text = told.explication.model_copy(
        update={"fr": "$a_unite, un arrêt $de_unite", "en": "$a_unite, a stop $de_unite"}
    )
    object.__setattr__(where, "units", units)
    found = judge(told.model_copy(update={"explication": text}), where).findings
    assert found["explication"].tolist() == ["Au Ménil, un arrêt du Ménil", "À Échirolles, un arrêt d'Échirolles"]
