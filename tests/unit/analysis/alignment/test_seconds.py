"""What the seconds of a stream say, against the plain formulas."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from sensorhub.analysis.alignment.seconds import Seconds, Window
from sensorhub.model.samples import ACC, GYR, UP, FloatArray, MotionBlock
from sensorhub.model.units import GRAVITY_MPS2
from tests.support.cuts import cut_points

SIZE = 50


def motion(vectors: FloatArray) -> MotionBlock:
    nothing = np.zeros(vectors.shape[2], dtype=bool)
    return MotionBlock(float(SIZE), 3.0 + np.arange(vectors.shape[2]) / SIZE, vectors, nothing, nothing)


def shaken(seconds: int) -> FloatArray:
    vectors = np.random.default_rng(1).standard_normal((3, 3, seconds * SIZE))
    vectors[UP] = vectors[UP] * 0.1 + np.array([[0.0], [0.6], [0.8]])
    vectors[UP] /= np.sqrt((vectors[UP] ** 2).sum(axis=0))
    vectors[ACC] += GRAVITY_MPS2 * vectors[UP]
    return vectors


def still(force_mps2: float, rate_radps: float) -> FloatArray | None:
    """A second with this much sway about a steady turn and gravity."""
    sway = np.resize([1.0, -1.0], SIZE)
    vectors = np.zeros((3, 3, SIZE))
    vectors[GYR, 0], vectors[ACC, 2], vectors[UP, 2] = 0.1 + rate_radps * sway, GRAVITY_MPS2 + force_mps2 * sway, 1.0
    seconds = Seconds(float(SIZE), 0.0)
    assert list(seconds.feed(motion(vectors))) == [0]
    return seconds.standing(0)


def test_moments_are_those_of_the_window() -> None:
    vectors = shaken(5)
    seconds = Seconds(float(SIZE), 3.0)
    assert list(seconds.feed(motion(vectors))) == [0, 1, 2, 3, 4]
    window = seconds.window(4)
    rate, force, up = vectors[:, :, SIZE:]
    turn, push = (rate * up).sum(axis=0), (force * up).sum(axis=0)
    mean_up = up.mean(axis=1) / np.linalg.norm(up.mean(axis=1))
    parts = [(rate, turn, 1.0), (rate, push, GRAVITY_MPS2), (force, push, GRAVITY_MPS2**2)]
    pattern = np.array([[np.cov(axis, with_, bias=True)[0, 1] / unit for axis in of] for of, with_, unit in parts])
    assert np.array_equal(window.vectors, vectors[:, :, SIZE:])
    assert window.end_s == pytest.approx(3.0 + (5 * SIZE - 1) / SIZE)
    assert window.moments.up == pytest.approx(mean_up)
    assert float(window.moments.turn_radps) == pytest.approx(turn.mean())
    assert window.moments.pattern == pytest.approx(pattern - np.outer(pattern @ mean_up, mean_up))


def test_the_newest_half_is_a_window_of_its_own() -> None:
    vectors = shaken(4)
    seconds = Seconds(float(SIZE), 3.0)
    seconds.feed(motion(vectors))
    half = seconds.newest_half(3)
    mean = vectors[UP, :, 2 * SIZE :].mean(axis=1)
    assert np.array_equal(half.vectors, vectors[:, :, 2 * SIZE :])
    assert half.moments.up == pytest.approx(mean / np.linalg.norm(mean))


def test_a_second_of_standing_sways_little_in_force_and_rate() -> None:
    assert still(0.2, 0.05) == pytest.approx(np.array([0.0, 0.0, GRAVITY_MPS2]))
    assert still(0.4, 0.05) is None
    assert still(0.2, 0.1) is None


@settings(max_examples=30, deadline=None)
@given(cut_points(6 * SIZE))
def test_any_cut_gives_the_same_bits(cuts: list[int]) -> None:
    whole = motion(shaken(6))

    def bits(window: Window) -> list[bytes]:
        return [np.asarray(part).tobytes() for part in (window.vectors, window.end_s, *window.moments)]

    def run(edges: list[int]) -> list[list[bytes]]:
        seconds, seen = Seconds(float(SIZE), 3.0), []
        for start, stop in pairwise(edges):
            new = seconds.feed(whole.cut(start, stop))
            seen += [
                bits(look(number)) for number in new if number > 2 for look in (seconds.window, seconds.newest_half)
            ]
        return seen

    assert run([0, *cuts, len(whole)]) == run([0, len(whole)])
