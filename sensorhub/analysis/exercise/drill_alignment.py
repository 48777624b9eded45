"""Which way left points in the sensor, for drills, that have no running to tell it."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.exercise.lever_arm import Arm
from sensorhub.analysis.exercise.lines import dot, norm
from sensorhub.dsp.rotation import cross
from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class DrillAlignmentParams:
    """How much each kind of evidence weighs.

    clip_cos: cosine of the greatest lean of a clip that counts as worn upright. clip_weight: such a clip's own y axis
    points left. other_weight: the same axis of a clip worn any other way, which is next to nothing. least_hinge_rad:
    smallest forward tip of the pelvis that is told from a sway. hinge_weight: of that tip. told_weight: of what
    running or a calibration told. arm_weight: of the lever arm, if it is longer than its standard error by arm_ratio;
    less, if not.
    """

    clip_cos: float = 0.8
    clip_weight: float = 0.25
    other_weight: float = 0.02
    least_hinge_rad: float = 0.05
    hinge_weight: float = 3.0
    told_weight: float = 10.0
    arm_weight: float = 1.0
    arm_ratio: float = 1.0


class DrillAlignment:
    """Adds up evidence for the direction of left, a unit vector in the sensor frame.

    Standing gives the vertical. A surge to the side, or lying on the side, gives the line on which left and right
    lie, but not which is which. That comes, best first: from running or a calibration (tell_left), from the hips
    bending before a band walk (hips go back, the pelvis tips forward), from the bend on the way to the floor, from the
    lever arm (the sensor sits at the back of the pelvis), and at last from how clips are worn: upright, y to the left.
    """

    def __init__(self, params: DrillAlignmentParams = DrillAlignmentParams()) -> None:
        self._params = params
        self._evidence: list[tuple[float, FloatArray]] = []
        self._told: list[tuple[float, FloatArray]] = []
        self._arms: list[Arm] = []
        self._upright: FloatArray = np.zeros(3)

    def tell_left(self, left: FloatArray, known_s: float) -> None:
        """Take what running or a calibration told; it replaces what they told before."""
        self._told.append((known_s, self._params.told_weight * left))

    def use_left(self, left: FloatArray, known_s: float, weight: float) -> None:
        """Add evidence of left, from the moment at which it was known."""
        self._evidence.append((known_s, weight * left))

    def use_upright(self, upright: FloatArray, known_s: float) -> None:
        """Take the clip's own axes, once the upright is known."""
        self._upright = upright
        worn_upright = upright[2] > self._params.clip_cos
        weight = self._params.clip_weight if worn_upright else self._params.other_weight
        self.use_left(np.array([0.0, 1.0, 0.0]), known_s, weight)

    def tell_arm(self, arm: Arm) -> None:
        """Take the lever arm as it is known from now on."""
        self._arms.append(arm)

    def hinge_left(self, upright: FloatArray, bent_up: FloatArray, lateral: FloatArray) -> FloatArray | None:
        """Left along a lateral line, from the tip of the pelvis between standing and the bent stance of a band walk.

        When the pelvis tips forward, the earth's up leans backward in it. None where it hardly tipped.
        """
        lean = bent_up - upright * dot(bent_up, upright)
        lean = lean - lateral * dot(lean, lateral)
        if dot(lean, lean) < self._params.least_hinge_rad**2:
            return None
        left = cross(upright, -lean)
        return lateral if dot(left, lateral) > 0.0 else -lateral

    def use_hinge(self, left: FloatArray, known_s: float) -> None:
        """Remember what a hinge told."""
        self.use_left(left, known_s, self._params.hinge_weight)

    def left_at(self, t_s: float) -> FloatArray:
        """The sum of all evidence known at a time: its direction is left, its length the certainty."""
        total = self._behind(t_s)
        for known_s, evidence in self._evidence:
            if known_s <= t_s:
                total = total + evidence
        told = [left for known_s, left in self._told if known_s <= t_s]
        return total + told[-1] if told else total

    def _behind(self, t_s: float) -> FloatArray:
        """What the lever arm known at a time says of left: the sensor is at the back."""
        while len(self._arms) > 1 and self._arms[1].known_s <= t_s:
            self._arms.pop(0)
        if not self._arms or self._arms[0].known_s > t_s:
            return np.zeros(3)
        arm, up = self._arms[0], self._upright
        left = cross(arm.mean_m, up)
        upward_m2 = float((up[:, None] * arm.covariance_m2 * up[None, :]).sum())
        error_m = np.sqrt(0.5 * (float(np.trace(arm.covariance_m2)) - upward_m2))
        evidence: FloatArray = self._params.arm_weight * left / max(self._params.arm_ratio * error_m, norm(left))
        return evidence

    def orient(self, lateral: FloatArray, t_s: float) -> tuple[FloatArray, float]:
        """The lateral line turned to point left, and how much evidence known at t_s says so (0 is none)."""
        along = dot(self.left_at(t_s), lateral)
        return (lateral, along) if along >= 0.0 else (-lateral, -along)
