import threading

import pytest

from territoire_sig.texts import (
    Text,
    area_text,
    at_place,
    current_language,
    language,
    length_text,
    number_text,
    of_place,
    people_text,
)


def test_language_in_force_is_per_context():
    seen = []
    with language("en"):
        thread = threading.Thread(target=lambda: seen.append(current_language()))
        thread.start()
        thread.join()
        assert str(Text("oui", "yes")) == "yes"
    assert seen == ["fr"]
    assert str(Text("oui", "yes")) == "oui"


def test_fill_puts_each_text_in_its_own_language():
    filled = Text("il reste $what", "$what left").fill(what=Text("une zone", "one zone"))
    assert (filled.fr, filled.en) == ("il reste une zone", "one zone left")


def test_quantities():
    assert area_text(9_999).fr == "9\u202f999\u00a0m²"
    assert area_text(10_000).en == "1.0\u00a0ha"
    assert length_text(1_500).fr == "1,5\u00a0km"
    assert number_text(float("nan")).en == "unknown"
    assert people_text(1).fr == "1 habitant"
    assert people_text(0).fr == "0 habitant"
    assert people_text(float("nan")).en == "an unknown number of inhabitants"


@pytest.mark.parametrize(
    ("name", "at", "of"),
    [
        ("Le Ménil-aux-Ormeaux", "au Ménil-aux-Ormeaux", "du Ménil-aux-Ormeaux"),
        ("LES LILAS", "aux LILAS", "des LILAS"),
        ("L'Hôpital-sous-Brume", "à L'Hôpital-sous-Brume", "de L'Hôpital-sous-Brume"),
        ("La Tronche", "à La Tronche", "de La Tronche"),
        ("Lens", "à Lens", "de Lens"),
        ("Lescar", "à Lescar", "de Lescar"),
        ("Échirolles", "à Échirolles", "d'Échirolles"),
        ("Œuilly", "à Œuilly", "d'Œuilly"),
        ("Herbeys", "à Herbeys", "d'Herbeys"),
        ("Hagetmau", "à Hagetmau", "de Hagetmau"),
        ("Yvetot", "à Yvetot", "d'Yvetot"),
        ("Yenne", "à Yenne", "de Yenne"),
        ("Le", "à Le", "de Le"),
        ("", "à ", "de "),
    ],
)
def test_places_take_the_preposition_of_each_language(name, at, of):
    assert (at_place(name).fr, of_place(name).fr) == (at, of)
    assert (at_place(name).en, of_place(name).en) == (f"in {name}", f"of {name}")
