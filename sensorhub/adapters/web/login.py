"""Logging in with the page's token; a wrong one is answered slowly when it goes on."""

import hmac
import time
from collections import deque
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from sensorhub.adapters.web.body import read_body
from sensorhub.adapters.web.security import COOKIE, cookie_value, refuse
from sensorhub.adapters.web.settings import STATIC, WebSettings

MAX_TRIES = 10
TRY_WINDOW_S = 60.0
MAX_FORM_BYTES = 4096


class Login:
    """The login form, its answer, and the count of wrong tries."""

    def __init__(self, settings: WebSettings) -> None:
        self._token = settings.token
        self._secure = settings.tls
        self._wrong_at_s: deque[float] = deque(maxlen=MAX_TRIES)

    async def form(self, _request: Request) -> Response:
        """Show the form."""
        return FileResponse(STATIC / "login.html")

    async def enter(self, request: Request) -> Response:
        """Take a token; give the cookie for the right one."""
        if self._token is None:
            return RedirectResponse("/", status_code=303)
        token = await read_token(request)
        if self._too_many():
            return refuse(429, "too many wrong tokens; wait a minute")
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            self._wrong_at_s.append(time.monotonic())
            return RedirectResponse("/login?wrong", status_code=303)
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(
            COOKIE, cookie_value(self._token), httponly=True, samesite="strict", secure=self._secure, path="/"
        )
        return answer

    async def leave(self, _request: Request) -> Response:
        """Forget the cookie."""
        answer = RedirectResponse("/login", status_code=303)
        answer.delete_cookie(COOKIE, path="/")
        return answer

    def _too_many(self) -> bool:
        wrong = self._wrong_at_s
        return len(wrong) == MAX_TRIES and time.monotonic() - wrong[0] < TRY_WINDOW_S


async def read_token(request: Request) -> str:
    """Read the token of a posted form (url encoded, small); empty when there is none."""
    body = await read_body(request, MAX_FORM_BYTES) or b""
    return parse_qs(body.decode("utf-8", "replace")).get("token", [""])[0].strip()
