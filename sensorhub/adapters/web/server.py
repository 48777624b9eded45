"""Serving the page inside the service's own event loop, from start to a clean stop."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import uvicorn

from sensorhub.adapters.web.routes import build_app
from sensorhub.adapters.web.settings import WebSettings
from sensorhub.model.errors import SensorhubError, UsageError
from sensorhub.pipeline.fanout import Fanout
from sensorhub.pipeline.ports import Adviser, GuidedControl, History

STUCK_READER_MS = 20_000
SEND_BUFFER_BYTES = 64 * 1024
MAX_CONNECTIONS = 512


@dataclass(frozen=True, slots=True)
class PageAddress:
    """Where the page can be opened."""

    url: str
    port: int


class EmbeddedServer(uvicorn.Server):
    """A uvicorn that leaves signals to the service."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signals."""
        yield


@contextlib.asynccontextmanager
async def serve_page(
    fanout: Fanout,
    history: History,
    settings: WebSettings,
    guided: GuidedControl | None,
    adviser: Adviser,
) -> AsyncIterator[PageAddress]:
    """Serve the page while the block runs; `settings.port` 0 takes a free one. Readers are sent home at the end."""
    config = uvicorn.Config(
        build_app(fanout, history, settings, guided, adviser),
        http="h11",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=2,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.key,
    )
    load(config, settings)
    listener = listen(settings)
    logging.getLogger("uvicorn.error").addFilter(is_not_a_dropped_reader)
    server = EmbeddedServer(config)
    task = asyncio.create_task(server.serve(sockets=[listener]), name="page")
    try:
        yield address(listener, settings)
    finally:
        fanout.close()
        server.should_exit = True
        await task
        listener.close()


def load(config: uvicorn.Config, settings: WebSettings) -> None:
    """Load what the server needs, the certificate above all."""
    try:
        config.load()
    except OSError as error:  # ssl.SSLError is one
        raise UsageError(
            f"page.certificate_file {settings.certificate} and page.key_file {settings.key} cannot be used "
            f"({error.strerror or error}); both are PEM files, the key belongs to the certificate and has no password."
        ) from None


def listen(settings: WebSettings) -> socket.socket:
    """Bind the page's address; connections to readers that take nothing for long are given up by the kernel."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STUCK_READER_MS)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(256)
    except OSError as error:
        listener.close()
        raise SensorhubError(
            f"page: cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
            "stop what uses the port or set page.port"
        ) from error
    listener.setblocking(False)
    return listener


def address(listener: socket.socket, settings: WebSettings) -> PageAddress:
    """Where a browser finds what listens here."""
    port = listener.getsockname()[1]
    host = f"[{settings.shown_host}]" if ":" in settings.shown_host else settings.shown_host
    return PageAddress(f"{'https' if settings.tls else 'http'}://{host}:{port}/", port)


def is_not_a_dropped_reader(record: logging.LogRecord) -> bool:
    """Whether a log line is news: a reader that was dropped while stuck is counted already."""
    return "without completing response" not in record.getMessage()
