"""How soon after a repetition it is told, live, in blocks of 50 ms: by its place in the set.

python -m tests.yardstick.delays [--recordings 20] > table.md
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from sensorhub.model.exercise import Announcement, DrillRep
from sensorhub.pipeline.chain import Chain
from sensorhub.synthetic.band_walk import synthesise_band_walk
from sensorhub.synthetic.truth import SyntheticRecording
from tests.yardstick.drills import band_walk_params, clamshell

PLACES = 6
BLOCK_S = 0.05


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=int, default=20)
    sys.stdout.write("\n".join(delays_table(parser.parse_args().recordings)) + "\n")


def delays_table(recordings: int) -> list[str]:
    """Median and 95th percentile of the delay, s, with nothing known, the drill known, and each set announced."""
    places = [*(str(i) for i in range(1, PLACES)), f"{PLACES} and later"]
    rows = ["| drill | told | set | repetitions | " + " | ".join(places) + " |", "|---|---|---|" + "---:|" * 7]
    walks = [synthesise_band_walk(band_walk_params(i, np.random.default_rng([1, i]))) for i in range(recordings)]
    clamshells = [clamshell(i, 4.0) for i in range(recordings)]
    for drill, recorded in (("band_walk", walks), ("standing_clamshell", clamshells)):
        for activity, announced in (("auto", False), (drill, False), ("auto", True)):
            delays: dict[tuple[str, int], list[float]] = defaultdict(list)
            for made in recorded:
                for number, place, delay_s in _delays(made, activity, _announcements(made) if announced else []):
                    delays["first" if number == 1 else "further", min(place, PLACES)].append(delay_s)
            for which in ("first", "further"):
                cells = [_cell(delays[which, place]) for place in range(1, PLACES + 1)]
                count = sum(len(values) for (one, _), values in delays.items() if one == which)
                rows.append(
                    " | ".join([f"| {drill}", "announced" if announced else activity, which, str(count), *cells]) + " |"
                )
    return rows


def _announcements(made: SyntheticRecording) -> list[Announcement]:
    """A second before each set it is announced with its side; half a second after it nothing is."""
    pairs = [
        (
            Announcement(one.start_s - 1.0, one.drill, one.direction or one.side),
            Announcement(one.end_s + 0.5, None, None),
        )
        for one in made.truth.sets
    ]
    return [one for pair in pairs for one in pair]


def _delays(
    made: SyntheticRecording, activity: str, announcements: list[Announcement]
) -> Iterator[tuple[int, int, float]]:
    block = made.block
    chain, size = Chain(activity), max(1, round(BLOCK_S / float(np.median(np.diff(block.t_s)))))
    for one in announcements:
        chain.announce(one)
    for start in range(0, len(block), size):
        part = block.cut(start, start + size)
        for event in chain.feed(part):
            if isinstance(event, DrillRep):
                yield event.set, event.rep, float(part.t_s[-1]) - event.t_s


def _cell(values: list[float]) -> str:
    return f"{np.median(values):.1f} ({np.percentile(values, 95):.1f})" if values else "-"


if __name__ == "__main__":
    main()
