"""The first clamshell of a set that was asked for: told at once, since knee and drill are known."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.exercise.clamshell_reps import Run
from sensorhub.analysis.exercise.drill_frames import DrillFrames
from sensorhub.model.gait import Side


@dataclass(frozen=True, slots=True)
class FirstRepParams:
    """What makes one turn towards the knee, and back, a repetition.

    least_turn_deg: of it. before_s: how long before it was asked for the pelvis is looked at, rest_s: how long at
    least before the knee opens. rest_share: of the turn, within which the pelvis has stayed all that time; it would not
    have, were this the other knee's closing. closed_share: of the turn, made back. quickest_s, slowest_s: from
    rest_share of the turn to all of it; times: so many of that make a repetition. most_shift_mps2: of the surge with
    which weight moves from foot to foot.
    """

    least_turn_deg: float = 2.2
    before_s: float = 1.0
    rest_s: float = 0.5
    rest_share: float = 0.4
    closed_share: float = 0.6
    quickest_s: float = 0.2
    slowest_s: float = 3.0
    times: float = 4.0
    most_shift_mps2: float = 0.3


def find_first_rep(frames: DrillFrames, asked_s: float, side: Side, params: FirstRepParams) -> Run | None:
    """Look for one turn from rest towards the side that was asked for and back, up to the last frame."""
    frames = frames.cut(int(np.searchsorted(frames.t_s, asked_s - params.before_s)), len(frames))
    opened_deg = frames.heading_deg if side is Side.LEFT else -frames.heading_deg
    peak = int(np.argmax(opened_deg))
    if peak == 0 or frames.t_s[peak] < asked_s:
        return None
    closed = int(np.argmin(opened_deg[:peak]))
    turn_deg = float(opened_deg[peak] - opened_deg[closed])
    share = (opened_deg - opened_deg[closed]) / max(turn_deg, 1e-6)
    if turn_deg < params.least_turn_deg or share[-1] > 1.0 - params.closed_share:
        return None
    opening = int(np.flatnonzero(share[:peak] < params.rest_share)[-1])
    rise_s = float(frames.t_s[peak] - frames.t_s[opening])
    is_rep = (
        frames.t_s[opening] - frames.t_s[0] > params.rest_s
        and share[:opening].max(initial=0.0) < params.rest_share
        and params.quickest_s < rise_s < params.slowest_s
        and frames.surge_now[opening:].max() < params.most_shift_mps2**2
    )
    if not is_rep:
        return None
    high_deg, low_deg = sorted((float(frames.heading_deg[peak]), float(frames.heading_deg[closed])), reverse=True)
    extremes_s = (float(frames.t_s[closed]), float(frames.t_s[peak]))
    return Run(params.times * rise_s, turn_deg, high_deg, low_deg, extremes_s, 0.0, 0.0)
