"""How long to wait before the next try: doubling, bounded, and spread so that many clients do not return at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BackoffParams:
    """First wait, factor per failure, longest wait, and the share of each wait that is left to chance."""

    first_s: float = 0.1
    factor: float = 2.0
    longest_s: float = 30.0
    jitter: float = 0.5


class Backoff:
    """Counts failures in a row. It owns no clock and no dice: the caller waits, and gives a number in [0, 1).

    >>> backoff = Backoff(BackoffParams(first_s=1.0, longest_s=5.0, jitter=0.5))
    >>> [backoff.failed(1.0) for _ in range(4)]
    [1.0, 2.0, 4.0, 5.0]
    >>> backoff.failed(0.0)
    2.5
    >>> backoff.succeeded(); backoff.failed(1.0)
    1.0
    """

    def __init__(self, params: BackoffParams = BackoffParams()) -> None:
        self._params = params
        self._failures = 0

    def failed(self, chance: float) -> float:
        """Count a failure; seconds to wait before the next try. `chance` in [0, 1) spreads it downward."""
        p = self._params
        # 2 ** 64 s is beyond any longest_s, and a float power without bound would overflow after months offline
        full_s = min(p.longest_s, p.first_s * p.factor ** min(self._failures, 64))
        self._failures += 1
        return full_s * (1.0 - p.jitter * (1.0 - chance))

    def succeeded(self) -> None:
        """Forget the failures."""
        self._failures = 0
