"""Packets come apart the same however the network cuts them; what is no packet ends the connection."""

import struct

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from paho.mqtt.exception import MalformedPacket
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from sensorhub.adapters.mqtt.bulk_client import (
    PUBLISH,
    QOS_1,
    parse_puback,
    parse_publish,
    publish_packet,
    split_packets,
)
from sensorhub.adapters.mqtt.link import reason_of


def variable_length(value):
    raw = b""
    while True:
        value, byte = divmod(value, 128)
        raw += bytes([byte | (0x80 if value else 0)])
        if not value:
            return raw


def packet(first, body):
    return bytes([first]) + variable_length(len(body)) + body


packets = st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=300)), max_size=8)


@settings(max_examples=50, deadline=None)
@given(packets, st.lists(st.integers(1, 40), min_size=1))
def test_packets_come_whole_and_in_order_however_they_are_cut(sent, cuts):
    stream = b"".join(packet(*each) for each in sent)
    got, rest = [], b""
    place = 0
    for cut in cuts * (len(stream) + 1):
        whole, rest = split_packets(rest + stream[place : place + cut])
        got += whole
        place += cut
        if place >= len(stream):
            break
    assert got == sent
    assert rest == b""


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.binary(max_size=300), st.integers(0, 65535), st.booleans())
def test_a_message_comes_back_with_any_properties(topic, payload, mid, has_properties):
    properties = Properties(PacketTypes.PUBLISH)
    if has_properties:
        properties.UserProperty = ("name" * 50, "value")
        properties.MessageExpiryInterval = 7
    name = topic.encode()
    for qos in (0, 1):
        number = struct.pack("!H", mid) if qos else b""
        body = struct.pack("!H", len(name)) + name + number + properties.pack() + payload
        assert parse_publish(PUBLISH | qos << 1, body) == (topic, payload, mid if qos else 0)


@given(topic=st.text(st.characters(exclude_categories=["Cs"])), payload=st.binary(max_size=300), retain=st.booleans())
@example(topic="sensorhub/v1/club/clip/stride", payload=bytes(20_000), retain=False)
def test_what_is_published_is_one_packet_that_says_so(topic, payload, retain):
    ((first, body),), rest = split_packets(publish_packet(topic, payload, 300, retain=retain))
    assert first == (PUBLISH | QOS_1 | retain)
    assert parse_publish(first, body) == (topic, payload, 300)
    assert rest == b""


@pytest.mark.parametrize(("body", "answer"), [(b"\x01\x02", (258, 0)), (b"\x01\x02\x87\x00", (258, 0x87))])
def test_an_answer_says_number_and_reason_and_no_reason_is_success(body, answer):
    assert parse_puback(body) == answer


@pytest.mark.parametrize(
    ("code", "words"), [(0x87, "Not authorized"), (0x95, "Packet too large"), (0xF7, "reason code 0xf7")]
)
def test_whatever_code_a_broker_answers_with_has_words(code, words):
    assert reason_of(code) == words


@pytest.mark.parametrize("raw", [b"\x30\xff\xff\xff\xff\x01", b"\x30\x80\x80\x80\x80\x00"])
def test_a_length_of_five_bytes_is_no_packet(raw):
    with pytest.raises(MalformedPacket):
        split_packets(raw)
