"""Write docs/validation.md: every table of accuracy and robustness, from recordings with truth and from made ones.

python -m tests.yardstick.validation ../shared --out docs/validation.md [--share 0.1]
"""

import argparse
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.yardstick import certainty, drills, made, plots, robustness, slips
from tests.yardstick.scoring import Case

INTRODUCTION = """# Validation

Made by `make yardstick`; do not edit. What each number means and what truth is: [evaluate.md](evaluate.md); how the
made recordings come about: [synthetic.md](synthetic.md); how sure means and verdicts are:
[statistics.md](statistics.md). In the tables of goals, a number that misses its goal is **bold**.

The recordings of people are made from the public set of Fukuchi, Fukuchi and Duarte (PeerJ 2017, 5:e3298): pelvis
pose from skin markers, contacts from the force plate of a treadmill, a virtual sensor's errors, mountings and, in
half of them, impact shock and clip wobble.

## What has not been proven

* No recording of a real sensor on a pelvis together with motion capture of running has been available, so skin,
  clothing, the clip and the sensor are models here. `sensorhub evaluate` is there for whoever has one.
* Running was on a treadmill, in a straight line, by 8 healthy runners. Bends, hills, camber, fatigue and other
  surfaces are tested on made runners only.
* The contact model was fitted to these same runners (docs/methods.md says what it loses for runners left out), so the
  tables of contact times here are those of its fit.
* Walking is tested on made walkers only. Drills are tested on made recordings only: nobody has published recordings
  of these three with a pelvis sensor.
* That a smaller pelvic drop prevents injury is not claimed by anything here.
"""


def main() -> None:
    """Write the page, and the pictures beside it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path, help="the folder with data/ and yardstick/")
    parser.add_argument("--out", type=Path, default=Path("docs/validation.md"))
    parser.add_argument("--share", type=float, default=1.0, help="0.1: a tenth of the mountings, pairs and sets")
    parser.add_argument("--keep", type=Path, help="keep each part in this folder, and use what is kept there")
    chosen = parser.parse_args()
    parts = [_kept(chosen.keep, name, part) for name, part in _parts(chosen.shared, chosen.out, chosen.share)]
    chosen.out.write_text(INTRODUCTION + "\n" + "\n".join(parts).rstrip() + "\n", encoding="utf-8")


def _kept(folder: Path | None, name: str, part: Callable[[], Iterable[str]]) -> str:
    place = None if folder is None else folder / f"{name}.md"
    if place is not None and place.exists():
        return place.read_text(encoding="utf-8")
    text = "\n".join(part()) + "\n"
    sys.stderr.write(f"validation: {name} made\n")
    if place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return text


def _parts(shared: Path, out: Path, share: float) -> Iterator[tuple[str, Callable[[], Iterable[str]]]]:
    """The parts of the page in turn, each to be made when it is needed."""
    running = sorted((shared / "data" / "running").glob("*.csv"))
    cases = [robustness.read_case(path) for path in running]
    yield "yardstick", lambda: _yardstick(shared)
    yield "pictures", lambda: _pictures(cases, out.parent / "images")
    yield (
        "people",
        lambda: ["## Recordings of people, varied", "", *robustness.tables(cases, max(2, round(20 * share)))],
    )
    yield "slips", lambda: [slips.slip_table(cases)]
    yield "made", lambda: ["## Made runners", "", *made.made_table()]
    yield "change", lambda: ["## How sure", "", *certainty.change_table(max(10, round(200 * share)))]
    yield "quality", lambda: certainty.quality_table(cases)
    for table in (drills.band_walk_table, drills.side_plank_table, drills.clamshell_table, drills.negatives_table):
        yield table.__name__, lambda table=table: table(max(5, round(50 * share)))


def _yardstick(shared: Path) -> Iterator[str]:
    yield "## The yardstick\n"
    for script, data in (("score_running.py", "running"), ("score_drills.py", "drills")):
        yield "```\n" + _scored(shared, script, data) + "```\n"


def _pictures(cases: list[Case], images: Path) -> Iterator[str]:
    yield "## Drop against truth\n"
    for caption, name in zip(plots.write_plots(cases, images), ("best", "median", "worst"), strict=True):
        yield f"![Obliquity and the true peaks, {caption}](images/drop_{name}.png)\n"


def _scored(shared: Path, script: str, data: str) -> str:
    """What the shared yardstick itself says, command and all."""
    command = f"{shlex.quote(sys.executable)} -m sensorhub analyze {{input}} --json"
    done = subprocess.run(
        [sys.executable, str(shared / "yardstick" / script), str(shared / "data" / data), "--cmd", command],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout or done.stderr


if __name__ == "__main__":
    main()
