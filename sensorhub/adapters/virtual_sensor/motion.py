"""Where the virtual sensor's motion comes from, as blocks of samples: a recording, a made runner, or rest."""

import gzip
import io
import queue
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import numpy as np

from sensorhub.formats.plain_csv import PlainCsvReader
from sensorhub.model.errors import InputError
from sensorhub.model.samples import SampleBlock
from sensorhub.model.units import GRAVITY_MPS2

_BLOCK_ROWS = 200
_PIECE_BYTES = 16_000
_STANDING_S = 8.0
_CHAPTER_S = 300.0


def recording_blocks(path: Path) -> Iterator[SampleBlock]:
    """Give a plain CSV recording in small blocks, so that reading never delays a packet. Raises InputError."""
    reader = PlainCsvReader(str(path))
    try:
        with _open(path) as text:
            reader.feed_header(text.readline())
            while lines := text.readlines(_PIECE_BYTES):
                yield reader.feed(lines)
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise InputError.unreadable(path, error) from None


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8")
    return path.open(encoding="utf-8")


def still_blocks(rate_hz: float, seconds: float) -> Iterator[SampleBlock]:
    """Give a sensor at rest, upright, z up, for tests that need no runner; each sample's x rate is its number."""
    for start in range(0, int(seconds * rate_hz), _BLOCK_ROWS):
        number = np.arange(start, min(start + _BLOCK_ROWS, int(seconds * rate_hz)), dtype=np.float64)
        acc = np.zeros((len(number), 3))
        acc[:, 2] = GRAVITY_MPS2
        gyr = np.zeros((len(number), 3))
        gyr[:, 0] = (number % 4096) * 1e-3
        yield SampleBlock(number / rate_hz, acc, gyr)


def runner_blocks(seed: int, rate_hz: float) -> Iterator[SampleBlock]:
    """Give a made runner without end who drops more on the right than on the left; made ahead on a thread."""
    from sensorhub.synthetic.runner import endless_run
    from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams, Style
    from sensorhub.synthetic.sensor import SensorParams

    style = Style(drop_left_deg=4.0, drop_right_deg=6.0, excursion_unevenness_deg=-1.5)
    bouts = (Bout(Pace.STAND, _STANDING_S), Bout(Pace.RUN, _CHAPTER_S))
    params = RunnerParams(seed=seed, style=style, bouts=bouts, sensor=SensorParams(rate_hz=rate_hz))
    return _made_ahead(endless_run(params, chapter_s=_CHAPTER_S))


def _made_ahead(blocks: Iterator[SampleBlock]) -> Iterator[SampleBlock]:
    """Make the next block while the last one plays, so that the packets stay on time."""
    ready: queue.Queue[SampleBlock] = queue.Queue(maxsize=1)

    def make() -> None:
        for block in blocks:
            ready.put(block)

    threading.Thread(target=make, daemon=True, name="made ahead").start()
    while True:
        yield ready.get()
