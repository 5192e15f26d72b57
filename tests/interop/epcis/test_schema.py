"""Our own schema of EPCIS 2.0 decides as GS1's does."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft7Validator

from tests.interop.epcis.damage import damaged
from traceledger.interop.epcis.schema import whole

DAMAGED = 6_000


def _official(shared: Path) -> Draft7Validator:
    schema = json.loads((shared / "data" / "schemas" / "epcis" / "epcis-json-schema.json").read_text())
    return Draft7Validator(schema, validate_formats=True)


def _documents(shared: Path) -> list[Any]:
    folder = shared / "data" / "epcis"
    found = [path for path in sorted(folder.rglob("*.json*")) if "contexts" not in path.parts]
    return [json.loads(path.read_text("utf-8")) for path in found]


def test_on_every_document_at_hand(shared: Path) -> None:
    """Valid and invalid ones, documents to capture, answers to queries, single events."""
    official, ours = _official(shared), Draft7Validator(whole(), validate_formats=True)
    told = [(official.is_valid(each), ours.is_valid(each)) for each in _documents(shared)]
    assert all(theirs == mine for theirs, mine in told)
    assert 10 < sum(theirs for theirs, _ in told) < len(told)


def test_on_thousands_of_damaged_ones(shared: Path) -> None:
    """Some of which are valid all the same."""
    official, ours = _official(shared), Draft7Validator(whole(), validate_formats=True)
    chance, documents = random.Random(20260722), _documents(shared)
    valid = 0
    for _ in range(DAMAGED):
        one = damaged(chance.choice(documents), chance)
        valid += (mine := ours.is_valid(one))
        assert official.is_valid(one) == mine, json.dumps(one)
    assert DAMAGED / 10 < valid < DAMAGED / 2
