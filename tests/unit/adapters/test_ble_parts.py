"""The queue behind the callback, the one shared scan, and errors for people: without any radio."""

import asyncio
from contextlib import aclosing

import pytest
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakDBusError, BleakError
from bumble import att, core

from sensorhub.adapters.ble.backend import open_radio
from sensorhub.adapters.ble.bumble_scanner import bleak_errors
from sensorhub.adapters.ble.frame_queue import FrameQueue
from sensorhub.adapters.ble.reasons import RADIO_ERRORS, radio_problem
from sensorhub.adapters.ble.scan import SensorFinder, Wanted
from sensorhub.adapters.ble.source import BleParams, BleSource
from sensorhub.adapters.profiles import load_profile
from sensorhub.model.errors import UsageError
from sensorhub.model.frames import LINK, LINK_DOWN, RawFrame
from sensorhub.pipeline.backoff import BackoffParams

NATIVE = load_profile("sensorhub_native")


def test_a_full_queue_sheds_new_notifications_and_keeps_marks():
    async def run():
        queue = FrameQueue(3)
        for number in range(5):
            queue.put_notification(RawFrame("data", number, b""))
        queue.put(RawFrame(LINK, 5, LINK_DOWN))
        queue.close()
        taken = []
        while (item := await queue.get()) is not None:
            taken.append(item.arrival_ns)
        assert taken == [0, 1, 2, 5]
        assert queue.shed == 2

    asyncio.run(run())


def test_a_reader_waits_for_what_comes_later():
    async def run():
        queue = FrameQueue(3)
        reader = asyncio.create_task(queue.get())
        await asyncio.sleep(0)
        assert not reader.done()
        queue.put(RawFrame(LINK, 7, LINK_DOWN))
        assert (await reader).arrival_ns == 7

    asyncio.run(run())


class Device:
    def __init__(self, name, address):
        self.name, self.address = name, address


class Advertisement:
    rssi = -60

    def __init__(self, name):
        self.local_name, self.service_uuids, self.manufacturer_data = name, [], {}


class FakeRadio:
    """A radio whose scans are counted and whose advertisements the test makes."""

    def __init__(self):
        self.connecting = asyncio.Lock()
        self.started = self.stopped = 0
        self.detected = None
        self.third_scan = asyncio.Event()

    def scanner(self, detected):
        self.detected = detected
        return self

    async def start(self):
        self.started += 1
        if self.started == 3:
            self.third_scan.set()

    async def stop(self):
        self.stopped += 1


def test_searches_share_one_scan_which_ends_with_the_last():
    async def run():
        radio = FakeRadio()
        finder = SensorFinder(radio)
        first = asyncio.create_task(finder.find(Wanted(NATIVE, "sh-0001")))
        second = asyncio.create_task(finder.find(Wanted(NATIVE, "F1:00:00:00:00:02")))
        given_up = asyncio.create_task(finder.find(Wanted(NATIVE, "SH-0009")))
        for _ in range(5):
            await asyncio.sleep(0)
        assert (radio.started, radio.stopped) == (1, 0)
        radio.detected(Device(None, "F1:00:00:00:00:01"), Advertisement("SH-0001"))
        radio.detected(Device(None, "F1:00:00:00:00:02"), Advertisement(None))
        assert (await first)[0].address.endswith("01")
        assert (await second)[1] == -60
        given_up.cancel()
        await asyncio.wait({given_up})
        assert (radio.started, radio.stopped) == (1, 1)

    asyncio.run(run())


def test_a_search_without_success_scans_anew():
    async def run():
        radio = FakeRadio()
        search = asyncio.create_task(SensorFinder(radio, rescan_s=0.001).find(Wanted(NATIVE)))
        await asyncio.wait_for(radio.third_scan.wait(), 10)
        radio.detected(Device("SH-0001", "x"), Advertisement("SH-0001"))
        await search
        assert radio.started == radio.stopped

    asyncio.run(run())


class BrokenRadio(FakeRadio):
    """A radio that cannot scan, for one reason and then another, and then can."""

    reasons = ("org.bluez.Error.NotReady", "org.bluez.Error.NotReady", "org.bluez.Error.NotReady", "out of memory")

    async def start(self):
        await super().start()
        if self.started <= len(self.reasons):
            raise BleakError(self.reasons[self.started - 1])


def test_a_failure_is_told_once_however_often_it_is_tried():
    async def run():
        params = BleParams(backoff=BackoffParams(first_s=0.001, longest_s=0.001))
        radio, told = BrokenRadio(), []
        async with aclosing(BleSource(SensorFinder(radio), Wanted(NATIVE), params=params).frames()) as reports:
            async for report in reports:
                told.append((report.state, report.detail))
                if len(told) == 3:
                    break
        assert told == [
            ("searching", "looking for sensorhub native firmware"),
            ("gone", "org.bluez.Error.NotReady"),
            ("gone", "out of memory"),
        ]

    asyncio.run(run())


class DeafRadio(FakeRadio):
    """A radio that does not answer when it is told to stop."""

    async def stop(self):
        await asyncio.Event().wait()


def test_a_radio_that_does_not_answer_does_not_hold_up_the_end():
    async def run():
        frames = BleSource(SensorFinder(DeafRadio()), Wanted(NATIVE), params=BleParams(end_s=0.01)).frames()
        async with asyncio.timeout(60), aclosing(frames):
            await anext(frames)
            await asyncio.sleep(0)  # it searches now

    asyncio.run(run())


def test_without_a_name_the_profile_decides():
    wanted = Wanted(NATIVE)
    assert wanted.fits(Device("SH-77", "x"), Advertisement(None))
    assert not wanted.fits(Device("Polar H10", "x"), Advertisement(None))
    assert not Wanted(NATIVE, "SH-0001").fits(Device("SH-0002", "x"), Advertisement("SH-0002"))


@pytest.mark.parametrize(
    "error, says",
    [
        (BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason.POWERED_OFF), "switched off"),
        (BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason.NO_BLUETOOTH), "Plug one in"),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), "systemctl start bluetooth"),
        (BleakError("org.bluez.Error.InProgress"), "busy or out of connection slots"),
        (FileNotFoundError(2, "No such file"), "no Bluetooth service runs here"),
        (TimeoutError(), "did not answer in time"),
        (BleakError("two\nlines"), "two lines"),
    ],
)
def test_errors_are_one_line_for_people(error, says):
    told = radio_problem(error)
    assert says in told
    assert "\n" not in told


def test_a_virtual_radio_that_is_not_there_is_told():
    with pytest.raises(UsageError, match=r"no virtual radio at 127.0.0.1:1"):
        asyncio.run(open_radio("bumble:127.0.0.1:1"))


@pytest.mark.parametrize(
    "error", [core.CommandTimeoutError(), core.TimeoutError("late"), core.InvalidStateError("gone"), att.ATT_Error(5)]
)
def test_what_bumble_raises_is_a_radio_error(error):
    with pytest.raises(RADIO_ERRORS), bleak_errors():
        raise error
