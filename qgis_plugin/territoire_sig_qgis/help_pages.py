"""The help of an algorithm, as HTML, from its declaration."""

from html import escape

from .words import say, told

COLON = (" : ", ": ")


def declared_help(declaration, roles):
    """Return the help of a declared analysis: what it asks, its formula, how to read it, its limits, its reference."""
    parts = [
        "<p><b>{}</b></p>".format(_line(told(declaration["summary"]))),
        _section(say("Formule", "Formula"), _line(told(declaration["formula"]))),
        _section(say("Lecture", "Reading"), _line(told(declaration["reading"]))),
        _section(say("Limites", "Limits"), _line(told(declaration["limits"]))),
        _section(say("Référence", "Reference"), _line(declaration["reference"])),
        _section(say("Couches", "Layers"), _list(_layer(need, roles[need["role"]]) for need in declaration["inputs"])),
        _section(say("Indicateurs, par unité", "Indicators, by unit"), _list(map(_output, declaration["outputs"]))),
    ]
    if declaration["map_classes"]:
        classes = (f"{_line(told(text))}{say(*COLON)}{code}" for code, (text, _) in _classes(declaration))
        parts.append(_section(say("Classes de la carte", "Classes of the map"), _list(classes)))
    parts.append(
        "<p>{}</p>".format(
            say(
                "NULL : valeur inconnue, jamais zéro. « part_connue » : part de l'unité que les données atteignent.",
                "NULL: unknown value, never zero. “part_connue”: share of the unit that the data reach.",
            )
        )
    )
    return "".join(parts)


def _classes(declaration):
    return declaration["map_classes"].items()


def _layer(need, role):
    columns = [column["name"] for column in role["columns"] if column["required"]]
    text = "<b>{}</b>{}{}".format(need["role"], say(*COLON), _line(told(need["text"]) or told(role["text"])))
    if not need["required"]:
        text += say(" (facultatif)", " (optional)")
    if columns:
        text += say(" ; colonnes obligatoires : {}", "; required columns: {}").format(", ".join(columns))
    return text


def _output(output):
    return "<code>{}</code>{}{} ({})".format(
        output["name"], say(*COLON), _line(told(output["text"])), _line(output["unit"])
    )


def _section(title, body):
    return "<h3>{}</h3>{}".format(title, body if body.startswith("<") else f"<p>{body}</p>")


def _list(items):
    return "<ul>{}</ul>".format("".join(f"<li>{item}</li>" for item in items))


def _line(text):
    return escape(text, quote=False)
