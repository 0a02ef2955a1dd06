"""Write the layout templates that the plugin ships (``layouts/*.qpt``), from one drawing: run by QGIS's own Python.

    QT_QPA_PLATFORM=offscreen python3 qgis_plugin/layouts.py

One drawing serves four pages: the sizes of texts and margins stay, the map takes what is left. The texts are variables
of the layout (``ts_titre``, ``ts_sous_titre``, ``ts_valeurs``, ``ts_credits``), so that a template also serves by hand.
"""

import base64
import re
import sys
import uuid
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendStyle,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsRectangle,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QFont

FOLDER = Path(__file__).parent / "territoire_sig_qgis" / "layouts"
#: Page → width and height in millimetres.
PAGES = {
    "a4_paysage": (297, 210),
    "a4_portrait": (210, 297),
    "a3_paysage": (420, 297),
    "a3_portrait": (297, 420),
}
MARGIN, HEADER, FOOTER, GAP = 10, 22, 14, 4
INK, SOFT = QColor("#222222"), QColor("#555555")
TITLE = "[% coalesce(@ts_titre, @layout_name) %]"
SUBTITLE = "[% coalesce(@ts_sous_titre, '') %]"
VALUES = "[% coalesce(eval(@ts_valeurs), '') %]"
CREDITS = "[% coalesce(@ts_credits, '') %]"
NORTH = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 24" width="20" height="24">'
    '<path d="M10 1 L16 15 L10 12 Z" fill="#222222"/><path d="M10 1 L4 15 L10 12 Z" fill="none" stroke="#222222"/>'
    '<path d="M7 23 V17 L13 23 V17" fill="none" stroke="#222222" stroke-width="1.4"/></svg>'
)
PAGE_NUMBER = "[% @atlas_featurenumber %] / [% @atlas_totalfeatures %]"


def drawn(name, width, height):
    """Return the layout of one page."""
    project = QgsProject.instance()
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.setName(name)
    page = layout.pageCollection().page(0)
    page.setPageSize(QgsLayoutSize(width, height, QgsUnitTypes.LayoutUnit.LayoutMillimeters))
    across = width > height
    inner_width, inner_height = width - 2 * MARGIN, height - 2 * MARGIN - HEADER - FOOTER
    side = (72 if width < 400 else 90) if across else 70
    top = MARGIN + HEADER
    map_box = (
        (MARGIN, top, inner_width - side - GAP, inner_height)
        if across
        else (MARGIN, top, inner_width, inner_height - side - GAP)
    )
    shown = map_of(layout, *map_box)
    label(layout, "titre", TITLE, (MARGIN, MARGIN, inner_width, 13), 14, bold=True)
    label(layout, "sous_titre", SUBTITLE, (MARGIN, MARGIN + 14, inner_width, 6), 11, colour=SOFT)
    if across:
        x = MARGIN + inner_width - side
        label(layout, "valeurs", VALUES, (x, top, side, 44), 9)
        legend_of(layout, shown, x, top + 46)
        picture(layout, "legende_bivariee", "", (x, top + inner_height - 62, side, 62))
    else:
        y, x = top + inner_height - side, MARGIN + inner_width - 70
        legend_of(layout, shown, MARGIN, y).setColumnCount(2)
        label(layout, "valeurs", VALUES, (x, y, 70, 24), 8)
        picture(layout, "legende_bivariee", "", (x, y + 25, 70, side - 25))
    foot = height - MARGIN - FOOTER + GAP
    scale_of(layout, shown, MARGIN, foot)
    north(layout, shown, MARGIN + 62, foot)
    label(layout, "credits", CREDITS, (MARGIN + 76, foot, inner_width - 76 - 24, FOOTER - GAP), 7, colour=SOFT)
    label(layout, "page", PAGE_NUMBER, (width - MARGIN - 22, foot, 22, 5), 8, colour=SOFT, right=True)
    return layout


def placed(item, layout, identifier, x, y, width, height):
    """Add an item to the layout, in its place."""
    item.setId(identifier)
    layout.addLayoutItem(item)
    item.attemptMove(QgsLayoutPoint(x, y, QgsUnitTypes.LayoutUnit.LayoutMillimeters))
    item.attemptResize(QgsLayoutSize(width, height, QgsUnitTypes.LayoutUnit.LayoutMillimeters))
    return item


def label(layout, identifier, text, box, size, bold=False, colour=INK, right=False):
    """Add a text."""
    item = placed(QgsLayoutItemLabel(layout), layout, identifier, *box)
    item.setText(text)
    font = QFont("Open Sans", size)
    font.setBold(bold)
    item.setFont(font)
    item.setFontColor(colour)
    item.setMarginX(0)
    item.setMarginY(0)
    item.setHAlign(Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)


def map_of(layout, x, y, width, height):
    """Add the map, that the atlas leads from one commune to the next."""
    item = placed(QgsLayoutItemMap(layout), layout, "carte", x, y, width, height)
    item.setFrameEnabled(True)
    item.setFrameStrokeColor(QColor("#8c8c8c"))
    # An atlas keeps the proportions of the extent, and would change the size of the item to follow it.
    item.setExtent(QgsRectangle(0, 0, 100 * width, 100 * height))
    item.setAtlasDriven(True)
    item.setAtlasScalingMode(QgsLayoutItemMap.AtlasScalingMode.Auto)
    item.setAtlasMargin(0.15)
    return item


def legend_of(layout, shown, x, y):
    """Add the legend: it follows the layers of the map, and shows what the page shows."""
    item = placed(QgsLayoutItemLegend(layout), layout, "legende", x, y, 60, 40)
    item.setLinkedMap(shown)
    item.setAutoUpdateModel(True)
    item.setResizeToContents(True)
    item.setWrapString("\n")
    for style, size in (
        (QgsLegendStyle.Style.Title, 11),
        (QgsLegendStyle.Style.Group, 9),
        (QgsLegendStyle.Style.Subgroup, 9),
        (QgsLegendStyle.Style.SymbolLabel, 8),
    ):
        item.setStyleFont(style, QFont("Open Sans", size))
    return item


def scale_of(layout, shown, x, y):
    """Add a scale bar that keeps its width whatever the scale."""
    item = placed(QgsLayoutItemScaleBar(layout), layout, "echelle", x, y, 58, 9)
    item.setStyle("Single Box")
    item.setLinkedMap(shown)
    item.setUnits(QgsUnitTypes.DistanceUnit.DistanceKilometers)
    item.setUnitLabel("km")
    item.setNumberOfSegments(2)
    item.setNumberOfSegmentsLeft(0)
    item.setSegmentSizeMode(1)
    item.setMinimumBarWidth(25)
    item.setMaximumBarWidth(50)
    item.setHeight(1.6)
    item.setFont(QFont("Open Sans", 7))
    return item


def north(layout, shown, x, y):
    """Add an arrow to the north of the grid."""
    item = picture(layout, "nord", "", (x, y, 8, 9))
    item.setPicturePath("base64:" + base64.b64encode(NORTH.encode()).decode())
    item.setLinkedMap(shown)
    return item


def picture(layout, identifier, path, box):
    """Add a picture."""
    item = placed(QgsLayoutItemPicture(layout), layout, identifier, *box)
    item.setPicturePath(path)
    item.setResizeMode(QgsLayoutItemPicture.ResizeMode.Zoom)
    return item


def steady(text):
    """Return a template in which nothing hangs on the day or the machine: identifiers follow from their order."""
    names = {}

    def named(found):
        return names.setdefault(found[0], "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, str(len(names)))) + "}")

    return re.sub(r"\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}", named, text)


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    FOLDER.mkdir(exist_ok=True)
    for name, size in PAGES.items():
        path = FOLDER / (name + ".qpt")
        if not drawn(name, *size).saveAsTemplate(str(path), QgsReadWriteContext()):
            sys.exit(f"cannot write {path}")
        path.write_text(steady(path.read_text(encoding="utf-8")), encoding="utf-8")
    application.exitQgis()
