"""Where the page lies, where it is served, and to whom."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sensorhub.config import PageSettings, read_secret
from sensorhub.model.errors import UsageError
from sensorhub.pipeline.plaintext import is_loopback

STATIC: Final = Path(__file__).parent / "static"
"""The page's own files, inside the package and so inside the wheel."""

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
EVERY_NETWORK: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - no address that a browser could open
MIN_TOKEN_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How the page is reached: the settings of the file, with the token read.

    `host_names` are what a request may call this page, in lower case; `shown_host` is what people are told.
    """

    host: str
    shown_host: str
    port: int
    token: str | None
    host_names: frozenset[str]
    certificate: Path | None = None
    key: Path | None = None

    @property
    def tls(self) -> bool:
        """Whether the page is served over TLS."""
        return self.certificate is not None


def web_settings(page: PageSettings) -> WebSettings:
    """Read the page's settings; refuse what would show a runner's data to a network by accident.

    Raises UsageError that names the key.
    """
    token = read_secret(page.token_file)
    if (page.certificate_file is None) != (page.key_file is None):
        raise UsageError("page.certificate_file and page.key_file go together: set both or none.")
    if not is_loopback(page.host):
        _check_exposed(page, token)
    return WebSettings(
        host=page.host,
        shown_host=page.allowed_hosts[0] if page.allowed_hosts and page.host in EVERY_NETWORK else page.host,
        port=page.port,
        token=token,
        host_names=LOOPBACK_NAMES | {page.host.lower()} | {name.lower() for name in page.allowed_hosts},
        certificate=_path(page.certificate_file),
        key=_path(page.key_file),
    )


def _check_exposed(page: PageSettings, token: str | None) -> None:
    if token is None:
        raise UsageError(f"page.host {page.host} can be reached by others: set page.token_file, or use 127.0.0.1.")
    if len(token) < MIN_TOKEN_LENGTH:
        raise UsageError(f"page.token_file: the token is shorter than {MIN_TOKEN_LENGTH} characters; make it longer.")
    if page.certificate_file is None and not page.allow_plaintext:
        raise UsageError(
            f"page.host {page.host} without TLS sends the token in the clear: set page.certificate_file and "
            "page.key_file, or page.allow_plaintext = true on a network you trust."
        )


def _path(name: str | None) -> Path | None:
    return None if name is None else Path(name).expanduser()
