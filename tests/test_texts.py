import threading

from territoire_sig.texts import Text, area_text, current_language, language, length_text, number_text, people_text


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
