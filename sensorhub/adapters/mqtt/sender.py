"""Empties the outbox into the broker, on a thread of its own, for as long as it lives."""

import math
import time
from collections.abc import Callable

from sensorhub.adapters.mqtt.link import (
    Answered,
    Connected,
    Ended,
    LinkEvent,
    LinkOptions,
    MqttLink,
    Subscribed,
    Woken,
    reason_of,
)
from sensorhub.adapters.mqtt.loop import LinkLoop, LoopOwner
from sensorhub.config import MqttSettings
from sensorhub.model.status import Health, LinkStatus, Part
from sensorhub.pipeline.backoff import Backoff, BackoffParams
from sensorhub.pipeline.outbox import Letter, Outbox, OutboxParams, Verdict, verdict_of
from sensorhub.pipeline.sending import Quarantine, ResendRule, SendWindow
from sensorhub.pipeline.stored import StoredMarkError, decode_mark
from sensorhub.pipeline.topics import status_topic, stored_filter
from sensorhub.pipeline.writer import Message

GOODBYE_WITHIN_S = 1.0
SETTLE_EVERY_S = 0.5
GATHER_S = 0.01
"""So soon after others a letter waits for more, to go in one write with them."""

NOBODY_THERE = BackoffParams(first_s=0.1, longest_s=5.0, jitter=0.0)


class Sender(LoopOwner):
    """What is not sent when it ends stays in the outbox. It never raises for what a broker or a network may do.

    `on_status` is called from the sender's thread, when the health of the broker (or of the store) changes.
    """

    def __init__(
        self,
        outbox: Outbox,
        hub: str,
        settings: MqttSettings,
        on_status: Callable[[LinkStatus], None],
        params: OutboxParams | None = None,
    ) -> None:
        self._outbox = outbox
        self._hub = hub
        self._params = params or OutboxParams()
        self._window = SendWindow(self._params)
        self._quarantine = Quarantine()
        self._lonely = Backoff(NOBODY_THERE)
        self._resend = {group: ResendRule(self._params) for group in outbox.groups}
        self._tick_s = time.monotonic() + self._params.resend_after_s
        self._under_way: dict[int, Letter] = {}
        self._delivered: list[Letter] = []
        self._settle_at_s = math.inf
        self._more = True
        self._fill_at_s = 0.0
        self._heard_s = 0.0
        options = LinkOptions(client_id=f"sensorhub-hub-{hub}", will_topic=status_topic(hub))
        self._loop = LinkLoop(settings, options, self, on_status)
        outbox.listen(self._loop.wake)

    def serve(self, link: MqttLink, connected: Connected) -> None:
        """Serve one connection; see LinkLoop."""
        self._window.connected(connected.receive_maximum)
        self._under_way.clear()
        self._more = True
        link.publish(status_topic(self._hub), b"online", retain=True)
        link.subscribe(stored_filter(self._hub))
        try:
            while not self._loop.closing.is_set():
                now_s = time.monotonic()  # one for both: between two, the instant to fill could pass unseen
                self._fill(link, now_s)
                self._take_all(self._loop.next_events(self._look_after(now_s)))
            self._say_goodbye(link)
        finally:
            self._settle()

    def _fill(self, link: MqttLink, now_s: float) -> None:
        if now_s < self._fill_at_s:
            return
        while self._more and (room := self._window.room(now_s)):
            self._loop.awake()
            letters = self._outbox.next_letters(self._window.cursor, room)
            self._more = len(letters) == room
            if letters:
                self._send(link, letters)

    def _send(self, link: MqttLink, letters: list[Letter]) -> None:
        now_s = time.monotonic()
        self._fill_at_s = now_s + GATHER_S
        if not self._under_way:
            self._heard_s = now_s
        mids = link.publish_many([(letter.topic, letter.payload) for letter in letters])
        self._under_way.update(zip(mids, letters, strict=True))
        self._window.sent(letters)

    def _look_after(self, now_s: float) -> float:
        """Do what time asks for; the instant at which it asks again."""
        if now_s >= self._tick_s:
            self._tick_s = now_s + self._params.resend_after_s
            self._resend_and_prune()
            self._more = True  # `sensorhub outbox --retry` wakes nobody
        if now_s >= self._settle_at_s:
            self._settle()
        instants_s = [self._tick_s, self._settle_at_s, self._window.held_until_s]
        if self._more:
            instants_s.append(self._fill_at_s)
        due_s = min(instant_s for instant_s in instants_s if instant_s > now_s)
        if not self._under_way:
            return due_s
        silent_s = self._heard_s + self._params.answer_within_s
        if now_s > silent_s:
            self._window.lost()
            raise ConnectionError(f"no answer for {self._params.answer_within_s:g} s")
        return min(silent_s, due_s)

    def _resend_and_prune(self) -> None:
        self._outbox.tick()
        for group, rule in self._resend.items():
            limit = rule.next_limit()
            if limit:
                self._outbox.requeue_unconfirmed(group, limit)
        self._outbox.prune(self._params.keep_stored)

    def _take_all(self, events: list[LinkEvent]) -> None:
        for event in events:
            if isinstance(event, Answered):
                for answer in event.answers:
                    self._take_answer(*answer)
            elif isinstance(event, Woken):
                self._more = True
            elif isinstance(event, Message):
                self._take_mark(event.topic.rpartition("/")[2], event.payload)
            elif isinstance(event, Subscribed) and max(event.codes) >= 0x80:
                self._warn(f"may not read what is stored: {event.reason}; mend its access list")
        for event in events:
            if isinstance(event, Ended):
                self._lost(event)

    def _settle(self) -> None:
        """Take what the broker has out of the outbox: many in one transaction. What a kill leaves goes once more."""
        delivered, self._delivered, self._settle_at_s = self._delivered, [], math.inf
        if delivered:
            self._outbox.delivered(delivered)
            self._loop.tell(Part.STORE, Health.OK, "storing")

    def _take_answer(self, mid: int, code: int) -> None:
        letter = self._under_way.pop(mid, None)
        if letter is None:  # the answer to our status
            return
        self._heard_s = time.monotonic()
        self._window.answered(letter)
        verdict = verdict_of(code)
        if verdict is Verdict.DELIVERED or (verdict is Verdict.NOBODY_THERE and not self._resend):
            self._take_delivered(letter)
        elif verdict is Verdict.NOBODY_THERE:
            self._hold()
        elif verdict is Verdict.BUSY:
            raise ConnectionError(f"it asks for a pause: {reason_of(code)}")
        else:
            self._refuse(letter, f"the broker refuses it: {reason_of(code)}")
            self._warn(f"refuses {letter.topic}: {reason_of(code)}; `sensorhub outbox` shows what was given up")

    def _take_delivered(self, letter: Letter) -> None:
        self._delivered.append(letter)
        self._settle_at_s = min(self._settle_at_s, self._heard_s + SETTLE_EVERY_S)
        self._lonely.succeeded()
        self._quarantine.delivered(1)
        self._loop.worked()
        self._loop.tell(Part.BROKER, Health.OK, f"{self._loop.where} connected")

    def _hold(self) -> None:
        # A writer is expected and there is none, not even one that is away: the broker keeps nothing.
        now_s = time.monotonic()
        if self._window.held_until_s <= now_s:
            self._settle()  # before all that is left is looked through again
            self._window.hold(now_s + self._lonely.failed(1.0))
            self._more = True
            self._warn("has nobody who stores the records; they wait here")

    def _refuse(self, letter: Letter, reason: str) -> bool:
        give_up = letter.tries + 1 >= self._params.max_tries
        self._outbox.refused(letter, reason, give_up=give_up)
        self._more = True
        return give_up

    def _take_mark(self, group: str, payload: bytes) -> None:
        try:
            mark = decode_mark(payload)
        except StoredMarkError:
            return  # of another version, or not from a writer: what it does not confirm is sent again
        self._outbox.mark_stored(group, mark)
        if group in self._resend:
            self._resend[group].heard()

    def _lost(self, ended: Ended) -> None:
        blamed = self._window.lost()
        if ended.by_broker:
            acquitted = self._quarantine.lost()
            if acquitted:
                self._outbox.retry_dead_letters(acquitted)
            if blamed is not None and self._refuse(blamed, f"the broker hung up on it: {ended.reason}"):
                self._quarantine.add(blamed.seq)
        raise ConnectionError(ended.reason)

    def _say_goodbye(self, link: MqttLink) -> None:
        goodbye = link.publish(status_topic(self._hub), b"offline", retain=True)
        until_s = time.monotonic() + GOODBYE_WITHIN_S
        while (event := self._loop.next_event(until_s)) is not None and not isinstance(event, Ended):
            for mid, code in event.answers if isinstance(event, Answered) else ():
                letter = self._under_way.pop(mid, None)
                if letter is not None and verdict_of(code) is Verdict.DELIVERED:
                    self._delivered.append(letter)
                if mid == goodbye:
                    return

    def _warn(self, detail: str) -> None:
        self._loop.tell(Part.BROKER, Health.WAITING, f"{self._loop.where} {detail}")
