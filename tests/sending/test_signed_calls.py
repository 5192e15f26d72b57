"""What calldata says is shown in full, of every function that the contracts have."""

from __future__ import annotations

from typing import Any

import pytest

from traceledger.artifacts import NAMES, load
from traceledger.artifacts.calls import canonical_type, encode, selector
from traceledger.artifacts.decoding import decoded_call
from traceledger.documents.signed_calls import argument

FUNCTIONS = [
    (name, item) for name in NAMES for item in load(name).abi if item["type"] == "function" and item["inputs"]
]


def value(item: dict[str, Any], kind: str | None = None) -> Any:
    """Some value of a parameter, with an item in each list."""
    kind = kind or item["type"]
    if kind.endswith("[]"):
        return [value(item, kind[:-2])]
    if kind == "tuple":
        return tuple(value(each) for each in item["components"])
    if kind.startswith(("uint", "int")):
        return 1
    fixed = {"address": "0x" + "ab" * 20, "string": "text", "bytes": b"bytes", "bool": True}
    return fixed[kind] if kind in fixed else b"word".ljust(int(kind[5:]), b"\0")[: int(kind[5:])]


def leaves(item: dict[str, Any]) -> int:
    """How many values a parameter has; emissions have eight in two words."""
    if item["type"] == "tuple" and item["internalType"] == "struct Emissions":
        return 8
    return sum(map(leaves, item["components"])) if item["type"].startswith("tuple") else 1


@pytest.mark.parametrize(("name", "item"), FUNCTIONS, ids=[f"{n}.{i['name']}" for n, i in FUNCTIONS])
def test_every_argument_of_every_function_is_shown(name: Any, item: dict[str, Any]) -> None:
    from eth_abi.abi import encode as encode_abi

    types = [canonical_type(each) for each in item["inputs"]]
    data = selector(item["name"], types) + encode_abi(types, [value(each) for each in item["inputs"]])
    found = decoded_call(data, name)
    assert (found.function, found.rest, found.irregular) == (item["name"], b"", False)
    own = [leaf for leaf in found.leaves if ">" not in leaf.path]
    assert len(own) == sum(map(leaves, item["inputs"]))
    assert all(argument(leaf, lambda _: "")["value"] is not None for leaf in own)
    assert decoded_call(data + b"\x01", name).rest == b"\x01"


def test_a_call_that_is_announced_is_shown_too() -> None:
    ledger = b"\x11" * 20
    inner = encode("BatchLedger", "assignStock", 7, b"\x66" * 20, "insolvency", 1, [])
    data = encode("AccessManager", "schedule", ledger, inner + b"more", 0)
    found = {
        leaf.path: leaf.value for leaf in decoded_call(data, "AccessManager", {ledger: "BatchLedger"}).leaves
    }
    assert found["data>assignStock.to"] == b"\x66" * 20
    assert found["data>assignStock.reason"] == "insolvency"
    assert found["data>assignStock>"] == b"more"
    unknown = decoded_call(data, "AccessManager", {}).leaves
    assert ("data>", "unknown call") in [(leaf.path, leaf.type) for leaf in unknown]
