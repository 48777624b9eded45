"""How many letters are under way, which is to blame for a loss, and what goes again."""

from sensorhub.pipeline.outbox import Letter, OutboxParams
from sensorhub.pipeline.sending import Quarantine, ResendRule, SendWindow

PARAMS = OutboxParams(window=10)


def letter(place):
    return Letter(place, place, 0, 0, "topic", b"{}")


def test_the_receive_maximum_of_the_broker_is_respected():
    window = SendWindow(PARAMS)
    window.connected(receive_maximum=3)
    for place in range(1, 4):
        assert window.room(0.0) > 0
        window.sent([letter(place)])
    assert window.room(0.0) == 0
    window.answered(letter(2))
    assert window.room(0.0) == 1
    window.connected(None)
    assert window.room(0.0) == PARAMS.window
    assert window.cursor == 0


def test_after_a_loss_letters_go_one_at_a_time_and_only_the_one_that_was_alone_is_blamed():
    window = SendWindow(PARAMS)
    window.connected(None)
    for place in (1, 2, 3):
        window.sent([letter(place)])
    assert window.lost() is None, "any of three may have been it"
    window.connected(None)
    assert window.room(0.0) == 1
    window.sent([letter(1)])
    assert window.room(0.0) == 0
    window.answered(letter(1))
    window.sent([letter(2)])
    assert window.lost() == letter(2)
    window.connected(None)
    window.sent([letter(3)])
    window.answered(letter(3))
    assert window.room(0.0) == PARAMS.window


def test_a_single_letter_is_not_blamed_for_the_first_loss():
    window = SendWindow(PARAMS)
    window.connected(None)
    window.sent([letter(1)])
    assert window.lost() is None


def test_a_loss_after_good_work_makes_nobody_a_suspect():
    window = SendWindow(PARAMS)
    window.connected(None)
    window.sent([letter(1)])
    window.sent([letter(2)])
    window.answered(letter(1))
    assert window.lost() is None
    window.connected(None)
    assert window.room(0.0) == PARAMS.window


def test_nothing_is_sent_while_held_and_then_from_the_start():
    window = SendWindow(PARAMS)
    window.connected(None)
    window.sent([letter(5)])
    window.answered(letter(5))
    window.hold(until_s=3.0)
    assert window.room(2.9) == 0
    assert window.room(3.0) == PARAMS.window
    assert window.cursor == 0


def test_a_network_that_fails_again_acquits_the_letter():
    quarantine = Quarantine(proof=5)
    quarantine.add(7)
    quarantine.delivered(4)
    assert quarantine.lost() == [7]
    quarantine.add(8)
    quarantine.delivered(5)
    assert quarantine.lost() == []


def test_all_that_is_overdue_goes_again_while_the_writer_speaks_and_a_probe_ever_more_rarely_while_it_is_silent():
    params = OutboxParams(resend_after_s=1.0, resend_longest_s=4.0, probe=3, resend_batch=100)
    rule = ResendRule(params)
    silent = [rule.next_limit() for _ in range(12)]
    assert silent == [3, 0, 3, 0, 0, 0, 3, 0, 0, 0, 3, 0]
    rule.heard()
    assert rule.next_limit() == 100
