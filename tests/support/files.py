"""Files that many tests write: a secret, a recording, the settings of a hub."""

from pathlib import Path

from sensorhub.formats.plain_csv import HEADER, format_rows
from sensorhub.model.samples import SampleBlock

HUB = """
[hub]
name = "club"
data_dir = "{data}"
radio = "{radio}"

[page]
port = {page}

[mqtt]
{mqtt}
"""
SENSOR = """
[[sensor]]
name = "{sensor}"
runner = "ada"
"""


def secret(path: Path, text: str) -> str:
    """A file that nobody else may read; its name."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return str(path)


def recording(path: Path, block: SampleBlock) -> Path:
    """A plain recording."""
    path.write_text(HEADER + "\n" + format_rows(block), encoding="utf-8")
    return path


def hub_settings(
    folder: Path,
    radio: str,
    broker_port: int | None = None,
    page_port: int = 0,
    sensors: tuple[str, ...] = ("SH-0001",),
) -> Path:
    """The settings of a hub that keeps its data below this folder; without a broker where no port is given."""
    mqtt = "enabled = false" if broker_port is None else f"port = {broker_port}"
    hub = HUB.format(data=folder / "data", radio=radio, page=page_port, mqtt=mqtt)
    path = folder / "sensorhub.toml"
    path.write_text(hub + "".join(SENSOR.format(sensor=sensor) for sensor in sensors), encoding="utf-8")
    return path
