"""The other ways in which an algorithm is run: in a task of the toolbox, in a model, in a batch."""

import threading

from asked import BY_ID, ZONING, Listener, parameters, run, table, wait
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterFeatureSource,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication
from territoire_sig_qgis import algorithm as module


def test_in_a_task_the_work_is_done_in_another_thread(provider, layer, sample, expected, monkeypatch, qgis_new_project):
    threads = []
    work = module.DeclaredAlgorithm.work

    def watched(self, *arguments):
        threads.append(threading.get_ident())
        return work(self, *arguments)

    monkeypatch.setattr(module.DeclaredAlgorithm, "work", watched)
    context, feedback = QgsProcessingContext(), Listener()
    context.setProject(QgsProject.instance())
    given = parameters(BY_ID[ZONING], layer, sample)
    found = provider.algorithm(ZONING).create()
    task = QgsProcessingAlgRunnerTask(found, given, context, feedback)
    done = []
    task.executed.connect(lambda fine, results: done.append((fine, results)))
    QgsApplication.taskManager().addTask(task)
    for _ in range(1200):
        QCoreApplication.processEvents()
        if done:
            break
        threading.Event().wait(0.05)
    ((fine, results),) = done
    assert fine
    assert threads and threads[0] != threading.main_thread().ident
    units = context.getMapLayer(results["INDICATEURS"])
    rows = table(units)
    assert [rows[code]["u_ready_share"] for code in expected["codes"]] == expected["values"][ZONING]["u_ready_share"]


def test_in_a_model(provider, layer, sample, expected):
    model = QgsProcessingModelAlgorithm("modèle", "tests")
    child = QgsProcessingModelChildAlgorithm("territoire_sig:" + ZONING)
    child.setChildId("calcul")
    for name in ("UNITES", "ZONAGE", "COUVERTURE_FIXE"):
        model.addModelParameter(
            QgsProcessingParameterFeatureSource(name.lower(), name), QgsProcessingModelParameter(name.lower())
        )
        source = QgsProcessingModelChildParameterSource.fromModelParameter(name.lower())
        child.addParameterSources(name, [source])
    child.addParameterSources("CODE", [QgsProcessingModelChildParameterSource.fromStaticValue("code_unite")])
    output = QgsProcessingModelOutput("fin")
    output.setChildId("calcul")
    output.setChildOutputName("INDICATEURS")
    child.setModelOutputs({"fin": output})
    model.addChildAlgorithm(child)
    model.updateDestinationParameters()
    given = {name: layer(role) for name, role in (("unites", "unites"), ("zonage", "zonage"))}
    given.update({"couverture_fixe": layer("couverture_fixe"), "calcul:fin": "TEMPORARY_OUTPUT"})
    context = QgsProcessingContext()
    results, fine = model.run(given, context, Listener())
    assert fine
    rows = table(context.getMapLayer(results["calcul:fin"]))
    assert [rows[code]["u_ready_share"] for code in expected["codes"]] == expected["values"][ZONING]["u_ready_share"]


def test_in_a_batch_a_row_that_fails_stops_no_other(provider, sample, tmp_path, monkeypatch):
    from processing.gui import BatchAlgorithmDialog as batch

    roles = {role.upper(): str(sample / (role + ".gpkg")) for role in ("unites", "zonage", "couverture_fixe")}
    asked = [dict(roles, CODE="code_unite", INDICATEURS=str(tmp_path / f"{rank}.gpkg")) for rank in range(3)]
    asked[0]["TAUX_PRET"], asked[1]["CODE"], asked[2]["TAUX_PRET"] = 0.0, "nom_absent", 1.0
    dialog, ended = batch.BatchAlgorithmDialog(provider.algorithm(ZONING).create()), []
    dialog.mainWidget().batchRowCount = lambda: len(asked)
    dialog.mainWidget().parametersForRow = lambda row, *more, **named: (dict(asked[row]), True)
    dialog.createSummaryTable = lambda results, errors: ended.append((len(results), len(errors)))
    # Its mark in the bar of tasks outlives the window in 3.22, and QGIS would wait for it at the end.
    monkeypatch.setattr(batch, "QgsScopedProxyProgressTask", lambda title: QgsProcessingFeedback(), raising=False)
    # The window that stands for QGIS has no tree of layers, and 3.44 asks for its own kind.
    monkeypatch.setattr("processing.gui.Postprocessing.iface", None, raising=False)
    dialog.runAlgorithm()
    wait(lambda: ended, 120)
    sip.delete(dialog)
    assert ended == [(2, 1)]
    first, last = (table(QgsVectorLayer(str(tmp_path / f"{rank}.gpkg"), "u", "ogr")) for rank in (0, 2))
    assert {row["u_ready_share"] for row in first.values()} - {None} == {1.0}
    assert first.keys() == last.keys() and first != last


def test_run_twice_gives_the_same(provider, layer, sample):
    once, twice = (table(run(ZONING, parameters(BY_ID[ZONING], layer, sample))["INDICATEURS"]) for _ in range(2))
    assert once == twice
