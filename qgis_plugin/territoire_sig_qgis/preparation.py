"""Layer preparation: one algorithm for each published format that the engine reads, built from its declaration."""

import json
from pathlib import Path

from qgis.core import (
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterCrs,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMatrix,
    QgsProcessingParameterString,
)

from .base import EngineAlgorithm
from .engine import ask
from .files import put_in_place
from .help_picture import reader_picture
from .results import hand_over
from .words import labelled, told, translate

#: A format that fills more roles than this is read one role at a time: it cannot tell which from the file.
MOST_ROLES = 8


class ReaderAlgorithm(EngineAlgorithm):
    """The algorithm of one published format: a file or a folder, to styled layers."""

    group_key = "preparer"

    def __init__(self, declaration, roles):
        super().__init__()
        self.declaration, self.roles = declaration, roles

    def createInstance(self):  # noqa: N802
        """Return another one of the same format."""
        return ReaderAlgorithm(self.declaration, self.roles)

    def name(self):
        """Return the identifier."""
        return "lire_" + self.declaration["id"]

    def displayName(self):  # noqa: N802
        """Return the title."""
        return translate("TerritoireSig", "Read: {}").format(told(self.declaration["title"]))

    def shortHelpString(self):  # noqa: N802
        """Return the help: what it makes, and the roles that the format fills."""
        what = translate(
            "TerritoireSig",
            "<p>Reads a delivery of this format (folder, archive or file) and makes a GeoPackage of it: one layer a "
            "role, checked, reprojected, named, styled and documented. Codes and columns bear the names that the "
            "analyses expect. The file read is not changed.</p>",
        )
        shown = self.declaration["roles"][:MOST_ROLES]
        lines = "".join(
            "<li>{}</li>".format(labelled(f"<b>{role}</b>", told(self.roles[role]["text"]))) for role in shown
        )
        more = "<li>…</li>" if len(self.declaration["roles"]) > MOST_ROLES else ""
        drawn = reader_picture(self.declaration, self.roles, MOST_ROLES)
        return "{}{}<h3>{}</h3><ul>{}{}</ul>".format(what, drawn, translate("TerritoireSig", "Roles"), lines, more)

    def tags(self):
        """Return words of both languages."""
        words = [word.strip("(),.").lower() for text in self.declaration["title"].values() for word in text.split()]
        return sorted({word for word in words if len(word) > 2}.union(["lire", "read", "import", "charger"]))

    def initAlgorithm(self, config=None):  # noqa: N802
        """Add the parameters and the outputs, from the declaration."""
        file = translate("TerritoireSig", "File or archive")
        folder = translate("TerritoireSig", "or folder")
        self.addParameter(QgsProcessingParameterFile("FICHIER", file, optional=True))
        self.addParameter(
            QgsProcessingParameterFile("DOSSIER", folder, QgsProcessingParameterFile.Behavior.Folder, optional=True)
        )
        roles = self.declaration["roles"]
        if len(roles) > 1:
            text = translate("TerritoireSig", "Role (all, where none is chosen)")
            if self._one_role_at_a_time():
                text = translate("TerritoireSig", "Role")
            self.addParameter(
                QgsProcessingParameterEnum(
                    "ROLE", text, roles, usesStaticStrings=True, optional=not self._one_role_at_a_time()
                )
            )
        self._add_advanced()
        load = translate("TerritoireSig", "Add the layers to the project")
        self.addParameter(QgsProcessingParameterBoolean("CHARGER", load, True))
        package = translate("TerritoireSig", "GeoPackage of the layers")
        self.addParameter(QgsProcessingParameterFileDestination("GEOPACKAGE", package, "GeoPackage (*.gpkg)"))
        self.addOutput(QgsProcessingOutputMultipleLayers("COUCHES", translate("TerritoireSig", "Layers")))
        self.addOutput(QgsProcessingOutputNumber("NB_COUCHES", translate("TerritoireSig", "Number of layers")))
        self.addOutput(QgsProcessingOutputNumber("NB_ENTITES", translate("TerritoireSig", "Number of features")))

    def checkParameterValues(self, parameters, context):  # noqa: N802
        """Refuse a file and a folder together, or neither."""
        fine, why = super().checkParameterValues(parameters, context)
        given = [self.parameterAsString(parameters, name, context) for name in ("FICHIER", "DOSSIER")]
        if fine and sum(map(bool, given)) != 1:
            return False, translate("TerritoireSig", "Give a file or a folder.")
        return fine, why

    def work(self, parameters, context, feedback, folder):
        """Ask the engine, put its GeoPackage in place, and hand its layers to the project."""
        answer = ask("preparer", feedback, **self._request(parameters, context, folder))
        target = self.parameterAsFileOutput(parameters, "GEOPACKAGE", context)
        put_in_place(answer.result["file"], target)
        events = [dict(event, file=target) for event in answer.layers]
        if self.parameterAsBoolean(parameters, "CHARGER", context):
            for event in events:
                hand_over(event, context)
        numbers = answer.result["numbers"]
        return {
            "GEOPACKAGE": target,
            "COUCHES": ["{}|layername={}".format(event["file"], event["name"]) for event in events],
            "NB_COUCHES": numbers["layer_count"],
            "NB_ENTITES": numbers["feature_count"],
        }

    def _one_role_at_a_time(self):
        return len(self.declaration["roles"]) > MOST_ROLES

    def _add_advanced(self):
        layer = translate("TerritoireSig", "Layer of the file")
        encoding = translate("TerritoireSig", "Encoding of the text (where the file is wrong)")
        stated = translate("TerritoireSig", "CRS of the file (where it says none)")
        wanted = translate("TerritoireSig", "CRS of the layers (the official one)")
        mapping = QgsProcessingParameterMatrix(
            "COLONNES",
            translate("TerritoireSig", "Columns that bear another name"),
            headers=[
                translate("TerritoireSig", "Column of the role"),
                translate("TerritoireSig", "Column of the file"),
            ],
            defaultValue=[],
            optional=True,
        )
        added = [
            *(
                QgsProcessingParameterString(_option(name), told(text), optional=True)
                for name, text in self.declaration["options"].items()
            ),
            QgsProcessingParameterString("COUCHE", layer, optional=True),
            mapping,
            QgsProcessingParameterString("ENCODAGE", encoding, optional=True),
            QgsProcessingParameterCrs("CRS_FICHIER", stated, optional=True),
            QgsProcessingParameterCrs("CRS", wanted, optional=True),
        ]
        for parameter in added:
            parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
            self.addParameter(parameter)

    def _request(self, parameters, context, folder):
        def text(name):
            return self.parameterAsString(parameters, name, context)

        options = {name: _value(text(_option(name))) for name in self.declaration["options"] if text(_option(name))}
        request = {
            "format": self.declaration["id"],
            "file": str(Path(text("FICHIER") or text("DOSSIER")).resolve()),
            "out": str(folder / "livraison"),
            "replaces": self.parameterAsFileOutput(parameters, "GEOPACKAGE", context),
            "options": options,
            "columns": self._columns(parameters, context),
        }
        if self.parameterDefinition("ROLE") is not None:
            request["role"] = self.parameterAsEnumString(parameters, "ROLE", context) or None
        elif request["columns"]:
            request["role"] = self.declaration["roles"][0]
        request.update(layer=text("COUCHE") or None, encoding=text("ENCODAGE") or None)
        for key, name in (("crs", "CRS"), ("file_crs", "CRS_FICHIER")):
            crs = self.parameterAsCrs(parameters, name, context)
            request[key] = (crs.authid() or crs.toWkt()) if crs.isValid() else None
        return request

    def _columns(self, parameters, context):
        cells = [str(cell or "").strip() for cell in self.parameterAsMatrix(parameters, "COLONNES", context)]
        return {column: name for column, name in zip(cells[0::2], cells[1::2]) if column and name}


def _option(name):
    return "OPTION_" + name.upper()


def _value(text):
    """Return a number, a list or a table that the user wrote as such, a text otherwise."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, (int, float, list, dict)) else text
