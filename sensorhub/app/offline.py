"""A recording on disk through the chain."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sensorhub.adapters.plain_recording import read_plain_recording
from sensorhub.adapters.recording import Recording, is_recording
from sensorhub.model.alignment import Alignment
from sensorhub.model.errors import InputError
from sensorhub.model.events import Event
from sensorhub.model.exercise import Announcement
from sensorhub.model.frames import ANNOUNCED
from sensorhub.model.samples import SampleBlock
from sensorhub.pipeline.announcements import announced_in
from sensorhub.pipeline.chain import Chain
from sensorhub.pipeline.decoder import SensorDecoder
from sensorhub.pipeline.recut import recut
from sensorhub.pipeline.settled import settled

FEWEST_SAMPLES = 100
"""A second or two: less holds no stride and tells no rate."""


def analyze_recording(
    path: Path,
    *,
    activity: str,
    block_ms: int | None = None,
    lenient: bool = False,
    warn: Callable[[str], None],
) -> list[Event]:
    """All events of a recording, plain or raw, settled and in order, its summary last.

    `warn` hears in one line of what could not be used. Raises InputError where the file cannot be read, or is too
    short to tell anything.
    """
    chain = Chain(activity, _known(path))
    blocks: Iterable[SampleBlock] = recorded_blocks(path, lenient=lenient, warn=warn, announce=chain.announce)
    if block_ms is not None:
        blocks = recut(blocks, block_ms)
    return _analysed(path, blocks, chain)


def recorded_blocks(
    path: Path,
    *,
    lenient: bool = False,
    warn: Callable[[str], None],
    announce: Callable[[Announcement], None] = lambda _: None,
) -> Iterator[SampleBlock]:
    """Samples of a recording, plain or raw; `announce` hears in between what the runner was told to do."""
    if is_recording(path):
        return _raw_blocks(path, warn, announce)
    return read_plain_recording(path, lenient=lenient, warn=warn)


def replay_recording(path: Path, *, warn: Callable[[str], None]) -> list[Event]:
    """All events of a raw recording, as the live session gave them.

    Raises InputError where the file is no raw recording.
    """
    chain = Chain(known=_known(path))
    return _analysed(path, _raw_blocks(path, warn, chain.announce), chain)


def _known(path: Path) -> Alignment | None:
    """The alignment that the live session began with."""
    return Recording(path).header.alignment if is_recording(path) else None


def _analysed(path: Path, blocks: Iterable[SampleBlock], chain: Chain) -> list[Event]:
    events: list[Event] = []
    samples = 0
    for block in blocks:
        samples += len(block)
        events += _named(path, chain.feed, block)
    if samples < FEWEST_SAMPLES:
        raise InputError(f"{path}: holds {samples} samples, too few to tell anything. Record a minute or more.")
    return settled([*events, *_named(path, chain.finish)])


def _raw_blocks(
    path: Path, warn: Callable[[str], None], announce: Callable[[Announcement], None]
) -> Iterator[SampleBlock]:
    """Samples of raw frames, exactly as the live session got them."""
    recording = Recording(path)
    header = recording.header
    decoder = SensorDecoder(header.profile, header.settings, header.origin_ns)
    for frame in recording:
        if frame.characteristic == ANNOUNCED:
            announce(announced_in(frame, header.origin_ns))
        else:
            yield from decoder.feed(frame).blocks
    yield from decoder.finish().blocks
    if recording.damage is not None:
        warn(recording.damage)


def _named(path: Path, step: Callable[..., list[Event]], *block: SampleBlock) -> list[Event]:
    """What a step of the chain gives; its complaint about the samples gets the file's name."""
    try:
        return step(*block)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
