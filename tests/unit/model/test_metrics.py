"""The catalogue names every number of the model, and nothing else."""

import types
import typing

import pytest

from sensorhub.model.events import Event
from sensorhub.model.metrics import MEASUREMENTS, METRICS, Metric, metric
from sensorhub.model.summary import Estimate

UNITS = {"s", "deg", "steps/min", "m", "share", "points", "%", "count", "dBm", "Hz", "deg/min", "yes/no"}
NUMBERS = {int, float, bool}
UNIT_OF_SUFFIX = {
    "_s": "s",
    "_deg": "deg",
    "_spm": "steps/min",
    "_m": "m",
    "_share": "share",
    "_percent": "%",
    "_dbm": "dBm",
    "_hz": "Hz",
    "_deg_per_min": "deg/min",
}


def kinds(annotation: object) -> set[object]:
    """The types of an annotation, without None."""
    if isinstance(annotation, types.UnionType):
        return {kind for kind in typing.get_args(annotation) if kind is not type(None)}
    return {annotation}


def numeric_attributes(record: type) -> set[str]:
    hints = typing.get_type_hints(record)
    return {name for name, annotation in hints.items() if kinds(annotation) <= NUMBERS | {Estimate}}


ALL = [(record, entry) for record, entries in METRICS.items() for entry in entries]


@pytest.mark.parametrize("record", METRICS, ids=lambda record: record.__name__)
def test_every_number_of_a_record_is_in_the_catalogue_once(record: type) -> None:
    names = [entry.name for entry in METRICS[record]]
    assert len(names) == len(set(names))
    assert set(names) == numeric_attributes(record)


def test_every_event_has_metrics_and_a_measurement() -> None:
    assert set(typing.get_args(Event)) == set(METRICS)
    assert sorted(record.__name__ for records in MEASUREMENTS.values() for record in records) == sorted(
        record.__name__ for record in METRICS
    )


@pytest.mark.parametrize(("record", "entry"), ALL, ids=lambda part: getattr(part, "name", None))
def test_a_metric_says_its_unit_and_meaning(record: type, entry: Metric) -> None:
    assert entry.unit in UNITS
    assert entry.label
    assert entry.meaning.endswith(".")
    longest = max((suffix for suffix in UNIT_OF_SUFFIX if entry.name.endswith(suffix)), key=len, default=None)
    if longest is not None:
        assert entry.unit == UNIT_OF_SUFFIX[longest]
    hint = kinds(typing.get_type_hints(record)[entry.name])
    assert entry.has_interval == (hint == {Estimate})
    assert (entry.unit == "yes/no") == (hint == {bool})


@pytest.mark.parametrize("measurement", MEASUREMENTS)
def test_fields_of_one_measurement_never_mean_two_things(measurement: str) -> None:
    by_field: dict[str, set[tuple[str, str]]] = {}
    for record in MEASUREMENTS[measurement]:
        for entry in METRICS[record]:
            for field in entry.influx_fields:
                by_field.setdefault(field, set()).add((entry.unit, entry.meaning))
    assert {field: said for field, said in by_field.items() if len(said) > 1} == {}


def test_an_unknown_metric_is_an_error() -> None:
    with pytest.raises(KeyError, match="no metric tempo"):
        metric(next(iter(METRICS)), "tempo")
