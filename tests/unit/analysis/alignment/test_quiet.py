import numpy as np

from sensorhub.analysis.alignment.quiet import QuietParams, QuietStanding
from sensorhub.model.samples import FloatArray


def force(up: tuple[float, float, float]) -> FloatArray:
    return 9.81 * np.array(up)


def stood(quiet: QuietStanding, up: tuple[float, float, float], seconds: int) -> None:
    for _ in range(seconds):
        quiet.feed(force(up))


def test_up_is_the_mean_force_without_both_ends() -> None:
    quiet = QuietStanding()
    quiet.feed(force((0.0, 0.28, 0.96)))
    stood(quiet, (0.0, 0.0, 1.0), 6)
    quiet.feed(force((0.0, 0.28, 0.96)))
    quiet.feed(None)
    (stretch,) = quiet.stretches
    assert stretch.seconds == 6.0
    assert np.allclose(stretch.up_sensor, [0.0, 0.0, 1.0], atol=1e-9)


def test_the_first_good_stretch_near_the_run_counts_and_not_the_table_nor_a_long_wait_on_one_leg() -> None:
    quiet = QuietStanding()
    table, fidget, stand, wait = (1.0, 0.0, 0.0), (0.0, 0.1, 0.995), (0.0, 0.2, 0.98), (0.1, 0.2, 0.975)
    for up, seconds in ((table, 30), (fidget, 4), (stand, 6), (wait, 40)):
        stood(quiet, up, seconds)
        quiet.feed(None)
    up = quiet.up_near(np.array([0.0, 0.0, 1.0]), 0.4)
    assert up is not None
    assert np.allclose(up, [0.0, 0.2, 0.98], atol=0.01)
    assert quiet.up_near(np.array([0.0, -1.0, 0.0]), 0.4) is None


def test_where_no_stretch_is_good_the_longest_counts() -> None:
    quiet = QuietStanding(QuietParams(good_s=100.0))
    for up, seconds in (((0.0, 0.1, 0.995), 5), ((0.0, 0.2, 0.98), 9)):
        stood(quiet, up, seconds)
        quiet.feed(None)
    up = quiet.up_near(np.array([0.0, 0.0, 1.0]), 0.4)
    assert up is not None
    assert np.allclose(up, [0.0, 0.2, 0.98], atol=0.01)


def test_hours_of_stillness_take_no_more_room_than_seconds() -> None:
    quiet = QuietStanding(QuietParams(most=3))
    for _ in range(10):
        stood(quiet, (0.0, 0.0, 1.0), 5)
        quiet.feed(None)
    stood(quiet, (0.0, 0.0, 1.0), 50)
    assert len(quiet.stretches) == 3
    assert max(stretch.seconds for stretch in quiet.stretches) == 48.0
