"""Maps as Processing algorithms: a style of one quantity or two, and the atlas by commune. They run headless."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
)

from .base import EngineAlgorithm
from .catalogue import load_catalogue
from .engine import PROTOCOL, ask
from .files import put_in_place
from .help_picture import signature_picture
from .maps import PAGES, MapError, export_atlas, value_line
from .snapshot import picture_of, write_picture
from .words import told, translate

_QUANTITY = QgsProcessingParameterField.DataType.Numeric


class _MapAlgorithm(EngineAlgorithm):
    """A map of a layer of polygons, by one column of numbers or by two."""

    group_key = "cartographier"

    def createInstance(self):  # noqa: N802
        """Return another one."""
        return type(self)()

    def group(self):
        """Return the name of the group, after those of the analyses."""
        return translate("TerritoireSig", "4 Map")

    def flags(self):
        """Return the flags: layouts and layers of the project belong to the main thread."""
        return super().flags() | QgsProcessingAlgorithm.Flag.FlagNoThreading

    def _add_layer(self):
        polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
        units = translate("TerritoireSig", "Units (layer of indicators)")
        self.addParameter(QgsProcessingParameterVectorLayer("UNITES", units, polygons))

    def _add_quantities(self, optional):
        first = translate("TerritoireSig", "Indicator")
        second = translate("TerritoireSig", "Second indicator: map of two quantities")
        for name, text, free in (("INDICATEUR", first, optional), ("SECOND", second, True)):
            self.addParameter(QgsProcessingParameterField(name, text, None, "UNITES", _QUANTITY, optional=free))

    def _map(self, layer, parameters, context, feedback, folder, label=None):
        """Have the engine draw up the style; return its answer, None where no indicator is given."""
        names = [self.parameterAsString(parameters, name, context) for name in ("INDICATEUR", "SECOND")]
        if not names[0]:
            return None
        columns = list(dict.fromkeys(name for name in names if name))
        file = write_picture(picture_of(layer), folder / "unites", context.transformContext(), feedback)
        request = dict(zip(("column", "second"), columns), file=file, out=str(folder / "carte"), label=label)
        return ask("carte", feedback, **request).result


class StyleAlgorithm(_MapAlgorithm):
    """A layer styled by one indicator, or by two together with their legend."""

    def name(self):
        """Return the identifier."""
        return "carte"

    def displayName(self):  # noqa: N802
        """Return the title."""
        return translate("TerritoireSig", "Map of one indicator, or of two")

    def shortHelpString(self):  # noqa: N802
        """Return the help."""
        text = translate(
            "TerritoireSig",
            "<p>Styles a layer by one indicator (five classes, “unknown” hatched), or by two at once: nine classes of "
            "three by three, cut at the thirds of the known units, blue for the first, orange for the second, dark "
            "when both are high. The colours stay distinct for a colour-blind reader. It gives a style (QML) and, for "
            "two quantities, a legend (SVG) to lay in a layout.</p>",
        )
        return text + signature_picture(self)

    def tags(self):
        """Return words of both languages."""
        return ["carte", "style", "bivariée", "légende", "map", "bivariate", "legend", "qml"]

    def initAlgorithm(self, config=None):  # noqa: N802
        """Add the parameters."""
        self._add_layer()
        self._add_quantities(optional=False)
        style, legend = translate("TerritoireSig", "Style"), translate("TerritoireSig", "Legend of two quantities")
        self.addParameter(QgsProcessingParameterFileDestination("STYLE", style, "QML (*.qml)"))
        self.addParameter(QgsProcessingParameterFileDestination("LEGENDE", legend, "SVG (*.svg)", optional=True))

    def work(self, parameters, context, feedback, folder):
        """Ask the engine, keep the style and the legend, and dress the layer with it."""
        layer = self.parameterAsVectorLayer(parameters, "UNITES", context)
        result = self._map(layer, parameters, context, feedback, folder)
        outputs = {"STYLE": self.parameterAsFileOutput(parameters, "STYLE", context)}
        put_in_place(result["style"], outputs["STYLE"])
        legend = self.parameterAsFileOutput(parameters, "LEGENDE", context)
        if result["legend"] and legend:
            put_in_place(result["legend"], legend)
            outputs["LEGENDE"] = legend
        layer.loadNamedStyle(outputs["STYLE"])
        layer.triggerRepaint()
        return outputs


class AtlasAlgorithm(_MapAlgorithm):
    """One page a commune, in one PDF."""

    def name(self):
        """Return the identifier."""
        return "atlas"

    def displayName(self):  # noqa: N802
        """Return the title."""
        return translate("TerritoireSig", "Atlas by commune (PDF)")

    def shortHelpString(self):  # noqa: N802
        """Return the help."""
        text = translate(
            "TerritoireSig",
            "<p>Makes a PDF of one page a unit: the map around it, its outline, the legend, the scale, the north, the "
            "values of the chosen fields and the sources. Without an indicator, the layer keeps the style that it "
            "bears. The page template also serves by hand: <i>Project › New Print Layout</i>, then <i>Add Items from "
            "Template</i>.</p>",
        )
        return text + signature_picture(self)

    def tags(self):
        """Return words of both languages."""
        return ["atlas", "pdf", "impression", "mise en page", "layout", "print", "commune"]

    def initAlgorithm(self, config=None):  # noqa: N802
        """Add the parameters and the outputs."""
        self._add_layer()
        name = translate("TerritoireSig", "Field of the name of the units")
        self.addParameter(QgsProcessingParameterField("NOM", name, "nom_unite", "UNITES"))
        self._add_quantities(optional=True)
        shown = translate("TerritoireSig", "Fields whose value is written")
        self.addParameter(
            QgsProcessingParameterField("VALEURS", shown, None, "UNITES", allowMultiple=True, optional=True)
        )
        others = translate("TerritoireSig", "Layers above the units")
        vectors = QgsProcessing.SourceType.TypeVector
        self.addParameter(QgsProcessingParameterMultipleLayers("COUCHES", others, vectors, optional=True))
        title = translate("TerritoireSig", "Title")
        self.addParameter(QgsProcessingParameterString("TITRE", title, optional=True))
        sources = translate("TerritoireSig", "Sources and licences")
        self.addParameter(QgsProcessingParameterString("SOURCES", sources, optional=True))
        page = translate("TerritoireSig", "Page")
        self.addParameter(
            QgsProcessingParameterEnum("PAGE", page, PAGES, defaultValue=PAGES[0], usesStaticStrings=True)
        )
        self.addParameter(
            QgsProcessingParameterFileDestination("PDF", translate("TerritoireSig", "Atlas"), "PDF (*.pdf)")
        )
        self.addOutput(QgsProcessingOutputNumber("NB_PAGES", translate("TerritoireSig", "Number of pages")))

    def canExecute(self):  # noqa: N802
        """Return yes: an atlas of styled layers needs no engine."""
        return True, ""

    def work(self, parameters, context, feedback, folder):
        """Style a clone of the layer where an indicator is given, then export its atlas."""
        layer = self.parameterAsVectorLayer(parameters, "UNITES", context)
        name = self.parameterAsString(parameters, "NOM", context)
        units, title = layer.clone(), self.parameterAsString(parameters, "TITRE", context)
        result = self._map(layer, parameters, context, feedback, folder)
        described = []
        if result is not None:
            units.loadNamedStyle(result["style"])
            described = result["outputs"]
            title = title or " × ".join(told(item["text"]) for item in described)
        target = self.parameterAsFileOutput(parameters, "PDF", context)
        try:
            pages = export_atlas(
                units,
                target,
                title=title or layer.name(),
                name_field=name,
                page=self.parameterAsEnumString(parameters, "PAGE", context),
                layers=self.parameterAsLayerList(parameters, "COUCHES", context) or (),
                values=self._lines(described, parameters, context),
                credits=self.parameterAsString(parameters, "SOURCES", context),
                legend_picture=(result or {}).get("legend") or "",
                feedback=feedback,
            )
        except MapError as error:
            raise QgsProcessingException(str(error)) from error
        return {"PDF": target, "NB_PAGES": pages}

    def _lines(self, described, parameters, context):
        """Return the lines of values: the indicators of the map, then the fields that the user chose."""
        fields = field_names(self, parameters, "VALEURS", context)
        known = _declared_outputs()
        columns = dict.fromkeys([*(item["column"] for item in described), *fields])
        return [value_line(known.get(name, (name, ""))[0], name, known.get(name, (name, ""))[1]) for name in columns]


def field_names(algorithm, parameters, name, context):
    """Return the fields that a parameter names; the method of QGIS 3.22 has since been replaced."""
    read = getattr(algorithm, "parameterAsStrings", None) or algorithm.parameterAsFields
    return read(parameters, name, context)


def _declared_outputs():
    """Return the words and the unit of every declared indicator, by column."""
    outputs = [item for analysis in load_catalogue(PROTOCOL)["analyses"] for item in analysis["outputs"]]
    found = {item["name"]: (told(item["text"]), item["unit"]) for item in outputs}
    return {"part_connue": (translate("TerritoireSig", "Known share"), "part"), **found}
