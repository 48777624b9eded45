"""The rules of sending: how many letters at once, which one is to blame for a loss, what goes again and when."""

from collections.abc import Sequence

from sensorhub.pipeline.outbox import Letter, OutboxParams


class SendWindow:
    """Which letters are under way, and how many more may be.

    When a connection ends, nobody says whether one of the messages under way was the cause. If not one had been
    answered, they go one at a time afterwards: only a message that was alone under way when the broker hung up is
    counted as refused. A broker that is killed or a network that fails touches a letter's count at most by such a
    chance, and what follows sets it right.
    """

    def __init__(self, params: OutboxParams) -> None:
        self._params = params
        self._limit = params.window
        self._under_way: dict[int, Letter] = {}
        self._suspects: set[int] = set()
        self._cursor = 0
        self._held_until_s = 0.0
        self._answered_one = False

    @property
    def cursor(self) -> int:
        """The last place that was sent on this connection."""
        return self._cursor

    @property
    def held_until_s(self) -> float:
        """Nothing is sent before this instant."""
        return self._held_until_s

    def connected(self, receive_maximum: int | None) -> None:
        """A new connection: everything that is still in the outbox will be sent from the start."""
        self._limit = min(self._params.window, receive_maximum or self._params.window)
        self._under_way.clear()
        self._cursor = 0
        self._answered_one = False

    def hold(self, until_s: float) -> None:
        """Send nothing until then, and begin anew with what is still in the outbox."""
        self._held_until_s = until_s
        self._cursor = 0

    def room(self, now_s: float) -> int:
        """How many letters may be sent now."""
        if now_s < self._held_until_s:
            return 0
        limit = 1 if self._suspects else self._limit
        return max(0, limit - len(self._under_way))

    def sent(self, letters: Sequence[Letter]) -> None:
        """Note that letters are under way, by rising place."""
        self._under_way.update((letter.place, letter) for letter in letters)
        self._cursor = letters[-1].place

    def answered(self, letter: Letter) -> None:
        """The broker has said something about this letter."""
        self._under_way.pop(letter.place, None)
        self._suspects.discard(letter.place)
        self._answered_one = True

    def lost(self) -> Letter | None:
        """The connection ended. The letter that was alone under way as a suspect, if there was one."""
        alone = next(iter(self._under_way.values())) if len(self._under_way) == 1 else None
        blamed = alone if alone is not None and alone.place in self._suspects else None
        if not self._answered_one:
            self._suspects.update(self._under_way)
        if blamed is not None:
            self._suspects.discard(blamed.place)
        self._under_way.clear()
        return blamed


class Quarantine:
    """Dead letters on which a broker hung up without a word, until it is sure that they were the cause.

    A failing network looks the same. If it fails again before `proof` other letters went through, it was the network,
    and they are to be sent again.
    """

    def __init__(self, proof: int = 20) -> None:
        self._proof = proof
        self._passed = 0
        self._seqs: list[int] = []

    def add(self, seq: int) -> None:
        """Take a letter that was given up because of a connection that ended."""
        self._seqs.append(seq)
        self._passed = 0

    def delivered(self, letters: int) -> None:
        """Others went through since."""
        self._passed += letters
        if self._passed >= self._proof:
            self._seqs = []

    def lost(self) -> list[int]:
        """The connection ended again: letters that are to be sent again."""
        acquitted, self._seqs = self._seqs, []
        return acquitted


class ResendRule:
    """How many records to send again that were delivered but that a group of writers has not confirmed.

    It is asked once an interval. While the group confirms others, all that are overdue go again. While it says nothing
    (it is down, and the broker keeps its queue), only a probe goes, ever more rarely: enough to find out that the
    broker has lost its memory.
    """

    def __init__(self, params: OutboxParams) -> None:
        self._params = params
        self._pause = 1
        self._asked = 0
        self._heard = False

    def heard(self) -> None:
        """The group has confirmed something."""
        self._heard = True

    def next_limit(self) -> int:
        """An interval has passed: how many to send again at most."""
        heard, self._heard = self._heard, False
        if heard:
            self._pause, self._asked = 1, 0
            return self._params.resend_batch
        self._asked += 1
        if self._asked < self._pause:
            return 0
        longest = max(1, round(self._params.resend_longest_s / self._params.resend_after_s))
        self._pause, self._asked = min(longest, 2 * self._pause), 0
        return self._params.probe
