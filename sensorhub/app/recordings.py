"""The raw recordings of one service run: a file for each session of each sensor."""

from collections.abc import Iterator
from pathlib import Path

from sensorhub.adapters.recording import RecordingHeader, RecordingWriter
from sensorhub.model.errors import SensorhubError


class Recordings:
    """Names and opens them: `today.shraw`, then `today-2.shraw`; with several sensors `today-CLIP.shraw`.

    A disk that takes no new file never stops the service: that session is not recorded, and `problem` says so.
    Raises SensorhubError at once where there can be none at all.
    """

    def __init__(self, path: Path, sensors: int) -> None:
        self._path = path
        self._sensors = sensors
        self._writers: dict[str, RecordingWriter] = {}
        self._refusal: str | None = None
        if path.exists():
            raise SensorhubError(f"{path}: is there already and is not written over. Choose another name.")
        if not path.parent.is_dir():
            raise SensorhubError(f"{path}: there is no folder {path.parent}. Make it, or choose another place.")

    def begin(self, header: RecordingHeader) -> RecordingWriter | None:
        """Open the file of a session that begins."""
        free = next(path for path in self._names(header.sensor) if not path.exists())
        try:
            self._writers[header.sensor] = writer = RecordingWriter(free, header)
        except SensorhubError as error:
            self._refusal = str(error)
            return None
        self._refusal = None
        return writer

    @property
    def problem(self) -> str | None:
        """What keeps frames from being written, in one line, or None."""
        problems = [self._refusal, *(writer.problem for writer in self._writers.values())]
        return next((problem for problem in problems if problem), None)

    def _names(self, sensor: str) -> Iterator[Path]:
        stem = self._path.stem if self._sensors == 1 else f"{self._path.stem}-{sensor}"
        number = 1
        while True:
            yield self._path.with_stem(stem if number == 1 else f"{stem}-{number}")
            number += 1
