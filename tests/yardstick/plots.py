"""Drop over a few seconds against truth, for the best, the median and the worst recording.

python -m tests.yardstick.plots ../shared/data/running --out docs/images
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sensorhub.analysis.alignment.aligner import Aligner
from sensorhub.dsp.front_end import FrontEnd
from sensorhub.model.gait import Side
from sensorhub.model.samples import SampleBlock
from sensorhub.model.units import DEG_PER_RAD
from tests.yardstick.robustness import read_case
from tests.yardstick.scoring import Case, measured, scored

COLOURS = {Side.LEFT: "#0b6e99", Side.RIGHT: "#c25100"}
SHOWN_S = 4.0


def main() -> None:
    """Write the three pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", type=Path)
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    chosen = parser.parse_args()
    write_plots([read_case(path) for path in sorted(chosen.recordings.glob("*.csv"))], chosen.out)


def write_plots(cases: list[Case], out: Path) -> list[str]:
    """Draw best, median and worst by RMSE of the drop; returns what each picture is."""
    out.mkdir(parents=True, exist_ok=True)
    graded = sorted(
        (limit.rmse, case.name, case) for case in cases if (limit := scored(case).limit("drop")) is not None
    )
    captions = []
    for label, place in (("best", 0), ("median", len(graded) // 2), ("worst", len(graded) - 1)):
        rmse, _, case = graded[place]
        write_plot(case, out / f"drop_{label}.png", f"{label} of {len(graded)} recordings: drop RMSE {rmse:.2f} deg")
        captions.append(f"{label} of {len(graded)} recordings, drop RMSE {rmse:.2f} deg")
        sys.stderr.write(captions[-1] + "\n")
    return captions


def write_plot(case: Case, out: Path, title: str) -> None:
    """Obliquity as sensorhub sees it; over each stance the true peak (bar) and sensorhub's own (dot)."""
    t_s, obliquity_deg = obliquity(case.block)
    start = case.truth[len(case.truth) // 2].initial_contact_s - 0.2
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    shown = (t_s >= start) & (t_s <= start + SHOWN_S)
    axes.plot(t_s[shown], obliquity_deg[shown], color="#555555", linewidth=1.2, label="obliquity, sensorhub")
    for one in case.truth:
        if (
            start <= one.initial_contact_s <= start + SHOWN_S - 0.3
            and one.side
            and one.toe_off_s
            and one.pelvic_drop_deg
        ):
            sign = 1.0 if one.side is Side.LEFT else -1.0
            span = [one.initial_contact_s, one.toe_off_s]
            axes.plot(
                span, [sign * one.pelvic_drop_deg] * 2, color=COLOURS[one.side], linewidth=3, solid_capstyle="butt"
            )
            axes.axvspan(*span, color=COLOURS[one.side], alpha=0.08)
    for stride in measured(case.block):
        if start <= stride.initial_contact_s <= start + SHOWN_S - 0.3 and stride.pelvic_drop_deg is not None:
            sign = 1.0 if stride.side is Side.LEFT else -1.0
            middle = 0.5 * (stride.initial_contact_s + stride.toe_off_s)
            axes.plot([middle], [sign * stride.pelvic_drop_deg], "ko", markersize=5)
    for side, colour in COLOURS.items():
        axes.plot([], [], color=colour, linewidth=3, label=f"true peak drop, {side.value} stance")
    axes.plot([], [], "ko", markersize=5, label="sensorhub's peak")
    axes.set(title=title, xlabel="s", ylabel="left side higher, deg")
    figure.legend(fontsize=8, loc="outside lower center", ncols=4)
    figure.savefig(out, dpi=110)


def obliquity(block: SampleBlock) -> tuple[np.ndarray, np.ndarray]:
    """The whole recording's obliquity against standing, by the alignment found in the end."""
    front, aligner = FrontEnd(), Aligner()
    motion = [*front.feed(block).motion, *front.finish().motion]
    pelvis = [part for one in motion for part in aligner.feed(one)] + aligner.finish()
    alignment = aligner.alignment
    if alignment is None or alignment.left_sensor is None:
        sys.exit("no alignment was found, so there is no obliquity to draw")
    t_s = np.concatenate([part.motion.t_s for part in pelvis])
    up = np.concatenate([part.motion.up for part in pelvis], axis=1).T
    return t_s, DEG_PER_RAD * np.arcsin(np.clip(up @ np.array(alignment.left_sensor), -1, 1))


if __name__ == "__main__":
    main()
