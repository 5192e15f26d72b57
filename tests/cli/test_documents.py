"""The JSON of what is shown keeps its fields, their order and the kinds of their values.

``documents.json`` has, by command, the shape of what it prints in the filled workspace. Where a document is
meant to change, print the new shapes with pytest's -s, and check the difference.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

SHAPES = json.loads(Path(__file__).with_name("documents.json").read_text("utf-8"))
SPAN = "--as-of=2027-01-01T00:00:00Z"
COMMANDS = f"""batch show kokkola/BLEND; batch list; trace kokkola/BLEND; trace kokkola/BLEND --tree;
    trace katanga/KOL-1 --down; trace katanga/KOL-1 --down --tree; footprint kokkola/BLEND;
    declaration show kokkola/BLEND; participant list; participant show kokkola; facility list; material list;
    finding list; assurance list; assurance list --documents; assurance requirement show;
    audit --all {SPAN};
    emissions report --year 2026; index status; outbox list; key list; network list; network show;
    node status;
    contract show; trust-root export -o root.json; proof export kokkola/BLEND -o blend.proof;
    proof verify blend.proof kokkola/BLEND --trust-root root.json; disclosure list"""


def shape(value: Any) -> Any:
    """What stays of a value from chain to chain: fields in order, and kinds of values."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [json.loads(each) for each in dict.fromkeys(json.dumps(shape(each)) for each in value)]
    if isinstance(value, str):
        kinds = {"hex": "0x[0-9a-f]*", "amount": "[0-9]+", "time": r"\d{4}-\d\d-\d\dT[\d:]{8}Z"}
        return next((kind for kind, form in kinds.items() if re.fullmatch(form, value)), "text")
    return type(value).__name__


@pytest.mark.usefixtures("filled")
def test_the_shapes_of_documents(cli: Run) -> None:
    found = {}
    for command in (each.split() for each in COMMANDS.split(";")):
        outcome = cli(*command, "--json")
        assert outcome.code in (0, 4), outcome.err
        found[" ".join(command)] = shape(outcome.document)
    print(json.dumps(found, indent=1))
    assert json.dumps(found) == json.dumps(SHAPES)
