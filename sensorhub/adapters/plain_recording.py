"""Plain recordings on disk: `.csv` and `.csv.gz`, read in pieces so that an hour needs little memory."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from sensorhub.formats.plain_csv import PlainCsvReader
from sensorhub.model.errors import InputError
from sensorhub.model.samples import SampleBlock

PIECE_BYTES = 4_000_000
"""Some 60 000 rows: large enough that numpy works, small enough that memory does not."""


def read_plain_recording(
    path: Path, *, lenient: bool = False, warn: Callable[[str], None] = lambda _: None
) -> Iterator[SampleBlock]:
    """Yield the samples of a plain recording, in order; `warn` hears in a line each what is odd about them.

    Raises InputError where the file cannot be opened, is no plain recording, or (unless lenient) holds a bad row.
    """
    reader = PlainCsvReader(str(path), lenient=lenient)
    try:
        with _open_text(path) as file:
            reader.feed_header(file.readline())
            while lines := file.readlines(PIECE_BYTES):
                yield reader.feed(lines)
        for remark in reader.remarks():
            warn(remark)
    except UnicodeDecodeError:
        raise InputError(f"{path}: is no text. Is it packed (then name it .csv.gz), or another kind of file?") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be unpacked ({error}). Is it whole, and packed by gzip?") from None
    except OSError as error:
        raise InputError.unreadable(path, error) from None


def _open_text(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path, "rb"), encoding="utf-8")
    return path.open(encoding="utf-8")
