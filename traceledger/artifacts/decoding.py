"""Calldata as what it says: every argument by its name, and what stands there that no argument says.

Example:
    >>> from traceledger.artifacts.calls import encode
    >>> data = encode("BatchLedger", "transferTitle", 7, bytes(20), 1, []) + b"more"
    >>> found = decoded_call(data, "BatchLedger")
    >>> found.function, [leaf.path for leaf in found.leaves], found.rest
    ('transferTitle', ['batch', 'to', 'occurredAt', 'evidence'], b'more')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from traceledger.artifacts import ContractName, load
from traceledger.artifacts.calls import canonical_type, selector
from traceledger.model.emissions import EMISSION_FIELDS, Emissions
from traceledger.model.hexadecimal import parsed_address

Contracts = Mapping[bytes, ContractName]
"""By address which contract is there."""

_DEEPEST = 4
"""Calls within calls: an announcement of a call has one."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a call.

    Attributes:
        path: where it stands: ``offer.batches[0]``; of a call within the call ``data>assignStock.to``.
        type: its ABI type.
        kind: the Solidity type, where that says more: ``BatchId``, ``enum Origin``.
        value: an integer, a truth value, text, or bytes (of an address 20); ``None``: an empty list.
    """

    path: str
    type: str
    kind: str
    value: int | bool | str | bytes | None


@dataclass(frozen=True, slots=True)
class DecodedCall:
    """What calldata says.

    Attributes:
        function: its name; empty where the contract has none of that selector, or its arguments are none.
        leaves: all values, in order, and those of calls within the call after the bytes that hold them.
        rest: bytes behind the arguments, which the contract ignores.
        irregular: whether the arguments are encoded otherwise than encoders do: bytes may be hidden between.
    """

    function: str
    leaves: tuple[Leaf, ...] = ()
    rest: bytes = b""
    irregular: bool = False


_LANES = ("scope1", "scope2", "scope3", "primary", "biogenic", "landUse", "aviation", "removals")
"""What the two words of emissions hold, as the contracts call it."""

UNKNOWN = DecodedCall("")


def decoded_call(
    data: bytes, contract: ContractName | None, contracts: Contracts | None = None
) -> DecodedCall:
    """What calldata of a contract says.

    Args:
        data: the calldata.
        contract: which contract it is for; ``None``: none of ours.
        contracts: which contracts there are, for calls within the call.
    """
    return _decoded(data, contract, contracts or {}, _DEEPEST)


def _decoded(data: bytes, contract: ContractName | None, contracts: Contracts, deep: int) -> DecodedCall:
    from eth_abi.abi import decode, encode
    from eth_abi.exceptions import DecodingError

    item = _functions(contract).get(data[:4]) if contract else None
    if item is None:
        return UNKNOWN
    types = [canonical_type(each) for each in item["inputs"]]
    try:
        values = decode(types, data[4:])
        plain = encode(types, values)
    except (DecodingError, ValueError, OverflowError):
        return UNKNOWN
    regular = data[4:].startswith(plain)
    rest = data[4 + len(plain) :] if regular else b""
    leaves = _leaves(item["inputs"], values, "", _Within(contract, contracts, deep))
    return DecodedCall(item["name"], tuple(leaves), rest, irregular=not regular)


@dataclass(frozen=True, slots=True)
class _Within:
    """Where calls within a call go."""

    contract: ContractName | None
    contracts: Contracts
    deep: int


@cache
def _functions(contract: ContractName) -> Mapping[bytes, Mapping[str, Any]]:
    """The functions of a contract by their selectors."""
    return {
        selector(item["name"], [canonical_type(each) for each in item["inputs"]]): item
        for item in load(contract).abi
        if item["type"] == "function"
    }


def _leaves(inputs: Any, values: Any, path: str, within: _Within) -> Iterator[Leaf]:
    target: bytes | None = None
    for place, (item, value) in enumerate(zip(inputs, values, strict=True)):
        name = item["name"] or f"#{place}"
        at = f"{path}.{name}" if path else name
        if item["type"] == "address" and name == "target":
            target = parsed_address(value)
        yield from _leaf(item, item["type"], value, at, within)
        if within.deep and item["type"] == "bytes" and name == "data" and target is not None:
            yield from _inner(value, within.contracts.get(target), at, within)
        if within.deep and item["type"] == "bytes[]" and name == "data":
            for number, each in enumerate(value):
                yield from _inner(each, within.contract, f"{at}[{number}]", within)


def _inner(data: bytes, contract: ContractName | None, path: str, within: _Within) -> Iterator[Leaf]:
    """What a call within the call says; that it is none of ours is said, too."""
    found = _decoded(data, contract, within.contracts, within.deep - 1)
    if not found.function:
        yield Leaf(f"{path}>", "unknown call", "", data)
        return
    beginning = f"{path}>{found.function}"
    for leaf in found.leaves:
        yield Leaf(f"{beginning}.{leaf.path}", leaf.type, leaf.kind, leaf.value)
    if not found.leaves:
        yield Leaf(beginning, "call", "", None)
    if found.rest or found.irregular:
        yield Leaf(f"{beginning}>", "bytes behind the arguments", "", found.rest or data)


def _leaf(item: Mapping[str, Any], kind: str, value: Any, path: str, within: _Within) -> Iterator[Leaf]:
    if kind.endswith("]"):
        inner = kind[: kind.rindex("[")]
        if not value:
            yield Leaf(path, canonical_type({**item, "type": kind}), _solidity(item), None)
        for number, each in enumerate(value):
            yield from _leaf(item, inner, each, f"{path}[{number}]", within)
    elif kind == "tuple" and str(item.get("internalType", "")).startswith("struct Emissions"):
        found = Emissions.of_words(*value)
        for name, field in zip(_LANES, EMISSION_FIELDS, strict=True):
            yield Leaf(f"{path}.{name}", "uint64", "", getattr(found, field))
    elif kind == "tuple":
        yield from _leaves(item["components"], value, path, within)
    else:
        plain = (parsed_address(value) or b"") if kind == "address" else value
        yield Leaf(path, kind, _solidity(item), plain)


def _solidity(item: Mapping[str, Any]) -> str:
    """The Solidity type of a value, or of the items of a list, where it says more than the ABI's."""
    kind = str(item.get("internalType", "")).partition("[")[0]
    return "" if kind == str(item["type"]).partition("[")[0] or kind.startswith("struct ") else kind
