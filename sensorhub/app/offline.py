"""A recording on disk through the chain."""

from collections.abc import Callable, Iterable
from pathlib import Path

from sensorhub.adapters.plain_recording import read_plain_recording
from sensorhub.model.errors import InputError
from sensorhub.model.events import Event
from sensorhub.model.samples import SampleBlock
from sensorhub.pipeline.chain import Chain
from sensorhub.pipeline.recut import recut
from sensorhub.pipeline.settled import settled

FEWEST_SAMPLES = 100
"""A second or two: less holds no stride and tells no rate."""


def analyze_recording(path: Path, *, activity: str, block_ms: int | None, lenient: bool) -> list[Event]:
    """All events of a recording, settled and in order, its summary last.

    Raises InputError where the file cannot be read, or is too short to tell anything.
    """
    blocks: Iterable[SampleBlock] = read_plain_recording(path, lenient=lenient)
    if block_ms is not None:
        blocks = recut(blocks, block_ms)
    chain = Chain(activity)
    events: list[Event] = []
    samples = 0
    for block in blocks:
        samples += len(block)
        events += _named(path, chain.feed, block)
    if samples < FEWEST_SAMPLES:
        raise InputError(f"{path}: holds {samples} samples, too few to tell anything. Record a minute or more.")
    return settled([*events, *_named(path, chain.finish)])


def _named(path: Path, step: Callable[..., list[Event]], *block: SampleBlock) -> list[Event]:
    """What a step of the chain gives; its complaint about the samples gets the file's name."""
    try:
        return step(*block)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
