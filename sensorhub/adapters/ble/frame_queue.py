"""The bounded queue between the radio's callback and whoever takes the frames."""

import asyncio
from collections import deque

from sensorhub.model.frames import LinkReport, RawFrame

Item = RawFrame | LinkReport


class FrameQueue:
    """When it is full, new notifications are shed and counted; link marks and reports always fit.

    What was kept stays whole: the sensor's counters then show the loss where it was, as they do for one on the air.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._items: deque[Item] = deque()
        self._some = asyncio.Event()
        self._closed = False
        self.shed = 0

    def put_notification(self, frame: RawFrame) -> None:
        """Take a notification, or shed it."""
        if len(self._items) >= self._limit:
            self.shed += 1
            return
        self.put(frame)

    def put(self, item: Item) -> None:
        """Take what must not be lost."""
        self._items.append(item)
        self._some.set()

    def close(self) -> None:
        """Nothing more comes: `get` gives what is left and then None."""
        self._closed = True
        self._some.set()

    async def get(self) -> Item | None:
        """Give the oldest, when there is one."""
        while not self._items:
            if self._closed:
                return None
            self._some.clear()
            await self._some.wait()
        return self._items.popleft()
