from dataclasses import replace

import msgspec
import numpy as np
import pytest

from sensorhub.analysis.gait.landings import LandingOrder
from sensorhub.analysis.gait.pelvis_tail import PelvisTail
from sensorhub.analysis.gait.stride_book import StrideBook
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Flag, Reference, Side
from tests.unit.analysis.gait.test_laterality import changed, contacts, feet
from tests.unit.analysis.made import pelvis_block

RATE_HZ = 100.0
FIRST_S = 9.0
ALIGNMENT = Alignment((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), Reference.STANDING, settled=True)


def tail(turn_radps=0.0):
    """A pelvis that rolls by 4 deg with the feet of `contacts`, left side high in left stances."""
    t_s = FIRST_S + np.arange(2000) / RATE_HZ
    roll = np.deg2rad(4.0) * np.cos(np.pi * (t_s - 10.0 - 0.125) / 0.36)
    up = np.array((np.zeros_like(roll), np.sin(roll), np.cos(roll)))
    kept = PelvisTail(kept_s=60.0)
    kept.feed(pelvis_block(RATE_HZ, t_s, up, ALIGNMENT, yaw_radps=turn_radps))
    return kept


def landings(made):
    return LandingOrder().feed(made)


def test_each_landing_is_measured_with_its_own_foot():
    strides = StrideBook().add(landings(contacts(feet(12))), tail(), ALIGNMENT)
    assert [stride.seq for stride in strides] == list(range(12))
    assert [stride.pelvic_drop_deg for stride in strides] == pytest.approx([4.0] * 12, abs=0.05)
    assert {stride.reference for stride in strides} == {Reference.STANDING}


def test_a_correction_in_the_same_block_or_later_gives_the_same_strides():
    made = contacts(feet(30))
    told = landings(changed(made, slice(13, 16), turn_radps=0.0, roll_radps=0.0).rows(np.arange(30) != 12))
    assert len(told) > len(set(told.seq.tolist()))
    together, one_by_one, kept = StrideBook(), StrideBook(), tail()
    singly = [
        stride for one in range(len(told)) for stride in one_by_one.add(told.rows(slice(one, one + 1)), kept, ALIGNMENT)
    ]
    assert together.add(told, kept, ALIGNMENT) == singly
    assert max(stride.revision for stride in singly) > 0


def test_a_better_alignment_measures_all_again_with_the_next_revision():
    book = StrideBook()
    first = book.add(landings(contacts(feet(12))), tail(), ALIGNMENT)
    tilted = replace(ALIGNMENT, left_sensor=(0.0, np.cos(0.02), np.sin(0.02)))
    again = book.remeasured(tilted)
    assert [stride.revision for stride in again] == [1] * 12
    for before, after in zip(first, again, strict=True):
        sign = 1.0 if after.side is Side.LEFT else -1.0
        assert after.pelvic_drop_deg - before.pelvic_drop_deg == pytest.approx(sign * np.rad2deg(0.02), abs=0.05)
    assert book.remeasured(tilted) == []


def test_a_slip_of_the_clip_is_flagged_backwards():
    book, kept = StrideBook(), tail()
    told = landings(contacts(feet(30)))
    book.add(told.rows(slice(29)), kept, ALIGNMENT)
    slipped = replace(ALIGNMENT, mounting=1, settled=False)
    doubted = {stride.seq: stride for stride in book.add(told.rows(slice(29, None)), kept, slipped)}
    for seq, stride in doubted.items():
        if seq < 29:
            assert Flag.SLIP in stride.flags
            assert stride.initial_contact_s > told.initial_contact_s[29] - 10.0
    assert Flag.UNSETTLED in doubted[29].flags


def test_bends_are_flagged():
    strides = StrideBook().add(landings(contacts(feet(20))), tail(turn_radps=0.3), ALIGNMENT)
    assert all(Flag.TURN in stride.flags for stride in strides[6:])
    straight = StrideBook().add(landings(contacts(feet(20))), tail(), ALIGNMENT)
    assert not any(Flag.TURN in stride.flags for stride in straight)


def test_unsettled_strides_are_told_again_when_the_heading_is_sure():
    book, kept = StrideBook(), tail()
    told = landings(contacts(feet(12)))
    first = book.add(told.rows(slice(11)), kept, replace(ALIGNMENT, settled=False))
    assert all(Flag.UNSETTLED in stride.flags for stride in first)
    again = book.add(told.rows(slice(11, None)), kept, replace(ALIGNMENT))
    assert [(stride.seq, stride.revision) for stride in again] == [*((seq, 1) for seq in range(11)), (11, 0)]
    assert not any(Flag.UNSETTLED in stride.flags for stride in again[3:])


def test_what_lowers_trust_in_a_landing_is_flagged():
    made, kept = contacts(feet(20)), tail()
    last = [
        StrideBook().add(landed, kept, ALIGNMENT)[-1].flags
        for landed in (
            landings(made),
            landings(changed(made, 18, missing_s=0.1)),
            landings(changed(made, 19, clipped_s=0.1)),
            msgspec.structs.replace(landings(made), confidence=np.full(20, 0.6)),
        )
    ]
    assert last == [(), (Flag.GAP,), (Flag.CLIPPED,), (Flag.UNSETTLED,)]
