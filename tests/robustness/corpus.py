"""The corpus of hard overlays: cases that once broke JTS, GEOS, PostGIS, QGIS, Shapely, sf or polygon-clipping."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "robustness"
ABSENT = "the shared robustness corpus is not there (../shared/data/robustness)"
XML = ("jts_robust", "jts_failure", "jts_general", "geos_issue", "geos_misc")
Shapes = tuple[BaseGeometry, ...]
LAMBERT = np.array([650_000.0, 6_860_000.0])
WIDTH_M = 10_000


@dataclass(frozen=True)
class Case:
    """One overlay of the corpus: two layers as given, repaired or not, or the reason why a reader refused them."""

    name: str
    a: Shapes
    b: Shapes
    refused: str = ""

    @property
    def corpus(self) -> str:
        """The folder that the case comes from."""
        return self.name.split("/")[0]

    def needs_placing(self) -> bool:
        """Tell whether coordinates look like degrees, toys or cosmic ones, and not like those of a national grid."""
        size = np.abs(self.bounds()).max()
        return bool(np.isfinite(size) and not 1e4 <= size <= 1e7)

    def bounds(self) -> np.ndarray:
        """Return the bounds of both layers."""
        return shapely.total_bounds(np.array([*self.a, *self.b], dtype=object))

    def placed(self) -> Case:
        """Return the case ten kilometres wide, in the middle of France."""
        xmin, ymin, xmax, ymax = self.bounds()
        middle, scale = np.array([xmin + xmax, ymin + ymax]) / 2, WIDTH_M / max(xmax - xmin, ymax - ymin)

        def moved(shapes: Shapes) -> Shapes:
            flat = shapely.force_2d(np.array(shapes, dtype=object))
            return tuple(shapely.transform(flat, lambda xy: (xy - middle) * scale + LAMBERT))

        return Case(f"{self.name}@lambert", moved(self.a), moved(self.b))


def dimension(shapes: Shapes) -> int:
    """Return 2 for a layer in which something is a polygon, else 1 where something is a line, else 0; -1 if empty."""
    return max((int(shapely.get_dimensions(shape)) for shape in shapes), default=-1)


def geometry(text: str) -> BaseGeometry:
    """Return a geometry written as WKT or as hexadecimal WKB."""
    packed = "".join(text.split())
    if all(letter in "0123456789abcdefABCDEF" for letter in packed):
        return shapely.from_wkb(packed)
    return shapely.from_wkt(text)


def xml_cases(folder: str) -> list[Case]:
    """Return the cases of the XML files of a folder; a case without a second geometry is overlaid on itself."""
    return [
        _xml_case(f"{folder}/{file.stem}/{number}", node)
        for file in sorted((FOLDER / folder).glob("*.xml"))
        for number, node in enumerate(ElementTree.parse(file).iter("case"), 1)
    ]


def _xml_case(name: str, node: ElementTree.Element) -> Case:
    shapes = []
    for tag in "ab":
        text = (node.findtext(tag) or "").strip()
        try:
            shapes += [(geometry(text),)] if text else []
        except shapely.errors.GEOSException as error:
            return Case(name, (), (), refused=f"{tag}: {error}")
    return Case(name, shapes[0], shapes[-1]) if shapes else Case(name, (), (), refused="no geometry")


def geojson(file: Path) -> Shapes:
    """Return the geometries of a GeoJSON file, without the null ones."""
    found = json.loads(file.read_text())
    rows = found.get("features", [found])
    return tuple(shapely.from_geojson(json.dumps(row["geometry"])) for row in rows if row["geometry"])


def clipping_cases() -> list[Case]:
    """Return the cases of polygon-clipping: the first feature, and the others (itself where it is alone)."""
    return [_clipping_case(file.parent) for file in sorted((FOLDER / "polygon_clipping").glob("*/args.geojson"))]


def _clipping_case(folder: Path) -> Case:
    name = f"polygon_clipping/{folder.name}"
    try:
        first, *others = geojson(folder / "args.geojson")
    except shapely.errors.GEOSException as error:
        return Case(name, (), (), refused=str(error).strip())
    return Case(name, (first,), tuple(others) or (first,))


def geopandas_cases() -> list[Case]:
    """Return the pairs of layers of the overlay tests of geopandas."""
    names = (
        ("polys/df1", "polys/df2"),
        ("overlap/df1_overlap", "overlap/df2_overlap"),
        ("geom_type/df1", "geom_type/df2"),
    )
    folder = FOLDER / "geopandas_overlay"
    return [
        Case(f"geopandas_overlay/{one.split('/')[0]}", *(geojson(folder / f"{name}.geojson") for name in (one, other)))
        for one, other in names
    ]


def wkt_cases() -> list[Case]:
    """Return the geometries of the IGN validator, fair ones overlaid on dubious ones, and the broken ones."""
    rows = {file.stem: file.read_text().splitlines()[1:] for file in (FOLDER / "ign_wkt_geometries").glob("*.csv")}
    texts = {name: [row.split('"')[1] for row in found] for name, found in rows.items()}
    fair, dubious = (tuple(map(shapely.from_wkt, texts[f"{kind}_geometries"])) for kind in ("fair", "dubious"))
    cases = [Case("ign_wkt_geometries/fair_on_dubious", fair, dubious)]
    for number, text in enumerate(texts["broken_geometries"], 1):
        try:
            shape = (shapely.from_wkt(text),)
            cases.append(Case(f"ign_wkt_geometries/broken_{number}", shape, fair))
        except shapely.errors.GEOSException as error:
            cases.append(Case(f"ign_wkt_geometries/broken_{number}", (), (), refused=str(error).strip()))
    return cases


def all_cases() -> list[Case]:
    """Return every case of the corpus; none where it is absent."""
    if not FOLDER.is_dir():
        return []
    xml = [case for folder in XML for case in xml_cases(folder)]
    return [*xml, *clipping_cases(), *geopandas_cases(), *wkt_cases()]


def with_placed(cases: Iterable[Case]) -> list[Case]:
    """Return the cases, each as it is, and once more in Lambert-93 where it looks like none."""
    return [one for case in cases for one in ((case, case.placed()) if case.needs_placing() else (case,))]


def twins(cases: Iterable[Case]) -> dict[str, str]:
    """Return the name of each case, and of the first that has the same geometries: GEOS and JTS share some."""
    first: dict[tuple[bytes, ...], str] = {}
    return {case.name: first.setdefault(tuple(shape.wkb for shape in (*case.a, *case.b)), case.name) for case in cases}


def kinds(case: Case) -> set[int]:
    """Return the dimensions of both layers."""
    return {dimension(case.a), dimension(case.b)}


CASES = all_cases()
READ = [case for case in CASES if not case.refused]
REFUSED = [case for case in CASES if case.refused]
POLYGONS = [case for case in READ if kinds(case) == {2}]
LINES = [case for case in READ if kinds(case) == {1, 2}]
POINTS = [case for case in READ if kinds(case) == {0, 2}]
NO_POLYGON = [case for case in READ if 2 not in kinds(case)]


def over(cases: list[Case], defects: dict[str, str] | None = None) -> pytest.MarkDecorator:
    """Parametrise a test over cases; one skipped test where the corpus is absent.

    Cases that the engine gets wrong are named in `defects` with the reason: they must fail, until they are mended.
    """
    absent = pytest.param(None, marks=pytest.mark.skip(reason=ABSENT), id="corpus-absent")
    known = defects or {}
    rows = [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(reason=known[case.name], strict=True)] if case.name in known else [],
        )
        for case in cases
    ]
    return pytest.mark.parametrize("case", rows or [absent])
