"""A reader of line protocol, written from its specification, to hold the writer to."""

import re
from dataclasses import dataclass

from sensorhub.formats.influx_line import SUPERSEDED
from sensorhub.model.metrics import MEASUREMENTS, METRICS

UNESCAPED_COMMA = re.compile(r"(?<!\\),")
UNESCAPED_EQUALS = re.compile(r"(?<!\\)=")
UNESCAPED_SPACE = re.compile(r"(?<!\\) ")
FIELD = re.compile(r'([a-z_0-9]+)=("(?:[^"\\]|\\.)*"|[^,"]+)(?:,|$)')


def fields_of(measurement):
    """Every field that a measurement can have in InfluxDB."""
    numbers = (entry.influx_fields for record in MEASUREMENTS[measurement] for entry in METRICS[record])
    return {"session_id", "flags", "reference", SUPERSEDED}.union(*numbers)


@dataclass(frozen=True)
class Point:
    measurement: str
    tags: dict[str, str]
    fields: dict[str, float | str]
    time_ns: int

    @property
    def series(self):
        return (self.measurement, *sorted(self.tags.items()))


def parse_line(line):
    """One line as a Point; AssertionError where a part of it is left over."""
    assert "\n" not in line
    series, rest = UNESCAPED_SPACE.split(line, maxsplit=1)
    fields_text, time_text = rest.rsplit(" ", 1)
    measurement, *tag_texts = UNESCAPED_COMMA.split(series)
    pairs = [UNESCAPED_EQUALS.split(text, maxsplit=1) for text in tag_texts]
    tags = {key: re.sub(r"\\([,= ])", r"\1", value) for key, value in pairs}
    assert len(tags) == len(pairs)
    fields = {}
    place = 0
    while place < len(fields_text):
        found = FIELD.match(fields_text, place)
        assert found, fields_text[place:]
        fields[found[1]] = _value(found[2])
        place = found.end()
    return Point(measurement, tags, fields, int(time_text))


def _value(text):
    if text.startswith('"'):
        return re.sub(r'\\(["\\])', r"\1", text[1:-1])
    return float(text)
