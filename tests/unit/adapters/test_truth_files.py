import numpy as np
import pytest

from sensorhub.adapters.truth_files import TruthOptions, read_truth
from sensorhub.model.errors import InputError
from sensorhub.model.gait import Side

T_S = np.arange(0, 6, 0.005)


def storage(path, columns, *, degrees=True):
    header = f"x\nversion=1\ninDegrees={'yes' if degrees else 'no'}\nendheader\n" + "\t".join(["time", *columns]) + "\n"
    rows = np.column_stack([T_S, *columns.values()])
    path.write_text(header + "\n".join("\t".join(f"{value:.6f}" for value in row) for row in rows) + "\n")
    return path


def force(first_s):
    phase = (T_S - first_s) % 0.7
    return np.where((phase < 0.25) & (first_s <= T_S), 1500 * np.sin(np.pi * phase / 0.25), 0.0)


def kinematics(path):
    obliquity = np.where(T_S < 1.5, 0.5, 0.5 + 3.0 * np.cos(2 * np.pi * (T_S - 2.1) / 0.7))
    return storage(path, {"pelvis_tilt": 0 * T_S, "pelvis_list": obliquity, "pelvis_rotation": 0 * T_S})


def test_forces_and_kinematics_of_opensim_make_a_truth(tmp_path):
    forces = storage(tmp_path / "grf.mot", {"left_vy": force(2.0), "right_vy": force(2.35)})
    stances = read_truth([forces, kinematics(tmp_path / "ik.mot")], TruthOptions(standing_s=(0.1, 1.2)))
    assert [stance.side for stance in stances[:3]] == [Side.LEFT, Side.RIGHT, Side.LEFT]
    assert [stance.pelvic_drop_deg for stance in stances[:4]] == pytest.approx([3.0] * 4, abs=0.05)


def test_one_plate_needs_the_first_side(tmp_path):
    forces = storage(tmp_path / "grf.sto", {"ground_force_vy": force(2.0) + force(2.35)})
    with pytest.raises(InputError, match="--first-side"):
        read_truth([forces])
    stances = read_truth([forces], TruthOptions(first_side=Side.RIGHT))
    assert [stance.side for stance in stances[:3]] == [Side.RIGHT, Side.LEFT, Side.RIGHT]
    assert stances[0].pelvic_drop_deg is None


def test_kinematics_alone_say_nothing_of_contacts(tmp_path):
    with pytest.raises(InputError, match="contacts"):
        read_truth([kinematics(tmp_path / "ik.mot")])


@pytest.mark.parametrize(("name", "words"), [("x.xlsx", "truth is"), ("x.csv", "no such file")])
def test_what_cannot_be_read_is_named(tmp_path, name, words):
    with pytest.raises(InputError, match=words):
        read_truth([tmp_path / name])
