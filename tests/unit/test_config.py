import pytest

from sensorhub.config import Settings, authority_file, load_settings, read_secret
from sensorhub.model.errors import UsageError


def write(tmp_path, text):
    path = tmp_path / "sensorhub.toml"
    path.write_text(text)
    return path


def test_no_file_and_no_environment_gives_the_defaults():
    assert load_settings(None, {}) == Settings()


def test_the_file_sets_and_the_environment_wins(tmp_path):
    path = write(tmp_path, '[mqtt]\nhost = "broker"\nport = 1\n[[sensor]]\nname = "SH-1"\nrunner = "ada"\n')
    settings = load_settings(path, {"SENSORHUB_MQTT_PORT": "8883", "SENSORHUB_PAGE_HOST": "::1", "PATH": "x"})
    assert (settings.mqtt.host, settings.mqtt.port, settings.page.host) == ("broker", 8883, "::1")
    assert settings.sensor[0].profile == "sensorhub_native"


@pytest.mark.parametrize(
    "text, says",
    {
        "[mqtt]\nprot = 1": "prot",
        "[brokers]": "brokers",
        '[mqtt]\nport = "many"': r"mqtt.port",
        "[[sensor]]\nname = 'SH-1'": "runner",
        "[mqtt": "is not TOML",
        "[page]\nport = 70000": r"page.port",
        "[influx]\ntimeout_s = 0": r"influx.timeout_s",
        "[[sensor]]\nname = 'SH-1'\nrunner = 'ada'\n" * 2: "2 tables .* 'SH-1'",
    }.items(),
)
def test_an_error_names_file_and_key(tmp_path, text, says):
    path = write(tmp_path, text)
    with pytest.raises(UsageError, match=says) as error:
        load_settings(path, {})
    assert str(path) in str(error.value)


def test_a_file_that_is_not_there_is_said_in_one_line(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        load_settings(tmp_path / "none.toml", {})


def test_a_secret_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "token"
    path.write_text("s3cret\n")
    path.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600") as error:
        read_secret(str(path))
    assert "s3cret" not in str(error.value)
    path.chmod(0o600)
    assert read_secret(str(path)) == "s3cret"
    assert read_secret(None) is None


@pytest.mark.parametrize(("content", "says"), [(b"", "empty"), (b"\n", "empty"), (b"\xff\xfe\x00", "no text")])
def test_a_secret_that_is_none_is_refused(tmp_path, content, says):
    path = tmp_path / "token"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(UsageError, match=says):
        read_secret(str(path))


@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_an_authority_without_a_certificate_is_named(tmp_path, content):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(UsageError, match=r"mqtt\.ca_file: .*ca\.pem"):
        authority_file(str(path), "mqtt.ca_file")
    assert authority_file(None, "mqtt.ca_file") is None
