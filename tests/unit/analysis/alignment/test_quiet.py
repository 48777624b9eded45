import numpy as np

from sensorhub.analysis.alignment.quiet import QuietParams, QuietStanding
from sensorhub.model.samples import FloatArray

STILL = np.zeros((100, 3))


def force(up: tuple[float, float, float], noise_mps2: float = 0.05, seed: int = 0) -> FloatArray:
    return 9.81 * np.array(up) + np.random.default_rng(seed).normal(0, noise_mps2, (100, 3))


def stood(quiet: QuietStanding, up: tuple[float, float, float], seconds: int) -> None:
    for second in range(seconds):
        assert quiet.feed(force(up, seed=second), STILL)


def test_up_is_the_mean_force_without_both_ends() -> None:
    quiet = QuietStanding()
    quiet.feed(force((0.0, 0.28, 0.96)), STILL)
    stood(quiet, (0.0, 0.0, 1.0), 6)
    quiet.feed(force((0.0, 0.28, 0.96)), STILL)
    assert not quiet.feed(force((0.0, 0.0, 1.0), noise_mps2=2.0), STILL)
    (stretch,) = quiet.stretches
    assert stretch.seconds == 6.0
    assert np.allclose(stretch.up_sensor, [0.0, 0.0, 1.0], atol=2e-3)


def test_turning_is_not_quiet_however_even_the_force() -> None:
    rate = np.random.default_rng(0).normal(0, 0.2, (100, 3))
    assert not QuietStanding().feed(force((0.0, 0.0, 1.0)), rate)


def test_the_first_good_stretch_near_the_run_counts_and_not_the_table_nor_a_long_wait_on_one_leg() -> None:
    quiet = QuietStanding()
    table, fidget, stand, wait = (1.0, 0.0, 0.0), (0.0, 0.1, 0.995), (0.0, 0.2, 0.98), (0.1, 0.2, 0.975)
    for up, seconds in ((table, 30), (fidget, 4), (stand, 6), (wait, 40)):
        stood(quiet, up, seconds)
        quiet.feed(force(up, noise_mps2=3.0), STILL)
    up = quiet.up_near(np.array([0.0, 0.0, 1.0]), 0.4)
    assert up is not None
    assert np.allclose(up, [0.0, 0.2, 0.98], atol=0.01)
    assert quiet.up_near(np.array([0.0, -1.0, 0.0]), 0.4) is None


def test_where_no_stretch_is_good_the_longest_counts() -> None:
    quiet = QuietStanding(QuietParams(good_s=100.0))
    for up, seconds in (((0.0, 0.1, 0.995), 5), ((0.0, 0.2, 0.98), 9)):
        stood(quiet, up, seconds)
        quiet.feed(force(up, noise_mps2=3.0), STILL)
    up = quiet.up_near(np.array([0.0, 0.0, 1.0]), 0.4)
    assert up is not None
    assert np.allclose(up, [0.0, 0.2, 0.98], atol=0.01)


def test_hours_of_stillness_take_no_more_room_than_seconds() -> None:
    quiet = QuietStanding(QuietParams(most=3))
    for _ in range(10):
        stood(quiet, (0.0, 0.0, 1.0), 5)
        quiet.feed(force((0.0, 0.0, 1.0), noise_mps2=3.0), STILL)
    stood(quiet, (0.0, 0.0, 1.0), 50)
    assert len(quiet.stretches) == 3
    assert max(stretch.seconds for stretch in quiet.stretches) == 48.0
