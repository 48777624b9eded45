"""How soon after a repetition it is told, live, in blocks of 50 ms: by its place in the set.

python -m tests.yardstick.delays [--recordings 20] > table.md
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from sensorhub.model.exercise import DrillRep
from sensorhub.model.samples import SampleBlock
from sensorhub.pipeline.chain import Chain
from sensorhub.synthetic.band_walk import synthesise_band_walk
from tests.yardstick.drills import band_walk_params, clamshell

PLACES = 6
BLOCK_S = 0.05


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=int, default=20)
    sys.stdout.write("\n".join(delays_table(parser.parse_args().recordings)) + "\n")


def delays_table(recordings: int) -> list[str]:
    """Median and 95th percentile of the delay, s, with the drill not known and known, first set and further ones."""
    places = [*(str(i) for i in range(1, PLACES)), f"{PLACES} and later"]
    rows = ["| drill | told | set | repetitions | " + " | ".join(places) + " |", "|---|---|---|" + "---:|" * 7]
    walks = [synthesise_band_walk(band_walk_params(i, np.random.default_rng([1, i]))).block for i in range(recordings)]
    clamshells = [clamshell(i, 4.0).block for i in range(recordings)]
    for drill, blocks in (("band_walk", walks), ("standing_clamshell", clamshells)):
        for activity in ("auto", drill):
            delays: dict[tuple[str, int], list[float]] = defaultdict(list)
            for block in blocks:
                for number, place, delay_s in _delays(block, activity):
                    delays["first" if number == 1 else "further", min(place, PLACES)].append(delay_s)
            for which in ("first", "further"):
                cells = [_cell(delays[which, place]) for place in range(1, PLACES + 1)]
                count = sum(len(values) for (one, _), values in delays.items() if one == which)
                rows.append(" | ".join([f"| {drill}", activity, which, str(count), *cells]) + " |")
    return rows


def _delays(block: SampleBlock, activity: str) -> Iterator[tuple[int, int, float]]:
    chain, size = Chain(activity), max(1, round(BLOCK_S / float(np.median(np.diff(block.t_s)))))
    for start in range(0, len(block), size):
        part = block.cut(start, start + size)
        for event in chain.feed(part):
            if isinstance(event, DrillRep):
                yield event.set, event.rep, float(part.t_s[-1]) - event.t_s


def _cell(values: list[float]) -> str:
    return f"{np.median(values):.1f} ({np.percentile(values, 95):.1f})" if values else "-"


if __name__ == "__main__":
    main()
