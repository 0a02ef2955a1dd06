"""Run ``native:intersection`` in QGIS's own Python on two files, and print the total area and the seconds."""

import json
import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.analysis import QgsNativeAlgorithms
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsVectorLayer

folder = sys.argv[1]
application = QgsApplication([], False)
application.initQgis()
registry = QgsApplication.processingRegistry()
registry.addProvider(QgsNativeAlgorithms(registry))
layers = {name: QgsVectorLayer(f"{folder}/{name}.gpkg", name, "ogr") for name in ("zones", "covers")}
context = QgsProcessingContext()
start = time.perf_counter()
algorithm = registry.algorithmById("native:intersection").create()
found, done = algorithm.run(
    {"INPUT": layers["zones"], "OVERLAY": layers["covers"], "OUTPUT": "TEMPORARY_OUTPUT"},
    context,
    QgsProcessingFeedback(),
)
seconds = time.perf_counter() - start
output = context.takeResultLayer(found["OUTPUT"])
print(json.dumps([sum(feature.geometry().area() for feature in output.getFeatures()), seconds]), flush=True)
os._exit(0 if done else 1)
