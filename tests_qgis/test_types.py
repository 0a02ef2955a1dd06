"""Types of values on their way to the engine, read there by the library's own interpreter."""

import json
import os
import subprocess

from qgis.core import (
    NULL,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QTime
from territoire_sig_qgis.snapshot import write_snapshot

READ = """
import json, sys, pyogrio
frame = pyogrio.read_dataframe(sys.argv[1])
told = {name: [None if value is None or value != value else str(value) for value in frame[name]]
        for name in frame if name != "geometry"}
print(json.dumps({"values": told, "crs": frame.crs.to_epsg(), "area": float(frame.area.sum())}))
"""


def test_wide_integers_dates_accents_and_unknown_values_reach_the_engine(qgis_app, tmp_path):
    fields = [
        "entier:int8",
        "petit:integer",
        "réel:double",
        "jour:date",
        "instant:datetime",
        "texte:string",
        "fid:integer",
    ]
    layer = QgsVectorLayer("Polygon?crs=EPSG:2154&" + "&".join("field=" + field for field in fields), "L'été", "memory")
    kinds = [field.typeName() for field in layer.fields()]
    wide = 9_007_199_254_740_993  # one more than what a float holds
    rows = [
        (wide, 7, 0.1 + 0.2, QDate(2024, 2, 29), QDateTime(QDate(2024, 2, 29), QTime(23, 59, 58)), "L'Œuvre à Çà", 7),
        (NULL, NULL, NULL, NULL, NULL, NULL, 7),
    ]
    for rank, values in enumerate(rows):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(
            QgsGeometry.fromRect(QgsRectangle(900_000 + 10 * rank, 6_450_000, 900_010 + 10 * rank, 6_450_010))
        )
        feature.setAttributes(list(values))
        assert layer.dataProvider().addFeatures([feature])[0], kinds
    path = write_snapshot(layer_source(layer), tmp_path / "copie", QgsProcessingContext(), QgsProcessingFeedback())
    engine = os.environ["TERRITOIRE_SIG_PYTHON"]
    done = subprocess.run([engine, "-I", "-X", "utf8", "-c", READ, path], stdout=subprocess.PIPE, check=True)
    told = json.loads(done.stdout)
    values = told["values"]
    assert (told["crs"], told["area"]) == (2154, 200.0)
    assert float(values["réel"][0]) == 0.1 + 0.2 and values["réel"][1] is None
    assert values["texte"] == ["L'Œuvre à Çà", None]
    assert values["jour"][0].startswith("2024-02-29") and values["jour"][1] in (None, "NaT")
    assert values["instant"][0].startswith("2024-02-29 23:59:58")
    assert float(values["petit"][0]) == 7.0 and values["petit"][1] is None
    # With a gap, pandas reads an integer as a float: what was written is whole, as a layer without gap shows.
    assert values["entier"][1] is None
    assert set(values["src_fid"]) == {"7"}
    layer.dataProvider().deleteFeatures([feature.id() for feature in layer.getFeatures() if feature["entier"] == NULL])
    path = write_snapshot(layer_source(layer), tmp_path / "entiers", QgsProcessingContext(), QgsProcessingFeedback())
    done = subprocess.run([engine, "-I", "-X", "utf8", "-c", READ, path], stdout=subprocess.PIPE, check=True)
    assert json.loads(done.stdout)["values"]["entier"] == [str(wide)]


def layer_source(layer):
    """Return the layer as an algorithm receives it."""
    from qgis.core import QgsProcessingUtils

    context = QgsProcessingContext()
    context.temporaryLayerStore().addMapLayer(layer.clone())
    layer_source.kept.append(context)
    return QgsProcessingUtils.variantToSource(next(iter(context.temporaryLayerStore().mapLayers())), context)


layer_source.kept = []
