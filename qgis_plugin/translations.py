"""Bring the French of the plugin up to date: ``python qgis_plugin/translations.py``, after a change of its texts.

Texts are written in English in the code; ``i18n/territoire_sig_fr.ts`` holds the French, to be filled by hand, and
``.qm`` what Qt reads. Needs ``pylupdate6`` (PyQt6) and ``pyside6-lrelease`` (PySide6) or ``lrelease`` (Qt).
"""

import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

PLUGIN = Path(__file__).resolve().parent / "territoire_sig_qgis"
FRENCH = PLUGIN / "i18n" / "territoire_sig_fr.ts"


def tool(*names):
    """Return the path of the first of these programs that is there, beside Python or on the PATH."""
    beside = [Path(sys.executable).parent / name for name in names]
    found = [str(path) for path in beside if path.is_file()] + [shutil.which(name) for name in names]
    program = next(filter(None, found), None)
    if program is None:
        raise SystemExit(f"{' or '.join(names)} is missing: pip install PyQt6 PySide6-Essentials")
    return program


def untranslated():
    """Return the English texts without French."""
    messages = ET.parse(FRENCH).getroot().iter("message")
    return [item.findtext("source") for item in messages if not item.findtext("translation")]


def main():
    """Update the ``.ts``, then make the ``.qm`` once everything is translated."""
    sources = [str(path) for path in sorted(PLUGIN.rglob("*.py"))]
    subprocess.run([tool("pylupdate6"), "--no-obsolete", *sources, "--ts", str(FRENCH)], check=True)
    tree = ET.parse(FRENCH)
    for message in tree.getroot().iter("message"):
        for location in message.findall("location"):  # lines move with every change
            message.remove(location)
        translation = message.find("translation")
        if translation.text:
            translation.attrib.pop("type", None)
    tree.getroot().set("language", "fr")
    ET.indent(tree, "  ")
    text = ET.tostring(tree.getroot(), encoding="unicode")
    header = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
    FRENCH.write_text(header + text + "\n", encoding="utf-8", newline="\n")
    if left := untranslated():
        raise SystemExit("without French:\n" + "\n".join(map(repr, left)))
    release = tool("pyside6-lrelease", "lrelease")
    subprocess.run([release, "-silent", str(FRENCH), "-qm", str(FRENCH.with_suffix(".qm"))], check=True)


if __name__ == "__main__":
    main()
