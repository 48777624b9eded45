"""A season in records: runners, weeks of runs and drills, with the losses and revisions of real life."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from sensorhub.model.exercise import BandWalkSet, ClamshellSet, Drill, DrillRep, SidePlankSet
from sensorhub.model.gait import Flag, Side, Stride
from sensorhub.model.session import Record, Session
from sensorhub.model.status import Activity, ActivitySpan, Gap, SensorStatus
from sensorhub.model.summary import Estimate, Summary
from tests.support.strides import stride

DAY_NS = 86_400 * 10**9
RUN_WEEKDAYS = (1, 3, 6)
DRILL_WEEKDAYS = (0, 4)


@dataclass(frozen=True)
class Season:
    """Runners for weeks until `end_unix_ns`, at which the last run ends. Runs are thinned to `strides_a_run`."""

    runners: int = 3
    weeks: int = 8
    strides_a_run: int = 120
    reps_a_set: int = 10
    end_unix_ns: int = 1_795_000_000 * 10**9

    def records(self) -> Iterator[Record]:
        """Every record, runner by runner, in the order in which the hub would send them."""
        for runner in range(self.runners):
            rng = random.Random(runner)
            seq = 0
            for session, is_run in self._sessions(runner):
                events = run(rng, self.strides_a_run, runner) if is_run else drills(rng, self.reps_a_set, runner)
                for event in events:
                    seq += 1
                    yield Record(session, seq, event)

    def _sessions(self, runner: int) -> Iterator[tuple[Session, bool]]:
        days = self.weeks * 7
        for day in range(1, days + 1):
            is_run = day % 7 in RUN_WEEKDAYS or day == days
            if not is_run and day % 7 not in DRILL_WEEKDAYS:
                continue
            end_ns = self.end_unix_ns - (days - day) * DAY_NS
            start_ns = end_ns - RUN_S * 10**9 - runner * 10**9
            yield Session("pi", f"SH-{runner:04d}", f"runner {runner}", f"r{runner}-day{day:03d}", start_ns), is_run


RUN_S = 1800


def run(rng: random.Random, strides: int, runner: int) -> Iterator:
    """Half an hour's run, thinned: spans, strides of both feet, a gap, a revised start, status and the summary."""
    yield ActivitySpan(Activity.STAND, 0.0, 20.0)
    for number in range(strides):
        side = Side.LEFT if number % 2 else Side.RIGHT
        stride = one_stride(rng, number, 20.0 + number * (RUN_S - 30) / strides, side, 4.0 + runner)
        if number < strides // 4:
            yield msgspec.structs.replace(stride, side=side.other, flags=(Flag.UNSETTLED,))
            stride = msgspec.structs.replace(stride, revision=1)
        yield stride
        if number % 40 == 0:
            battery = 95.0 - number / 40 - 5 * runner
            yield SensorStatus(stride.toe_off_s, True, battery, -61.0, 99.6, 0.004, 0.06, number)
    yield Gap(900.0, 901.5, 150)
    yield ActivitySpan(Activity.RUN, 20.0, RUN_S - 10.0)
    left, right = Estimate(5.0 + runner, 4.8, 5.2, strides // 2), Estimate(4.0, 3.8, 4.2, strides // 2)
    asymmetry = Estimate(1.0 + runner, 0.7, 1.3, strides)
    yield Summary(
        start_s=0.0,
        duration_s=float(RUN_S),
        samples=180_000,
        rejected_samples=2,
        gaps=1,
        strides=strides,
        strides_left=strides // 2,
        strides_right=strides // 2,
        drill_sets=0,
        trusted_share=0.96,
        cadence_spm=170.0,
        ground_contact_time_s=0.25,
        pelvic_drop_left_deg=left,
        pelvic_drop_right_deg=right,
        asymmetry_deg=asymmetry,
        minimal_detectable_change_deg=1.1,
        drift_left_deg_per_min=0.02,
        drift_right_deg_per_min=0.01,
    )


def one_stride(rng: random.Random, seq: int, contact_s: float, side: Side, drop_deg: float) -> Stride:
    drop = rng.gauss(drop_deg, 0.8)
    return stride(
        seq,
        side=side,
        initial_contact_s=contact_s,
        toe_off_s=contact_s + 0.25,
        cadence_spm=rng.gauss(170.0, 2.0),
        pelvic_drop_deg=drop + 1.0,
        pelvic_drop_excursion_deg=drop,
        flags=(Flag.TURN,) if seq % 25 == 24 else (),
    )


def drills(rng: random.Random, reps: int, runner: int) -> Iterator:
    """Each drill on both sides: repetitions and sets."""
    for number, side in enumerate(Side, start=1):
        begin_s = number * 300.0
        level = min(95.0, rng.gauss(75.0 + 2.0 * runner, 5.0))
        for rep in range(1, reps + 1):
            t_s = begin_s + rep
            yield DrillRep(Drill.BAND_WALK, number, rep, t_s, side, None, 1.0, rng.gauss(3.0, 0.5))
            yield DrillRep(Drill.STANDING_CLAMSHELL, number, rep, t_s + 100, None, side, 1.2, rng.gauss(2.0, 0.5))
        yield BandWalkSet(number, side, reps, begin_s, begin_s + 11, 60.0, 0.9, level)
        yield ClamshellSet(number, side, reps, 0.95, None, begin_s + 100, begin_s + 112, 1.2, level)
        yield SidePlankSet(number, side, 30.0, 1.5, 0.3, True, 0.9, begin_s + 200, begin_s + 230)
    spans = (Activity.BAND_WALK, Activity.STANDING_CLAMSHELL, Activity.SIDE_PLANK)
    for place, activity in enumerate(spans):
        yield ActivitySpan(activity, 300.0 + 100 * place, 400.0 + 100 * place)
    yield Summary(0.0, 700.0, 70_000, 0, 0, 0, 0, 0, 6, None, None, None, None, None, None, None, None, None)
