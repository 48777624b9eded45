"""Made runners under one condition at a time: what each does to events, sides, drop and the other numbers.

python -m tests.yardstick.made > tables.md
"""

import sys
from dataclasses import dataclass, replace

import numpy as np

from sensorhub.model.gait import Gait, Stride
from sensorhub.synthetic.clip import Impact, Slip
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams, Style, Turn, with_walking_breaks
from sensorhub.synthetic.sensor import SensorParams
from sensorhub.synthetic.truth import SyntheticRecording, TrueStep
from tests.yardstick.scoring import measured

STAND, RUN = Bout(Pace.STAND, 8.0), Bout(Pace.RUN, 45.0)
BASE = RunnerParams(seed=1, bouts=(STAND, RUN))
CONDITIONS: dict[str, RunnerParams] = {
    "plain": BASE,
    "50 Hz": replace(BASE, sensor=SensorParams(rate_hz=50.0)),
    "400 Hz": replace(BASE, sensor=SensorParams(rate_hz=400.0)),
    "upright mounting": replace(BASE, sensor=SensorParams(mount="upright")),
    "shock 2 g, wobble 0.5 deg": replace(BASE, impact=Impact(2.0, wobble_deg=0.5)),
    "shock 4 g on a range of 4 g": replace(BASE, impact=Impact(4.0), sensor=SensorParams(acc_range_g=4.0)),
    "wobble 1 deg": replace(BASE, impact=Impact(1.0, wobble_deg=1.0)),
    "gyroscope off by 2 deg/s": replace(BASE, sensor=SensorParams(gyro_bias_dps=2.0)),
    "drops 7 and 2 deg": replace(BASE, style=Style(drop_left_deg=7.0, drop_right_deg=2.0)),
    "drops -1 and 1 deg": replace(BASE, style=Style(drop_left_deg=-1.0, drop_right_deg=1.0)),
    "contact 10 % longer left": replace(BASE, style=Style(contact_asymmetry=0.1)),
    "slow, long contact": replace(BASE, style=Style(speed_mps=2.2, cadence_spm=156.0, duty_factor=0.40)),
    "fast, short contact": replace(BASE, style=Style(speed_mps=4.5, cadence_spm=182.0, duty_factor=0.29)),
    "sprint for 10 s": replace(
        BASE, bouts=(STAND, Bout(Pace.RUN, 25.0), Bout(Pace.RUN, 10.0, 5.5), Bout(Pace.RUN, 15.0))
    ),
    "camber 3 deg": replace(BASE, style=Style(camber_deg=3.0)),
    "two bends of 90 deg": replace(BASE, turns=(Turn(20.0, 90.0), Turn(38.0, -90.0))),
    "traffic lights": replace(BASE, bouts=(STAND, RUN, Bout(Pace.STAND, 15.0), RUN)),
    "walking breaks": with_walking_breaks(BASE, 25.0, 15.0, 2),
    "walking": replace(BASE, bouts=(STAND, Bout(Pace.WALK, 60.0))),
    "no standing": replace(BASE, bouts=(RUN,)),
    "clip slips by 15 deg": replace(
        BASE, bouts=(STAND, Bout(Pace.RUN, 70.0)), slips=(Slip(40.0, 15.0, (0.7, 0.7, 0.1)),)
    ),
}


def main() -> None:
    """Print the table."""
    sys.stdout.write("\n".join(made_table()) + "\n")


def made_table() -> list[str]:
    """One row a condition; errors are RMS unless said, over strides that no flag distrusts."""
    rows = ["### Made runners, one condition at a time", ""]
    rows.append(
        "| | true | found | sides | flagged | IC, ms | TO, ms | drop, deg | excursion, deg | worst unflagged drop, deg "
        "| oscillation, mm | tilt, deg | rotation, deg |"
    )
    rows.append("|---|" + "---:|" * 12)
    rows += [_row(label, synthesise_run(params)) for label, params in CONDITIONS.items()]
    return rows


@dataclass(frozen=True, slots=True)
class Match:
    """A found stride beside the true step."""

    found: Stride
    true: TrueStep


def matches(strides: list[Stride], recording: SyntheticRecording) -> list[Match]:
    """Each true step with the stride that landed within 60 ms of it."""
    times = np.array([one.initial_contact_s for one in strides])
    out = []
    for step in recording.truth.steps:
        near = int(np.argmin(np.abs(times - step.t_ic))) if len(times) else -1
        if near >= 0 and abs(times[near] - step.t_ic) <= 0.06:
            out.append(Match(strides[near], step))
    return out


def _row(label: str, recording: SyntheticRecording) -> str:
    strides = measured(recording.block)
    pairs = matches(strides, recording)
    calm = [one for one in pairs if not one.found.flags]
    sides = np.mean([one.found.side is one.true.side for one in pairs]) if pairs else np.nan
    drops = _errors(calm, "pelvic_drop_deg", "drop")
    running = [one for one in calm if one.true.activity is Gait.RUN] or calm
    cells = [
        label,
        str(len(recording.truth.steps)),
        str(len(pairs)),
        f"{sides:.3f}",
        str(len(pairs) - len(calm)),
        _bias_and_sd(1e3 * _errors(pairs, "initial_contact_s", "t_ic")),
        _bias_and_sd(1e3 * _errors(pairs, "toe_off_s", "t_to")),
        _rms(drops),
        _rms(_errors(calm, "pelvic_drop_excursion_deg", "exc")),
        f"{np.abs(drops).max():.2f}" if len(drops) else "-",
        _bias_and_sd(1e3 * _errors(running, "vertical_oscillation_m", "vertical_oscillation_m")),
        _bias_and_sd(_errors(running, "pelvic_tilt_deg", "tilt_deg")),
        _bias_and_sd(_errors(running, "pelvic_rotation_range_deg", "rotation_range_deg")),
    ]
    return "| " + " | ".join(cells) + " |"


def _errors(pairs: list[Match], found: str, true: str) -> np.ndarray:
    values = [(getattr(one.found, found), getattr(one.true, true)) for one in pairs]
    return np.array([a - b for a, b in values if a is not None])


def _rms(errors: np.ndarray) -> str:
    return f"{np.sqrt(np.mean(errors**2)):.2f}" if len(errors) else "-"


def _bias_and_sd(errors: np.ndarray) -> str:
    return f"{errors.mean():+.1f} ± {errors.std():.1f}" if len(errors) else "-"


if __name__ == "__main__":
    main()
