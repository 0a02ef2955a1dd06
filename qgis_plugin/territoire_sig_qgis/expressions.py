"""Functions of expressions, for labels and forms: the words of a diagnosis, in the language of QGIS."""

from qgis.core import NULL, QgsExpression, QgsExpressionFunction

from . import words
from .catalogue import current_catalogue
from .coherence.decisions import decision_label
from .words import told, translate

GROUP = "Territoire SIG"
#: QGIS takes the functions over without keeping a Python reference.
_registered = []


def severity_label(value):
    """Return the word of a severity, 1 to 3."""
    return {
        1: translate("TerritoireSig", "limited"),
        2: translate("TerritoireSig", "serious"),
        3: translate("TerritoireSig", "severe"),
    }.get(int(value))


def score_label(value):
    """Return the word of a score, -3 to 3 (Nilsson et al. 2016)."""
    return {
        -3: translate("TerritoireSig", "cancels"),
        -2: translate("TerritoireSig", "counteracts"),
        -1: translate("TerritoireSig", "constrains"),
        0: translate("TerritoireSig", "neutral"),
        1: translate("TerritoireSig", "enables"),
        2: translate("TerritoireSig", "reinforces"),
        3: translate("TerritoireSig", "indivisible"),
    }.get(int(value))


def policy_label(value):
    """Return the name of a policy."""
    text = current_catalogue()["policies"].get(str(value))
    return told(text) if text else None


def role_label(value):
    """Return what a role is."""
    role = current_catalogue()["roles"].get(str(value))
    return told(role["text"]) if role else None


def share_label(value):
    """Return a share from 0 to 1 as a percentage."""
    text = f"{100 * float(value):.0f} %"
    return text.replace(" ", "\u202f") if words.language() == "fr" else text.replace(" ", "")


class LabelFunction(QgsExpressionFunction):
    """A function of one value; an unknown value, or one that it does not know, gives NULL."""

    def __init__(self, name, label, text):
        super().__init__(name, 1, GROUP, text)
        self._label = label

    def func(self, values, context, parent, node):
        """Return the word of the value."""
        if values[0] is None or values[0] == NULL:
            return None
        try:
            return self._label(values[0])
        except (TypeError, ValueError):
            return None


def functions():
    """Return the functions, each with its help."""
    given = (
        ("ts_gravite_libelle", severity_label, translate("TerritoireSig", "Severity in words"), "2"),
        ("ts_score_libelle", score_label, translate("TerritoireSig", "Score in words"), "-2"),
        ("ts_politique_libelle", policy_label, translate("TerritoireSig", "Name of a policy"), "'numerique'"),
        ("ts_role_libelle", role_label, translate("TerritoireSig", "Meaning of a role"), "'zonage'"),
        ("ts_arbitrage_libelle", decision_label, translate("TerritoireSig", "Decision"), "'à traiter'"),
        ("ts_part_libelle", share_label, translate("TerritoireSig", "Share as a percentage"), "0.42"),
    )
    for name, label, text, example in given:
        shown = {"2": 2, "-2": -2, "0.42": 0.42}.get(example, example.strip("'"))
        yield LabelFunction(
            name,
            label,
            f"<h3>{name}</h3><p>{text}.</p><p><code>{name}({example})</code> → <code>'{label(shown)}'</code></p>",
        )


def register_functions():
    """Offer the functions to expressions."""
    for function in functions():
        if QgsExpression.registerFunction(function):
            _registered.append(function)


def unregister_functions():
    """Take them away."""
    for function in _registered:
        QgsExpression.unregisterFunction(function.name())
    _registered.clear()
