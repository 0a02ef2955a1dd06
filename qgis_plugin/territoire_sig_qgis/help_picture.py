"""The picture of an algorithm: the layers that it crosses, by policy, and what comes out, with the colours of its maps.

It is made of tables, which the help panel of any QGIS draws; pictures in a file or in the address it may not.
"""

from html import escape

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QT_TRANSLATE_NOOP

from .catalogue import current_catalogue
from .words import told, translate

#: Colours of an indicator from least to most, and ink of the hatching of what is unknown: those of its style.
RAMP = ("#f2f0f7", "#cbc9e2", "#9e9ac8", "#756bb1", "#54278f")
UNKNOWN = "#a6a6a6"
#: What an analysis may read of others, in the words of the declarations.
READINGS = {
    "indicators": QT_TRANSLATE_NOOP("TerritoireSig", "the indicators by unit of all the other analyses"),
    "matrix": QT_TRANSLATE_NOOP("TerritoireSig", "the matrix of the policies, made of the findings of all the rules"),
}
_SIGNS = {"polygon": "■", "line": "━", "point": "●", "raster": "▦", "table": "▤", "any": "◆"}
_GIVEN, _MADE, _INK = "#dfe5ec", "#fbfbfb", "#1b1b1b"
_ARROW = '<tr><td align="center"><b>↓</b></td></tr>'


def analysis_picture(declaration, roles):
    """Return the picture of a declared analysis."""
    needs = [(need["role"], need["required"]) for need in declaration["inputs"]]
    return _picture([*_read(declaration), *_layers(needs, roles)], list(_results(declaration)))


def reader_picture(declaration, roles, most):
    """Return the picture of a reader, with at most so many of the roles that it fills."""
    file = (translate("TerritoireSig", "File"), escape(told(declaration["title"])))
    made = _layers([(role, True) for role in declaration["roles"][:most]], roles)
    return _picture([file], made)


def signature_picture(algorithm):
    """Return the picture of an algorithm that nothing declares: what it asks, what it gives."""
    asked = [item.description() for item in algorithm.parameterDefinitions() if not item.isDestination()]
    gives = [item.description() for item in algorithm.outputDefinitions()]
    given = [(translate("TerritoireSig", "Inputs"), _lines(asked))] if asked else []
    return _picture(given, [(translate("TerritoireSig", "Outputs"), _lines(gives))])


def reading_words(declaration):
    """Return what an analysis reads of others, in words."""
    return ", ".join(translate("TerritoireSig", READINGS[name]) for name in declaration["reads"])


def _picture(given, made):
    if QgsApplication.platform() == "qgis_process":  # prints the help as it is
        return ""
    arrow = [_ARROW] if given else []
    rows = [*(_block(_GIVEN, *texts) for texts in given), *arrow, *(_block(_MADE, *texts) for texts in made)]
    return '<table width="100%" cellspacing="2" cellpadding="4">{}</table>'.format("".join(rows))


def _block(colour, title, body):
    return f'<tr><td bgcolor="{colour}"><font color="{_INK}"><b>{title}</b><br>{body}</font></td></tr>'


def _read(declaration):
    """Return what to say of the territory file, for an analysis that reads the results of others."""
    if declaration["reads"]:
        yield (translate("TerritoireSig", "Territory file (territoire.toml)"), escape(reading_words(declaration)))


def _layers(needs, roles):
    """Return one block a policy: its layers, each with a sign of its geometry."""
    lines = {}
    for name, required in needs:
        role = roles[name]
        text = "{} {}".format(_SIGNS[role["geometry"]], escape(told(role["text"]).partition(" (")[0]))
        optional = "" if required else translate("TerritoireSig", " (optional)")
        lines.setdefault(role["policy"], []).append(text + optional)
    policies = current_catalogue()["policies"]
    return [(escape(told(policies.get(policy)) or "–"), "<br>".join(texts)) for policy, texts in lines.items()]


def _results(declaration):
    """Return one block a kind of result: what is measured by unit, the map, the whole territory, the tables."""
    outputs, overall = declaration["outputs"], declaration["overall"]
    if outputs:
        yield (translate("TerritoireSig", "Indicators by unit"), _first(outputs) + _ramp(outputs[0]["better"]))
    if declaration["map_classes"]:
        yield (translate("TerritoireSig", "Map"), _legend(declaration["map_classes"]))
    if overall:
        yield (translate("TerritoireSig", "Values of the whole territory"), _first(overall))
    if declaration["tables"]:
        yield (translate("TerritoireSig", "Tables"), _lines(told(table["text"]) for table in declaration["tables"]))


def _lines(texts):
    return "<br>".join(escape(text) for text in texts)


def _first(outputs):
    """Return the words of the first output, and how many others there are."""
    text = escape(told(outputs[0]["text"]))
    if len(outputs) > 1:
        text += translate("TerritoireSig", " (and {} more)").format(len(outputs) - 1)
    return text


def _ramp(better):
    """Return the colours of an indicator from low to high, the darkest where attention is due, then the unknown."""
    squares = "".join(_square(colour) for colour in (RAMP[::-1] if better > 0 else RAMP))
    low, high = translate("TerritoireSig", "low"), translate("TerritoireSig", "high")
    unknown = translate("TerritoireSig", "unknown")
    return f'<br>{low} {squares} {high}<br><font color="{UNKNOWN}">/////</font> {unknown}'


def _legend(classes):
    """Return the classes of a map: the colour, the words, and the value in the column «classe»."""
    lines = (
        f"{_square(colour)} {escape(told(text))} (<code>{value}</code>)" for value, (text, colour) in classes.items()
    )
    return "<br>".join(lines)


def _square(colour):
    return f'<span style="background-color:{colour}">{4 * "&nbsp;"}</span>'
