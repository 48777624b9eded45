"""What `sensorhub doctor` looks at, as the settings ask for it."""

import queue
import ssl
from typing import Final

from sensorhub.adapters import checkup
from sensorhub.adapters.checkup import Check, Finding, Verdict
from sensorhub.adapters.influx import InfluxSink
from sensorhub.adapters.mqtt.link import Connected, Ended, EventQueue, LinkOptions, MqttLink
from sensorhub.config import InfluxSettings, MqttSettings, Settings
from sensorhub.model.errors import UsageError
from sensorhub.pipeline.lines import Outcome

BROKER_ANSWERS_WITHIN_S: Final = 3.0
MOST_CLOCK_ERROR_S: Final = 5.0


def checks(settings: Settings) -> dict[str, Check]:
    """Give the checks that these settings ask for by name, in order."""
    asked: dict[str, Check] = {
        "python": checkup.check_python,
        "bluetooth": lambda: checkup.check_bluetooth(settings.hub.radio),
        "broker": lambda: check_broker(settings.mqtt, needed=broker_is_needed(settings)),
        "store": lambda: checkup.check_store(settings.hub.folder),
        "page": lambda: checkup.check_page_port(settings.page),
    }
    if not settings.mqtt.enabled:
        asked["broker"] = lambda: Finding("broker", Verdict.OK, "not used: mqtt.enabled is false")
    if settings.influx.token_file is not None:
        asked["database"] = lambda: check_database(settings.influx)
        if not settings.sensor:
            asked["bluetooth"] = lambda: checkup.not_needed_for_writing("bluetooth")
            asked["page"] = lambda: checkup.not_needed_for_writing("page port")
    return asked


def finding_of(name: str, check: Check) -> Finding:
    """Look at one thing; a file that its settings name and that cannot be used is a finding too."""
    try:
        return check()
    except UsageError as error:
        return Finding(name, Verdict.FAILED, "its settings cannot be used", str(error))


def broker_is_needed(settings: Settings) -> bool:
    """Whether somebody counts on a broker: the hub's own page, terminal and history need none."""
    hub, influx = settings.hub, settings.influx
    elsewhere = hub.stored_elsewhere_by or settings.homeassistant.enabled or influx.token_file is not None
    return settings.mqtt.enabled and (bool(elsewhere) or settings.mqtt != MqttSettings())


def check_broker(settings: MqttSettings, *, needed: bool = True) -> Finding:
    """Connect to the broker as the service does; one that is away is no fault where nobody counts on it."""
    where = f"{settings.host}:{settings.port}"
    events: EventQueue = queue.SimpleQueue()
    link = MqttLink(settings, LinkOptions(client_id="sensorhub-doctor"), events)
    try:
        link.open()
        answer = events.get(timeout=BROKER_ANSWERS_WITHIN_S)
    except ssl.SSLError as error:
        remedy = "Set mqtt.ca_file to the certificate of the authority that signed the broker's."
        return Finding("broker", Verdict.FAILED, f"{where}: TLS failed ({error.reason})", remedy)
    except OSError as error:
        if not needed:
            return Finding("broker", Verdict.OK, f"{where}: none, which page, terminal and history do without")
        remedy = "Start one (apt-get install mosquitto), or set mqtt.host and mqtt.port."
        return Finding("broker", Verdict.FAILED, f"{where}: no answer ({error.strerror or error})", remedy)
    except queue.Empty:
        answer = None
    finally:
        link.close()
    remedy = "Mend mqtt.username and mqtt.password_file, or the broker's password file and ACL."
    match answer:
        case Connected():
            return Finding("broker", Verdict.OK, where)
        case Ended(reason, by_broker=False):
            return Finding("broker", Verdict.FAILED, f"{where}: {reason}", remedy)
    return Finding("broker", Verdict.FAILED, f"{where}: something answers, but it speaks no MQTT 5", remedy)


def check_database(settings: InfluxSettings) -> Finding:
    """Ask InfluxDB for its token, bucket and clock."""
    with InfluxSink(settings) as sink:
        answer = sink.probe()
        if answer.outcome is not Outcome.STORED:
            return Finding("database", Verdict.FAILED, settings.url, answer.message)
        ahead_s = sink.clock_ahead_s()
    if ahead_s is not None and abs(ahead_s) > MOST_CLOCK_ERROR_S:
        found = f"its clock is {abs(ahead_s):.0f} s {'ahead' if ahead_s > 0 else 'behind'}"
        return Finding("database", Verdict.FAILED, found, "Set both clocks by NTP: timedatectl set-ntp true")
    return Finding("database", Verdict.OK, f"{settings.url}, bucket {settings.bucket}")
