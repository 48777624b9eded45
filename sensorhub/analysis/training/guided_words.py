"""What a guided session says to the runner: one thing at a time."""

from sensorhub.model.exercise import Drill
from sensorhub.model.guided import GuidedPhase, SetResult
from sensorhub.model.programme import ProgrammeStep

SIDE_WORDS = {
    Drill.BAND_WALK: "steps to the {side}",
    Drill.SIDE_PLANK: "{side} side down",
    Drill.STANDING_CLAMSHELL: "{side} knee moves",
}


def side_words(step: ProgrammeStep) -> str:
    """Say the side in the drill's own words."""
    return SIDE_WORDS[step.prescription.drill].format(side=step.side.value)


def cue(phase: GuidedPhase, step: ProgrammeStep, steps: int, results: list[SetResult], hint: str) -> str:
    """Tell the runner one thing."""
    match phase:
        case GuidedPhase.READY:
            return "Press start when you are ready."
        case GuidedPhase.PAUSED:
            return "Paused. Take your time."
        case GuidedPhase.DONE:
            return done_against_prescribed(results, steps)
        case GuidedPhase.WORK:
            return hint or step.prescription.present.cue
        case GuidedPhase.COUNTDOWN | GuidedPhase.REST:
            other = bool(results) and results[-1].set == step.set and results[-1].drill is step.prescription.drill
            return f"{'Other side' if other else 'Next'}: {side_words(step)}."


def done_against_prescribed(results: list[SetResult], steps: int) -> str:
    """Sum a session of so many steps up."""
    reached = sum(result.done is not None and result.done >= result.prescribed_low for result in results)
    uncounted = sum(result.done is None for result in results)
    note = f" {uncounted} could not be counted." if uncounted else ""
    return f"Done: {reached} of {steps} sets as prescribed.{note}"


def what_is_next(phase: GuidedPhase, steps: list[ProgrammeStep], place: int) -> str | None:
    """Say what follows the set under way; None at the end."""
    following = place + 1 if phase in {GuidedPhase.WORK, GuidedPhase.COUNTDOWN, GuidedPhase.PAUSED} else place
    if phase is GuidedPhase.DONE or following >= len(steps):
        return None
    step = steps[following]
    return f"{step.prescription.drill.value.replace('_', ' ')}, {side_words(step)}"
