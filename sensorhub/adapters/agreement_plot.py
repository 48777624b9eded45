"""Bland and Altman's plot of an agreement, as a picture file (needs the `plots` extra)."""

from pathlib import Path

from sensorhub.analysis.agreement import Agreement
from sensorhub.model.errors import SensorhubError, UsageError
from sensorhub.model.gait import Side

_MEASURES = ("drop", "excursion", "contact time")
_COLOURS = {Side.LEFT: "#0b6e99", Side.RIGHT: "#c25100"}
_MARKERS = {Side.LEFT: "o", Side.RIGHT: "^"}


def write_agreement_plot(result: Agreement, out: Path) -> None:
    """Write one panel a measure: difference over mean, bias and limits, left and right apart.

    Raises UsageError where matplotlib is not installed, SensorhubError where the file cannot be written.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError("Plots need matplotlib: pip install 'sensorhub[plots]'.") from None
    shown = [name for name in _MEASURES if result.limit(name) is not None]
    figure = Figure(figsize=(5.2 * max(len(shown), 1), 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    for place, name in enumerate(shown, 1):
        axes = figure.add_subplot(1, len(shown), place)
        for side in Side:
            one = result.limit(name, side)
            if one is not None:
                axes.scatter(
                    one.means,
                    one.differences,
                    s=14,
                    alpha=0.6,
                    c=_COLOURS[side],
                    marker=_MARKERS[side],
                    label=side.value,
                )
        both = result.limit(name)
        if both is None:
            continue
        axes.axhline(both.bias, color="black")
        for limit in (both.low, both.high):
            axes.axhline(limit, color="black", linestyle="--")
        axes.set_title(f"{name}: {both.bias:+.3g} ({both.low:+.3g} to {both.high:+.3g}) {both.unit}", fontsize=10)
        axes.set_xlabel(f"mean of both, {both.unit}")
        axes.set_ylabel(f"sensorhub less truth, {both.unit}")
        axes.legend()
    try:
        figure.savefig(out, dpi=130)
    except OSError as error:
        raise SensorhubError(f"{out}: cannot be written ({error.strerror}). Choose another place.") from None
    except ValueError:
        raise SensorhubError(f"{out}: is no kind of picture that can be written. Name a .png.") from None
