"""Contract calls as bytes: encoding after the ABI of the artifacts, and decoding what a call returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from traceledger.artifacts import NAMES, ContractName, load
from traceledger.artifacts.abi import encoder
from traceledger.model.hexadecimal import hexed
from traceledger.model.keccak import keccak


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a contract: its 4-byte selector and the ABI types of what goes in and comes out."""

    selector: bytes
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def canonical_type(parameter: Mapping[str, Any]) -> str:
    """The ABI type of a parameter, with tuples spelled out: ``(uint16,uint64)[]``."""
    kind = str(parameter["type"])
    if not kind.startswith("tuple"):
        return kind
    inner = ",".join(canonical_type(component) for component in parameter["components"])
    return f"({inner}){kind.removeprefix('tuple')}"


def selector(name: str, types: Sequence[str]) -> bytes:
    """First four bytes of keccak256 of a function's or error's signature."""
    return keccak(f"{name}({','.join(types)})".encode())[:4]


@cache
def function(contract: ContractName, name: str) -> Function:
    """The one function of that name (``KeyError`` if there is none, or if it is overloaded)."""
    found = [item for item in load(contract).abi if item["type"] == "function" and item["name"] == name]
    if len(found) != 1:
        raise KeyError(f"{contract}.{name}")
    inputs = tuple(canonical_type(parameter) for parameter in found[0]["inputs"])
    outputs = tuple(canonical_type(parameter) for parameter in found[0]["outputs"])
    return Function(selector(name, inputs), inputs, outputs)


@cache
def function_names() -> Mapping[bytes, str]:
    """By selector, the name of each function of the contracts."""
    functions = (item for name in NAMES for item in load(name).abi if item["type"] == "function")
    return {
        selector(item["name"], [canonical_type(parameter) for parameter in item["inputs"]]): item["name"]
        for item in functions
    }


def function_named(data: bytes) -> str:
    """The name of the function that calldata calls (``KeyError`` if it is none of ours)."""
    return function_names()[data[:4]]


def shown_function(data: bytes) -> str:
    """What people may call the function of some calldata: its name, or its selector where none has that."""
    return function_names().get(data[:4], hexed(data[:4]))


def encode(contract: ContractName, name: str, *arguments: object) -> bytes:
    """Calldata of a call; structs are tuples, addresses 20 bytes."""
    target = function(contract, name)
    return target.selector + encoder(target.inputs)(arguments)


def decode_result(contract: ContractName, name: str, data: bytes) -> tuple[Any, ...]:
    """What a call returned, as a tuple; addresses are checksummed text."""
    from eth_abi.abi import decode as decode_abi

    return tuple(decode_abi(function(contract, name).outputs, data))
