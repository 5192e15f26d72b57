"""Values that no field is meant for: each is a fault of one line that says where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from traceledger.operations.catalogue import parsed

DEFINED = {"op": "define_material", "material": "m", "name": "M"}
RETIRED = {"op": "retire", "as": "mine", "batch": "B", "reason": "sold"}
SUBMITTED = {"op": "submit_plan", "as": "mine", "finding": "argus/F", "at": 1768629600}


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (RETIRED | {"at": "0001-01-01T00:00:00+14:00"}, "at: '0001-01-01T00:00:00+14:00' is before 1970"),
        (RETIRED | {"at": "9999-12-31T23:59:59-14:00"}, "at: '9999-12-31T23:59:59-14:00' is before 1970"),
        (DEFINED | {"substances": [1_000_000]}, "substances: 1000000 is no substance"),
        (DEFINED | {"substances": [10**30]}, f"substances: {10**30} is no substance"),
        (DEFINED | {"substances": [True]}, "substances: unknown substance 'True'"),
        (DEFINED | {"substances": [-3]}, "substances: -3 is no substance"),
        (DEFINED | {"a\nb": 1}, "a\\nb: there is no such field"),
        ({"op": "x" * 5_000}, "op: there is no operation 'xxx"),
        (SUBMITTED | {"plan": "A", "corrective_action": "B"}, "plan: there is no such field"),
    ],
)
def test_what_is_said(document: dict[str, Any], told: str) -> None:
    faults = parsed(document)
    assert isinstance(faults, list)
    assert str(faults[0]).startswith(told)
    assert "\n" not in str(faults[0]) and len(str(faults[0])) < 2_000


@pytest.mark.usefixtures("deployed")
def test_a_number_in_place_of_who_acts(cli: Run, tmp_path: Path) -> None:
    line = {"op": "reject", "as": 10**30, "shipment": "a/b", "reason": "x", "at": 1768629600}
    file = tmp_path / "t.jsonl"
    file.write_text(json.dumps(line) + "\n" + json.dumps(line | {"as": ["a"]}))
    outcome = cli("submit", str(file))
    assert outcome.code == 2
    assert [f"{file}:{number}: as:" in outcome.err for number in (1, 2)] == [True, True]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("verb", ["suspend", "terminate"])
def test_whoever_is_named_must_have_the_right(verb: str, cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stops a company is not signed by the deployer in the name of somebody else."""
    monkeypatch.setenv("TRACELEDGER_AS", "katanga")
    outcome = cli("participant", verb, "kokkola", "--reason", "x", "--yes")
    assert (outcome.code, "consortium" in outcome.err) == (5, True)
    assert cli("participant", verb, "kokkola", "--reason", "x", "--as", "katanga", "--yes").code == 5
    assert '"state": "active"' in cli("participant", "show", "kokkola", "--json").out


def test_a_long_name_leaves_room_for_a_draft(tmp_path: Path) -> None:
    from traceledger.storage.files import replace

    path = tmp_path / ("ä" * 127)
    replace(path, b"whole")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [(path.name, b"whole")]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no device without end")
def test_what_may_be_a_link_to_a_device_is_not_read_without_end(cli: Run, tmp_path: Path) -> None:
    """Such a networks.toml used to fill the memory until the system ended the process."""
    (tmp_path / "endless").symlink_to("/dev/zero")
    endless = str(tmp_path / "endless")
    found = cli("--config", endless, "batch", "list")
    assert (found.code, "larger than" in found.err) == (7, True)
    found = cli("trust-root", "show", endless)
    assert (found.code, "larger than" in found.err) == (2, True)


@pytest.mark.usefixtures("deployed")
def test_numbers_of_more_digits_than_python_reads(cli: Run) -> None:
    digits = "9" * 5_000
    assert cli("node", "verify", "--head", f"{digits}:0x{'0' * 64}").code == 2
    assert cli("trust-root", "export", "--pin", digits).code == 2
    assert cli("trust-root", "export", "--pin", str(2**64)).code == 2
