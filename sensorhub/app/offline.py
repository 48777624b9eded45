"""`analyze`: a recording on disk through the chain."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from sensorhub.adapters.plain_recording import read_plain_recording
from sensorhub.formats.records import encode_event
from sensorhub.formats.tables import strides_csv
from sensorhub.model.errors import InputError, SensorhubError
from sensorhub.model.events import Event
from sensorhub.model.gait import Stride
from sensorhub.model.samples import SampleBlock
from sensorhub.pipeline.chain import Chain
from sensorhub.pipeline.recut import recut
from sensorhub.pipeline.settled import settled

FEWEST_SAMPLES = 100
"""A second or two: less holds no stride and tells no rate."""


def analyze_file(
    path: Path, *, activity: str, as_json: bool, csv_path: Path | None, block_ms: int | None, lenient: bool
) -> None:
    """Analyse a recording and print what it holds: records with `as_json`, else a table for people."""
    blocks: Iterable[SampleBlock] = read_plain_recording(path, lenient=lenient)
    if block_ms is not None:
        blocks = recut(blocks, block_ms)
    events = analyze_blocks(blocks, activity=activity, name=str(path))
    if csv_path is not None:
        _write_text(csv_path, strides_csv(event for event in events if isinstance(event, Stride)))
    if as_json:
        sys.stdout.buffer.writelines(encode_event(event) + b"\n" for event in events)
        return


def analyze_blocks(blocks: Iterable[SampleBlock], *, activity: str, name: str) -> list[Event]:
    """All events of a recording, settled. Raises InputError where there is too little to tell anything."""
    chain = Chain(activity)
    events: list[Event] = []
    samples = 0
    for block in blocks:
        samples += len(block)
        events += chain.feed(block)
    if samples < FEWEST_SAMPLES:
        raise InputError(f"{name}: holds {samples} samples, too few to tell anything. Record a minute or more.")
    return settled([*events, *chain.finish()])


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SensorhubError(f"{path}: cannot be written ({error.strerror}). Choose another place.") from None
