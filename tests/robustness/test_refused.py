"""What readers refuse: counted and told, never dropped in silence."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
import shapely

from robustness.corpus import ABSENT, CASES, FOLDER, LINES, NO_POLYGON, POINTS, POLYGONS, REFUSED, over
from territoire_sig.errors import InvalidValueError
from territoire_sig.io.placing import geometry_from_wkt
from territoire_sig.io.vector import read_vector
from territoire_sig.texts import language

pytestmark = [pytest.mark.real, pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)]


def test_every_case_of_the_corpus_is_judged_or_told():
    """326 cases: 3 refused by readers; those that hold no polygon at all are no overlay of this engine."""
    lots = (POLYGONS, LINES, POINTS, NO_POLYGON, REFUSED)
    assert sum(map(len, lots)) == len(CASES)
    assert Counter(case.corpus for case in REFUSED) == {"polygon_clipping": 2, "ign_wkt_geometries": 1}
    assert len(POLYGONS) == 146
    assert not [case.name for case in POLYGONS if case.refused]


@over(REFUSED)
def test_the_reader_tells_what_it_refuses(case):
    if case.corpus == "polygon_clipping":
        read = read_vector(FOLDER / case.name / "args.geojson")
        lost = int(read.frame.geometry.isna().sum())
        assert lost > 0
        assert any(f"{lost} absent geometry(ies), some malformed (unclosed ring" in one.text.en for one in read.remarks)
        assert any(f"{lost} géométrie(s) absente(s), dont des malformées" in one.text.fr for one in read.remarks)
        assert [one.count for one in read.remarks if "malformed" in one.text.en] == [lost]
    else:
        table = pd.read_csv(FOLDER / "ign_wkt_geometries" / "broken_geometries.csv")
        with pytest.raises(InvalidValueError, match=r"1 valeur.* où il faut une géométrie WKT : «POLYGON non wkt»"):
            geometry_from_wkt(table, "geom")
        with language("en"), pytest.raises(InvalidValueError, match="a WKT geometry"):
            geometry_from_wkt(table, "geom")


def test_the_fair_geometries_of_the_ign_are_read():
    table = pd.read_csv(FOLDER / "ign_wkt_geometries" / "fair_geometries.csv")
    assert shapely.is_valid(geometry_from_wkt(table, "geom").geometry).all()
