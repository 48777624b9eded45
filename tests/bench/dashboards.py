"""The dashboards' query table: every query of every panel on influxd over a season, with its rows and time."""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sensorhub.adapters.influx import InfluxSink
from sensorhub.formats.influx_line import record_line
from tests.bench.influx import BATCH
from tests.integration.test_dashboards import EVERYTHING, NOW_NS, TARGETS
from tests.support.grafana_queries import expanded
from tests.support.influx2 import serve
from tests.support.season import Season
from tests.support.servers import influxd, new

REPEATS = 3


def main() -> None:
    season = Season(runners=3, weeks=8, strides_a_run=600)
    lines = [record_line(record) for record in season.records()]
    with new(influxd) as server, tempfile.TemporaryDirectory() as folder:
        for database in serve(server, "season"):
            with InfluxSink(database.settings(Path(folder), timeout_s=60.0)) as sink:
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
