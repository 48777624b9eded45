"""Where initial contact and toe-off lie beside the passes of 1 g."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.gait.step_shape import StepShapes
from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class RunContactParams:
    """Shares of the step time, linear in the shape of the step.

    lead: initial contact before the rise through 1 g: constant, per g of brake_sine_g, per push_sine, per
    push_second_cosine, per m of brake_cosine_m. lag: toe-off after the fall through 1 g: constant, per g of push_g, per
    rad of nod_second_sine and of nod_cosine, per dip_share, per drive_sine. plain_lead, plain_lag: constant and per s
    of step time, for a step whose shape is unknown. limit: how far the shape may move an event from there.

    Fitted by ridge regression (0.01) to 8 runners at 2.5 to 4.5 m/s of the public set of Fukuchi, Fukuchi and Duarte
    (PeerJ 2017, 5:e3298); with 0.15 of their weight to made runners, whose pelvis is their centre of mass, at duty
    factors of 0.24 to 0.40; and with 0.1 each to the recordings made 7 % faster and 8 % slower. Mechanics and
    similarity hold the model where no runner was measured. docs/methods.md has what it does to runners left out.
    """

    lead: tuple[float, float, float, float, float] = (-0.8027, 0.1077, 0.9003, 0.1039, -0.0635)
    lag: tuple[float, float, float, float, float, float] = (-0.0330, -0.1119, -0.2330, -0.2196, -0.6129, -0.0888)
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
    lead = a[0] + a[1] * shapes.brake_sine_g + a[2] * shapes.push_sine + a[3] * shapes.push_second_cosine
    lead = lead + a[4] * shapes.brake_cosine_m
    lag = b[0] + b[1] * shapes.push_g + b[2] * shapes.nod_second_sine + b[3] * shapes.nod_cosine
    lag = lag + b[4] * shapes.dip_share + b[5] * shapes.drive_sine
    plain_lead = params.plain_lead[0] + params.plain_lead[1] * step_s
    plain_lag = params.plain_lag[0] + params.plain_lag[1] * step_s
    return step_s * _near(plain_lead, lead, params.limit), step_s * _near(plain_lag, lag, params.limit)


def _near(plain: FloatArray, shaped: FloatArray, limit: float) -> FloatArray:
    """The shaped value, held within the limit of the plain one, which stands alone where the shape is unknown."""
    return np.where(np.isnan(shaped), plain, np.minimum(np.maximum(shaped, plain - limit), plain + limit))


def double_support_s(step_s: FloatArray, params: WalkContactParams) -> FloatArray:
    """Seconds from a walking step's initial contact to the other foot's toe-off."""
    share = params.double_support + params.double_support_per_s * (step_s - params.usual_step_s)
    duration: FloatArray = step_s * np.minimum(np.maximum(share, params.least), params.most)
    return duration
