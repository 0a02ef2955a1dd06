"""Everything of the toolbox but the analyses behind ``qgis_process``: readers, checks, diagnosis, map, atlas, engine.

They are the steps of one model, as the analyses are in ``test_matrix.py``. The readers read the deliveries that the
territory of the sample names, and small files for the formats that it lacks.
"""

import json
import re
from collections import Counter

import pytest
import tomllib
from asked import DECLARED, ZONING, step, table
from qgis.core import (
    QgsDataProvider,
    QgsFeature,
    QgsGeometry,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from conftest import SAMPLE

READERS = {reader["id"]: reader for reader in DECLARED["readers"]}
NAMED = [item for item in tomllib.loads(SAMPLE.read_text(encoding="utf-8"))["couches"] if item["format"] in READERS]
#: Of the territory of the sample, the first delivery of each format, and the roles that one delivery alone fills.
DELIVERIES = {item["format"]: item for item in reversed(NAMED)}
FILLED = Counter(
    role for item in NAMED for role in ([item["role"]] if "role" in item else READERS[item["format"]]["roles"])
)
#: Features by role of the files written here.
WRITTEN = {
    "conseillers_numeriques": {"mediation": 2},
    "finess": {"sante": 1},
    "lieux_mediation": {"mediation": 3},
    "ppr_cnig": {"alea": 1, "zone_reglementaire": 1},
}
ADVISERS = [
    {"id": 1, "raison_sociale": "Mairie", "nb_cnfs": 2, "type": "publique", "latitude": 45.1, "longitude": 5.7},
    {"id": 2, "raison_sociale": "CCAS", "nb_cnfs": 1, "type": "publique", "latitude": 45.2, "longitude": 5.7},
]
PLACES = "id,nom,typologie,latitude,longitude\n1,A,TIERS_LIEUX,45.1,5.7\n2,B,BIB,45.1,5.8\n3,C,,45.1,5.9\n"
FINESS = (
    "finess;etalab;94;2024-01-01\n"
    "structureet;380000012;380000001;CENTRE;LONG;;;1;RUE;;;;001;38;ISERE;38000 X;;;355;Centre Hospitalier;4604;X;1;86\n"
    "geolocalisation;380000012;913000.1;6458000.2;1,ATLASANTE,100,IGN,BD_ADRESSE,V2.1,LAMBERT_93;2024-01-01\n"
)
PLAN = {
    "zonealeareference_112_s": {"idzonealea": "1", "codeprocedure": "P", "typealea": "112", "niveaualea": "06"},
    "zonereglementaireurba_s": {"idzonereglementaire": "1", "typereglement": "04"},
}


def delivered(folder):
    """Return what each reader is given, the files that the sample lacks being written in `folder`."""
    given = {}
    for name, item in DELIVERIES.items():
        place = SAMPLE.parent / item["fichier"]
        given[name] = {"DOSSIER" if place.is_dir() else "FICHIER": str(place)}
        if "role" in item and len(READERS[name]["roles"]) > 1:
            given[name]["ROLE"] = item["role"]
        given[name].update({"COUCHE": item["couche"]} if "couche" in item else {})
        given[name].update({"CRS_FICHIER": item["crs"]} if "crs" in item else {})
        for option, value in item.get("options", {}).items():
            given[name]["OPTION_" + option.upper()] = value if isinstance(value, str) else json.dumps(value)
    for name, text in (
        ("conseillers_numeriques", json.dumps(ADVISERS)),
        ("finess", FINESS),
        ("lieux_mediation", PLACES),
    ):
        path = folder / (name + (".json" if text.startswith("[") else ".csv"))
        path.write_text(text, encoding="utf-8")
        given[name] = {"FICHIER": str(path)}
    given["ppr_cnig"] = {"FICHIER": write_plan(folder / "plan.gpkg")}
    return {name: dict(asked, CRS="EPSG:2154") for name, asked in given.items()}


def write_plan(path):
    """Write a plan of risks of one square a layer; return its path."""
    options = QgsVectorFileWriter.SaveVectorOptions()
    for name, values in PLAN.items():
        columns = "&".join(f"field={column}:string" for column in values)
        layer = QgsVectorLayer("Polygon?crs=EPSG:2154&" + columns, name, "memory")
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))"))
        feature.setAttributes(list(values.values()))
        layer.dataProvider().addFeature(feature)
        options.layerName = "pprn_99ddt20240001_" + name
        QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), layer.transformContext(), options)
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    return str(path)


def steps(sample, folder):
    """Return the steps of the model, and the file or the folder of each output kept."""
    units = QgsProcessingModelChildParameterSource.fromChildOutput(ZONING, "INDICATEURS")
    roles = {role.upper(): str(sample / (role + ".gpkg")) for role in ("unites", "zonage", "couverture_fixe")}
    others = {
        "moteur": ({}, {}),
        "verifier": ({"TERRITOIRE": str(SAMPLE)}, {"FAUTES": "gpkg"}),
        "diagnostic": ({"TERRITOIRE": str(SAMPLE), "SEULEMENT": ZONING}, {"DOSSIER": ""}),
        ZONING: ({**roles, "CODE": "code_unite", "NOM": "nom_unite"}, {"INDICATEURS": "gpkg"}),
        "carte": (
            {"UNITES": units, "INDICATEUR": "auc_area_ha", "SECOND": "u_mean_rate"},
            {"STYLE": "qml", "LEGENDE": "svg"},
        ),
        "atlas": ({"UNITES": units, "NOM": "nom_unite", "INDICATEUR": "u_mean_rate"}, {"PDF": "pdf"}),
    }
    readers = {"lire_" + name: (given, {"GEOPACKAGE": "gpkg"}) for name, given in delivered(folder).items()}
    found, files = [], {}
    for name, (given, kept) in {**others, **readers}.items():
        found.append(step(name, given, *kept))
        files.update(
            {f"{name}:{output}": folder / f"{name}_{output}.{end}".rstrip(".") for output, end in kept.items()}
        )
    return found, files


@pytest.fixture(scope="module")
def files(shared_provider, quick_engine, qgis_process, sample, tmp_path_factory):
    """What one ``qgis_process`` has written: «step:output» → file or folder."""
    folder = tmp_path_factory.mktemp("outils")
    model = QgsProcessingModelAlgorithm("outils", "tests", "tests")
    children, places = steps(sample, folder)
    for child in children:
        model.addChildAlgorithm(child)
    model.updateDestinationParameters()
    path = folder / "outils.model3"
    assert model.toFile(str(path))
    code, _, errors = qgis_process(
        "--json", "run", str(path), "--", *(f"{key}={place}" for key, place in places.items())
    )
    assert code == 0, errors[-3000:]
    return places


def test_every_reader_is_run():
    assert set(DELIVERIES) | set(WRITTEN) == set(READERS)


@pytest.mark.parametrize("name", sorted(READERS))
def test_a_reader_gives_the_rows_that_the_library_reads(files, expected, name):
    place = files[f"lire_{name}:GEOPACKAGE"]
    opened = QgsVectorLayer(str(place), name, "ogr")
    roles = [text.split(QgsDataProvider.sublayerSeparator())[1] for text in opened.dataProvider().subLayers()]
    counts = {role: QgsVectorLayer(f"{place}|layername={role}", role, "ogr").featureCount() for role in roles}
    if name in WRITTEN:
        assert counts == WRITTEN[name]
        return
    assert counts and set(counts) <= set(READERS[name]["roles"]) and all(counts.values())
    alone = {role for role in counts if FILLED[role] == 1}
    assert {role: counts[role] for role in alone} == {role: expected["rows"][role] for role in alone}


def test_the_sample_has_no_fault_and_its_diagnosis_the_values_of_the_library(files, expected):
    faults = QgsVectorLayer(str(files["verifier:FAUTES"]), "fautes", "ogr")
    assert faults.isValid() and faults.featureCount() == 0
    folder = files["diagnostic:DOSSIER"]
    assert (folder / "rapport.html").is_file() and (folder / "constats.csv").is_file()
    units = table(QgsVectorLayer(f"{folder / 'diagnostic.gpkg'}|layername=unites", "unites", "ogr"))
    for output, values in expected["values"][ZONING].items():
        assert [units[code][output] for code in expected["codes"]] == values, output


def test_a_map_and_an_atlas_are_made_of_the_indicators_of_the_step_before(files, expected):
    assert "RuleRenderer" in files["carte:STYLE"].read_text(encoding="utf-8")
    assert "<svg" in files["carte:LEGENDE"].read_text(encoding="utf-8")
    pages = re.findall(rb"/Type /Page\b", files["atlas:PDF"].read_bytes())
    assert len(pages) == len(expected["codes"])


def test_the_engine_tested_gives_its_declarations_to_the_profile(files, qgis_process):
    code, out, _ = qgis_process("--json", "run", "territoire_sig:moteur", "--")
    assert code == 0
    assert json.loads(out)["results"]["NB_ANALYSES"] == len(DECLARED["analyses"])
