"""How a side plank was held: sag, shake, and whether the top leg went up."""

from dataclasses import dataclass

import numpy as np

from sensorhub.model.samples import FloatArray

EDGE_S = 1.0
STEP_GAP_S = 0.8
STEP_LEVEL_S = 2.5
LEAST_STEP_DEG = 1.8
SURE_RATIO = 2.5


@dataclass(frozen=True, slots=True)
class PlankQuality:
    """Of one hold; unknown is None. leg_lift is True or None, since a leg that stays down shows nothing."""

    sag_deg: float | None
    shake_deg: float | None
    leg_lift: bool | None
    leg_lift_confidence: float | None


def plank_quality(rise_deg: FloatArray, roll_deg: FloatArray, rate_hz: float) -> PlankQuality:
    """Judge a hold by the rise of the pelvis's long axis and its roll about it, shape (n,) each.

    sag_deg: first second less last second, without the lifting and the sinking. shake_deg: root mean square of the
    rise around its mean over half a second.
    """
    edge = round(EDGE_S * rate_hz)
    if len(rise_deg) < 4 * edge:
        return PlankQuality(None, None, None, None)
    rise, roll = rise_deg[edge:-edge], roll_deg[edge:-edge]
    sag_deg = float(rise[:edge].mean() - rise[-edge:].mean())
    width = max(2, round(0.5 * rate_hz))
    smooth = _running_means(rise, width)
    around = rise[width // 2 : width // 2 + len(smooth)] - smooth
    shake_deg = float(np.sqrt((around * around).mean()))
    confidence = _leg_lift_confidence(rise, roll, rate_hz)
    return PlankQuality(sag_deg, shake_deg, True if confidence is not None else None, confidence)


def _leg_lift_confidence(rise_deg: FloatArray, roll_deg: FloatArray, rate_hz: float) -> float | None:
    """Lifting the top leg makes the pelvis yield and roll by some degrees within a second, and stay so.

    That step is compared with how much the hold wanders anyway. None where no step stands out.
    """
    gap, width = round(STEP_GAP_S * rate_hz), round(STEP_LEVEL_S * rate_hz)
    if len(rise_deg) < 2 * (gap + width):
        return None
    steps = np.hypot(_steps(rise_deg, gap, width), _steps(roll_deg, gap, width))
    biggest, usual = float(steps.max()), float(np.median(steps))
    ratio = biggest / (usual + 0.3)
    if biggest < LEAST_STEP_DEG or ratio < SURE_RATIO:
        return None
    return min(0.95, 1.0 - 1.0 / ratio)


def _steps(values: FloatArray, gap: int, width: int) -> FloatArray:
    """Median after less median before, at each place that has both: a dip of the hips moves no median."""
    medians = np.median(np.lib.stride_tricks.sliding_window_view(values, width), axis=1)
    apart = width + gap
    steps: FloatArray = medians[apart:] - medians[:-apart]
    return steps


def _running_means(values: FloatArray, width: int) -> FloatArray:
    """Means over each `width` values in a row, by sums in a fixed order."""
    summed = np.concatenate(([0.0], np.cumsum(values)))
    means: FloatArray = (summed[width:] - summed[:-width]) / width
    return means
