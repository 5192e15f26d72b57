"""A call that carries a tag is known again by it, wherever the tag stands."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode

from traceledger.artifacts import load
from traceledger.artifacts.calls import canonical_type, selector
from traceledger.artifacts.identity import identity_of

TAG = bytes(range(32))
FUNCTIONS = {item["name"]: item["inputs"] for item in load("BatchLedger").abi if item["type"] == "function"}
TAGGED = ("answerShipment", "cancelShipment", "receiveShipment", "rejectShipment", "reverseReceipt")


def value_of(parameter: Any) -> Any:
    """A value of a parameter, with two items in each list; of the tag, that."""
    kind = parameter["type"]
    if kind.endswith("[]"):
        return (value_of(parameter | {"type": kind.removesuffix("[]")}),) * 2
    if kind == "tuple":
        return tuple(map(value_of, parameter["components"]))
    if parameter["name"] == "tag":
        return TAG
    fixed: dict[str, Any] = {
        "address": b"\1" * 20,
        "bytes32": b"\2" * 32,
        "bytes12": b"\3" * 12,
        "bool": True,
    }
    return fixed.get(kind, "a text that is longer than a word" if kind == "string" else 1)


@pytest.mark.parametrize("name", TAGGED)
def test_a_call_with_a_tag_is_known_by_it(name: str) -> None:
    types = [canonical_type(parameter) for parameter in FUNCTIONS[name]]
    data = selector(name, types) + encode(types, list(map(value_of, FUNCTIONS[name])))
    assert identity_of(data) == b"tag:" + TAG
    assert identity_of(data[:100]) == data[:100]
