from pathlib import Path

import pandas as pd
import pytest

from territoire_sig.errors import MissingColumnError
from territoire_sig.io.door import admit
from territoire_sig.io.formats.france_services import opening_hours, read_france_services
from territoire_sig.io.reader import Source

DATA = Path(__file__).parents[4] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data est absent : données réelles non lues")

ROWS = """"id_fs","lib_fs","insee_com","latitude","longitude","h_lundi","h_mardi","format_fs"
"1","Maison A","38185","45.16","5.73","09:00 - 12:00 / 13:00 - 17:00","","Fixe"
"2","Bus B","38185","45.17","5.74","","9h - 12h30","Bus_équivalent"
"3","Antenne C","38421","","","","sur rendez-vous","Fixe_antenne(s)"
"4","Lieu D","38421","45.18","5.75","","","Autre"
"""


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "fs.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_places_are_described_located_and_counted(listed):
    (layer,) = read_france_services(Source(listed))
    frame = layer.frame
    assert frame["id"].tolist() == ["1", "2", "4"]
    assert frame["itinerant"].map(str).tolist() == ["False", "True", "<NA>"]
    assert frame["horaires"].fillna("∅").tolist() == ["Mo 09:00-12:00,13:00-17:00", "Tu 09:00-12:30", "∅"]
    assert set(frame["type_lieu"]) == {"RFS"}
    counts = {remark.text.fr.split(" ", 1)[1][:20]: remark.count for remark in layer.remarks}
    assert counts == {"lieu(x) itinérant(s)": 1, "lieu(x) dont on ne s": 1, "lieu(x) sans coordon": 1}
    assert layer.rows_read == 4


def test_hours_that_are_words_are_kept_as_a_comment():
    hours = opening_hours(
        pd.DataFrame({"h_lundi": ["sur rendez-vous", '9h-12h "sauf été"'], "h_samedi": [None, "10:00 - 12:30"]})
    )
    assert hours.tolist() == ['Mo "sur rendez-vous"', "Mo \"9h-12h 'sauf été'\"; Sa 10:00-12:30"]


def test_the_identifier_is_needed(tmp_path):
    path = tmp_path / "fs.csv"
    path.write_text("lib_fs,latitude,longitude\nA,45,5\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match="colonne «id» introuvable"):
        read_france_services(Source(path))


@pytest.mark.real
@needs_data
def test_real_places():
    source = Source(DATA / "social" / "france_services_20240801_dep_38_69_73_74_93.csv")
    (layer,) = read_france_services(source)
    assert layer.rows_read == len(layer.frame) == 148
    assert layer.frame["itinerant"].sum() == 14
    assert not layer.frame["horaires"].str.contains('"', na=False).any()
    admitted = admit(layer, source, crs="EPSG:2154", format="france_services")
    assert admitted.faults == ()
    assert admitted.layer.frame.geometry.geom_type.eq("Point").all()
