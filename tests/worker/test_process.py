"""The worker as another program meets it: a process, its streams, its end."""

import json
import signal
import sqlite3
import subprocess
import sys
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import territoire_sig as ts
from worker.asked import COMMAND, apart, of, zoning_request

POLLUTED = {
    "PYTHONHOME": "/nowhere",
    "PYTHONPATH": "/nowhere",
    "PROJ_LIB": "/nowhere",
    "PROJ_DATA": "/nowhere",
    "GDAL_DATA": "/nowhere",
    "GDAL_DRIVER_PATH": "/nowhere",
}


def test_values_are_the_library_s_to_the_last_digit_in_a_polluted_environment(territory_folder, tmp_path):
    code, events, _ = apart(zoning_request(territory_folder, tmp_path / "s"), **POLLUTED)
    assert code == 0, events[-1]
    diagnosis = ts.diagnose(ts.read_territory(territory_folder / "territoire.toml"), only=["zoning_fixed_coverage"])
    expected = diagnosis.units.drop(columns="geometry")
    file = events[-1]["file"]
    written = gpd.read_file(file, layer="unites").set_index("code_unite")
    pd.testing.assert_frame_equal(
        written[expected.columns],
        expected,
        check_exact=True,
        check_dtype=False,
        check_column_type=False,
        check_index_type=False,
    )
    assert written.geometry.geom_equals(diagnosis.units.geometry).all()
    known = diagnosis.indicators.groupby("code_unite")["part_connue"].min()
    np.testing.assert_array_equal(written["part_connue"], known.loc[written.index])
    assert events[-1]["numbers"]["unknown_count"] == int(expected.drop(columns="nom_unite").isna().sum().sum())


def test_the_output_is_a_styled_geopackage_1_2(territory_folder, tmp_path):
    _, events, _ = apart(zoning_request(territory_folder, tmp_path / "s"))
    layers = of(events, "layer")
    assert [layer["name"] for layer in layers] == ["unites", "zoning_fixed_coverage"]
    assert layers[0]["title"] == "Indicateurs : Zones à bâtir et fibre – Deux Carrés"
    with sqlite3.connect(layers[0]["file"]) as base:
        assert base.execute("PRAGMA user_version").fetchone() == (10200,)
        styles = dict(base.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
    base.close()
    assert styles == {layer["name"]: layer["qml"] for layer in layers}
    shares = [event["share"] for event in of(events, "progress")]
    assert shares == sorted(shares)


def test_the_territory_file_left_beside_says_the_same(territory_folder, tmp_path):
    _, events, _ = apart(zoning_request(territory_folder, tmp_path / "s"))
    again = ts.diagnose(ts.read_territory(events[-1]["territory"]), only=["zoning_fixed_coverage"])
    written = gpd.read_file(events[-1]["file"], layer="unites")
    np.testing.assert_array_equal(written["u_ready_share"], again.units["u_ready_share"])


def test_only_json_lines_reach_the_standard_output_and_the_language_follows():
    code, events, errors = apart(b'{"protocol": 9, "lang": "en"}\n')
    assert (code, errors) == (2, "")
    assert events[0]["message"].startswith("the request speaks protocol 9 and this engine protocol 1\nMend: bring")


def test_a_print_or_a_c_library_cannot_break_the_protocol(tmp_path):
    code = (
        "import os, sys\n"
        "from territoire_sig.worker.channel import Channel\n"
        "channel = Channel.taking_stdout()\n"
        "print('bavardage'); os.write(1, b'bavardage\\n')\n"
        "channel.info('dit'); channel.tell('result', value=float('nan'))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"event": "info", "message": "dit"},
        {"event": "result", "value": None},
    ]
    assert done.stderr.count(b"bavardage") == 2


def test_a_defect_of_the_library_is_told_and_its_traceback_kept_on_the_standard_error(tmp_path):
    code = (
        "import sys\n"
        "from territoire_sig.worker.channel import Channel\n"
        "from territoire_sig.worker.serve import install_handlers\n"
        "install_handlers(Channel.taking_stdout())\n"
        "raise ZeroDivisionError('boum')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    (event,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, event["event"], event["kind"]) == (1, "error", "internal")
    assert "boum" in event["problem"]["fr"]
    assert b"Traceback" in done.stderr


def start(request):
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(json.dumps(request).encode() + b"\n")
    process.stdin.flush()
    return process


def drained(process):
    process.communicate(timeout=10)
    return process.returncode


@pytest.mark.parametrize("after", [pytest.param("lecture", marks=pytest.mark.slow), "écriture"])
@pytest.mark.parametrize("number", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_a_killed_worker_leaves_nothing_half_written(territory_folder, tmp_path, number, after):
    out = tmp_path / "s"
    request = {"protocol": 1, "op": "diagnostic", "territory": str(territory_folder / "territoire.toml")}
    process = start(request | {"out": str(out)})
    for line in process.stdout:
        if after in json.loads(line).get("message", ""):
            break
    process.send_signal(number)
    code = drained(process)
    if code != 0:  # at the very end, the answer may have come before the signal
        assert code in (-number, 143)
        assert not out.exists() or (out / "execution.json").is_file()


def test_a_worker_whose_caller_is_gone_ends_by_itself(territory_folder, tmp_path):
    process = start(zoning_request(territory_folder, tmp_path / "s", watch=True))
    process.stdin.close()
    began = time.monotonic()
    process.stdout.read()
    assert process.wait(10) == 143
    assert time.monotonic() - began < 8
    process.stdout.close()
    process.stderr.close()
    assert not list((tmp_path / "s").glob("*.gpkg"))


def test_an_output_that_cannot_be_written_is_a_clear_error(territory_folder, tmp_path):
    (tmp_path / "s").write_text("un fichier")
    code, events, _ = apart(zoning_request(territory_folder, tmp_path / "s"))
    assert code == 2
    assert "impossible d'écrire dans ce dossier" in events[-1]["problem"]["fr"]
    assert "choisissez un autre dossier" in events[-1]["mend"]["fr"]


def test_a_result_that_cannot_be_written_is_a_clear_error(territory_folder, tmp_path):
    out = tmp_path / "s"
    out.mkdir()
    (out / "zoning_fixed_coverage.partial.gpkg").mkdir()
    code, events, _ = apart(zoning_request(territory_folder, out))
    assert code == 2
    assert "impossible d'écrire le résultat" in events[-1]["problem"]["fr"]
