"""Reads rows out of a damaged SQLite file, page by page, without asking SQLite.

Source: "Database File Format", sqlite.org/fileformat2.html, sections 1.6 (b-tree pages), 2.1 (records), 4 (the WAL).
Only leaves of tables are read; whoever asks must know a row of theirs by its own checksum.
"""

from collections.abc import Iterator
from pathlib import Path

LEAF_TABLE_PAGE = 0x0D
WAL_HEADER_BYTES = 32
WAL_FRAME_HEADER_BYTES = 24
FIRST_PAGE_HEADER_BYTES = 100
# Far beyond any record. A damaged cell may say more, and its overflow pages may go round in a circle.
LONGEST_PAYLOAD_BYTES = 1 << 18
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

Value = int | str | bytes | None
Row = tuple[int, tuple[Value, ...]]


class _BrokenCellError(ValueError):
    """These bytes are no cell."""


def scan_rows(path: Path, page_bytes: int) -> Iterator[Row]:
    """Rows (rowid, values) of every leaf page in the file and then in its write-ahead log, damaged ones passed over."""
    image = path.read_bytes() if path.exists() else b""
    for start in range(0, len(image), page_bytes):
        header = FIRST_PAGE_HEADER_BYTES if start == 0 else 0
        yield from _rows_of_page(image[start : start + page_bytes], header, image, page_bytes)
    log_path = path.with_name(path.name + "-wal")
    log = log_path.read_bytes() if log_path.exists() else b""
    for start in range(WAL_HEADER_BYTES + WAL_FRAME_HEADER_BYTES, len(log), WAL_FRAME_HEADER_BYTES + page_bytes):
        yield from _rows_of_page(log[start : start + page_bytes], 0, image, page_bytes)


def _rows_of_page(page: bytes, header: int, image: bytes, page_bytes: int) -> Iterator[Row]:
    if len(page) < header + 8 or page[header] != LEAF_TABLE_PAGE:
        return
    cells = int.from_bytes(page[header + 3 : header + 5], "big")
    for index in range(min(cells, page_bytes // 4)):
        pointer = header + 8 + 2 * index
        offset = int.from_bytes(page[pointer : pointer + 2], "big")
        try:
            yield _row(page, offset, image, page_bytes)
        except (_BrokenCellError, IndexError, UnicodeDecodeError):
            continue


def _row(page: bytes, offset: int, image: bytes, page_bytes: int) -> Row:
    payload_bytes, offset = _varint(page, offset)
    rowid, offset = _varint(page, offset)
    if payload_bytes > LONGEST_PAYLOAD_BYTES:
        raise _BrokenCellError
    payload = _payload(page, offset, payload_bytes, image, page_bytes)
    return _signed(rowid), _values(payload)


def _payload(page: bytes, offset: int, wanted: int, image: bytes, page_bytes: int) -> bytes:
    most = page_bytes - 35
    if wanted <= most:
        payload = page[offset : offset + wanted]
    else:
        least = (page_bytes - 12) * 32 // 255 - 23
        local = least + (wanted - least) % (page_bytes - 4)
        local = local if local <= most else least
        payload = page[offset : offset + local]
        following = int.from_bytes(page[offset + local : offset + local + 4], "big")
        while following and len(payload) < wanted:
            start = (following - 1) * page_bytes
            payload += image[start + 4 : start + page_bytes]
            if start + page_bytes > len(image):
                raise _BrokenCellError
            following = int.from_bytes(image[start : start + 4], "big")
        payload = payload[:wanted]
    if len(payload) != wanted:
        raise _BrokenCellError
    return payload


def _values(payload: bytes) -> tuple[Value, ...]:
    header_bytes, at = _varint(payload, 0)
    body = header_bytes
    values: list[Value] = []
    while at < header_bytes:
        serial, at = _varint(payload, at)
        value, body = _value(payload, serial, body)
        values.append(value)
    if at != header_bytes or body != len(payload):
        raise _BrokenCellError
    return tuple(values)


def _value(payload: bytes, serial: int, body: int) -> tuple[Value, int]:
    if serial == 0:
        return None, body
    if serial in {8, 9}:
        return serial - 8, body
    if serial == 7:  # a float: passed over as unknown, nothing that is salvaged needs one
        return None, body + 8
    size = _INTEGER_BYTES.get(serial)
    if size is not None:
        return int.from_bytes(payload[body : body + size], "big", signed=True), body + size
    if serial < 12:
        raise _BrokenCellError
    size = (serial - 12) // 2
    raw = payload[body : body + size]
    return (raw.decode() if serial % 2 else raw), body + size


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index in range(9):
        byte = raw[at + index]
        if index == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    raise _BrokenCellError


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value
