"""What tells clamshells from standing about."""

from dataclasses import dataclass, field

from sensorhub.analysis.exercise.clamshell_first_rep import FirstRepParams
from sensorhub.analysis.exercise.clamshell_reps import ClamshellRepParams, Run


@dataclass(frozen=True, slots=True)
class ClamshellParams:
    """What tells clamshells from standing about.

    least_turn_radps: root mean square of the turning rate (2 degrees in 6 s make 0.012). most_surge_mps2,
    most_heave_mps2: of accelerations, which a standing person hardly has. shift_mps2: of the surge with which
    weight moves from foot to foot, if it is shift_ratio times the usual of the set. upright_cos: of the lean still
    upright. sure_turn_deg: repetitions of smaller turns are held back (of larger ones too, if less steady than
    usual_unsteadiness) until the set is over. If they are not steady then, or one may be missing, they are reported
    without a count; where turns are below faint_turn_deg that only of least_faint_reps with least_faint_steadiness and
    least_faint_turn_deg, which nobody sways. sure_knee: evidence of the knee, without which it is not told of them.
    asked_reps: that make a run of turns sure_turn_deg and more where that knee was asked for. pause_s: that ends a
    set. look_s: how far back a set may have begun when it is recognised.
    """

    least_turn_radps: float = 0.005
    most_surge_mps2: float = 0.45
    most_heave_mps2: float = 0.5
    shift_mps2: float = 0.2
    shift_ratio: float = 3.0
    upright_cos: float = 0.9
    sure_turn_deg: float = 2.6
    faint_turn_deg: float = 2.0
    usual_unsteadiness: float = 0.5
    least_faint_reps: int = 8
    least_faint_steadiness: float = 0.75
    least_faint_turn_deg: float = 1.2
    sure_knee: float = 1.0
    pause_s: float = 4.0
    look_s: float = 40.0
    asked_reps: int = 3
    reps: ClamshellRepParams = field(default_factory=ClamshellRepParams)
    first_rep: FirstRepParams = field(default_factory=FirstRepParams)

    def believed_turn_deg(self, run: Run) -> float:
        """The usual turn of a run, or less of it where the run is unsteadier than usual."""
        return run.usual_deg / max(1.0, run.unsteadiness / self.usual_unsteadiness)
