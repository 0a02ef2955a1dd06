"""Numbers that can't be are refused by name, whatever the measure of nature, energy or air that reads them."""

from __future__ import annotations

import pytest

from indicators.specimens import specimen, square_units
from territoire_sig.errors import InvalidValueError
from territoire_sig.indicators import declared

WRONG = [
    ("air_exposure", "population", "habitants"),
    ("air_exposure", "air", "no2"),
    ("noise_exposure", "air", "lden"),
    ("energy_consumption_spread", "consommation_energie", "consommation_mwh"),
    ("energy_tertiary_gap", "batiment_public", "consommation_kwh"),
    ("energy_tertiary_gap", "batiment_public", "consommation_reference_kwh"),
    ("energy_tertiary_gap", "batiment_public", "surface_plancher_m2"),
    ("environment_cube", "arret", "passages_jour"),
    ("sobriety_network_energy", "acces_fixe", "lignes_cuivre"),
    ("sobriety_reuse_access", "population", "habitants"),
    ("sobriety_support_sharing", "support", "nb_operateurs"),
]


@pytest.mark.parametrize(("analysis", "role", "column"), WRONG)
def test_a_negative_number_is_refused(analysis, role, column):
    layers = {need.role: specimen(need.role) for need in declared()[analysis].inputs}
    layer = layers[role]
    values = layer[column].astype(float).to_numpy(copy=True)
    values[0] = -7
    with pytest.raises(InvalidValueError, match=rf"{role}\.{column} = -7, 1 valeur\(s\) hors bornes \(0"):
        declared()[analysis](square_units(), layers=layers | {role: layer.assign(**{column: values})})
