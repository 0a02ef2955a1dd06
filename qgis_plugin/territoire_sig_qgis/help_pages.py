"""The help of an algorithm, as HTML, from its declaration."""

from html import escape

from .help_picture import analysis_picture
from .words import told, translate


def declared_help(declaration, roles):
    """Return the help of a declared analysis: what it asks, its picture, formula, reading, limits and reference."""
    parts = [
        "<p><b>{}</b></p>".format(_line(told(declaration["summary"]))),
        analysis_picture(declaration, roles),
        _section(translate("TerritoireSig", "Formula"), _line(told(declaration["formula"]))),
        _section(translate("TerritoireSig", "Reading"), _line(told(declaration["reading"]))),
        _section(translate("TerritoireSig", "Limits"), _line(told(declaration["limits"]))),
        _section(translate("TerritoireSig", "Reference"), _line(declaration["reference"])),
        _section(
            translate("TerritoireSig", "Layers"),
            _list(_layer(need, roles[need["role"]]) for need in declaration["inputs"]),
        ),
        _section(translate("TerritoireSig", "Indicators, by unit"), _list(map(_output, declaration["outputs"]))),
        "<p>{}</p>".format(
            translate(
                "TerritoireSig",
                "NULL: unknown value, never zero. “part_connue”: share of the unit that the data reach.",
            )
        ),
    ]
    return "".join(parts)


def _layer(need, role):
    columns = [column["name"] for column in role["columns"] if column["required"]]
    text = "<b>{}</b>{}{}".format(
        need["role"], translate("TerritoireSig", ": "), _line(told(need["text"]) or told(role["text"]))
    )
    if not need["required"]:
        text += translate("TerritoireSig", " (optional)")
    if columns:
        text += translate("TerritoireSig", "; required columns: {}").format(", ".join(columns))
    return text


def _output(output):
    return "<code>{}</code>{}{} ({})".format(
        output["name"], translate("TerritoireSig", ": "), _line(told(output["text"])), _line(output["unit"])
    )


def _section(title, body):
    return "<h3>{}</h3>{}".format(title, body if body.startswith("<") else f"<p>{body}</p>")


def _list(items):
    return "<ul>{}</ul>".format("".join(f"<li>{item}</li>" for item in items))


def _line(text):
    return escape(text, quote=False)
