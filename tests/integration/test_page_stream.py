"""The page's stream over real sockets: order, resuming, stuck readers, and a clean end."""

import ssl
import statistics
import subprocess
import threading
import time
from pathlib import Path

import httpx
import pytest

from sensorhub.model.errors import SensorhubError, UsageError
from sensorhub.pipeline.fanout import FanoutParams
from tests.support.files import secret
from tests.support.page import PageUnderTest, stride
from tests.support.reader import Reader, stuck_reader

pytestmark = pytest.mark.integration


def test_a_newcomer_gets_what_was_kept_and_then_what_comes() -> None:
    with PageUnderTest() as page:
        for number in range(5):
            page.tell(stride(number))
        with Reader(page.url) as reader:
            before = reader.take(5)
            page.tell(stride(5))
            after = reader.take(1)
    assert [record["seq"] for _, record in before + after] == [1, 2, 3, 4, 5, 6]


def test_a_reader_resumes_after_its_id_and_misses_nothing_over_a_restart() -> None:
    with PageUnderTest() as page:
        for number in range(1200):
            page.tell(stride(number))
        page.stop()
        for number in range(1200, 1210):
            page.tell(stride(number))
        page.start()
        with Reader(page.url, last_id=3) as reader:
            got = [event_id for event_id, _ in reader.take(1207)]
            page.tell(stride(1210))
            got += [event_id for event_id, _ in reader.take(1)]
    assert got == list(range(4, 1212))


def test_an_id_of_another_store_starts_anew() -> None:
    with PageUnderTest() as page:
        page.tell(stride(0))
        with Reader(page.url, last_id=99_999) as reader:
            assert [event_id for event_id, _ in reader.take(1)] == [1]


def test_a_hundred_stuck_readers_do_not_slow_a_good_one() -> None:
    strides = 1500
    arrived: dict[int, float] = {}

    def listen(reader: Reader) -> None:
        records = reader.records()
        while len(arrived) < strides:
            event_id, _ = next(records)
            arrived[event_id] = time.perf_counter()

    with PageUnderTest(FanoutParams(queue_size=128)) as page:
        stuck = [stuck_reader(page.port) for _ in range(100)]
        with Reader(page.url) as good:
            listener = threading.Thread(target=listen, args=(good,))
            listener.start()
            told = {}
            for number in range(strides):
                told[page.tell(stride(number)).event_id] = time.perf_counter()
                time.sleep(0.003)  # a pace: 8 sensors give some 25 strides a second, this is ten times that
            listener.join(60)
            streams = page.streams()
            health = httpx.get(f"{page.url}api/health").json()
        for reader in stuck:
            reader.close()
    delays_s = [arrived[event_id] - at for event_id, at in told.items()]
    assert statistics.median(delays_s) < 1.0  # a few may meet a machine that stands still
    assert health["dropped_readers"] == 100
    assert health["readers"] <= 1
    assert streams <= 1, "streams to stuck readers are given up, not waited for"


def test_stopping_ends_the_stream_of_its_readers_properly() -> None:
    with PageUnderTest() as page, Reader(page.url) as reader:
        page.tell(stride(0))
        reader.take(1)
        page.stop()
        assert list(reader.records()) == [], "a stream that is cut off raises here"
        page.start()


@pytest.fixture
def exposed(tmp_path: Path) -> dict[str, object]:
    """Settings of a page off loopback's defaults: a token and a certificate of its own."""
    certificate, key = str(tmp_path / "page.pem"), str(tmp_path / "page.key")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run([*openssl, *subject, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    token = secret(tmp_path / "token", "a-long-enough-token")
    return {"certificate_file": certificate, "key_file": key, "token_file": token}


def test_over_tls_the_cookie_is_secure_and_plain_http_is_not_served(exposed: dict[str, object]) -> None:
    with PageUnderTest(**exposed) as page:
        url = f"https://localhost:{page.port}"
        trust = ssl.create_default_context(cafile=str(exposed["certificate_file"]))
        with httpx.Client(verify=trust) as client:
            assert client.get(url).status_code == 401
            form = {"token": "a-long-enough-token"}
            entered = client.post(f"{url}/login", data=form, headers={"Origin": url})
            assert "Secure" in entered.headers["set-cookie"]
            assert client.get(url).status_code == 200
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"http://localhost:{page.port}")


def test_a_certificate_that_cannot_be_used_is_named(exposed: dict[str, object]) -> None:
    page = PageUnderTest(**(exposed | {"certificate_file": exposed["key_file"]}))
    with pytest.raises(UsageError, match=r"page\.certificate_file"), page:
        pytest.fail("it was served")


def test_a_port_that_is_taken_is_named() -> None:
    with PageUnderTest() as first:
        second = PageUnderTest(port=first.port)
        with pytest.raises(SensorhubError, match=r"page\.port"), second:
            pytest.fail("it was served")
