"""From a kept record to the page, with eight sensors' strides, alone and beside a hundred readers that are stuck."""

import socket
import statistics
import threading
import time

from sensorhub.pipeline.fanout import FanoutParams
from tests.support.page import PageUnderTest, stride
from tests.support.reader import Reader, stuck_reader

Row = tuple[str, str, str]
STRIDES_A_SECOND = 24.0  # eight runners, three steps a second
SECONDS = 12.0


def measure() -> list[Row]:
    """Rows of (what, measured, goal)."""
    return [row(0), row(100)]


def row(stuck: int) -> Row:
    delays_s = delays(stuck)
    median, p99 = statistics.median(delays_s), statistics.quantiles(delays_s, n=100)[98]
    beside = f" beside {stuck} stuck readers" if stuck else ""
    return (
        f"kept record to page, 8 sensors{beside}",
        f"{1e3 * median:.1f} ms, p99 {1e3 * p99:.1f} ms",
        "p99 250 ms from the sample",
    )


def delays(stuck: int) -> list[float]:
    """How long each record took, from the call that tells of it to the reader that has it."""
    arrived: dict[int, float] = {}
    told: dict[int, float] = {}
    count = round(STRIDES_A_SECOND * SECONDS)

    def listen(reader: Reader) -> None:
        records = reader.records()
        while len(arrived) < count:
            event_id, _ = next(records)
            arrived[event_id] = time.perf_counter()

    with PageUnderTest(FanoutParams(queue_size=64)) as page:
        sockets: list[socket.socket] = [stuck_reader(page.port) for _ in range(stuck)]
        with Reader(page.url) as reader:
            listener = threading.Thread(target=listen, args=(reader,))
            listener.start()
            start_s = time.perf_counter()
            for number in range(count):
                told[page.tell(stride(number)).event_id] = time.perf_counter()
                time.sleep(max(0.0, start_s + (number + 1) / STRIDES_A_SECOND - time.perf_counter()))
            listener.join(30)
        for each in sockets:
            each.close()
    return [arrived[event_id] - at_s for event_id, at_s in told.items()]
