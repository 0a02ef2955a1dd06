"""QGIS styles: well-formed, one symbol a class, told apart by colour, shape and size; read by QGIS where it is."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from report.synthetic import ANALYSIS
from territoire_sig.publish.geopackage import write_geopackage
from territoire_sig.publish.layers import diagnosis_layers
from territoire_sig.report.palette import FINDING_CLASSES
from territoire_sig.report.qml import class_style, diagnosis_styles, finding_style, indicator_style
from territoire_sig.texts import language

_SYSTEM_PYTHON = Path("/usr/bin/python3")
_PROBE = """
import json, sys
from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsVectorLayer
from qgis.PyQt.QtCore import QSize
app = QgsApplication([], False)
app.initQgis()
path, names, told, layers = sys.argv[1], sys.argv[2:], {}, []
for name in names:
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    labels = [item.label() for item in layer.renderer().legendSymbolItems()]
    about = layer.metadata()
    told[name] = [layer.isValid(), layer.renderer().type(), labels, about.title(), about.licenses()]
    layers.append(layer)
settings = QgsMapSettings()
settings.setLayers(layers)
settings.setOutputSize(QSize(400, 300))
settings.setExtent(layers[-1].extent())
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
image = job.renderedImage()
told["colours"] = sorted({image.pixelColor(x, y).name() for x in range(0, 400, 2) for y in range(0, 300, 2)})
told["errors"] = [error.message for error in job.errors()]
print(json.dumps(told))
del job, layers, layer
app.exitQgis()
"""


def _symbols(qml: str) -> list[dict[str, str]]:
    root = ET.fromstring(qml)
    return [
        {option.get("name"): option.get("value") for option in drawn.iter("Option") if option.get("name")}
        for drawn in root.iter("symbol")
    ]


@pytest.mark.parametrize(("kind", "size"), [("marker", "size"), ("line", "line_width"), ("fill", "outline_width")])
def test_findings_have_six_classes_wider_with_severity(kind, size):
    qml = finding_style(kind)
    assert qml.startswith("<!DOCTYPE qgis")
    root = ET.fromstring(qml)
    assert root.find("renderer-v2").get("type") == "categorizedSymbol"
    assert [item.get("value") for item in root.iter("category")] == [item.key for item in FINDING_CLASSES]
    widths = [float(item[size]) for item in _symbols(qml)]
    assert widths[0] > widths[1] > widths[2] and widths[3] > widths[4] > widths[5]


def test_conflicts_and_synergies_differ_by_shape_not_colour_alone():
    drawn = _symbols(finding_style("marker"))
    assert [item["name"] for item in drawn] == ["triangle"] * 3 + ["circle"] * 3
    assert len({item["color"] for item in drawn}) == 6


def test_labels_follow_the_language():
    def labels() -> list[str]:
        return [item.get("label") for item in ET.fromstring(finding_style("fill")).iter("category")]

    assert labels()[0] == "Conflit grave"
    with language("en"):
        assert labels()[0] == "Severe conflict"


def test_maps_take_classes_and_colours_from_the_declaration():
    qml = class_style(ANALYSIS.map_classes, "fill")
    shown = [(item.get("value"), item.get("label")) for item in ET.fromstring(qml).iter("category")]
    assert shown == [("desservie", "Zone desservie"), ("non_desservie", "Zone non desservie")]
    assert [item["color"] for item in _symbols(qml)] == ["33,113,181,191", "217,72,1,191"]


def test_a_share_has_five_classes_and_the_unknown_is_drawn(results):
    qml = indicator_style(results.units, ANALYSIS.outputs[0])
    rules = [item for item in ET.fromstring(qml).iter("rule") if item.get("filter")]
    assert [item.get("filter") for item in rules][:2] == [
        '"part_zone_u_fibree" IS NULL',
        '"part_zone_u_fibree" >= 0 AND "part_zone_u_fibree" < 0.2',
    ]
    assert rules[-1].get("filter").endswith("<= 1")
    assert rules[0].get("label") == "inconnu"
    drawn = _symbols(qml)
    assert drawn[0]["style"] == "b_diagonal"
    assert drawn[1]["color"].startswith("84,39,143")  # the darkest where little is served: better = +1


def test_classes_of_a_quantity_hold_every_value(results):
    output = ANALYSIS.outputs[1]
    rules = [item for item in ET.fromstring(indicator_style(results.units, output)).iter("rule") if item.get("filter")]
    low, high = rules[1].get("filter"), rules[-1].get("filter")
    assert float(low.split(">= ")[1].split()[0]) <= 0.0
    assert float(high.split("<= ")[1]) >= 130_000.0


def test_an_indicator_nowhere_known_is_all_hatched(results):
    units = results.units.assign(part_zone_u_fibree=np.nan)
    rules = ET.fromstring(indicator_style(units, ANALYSIS.outputs[0])).iter("rule")
    assert [item.get("filter") for item in rules if item.get("filter")] == ['"part_zone_u_fibree" IS NULL']


def test_units_show_the_indicator_known_in_most_of_them(results):
    group = next(ET.fromstring(diagnosis_styles(results)["unites"]).iter("rule"))
    assert group.get("label") == "Surface des zones AU"


def test_counts_have_whole_classes(results):
    output = replace(ANALYSIS.outputs[1], unit="nombre")
    units = results.units.assign(surface_zone_au_m2=[0.0, 6.0])
    labels = [item.get("label") for item in ET.fromstring(indicator_style(units, output)).iter("rule")]
    assert not [label for label in labels if "," in label]


def test_every_layer_has_its_style(results):
    assert set(diagnosis_styles(results)) == {layer.name for layer in diagnosis_layers(results)}
    bare = replace(results, analyses=(), maps={})
    assert ET.fromstring(diagnosis_styles(bare)["unites"]).find("renderer-v2").get("type") == "singleSymbol"


def test_a_map_of_two_kinds_has_the_styles_of_its_two_layers(results):
    points = results.maps[ANALYSIS.id].geometry.centroid
    mixed = pd.concat([results.maps[ANALYSIS.id], results.maps[ANALYSIS.id].set_geometry(points)])
    two = replace(results, maps={ANALYSIS.id: mixed})
    assert set(diagnosis_styles(two)) == {layer.name for layer in diagnosis_layers(two)}
    beside = ET.fromstring(diagnosis_styles(two)[f"{ANALYSIS.id}_points"])
    assert {drawn.get("type") for drawn in beside.iter("symbol")} == {"marker"}


def _has_qgis() -> bool:
    if not _SYSTEM_PYTHON.exists():
        return False
    return subprocess.run([_SYSTEM_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode == 0


@pytest.mark.slow
def test_qgis_opens_the_file_styled_and_documented(results, tmp_path):
    if not _has_qgis():
        pytest.skip("QGIS absent (apt-get install python3-qgis): the styles were not opened in QGIS")
    path = write_geopackage(tmp_path / "diagnostic.gpkg", diagnosis_layers(results, diagnosis_styles(results)))
    names = ["constats", "constats_surfaces", "constats_lignes", "constats_points", "zonage_couverture_fixe", "unites"]
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
    } | ({"LANG": os.environ["LANG"]} if "LANG" in os.environ else {})
    done = subprocess.run(
        [_SYSTEM_PYTHON, "-c", _PROBE, path, *names], capture_output=True, text=True, env=environment, timeout=120,
        check=True,
    )  # fmt: skip
    told = json.loads(done.stdout.splitlines()[-1])
    labels = [str(item.text) for item in FINDING_CLASSES]
    for name in names[:4]:
        assert told[name][:3] == [True, "categorizedSymbol", labels]
    assert told["zonage_couverture_fixe"][1:3] == ["categorizedSymbol", ["Zone desservie", "Zone non desservie"]]
    assert told["unites"][1] == "RuleRenderer" and told["unites"][2][:2] == ["Surface des zones AU", "inconnu"]
    assert told["unites"][3:] == ["Unités et indicateurs – Val-Imaginaire", ["LO 2.0"]]
    assert told["errors"] == []
    assert {"#7f2704", "#d94801"} & set(told["colours"])
