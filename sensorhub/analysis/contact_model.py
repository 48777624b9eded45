"""Where initial contact and toe-off lie beside the passes of 1 g."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.step_shape import StepShapes
from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class RunContactParams:
    """Shares of the step time, linear in the step time and in the shape of the step.

    lead: initial contact before the rise through 1 g: constant, per s of step time, per g of brake_sine and of
    brake_cosine, per push_share. lag: toe-off after the fall through 1 g: constant, per s of step time, per g of
    push_sine and of brake_sine, per rad of nod_cosine, per push_share.

    Fitted by ridge regression (0.01) to 8 runners at 2.5 to 4.5 m/s of the public set of Fukuchi, Fukuchi and Duarte
    (PeerJ 2017, 5:e3298), and with a fifth of their weight to made runners, whose pelvis is their centre of mass, at
    duty factors of 0.24 to 0.40: mechanics holds the model where no runner was measured. docs/methods.md has what it
    does to runners left out. limit: how far the shape may move an event from where the step time alone puts it.
    """

    lead: tuple[float, float, float, float, float] = (-0.238, 0.242, 0.095, -0.076, 0.477)
    lag: tuple[float, float, float, float, float, float] = (0.195, 0.351, -0.219, 0.061, -0.193, 0.168)
    plain_lead: tuple[float, float] = (-0.153, 0.587)
    plain_lag: tuple[float, float] = (-0.371, 1.298)
    limit: float = 0.15


@dataclass(frozen=True, slots=True)
class WalkContactParams:
    """Shares of the step time in walking.

    The trunk is lowest in the middle of double support (Gard, Miff and Kuo 2004), so that the smoothed push has its
    middle there. Double support is 0.24 of a step of 0.54 s and longer in slower walking (stance 65, 62, 58 % of the
    stride at 0.7, 1.3, 1.9 m/s, Perry and Burnfield 2010).
    """

    double_support: float = 0.24
    double_support_per_s: float = 0.67
    usual_step_s: float = 0.54
    least: float = 0.05
    most: float = 0.40


def run_lead_and_lag(step_s: FloatArray, shapes: StepShapes, params: RunContactParams) -> tuple[FloatArray, FloatArray]:
    """Seconds from initial contact to the rise, and from the fall to toe-off."""
    a, b = params.lead, params.lag
    lead = a[0] + a[1] * step_s + a[2] * shapes.brake_sine + a[3] * shapes.brake_cosine + a[4] * shapes.push_share
    lag = b[0] + b[1] * step_s + b[2] * shapes.push_sine + b[3] * shapes.brake_sine
    lag = lag + b[4] * shapes.nod_cosine + b[5] * shapes.push_share
    plain_lead = params.plain_lead[0] + params.plain_lead[1] * step_s
    plain_lag = params.plain_lag[0] + params.plain_lag[1] * step_s
    return step_s * _near(plain_lead, lead, params.limit), step_s * _near(plain_lag, lag, params.limit)


def _near(plain: FloatArray, shaped: FloatArray, limit: float) -> FloatArray:
    """The shaped value, held within the limit of the plain one, which stands alone where the shape is unknown."""
    return np.where(np.isnan(shaped), plain, np.clip(shaped, plain - limit, plain + limit))


def double_support_s(step_s: FloatArray, params: WalkContactParams) -> FloatArray:
    """Seconds from a walking step's initial contact to the other foot's toe-off."""
    share = params.double_support + params.double_support_per_s * (step_s - params.usual_step_s)
    duration: FloatArray = step_s * np.clip(share, params.least, params.most)
    return duration
