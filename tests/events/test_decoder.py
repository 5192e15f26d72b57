"""Every event decodes back to what eth_abi encoded; hostile data is refused, in bounded time."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import pytest
from eth_abi.grammar import TupleType, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.encoding import EMISSIONS, EVENTS, encode_event, signature
from traceledger.chain.base import Log
from traceledger.errors import VerificationError
from traceledger.events import LEDGER_EVENTS, assurance_events, decode, manager_events, registry_events
from traceledger.model.evidence import Evidence

ARTIFACTS = Path(__file__).parents[2] / "traceledger" / "artifacts"
ALL = LEDGER_EVENTS + registry_events() + assurance_events() + manager_events()
DEFINITIONS = {event.signature.partition("(")[0]: event for event in ALL}
LABEL = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=2).map(str.encode)


def values_of(kind: str) -> st.SearchStrategy[Any]:
    """Any value of an ABI type; enums stay small."""
    if kind == EMISSIONS:  # as the eight amounts that its two words hold
        return st.tuples(*[st.integers(0, 2**64 - 1)] * 8)
    return _values(parse(kind))


def _values(kind: Any) -> st.SearchStrategy[Any]:
    if kind.is_array:
        unique = kind.to_type_str() == "(uint16,uint64)[]"
        by = (lambda pair: pair[0]) if unique else None
        return st.lists(_values(kind.item_type), max_size=4, unique_by=by).map(tuple)
    if isinstance(kind, TupleType):
        return st.tuples(*map(_values, kind.components))
    name = kind.to_type_str()
    simple: dict[str, st.SearchStrategy[Any]] = {
        "uint8": st.integers(1, 1),
        "address": st.binary(min_size=20, max_size=20),
        "bytes2": LABEL.map(lambda raw: raw.ljust(2, b"\0")),
        "bytes32": LABEL.map(lambda raw: raw.ljust(32, b"\0")),
        "string": st.text(st.characters(exclude_categories=["Cs"]), max_size=70),
        "bytes": st.binary(max_size=31),
        "bool": st.booleans(),
        "int32": st.integers(-(2**31), 2**31 - 1),
    }
    return simple[name] if name in simple else st.integers(0, 2 ** int(name.removeprefix("uint")) - 1)


def plain(value: Any) -> Any:
    """A decoded value as nested tuples in ABI order, labels as text."""
    if isinstance(value, Evidence):
        return (value.sha256.rstrip(b"\0").decode(), value.uri)
    if is_dataclass(value):
        return tuple(plain(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, dict):
        return tuple(value.items())
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if isinstance(value, bytes) and len(value) == 32:
        return value.rstrip(b"\0").decode()
    return int(value) if isinstance(value, IntEnum) else value


def expected(kind: Any, value: Any) -> Any:
    """What :func:`plain` should give for an ABI value."""
    if kind.is_array:
        return tuple(expected(kind.item_type, item) for item in value)
    if isinstance(kind, TupleType):
        return tuple(expected(part, item) for part, item in zip(kind.components, value, strict=True))
    if kind.to_type_str() in ("bytes2", "bytes32"):
        return value.rstrip(b"\0").decode()
    return value


def log_of(topics: tuple[bytes, ...], data: bytes) -> Log:
    return Log(address=b"\1" * 20, topics=topics, data=data, transaction_index=0, index=5)


@pytest.mark.parametrize("name", EVENTS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_event_round_trips(name: str, data: st.DataObject) -> None:
    kinds = [kind.removeprefix("@") for kind in EVENTS[name]]
    arguments = [data.draw(values_of(kind)) for kind in kinds]
    event = decode(log_of(*encode_event(name, arguments)))
    assert type(event).__name__ == name
    assert plain(event) == tuple(
        value if kind == EMISSIONS else expected(parse(kind), value)
        for kind, value in zip(kinds, arguments, strict=True)
    )


def test_signatures_match_those_written_by_hand() -> None:
    assert {name: event.signature for name, event in DEFINITIONS.items()} == {
        name: signature(name) for name in EVENTS
    }


@pytest.mark.parametrize(
    ("artifact", "definitions"),
    [
        ("BatchLedger", LEDGER_EVENTS),
        ("ParticipantRegistry", registry_events()),
        ("AssuranceRegistry", assurance_events()),
        ("AccessManager", manager_events()),
    ],
)
def test_signatures_match_the_compiled_contracts(artifact: str, definitions: Any) -> None:
    """Every event of the contracts is decoded, save those that OpenZeppelin's parents declare."""
    path = ARTIFACTS / f"{artifact}.json"
    if not path.exists():
        pytest.skip(f"{path.name} is not built")
    abi = [item for item in json.loads(path.read_text())["abi"] if item["type"] == "event"]
    inherited = {"Transfer", "Approval", "ApprovalForAll", "AuthorityUpdated", "EIP712DomainChanged"}
    if artifact == "AccessManager":
        inherited |= {item["name"] for item in abi if item["name"].startswith(("Role", "Target"))}
    compiled = {
        (_abi_signature(item), tuple(part["indexed"] for part in item["inputs"]))
        for item in abi
        if item["name"] not in inherited
    }
    ours = {
        (event.signature, tuple(place in dict(event.indexed) for place in range(_count(event))))
        for event in definitions
    }
    assert compiled == ours


def _count(event: Any) -> int:
    return len(event.indexed) + len(event.plain)


def _abi_signature(item: dict[str, Any]) -> str:
    return f"{item['name']}({','.join(_abi_type(part) for part in item['inputs'])})"


def _abi_type(part: dict[str, Any]) -> str:
    if not part["type"].startswith("tuple"):
        return str(part["type"])
    inner = ",".join(_abi_type(component) for component in part["components"])
    return f"({inner}){part['type'].removeprefix('tuple')}"


def minimal(kind: str) -> Any:
    """The smallest value of a type that still has one of everything in it."""
    parsed = parse(kind)

    def build(node: Any) -> Any:
        if node.is_array:
            return (build(node.item_type),)
        if isinstance(node, TupleType):
            return tuple(map(build, node.components))
        name = node.to_type_str()
        fixed = {"address": bytes(20), "bytes2": b"FI", "bytes32": b"mine".ljust(32, b"\0"), "string": "lot"}
        fixed |= {"bytes": b"call", "bool": True}
        return fixed.get(name, 1)

    return build(parsed)


def sample(name: str) -> tuple[tuple[bytes, ...], bytes]:
    return encode_event(name, [minimal(kind.removeprefix("@")) for kind in EVENTS[name]])


@pytest.mark.parametrize("name", EVENTS)
def test_damaged_data_is_refused_or_decodes_to_something_else(name: str) -> None:
    """Any one word replaced, any cut, any surplus: never a crash of another kind."""
    topics, data = sample(name)
    original = decode(log_of(topics, data))
    for place in range(0, len(data), 32):
        for word in (0, 1, 31, 33, 2**16, 2**64, 2**255, 2**256 - 1):
            changed = data[:place] + word.to_bytes(32, "big") + data[place + 32 :]
            if changed == data:
                continue
            try:
                assert decode(log_of(topics, changed)) != original
            except VerificationError as error:
                assert name in error.where
    for cut in range(len(data)):
        with pytest.raises(VerificationError):
            decode(log_of(topics, data[:cut]))
    with pytest.raises(VerificationError):
        decode(log_of(topics, data + bytes(32)))


@pytest.mark.parametrize("name", EVENTS)
def test_wrong_topics_are_refused(name: str) -> None:
    topics, data = sample(name)
    for wrong in (topics[:-1], (*topics, bytes(32)), (topics[0], *(topic[1:] for topic in topics[1:]))):
        if wrong[0:1] == topics[0:1] and len(topics) > 1:
            with pytest.raises(VerificationError):
                decode(log_of(wrong, data))


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(sorted(EVENTS)), data=st.binary(max_size=2000), seed=st.integers(0, 9))
def test_random_data_never_crashes(name: str, data: bytes, seed: int) -> None:
    topics, _ = sample(name)
    words = b"".join((byte % 64 * 32 if seed else byte).to_bytes(32, "big") for byte in data)
    for hostile in (data, words):
        try:
            decode(log_of(topics, hostile))
        except VerificationError:
            continue


class Counted(bytes):
    """Counts how often a part of it is read."""

    reads = 0

    def __getitem__(self, part: Any) -> Any:
        self.reads += 1
        return super().__getitem__(part)


def test_lists_that_share_a_tail_do_not_multiply_the_work() -> None:
    """1,000 children whose offsets all point at one long list: a decoder that follows them never ends."""
    count = 20_000
    head = [7, 0x60, 0x60 + 32 + count * 64]
    words = [*head, count, *([count * 32] * count), *([count] + [1, 2] * count)]
    data = Counted(b"".join(word.to_bytes(32, "big") for word in words))
    topics, _ = sample("BatchSplit")
    with pytest.raises(VerificationError):
        decode(log_of(topics, data))
    assert 0 < data.reads <= 2 * len(words)


def test_bytes_that_are_no_text_are_shown_escaped() -> None:
    topics, data = encode_event("BatchRetired", [1, bytes(20), 1, 5, "xx", ()])
    event = decode(log_of(topics, data.replace(b"xx", b"\xffx")))
    assert event is not None
    assert getattr(event, "reason", None) == "\\xffx"


def test_logs_of_others_are_none() -> None:
    assert decode(log_of((), b"")) is None
    assert decode(log_of((b"\7" * 32, b"short"), b"junk")) is None
