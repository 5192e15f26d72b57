"""What is wrong with a batch or upstream of it stands in the first line of every answer, and in its JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ANSWERS = """trace kokkola/BLEND; trace kokkola/BLEND --tree; trace kokkola/BLEND --down;
    footprint kokkola/BLEND; batch show kokkola/BLEND; declaration show kokkola/BLEND""".split(";")
AT = "2026-04-01T00:00:00Z"
WRONG = [
    {
        "op": "register_participant",
        "participant": "argus",
        "name": "A",
        "country": "DE",
        "roles": ["auditor"],
    },
    {"op": "raise_finding", "as": "argus", "finding": "F-1", "participant": "katanga", "severity": "minor"}
    | {"category": "labour", "description": "d", "due": "2030-01-01T00:00:00Z", "at": AT},
    {"op": "suspend_participant", "participant": "lusatia", "reason": "r", "at": AT},
    {"op": "hold", "as": "kokkola", "batch": "BLEND", "reason": "assay", "at": AT},
    {"op": "hold", "as": "katanga", "batch": "KOL-1-A", "reason": "recall", "at": AT},
    {"op": "declare_error", "as": "katanga", "batch": "KOL-1-A", "reason": "incorrect_data", "at": AT},
]
FAULTS = ["tainted", "on hold", "recalled upstream", "suspended", "open finding"]


@pytest.mark.usefixtures("filled")
def test_nothing_is_wrong(cli: Run) -> None:
    for answer in map(str.split, ANSWERS):
        assert "Faulty" not in cli(*answer).out
        assert cli(*answer, "--json").document["faults"] == []


@pytest.mark.usefixtures("filled")
def test_all_that_is_wrong(cli: Run) -> None:
    Path("wrong.jsonl").write_text("".join(json.dumps(line) + "\n" for line in WRONG), "utf-8")
    head = cli("trace", "kokkola/BLEND", "--json").document["as_of"]
    outcome = cli("submit", "wrong.jsonl", "--create-keys", "--yes")
    assert outcome.code == 0, outcome.err
    for answer in map(str.split, ANSWERS):
        first = cli(*answer).out.split("\n")[0]
        assert first.startswith(f"Faulty ({', '.join(FAULTS)}): ")
        document = cli(*answer, "--json").document
        assert document["faults"] == FAULTS
        assert first.endswith(f": {'; '.join(document['wrong'])}")
    for sentence in (
        "an error is declared in katanga/KOL-1-A",
        "it is on hold",
        "its maker recalls what is upstream: katanga/KOL-1-A",
        "lusatia, whom its lineage names, is suspended",
        "minor finding argus/F-1 about katanga is open",
    ):
        assert sentence in document["wrong"]
    before = cli("trace", "kokkola/BLEND", "--as-of", str(head), "--json")
    assert before.code == 0 and before.document["faults"] == []


@pytest.mark.usefixtures("filled")
def test_untraced_material(cli: Run) -> None:
    approved = ("--origin", "untraced", "--capacity-per-year", "9 t")
    assert cli("facility", "approve-origin", "katanga/pit-4", "cobalt-hydroxide", *approved).code == 0
    minted = "batch mint OLD --material cobalt-hydroxide --facility pit-4 --mass 1t --substance Co=300kg"
    assert cli(*minted.split(), "--origin", "untraced", "--as", "katanga", "--at", AT).code == 0
    assert cli("trace", "katanga/OLD").out.startswith("Faulty (untraced): 100 % of its Co is untraced\n")
