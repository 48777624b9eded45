"""From a laboratory's tables to reference stances: forces give contacts and sides, kinematics give pelvic drop."""

from dataclasses import dataclass, replace

import numpy as np

from sensorhub.model.errors import InputError
from sensorhub.model.gait import Side
from sensorhub.model.samples import FloatArray
from sensorhub.model.truth import ReferenceStride
from sensorhub.model.units import DEG_PER_RAD

CONTACT_FORCE_N = 50.0
SHORTEST_STANCE_S = 0.08
LONGEST_STANCE_S = 1.5


@dataclass(frozen=True, slots=True)
class Obliquity:
    """The pelvis's obliquity over time, deg, left side higher positive. t_s, deg: shape (n,)."""

    t_s: FloatArray
    deg: FloatArray

    def standing_deg(self, span_s: tuple[float, float]) -> float:
        """Return the obliquity of quiet standing within a span."""
        inside = (self.t_s >= span_s[0]) & (self.t_s <= span_s[1]) & ~np.isnan(self.deg)
        if inside.sum() < 2:
            raise InputError(f"No kinematics between {span_s[0]} and {span_s[1]} s to take the standing pose from.")
        return float(np.median(self.deg[inside]))


def obliquity_of_coordinates(
    t_s: FloatArray, tilt_rad: FloatArray, list_rad: FloatArray, rotation_rad: FloatArray
) -> Obliquity:
    """Obliquity from OpenSim's pelvis_tilt, pelvis_list, pelvis_rotation (turned about z, x, y in this order).

    >>> one = np.array([0.0])
    >>> float(obliquity_of_coordinates(one, one, np.array([0.1]), one).deg[0].round(3))
    5.73
    """
    left_up = np.cos(tilt_rad) * np.sin(list_rad) * np.cos(rotation_rad) - np.sin(tilt_rad) * np.sin(rotation_rad)
    return Obliquity(t_s, DEG_PER_RAD * np.arcsin(np.clip(left_up, -1, 1)))


def obliquity_of_markers(t_s: FloatArray, left_m: FloatArray, right_m: FloatArray) -> Obliquity:
    """Obliquity from a left and a right marker of the pelvis (y up), shape (n, 3) each."""
    across = left_m - right_m
    length = np.linalg.norm(across, axis=1)
    return Obliquity(t_s, DEG_PER_RAD * np.arcsin(np.clip(across[:, 1] / length, -1, 1)))


def stances_of_force(t_s: FloatArray, vertical_n: FloatArray, side: Side | None) -> list[ReferenceStride]:
    """Whole stances of one plate or one foot: from where the vertical force passes 50 N to where it falls below."""
    loaded = np.nan_to_num(vertical_n) > CONTACT_FORCE_N
    change = np.flatnonzero(loaded[1:] != loaded[:-1])
    crossing = t_s[change] + (CONTACT_FORCE_N - vertical_n[change]) / (vertical_n[change + 1] - vertical_n[change]) * (
        t_s[change + 1] - t_s[change]
    )
    rises = ~loaded[change]
    stances = []
    for i in range(len(change) - 1):
        length = crossing[i + 1] - crossing[i]
        if rises[i] and SHORTEST_STANCE_S <= length <= LONGEST_STANCE_S:
            stances.append(ReferenceStride(float(crossing[i]), float(crossing[i + 1]), side, None, None))
    return stances


def sides_by_alternation(strides: list[ReferenceStride], first: Side) -> list[ReferenceStride]:
    """Name sides in turn, as on a treadmill with one plate; where a stance is missing between two, the turn is kept."""
    gaps = np.diff([stride.initial_contact_s for stride in strides])
    usual = float(np.median(gaps)) if len(gaps) else 1.0
    counts = np.concatenate([[0], np.cumsum(np.maximum(1, np.round(gaps / usual)))]).astype(int)
    return [
        replace(stride, side=first if count % 2 == 0 else first.other)
        for stride, count in zip(strides, counts, strict=True)
    ]


def with_drop(stride: ReferenceStride, obliquity: Obliquity, standing_deg: float | None) -> ReferenceStride:
    """Add drop (None without a standing pose) and excursion to a stance whose side is known."""
    if stride.side is None or stride.toe_off_s is None:
        return stride
    inside = (obliquity.t_s > stride.initial_contact_s) & (obliquity.t_s < stride.toe_off_s)
    if not inside.any() or np.isnan(obliquity.deg[inside]).any():
        return stride
    ends = np.interp([stride.initial_contact_s, stride.toe_off_s], obliquity.t_s, obliquity.deg)
    sign = 1.0 if stride.side is Side.LEFT else -1.0
    drop = sign * np.concatenate([ends, obliquity.deg[inside]])
    peak = float(drop.max())
    against_standing = None if standing_deg is None else peak - sign * standing_deg
    return replace(stride, pelvic_drop_deg=against_standing, pelvic_drop_excursion_deg=peak - float(drop[0]))
