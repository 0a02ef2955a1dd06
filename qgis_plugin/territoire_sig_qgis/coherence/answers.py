"""The results of a diagnosis: its findings, ranked, and its matrix, as the engine wrote them."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from qgis.core import NULL, QgsFeatureRequest, QgsMapLayer, QgsProject, QgsVectorLayer

from ..engine_place import EngineError
from ..files import source_parts
from ..words import translate

#: Columns of a finding that the dock shows or sorts by, as the GeoPackage names them.
COLUMNS = (
    *("numero", "regle", "titre", "politique_a", "politique_b", "score", "gravite", "code_unite", "nom_unite"),
    *("objet", "surface_m2", "longueur_m", "nombre", "habitants", "services", "acteurs", "article", "explication"),
    "approximation",
)
LAYER = "constats"
TO_SETTLE = "à traiter"


@dataclass
class Finding:
    """One finding, with its decision."""

    fid: int
    values: dict
    rank: int = 0
    decision: str = ""
    note: str = ""

    def __getitem__(self, name):
        return self.values[name]

    @property
    def conflict(self):
        """Whether policies contradict each other there."""
        return (self.values["score"] or 0) < 0

    @property
    def pair(self):
        """The two policies, in one order."""
        return pair(self.values["politique_a"], self.values["politique_b"])

    @property
    def key(self):
        """What the finding is called from one diagnosis to the next."""
        return tuple(str(self.values[name] or "") for name in ("regle", "code_unite", "objet"))


@dataclass(frozen=True)
class Cell:
    """One pair of policies of the matrix; None where it is unknown."""

    net: object
    synergies: int
    conflicts: int
    people: object
    answered: int
    unanswered: int


@dataclass
class Answers:
    """A diagnosis opened: its folder, its findings, its matrix by pair of policies."""

    file: Path
    findings: list = field(default_factory=list)
    matrix: dict = field(default_factory=dict)


def pair(first, second):
    """Return two policies in one order, whichever is named first."""
    return tuple(sorted((str(first), str(second))))


def open_answers(file, layer=None):
    """Return the findings, the gravest first (conflicts, then synergies), and the matrix beside the GeoPackage.

    They are read from `layer`, where the project has it: a file opened twice is a file that may stay locked.

    Raises EngineError when the file is no diagnosis.
    """
    file = Path(file)
    layer = layer or open_layer(file)
    names = [item.name() for item in layer.fields()]
    if not layer.isValid() or not set(COLUMNS) <= set(names):
        raise EngineError(
            translate(
                "TerritoireSig",
                "“{file}” is not the GeoPackage of a diagnosis.\n"
                "Mend: choose the file diagnostic.gpkg of a folder of results.",
            ).format(file=file)
        )
    findings = [_finding(feature, names) for feature in layer.getFeatures(_attributes_only())]
    return Answers(file, ranked(findings), read_matrix(file.with_name("matrice.csv")))


def open_layer(file, name=LAYER):
    """Return a layer of a GeoPackage, opened by QGIS itself."""
    options = QgsVectorLayer.LayerOptions()
    options.loadDefaultStyle = False
    return QgsVectorLayer(f"{file}|layername={name}", name, "ogr", options)


def layers_of(file, project=None):
    """Return name → layer, of the layers of one diagnosis that the project holds."""
    found = {}
    for layer in (project or QgsProject.instance()).mapLayers().values():
        if layer.type() == QgsMapLayer.LayerType.VectorLayer and layer.providerType() == "ogr":
            path, name = source_parts(layer)
            if name and Path(path) == Path(file):
                found[name] = layer
    return found


def ranked(findings):
    """Return the findings in the order of the register: severity, inhabitants, size; conflicts before synergies."""
    ordered = sorted(findings, key=_order)
    for conflict in (True, False):
        for rank, finding in enumerate((item for item in ordered if item.conflict is conflict), 1):
            finding.rank = rank
    return ordered


def read_matrix(path):
    """Return pair of policies → cell, empty where the table is not there."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return {pair(row["politique_a"], row["politique_b"]): _cell(row) for row in rows}
    except (OSError, KeyError, ValueError):
        return {}


def _cell(row):
    return Cell(
        int(row["score_net"]) if row["score_net"] else None,
        int(row["synergies"]),
        int(row["conflits"]),
        float(row["habitants"]) if row["habitants"] else None,
        int(row["regles_repondues"]),
        int(row["regles_sans_reponse"]),
    )


def _order(finding):
    low = float("-inf")
    values = finding.values
    size = [values[name] for name in ("surface_m2", "longueur_m") if values[name] is not None]
    measured = sum(size) if size else values["nombre"]
    people = values["habitants"]
    return (
        not finding.conflict,
        -(values["gravite"] or 0),
        -(low if people is None else people),
        -(low if measured is None else measured),
        values["regle"] or "",
        values["code_unite"] or "",
        values["objet"] or "",
    )


def _finding(feature, names):
    cells = dict(zip(names, feature.attributes()))
    values = {name: None if cells[name] == NULL else cells[name] for name in COLUMNS}
    told = {name: "" if cells.get(name, NULL) == NULL else str(cells[name]) for name in ("arbitrage", "note")}
    return Finding(feature.id(), values, decision=told["arbitrage"] or TO_SETTLE, note=told["note"])


def _attributes_only():
    request = QgsFeatureRequest()
    request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    return request
