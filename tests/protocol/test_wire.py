"""Lines on the pipe: any message survives the trip, however it is cut; no line can hurt."""

import json
import typing

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.protocol.errors import TanrenError
from backend.protocol.messages import Generate, Request, Sampling, Stop, WorkerEvent
from backend.protocol.wire import (
    MAX_LINE_BYTES,
    BadLine,
    LineSplitter,
    decode_event,
    decode_request,
    encode_line,
    encode_request,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
INTEGER = st.integers(-(2**63), 2**63 - 1)
OVERRIDES: dict[object, st.SearchStrategy[object]] = {
    dict[str, typing.Any]: st.dictionaries(TEXT, st.none() | st.booleans() | INTEGER | NUMBER | TEXT | st.lists(TEXT)),
    dict[str, float]: st.dictionaries(TEXT, NUMBER),
    dict[str, str]: st.dictionaries(TEXT, TEXT),
    list[dict[str, str]]: st.lists(st.dictionaries(TEXT, TEXT)),
    str: TEXT, float: NUMBER, int: INTEGER, float | None: st.none() | NUMBER, int | None: st.none() | INTEGER,
}


def messages(kinds: tuple[type[msgspec.Struct], ...]) -> st.SearchStrategy[msgspec.Struct]:
    """Any message of these kinds, made from the structs' own fields."""
    return st.one_of([
        st.builds(kind, **{field.name: values(field.type) for field in msgspec.structs.fields(kind)}) for kind in kinds
    ])


def values(kind: typing.Any) -> st.SearchStrategy[typing.Any]:
    if kind is Sampling:
        return messages((Sampling,))
    if typing.get_origin(kind) is typing.Literal:
        return st.sampled_from(typing.get_args(kind))
    return OVERRIDES[kind]


EVENTS = messages(typing.get_args(WorkerEvent))
REQUESTS = messages(typing.get_args(Request))


@given(EVENTS)
def test_every_event_survives_the_trip(event: msgspec.Struct) -> None:
    line = encode_line(event)
    assert line.count(b"\n") == 1 and line.endswith(b"\n")
    assert decode_event(line[:-1]) == event


@given(REQUESTS)
def test_every_request_survives_the_trip(request: msgspec.Struct) -> None:
    assert decode_request(encode_line(request)[:-1]) == request


@given(st.lists(EVENTS, max_size=8), st.data())
def test_a_stream_may_be_cut_anywhere(events: list[msgspec.Struct], data: st.DataObject) -> None:
    stream = b"".join(encode_line(event) for event in events)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    splitter = LineSplitter()
    lines: list[bytes] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        lines += splitter.feed(stream[start:end])
    assert [decode_event(line) for line in lines] == events


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_a_bad_line(data: bytes) -> None:
    for decode in (decode_event, decode_request):
        try:
            decode(data)
        except BadLine:
            continue
        assert json.loads(data)["type"]


def test_a_stop_without_a_mode_saves() -> None:
    assert decode_request(b'{"type":"stop"}') == Stop("save")


@pytest.mark.parametrize("line", [
    b"", b"null", b"[]", b"{}", b'{"type":"stop","mode":"perhaps"}', b'{"type":"generate","id":"one","messages":[]}',
    b'{"type":"cancel"}', b'{"type":"hello"}', b'{"type":"stop"}{"type":"stop"}', b"\xff\xfe", b"{" * 100_000,
])
def test_what_is_no_request_is_a_bad_line(line: bytes) -> None:
    with pytest.raises(BadLine):
        decode_request(line)


def test_a_line_may_be_as_long_as_the_limit_and_no_longer() -> None:
    splitter = LineSplitter(limit=10)
    assert splitter.feed(b"x" * 10 + b"\n") == [b"x" * 10]
    with pytest.raises(BadLine):
        LineSplitter(limit=10).feed(b"x" * 11 + b"\n")
    with pytest.raises(BadLine):
        LineSplitter(limit=10).feed(b"x" * 11)


def test_an_endless_line_is_not_collected() -> None:
    splitter = LineSplitter()
    with pytest.raises(BadLine):
        for _ in range(2 * MAX_LINE_BYTES // 65536):
            splitter.feed(b"x" * 65536)


def test_an_overlong_line_is_dropped_to_its_end_and_reading_goes_on() -> None:
    splitter = LineSplitter(limit=10)
    with pytest.raises(BadLine):
        splitter.feed(b"x" * 11)
    assert splitter.feed(b"x" * 1000) == []
    assert splitter.feed(b"still of it\nnext\nrest") == [b"next"]
    assert splitter.feed(b" of it\n") == [b"rest of it"]


def test_a_dialogue_that_no_line_can_hold_is_refused_before_it_is_sent() -> None:
    fits = Generate(1, [{"role": "user", "content": "x" * (MAX_LINE_BYTES - 1000)}])
    assert decode_request(encode_request(fits)[:-1]) == fits
    with pytest.raises(TanrenError) as refused:
        encode_request(Generate(1, [{"role": "user", "content": "あ" * 400_000}]))
    assert refused.value.code == "dialogue_too_large"
    assert "1172 KiB" in refused.value.message("en") and "1172 KiB" in refused.value.message("ja")


def test_empty_lines_are_passed_over() -> None:
    assert LineSplitter().feed(b"\n\na\n\n") == [b"a"]
