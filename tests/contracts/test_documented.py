"""The tables of docs/contracts.md are those of the contracts: every slot, and every error."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from traceledger.artifacts import ContractName, load

PAGE = (ROOT / "docs" / "contracts.md").read_text("utf-8")
INTERFACES = {
    "registry": "IParticipantRegistry",
    "assurance": "IAssuranceRegistry",
    "ledger": "ILedgerRecords",
    "safeguard": "ISafeguard",
}
CONTRACTS: dict[str, ContractName] = {
    "registry": "ParticipantRegistry",
    "assurance": "AssuranceRegistry",
    "ledger": "BatchLedger",
    "safeguard": "Safeguard",
}
_OF_ACCESS_MANAGED = {"_authority", "_consumingSchedule"}


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_slot_is_told(contract: str) -> None:
    told = re.findall(rf"^\| {contract} \| (\d+) \| `(\w+)` \|", PAGE, re.MULTILINE)
    slots = load(CONTRACTS[contract]).slots
    expected = {name: slot for name, slot in slots.items() if name not in _OF_ACCESS_MANAGED}
    assert {name: int(slot) for slot, name in told} == expected


@pytest.mark.parametrize("contract", INTERFACES)
def test_every_error_is_told_as_its_interface_says(contract: str) -> None:
    told = dict(re.findall(rf"^\| {contract} \| `(\w+)` \| (.+) \|$", PAGE, re.MULTILINE))
    source = (ROOT / "contracts" / "interfaces" / f"{INTERFACES[contract]}.sol").read_text("utf-8")
    errors = {
        name: " ".join(re.sub(r"\s*///", " ", note).split())
        for note, name in re.findall(r"((?:    ///[^\n]*\n)+)    error (\w+)\(", source)
    }
    assert told.keys() == errors.keys()
    for name, why in told.items():
        assert errors[name].startswith(f"@notice {why}"), name
