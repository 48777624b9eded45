"""The dashboards' query table: every query of every panel on influxd over a season, with its rows and time."""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sensorhub.adapters.influx import InfluxSink
from sensorhub.config import InfluxSettings
from sensorhub.formats.influx_line import record_line
from tests.bench.influx import BATCH, running
from tests.integration.test_dashboards import EVERYTHING, NOW_NS, TARGETS
from tests.support.grafana_queries import expanded
from tests.support.influx2 import ORG, serve
from tests.support.season import Season
from tests.support.servers import influxd

REPEATS = 3


def main() -> None:
    season = Season(runners=3, weeks=8, strides_a_run=600)
    lines = [record_line(record) for record in season.records()]
    with running(influxd) as server, tempfile.TemporaryDirectory() as folder:
        for database in serve(server, "season"):
            token = Path(folder) / "token"
            token.write_text("write-token", encoding="utf-8")
            token.chmod(0o600)
            settings = InfluxSettings(url=database.url, org=ORG, bucket="season", token_file=str(token), timeout_s=60.0)
            with InfluxSink(settings) as sink:
                for start in range(0, len(lines), BATCH):
                    sink.write_batch(lines[start : start + BATCH])
            print(f"{season.runners} runners, {season.weeks} weeks, {len(lines)} points\n")
            print("| panel | rows | ms |\n|---|---|---|")
            for target in TARGETS:
                rows, times = [], []
                for _ in range(REPEATS):
                    begin = time.perf_counter()
                    rows = database.query(expanded(target, NOW_NS // 10**6, EVERYTHING))
                    times.append(1e3 * (time.perf_counter() - begin))
                print(f"| {target.name} | {len(rows)} | {statistics.median(times):.0f} |")


if __name__ == "__main__":
    main()
