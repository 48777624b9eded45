"""The catalogue of every number sensorhub shows, stores or exports: one source of truth for names, units and words.

The page, the dashboards, the exports and the database schema read it; a test holds it against the dataclasses.
"""

from dataclasses import dataclass

from sensorhub.model.exercise import BandWalkSet, ClamshellSet, DrillRep, SidePlankSet
from sensorhub.model.gait import Stride
from sensorhub.model.status import ActivitySpan, Gap, SensorStatus
from sensorhub.model.summary import Summary

INTERVAL_SUFFIXES = ("_low", "_high", "_n")


@dataclass(frozen=True, slots=True)
class Metric:
    """One number. `name` is the attribute of its dataclass; `field` its name in InfluxDB, where they differ.

    `unit` is one of s, deg, steps/min, m, share (0 to 1), points (0 to 100), %, count, dBm, Hz, deg/min, yes/no. A
    metric with an interval is an Estimate: its mean under the field's name, its bounds and number under
    INTERVAL_SUFFIXES.
    """

    name: str
    unit: str
    label: str
    meaning: str
    field: str = ""
    has_interval: bool = False

    @property
    def influx_field(self) -> str:
        """The field that holds the number, or the mean of an Estimate."""
        return self.field or self.name

    @property
    def influx_fields(self) -> tuple[str, ...]:
        """Every field that this metric may fill, that of the number first."""
        suffixes = INTERVAL_SUFFIXES if self.has_interval else ()
        return (self.influx_field, *(self.influx_field + suffix for suffix in suffixes))


def _estimate(name: str, label: str, meaning: str) -> Metric:
    return Metric(name, "deg", label, meaning, has_interval=True)


_SET = Metric("set", "count", "Set", "The set of this drill in the session, from 1.")
_START = Metric("start_s", "s", "Start", "When it began, in session time.")
_END = Metric("end_s", "s", "End", "When it ended, in session time.")
_LEVEL_SCORE = Metric("level_score", "points", "Level score", "How level the pelvis stayed; 100 is level.")

STRIDE = (
    Metric("seq", "count", "Number", "The stride's number; a stride that comes again keeps it."),
    Metric("revision", "count", "Revision", "How often the stride was mended since it was first told; the last holds."),
    Metric("initial_contact_s", "s", "Initial contact", "When the vertical ground force first passes 50 N."),
    Metric("toe_off_s", "s", "Toe-off", "When the vertical ground force falls below 50 N again."),
    Metric("stride_time_s", "s", "Stride time", "From the same foot's previous initial contact."),
    Metric("step_time_s", "s", "Step time", "From the other foot's initial contact."),
    Metric("ground_contact_time_s", "s", "Ground contact time", "Contact to toe-off."),
    Metric("flight_time_s", "s", "Flight time", "From the other foot's toe-off to initial contact; none in walking."),
    Metric("duty_factor", "share", "Duty factor", "Ground contact time as a share of stride time."),
    Metric("cadence_spm", "steps/min", "Cadence", "Steps of both feet a minute."),
    Metric(
        "pelvic_drop_deg",
        "deg",
        "Pelvic drop",
        "Greatest angle by which the swing side is lower than the stance side, from quiet standing.",
    ),
    Metric(
        "pelvic_drop_excursion_deg",
        "deg",
        "Pelvic drop excursion",
        "Peak drop less the value at initial contact: clip tilt, camber and lean cancel.",
    ),
    Metric("obliquity_at_contact_deg", "deg", "Obliquity at contact", "Left side higher is positive."),
    Metric("pelvic_tilt_deg", "deg", "Pelvic tilt", "Mean forward tilt over stance; anterior is positive."),
    Metric(
        "pelvic_rotation_range_deg",
        "deg",
        "Pelvic rotation",
        "Range of turning about the vertical over the stride, less its mean turn.",
    ),
    Metric(
        "vertical_oscillation_m",
        "m",
        "Vertical oscillation",
        "Rise and fall of the pelvis in the step, peak to peak.",
    ),
    Metric("quality", "share", "Quality", "How far to trust it, 0 to 1."),
)

DRILL_REP = (
    _SET,
    Metric("rep", "count", "Repetition", "The repetition in its set, from 1."),
    Metric("t_s", "s", "Time", "When it happened, in session time."),
    Metric("duration_s", "s", "Duration", "How long the repetition took."),
    Metric("pelvic_drop_deg", "deg", "Pelvic drop", "Greatest drop of the swing side in the repetition."),
)

BAND_WALK_SET = (
    _SET,
    Metric("steps", "count", "Steps", "Steps of the leading foot."),
    _START,
    _END,
    Metric("tempo_spm", "steps/min", "Tempo", "Steps of the leading foot a minute."),
    Metric("step_evenness", "share", "Evenness", "How alike the steps are in time: 1 is a metronome."),
    _LEVEL_SCORE,
)

SIDE_PLANK_SET = (
    _SET,
    Metric("hold_s", "s", "Hold", "How long the plank was held."),
    Metric("sag_deg", "deg", "Sag", "How far the pelvis sank from where the hold began."),
    Metric("shake_deg", "deg", "Shake", "How much the pelvis trembled, root mean square."),
    Metric("leg_lift", "yes/no", "Leg lift", "Whether the upper leg was lifted: 1 yes, 0 no."),
    Metric("leg_lift_confidence", "share", "Leg lift, confidence", "How sure that is."),
    _START,
    _END,
)

CLAMSHELL_SET = (
    _SET,
    Metric("reps", "count", "Repetitions", "Clamshells of this knee."),
    Metric("reps_confidence", "share", "Repetitions, confidence", "How sure the count is."),
    _START,
    _END,
    Metric("tempo_s", "s", "Tempo", "Seconds a repetition."),
    _LEVEL_SCORE,
)

SENSOR_STATUS = (
    Metric("t_s", "s", "Time", "When it was looked at, in session time."),
    Metric("connected", "yes/no", "Connected", "Whether the sensor's link was up: 1 yes, 0 no."),
    Metric("battery_percent", "%", "Battery", "Charge left, as the sensor says."),
    Metric("rssi_dbm", "dBm", "Signal", "Radio strength at the hub; under -85 the link suffers."),
    Metric("rate_hz", "Hz", "Rate", "Samples a second, as they were asked for or as the sensor says."),
    Metric("loss_share", "share", "Loss", "Samples that never came, of those due since the last look."),
    Metric("latency_s", "s", "Latency", "From a notification's arrival to the records of it on the disk, at worst."),
    Metric("outbox_depth", "count", "Outbox", "Records of the hub that are not yet known to be stored."),
)

GAP = (
    Metric("start_s", "s", "Gap start", "The last sample before the gap, in session time.", field="gap_start_s"),
    Metric("end_s", "s", "Gap end", "The first sample after the gap, in session time.", field="gap_end_s"),
    Metric("samples", "count", "Gap", "Samples that never came.", field="gap_samples"),
)

ACTIVITY_SPAN = (
    Metric("start_s", "s", "From", "When the activity began, in session time.", field="span_start_s"),
    Metric("end_s", "s", "To", "When the activity ended, in session time.", field="span_end_s"),
)

SUMMARY = (
    Metric("start_s", "s", "Start", "The first sample, in session time."),
    Metric("duration_s", "s", "Duration", "First to last sample."),
    Metric("samples", "count", "Samples", "Samples that came."),
    Metric("rejected_samples", "count", "Rejected samples", "Samples that could not be real and were left out."),
    Metric("gaps", "count", "Gaps", "How often samples were missing."),
    Metric("strides", "count", "Strides", "Stances that were measured."),
    Metric("strides_left", "count", "Strides, left", "Stances of the left foot."),
    Metric("strides_right", "count", "Strides, right", "Stances of the right foot."),
    Metric("drill_sets", "count", "Drill sets", "Sets of drills."),
    Metric("trusted_share", "share", "Trusted", "Strides without a flag and of quality 0.5 or more, of all."),
    Metric("cadence_spm", "steps/min", "Cadence", "Mean of the session, steps of both feet a minute."),
    Metric("ground_contact_time_s", "s", "Ground contact time", "Mean of the session."),
    _estimate("pelvic_drop_left_deg", "Pelvic drop, left", "Mean in left stance, with its 95 % interval."),
    _estimate("pelvic_drop_right_deg", "Pelvic drop, right", "Mean in right stance, with its 95 % interval."),
    _estimate("asymmetry_deg", "Asymmetry", "Left mean less right mean, with its 95 % interval."),
    Metric("minimal_detectable_change_deg", "deg", "Minimal detectable change", "Less may be chance."),
    Metric("drift_left_deg_per_min", "deg/min", "Drift, left", "How the left drop changes over the run."),
    Metric("drift_right_deg_per_min", "deg/min", "Drift, right", "How the right drop changes over the run."),
    _estimate(
        "pelvic_drop_excursion_left_deg",
        "Drop excursion, left",
        "Mean in left stance, with its 95 % interval; it needs no standing reference.",
    ),
    _estimate(
        "pelvic_drop_excursion_right_deg",
        "Drop excursion, right",
        "Mean in right stance, with its 95 % interval; it needs no standing reference.",
    ),
    _estimate("excursion_asymmetry_deg", "Excursion asymmetry", "Left mean less right mean, with its 95 % interval."),
)

METRICS: dict[type, tuple[Metric, ...]] = {
    Stride: STRIDE,
    DrillRep: DRILL_REP,
    BandWalkSet: BAND_WALK_SET,
    SidePlankSet: SIDE_PLANK_SET,
    ClamshellSet: CLAMSHELL_SET,
    SensorStatus: SENSOR_STATUS,
    Gap: GAP,
    ActivitySpan: ACTIVITY_SPAN,
    Summary: SUMMARY,
}

MEASUREMENTS: dict[str, tuple[type, ...]] = {
    "stride": (Stride,),
    "drill_rep": (DrillRep,),
    "drill_set": (BandWalkSet, SidePlankSet, ClamshellSet),
    "sensor": (SensorStatus, Gap),
    "session": (Summary, ActivitySpan),
}


def metric(record_type: type, name: str) -> Metric:
    """Find the metric of this attribute; KeyError where there is none.

    >>> metric(Stride, "cadence_spm").unit
    'steps/min'
    """
    for entry in METRICS[record_type]:
        if entry.name == name:
            return entry
    raise KeyError(f"{record_type.__name__} has no metric {name}")
