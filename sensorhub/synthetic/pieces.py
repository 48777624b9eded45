"""Acceleration in pieces that join exactly: speed and place agree at every joint, so nothing drifts in an hour."""

from dataclasses import dataclass

import numpy as np

from sensorhub.model.samples import FloatArray

_PI = np.pi
SHAPES = ("constant", "sin1", "sin2", "sin3", "cos2", "bump")
BUMP_SHARE = 0.22
"""Share of a stance that the impact peak takes: it is over by 20 to 25 % (Cavanagh & Lafortune 1980)."""


def shape_values(tau: FloatArray) -> FloatArray:
    """Return each shape at tau (0 to 1 within its piece), shape (n,) -> (n, 6)."""
    u = np.clip(tau / BUMP_SHARE, 0.0, 1.0)
    return np.stack(
        [
            np.ones_like(tau),
            np.sin(_PI * tau),
            np.sin(2 * _PI * tau),
            np.sin(3 * _PI * tau),
            np.cos(2 * _PI * tau),
            np.sin(_PI * u) ** 2,
        ],
        axis=-1,
    )


def shape_integrals(tau: FloatArray) -> FloatArray:
    """Return the integral of each shape from 0 to tau, shape (n,) -> (n, 6)."""
    u = np.clip(tau / BUMP_SHARE, 0.0, 1.0)
    return np.stack(
        [
            tau,
            (1 - np.cos(_PI * tau)) / _PI,
            (1 - np.cos(2 * _PI * tau)) / (2 * _PI),
            (1 - np.cos(3 * _PI * tau)) / (3 * _PI),
            np.sin(2 * _PI * tau) / (2 * _PI),
            BUMP_SHARE * (u / 2 - np.sin(2 * _PI * u) / (4 * _PI)),
        ],
        axis=-1,
    )


def shape_double_integrals(tau: FloatArray) -> FloatArray:
    """Return the integral of `shape_integrals` from 0 to tau, shape (n,) -> (n, 6)."""
    u = np.clip(tau / BUMP_SHARE, 0.0, 1.0)
    after = np.maximum(tau - BUMP_SHARE, 0.0)
    bump = BUMP_SHARE**2 * (u**2 / 4 + (np.cos(2 * _PI * u) - 1) / (8 * _PI**2)) + after * BUMP_SHARE / 2
    return np.stack(
        [
            tau**2 / 2,
            tau / _PI - np.sin(_PI * tau) / _PI**2,
            tau / (2 * _PI) - np.sin(2 * _PI * tau) / (2 * _PI) ** 2,
            tau / (3 * _PI) - np.sin(3 * _PI * tau) / (3 * _PI) ** 2,
            (1 - np.cos(2 * _PI * tau)) / (2 * _PI) ** 2,
            bump,
        ],
        axis=-1,
    )


_END = np.ones(1)
_TOTAL = shape_integrals(_END)[0]
_TOTAL2 = shape_double_integrals(_END)[0]


@dataclass(frozen=True, slots=True)
class Pieces:
    """One axis of acceleration as consecutive pieces.

    start_s, duration_s: shape (n,), s. coefficients_mps2: shape (n, 6), over `SHAPES`. speed_mps, place_m: at the
    start of each piece, shape (n,).
    """

    start_s: FloatArray
    duration_s: FloatArray
    coefficients_mps2: FloatArray
    speed_mps: FloatArray
    place_m: FloatArray

    def _at(self, t_s: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        index = np.clip(np.searchsorted(self.start_s, t_s, side="right") - 1, 0, len(self.start_s) - 1)
        duration = self.duration_s[index]
        tau = np.clip((t_s - self.start_s[index]) / duration, 0.0, 1.0)
        return np.asarray(index), duration, tau

    def acceleration_mps2(self, t_s: FloatArray) -> FloatArray:
        """Return the acceleration at t_s, shape (n,)."""
        index, _, tau = self._at(t_s)
        return np.asarray((shape_values(tau) * self.coefficients_mps2[index]).sum(axis=-1))

    def velocity_mps(self, t_s: FloatArray) -> FloatArray:
        """Return the speed at t_s, shape (n,)."""
        index, duration, tau = self._at(t_s)
        gained = (shape_integrals(tau) * self.coefficients_mps2[index]).sum(axis=-1)
        return np.asarray(self.speed_mps[index] + duration * gained)

    def position_m(self, t_s: FloatArray) -> FloatArray:
        """Return the place at t_s, shape (n,)."""
        index, duration, tau = self._at(t_s)
        gained = (shape_double_integrals(tau) * self.coefficients_mps2[index]).sum(axis=-1)
        return np.asarray(self.place_m[index] + self.speed_mps[index] * duration * tau + duration**2 * gained)


class PieceBuilder:
    """Lays pieces end to end; each one is solved so that it ends at the speed and place asked for."""

    def __init__(self) -> None:
        self.t_s = 0.0
        self.speed_mps = 0.0
        self.place_m = 0.0
        self._rows: list[tuple[float, float, tuple[float, ...], float, float]] = []

    def to_speed(self, duration_s: float, speed_mps: float, known: dict[str, float] | None = None) -> None:
        """Add a piece that ends at a speed; the amount of half-sine is solved for, the place is what it becomes."""
        k = _known(known)
        gain = (speed_mps - self.speed_mps) / duration_s - float(k @ _TOTAL)
        k[1] += gain / _TOTAL[1]
        self._add(duration_s, k)
        self.speed_mps = speed_mps

    def to_state(
        self, duration_s: float, speed_mps: float, place_m: float, known: dict[str, float] | None = None
    ) -> FloatArray:
        """Add a piece that ends at a speed and a place; half-sine and its skew are solved for. Returns its shapes."""
        k = _known(known)
        first = (speed_mps - self.speed_mps) / duration_s - float(k @ _TOTAL)
        second = (place_m - self.place_m - self.speed_mps * duration_s) / duration_s**2 - float(k @ _TOTAL2)
        sin1 = first / _TOTAL[1]
        k[1] += sin1
        k[2] += (second - sin1 * _TOTAL2[1]) / _TOTAL2[2]
        self._add(duration_s, k)
        self.speed_mps, self.place_m = speed_mps, place_m
        return k

    def fall(self, duration_s: float, gravity_mps2: float) -> None:
        """Add free flight."""
        k = _known({"constant": -gravity_mps2})
        self._add(duration_s, k)
        self.place_m += self.speed_mps * duration_s - 0.5 * gravity_mps2 * duration_s**2
        self.speed_mps -= gravity_mps2 * duration_s

    def _add(self, duration_s: float, k: FloatArray) -> None:
        self._rows.append((self.t_s, duration_s, tuple(k), self.speed_mps, self.place_m))
        self.t_s += duration_s

    def done(self) -> Pieces:
        """Return all pieces laid so far."""
        start, duration, k, speed, place = zip(*self._rows, strict=True)
        return Pieces(np.array(start), np.array(duration), np.array(k), np.array(speed), np.array(place))


def _known(known: dict[str, float] | None) -> FloatArray:
    k = np.zeros(len(SHAPES))
    for name, value in (known or {}).items():
        k[SHAPES.index(name)] = value
    return k
