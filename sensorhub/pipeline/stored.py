"""The stored mark: how the writer tells a hub which of its records the database holds."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class StoredMark:
    """Records of one hub that are in the database.

    `ranges`: first and last seq, both included, of records in revision 0. `revised`: seq and revision of records that
    came again; a lower revision of the same seq is covered by it.
    """

    ranges: tuple[tuple[int, int], ...] = ()
    revised: tuple[tuple[int, int], ...] = ()


class StoredMarkError(ValueError):
    """Bytes that are no stored mark."""


def encode_mark(mark: StoredMark) -> bytes:
    """The mark as a message."""
    return msgspec.json.encode(mark)


def decode_mark(payload: bytes) -> StoredMark:
    """The mark in a message; what a newer writer says beyond it is passed over."""
    try:
        mark = msgspec.json.decode(payload, type=StoredMark)
    except msgspec.DecodeError as error:
        raise StoredMarkError(str(error)) from error
    if any(first > last for first, last in mark.ranges):
        raise StoredMarkError("a range ends before it begins")
    return mark


class MarkBuilder:
    """Gathers what is stored of one hub; neighbours grow together.

    The newest `keep` ranges are told again each time, so that a hub that comes late hears of them too.
    """

    def __init__(self, keep: int = 64) -> None:
        self._keep = keep
        self._known: list[tuple[int, int]] = []
        self._fresh: list[tuple[int, int]] = []
        self._revised: dict[int, int] = {}

    def add(self, stored: Iterable[tuple[int, int]]) -> None:
        """Take (seq, revision) pairs that were stored just now."""
        for seq, revision in stored:
            if revision == 0:
                self._fresh.append((seq, seq))
            else:
                self._revised[seq] = max(revision, self._revised.get(seq, 0))

    def take(self) -> StoredMark:
        """The mark to publish: all that is new, and the newest of what was told before."""
        ranges = _merged([*self._known, *self._fresh])
        mark = StoredMark(tuple(ranges), tuple(self._revised.items()))
        self._known = ranges[-self._keep :]
        self._fresh = []
        self._revised = {}
        return mark


def _merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    return out
