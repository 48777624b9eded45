"""Calibrated alignments on disk, one small file a clip."""

from pathlib import Path
from urllib.parse import quote

import msgspec

from sensorhub.model.alignment import Alignment
from sensorhub.model.errors import InputError, SensorhubError


class AlignmentShelf:
    """Keeps the alignment of each sensor in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sensor: str) -> Path:
        """Where a sensor's alignment lies; any name stays inside the folder."""
        return self._folder / f"{quote(sensor, safe='').replace('.', '%2E')}.json"

    def load(self, sensor: str) -> Alignment | None:
        """The alignment of a sensor, None where it was never calibrated. Raises InputError where it cannot be read."""
        path = self.path(sensor)
        try:
            return msgspec.json.decode(path.read_bytes(), type=Alignment)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: this calibration cannot be read ({error}). Calibrate again.") from None

    def save(self, sensor: str, alignment: Alignment) -> Path:
        """Keep the alignment of a sensor in place of an older one; give the file."""
        path = self.path(sensor)
        draft = path.with_suffix(".new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(msgspec.json.encode(alignment))
            draft.replace(path)
        except OSError as error:
            raise SensorhubError(f"{path}: the calibration cannot be kept ({error.strerror}).") from None
        return path
