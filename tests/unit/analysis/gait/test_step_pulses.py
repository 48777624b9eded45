import numpy as np
import pytest
from hypothesis import given, settings

from sensorhub.analysis.gait.step_pulses import StepPulses
from tests.support.cuts import cut_points

RATE_HZ = 100.0


def pulses(excess_mps2, cuts=(), rate_hz=RATE_HZ):
    stage = StepPulses(rate_hz)
    edges = [0, *cuts, len(excess_mps2)]
    starts = [max(a - 500, 0) for a in edges]
    found = [stage.feed(excess_mps2[start:b], start) for start, b in zip(starts, edges[1:], strict=False)]
    return {name: np.concatenate([getattr(one, name) for one in found]) for name in found[0].__slots__}


def bounces(count=8, step_s=0.4, rate_hz=RATE_HZ, height=10.0, still_s=1.0):
    t_s = np.arange(int((still_s + count * step_s + 0.3) * rate_hz)) / rate_hz - still_s
    return np.where((t_s > 0) & (t_s < count * step_s), -height * np.sin(2 * np.pi * t_s / step_s), 0.0)


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 400.0])
def test_each_push_is_found_between_its_passes_of_one_g(rate_hz):
    found = pulses(bounces(rate_hz=rate_hz), rate_hz=rate_hz)
    rises_s = found["rise"] / rate_hz - 1.0
    assert rises_s == pytest.approx(0.2 + 0.4 * np.arange(len(rises_s)), abs=0.006)
    assert len(rises_s) in {7, 8}  # the last push ends with the motion
    assert (found["fall"] - found["rise"]) / rate_hz == pytest.approx(0.2, abs=0.01)
    assert found["peak_mps2"] == pytest.approx(10.0, abs=0.4)
    assert found["trough_mps2"][1:] == pytest.approx(-10.0, abs=0.4)


def test_the_first_push_after_a_pause_knows_no_step_before():
    found = pulses(np.concatenate((bounces(4), np.zeros(300), bounces(4))))
    first = np.flatnonzero(np.isnan(found["rise_before"]))
    assert len(first) == 2
    assert np.isnan(found["trough_mps2"][first]).all()


def test_small_unrest_is_no_push():
    assert len(pulses(np.random.default_rng(1).uniform(-0.5, 0.5, 1000))["rise"]) == 0


@given(cut_points(500))
@settings(max_examples=30, deadline=None)
def test_any_cut_gives_the_same_bits(cuts):
    excess = bounces(9) + 0.5 * np.random.default_rng(0).standard_normal(len(bounces(9)))
    cut, whole = pulses(excess, [min(c, len(excess)) for c in cuts]), pulses(excess)
    assert all(cut[name].tobytes() == whole[name].tobytes() for name in whole)
