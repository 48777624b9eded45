"""The guard before every page and call: right host, right origin, logged in; and the headers of every answer."""

import hashlib
import hmac
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sensorhub.adapters.web.settings import WebSettings

COOKIE = "sensorhub_page"
OPEN_PATHS = ("/login", "/static/")
READING_METHODS = frozenset({"GET", "HEAD"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def cookie_value(token: str) -> str:
    """Make the cookie of somebody who knows the token; the token cannot be had back from it."""
    return hmac.new(token.encode(), b"sensorhub page", hashlib.sha256).hexdigest()


class Guard:
    """ASGI middleware that refuses what a browser was tricked into and what nobody logged in for."""

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        self._app = app
        self._host_names = settings.host_names
        self._cookie = cookie_value(settings.token) if settings.token else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or refuse one request."""
        if scope["type"] != "http":
            return
        request = HTTPConnection(scope)
        answer: ASGIApp = self._refusal(request, scope["method"]) or self._app
        await answer(scope, receive, with_headers(send))

    def _refusal(self, request: HTTPConnection, method: str) -> Response | None:
        host = request.headers.get("host", "")
        if host_name(host) not in self._host_names:
            return refuse(421, f"this page is not known as {host!r}; add the name to page.allowed_hosts")
        if method not in READING_METHODS and not same_origin(request, host):
            return refuse(403, "this call did not come from the page itself")
        if self._cookie is None or request.url.path.startswith(OPEN_PATHS):
            return None
        if hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), self._cookie.encode()):
            return None
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("/login", status_code=303)
        return refuse(401, "log in first, at /login")


def refuse(status: int, reason: str) -> Response:
    """Answer why not."""
    return JSONResponse({"error": reason}, status_code=status)


def host_name(host: str) -> str:
    """Take the name in a Host header or the authority of a URL, without its port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def same_origin(request: HTTPConnection, host: str) -> bool:
    """Whether the browser says that the page itself makes this call. No Origin, no trust."""
    origin = request.headers.get("origin", "")
    try:
        authority = urlsplit(origin).netloc
    except ValueError:
        return False
    return authority == host and request.headers.get("sec-fetch-site", "same-origin") == "same-origin"


def with_headers(send: Send) -> Send:
    """Put the headers of every answer on this one."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return send_with_headers
