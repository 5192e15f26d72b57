"""By what of its calldata a call is known again, wherever some of that follows from the state.

An operation whose content is known in advance is known by all of its calldata. What of it follows from the
state when it was signed does not count; where it carries a tag, only that counts (docs/operations.md).

Example:
    >>> identity_of(b"of no contract"), identity_of(identity_of(b"of no contract"))
    (b'of no contract', b'of no contract')
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from traceledger.artifacts import ContractName, load
from traceledger.artifacts.abi import encoder
from traceledger.artifacts.calls import canonical_type, function, selector

_FOLLOWING: Mapping[str, frozenset[str]] = {
    "retire": frozenset({"expected"}),
    "hold": frozenset({"kind", "expected"}),
    "release": frozenset({"kind", "expected"}),
    "returnShipment": frozenset({"receipts"}),
    "restateMint": frozenset({"entry", "later"}),
    "restateTransformation": frozenset({"recorded", "inputs", "outputs"}),
    "restateShipment": frozenset({"receiver", "recorded", "batches", "open"}),
    "restateAdded": frozenset({"batch", "recorded"}),
    "confirmRestatement": frozenset({"author", "emissions", "batches"}),
    "registerParticipant": frozenset({"deadline", "consent"}),
    "addOperator": frozenset({"deadline", "consent"}),
    "rotateOperator": frozenset({"deadline", "consent"}),
}
"""By function the parameters that follow from the state, or that its key signs, where there is no tag."""

_ALIKE: Mapping[str, str] = {"returnShipment": "ship"}
"""Functions of which the state says which of the two is called."""

_READ: tuple[ContractName, ...] = ("BatchLedger", "ParticipantRegistry")
"""The contracts that have such functions."""

_SELECTOR, _WORD = 4, 32
_UNSIZED = re.compile(r"string|bytes(?!\d)|\[\]")

TAG = "tag"
"""The parameter that holds a tag, by itself or in ``reversal``."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How a call is read: the types of its parameters, and which of them tell it from others.

    ``tag``: where the tag stands among them, or in one of them. ``tag_at``: of one that stands by itself, its
    first byte in the calldata; else 0.
    """

    types: tuple[str, ...]
    kept: tuple[int, ...]
    beginning: bytes
    tag: tuple[int, ...] = ()
    tag_at: int = 0


def identity_of(data: bytes) -> bytes:
    """By what a call is known again: its calldata, unless some of that follows from the state.

    Args:
        data: calldata, or what this function gave for some.
    """
    form = _forms().get(data[:4])
    if form is None:
        return data
    if form.tag_at:
        # Read by itself, as an index asks for each receipt. What is cut short is no call of it.
        tag = data[form.tag_at : form.tag_at + _WORD]
        return tagged(tag) if len(tag) == _WORD else data
    from eth_abi.abi import decode
    from eth_abi.exceptions import DecodingError

    try:
        values = decode(form.types, data[4:])
    except (DecodingError, ValueError, OverflowError):
        return data  # somebody else's spelling of it, which none of ours equals
    if form.tag:
        return tagged(_at(values, form.tag))
    kept = tuple(form.types[place] for place in form.kept)
    return form.beginning + encoder(kept)([values[place] for place in form.kept])


def identity_from(name: str, kept: Sequence[object]) -> bytes:
    """By what a call of a function is known again, of which only these arguments are known.

    Args:
        name: the function's name; of the ledger, or the participant registry.
        kept: its arguments but those that follow from the state.
    """
    form = _forms()[function(contract_of(name), name).selector]
    return form.beginning + encoder(tuple(form.types[place] for place in form.kept))(kept)


def contract_of(name: str) -> ContractName:
    """Which contract has the function of which not all is known in advance."""
    found = (item for item in load("ParticipantRegistry").abi if item["type"] == "function")
    return "ParticipantRegistry" if any(item["name"] == name for item in found) else "BatchLedger"


def tagged(tag: bytes) -> bytes:
    """By what a call with this tag, 32 bytes, is known again."""
    return b"tag:" + tag


def _at(values: Any, places: tuple[int, ...]) -> bytes:
    for place in places:
        values = values[place]
    return bytes(values)


@cache
def _forms() -> Mapping[bytes, _Form]:
    """By selector, how functions are read of which not all is known in advance."""
    functions = [item for name in _READ for item in load(name).abi if item["type"] == "function"]
    selectors = {item["name"]: _selector(item) for item in functions}
    return {_selector(item): form for item in functions if (form := _form(item, selectors))}


def _form(item: Mapping[str, Any], selectors: Mapping[str, bytes]) -> _Form | None:
    inputs, name = item["inputs"], item["name"]
    types = tuple(canonical_type(parameter) for parameter in inputs)
    tag = _tag(inputs)
    if tag:
        at = _SELECTOR + _WORD * sum(map(_words, types[: tag[0]]))
        return _Form(types, (), b"", tag, at if len(tag) == 1 else 0)
    following = _FOLLOWING.get(name)
    if following is None:
        return None
    kept = tuple(place for place, it in enumerate(inputs) if it["name"] not in following)
    same = _ALIKE.get(name)
    return _Form(types, kept, selectors[same] if same else b"of:" + selectors[name])


def _words(kind: str) -> int:
    """How many words a parameter of that type takes in place: one, an offset, if it has no fixed size."""
    return 1 if _UNSIZED.search(kind) else kind.count(",") + 1


def _tag(inputs: Any) -> tuple[int, ...]:
    """Where the tag stands among parameters, or in one of them."""
    for place, parameter in enumerate(inputs):
        if parameter["name"] == TAG:
            return (place,)
        for inner, component in enumerate(parameter.get("components", ())):
            if component["name"] == TAG and not parameter["type"].endswith("]"):
                return (place, inner)
    return ()


def _selector(item: Mapping[str, Any]) -> bytes:
    return selector(item["name"], [canonical_type(parameter) for parameter in item["inputs"]])
