"""A TCP proxy on loopback that does what networks do: delay, reset, go silent, close."""

import contextlib
import random
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass, field


@dataclass
class BadNetwork:
    """Between `port` and the server at `to_port`. Its faults may be changed while it runs.

    `reset_after_s`: each connection is reset after a random time of up to this. `silent`: nothing goes through, nothing
    is closed (a black hole). `hang_up_on`: bytes from the client on which the connection is closed without a word.
    """

    to_port: int
    delay_s: float = 0.0
    reset_after_s: float | None = None
    silent: bool = False
    hang_up_on: bytes | None = None
    seed: int = 1
    port: int = 0
    connections: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._listener.settimeout(0.02)
        self.port = self._listener.getsockname()[1]
        self._chance = random.Random(self.seed)
        self._start(self._accept)
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _start(self, target, *args):
        thread = threading.Thread(target=target, args=args)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = self._listener.accept()
                self.connections += 1
                self._start(self._carry, client)

    def _carry(self, client):
        try:
            server = socket.create_connection(("127.0.0.1", self.to_port), timeout=2.0)
        except OSError:
            client.close()
            return
        for sock in (client, server):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with client, server, contextlib.suppress(OSError):
            self._shovel(client, server)

    def _shovel(self, client, server):
        reset_s = None
        other = {client: server, server: client}
        waiting = []  # (due, to, bytes)
        while not self._stop.is_set():
            if self.reset_after_s is None:
                reset_s = None
            elif reset_s is None:
                reset_s = time.monotonic() + self._chance.uniform(0.0, self.reset_after_s)
            if reset_s is not None and time.monotonic() > reset_s:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            ready, _, _ = select.select([client, server], [], [], 0.002)
            for sock in ready if not self.silent else []:
                piece = sock.recv(65536)
                if not piece or (sock is client and self.hang_up_on and self.hang_up_on in piece):
                    return
                waiting.append((time.monotonic() + self.delay_s, other[sock], piece))
            if self.silent:
                time.sleep(0.002)
                continue
            while waiting and waiting[0][0] <= time.monotonic():
                _, to, piece = waiting.pop(0)
                to.sendall(piece)
