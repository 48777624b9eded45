"""Nothing leaves the machine in clear text unless it was said on purpose."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from sensorhub.model.errors import UsageError

_LOOPBACK_NAMES: Final = {"localhost", "localhost.localdomain"}


def is_loopback(host: str) -> bool:
    """Whether this host name or address is this machine's loopback.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("10.0.0.7"), is_loopback("127.example.org")
    (True, True, False, False)
    """
    if host.lower() in _LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def checked_url(url: str, setting: str, *, allow_plaintext: bool) -> str:
    """Give back an http or https URL, without a slash at its end.

    Raises UsageError naming the setting where it is none, carries a password, or would send a secret in clear text.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise UsageError(f"{setting}: {url!r} is no address.") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise UsageError(f"{setting}: {url!r} is no http:// or https:// address.")
    if parts.username or parts.password:
        raise UsageError(f"{setting}: an address must not carry a user or password; put the secret into token_file.")
    if parts.scheme == "http" and not (allow_plaintext or is_loopback(host)):
        raise UsageError(f"{setting}: {url} would send the token in clear text. Use https://, or set allow_plaintext.")
    return url.rstrip("/")
