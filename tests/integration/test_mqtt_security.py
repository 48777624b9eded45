"""Nothing in the clear off loopback unless told; TLS and passwords work, and no secret is ever told."""

import subprocess

import pytest

from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.config import MqttSettings
from sensorhub.model.errors import UsageError
from sensorhub.model.status import Health
from tests.support.delivery import QUICK, ignore, wait_until
from tests.support.files import secret
from tests.support.servers import MOSQUITTO_CONF, find_program, mosquitto
from tests.support.strides import SESSION, stride

pytestmark = [pytest.mark.integration, pytest.mark.server]

SECRET = "canary-7fd1"  # noqa: S105 - of this test's own broker
TLS = MOSQUITTO_CONF.replace("allow_anonymous true", "allow_anonymous false\npassword_file {directory}/passwords") + (
    "cafile {directory}/cert.pem\ncertfile {directory}/cert.pem\nkeyfile {directory}/key.pem\n"
)


@pytest.fixture
def secure_broker(tmp_path):
    server = mosquitto(tmp_path / "mosquitto", TLS)
    folder = server.directory
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    openssl = [find_program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run([*openssl, *subject, *files], check=True, capture_output=True)
    subprocess.run([find_program("mosquitto_passwd"), "-b", "-c", folder / "passwords", "club", SECRET], check=True)
    server.start()
    yield server
    server.stop()


def settings_of(server, tmp_path, password):
    path = secret(tmp_path / "password", password)
    ca_file = str(server.directory / "cert.pem")
    return MqttSettings(port=server.port, username="club", password_file=path, ca_file=ca_file)


def test_records_go_out_by_tls_with_a_password(secure_broker, tmp_path):
    settings = settings_of(secure_broker, tmp_path, SECRET)
    with (
        HubStore.open(tmp_path / "hub.sqlite", QUICK) as store,
        Sender(store.outbox, "club", settings, ignore, QUICK),
    ):
        store.put(stride(0), SESSION)
        wait_until(lambda: store.status().unsent == 0)


@pytest.mark.parametrize("fault", ["password", "no tls"])
def test_a_wrong_password_or_certificate_is_told_without_the_secret(secure_broker, tmp_path, fault):
    settings = settings_of(secure_broker, tmp_path, SECRET + ("x" if fault == "password" else ""))
    if fault == "no tls":
        settings = MqttSettings(
            **{key: getattr(settings, key) for key in settings.__struct_fields__} | {"ca_file": None}
        )
    heard = []
    with (
        HubStore.open(tmp_path / "hub.sqlite", QUICK) as store,
        Sender(store.outbox, "club", settings, heard.append, QUICK),
    ):
        store.put(stride(0), SESSION)
        wait_until(lambda: heard)
        assert heard[-1].health is Health.LOST
        assert SECRET not in heard[-1].detail
        assert store.status().unsent == 1


def test_plaintext_off_loopback_needs_to_be_said(tmp_path):
    with HubStore.open(tmp_path / "hub.sqlite") as store:
        with pytest.raises(UsageError, match="allow_plaintext"):
            Sender(store.outbox, "club", MqttSettings(host="broker.example.org"), ignore)
        Sender(store.outbox, "club", MqttSettings(host="broker.example.org", allow_plaintext=True), ignore)
