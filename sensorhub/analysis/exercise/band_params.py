"""What tells a band walk from everything else done upright."""

from dataclasses import dataclass, field

from sensorhub.analysis.exercise.band_steps import BandStepParams
from sensorhub.analysis.exercise.band_turn import BandTurnParams


@dataclass(frozen=True, slots=True)
class BandWalkParams:
    """What tells a band walk from everything else done upright.

    least_surge_mps2: root mean square of horizontal acceleration; below sure_surge_mps2 the pelvis must also lean
    as in a half squat (cosine below bent_cos, 6 degrees) and tilt more than it turns, or it could be a clamshell.
    most_heave_mps2: of vertical acceleration (running has 8 and more); most_heave_share: against the horizontal one
    (legs that open lower the hips by less than they take them aside; a walker's go up and down more than to and
    fro). least_line: how much one horizontal line rules the surge, 0 to 1. most_parallel: how much the pelvis tilts
    about that same line instead of across it (a walker surges forward, and his pelvis drops about that same forward
    line). least_bend_rad: a half squat this deep begins a set, and rising from it for risen_s ends it.
    most_bend_rad: lean of a deep squat. least_steps: that make a set, with swings of least_median_swing_deg.
    least_travel: share of the way that must go one way, least_travel_mps: mean speed, without which somebody only
    rocks. fastest_s, slowest_s: step times; slowest_median_s: of their median. pause_s: that ends a set. look_s:
    how far back a set may have begun when it is recognised. wake_mps2: of the surge with which a set begins.
    rests_s: lengths of the rests from which one is tried to have begun. least_evidence: of which end of the line is
    left, before the turn of the pelvis decides. first_weight: of the first step's way against all others'.
    least_steps_again: that make a further set, along the line of the last one, with like_share of its bend, and of
    its swing and push each, and first_share of a swing at most in the first. bent_share: of the last set's bend,
    without which no further set begins. asked_steps: that make a set of who was asked to walk. Of who is bent for
    it, and was about as bent for settled_s, one step does: with first_swing_deg at least, and a surge across the
    bend (cosine least_across).
    """

    least_surge_mps2: float = 0.09
    sure_surge_mps2: float = 0.6
    bent_cos: float = 0.9945
    most_heave_mps2: float = 4.0
    most_heave_share: float = 0.9
    least_line: float = 0.5
    most_parallel: float = 0.35
    least_bend_rad: float = 0.09
    most_bend_rad: float = 0.8
    risen_s: float = 0.4
    least_steps: int = 4
    least_median_swing_deg: float = 1.5
    least_travel: float = 0.35
    least_travel_mps: float = 0.018
    fastest_s: float = 0.4
    slowest_s: float = 4.6
    slowest_median_s: float = 3.6
    pause_s: float = 4.0
    look_s: float = 20.0
    wake_mps2: float = 0.05
    rests_s: tuple[float, ...] = (2.0, 0.8, 0.04)
    least_evidence: float = 0.2
    first_weight: float = 1.5
    least_steps_again: int = 2
    like_share: float = 0.5
    first_share: float = 0.8
    bent_share: float = 0.3
    asked_steps: int = 3
    settled_s: float = 0.75
    first_swing_deg: float = 2.0
    least_across: float = 0.8
    steps: BandStepParams = field(default_factory=BandStepParams)
    turn: BandTurnParams = field(default_factory=BandTurnParams)
