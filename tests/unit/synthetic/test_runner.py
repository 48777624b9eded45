from dataclasses import replace
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.model.gait import Gait, Side
from sensorhub.model.samples import FloatArray
from sensorhub.synthetic.clip import Impact, Slip, knocks, ringing
from sensorhub.synthetic.runner import endless_run, synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams, Style, Turn, with_walking_breaks
from sensorhub.synthetic.sensor import PERFECT, PacketLoss, SensorParams, matrix_of

GRAVITY = 9.80665
ALIGNED = replace(PERFECT, mount=(1.0, 0.0, 0.0, 0.0))
AT_THE_CENTRE = replace(ALIGNED, rate_hz=400.0, place_m=(0.0, 0.0, 0.0))
STILL = RunnerParams(seed=3, bouts=(Bout(Pace.STAND, 4.0), Bout(Pace.RUN, 20.0)))


def perfect(rate_hz: float = 200.0, **changes: object) -> RunnerParams:
    changes = {"sensor": replace(ALIGNED, rate_hz=rate_hz), **changes}
    return replace(STILL, **changes)  # type: ignore[arg-type]


def turned(rate_radps: FloatArray, step_s: float) -> FloatArray:
    """Integrate rates (at interval middles) to a rotation matrix at each sample."""
    matrix, out = np.eye(3), [np.eye(3)]
    for rate in rate_radps:
        angle = float(np.linalg.norm(rate)) * step_s
        axis = rate / max(float(np.linalg.norm(rate)), 1e-12)
        k = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
        matrix = matrix @ (np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * k @ k)
        out.append(matrix)
    return np.array(out)


def test_integrating_the_rate_gives_the_obliquity_of_the_truth() -> None:
    recording = synthesise_run(perfect(400.0, turns=(Turn(12.0, 60.0),), seed=5))
    block, step_s = recording.block, 1 / 400.0
    start = block.acc_mps2[0] / np.linalg.norm(block.acc_mps2[0])
    left = np.array([0.0, 1.0, 0.0])
    poses = turned(0.5 * (block.gyr_radps[1:] + block.gyr_radps[:-1]), step_s)
    # The vertical at the start is where the sensor felt it, as it stood still.
    left_up = np.einsum("i,nij,j->n", start, poses, left)
    obliquity = np.degrees(np.arcsin(left_up))
    for stride in recording.truth.steps:
        if stride.turn:
            continue
        stance = (block.t_s >= stride.t_ic) & (block.t_s <= stride.t_to)
        drop = obliquity[stance] * (1 if stride.side is Side.LEFT else -1)
        assert abs(drop.max() - stride.drop) < 0.12


def test_the_mean_specific_force_of_whole_strides_is_gravity() -> None:
    recording = synthesise_run(perfect(sensor=AT_THE_CENTRE, style=Style(lean_deg=0.0)))
    steps = recording.truth.steps
    inside = (recording.block.t_s >= steps[10].t_ic) & (recording.block.t_s < steps[40].t_ic)
    mean = recording.block.acc_mps2[inside].mean(axis=0)
    assert abs(mean[2] - GRAVITY) < 0.1
    assert abs(mean[0]) < 0.15
    assert abs(mean[1]) < 0.15


def test_flight_is_free_fall() -> None:
    recording = synthesise_run(perfect(sensor=AT_THE_CENTRE))
    t_s, force = recording.block.t_s, np.linalg.norm(recording.block.acc_mps2, axis=1)
    for now, after in pairwise(recording.truth.steps):
        flight = (t_s > now.t_to + 0.008) & (t_s < after.t_ic - 0.008)
        assert flight.sum() > 10
        assert force[flight].max() < 1e-6


def test_contact_and_toe_off_are_where_the_force_passes_50_newton() -> None:
    params = perfect(sensor=replace(AT_THE_CENTRE, rate_hz=4000.0), bouts=(Bout(Pace.RUN, 3.0),))
    recording = synthesise_run(params)
    force = params.style.mass_kg * np.linalg.norm(recording.block.acc_mps2, axis=1)
    for step in recording.truth.steps:
        inside = (recording.block.t_s > step.t_ic - 0.02) & (recording.block.t_s < step.t_to + 0.02)
        loaded = recording.block.t_s[inside][force[inside] > 50.0]
        assert loaded[0] == pytest.approx(step.t_ic, abs=0.0006)
        assert loaded[-1] == pytest.approx(step.t_to, abs=0.0006)


def test_drops_and_their_drift_are_those_asked_for() -> None:
    style = Style(drop_left_deg=6.0, drop_right_deg=3.0, drift_left_deg_per_min=1.5, drop_stride_sd_deg=0.2)
    truth = synthesise_run(RunnerParams(seed=9, style=style, bouts=(Bout(Pace.STAND, 2), Bout(Pace.RUN, 120)))).truth
    steps = truth.steps[8:-4]
    left = np.array([(s.t_ic / 60, s.drop) for s in steps if s.side is Side.LEFT])
    right = np.array([s.drop for s in steps if s.side is Side.RIGHT])
    slope, start = np.polyfit(left[:, 0], left[:, 1], 1)
    assert slope == pytest.approx(1.5, abs=0.25)
    assert start == pytest.approx(6.0, abs=0.4)
    assert right.mean() == pytest.approx(3.0, abs=0.25)


def test_one_side_can_fall_further_to_the_same_peak() -> None:
    bouts = (Bout(Pace.STAND, 2), Bout(Pace.RUN, 60))
    style = Style(drop_left_deg=4.0, drop_right_deg=6.0, excursion_unevenness_deg=-1.5)
    steps = synthesise_run(RunnerParams(seed=9, style=style, bouts=bouts)).truth.steps[8:-4]
    left, right = ([step for step in steps if step.side is side] for side in Side)
    assert np.mean([step.drop for step in left]) == pytest.approx(4.0, abs=0.3)
    assert np.mean([step.drop for step in right]) == pytest.approx(6.0, abs=0.3)
    difference_deg = np.mean([step.exc for step in left]) - np.mean([step.exc for step in right])
    assert difference_deg == pytest.approx(-1.5, abs=0.5)


def test_feet_alternate_within_a_run_and_contacts_lie_in_order() -> None:
    params = with_walking_breaks(STILL, 10.0, 6.0, 2)
    steps = synthesise_run(params).truth.steps
    assert {step.activity for step in steps} == {Gait.RUN, Gait.WALK}
    for before, after in pairwise(steps):
        assert before.side is not after.side
        assert before.t_ic < after.t_ic
        if after.activity is before.activity is Gait.WALK:
            assert before.t_to > after.t_ic
        if after.activity is before.activity is Gait.RUN:
            assert before.t_to < after.t_ic


def test_oscillation_is_that_of_a_person() -> None:
    steps = synthesise_run(STILL).truth.steps[6:-2]
    assert 0.05 < np.mean([step.vertical_oscillation_m for step in steps]) < 0.11


@given(seed=st.integers(0, 2**31), rate_hz=st.sampled_from([50.0, 104.0, 400.0]))
@settings(max_examples=5, deadline=None)
def test_the_same_params_give_the_same_bits(seed: int, rate_hz: float) -> None:
    params = RunnerParams(
        seed=seed,
        bouts=(Bout(Pace.STAND, 1.0), Bout(Pace.RUN, 4.0)),
        sensor=SensorParams(rate_hz=rate_hz),
        impact=Impact(2, wobble_deg=1),
    )
    one, two = synthesise_run(params), synthesise_run(params)
    assert one.block.acc_mps2.tobytes() == two.block.acc_mps2.tobytes()
    assert one.block.gyr_radps.tobytes() == two.block.gyr_radps.tobytes()
    assert one.truth == two.truth
    other = synthesise_run(replace(params, seed=seed + 1))
    assert other.truth != one.truth


def test_the_mounting_turns_the_signal_and_nothing_else() -> None:
    straight = synthesise_run(perfect())
    askew = synthesise_run(perfect(sensor=replace(PERFECT, rate_hz=200.0, mount="random")))
    assert askew.truth.steps == straight.truth.steps
    back = askew.block.acc_mps2 @ matrix_of(askew.truth.q_pelvis_from_sensor).T
    np.testing.assert_allclose(back, straight.block.acc_mps2, atol=1e-9)


def test_the_share_of_packets_asked_for_is_lost_in_whole_packets() -> None:
    sensor = SensorParams(loss=PacketLoss(share=0.1, packet_samples=10, mean_burst_packets=3.0))
    params = replace(STILL, bouts=(Bout(Pace.RUN, 240.0),), sensor=sensor)
    block = synthesise_run(params).block
    expected = round(block.t_s[-1] * 100) + 1
    assert 1 - len(block) / expected == pytest.approx(0.1, abs=0.04)
    gaps = np.round(np.diff(block.t_s) * 100).astype(int) - 1
    assert set(gaps % 10) == {0}
    assert gaps.max() >= 30


def test_a_slip_turns_gravity_by_its_angle() -> None:
    params = perfect(
        bouts=(Bout(Pace.STAND, 10.0),), slips=(Slip(5.0, 25.0, (0.0, 1.0, 0.0)),), style=Style(stand_sway_deg=0.0)
    )
    block = synthesise_run(params).block
    before, after = (
        block.acc_mps2[block.t_s < 4.9].mean(axis=0),
        block.acc_mps2[(block.t_s > 5.6) & (block.t_s < 9)].mean(axis=0),
    )
    angle = np.degrees(np.arccos(before @ after / np.linalg.norm(before) / np.linalg.norm(after)))
    assert angle == pytest.approx(25.0, abs=0.1)


def test_shock_and_wobble_come_with_the_contacts() -> None:
    quiet, loud = (synthesise_run(perfect(impact=impact)) for impact in (Impact(), Impact(shock_g=2.0, wobble_deg=1.5)))
    difference = np.linalg.norm(loud.block.acc_mps2 - quiet.block.acc_mps2, axis=1)
    first = quiet.truth.steps[0].t_ic
    assert difference[quiet.block.t_s < first].max() < 1e-9
    for step in quiet.truth.steps[3:6]:
        window = (quiet.block.t_s > step.t_ic) & (quiet.block.t_s < step.t_ic + 0.03)
        assert difference[window].max() > GRAVITY


def test_an_endless_run_goes_on_without_a_gap() -> None:
    params = replace(STILL, sensor=replace(ALIGNED, rate_hz=100.0))
    blocks = list(islice(endless_run(params, chapter_s=20.0, stop_s=3.0), 3))
    t_s = np.concatenate([block.t_s for block in blocks])
    np.testing.assert_allclose(np.diff(t_s), 0.01, atol=1e-9)


def test_an_endless_run_is_one_sensor_s():
    params = replace(STILL, bouts=(Bout(Pace.STAND, 3.0),), sensor=SensorParams(gyro_bias_dps=2.0))
    first, second = islice(endless_run(params, chapter_s=10.0, stop_s=3.0), 2)
    still = [block.gyr_radps[:250].mean(axis=0) for block in (first, second)]
    np.testing.assert_allclose(still[0], still[1], atol=0.01)


def test_a_knock_leaves_no_speed_behind_and_a_wobble_no_angle():
    t_s = np.arange(0, 1.5, 0.0005)
    knock = knocks(t_s, np.array([0.1]), np.array([20.0]), 20.0, 0.25)
    assert knock.max() == pytest.approx(20.0, rel=0.02)
    assert abs(knock.sum() * 0.0005) < 2e-3
    angle, rate, acceleration = ringing(t_s, np.array([0.1]), np.array([1.0]), 9.0, 0.3).T
    np.testing.assert_allclose(np.gradient(angle, t_s)[220:], rate[220:], atol=0.2)
    np.testing.assert_allclose(np.gradient(rate, t_s)[220:], acceleration[220:], atol=20.0)
    assert abs(np.trapezoid(acceleration[201:], t_s[201:]) + rate[201]) < 0.05
    assert abs(angle[-1]) < 1e-3
