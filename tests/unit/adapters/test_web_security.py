"""The page's guard: who is refused, and what every answer carries."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from sensorhub.adapters.web.routes import build_app
from sensorhub.adapters.web.settings import web_settings
from sensorhub.config import PageSettings
from sensorhub.model.errors import UsageError
from sensorhub.model.guided import GuidedAction
from sensorhub.pipeline.fanout import Fanout
from tests.support.files import secret
from tests.support.page import MemoryHistory

TOKEN = "a-long-enough-token"  # noqa: S105 - of this test alone
HOME = "http://127.0.0.1:8137"
SAME = {"Origin": HOME}


def ask(method: str, path: str, page: PageSettings | None = None, **request: Any) -> httpx.Response:
    return converse([(method, path, request)], page)[0]


def converse(calls: list[tuple[str, str, dict[str, Any]]], page: PageSettings | None = None) -> list[httpx.Response]:
    """Several calls of one browser, which keeps its cookies."""

    async def talk() -> list[httpx.Response]:
        app = build_app(Fanout(), MemoryHistory(), web_settings(page or PageSettings()))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOME) as client:
            return [await client.request(method, path, **request) for method, path, request in calls]

    return asyncio.run(talk())


@pytest.fixture
def locked(tmp_path: Path) -> PageSettings:
    file = secret(tmp_path / "token", TOKEN)
    return PageSettings(token_file=file)


def test_the_page_and_its_files_are_served_with_a_strict_policy() -> None:
    answer = ask("GET", "/")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ask("GET", "/static/vendor/uPlot.iife.min.js").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil", "", "[::1", "a@127.0.0.2"]
)
def test_a_name_that_is_not_ours_is_refused(host: str) -> None:
    assert ask("GET", "/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8137", "127.0.0.1", "[::1]:8137", "LOCALHOST"])
def test_names_of_this_machine_are_taken(host: str) -> None:
    assert ask("GET", "/", headers={"Host": host}).status_code == 200


def test_a_further_name_is_taken_when_it_was_set() -> None:
    page = PageSettings(allowed_hosts=("hub.lan",))
    assert ask("GET", "/", page, headers={"Host": "hub.lan:8137"}).status_code == 200
    assert ask("GET", "/", headers={"Host": "hub.lan:8137"}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        SAME | {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://[bad"},
    ],
)
def test_a_change_from_elsewhere_is_refused(headers: dict[str, str]) -> None:
    assert ask("POST", "/logout", headers=headers).status_code == 403


def test_a_change_from_the_page_itself_is_taken() -> None:
    assert ask("POST", "/logout", headers=SAME).status_code == 303


def test_without_login_nothing_of_a_runner_is_shown(locked: PageSettings) -> None:
    paths = ["/", "/events", "/api/sessions", "/api/sessions/s1/records", "/api/health", "/api/about"]
    answers = converse([("GET", path, {}) for path in paths], locked)
    assert {answer.status_code for answer in answers} == {401}
    assert ask("GET", "/", locked, headers={"Accept": "text/html"}).headers["location"] == "/login"


def test_the_right_token_gives_a_cookie_that_opens_the_page(locked: PageSettings) -> None:
    entered, page, left, after = converse(
        [
            ("POST", "/login", {"data": {"token": TOKEN}, "headers": SAME}),
            ("GET", "/", {}),
            ("POST", "/logout", {"headers": SAME}),
            ("GET", "/", {}),
        ],
        locked,
    )
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    assert [page.status_code, left.status_code, after.status_code] == [200, 303, 401]


def test_a_wrong_token_opens_nothing_and_many_are_held_off(locked: PageSettings) -> None:
    wrong = ("POST", "/login", {"data": {"token": "wrong"}, "headers": SAME})
    right = ("POST", "/login", {"data": {"token": TOKEN}, "headers": SAME})
    answers = converse([*[wrong] * 10, right, ("GET", "/", {})], locked)
    assert {answer.headers.get("location") for answer in answers[:10]} == {"/login?wrong"}
    assert [answer.status_code for answer in answers[10:]] == [429, 401]


def test_an_endless_form_is_not_read(locked: PageSettings) -> None:
    huge = {"content": b"token=" + b"x" * 100_000, "headers": SAME}
    assert ask("POST", "/login", locked, **huge).headers["location"] == "/login?wrong"


@pytest.mark.parametrize(
    ("page", "names"),
    [
        (PageSettings(host="0.0.0.0"), "page.token_file"),  # noqa: S104 - what is refused
        (PageSettings(certificate_file="c.pem"), "page.key_file"),
    ],
)
def test_an_exposed_page_without_protection_is_refused(page: PageSettings, names: str) -> None:
    with pytest.raises(UsageError, match=names):
        web_settings(page)


def test_off_loopback_a_token_alone_is_not_enough(locked: PageSettings) -> None:
    exposed = PageSettings(host="192.0.2.7", token_file=locked.token_file)
    with pytest.raises(UsageError, match=r"page\.allow_plaintext"):
        web_settings(exposed)
    on_purpose = PageSettings(host="192.0.2.7", token_file=locked.token_file, allow_plaintext=True)
    assert "192.0.2.7" in web_settings(on_purpose).host_names


def test_people_are_told_an_address_that_a_browser_can_open(locked: PageSettings) -> None:
    everywhere = msgspec.structs.replace(locked, host="0.0.0.0", allow_plaintext=True)  # noqa: S104 - behind a token
    named = msgspec.structs.replace(everywhere, allowed_hosts=("hub.lan",))
    assert [web_settings(page).shown_host for page in (PageSettings(), everywhere, named)] == [
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104
        "hub.lan",
    ]


def test_records_of_a_session_come_as_one_list_and_unknown_sessions_are_not_found() -> None:
    assert ask("GET", "/api/sessions/none/records").status_code == 404
    assert ask("GET", "/api/sessions").json() == []
    assert ask("GET", "/static/../routes.py").status_code == 404
    assert ask("GET", "/static/%2e%2e/routes.py").status_code == 404


async def in_pieces() -> AsyncIterator[bytes]:
    """A body without a length in its header, that never ends."""
    while True:
        yield b" "


class Control:
    def __init__(self) -> None:
        self.actions: list[GuidedAction] = []

    def act(self, action: GuidedAction) -> None:
        self.actions.append(action)


def test_a_guided_session_takes_only_what_it_knows_and_only_from_the_page() -> None:
    control = Control()

    async def talk() -> list[int]:
        app = build_app(Fanout(), MemoryHistory(), web_settings(PageSettings()), control)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOME) as client:
            tries = [
                (b'{"action":"pause"}', SAME),
                (b'{"action":"pause"}', {}),
                (b'{"action":"explode"}', SAME),
                (b'{"action":"\xff"}', SAME),
                (b'{"action":"pause","more":1}', SAME),
                (b" " * 1000, SAME),
                (in_pieces(), SAME),
            ]
            answers = [await client.post("/api/guided", content=body, headers=origin) for body, origin in tries]
            return [answer.status_code for answer in answers]

    assert asyncio.run(talk()) == [204, 403, 400, 400, 400, 413, 413]
    assert control.actions == [GuidedAction.PAUSE]


def test_without_a_guided_session_there_is_nothing_to_steer() -> None:
    assert ask("POST", "/api/guided", json={"action": "start"}, headers=SAME).status_code == 409
