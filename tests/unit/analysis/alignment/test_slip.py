import numpy as np
from scipy.spatial.transform import Rotation

from sensorhub.analysis.alignment.seconds import moments, second_means
from sensorhub.analysis.alignment.slip import Seat
from sensorhub.synthetic.runner_params import Bout, Pace
from tests.unit.analysis.made import motion_of, runner

LEFT = np.array([0.0, 1.0, 0.0])


def windows(turn_deg=(0.0, 0.0, 0.0)):
    """Up and pattern of each four seconds of a run, from a clip turned by these angles about the sensor's axes."""
    rotation = Rotation.from_euler("xyz", turn_deg, degrees=True).as_matrix()
    (motion,) = motion_of(runner(Bout(Pace.STAND, 6.0), Bout(Pace.RUN, 40.0)).block)
    whole = slice(1000, len(motion) // 400 * 400 - 200)
    seen = moments(second_means((rotation.T @ motion.vectors)[:, :, whole], 100), 4)
    return list(zip(seen.up[::4], seen.pattern[::4], strict=True))


def seat_of(shown):
    seat = Seat()
    for one in shown:
        seat.take(*one)
    return seat


def test_steady_running_is_no_news():
    shown = windows()
    seat = seat_of(shown[:3])
    assert len(shown) > 6
    assert not any(seat.is_news(*one) for one in shown[3:])
    assert not any(seat.may_have_turned(pattern) for _, pattern in shown[3:])


def test_a_turned_clip_is_news_and_its_pattern_is_turned():
    seat = seat_of(windows()[:3])
    up = seat.up
    about_up = Rotation.from_rotvec(np.deg2rad(20.0) * up).as_euler("xyz", degrees=True)
    for turned in windows(about_up):
        assert seat.is_news(*turned)
        assert seat.may_have_turned(turned[1])


def test_a_heading_alone_must_be_further_off_while_there_is_no_pattern():
    seat = Seat()
    assert seat.may_have_turned(np.zeros((3, 3)))
    assert not seat.has_turned(0.25)
    assert seat_of(windows()[:3]).has_turned(0.25)


def test_leaning_ahead_is_no_tilt_but_leaning_aside_is():
    seat = seat_of([(np.array([0.0, 0.0, 1.0]), np.eye(3))] * 3)

    def leant(ahead_deg, aside_deg):
        x, y = np.sin(np.deg2rad([ahead_deg, aside_deg]))
        return np.array([x, y, np.sqrt(1.0 - x * x - y * y)])

    assert not seat.has_tilted(leant(10.0, 0.0), LEFT, seat.up)
    assert seat.has_tilted(leant(14.0, 0.0), LEFT, seat.up)
    assert not seat.has_tilted(leant(0.0, 5.0), LEFT, seat.up)
    assert seat.has_tilted(leant(0.0, -7.0), LEFT, seat.up)
    assert not Seat().has_tilted(leant(20.0, 0.0), LEFT, seat.up)  # from standing, a run may lean that far
