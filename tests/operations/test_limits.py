"""How much an operation may list: as the contracts say."""

from __future__ import annotations

import re
from pathlib import Path

from traceledger.errors import InputError
from traceledger.operations.catalogue import parsed
from traceledger.operations.limits import MOST

LIMITS = Path(__file__).resolve().parents[2] / "contracts" / "types" / "Limits.sol"
FIELDS = {"CHILDREN": "into", "INPUTS": "inputs", "OUTPUTS": "outputs", "LOTS": "batches"}
AT = "2026-05-04T08:00:00Z"


def test_the_limits_are_those_of_the_contracts() -> None:
    found = dict(re.findall(r"constant (\w+) = (\d+);", LIMITS.read_text("utf-8")))
    assert {FIELDS[name]: int(found[name]) for name in FIELDS} == MOST


def test_one_more_is_a_fault_of_its_field() -> None:
    batches = [f"A-{number}" for number in range(65)]
    ship = {"op": "ship", "as": "quarry", "shipment": "S", "to": "works", "at": AT}
    found = parsed(ship | {"batches": batches})
    assert isinstance(found, list)
    (fault,) = found
    assert isinstance(fault, InputError)
    assert (fault.where, fault.hint) == ("batches", "divide it into 2")
    assert not isinstance(parsed(ship | {"batches": batches[:64]}), list)
