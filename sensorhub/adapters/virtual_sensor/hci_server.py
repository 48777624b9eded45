"""HCI over TCP on 127.0.0.1: each host that attaches gets a controller on the air, and loses its links when it goes."""

import asyncio
import itertools
from typing import Any

from bumble.transport.common import StreamPacketSource

from sensorhub.adapters.virtual_sensor.air import Air, AirController


class HciServer:
    """Offers controllers on an air. `port` is a free one unless given."""

    def __init__(self, air: Air) -> None:
        self._air = air
        self._server: asyncio.Server | None = None
        self._numbers = itertools.count(1)

    async def start(self, port: int = 0) -> int:
        """Listen on loopback; give the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._new_host, "127.0.0.1", port)
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    def _new_host(self) -> "_Host":
        return _Host(self._air, f"central {next(self._numbers)}")

    def close(self) -> None:
        """Take no more hosts."""
        if self._server is not None:
            self._server.close()


class _Host(asyncio.Protocol):
    """One attached host."""

    def __init__(self, air: Air, name: str) -> None:
        self._air = air
        self._name = name
        self._source: Any = StreamPacketSource()
        self._transport: Any = None
        self._controller: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._controller = AirController(self._name, host_source=self._source, host_sink=self, link=self._air)

    def data_received(self, data: bytes) -> None:
        self._source.data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._air.remove(self._controller)

    def on_packet(self, packet: bytes) -> None:
        """Pass a packet of the controller to the host."""
        if not self._transport.is_closing():
            self._transport.write(packet)
