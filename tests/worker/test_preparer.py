"""``preparer`` and ``carte``: a delivery made ready for a map, and the style of one quantity or of two."""

import sqlite3
from contextlib import closing
from xml.etree import ElementTree as ET

import geopandas as gpd
import pyogrio
import pytest
from shapely.geometry import Point, box

from territoire_sig.io.delivery import read_delivery
from territoire_sig.io.reader import Source
from territoire_sig.publish.geopackage import GpkgLayer
from territoire_sig.report.palette import CLASS_COLOURS
from worker.asked import here, of


def delivered(tmp_path, **columns):
    frame = gpd.GeoDataFrame(columns, geometry=[box(x, 0, x + 10, 10).buffer(0) for x in range(0, 40, 10)], crs=2154)
    frame.geometry = frame.translate(900_000, 6_450_000)
    file = tmp_path / "zonage.gpkg"
    frame.to_file(file)
    return file


def prepared(file, out, **more):
    request = {"protocol": 1, "op": "preparer", "format": "vecteur", "role": "zonage", "file": str(file)}
    return here({**request, "out": str(out), **more})


def test_a_layer_comes_out_named_styled_and_documented(tmp_path):
    file = delivered(tmp_path, TYPEZONE=["U", "A", "N", "U"], libelle=["UA", "A", "N", "UB"])
    code, events = prepared(file, tmp_path / "s", name="Val d'Ombre")
    assert code == 0, events[-1]
    (layer,) = of(events, "layer")
    assert (layer["name"], layer["rows"]) == ("zonage", 4)
    assert layer["title"] == "Zonage du document d'urbanisme (ZONE_URBA, SECTEUR_CC) – Val d'Ombre"
    categories = [(item.get("value"), item.get("label")) for item in ET.fromstring(layer["qml"]).iter("category")]
    assert categories == [
        ("U", "U – urbaine"),
        ("A", "A – agricole"),
        ("N", "N – naturelle et forestière"),
        ("", "autre ou inconnu"),
    ]
    written = gpd.read_file(layer["file"], layer="zonage")
    assert list(written["typezone"]) == ["U", "A", "N", "U"]
    assert events[-1]["crs"] == "EPSG:2154"
    assert events[-1]["numbers"] == {"layer_count": 1, "feature_count": 4}


def test_a_code_keeps_its_colour_whatever_the_others(tmp_path):
    file = delivered(tmp_path, typezone=["N", "N", "N", "N"])
    _, events = prepared(file, tmp_path / "s")
    drawn = next(ET.fromstring(of(events, "layer")[0]["qml"]).iter("symbol"))
    colours = {item.get("value") for item in drawn.iter("Option") if item.get("name") == "color"}
    red, green, blue = (int(CLASS_COLOURS[5][at : at + 2], 16) for at in (1, 3, 5))  # the sixth of the role's list
    assert colours == {f"{red},{green},{blue},191"}


def test_tables_go_without_geometry(tmp_path):
    file = tmp_path / "fibre.csv"
    file.write_text("code_insee;taux_fibre\n01001;0,4\n01002;1\n", encoding="utf-8")
    code, events = prepared(file, tmp_path / "s", format="tableau", role="couverture_fixe")
    assert code == 0, events[-1]
    assert dict(pyogrio.list_layers(events[-1]["file"]))["couverture_fixe"] is None
    table = pyogrio.read_dataframe(events[-1]["file"], layer="couverture_fixe")
    assert list(table["code_insee"]) == ["01001", "01002"] and list(table["taux_fibre"]) == [0.4, 1.0]


def test_the_official_system_of_the_place_is_taken(tmp_path):
    frame = gpd.GeoDataFrame({"typezone": ["U"]}, geometry=[Point(55.5, -21.1).buffer(0.01)], crs=4326)
    frame.to_file(tmp_path / "r.gpkg")
    _, events = prepared(tmp_path / "r.gpkg", tmp_path / "s")
    assert events[-1]["crs"] == "EPSG:2975"
    _, events = prepared(tmp_path / "r.gpkg", tmp_path / "s", crs="EPSG:32740")
    assert events[-1]["crs"] == "EPSG:32740"


def test_faults_and_unknown_options_are_refused(tmp_path):
    file = delivered(tmp_path, typezone=["U", "A", "N", "Zone 51"])
    code, events = prepared(file, tmp_path / "s")
    assert code == 2 and "Zone 51" in events[-1]["message"]
    code, events = prepared(file, tmp_path / "s", options={"jour": "lundi"})
    assert code == 2 and "option inconnue «jour»" in events[-1]["message"]
    code, events = prepared(tmp_path / "absent.gpkg", tmp_path / "s")
    assert code == 2 and "introuvable" in events[-1]["message"]
    assert not (tmp_path / "s").exists()


def test_a_package_in_which_another_program_writes_is_not_to_be_replaced(tmp_path):
    file, target = delivered(tmp_path, typezone=["U", "A", "N", "U"]), tmp_path / "cible.gpkg"
    assert prepared(file, tmp_path / "s", replaces=str(target))[0] == 0
    with closing(sqlite3.connect(target, isolation_level=None)) as base:
        base.execute("create table a (b)")
        base.execute("begin immediate")
        code, events = prepared(file, tmp_path / "t", replaces=str(target))
        base.execute("rollback")
    assert code == 2 and "un autre programme écrit dans ce fichier" in events[-1]["message"]
    assert not (tmp_path / "t").exists()


def test_a_delivery_keeps_what_was_set_aside_on_record(tmp_path):
    delivery = read_delivery(Source(delivered(tmp_path, typezone=["U", "AU", None, "U"]), role="zonage"), "vecteur")
    assert len(delivery.layers["zonage"].frame) == 4
    assert isinstance(GpkgLayer("a", delivery.layers["zonage"].frame, "t", "r").styles, dict)


def mapped(file, out, *names):
    keys = dict(zip(("column", "second"), names, strict=False))
    return here({"protocol": 1, "op": "carte", "file": str(file), "out": str(out), **keys})


def test_one_quantity_bears_the_words_and_the_unit_of_its_declaration(tmp_path):
    file = delivered(tmp_path, u_ready_share=[0.0, 0.5, None, 1.0])
    code, events = mapped(file, tmp_path / "s", "u_ready_share")
    assert code == 0, events[-1]
    assert events[-1]["legend"] is None
    assert events[-1]["outputs"][0]["unit"] == "part"
    rules = [item for item in ET.parse(events[-1]["style"]).iter("rule") if item.get("filter")]
    assert rules[0].get("label") == "inconnu" and rules[1].get("label") == "0\u00a0% – 20\u00a0%"


def test_two_quantities_give_nine_classes_one_for_each_feature_and_a_legend(tmp_path):
    first, second = [0.0, 1.0, 2.0, 3.0], [5.0, 4.0, None, 1.0]
    code, events = mapped(delivered(tmp_path, a=first, b=second), tmp_path / "s", "a", "b")
    assert code == 0, events[-1]
    rules = [item for item in ET.parse(events[-1]["style"]).iter("rule") if item.get("filter")]
    assert len(rules) == 10
    legend = ET.parse(events[-1]["legend"])
    assert len(list(legend.iter("{http://www.w3.org/2000/svg}rect"))) == 9 + 1  # and the unknown

    conditions = [item.get("filter").replace("AND", "and") for item in rules[:9]]

    def classes(a, b):
        texts = [text.replace('"a"', repr(a)).replace('"b"', repr(b)) for text in conditions]
        return [rank for rank, text in enumerate(texts) if eval(text)]

    assert [len(classes(a, b)) for a, b in zip(first, second, strict=True) if b is not None] == [1, 1, 1]
    assert classes(0.0, 5.0) == [2] and classes(3.0, 1.0) == [6]
    assert rules[9].get("filter") == '"a" IS NULL OR "b" IS NULL'


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("absente",), "colonne «absente» absente"),
        (("nom",), "n'est pas faite de nombres"),
        (("a", "plat"), "n'a que 1 valeur(s) différente(s)"),
    ],
)
def test_a_column_that_cannot_be_mapped_is_refused(tmp_path, names, said):
    file = delivered(tmp_path, a=[1.0, 2.0, 3.0, 4.0], plat=[1.0] * 4, nom=list("abcd"))
    code, events = mapped(file, tmp_path / "s", *names)
    assert code == 2 and said in events[-1]["message"]
