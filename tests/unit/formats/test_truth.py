import numpy as np
import pytest

from sensorhub.formats.opensim import decode_markers, decode_storage
from sensorhub.formats.truth import decode_truth_csv, decode_truth_json, encode_truth
from sensorhub.model.errors import InputError
from sensorhub.model.gait import Side

STORAGE = """Coordinates
version=1
nRows=2
nColumns=3
inDegrees=yes
endheader
time\tpelvis_tilt\tpelvis_list
0.00\t1.0\t-2.0
0.01\t1.5\t-2.5
"""
MARKERS = (
    "PathFileType\t4\t(X/Y/Z)\ttrial.trc\n"
    "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\n"
    "100\t100\t2\t2\tmm\n"
    "Frame#\tTime\tL.ASIS\t\t\tR.ASIS\t\t\n"
    "\t\tX1\tY1\tZ1\tX2\tY2\tZ2\n"
    "\n"
    "1\t0.00\t0\t1000\t-120\t0\t980\t120\n"
    "2\t0.01\t0\t1000\t-120\t\t\t\n"
)


def test_json_goes_round():
    content = encode_truth(
        {"steps": [{"t_ic": 2.0, "t_to": 2.2, "side": "right", "drop": 3.0, "exc": 1.0}, {"t_ic": 1.0}]}
    )
    first, second = decode_truth_json(content, "x.json")
    assert first.initial_contact_s == 1.0
    assert first.side is None
    assert (second.side, second.pelvic_drop_deg, second.toe_off_s) == (Side.RIGHT, 3.0, 2.2)


def test_csv_reads_columns_by_name_and_leaves_empty_cells_unknown():
    (one,) = decode_truth_csv("side,toe_off_s,initial_contact_s,pelvic_drop_deg\nL,1.7,1.5,\n", "x.csv")
    assert (one.side, one.toe_off_s, one.pelvic_drop_deg) == (Side.LEFT, 1.7, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("initial_contact_s,side\n1.0,up\n", "line 2: side is 'up'"),
        ("initial_contact_s\nsoon\n", "line 2: initial_contact_s is 'soon'"),
        ("side\nleft\n", "no initial_contact_s"),
        ("initial_contact_s\n", "holds no stance"),
        ("initial_contact_s\nnan\n", "not a number"),
    ],
)
def test_a_bad_csv_is_refused_with_its_line(text, words):
    with pytest.raises(InputError, match=words):
        decode_truth_csv(text, "x.csv")


@pytest.mark.parametrize(
    "content", [b"[]", b"{}", b'{"steps": 3}', b'{"steps": [4]}', b"\xff", b'{"steps": [{"side": "\xe9"}]}']
)
def test_what_is_no_truth_file_is_refused(content):
    with pytest.raises(InputError, match=r"x\.json"):
        decode_truth_json(content, "x.json")


def test_storage_gives_columns_and_knows_degrees():
    table = decode_storage(STORAGE, "x.mot")
    assert table.in_degrees
    np.testing.assert_allclose(table.t_s, [0.0, 0.01])
    np.testing.assert_allclose(table.columns["pelvis_list"], [-2.0, -2.5])


@pytest.mark.parametrize(
    "text",
    ["", "endheader\n", STORAGE.replace("-2.5", "x"), STORAGE.replace("\t-2.5", ""), STORAGE.replace("time", "t")],
)
def test_a_broken_storage_names_its_file(text):
    with pytest.raises(InputError, match=r"x\.mot"):
        decode_storage(text, "x.mot")


def test_markers_come_in_metres_and_an_unseen_one_is_nan():
    markers = decode_markers(MARKERS, "x.trc")
    np.testing.assert_allclose(markers["L.ASIS"][0], [0.0, 1.0, -0.12])
    assert np.isnan(markers["R.ASIS"][1]).all()
    with pytest.raises(InputError, match=r"x\.trc"):
        decode_markers("something\n", "x.trc")
