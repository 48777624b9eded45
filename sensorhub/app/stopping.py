"""How a service and its like end: when they are done, by Ctrl-C or SIGTERM, or after some time."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine, Iterator


@contextlib.contextmanager
def stopping(stop: asyncio.Event, seconds: float | None) -> Iterator[None]:
    """Let Ctrl-C, SIGTERM, or the end of `seconds` set `stop`, so that the service ends as it should."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for each in signals:
        loop.add_signal_handler(each, stop.set)
    if seconds is not None:
        loop.call_later(seconds, stop.set)
    try:
        yield
    finally:
        for each in signals:
            loop.remove_signal_handler(each)


async def run_until_stopped(work: Coroutine[None, None, None], seconds: float | None) -> None:
    """Run until it is done, Ctrl-C or SIGTERM comes, or `seconds` are over. An error of the work comes through."""
    stop = asyncio.Event()
    with stopping(stop, seconds):
        working, waiting = asyncio.create_task(work), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (working, waiting):
                task.cancel()
            await asyncio.wait({working, waiting})
    if not working.cancelled():
        working.result()
