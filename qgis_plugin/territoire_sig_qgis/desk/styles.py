"""The style of a result after a new diagnosis: classes of the new values, and no work of the user lost."""

import re
from zlib import crc32

from qgis.core import QgsReadWriteContext
from qgis.PyQt.QtXml import QDomDocument

from ..words import translate

#: Property of a layer: the mark of the style that its file gave it.
MARK = "territoire_sig/style"


def keep_mark(layer):
    """Note which style the layer bears, to know later whether the user has changed it."""
    layer.setCustomProperty(MARK, _mark(layer.renderer()))


def renew_style(layer, fresh):
    """Give a layer the classes of `fresh`, its file opened anew; return whether the user had changed its style.

    The classes of before would hide the values that they do not reach. A style of the user's is kept in the menu
    *Styles* of the layer; labels and forms stay as they are.
    """
    if fresh.renderer() is None:
        return False
    before, new = _mark(layer.renderer()), _mark(fresh.renderer())
    changed = before not in (new, layer.customProperty(MARK))
    if changed:
        _keep(layer.styleManager(), translate("TerritoireSig", "before the new diagnosis"))
    if before != new:
        layer.setRenderer(fresh.renderer().clone())
    layer.setCustomProperty(MARK, new)
    return changed


def _keep(styles, name):
    """Keep the present style under a name that no other has."""
    rank, free = 1, name
    while free in styles.styles():
        rank, free = rank + 1, f"{name} ({rank + 1})"
    styles.addStyleFromLayer(free)


def _mark(renderer):
    """Return what tells one style from another, whatever the order in which attributes are written."""
    if renderer is None:
        return ""
    document = QDomDocument()
    document.appendChild(renderer.save(document, QgsReadWriteContext()))
    text = re.sub(r"\{[0-9a-f-]{36}\}", "", document.toString())  # names that QGIS draws at random
    values = sorted(re.findall(r'[\w:.-]+="[^"]*"', text))
    return str(crc32("\n".join(values).encode("utf-8")))
