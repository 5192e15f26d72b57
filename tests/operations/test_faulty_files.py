"""Operations files with faults: each fault with its line, none twice, nothing sent and no key made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients import new_client, write
from tests.reference.chains import Operation
from traceledger.client.client import Client
from traceledger.errors import ExitCode, InputError
from traceledger.operations.file import OperationsFileError

AT = "2026-01-17T06:00:00Z"
MINT: Operation = {
    "op": "mint",
    "as": "katanga",
    "batch": "LOT-1",
    "material": "hydroxide",
    "facility": "pit",
    "mass": "24 t",
    "substances": {"Co": "8 t"},
    "origin": "mined",
    "emissions": {"scope1": "40 t", "primary": "4 t"},
    "at": AT,
}
SHIP: Operation = {
    "op": "ship",
    "as": "katanga",
    "shipment": "SEA-1",
    "batches": ["LOT-1"],
    "to": "kokkola",
    "at": AT,
}
RECEIVE: Operation = {"op": "receive", "as": "kokkola", "shipment": "katanga/SEA-1", "at": AT}
RUN: Operation = {
    "op": "transform",
    "as": "kokkola",
    "transformation": "RUN-1",
    "facility": "refinery",
    "process": "refining",
    "inputs": [{"batch": "katanga/LOT-1", "mass": "1 t"}],
    "outputs": [{"batch": "OUT-1", "material": "hydroxide", "mass": "2 t", "substances": {"Co": "100 kg"}}],
    "losses": "balance",
    "at": AT,
}
SOUND: list[Operation] = [
    {"op": "define_material", "material": "hydroxide", "name": "Cobalt hydroxide", "substances": ["Co"]},
    {"op": "register_participant", "participant": "katanga", "name": "Katanga", "country": "CD"},
    {"op": "register_participant", "participant": "kokkola", "name": "Kokkola", "country": "FI"},
    {"op": "register_facility", "as": "katanga", "facility": "pit", "kind": "mine", "country": "CD"},
    {"op": "register_facility", "as": "kokkola", "facility": "refinery", "kind": "refinery", "country": "FI"},
    {
        "op": "approve_origin",
        "facility": "katanga/pit",
        "material": "hydroxide",
        "capacity_per_year": "4000 t",
    },
    MINT,
    SHIP,
    RECEIVE,
    RUN,
    {"op": "retire", "as": "kokkola", "batch": "OUT-1", "reason": "sold", "at": AT},
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with new_client(tmp_path_factory.mktemp("network")) as client:
        yield client


def faults_of(client: Client, path: Path) -> list[tuple[int, str, str]]:
    """Line, field and text of each fault; checks that nothing has happened."""
    head, keys = client.chain.head(), sorted(client.network.keys.iterdir())
    with pytest.raises(OperationsFileError) as caught:
        client.submit(path, create_keys=True)
    assert caught.value.exit_code is ExitCode.INPUT
    assert "nothing was sent" in str(caught.value)
    assert client.chain.head() == head
    assert sorted(client.network.keys.iterdir()) == keys
    found = []
    for fault in caught.value.faults:
        assert fault.what
        place, _, field = fault.where.removeprefix(f"{path}:").partition(": ")
        found.append((int(place), field, fault.what))
    return found


def changed(**changes: Any) -> Operation:
    """The mint of line 7, with other fields; ``None`` leaves one out."""
    return {key: value for key, value in (MINT | changes).items() if value is not None}


FIELD_FAULTS: list[tuple[Operation, str, str]] = [
    (changed(mass="24 stone"), "mass", "unknown unit"),
    (changed(mass="-24 t"), "mass", "negative"),
    (changed(mass="0.0001 g"), "mass", "finer than a milligram"),
    (changed(mass=24.5), "mass", "text with a unit"),
    (changed(mass="1e20 t"), "mass", "not a mass"),
    (changed(mass=2**56), "mass", "too large"),
    (changed(substances={"Xx": "1 kg"}), "substances", "unknown substance"),
    (changed(substances={"Co": "1 kg", "cobalt": "1 kg"}), "substances", "twice"),
    (changed(substances=["Co"]), "substances", "object"),
    (changed(substances={"Co": "1 pound"}), "substances", "unknown unit"),
    (changed(origin="stolen"), "origin", "none of"),
    (changed(origin=1), "origin", "none of"),
    (changed(emissions={"scope4": "1 kg"}), "emissions", "unknown field 'scope4'"),
    (changed(emissions={"scope1": "-1 kg"}), "emissions", "negative"),
    (changed(emissions="1 kg"), "emissions", "object"),
    (changed(at="2026-01-17"), "at", "zone"),
    (changed(at="yesterday"), "at", "not a time"),
    (changed(at="1969-12-31T23:59:59Z"), "at", "before 1970"),
    (changed(at=-1), "at", "before 1970"),
    (changed(at=True), "at", "not a time"),
    (changed(at=46039), "at", "a day as spreadsheets count"),
    (changed(at=46039.25), "at", "a day as spreadsheets count"),
    (changed(at="46039,25"), "at", "a day as spreadsheets count"),
    (changed(at="1989-12-31T23:59:59Z"), "at", "before 1990"),
    (changed(at="46039", historic=True), "at", "a day as spreadsheets count"),
    (changed(at=None), "at", "missing"),
    (changed(batch=None), "batch", "missing"),
    (changed(batch=""), "batch", "not empty"),
    (changed(batch="x" * 257), "batch", "longer than 256 bytes"),
    (changed(batch="a\nb"), "batch", "control character"),
    (changed(batch=7), "batch", "text"),
    (changed(batch="\ud800"), "", "not JSON"),
    (changed(material="Hydroxide!"), "material", "not a short name"),
    (changed(evidence=[{"uri": "https://example.org"}]), "evidence", "exactly the fields"),
    (changed(evidence=[{"uri": "x", "sha256": "12"}]), "evidence", "not a SHA-256"),
    (changed(evidence={"uri": "x"}), "evidence", "list"),
    (changed(wieght=3), "wieght", "no such field"),
    (changed(op="mine"), "op", "there is no operation"),
    (changed(op=None), "op", "missing"),
    (changed(material="unobtainium"), "", "there is no material"),
    (changed(facility="quarry"), "", "there is no facility"),
    (changed(facility="katanga/quarry"), "", "there is no facility"),
    (changed(batch="kokkola/LOT-1"), "", "another participant's"),
    (changed(**{"as": "nobody"}), "", "there is no participant"),
    (changed(**{"as": None}), "as", "no participant acts"),
    (changed(**{"as": 5}), "as", ""),
]


@pytest.mark.parametrize(("operation", "field", "reason"), FIELD_FAULTS)
def test_a_fault_in_a_field(
    operation: Operation, field: str, reason: str, client: Client, tmp_path: Path
) -> None:
    """One fault is reported, at its line: later lines, which need what it would have made, are not."""
    path = write_any(tmp_path / "ops.jsonl", [*SOUND[:6], operation, *SOUND[7:]])
    found = faults_of(client, path)
    follows = [line for line, _, _ in found if line != 7]
    # Where a line does not even say what it would make, its followers cannot know.
    untold = operation.get("op") != "mint" or not isinstance(operation.get("batch"), str)
    untold = untold or operation.get("as") != "katanga" or operation["batch"] != "LOT-1"
    assert follows == [] or untold
    assert found[0][0] == 7
    assert len([line for line, _, _ in found if line == 7]) == 1
    assert found[0][1].startswith(field)
    assert reason in found[0][2]


def write_any(path: Path, ops: list[Operation]) -> Path:
    """As :func:`write`, for text that no UTF-8 can hold too."""
    path.write_text("".join(json.dumps(op) + "\n" for op in ops), "ascii")
    return path


LINE_FAULTS: list[tuple[bytes, str]] = [
    (b"{", "not JSON"),
    (b"mint", "not JSON"),
    (b'{"op":"mint",}', "not JSON"),
    (b'{"op":"retire","op":"mint"}', "given twice"),
    (b"[]", "object"),
    (b"7", "object"),
    (b"null", "object"),
    (b'"mint"', "object"),
    (b"\xff\xfe{}", "not UTF-8"),
    (b"[" * 100_000, "not JSON"),
    (b'{"op":"mint","x":' + b"9" * 5000 + b"}", ""),
    (b'{"op":"mint","x":"' + b"x" * 1_000_001 + b'"}', "longer than a megabyte"),
    (b'\xef\xbb\xbf{"op":"mint"}', "not JSON"),
]


@pytest.mark.parametrize(("text", "reason"), LINE_FAULTS, ids=[str(n) for n in range(len(LINE_FAULTS))])
def test_a_line_that_is_no_operation(text: bytes, reason: str, client: Client, tmp_path: Path) -> None:
    path = tmp_path / "ops.jsonl"
    lines = [json.dumps(op).encode() for op in SOUND]
    path.write_bytes(b"\n".join([*lines[:3], text, *lines[3:]]))
    found = faults_of(client, path)
    assert {line for line, _, _ in found} == {4}
    assert reason in found[0][2]
    assert len(found[0][2]) < 400


def test_all_faults_at_once_in_the_files_order(client: Client, tmp_path: Path) -> None:
    ops = [dict(op) for op in SOUND]
    ops[1]["country"] = "Congo"
    ops[3]["kind"] = "an open pit, with far too many words"
    ops[6] |= {"mass": "5", "at": "never", "origin": "x"}
    ops[7]["to"] = "nobody"
    ops[9]["inputs"] = []
    ops[10]["batch"] = "kokkola/OUT-2"
    path = write(tmp_path / "ops.jsonl", ops)
    lines = [line for line, _, _ in faults_of(client, path)]
    assert lines == [2, 4, 7, 7, 7, 8, 10, 11]


def test_a_list_of_faults_is_cut(client: Client, tmp_path: Path) -> None:
    path = write(tmp_path / "ops.jsonl", [{"op": "mint"}] * 30)
    with pytest.raises(OperationsFileError) as caught:
        client.submit(path)
    assert len(caught.value.faults) >= 30
    assert len(str(caught.value).splitlines()) == 22
    assert "more" in str(caught.value).splitlines()[-1]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"outputs": []}, "list is empty"),
        ({"outputs": [{**RUN["outputs"][0], "weight": 3}]}, "weight under the mass rule"),
        ({"allocation": "economic"}, "weight under the economic rule"),
        ({"outputs": [{**RUN["outputs"][0], "weight": 0}], "allocation": "economic"}, "not a weight"),
        ({"outputs": [{**RUN["outputs"][0], "weight": "3"}], "allocation": "economic"}, "not a weight"),
        ({"outputs": [{**RUN["outputs"][0], "weight": 2**64}], "allocation": "economic"}, "not a weight"),
        ({"losses": "all"}, "object"),
        ({"inputs": [{"batch": "katanga/LOT-9"}]}, "there is no batch"),
        ({"transformation": "katanga/RUN"}, "another participant's"),
        ({"process": ""}, "not empty"),
        ({"inputs": "katanga/LOT-1"}, "list"),
    ],
)
def test_a_fault_in_a_transformation(
    changes: dict[str, Any], reason: str, client: Client, tmp_path: Path
) -> None:
    path = write(tmp_path / "ops.jsonl", [*SOUND[:9], {**RUN, **changes}])
    found = faults_of(client, path)
    assert [line for line, _, _ in found] == [10]
    assert reason in found[0][2]


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ({**RECEIVE, "shipment": "katanga/SEA-2"}, "there is no shipment"),
        ({**RECEIVE, "arrived": {"katanga/LOT-2": "1 t"}}, "there is no batch"),
        ({**RECEIVE, "arrived": {"katanga/LOT-1": "1 stone"}}, "unknown unit"),
        ({"op": "cancel", "as": "kokkola", "shipment": "katanga/SEA-1", "at": AT}, "only its sender|another"),
        ({**SHIP, "shipment": "SEA-2", "batches": []}, "list is empty"),
        (
            {"op": "split", "as": "katanga", "batch": "LOT-1", "into": [], "at": AT},
            "list is empty",
        ),
    ],
)
def test_a_fault_in_a_handover(operation: Operation, reason: str, client: Client, tmp_path: Path) -> None:
    path = write(tmp_path / "ops.jsonl", [*SOUND[:8], operation])
    found = faults_of(client, path)
    assert [line for line, _, _ in found] == [9]
    assert any(part in found[0][2] for part in reason.split("|"))


def test_without_create_keys_a_missing_key_is_a_fault(client: Client, tmp_path: Path) -> None:
    path = write(tmp_path / "ops.jsonl", SOUND)
    with pytest.raises(OperationsFileError) as caught:
        client.submit(path)
    places = [fault.where.removeprefix(f"{path}:") for fault in caught.value.faults]
    assert places == ["2: address", "3: address"]


def test_files_that_cannot_be_read(client: Client, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        client.submit(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="cannot be read"):
        client.submit(tmp_path)


def test_an_empty_file_is_nothing_to_do(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "ops.jsonl"
    path.write_bytes(b"\n  \n\r\n")
    submitted = client.submit(path)
    assert (submitted.operations, submitted.sent) == (0, 0)


def test_line_ends_and_blank_lines_do_not_matter(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "ops.jsonl"
    path.write_bytes(b"\r\n\r\n".join(json.dumps(op).encode() for op in [*SOUND[:1], {"op": "mint"}]))
    assert {line for line, _, _ in faults_of(client, path)} == {3}
