"""Write docs/validation.md: every table of accuracy and robustness, from recordings with truth and from made ones.

python -m tests.yardstick.validation ../shared --out docs/validation.md [--quick]
"""

import argparse
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.yardstick import certainty, drills, made, plots, robustness

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
    parser.add_argument("--quick", action="store_true", help="a few of everything")
    chosen = parser.parse_args()
    page = "\n".join(sections(chosen.shared, chosen.out.parent / "images", quick=chosen.quick))
    chosen.out.write_text(page + "\n", encoding="utf-8")


def sections(shared: Path, images: Path, *, quick: bool) -> Iterator[str]:
    """The parts of the page in turn."""
    cases = [robustness.read_case(path) for path in sorted((shared / "data" / "running").glob("*.csv"))]
    yield INTRODUCTION
    yield "## The yardstick\n"
    for script, data in (("score_running.py", "running"), ("score_drills.py", "drills")):
        yield "```\n" + _scored(shared, script, data) + "```\n"
    yield "## Drop against truth\n"
    for caption, name in zip(plots.write_plots(cases, images), ("best", "median", "worst"), strict=True):
        yield f"![Obliquity and the true peaks, {caption}](images/drop_{name}.png)\n"
    yield "## Recordings of people, varied\n"
    yield from robustness.tables(cases, 2 if quick else 20)
    yield "## Made runners\n"
    yield from made.made_table()
    yield "\n## How sure\n"
    yield from certainty.change_table(10 if quick else 200)
    yield ""
    yield from certainty.quality_table(cases)
    yield "\n## Drills, made\n"
    recordings = 5 if quick else 50
    for table in (drills.band_walk_table, drills.side_plank_table, drills.clamshell_table, drills.negatives_table):
        yield from table(recordings)
        yield ""
    sys.stderr.write("validation: all tables made\n")


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
