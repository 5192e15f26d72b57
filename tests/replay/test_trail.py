"""Entries of trails hash as Solidity's ``abi.encode`` has them."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from traceledger.model.batches import Origin
from traceledger.model.emissions import Emissions
from traceledger.replay.trail import (
    Entry,
    MintEntry,
    ReceiptEntry,
    RunEntry,
    SplitEntry,
    TakeBackEntry,
    differences_of,
    differences_word,
    hash_of,
    struct_of,
    trail_of,
)

EMISSIONS = "(uint256,uint256)"
SUBSTANCES = "(uint16,uint64)[]"
SENDER, SALT = b"\x11" * 20, b"\x22" * 32
# By kind: the struct as ILedgerRecords.sol has it, written down by hand, and an entry of it.
ENTRIES: list[tuple[str, Entry]] = [
    (
        f"(uint256,uint256,uint8,uint64,{EMISSIONS},bytes32)",
        MintEntry(7, 8, Origin.UNTRACED, 9, Emissions(1, 2, 3, 4, 5, 6, 7, 8), SALT),
    ),
    ("(uint256,bytes32)", SplitEntry(7, SALT)),
    ("(uint256,bytes32)", RunEntry(2**256 - 1, SALT)),
    (
        f"(uint256,address,bool,uint256,uint64,uint64,uint256,uint256,{SUBSTANCES},{SUBSTANCES},uint64,bytes32)",
        ReceiptEntry(7, SENDER, True, 3, 99, 98, 5, 2**255, ((3, 1), (27, 0)), ((3, 1), (27, 2)), 12, SALT),
    ),
    (
        f"(uint256,address,bool,uint256,uint64,uint64,uint256,uint256,{SUBSTANCES},{SUBSTANCES},uint64,bytes32)",
        ReceiptEntry(7, SENDER, False, 3, 99, 99, 0, 0, (), (), 12, SALT),
    ),
    (
        "(address,uint256,uint256,uint256,uint64,uint64,uint64,uint64,uint64,bytes32)",
        TakeBackEntry(SENDER, 1, 2, 3, 4, 5, 6, 7, 8, SALT),
    ),
]


@pytest.mark.parametrize(("kind", "entry"), ENTRIES, ids=lambda each: type(each).__name__)
def test_an_entry_hashes_as_the_contract_hashes_it(kind: str, entry: Entry) -> None:
    assert hash_of(entry) == keccak(encode([kind], [struct_of(entry)]))


def test_a_trail_is_a_running_hash() -> None:
    entries = [entry for _, entry in ENTRIES]
    trail = bytes(12)
    for entry in entries:
        trail = keccak(encode(["bytes12", "bytes32"], [trail, hash_of(entry)]))[:12]
    assert trail_of(entries) == trail
    assert trail_of(entries[2:], trail_of(entries[:2])) == trail


@given(st.lists(st.integers(-(2**15), 2**15 - 1), min_size=1, max_size=16))
def test_differences_are_lanes_of_sixteen_bits(points: list[int]) -> None:
    word = differences_word(points)
    lanes = [int.from_bytes(encode(["int16"], [each])[-2:], "big") for each in points]
    assert word == sum(lane << 16 * place for place, lane in enumerate(lanes))
    assert differences_of(word, len(points)) == (tuple(points) if any(points) else ())
