"""What a sensor's counters say: how much was lost, and what came twice."""

from collections.abc import Mapping

import msgspec

from sensorhub.protocol.profile import Loss, Number

_IMPLAUSIBLE_IN_A_ROW = 5


class Verdict(msgspec.Struct, frozen=True):
    """What the counters say of one frame.

    fresh: False for a repeated or late frame, which is to be dropped. index: of its first sample, never wrapping, or
    None where the sensor does not count samples. restarted: the counters begin anew (the sensor was rebooted).
    """

    fresh: bool
    implausible: bool = False
    restarted: bool = False
    index: int | None = None
    packets_lost: int = 0
    samples_lost: int = 0


class LossCounter:
    """Follows the frame and sample counters of one message through their wraps.

    A counter that leaps further than the time since the last frame allows is damage that its checksum did not see, and
    the frame is refused; five in a row are a sensor that really began elsewhere.
    """

    def __init__(self, rule: Loss) -> None:
        self._rule = rule
        self.restart()

    def restart(self) -> None:
        """Begin anew: the next frame is the first."""
        self._next_seq: int | None = None
        self._next_index: int | None = None
        self._arrival_ns = 0
        self._implausible = 0

    def check(self, fields: Mapping[str, Number], count: int, arrival_ns: int, rate_hz: float) -> Verdict:
        """Judge one frame of `count` samples, taken at `rate_hz`."""
        if self._rule.kind != "counter" or self._rule.index is None:
            return Verdict(fresh=True)
        seq = int(fields[self._rule.seq]) if self._rule.seq is not None else None
        index, ahead = int(fields[self._rule.index]), 0
        if self._next_index is not None:
            span = 1 << self._rule.index_bits
            allowed = self._allowed_samples(arrival_ns, rate_hz)
            ahead = (index - self._next_index + span // 2) % span - span // 2
            if ahead < 0 and count > 0:
                return self._refuse(far=-ahead > allowed)
            if ahead > allowed:
                return self._refuse(far=True)
            index = self._next_index + ahead
        packets_lost = self._packets_lost(seq)
        self._next_seq = None if seq is None else (seq + 1) % (1 << self._rule.seq_bits)
        self._next_index = index + count
        self._arrival_ns, self._implausible = arrival_ns, 0
        return Verdict(fresh=True, index=index, packets_lost=packets_lost, samples_lost=ahead)

    def _refuse(self, *, far: bool) -> Verdict:
        """Refuse the frame; where so many in a row are far off, the counters must have begun anew."""
        self._implausible = self._implausible + 1 if far else 0
        restarted = self._implausible >= _IMPLAUSIBLE_IN_A_ROW
        if restarted:
            self.restart()
        return Verdict(fresh=False, implausible=far, restarted=restarted)

    def _allowed_samples(self, arrival_ns: int, rate_hz: float) -> float:
        """Count the samples that the time since the last frame allows, with ten seconds and a tenth to spare."""
        elapsed_s = (arrival_ns - self._arrival_ns) * 1e-9
        return (10.0 + 1.1 * max(elapsed_s, 0.0)) * rate_hz

    def _packets_lost(self, seq: int | None) -> int:
        if seq is None or self._next_seq is None:
            return 0
        return (seq - self._next_seq) % (1 << self._rule.seq_bits)
