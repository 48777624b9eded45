"""Nothing off loopback in clear text unless it was said."""

import pytest

from sensorhub.model.errors import UsageError
from sensorhub.pipeline.plaintext import checked_url


@pytest.mark.parametrize(
    "url", ["http://localhost:8086", "http://127.0.0.1:8086/", "http://[::1]:8086", "https://influx.club:8086"]
)
def test_loopback_or_tls_is_taken(url):
    assert checked_url(url, "influx.url", allow_plaintext=False) == url.rstrip("/")


@pytest.mark.parametrize("url", ["http://influx.club:8086", "http://10.0.0.7", "http://127.0.0.1.evil.org"])
def test_clear_text_off_loopback_is_refused_unless_said(url):
    with pytest.raises(UsageError, match=r"influx.url: .* clear text"):
        checked_url(url, "influx.url", allow_plaintext=False)
    assert checked_url(url, "influx.url", allow_plaintext=True) == url


@pytest.mark.parametrize(
    "url", ["", "influx.club:8086", "ftp://influx.club", "http://", "http://h:port", "http://[::1"]
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(UsageError, match=r"is no (http|address)"):
        checked_url(url, "influx.url", allow_plaintext=True)


def test_a_secret_in_an_address_is_refused_and_not_repeated():
    with pytest.raises(UsageError) as error:
        checked_url("https://user:canary@influx.club", "influx.url", allow_plaintext=False)
    assert "canary" not in str(error.value)
