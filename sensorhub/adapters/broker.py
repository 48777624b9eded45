"""A broker for the demo, which must show records on MQTT where none is installed: rumqttd, from the iotcore wheel."""

import contextlib
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sensorhub.model.errors import SensorhubError

CONF = """\
id = 0
[router]
max_connections = 100
max_outgoing_packet_count = 1000
max_segment_size = 104857600
max_segment_count = 10
[v5.1]
name = "sensorhub"
listen = "127.0.0.1:{port}"
next_connection_delay_ms = 1
[v5.1.connections]
connection_timeout_ms = 10000
max_payload_size = 65536
max_inflight_count = 1000
"""


@contextlib.contextmanager
def demo_broker() -> Iterator[int]:
    """Run a broker on a free port of loopback while the block runs; give the port. It goes too when we are killed."""
    from iotcore import Broker  # slow to import

    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="sensorhub-broker-") as folder:
        conf = Path(folder) / "rumqttd.toml"
        conf.write_text(CONF.format(port=port), encoding="utf-8")
        broker = Broker(config_path=str(conf))
        try:
            broker.start()
        except (OSError, RuntimeError) as error:
            raise SensorhubError(f"The demo's broker does not start: {error}") from error
        try:
            yield port
        finally:
            broker.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
