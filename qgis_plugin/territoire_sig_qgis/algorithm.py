"""One Processing algorithm for any declared analysis: nothing here is written for one of them."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingParameterCrs,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterMatrix,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsUnitTypes,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QT_TRANSLATE_NOOP

from .base import EngineAlgorithm
from .engine import ask
from .engine_place import EngineError
from .help_pages import declared_help
from .results import dress, kept_fields, pour, read_layer
from .snapshot import raster_file, sent_name, write_snapshot
from .words import capital, told, translate

LEVELS = ("commune", "iris", "carreau", "autre")
#: Numbers that the engine gives with its result → output, with its name.
NUMBERS = {
    "unit_count": ("NB_UNITES", QT_TRANSLATE_NOOP("TerritoireSig", "Number of units")),
    "unknown_count": ("NB_INCONNUS", QT_TRANSLATE_NOOP("TerritoireSig", "Number of unknown values")),
    "known_share_min": ("PART_CONNUE_MIN", QT_TRANSLATE_NOOP("TerritoireSig", "Smallest known share")),
    "map_count": ("NB_CARTE", QT_TRANSLATE_NOOP("TerritoireSig", "Number of features of the map")),
    "seconds": ("DUREE_S", QT_TRANSLATE_NOOP("TerritoireSig", "Time of the computation (s)")),
}
#: Geometry of a role → type of source; the wkb family that it asks for; the sink of maps drawn with it.
SOURCE_TYPES = {
    "polygon": QgsProcessing.SourceType.TypeVectorPolygon,
    "line": QgsProcessing.SourceType.TypeVectorLine,
    "point": QgsProcessing.SourceType.TypeVectorPoint,
    "any": QgsProcessing.SourceType.TypeVectorAnyGeometry,
    "table": QgsProcessing.SourceType.TypeVector,
}
FAMILIES = {
    "polygon": QgsWkbTypes.GeometryType.PolygonGeometry,
    "line": QgsWkbTypes.GeometryType.LineGeometry,
    "point": QgsWkbTypes.GeometryType.PointGeometry,
}
GEOMETRY_NAMES = {
    "polygon": QT_TRANSLATE_NOOP("TerritoireSig", "polygons"),
    "line": QT_TRANSLATE_NOOP("TerritoireSig", "lines"),
    "point": QT_TRANSLATE_NOOP("TerritoireSig", "points"),
}
#: Kind of geometry in the engine's words → sink, its type and its name.
MAPS = {
    "Polygon": ("SURFACES", "polygon", QT_TRANSLATE_NOOP("TerritoireSig", "Map: areas")),
    "LineString": ("LIGNES", "line", QT_TRANSLATE_NOOP("TerritoireSig", "Map: lines")),
    "Point": ("POINTS", "point", QT_TRANSLATE_NOOP("TerritoireSig", "Map: points")),
}


class DeclaredAlgorithm(EngineAlgorithm):
    """The algorithm of one declaration."""

    group_key = "croiser"

    def __init__(self, declaration, roles):
        super().__init__()
        self.declaration, self.roles = declaration, roles

    def createInstance(self):  # noqa: N802
        """Return another one of the same declaration."""
        return DeclaredAlgorithm(self.declaration, self.roles)

    def name(self):
        """Return the identifier of the analysis."""
        return self.declaration["id"]

    def displayName(self):  # noqa: N802
        """Return the title of the analysis."""
        return told(self.declaration["title"])

    def shortDescription(self):  # noqa: N802
        """Return the question that the analysis asks."""
        return told(self.declaration["summary"])

    def shortHelpString(self):  # noqa: N802
        """Return the whole help, as HTML."""
        return declared_help(self.declaration, self.roles)

    def tags(self):
        """Return words of both languages, for the search of the toolbox."""
        title, policies = self.declaration["title"], self.declaration["policies"]
        words = [word.strip("’',:()").lower() for text in title.values() for word in text.split()]
        needs = [need["role"].replace("_", " ") for need in self.declaration["inputs"]]
        return sorted({word for word in words if len(word) > 3}.union(policies, needs))

    def initAlgorithm(self, config=None):  # noqa: N802
        """Add parameters and outputs, from the declaration."""
        self._add_inputs()
        for parameter in self.declaration["parameters"]:
            self.addParameter(_choice(parameter) if parameter["choices"] else _number(parameter))
        self._add_advanced()
        self._add_outputs()

    def checkParameterValues(self, parameters, context):  # noqa: N802
        """Refuse a layer without CRS or of another geometry, a group of roles of which none is there, and degrees."""
        fine, why = super().checkParameterValues(parameters, context)
        if fine:
            why = self._unfit(parameters, context)
        return not why, why

    def work(self, parameters, context, feedback, folder):
        """Give the engine its layers, ask, and bring back what it wrote."""
        request = self._request(parameters, context, feedback, folder)
        request["analysis"], request["out"] = self.declaration["id"], str(folder / "resultat")
        request["parameters"] = {
            item["name"]: self._value(item, parameters, context) for item in self.declaration["parameters"]
        }
        answer = ask("analyse", feedback, **request)
        outputs = {NUMBERS[key][0]: value for key, value in answer.result["numbers"].items() if key in NUMBERS}
        for event in answer.layers:
            outputs.update(self._delivered(event, parameters, context, feedback))
        return outputs

    def _add_outputs(self):
        polygons = QgsProcessing.SourceType.TypeVectorPolygon
        title = translate("TerritoireSig", "Indicators by unit")
        self.addParameter(QgsProcessingParameterFeatureSink("INDICATEURS", title, polygons))
        for name, geometry, text in self._maps().values():
            self.addParameter(
                QgsProcessingParameterFeatureSink(
                    name, translate("TerritoireSig", text), SOURCE_TYPES[geometry], optional=True
                )
            )
        for name, title in self._tables().values():
            table = QgsProcessing.SourceType.TypeVector
            self.addParameter(QgsProcessingParameterFeatureSink(name, title, table, optional=True))
        for name, text in NUMBERS.values():
            self.addOutput(QgsProcessingOutputNumber(name, translate("TerritoireSig", text)))

    def _add_inputs(self):
        polygons = QgsProcessing.SourceType.TypeVectorPolygon
        text = translate("TerritoireSig", "Units (communes, IRIS, squares…)")
        self.addParameter(QgsProcessingParameterFeatureSource("UNITES", text, [polygons]))
        code = translate("TerritoireSig", "Field of the code of the units")
        self.addParameter(QgsProcessingParameterField("CODE", code, "code_insee", "UNITES"))
        label = translate("TerritoireSig", "Field of the name of the units")
        self.addParameter(QgsProcessingParameterField("NOM", label, None, "UNITES", optional=True))
        level = translate("TerritoireSig", "Level of the units")
        self.addParameter(
            QgsProcessingParameterEnum("NIVEAU", level, LEVELS, defaultValue="commune", usesStaticStrings=True)
        )
        for need in self.declaration["inputs"]:
            self.addParameter(self._source(need))

    def _add_advanced(self):
        mapping = QgsProcessingParameterMatrix(
            "COLONNES",
            translate("TerritoireSig", "Fields that bear another name"),
            headers=[
                translate("TerritoireSig", "Role"),
                translate("TerritoireSig", "Column"),
                translate("TerritoireSig", "Field of the layer"),
            ],
            defaultValue=[],
            optional=True,
        )
        system = QgsProcessingParameterCrs(
            "CRS", translate("TerritoireSig", "Analysis CRS (the official one)"), optional=True
        )
        for parameter in (mapping, system):
            parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
            self.addParameter(parameter)

    def _source(self, need):
        role, name = self.roles[need["role"]], need["role"].upper()
        text = "{} ({})".format(capital(told(need["text"]) or told(role["text"])), need["role"])
        if role["geometry"] == "raster":
            return QgsProcessingParameterRasterLayer(name, text, optional=not need["required"])
        types = [SOURCE_TYPES[role["geometry"]]]
        found = QgsProcessingParameterFeatureSource(name, text, types, optional=not need["required"])
        columns = ("{}: {}".format(column["name"], told(column["text"])) for column in role["columns"])
        found.setHelp("\n".join(columns))
        return found

    def _maps(self):
        """Return the sinks of the map: one for each kind of geometry that the layers read may leave on it."""
        if not self.declaration["map_classes"]:
            return {}
        there = {self.roles[need["role"]]["geometry"] for need in self.declaration["inputs"]}
        if "any" in there:
            return MAPS
        # Tables are drawn on the units; lines may be shown by their stops.
        kinds = there | {drawn for read, drawn in (("table", "polygon"), ("line", "point")) if read in there}
        return {kind: told_map for kind, told_map in MAPS.items() if told_map[1] in kinds}

    def _tables(self):
        """Return the sinks of what is not by unit, by the engine's name: values of the territory, then the tables."""
        found = {}
        if self.declaration["overall"]:
            title = translate("TerritoireSig", "Values of the whole territory")
            found["indicateurs_territoire"] = ("TERRITOIRE", title)
        for table in self.declaration["tables"]:
            name = "{}_{}".format(self.declaration["id"], table["name"])
            found[name] = ("TABLE_" + table["name"].upper(), told(table["text"]))
        return found

    def _value(self, item, parameters, context):
        if item["choices"]:
            return self.parameterAsEnumString(parameters, item["name"].upper(), context)
        return self.parameterAsDouble(parameters, item["name"].upper(), context)

    def _unfit(self, parameters, context):
        """Return why the layers cannot be measured, empty where they can."""
        why = self._unfit_source(parameters, context, "UNITES", "polygon") or self._lonely(parameters)
        for need in self.declaration["inputs"]:
            geometry = self.roles[need["role"]]["geometry"]
            if not why and geometry == "raster":
                why = self._unfit_raster(parameters, context, need["role"].upper())
            elif not why and geometry != "table":
                why = self._unfit_source(parameters, context, need["role"].upper(), geometry)
        return why or self._unfit_crs(parameters, context)

    def _lonely(self, parameters):
        for group in self.declaration["one_of"]:
            if not any(parameters.get(role.upper()) for role in group):
                return translate("TerritoireSig", "At least one of these layers is needed: {}.").format(
                    ", ".join(group)
                )
        return ""

    def _unfit_source(self, parameters, context, name, geometry):
        source = self.parameterAsSource(parameters, name, context)
        if source is None:
            return ""
        if geometry in FAMILIES and QgsWkbTypes.geometryType(source.wkbType()) != FAMILIES[geometry]:
            return translate("TerritoireSig", "{name}: the layer “{layer}” must hold {kind}.").format(
                name=name, layer=source.sourceName(), kind=translate("TerritoireSig", GEOMETRY_NAMES[geometry])
            )
        if not source.sourceCrs().isValid():
            return translate(
                "TerritoireSig", "{name}: the layer “{layer}” has no CRS.\nMend: set it in its properties."
            ).format(name=name, layer=source.sourceName())
        return ""

    def _unfit_raster(self, parameters, context, name):
        layer = self.parameterAsRasterLayer(parameters, name, context)
        if layer is not None:
            try:
                raster_file(layer)
            except EngineError as error:
                return str(error)
        return ""

    def _unfit_crs(self, parameters, context):
        crs = self.parameterAsCrs(parameters, "CRS", context)
        metres = QgsUnitTypes.DistanceUnit.DistanceMeters
        if not crs.isValid() or (not crs.isGeographic() and crs.mapUnits() == metres):
            return ""
        return translate(
            "TerritoireSig",
            "The analysis CRS {} is not in metres.\nMend: take EPSG:2154, or leave this parameter empty.",
        ).format(crs.authid())

    def _request(self, parameters, context, feedback, folder):
        """Return what the request says of the layers, which are copied for the engine."""
        feedback.setProgressText(translate("TerritoireSig", "copying the layers for the engine"))
        units = self._there("UNITES", parameters, context)
        request = {
            "name": units.sourceName(),
            "units": self._units(units, parameters, context, feedback, folder),
            "inputs": self._inputs(parameters, context, feedback, folder),
        }
        crs = self.parameterAsCrs(parameters, "CRS", context)
        if crs.isValid():
            request["crs"] = crs.authid() or crs.toWkt()
        return request

    def _there(self, name, parameters, context):
        """Return a source that was asked for; it may have been taken out of the project since."""
        source = self.parameterAsSource(parameters, name, context)
        if source is not None:
            return source
        raise QgsProcessingException(
            translate(
                "TerritoireSig", "{name}: the layer is no longer in the project.\nMend: choose another, and run again."
            ).format(name=name)
        )

    def _units(self, source, parameters, context, feedback, folder):
        label = self.parameterAsString(parameters, "NOM", context)
        return {
            "file": write_snapshot(source, folder / "unites", context, feedback),
            "code": sent_name(self.parameterAsString(parameters, "CODE", context)),
            "label": sent_name(label) if label else None,
            "level": self.parameterAsEnumString(parameters, "NIVEAU", context),
            "source": source.sourceName(),
        }

    def _inputs(self, parameters, context, feedback, folder):
        columns, inputs = self._columns(parameters, context), {}
        for need in self.declaration["inputs"]:
            role, name = need["role"], need["role"].upper()
            if self.roles[role]["geometry"] == "raster":
                layer = self.parameterAsRasterLayer(parameters, name, context)
                if layer is not None:
                    inputs[role] = {"file": raster_file(layer), "source": layer.name()}
                continue
            source = self.parameterAsSource(parameters, name, context)
            if source is None and parameters.get(name):
                source = self._there(name, parameters, context)
            if source is not None:
                geometry = self.roles[role]["geometry"]
                inputs[role] = {
                    "file": write_snapshot(source, folder / role, context, feedback, geometry),
                    "columns": columns.get(role, {}),
                    "source": source.sourceName(),
                }
        return inputs

    def _columns(self, parameters, context):
        """Return what the user says of names: role → column of the role → field of the layer."""
        cells = [str(cell or "").strip() for cell in self.parameterAsMatrix(parameters, "COLONNES", context)]
        found = {}
        for role, column, name in zip(cells[0::3], cells[1::3], cells[2::3]):
            if role and column and name:
                found.setdefault(role, {})[column] = sent_name(name)
        return found

    def _delivered(self, event, parameters, context, feedback):
        """Copy one layer of the engine to its sink; return the output that it fills."""
        layer = read_layer(event)
        name = "INDICATEURS"
        if event["name"] in self._tables():
            name = self._tables()[event["name"]][0]
        elif event["name"] != "unites":
            kinds = [MAPS[kind][0] for kind in event["geometry"]]
            if not kinds or self.parameterDefinition(kinds[0]) is None:
                feedback.pushWarning(_undrawn(event))
                return {}
            name = kinds[0]
        fields, places = kept_fields(layer)
        sink, destination = self.parameterAsSink(parameters, name, context, fields, layer.wkbType(), layer.crs())
        if sink is None:
            if name == "INDICATEURS":
                raise QgsProcessingAlgorithm.invalidSinkError(parameters, name)
            return {}
        pour(layer, places, sink, self, name, feedback)
        dress(destination, event, layer.metadata().clone(), context)
        return {name: destination}


def _number(parameter):
    unit = "" if parameter["unit"] == "part" else " ({})".format(parameter["unit"])
    found = QgsProcessingParameterNumber(
        parameter["name"].upper(),
        capital(told(parameter["text"])) + unit,
        QgsProcessingParameterNumber.Type.Double,
        parameter["default"],
    )
    if parameter["minimum"] is not None:
        found.setMinimum(parameter["minimum"])
    if parameter["maximum"] is not None:
        found.setMaximum(parameter["maximum"])
    return found


def _choice(parameter):
    words = "; ".join(f"{word}: {told(text)}" for word, text in parameter["choices"].items())
    found = QgsProcessingParameterEnum(
        parameter["name"].upper(),
        capital(told(parameter["text"])),
        list(parameter["choices"]),
        defaultValue=parameter["default"],
        usesStaticStrings=True,
    )
    found.setHelp(words)
    return found


def _undrawn(event):
    return translate("TerritoireSig", "map not given: {title}, {rows} feature(s)").format(**event)
