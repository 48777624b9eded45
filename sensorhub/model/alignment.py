"""How a sensor sits on the pelvis: a value that can be stored for a clip and given back."""

from dataclasses import dataclass

from sensorhub.model.gait import Reference

Axis = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The pelvis's axes in the sensor frame, as unit vectors, at the reference pose.

    up_sensor: the earth's up in quiet standing (`standing`) or in the mean of the run (`run_mean`). left_sensor: the
    pelvis's left-pointing axis, level at the reference; None while the heading is unknown, and with it every side and
    angle. settled: enough of the motion has been seen for the heading to be sure. mounting counts how often the
    clip has slipped or been put on again.
    """

    up_sensor: Axis
    left_sensor: Axis | None
    reference: Reference
    settled: bool
    mounting: int = 0
