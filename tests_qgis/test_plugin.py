"""The plugin in a window: its first words, and how it follows an engine that is named, tested or made."""

import os

from asked import DECLARED, wait
from qgis.core import QgsExpression, QgsSettings
from territoire_sig_qgis import catalogue, engine_place
from territoire_sig_qgis.engine import Answer
from territoire_sig_qgis.plugin import FIRST_RUN, TerritoirePlugin


def test_a_plugin_ticked_in_a_qgis_that_runs_says_it_too(window, qgis_new_project, monkeypatch, tmp_path):
    monkeypatch.setenv("TERRITOIRE_SIG_PYTHON", "/nulle/part/python")
    QgsSettings().remove(FIRST_RUN)
    window.main.show()
    plugin = TerritoirePlugin(window)
    plugin.initGui()
    assert window.said() == []
    wait(window.said)
    assert "/nulle/part/python" in window.said()[0]
    plugin.unload()


def test_the_options_of_qgis_take_the_banner_of_the_dock_away(plugin, window, monkeypatch):
    here = os.environ["TERRITOIRE_SIG_PYTHON"]
    monkeypatch.setenv("TERRITOIRE_SIG_PYTHON", "/nulle/part/python")
    plugin.toggle_dock()
    banner = plugin.dock.territory.engine
    assert not banner.isHidden()
    page = window.factories[0].createWidget(window.main)
    page.page.file.setFilePath(here)
    try:
        page.apply()
        assert banner.isHidden()
    finally:
        QgsSettings().remove(engine_place.SETTING)


def test_other_declarations_of_the_engine_renew_toolbox_functions_and_dock(plugin, monkeypatch, tmp_path):
    analysis = dict(DECLARED["analyses"][0], id="apportee_par_un_autre")
    policies = dict(DECLARED["policies"], numerique={"fr": "Réseaux", "en": "Networks"})
    told = dict(DECLARED, library="99.0", analyses=[analysis, *DECLARED["analyses"]], policies=policies)
    monkeypatch.setattr(catalogue, "cached_path", lambda: tmp_path / "declarations.json")
    monkeypatch.setattr(catalogue, "ask", lambda *asked, **more: Answer(told))
    policy = QgsExpression("ts_politique_libelle('numerique')")
    assert policy.evaluate() == "Digital"
    plugin.toggle_dock()
    work, former = plugin.engine_work(), plugin.dock
    try:
        for _ in range(2):
            work.test()
            wait(lambda: work.task is None)
        assert plugin.provider.algorithm("apportee_par_un_autre") is not None
        assert policy.evaluate() == "Networks"
        assert plugin.dock is not former and plugin.dock.territory.catalogue == told
        assert not plugin.dock.isHidden() and len(plugin.iface.docks) == 1
    finally:
        catalogue.current_catalogue.cache_clear()
