"""Drills and other things done by bodies of another make: what is counted right, and what is taken for a drill.

python -m tests.yardstick.other_drills --seeds 1000-1080 [--kinds walk band_walk ...] [--each] > tables.md
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from sensorhub.model.exercise import Announcement, BandWalkSet, ClamshellSet, Drill, DrillSet, SidePlankSet
from sensorhub.pipeline.chain import Chain
from tests.yardstick.drills import paired
from tests.yardstick.other_bodies.kinds import DRILLS, NO_DRILLS, made
from tests.yardstick.other_bodies.recording import MadeSet, Recording

RECORDS = {
    Drill.BAND_WALK: BandWalkSet,
    Drill.SIDE_PLANK: SidePlankSet,
    Drill.STANDING_CLAMSHELL: ClamshellSet,
}
HOLD_EXACT_S, HOLD_NEAR_S = 0.5, 1.0


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="0-10", help="LO-HI, without HI")
    parser.add_argument("--kinds", nargs="+", choices=DRILLS | NO_DRILLS, default=[*DRILLS, *NO_DRILLS])
    parser.add_argument("--each", action="store_true", help="say each set that is wrong on stderr")
    asked = parser.parse_args()
    seeds = range(*map(int, asked.seeds.split("-")))
    each = sys.stderr if asked.each else None
    for table, kinds in ((drills_table, DRILLS), (others_table, NO_DRILLS)):
        wanted = [kind for kind in kinds if kind in asked.kinds]
        if wanted:
            for row in table(wanted, seeds, each):
                sys.stdout.write(f"{row}\n")
                sys.stdout.flush()
            sys.stdout.write("\n")


@dataclass(slots=True)
class Score:
    """How the sets of many recordings were counted; not_there: sets that nobody did."""

    sets: int = 0
    found: int = 0
    exact: int = 0
    near: int = 0
    side: int = 0
    not_there: int = 0
    uncounted: int = 0
    hold_errors_s: list[float] = field(default_factory=list)

    def add(self, recording: Recording, found: list[DrillSet]) -> list[tuple[MadeSet, DrillSet | None]]:
        """Count what was found in a recording; returns the sets that are not all right."""
        pairs = list(paired(found, recording.sets, RECORDS[recording.sets[0].drill]))
        self.sets += len(pairs)
        self.not_there += len(found) - sum(other is not None for _, other in pairs)
        return [(true, other) for true, other in pairs if other is None or not self._is_right(true, other)]

    def _is_right(self, true: MadeSet, found: DrillSet) -> bool:
        self.found += 1
        side_right = (found.direction if isinstance(found, BandWalkSet) else found.side) is true.side
        self.side += side_right
        if isinstance(found, SidePlankSet):
            error, exact, near = abs(found.hold_s - true.hold_s), HOLD_EXACT_S, HOLD_NEAR_S
            self.hold_errors_s.append(error)
        else:
            count = found.steps if isinstance(found, BandWalkSet) else found.reps
            self.uncounted += count is None
            error, exact, near = np.inf if count is None else abs(count - true.count), 0, 1
        self.exact += error <= exact
        self.near += error <= near
        return side_right and error <= exact

    def cells(self) -> list[str]:
        """What a row of the table says."""
        shares = [f"{100 * n / max(self.sets, 1):.1f} %" for n in (self.found, self.exact, self.near, self.side)]
        if self.hold_errors_s:
            shares[1] += f", worst {max(self.hold_errors_s):.2f} s"
        return [str(self.sets), *shares, str(self.not_there), str(self.uncounted)]


def drills_table(kinds: list[str], seeds: range, each) -> Iterator[str]:
    """Sets of drills with nothing told, and announced with their sides; of a hold, exact is within 0.5 s, one 1 s."""
    yield "| | told | sets | found | exact | within one | side or direction | not there | without a count |"
    yield "|---|---|" + "---:|" * 7
    for kind in kinds:
        scores = {"nothing": Score(), "announced": Score()}
        for seed in seeds:
            recording = made(kind, seed)
            for told, score in scores.items():
                found = sets_found(recording, announcements(recording, seed) if told == "announced" else [])
                for true, other in score.add(recording, found):
                    _say(each, f"{kind} {seed} {told}: {true} was told as {other}")
        yield from (
            "| " + " | ".join([kind.replace("_", " "), told, *score.cells()]) + " |" for told, score in scores.items()
        )


def others_table(kinds: list[str], seeds: range, each) -> Iterator[str]:
    """Sets found where there are none, by what the body was busy with."""
    minutes, sets = Counter(), Counter()
    for kind, seed in product(kinds, seeds):
        recording = made(kind, seed)
        for one in recording.doings:
            minutes[one.what] += (one.end_s - one.start_s) / 60
        for found in sets_found(recording, []):
            what = max(recording.doings, key=lambda one, found=found: _common_s(one, found)).what
            sets[what] += 1
            _say(each, f"{kind} {seed}: {what} was told as {found}")
    yield "| | minutes | sets |"
    yield "|---|---:|---:|"
    yield from (f"| {what} | {length:.0f} | {sets[what]} |" for what, length in sorted(minutes.items()))


def sets_found(recording: Recording, told: list[Announcement]) -> list[DrillSet]:
    """What the whole chain counts."""
    chain = Chain("auto")
    for one in told:
        chain.announce(one)
    return [one for one in [*chain.feed(recording.block), *chain.finish()] if isinstance(one, DrillSet)]


def announcements(recording: Recording, seed: int) -> list[Announcement]:
    """Each set with its side, 0.3 to 3 s before it; nothing half a second after it."""
    rng, out, last_s = np.random.default_rng([7, seed]), [], 0.0
    for one in recording.sets:
        from_s = max(last_s + 0.1, one.start_s - rng.uniform(0.3, 3))
        last_s = one.end_s + 0.5
        out += [Announcement(from_s, one.drill, one.side), Announcement(last_s, None, None)]
    return out


def _common_s(one, other) -> float:
    return min(one.end_s, other.end_s) - max(one.start_s, other.start_s)


def _say(to, line: str) -> None:
    if to:
        to.write(f"{line}\n")


if __name__ == "__main__":
    main()
