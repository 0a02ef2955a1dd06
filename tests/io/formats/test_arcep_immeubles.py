"""ARCEP buildings: columns as published, both families of states, and memory that does not grow with the file."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from territoire_sig.errors import InvalidValueError, MissingColumnError, UnreadableLayerError
from territoire_sig.io.formats import arcep_immeubles
from territoire_sig.io.formats.arcep_immeubles import READER, read_arcep_immeubles
from territoire_sig.io.reader import Source
from territoire_sig.model.roles.digital import BUILDING_STATES

HEAD = (
    "x,y,imb_id,num_voie,cp_no_voie,type_voie,nom_voie,batiment,code_insee,code_poste,nom_com,catg_loc_imb,imb_etat,"
    "pm_ref,pm_etat,code_l331,geom_mod,type_imb,date_completude\n"
)


def row(x: object, y: object, insee: str, state: str, number: int = 1) -> str:
    return (
        f"{x},{y},IMB/{number},1,,RUE,DE L'ÉGLISE,,{insee},38000,GRENOBLE,individuel,{state},"
        f"FI-38-1,deploye,FRTE,initiale,PA,2020-01-01\n"
    )


FILE = (
    HEAD
    + row(5.72, 45.18, "38185", "deploye", 1)
    + row(5.73, 45.19, "38185", "raccordable demande", 2)
    + row(5.75, 45.20, "38421", "en cours de deploiement", 3)
    + row(5.76, 45.21, "1001", "cible", 4)
    + row("", "", "38421", "", 5)
)


def written(path: Path, text: str = FILE, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, crs: str | None = None, **options):
    (layer,) = read_arcep_immeubles(Source(path, crs=crs, options=options))
    return layer, layer.frame


def said(layer) -> str:
    return "\n".join(remark.text.fr for remark in layer.remarks)


def test_open_data_file(tmp_path):
    layer, frame = read(written(tmp_path / "immeubles.csv"))
    assert frame["etat"].tolist() == ["deploye", "raccordable_demande", "en_cours", "cible", "inconnu"]
    assert frame["code_insee"].tolist() == ["38185", "38185", "38421", "01001", "38421"]
    assert frame["locaux"].isna().all(), "a class of size is not a number of premises"
    assert frame["categorie"].tolist() == ["individuel"] * 5
    assert frame["pm_etat"].tolist() == ["deploye"] * 5
    assert [shape and shape.wkt for shape in frame.geometry][::4] == ["POINT (5.72 45.18)", None]
    assert layer.crs_known == "EPSG:4326"
    assert layer.rows_read == 5
    assert "5 immeuble(s) lus, 5 gardé(s), 0 hors" in said(layer)


def test_states_of_the_sharing_point_are_those_of_a_building(tmp_path):
    words = ("deploye", "EN COURS", "Planifié", "", "DEPL")
    text = HEAD + "".join(
        row(5.7, 45.1, "38185", "deploye", n).replace(",deploye,FRTE", f",{word},FRTE") for n, word in enumerate(words)
    )
    _, frame = read(written(tmp_path / "immeubles.csv", text))
    assert frame["pm_etat"].tolist() == ["deploye", "en_cours", "cible", "inconnu", "deploye"]


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ({"communes": ["38185"]}, [1, 2]),
        ({"communes": "01001"}, [4]),
        ({"emprise": [5.725, 45.0, 5.755, 46.0]}, [2, 3]),
        ({"communes": ["38185", "38421"], "emprise": [5.725, 45.0, 6.0, 46.0]}, [2, 3]),
        ({"communes": ["99999"]}, []),
    ],
)
def test_rows_outside_are_left_and_counted(tmp_path, options, kept, monkeypatch):
    monkeypatch.setattr(arcep_immeubles, "CHUNK_ROWS", 2)
    layer, frame = read(written(tmp_path / "immeubles.csv"), **options)
    assert frame["id_immeuble"].tolist() == [f"IMB/{n}" for n in kept]
    assert layer.rows_read == 5
    assert f"{len(kept)} gardé(s), {5 - len(kept)} hors" in said(layer)


def test_codes_of_the_exchange_files(tmp_path):
    states = ["CI", "SI", "RD", "RACD", "EC", "DEPL", "DE", "AB", "Abandonné", "SIGNE"]
    text = "EtatImmeuble;NombreLogements;CoordonneeImmeubleX;CoordonneeImmeubleY;CodeInsee\n"
    text += "".join(f"{state};{n};900000,5;6450000;38185\n" for n, state in enumerate(states))
    layer, frame = read(written(tmp_path / "ipe.csv", text))
    assert frame["etat"].tolist() == [
        *("cible", "signe", "raccordable_demande", "raccordable_demande", "en_cours"),
        *("deploye", "deploye", "abandonne", "abandonne", "signe"),
    ]
    assert set(frame["etat"]) <= set(BUILDING_STATES)
    assert frame["locaux"].sum() == sum(range(10))
    assert frame.geometry[0].wkt == "POINT (900000.5 6450000)"
    assert layer.crs_known == "EPSG:2154"


def test_an_unknown_state_is_left_to_be_refused(tmp_path):
    assert read(written(tmp_path / "i.csv", HEAD + row(5, 45, "38185", "bientôt")))[1]["etat"].tolist() == ["bientôt"]


def test_encodings_compression_and_stated_crs(tmp_path):
    layer, _ = read(written(tmp_path / "i.csv", encoding="cp1252"))
    assert layer.encoding == "cp1252"
    (tmp_path / "i.csv.gz").write_bytes(gzip.compress(FILE.encode("utf-8-sig")))
    assert len(read(tmp_path / "i.csv.gz")[1]) == 5
    mercator = "imb_x;imb_y;imb_etat\n636000;5640000;deploye\n"
    assert read(written(tmp_path / "m.csv", mercator), crs="EPSG:3857")[0].crs_known == "EPSG:3857"


def test_a_file_with_its_header_only(tmp_path):
    layer, frame = read(written(tmp_path / "i.csv", HEAD))
    assert len(frame) == layer.rows_read == 0


@pytest.mark.parametrize(
    ("text", "options", "error", "message"),
    [
        ("x,y,nom\n1,2,A\n", {}, MissingColumnError, "«etat».*«imb_etat»"),
        ("x,y,imb_etat\n1,2,cible\n", {"communes": ["38185"]}, MissingColumnError, "«code_insee»"),
        ("x,y,imb_etat\nest,2,cible\n", {}, InvalidValueError, r"i\.csv.*«x».*«est»"),
        (FILE, {"emprise": [5, 45, 4, 46]}, InvalidValueError, "n'est pas un rectangle"),
        (
            FILE,
            {"emprise": [900000, 6400000, 910000, 6500000]},
            InvalidValueError,
            "emprise en mètres.*degrés\n.*communes",
        ),
        (
            "x,y,imb_etat\n900000,6450000,cible\n",
            {"emprise": [5, 45, 6, 46]},
            InvalidValueError,
            "emprise en degrés.*mètres",
        ),
    ],
)
def test_errors(tmp_path, text, options, error, message):
    with pytest.raises(error, match=message):
        read(written(tmp_path / "i.csv", text), **options)


def test_two_tables_are_not_one(tmp_path):
    written(tmp_path / "a.csv")
    written(tmp_path / "b.csv")
    with pytest.raises(UnreadableLayerError, match=r"trouvées : a\.csv, b\.csv"):
        read(tmp_path)
    with pytest.raises(UnreadableLayerError, match="table illisible"):
        state = FILE.replace("deploye", "déployé")
        read_arcep_immeubles(Source(written(tmp_path / "a.csv", state, "cp1252"), encoding="utf-8"))
    with pytest.raises(UnreadableLayerError, match="table illisible"):
        read(written(tmp_path / "a.csv", FILE + "1,2,3" * 50 + "\n"))
    with pytest.raises(UnreadableLayerError, match="more cells than names"):
        read(written(tmp_path / "a.csv", "x,y,imb_etat\n1,2,deploye,\n1,2,cible,\n"))
    with pytest.raises(UnreadableLayerError, match="unknown encoding: klingon"):
        read_arcep_immeubles(Source(tmp_path / "a.csv", encoding="klingon"))
    assert read(written(tmp_path / "a.csv", "x,y,imb_etat\n1,2\n"))[1]["etat"].tolist() == ["inconnu"]
    assert set(READER.options) == {"communes", "emprise"}


def test_memory_does_not_grow_with_the_file(tmp_path, monkeypatch):
    """Peak memory over a file eight times as long stays the same, the rows kept being the same."""
    monkeypatch.setattr(arcep_immeubles, "CHUNK_ROWS", 2_000)

    def peak(rows: int) -> int:
        file = tmp_path / f"{rows}.csv"
        with file.open("w", encoding="utf-8") as sink:
            sink.write(HEAD)
            for n in range(rows):
                sink.write(
                    row(5 + n % 1000 / 1e4, 45.18, "38185" if n < 100 else f"{n % 90000 + 1000:05d}", "deploye", n)
                )
        tracemalloc.start()
        layer, frame = read(file, communes=["38185"])
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert layer.rows_read == rows
        assert len(frame) >= 100
        return most

    peak(4_000)  # what pandas loads once
    short, long = peak(8_000), peak(64_000)
    assert long < 1.3 * short, (short, long)
