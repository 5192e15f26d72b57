"""Calls are encoded as eth_abi encodes them, and refused where it refuses them."""

from __future__ import annotations

import random
from typing import Any

import pytest
from eth_abi.abi import encode as by_eth_abi

from traceledger.artifacts import NAMES, load
from traceledger.artifacts.abi import encoder
from traceledger.artifacts.calls import canonical_type


def _functions() -> list[tuple[str, ...]]:
    found = (item for name in NAMES for item in load(name).abi if item["type"] == "function")
    return sorted({tuple(map(canonical_type, item["inputs"])) for item in found})


def _value(kind: str, chance: random.Random) -> Any:
    if kind.endswith("[]"):
        return [_value(kind[:-2], chance) for _ in range(chance.choice((0, 1, 2, 5)))]
    if kind.startswith("("):
        return tuple(_value(member, chance) for member in _members(kind))
    if "int" in kind:
        bits, signed = int(kind[kind.index("t") + 1 :]), kind.startswith("i")
        least, most = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
        return chance.choice((0, least, most, chance.randint(least, most)))
    match kind:
        case "bool":
            return chance.random() < 0.5
        case "string":
            return "".join(chance.choices("aß漢😀 ", k=chance.choice((0, 1, 12, 40))))
    sizes = {"address": 20, "bytes": chance.choice((0, 1, 31, 32, 33, 100))}
    return chance.randbytes(sizes[kind] if kind in sizes else int(kind.removeprefix("bytes")))


def _members(kind: str) -> list[str]:
    found, depth = [""], 0
    for letter in kind[1:-1]:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return found


@pytest.mark.parametrize("types", _functions(), ids=",".join)
def test_every_call_is_encoded_as_by_eth_abi(types: tuple[str, ...]) -> None:
    chance = random.Random(7)
    for _ in range(20):
        arguments = [_value(kind, chance) for kind in types]
        assert encoder(types)(arguments) == by_eth_abi(types, arguments)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uint16", 2**16),
        ("uint64", -1),
        ("uint64", True),
        ("uint64", 1.0),
        ("bool", 1),
        ("address", bytes(19)),
        ("bytes32", bytes(33)),
        ("string", b"text"),
        ("bytes", "text"),
        ("uint8[]", 3),
        ("(uint8,uint8)", (1,)),
        ("(uint8,uint8)", (1, 2, 3)),
        ("int8", 128),
    ],
)
def test_what_does_not_fit_is_refused_as_by_eth_abi(kind: str, value: object) -> None:
    with pytest.raises(Exception) as expected:
        by_eth_abi([kind], [value])
    with pytest.raises(type(expected.value)):
        encoder((kind,))([value])


@pytest.mark.parametrize(
    ("kind", "value"), [("uint8[2]", [1, 2]), ("string[2]", ["a", "b"]), ("int8", -1), ("bytes4", b"a")]
)
def test_what_the_contracts_do_not_use_is_encoded_too(kind: str, value: object) -> None:
    assert encoder((kind,))([value]) == by_eth_abi([kind], [value])
