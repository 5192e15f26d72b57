"""Every error of the contracts has its exception, and every exception explains itself."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from eth_abi.abi import encode

from tests.real_ledger import NothingKnown
from traceledger.artifacts import NAMES, load
from traceledger.artifacts.calls import canonical_type, selector
from traceledger.errors import InputError
from traceledger.languages import ENGLISH, language, translatable
from traceledger.languages.phrases import Phrase, phrase
from traceledger.languages.said import lines_of
from traceledger.operations.directory import Directory
from traceledger.refusals import Refusal, UnknownRefusal, by_name
from traceledger.sending.reverts import explain, messages

INTERFACES = Path(__file__).resolve().parents[2] / "contracts" / "interfaces"
FOREIGN = {
    "AccessManagedUnauthorized",
    "AccessManagerUnauthorizedCall",
    "AccessManagerAlreadyScheduled",
    "AccessManagerNotScheduled",
    "AccessManagerNotReady",
    "AccessManagerExpired",
}
"""Errors of OpenZeppelin that our operations can meet. The others need calls that no operation makes."""


def abi_errors() -> dict[str, dict[str, Any]]:
    found = (item for name in NAMES for item in load(name).abi if item["type"] == "error")
    return {item["name"]: dict(item) for item in found}


def own_errors() -> set[str]:
    source = "".join(path.read_text() for path in INTERFACES.glob("I*.sol"))
    return set(re.findall(r"^\s*error (\w+)\(", source, re.MULTILINE))


def example_of(kind: str) -> Any:
    if kind == "address":
        return "0x" + "ab" * 20
    fixed = {"string": "some text", "bool": True, "bytes4": b"call", "bytes32": b"saq".ljust(32, b"\0")}
    return fixed.get(kind, 2)


def test_each_error_has_its_exception_and_the_other_way_round() -> None:
    assert own_errors()
    assert own_errors() <= set(abi_errors())
    assert set(by_name()) - {UnknownRefusal.__name__} == own_errors() | FOREIGN


@pytest.mark.parametrize("name", sorted(own_errors() | FOREIGN))
def test_an_error_is_explained(name: str) -> None:
    inputs = abi_errors()[name]["inputs"]
    kinds = [canonical_type(item) for item in inputs]
    values = [example_of(kind) for kind in kinds]
    refusal = explain(selector(name, kinds) + encode(kinds, values), Directory(NothingKnown()))
    assert type(refusal) is by_name()[name]
    assert refusal.arguments == dict(zip([item["name"] for item in inputs], values, strict=True))
    assert refusal.what
    assert refusal.hint
    assert "{" not in str(refusal)
    assert not str(refusal).endswith(".")


@pytest.mark.parametrize("kind", by_name().values(), ids=lambda kind: kind.__name__)
def test_templates_use_only_the_arguments_that_the_error_has(kind: type[Refusal]) -> None:
    if kind is UnknownRefusal:
        return
    known = {item["name"] for item in abi_errors()[kind.__name__]["inputs"]}
    used = {field for _, field, _, _ in Formatter().parse(kind.what_template + kind.mend) if field}
    assert used <= known
    assert kind.mend
    assert kind.what_template != Refusal.what_template
    assert kind.__doc__


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x08\xc3\x79\xa0" + encode(["string"], ["a reason"]),
        b"\x4e\x48\x7b\x71" + encode(["uint256"], [0x11]),
        bytes(4),
        selector("UnknownBatch", ["uint256"]),
        selector("InvalidSlug", ["string"]) + bytes(31),
        selector("InvalidSlug", ["string"]) + encode(["string"], ["x"])[:-32] + b"\xff" * 32,
    ],
    ids=["empty", "text", "panic", "unknown", "cut off", "cut short", "not UTF-8"],
)
def test_other_data_is_an_unknown_refusal(data: bytes) -> None:
    refusal = explain(data, Directory(NothingKnown()))
    assert type(refusal) is UnknownRefusal
    assert f"0x{data.hex()}" in str(refusal)


def test_quantities_are_shown_with_units_and_enums_by_name() -> None:
    kinds = ["uint16", "uint256", "uint256"]
    data = selector("SubstanceNotConserved", kinds) + encode(kinds, [27, 8_400_000_000, 8_400_000_001])
    assert str(explain(data, Directory(NothingKnown()))).startswith(
        "Co is not conserved: 8.4 t went in, 8.400000001 t came out or was declared lost ("
    )
    kinds = ["uint256", "uint8"]
    data = selector("BatchNotActive", kinds) + encode(kinds, [1, 2])
    assert "is in transit" in str(explain(data, Directory(NothingKnown())))


def test_a_refusal_can_be_said_in_another_language() -> None:
    kinds = ["uint256", "uint8"]
    refusal = explain(selector("BatchNotActive", kinds) + encode(kinds, [1, 2]), Directory(NothingKnown()))
    what, hint = refusal.what, refusal.hint
    assert isinstance(what, Phrase)
    assert isinstance(hint, Phrase)
    status = what.values["status"]
    assert isinstance(status, Phrase)
    assert {what.message, hint.message, status.message} <= set(messages())
    assert lines_of(refusal, ENGLISH) == refusal.lines()


def test_an_error_gathers_others_in_the_same_language() -> None:
    german = language("de")
    word = translatable("Batches")
    error = InputError(phrase(word), where="lots.jsonl", hint="as it stands")
    assert lines_of(error, german) == [f"lots.jsonl: {german.gettext(word)} (as it stands)"]
    assert german.gettext(word) != word
