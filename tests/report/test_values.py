from territoire_sig.model.declaration import Output
from territoire_sig.report.answers import _cell
from territoire_sig.report.values import value_text
from territoire_sig.texts import Text

SHARE = Output("part", Text("part", "share"), "part")


def test_units_of_density_are_worded():
    assert value_text(1.6, "nombre/km2").fr == "1,6\u00a0par km²"
    assert value_text(781.0, "m/km2").en == "781\u00a0m per km²"


def test_nothing_to_measure_is_not_unknown():
    nothing, unknown = _cell(SHARE, float("nan"), 1.0)[0], _cell(SHARE, float("nan"), 0.0)[0]
    assert (nothing.fr, unknown.fr) == ("sans objet", "inconnu")
