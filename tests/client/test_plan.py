"""What submitting would do is found out without doing it: nothing is sent, and nothing is written."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.client.test_threads import AT, FOUNDING, minted
from tests.clients import PASSPHRASE, client_of, new_client, write
from tests.reference.chains import Operation, build
from tests.rpc_networks import anvil, deployed
from traceledger.cli import main
from traceledger.client.client import Client
from traceledger.errors import ExitCode, SigningError
from traceledger.operations.catalogue import parse_operation
from traceledger.operations.file import OperationsFileError
from traceledger.refusals import BatchNotActive, CapacityExceeded

RETIRE: Operation = {"op": "retire", "as": "mine", "batch": "B-0", "reason": "lost", "at": AT}
AGAIN: Operation = RETIRE | {"reason": "sold"}
"""A second time; the very same line twice would be taken for a slip before any rule is asked."""
PRIVATE: Operation = minted(5) | {"private": True}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network with contracts, and nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    with new_client(folder / "net") as client:
        client.sync()
    return folder / "net"


@pytest.fixture
def folder(empty: Path, tmp_path: Path) -> Path:
    shutil.copytree(empty, tmp_path / "net")
    return tmp_path / "net"


@pytest.fixture
def client(folder: Path) -> Iterator[Client]:
    with client_of(folder) as found:
        yield found


def content(folder: Path) -> dict[str, str]:
    """Every file below a folder, by the hash of its content.

    But for the note of how the index file was left: its times, which reading can change too.
    """
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".seen")
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def outcomes(client: Client, operations: list[Operation]) -> list[str]:
    return [it.outcome for it in client.plan(operations, create_keys=True).operations]


def test_later_lines_build_upon_earlier_ones(client: Client) -> None:
    plan = client.plan([*FOUNDING, minted(0), RETIRE, AGAIN], create_keys=True)
    assert [it.outcome for it in plan.operations] == [*["accepted"] * 6, "refused"]
    (refused,) = plan.refused
    assert isinstance(refused.refusal, BatchNotActive)
    assert refused.refusal.where == "operation 7"
    assert refused.refusal.hint
    minting = plan.operations[4]
    assert (minting.number, minting.operation, minting.act_as) == (5, "mint", "mine")
    assert minting.effect.summary.startswith("mine mints 1 t")
    assert minting.effect.details["batch"] == "mine/B-0"
    assert (minting.key, minting.key_exists) == ("mine", False)
    assert (plan.operations[0].key, plan.operations[0].key_exists) == ("deployer", True)


def test_what_needs_a_refused_line_is_not_asked(client: Client) -> None:
    """Nor what needs that in turn; what needs none of them is."""
    heavy = minted(0) | {"mass": "901 t"}
    plan = client.plan([*FOUNDING, heavy, RETIRE, minted(1)], create_keys=True)
    assert [it.outcome for it in plan.operations[4:]] == ["refused", "unasked", "accepted"]
    assert isinstance(plan.operations[4].refusal, CapacityExceeded)
    assert plan.operations[5].waits_for == 5


def test_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    """No key, salt, block, lock or outbox: with the index up to date, every file stays as it was."""
    before = content(folder)
    with client_of(folder) as client:
        plan = client.plan([*FOUNDING, minted(0), PRIVATE, RETIRE, AGAIN], create_keys=True)
        assert plan.count("accepted") == 7
        assert plan.count("refused") == 1
    assert content(folder) == before


def test_nor_where_a_plan_has_faults(folder: Path) -> None:
    before = content(folder)
    with client_of(folder) as client, pytest.raises(OperationsFileError) as faulty:
        client.plan([*FOUNDING, {"op": "mint"}, RETIRE], create_keys=True)
    assert faulty.value.exit_code is ExitCode.INPUT
    assert all("operation 5" in str(fault) or "operation 6" in str(fault) for fault in faulty.value.faults)
    assert content(folder) == before


def test_a_missing_key_is_said(client: Client) -> None:
    with pytest.raises(OperationsFileError, match="no key here and no address"):
        client.plan(FOUNDING)


def test_what_has_run_is_known(client: Client, tmp_path: Path) -> None:
    path = write(tmp_path / "ops.jsonl", [*FOUNDING, minted(0), PRIVATE])
    client.submit(path, create_keys=True)
    assert outcomes(client, [*FOUNDING, minted(0), PRIVATE]) == ["recorded"] * 6
    assert client.plan(path).count("recorded") == 6
    values = [parse_operation(minted(0)), parse_operation(minted(1))]
    assert [it.outcome for it in client.plan(values).operations] == ["recorded", "accepted"]
    (client.network.keys / "mine.json").unlink()
    with client_of(client.network.source.parent) as keyless, pytest.raises(SigningError, match="operation 1"):
        keyless.plan([minted(1)])


def test_submitting_does_what_was_planned(client: Client, tmp_path: Path) -> None:
    path = write(tmp_path / "ops.jsonl", [*FOUNDING, minted(0), RETIRE, minted(2)])
    assert client.plan(path, create_keys=True).count("accepted") == 7
    assert client.submit(path, create_keys=True).sent == 7
    assert client.plan(path).count("recorded") == 7


@pytest.mark.parametrize("seed", [3, 8] if settings().max_examples >= 1000 else [8])
def test_a_random_supply_chain_would_be_accepted_as_it_is(client: Client, seed: int, tmp_path: Path) -> None:
    """Operations of every kind, each on what those before it left: as the model says, none is refused."""
    path = write(tmp_path / "ops.jsonl", build(seed, operations=90).ops)
    plan = client.plan(path, create_keys=True)
    assert [str(it.refusal) for it in plan.refused] == []
    assert plan.count("accepted") == 90
    assert client.submit(path, create_keys=True).sent == 90
    assert client.plan(path).count("recorded") == 90


@pytest.mark.real("anvil")
def test_a_network_is_asked_about_what_depends_on_nothing_pending(tmp_path: Path) -> None:
    with anvil(tmp_path / "anvil") as url, deployed(tmp_path / "net", [url]) as client:
        client.submit(write(tmp_path / "ops.jsonl", [*FOUNDING, minted(0)]), create_keys=True)
        before = content(tmp_path / "net")
        heavy = minted(2) | {"mass": "901 t"}
        plan = client.plan([minted(0), minted(1), heavy, RETIRE, AGAIN])
        found = [(it.outcome, it.waits_for) for it in plan.operations]
        assert found[0] == ("recorded", None)
        assert found[3:] == [("accepted", None), ("unasked", 4)]
        assert found[1] == ("accepted", None)
        assert found[2] == ("refused", None)
        changed = {name for name, digest in content(tmp_path / "net").items() if before.get(name) != digest}
        assert all("index" in name for name in changed)


def test_the_command(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sound = write(tmp_path / "sound.jsonl", [*FOUNDING, minted(0)])
    heavy = write(tmp_path / "heavy.jsonl", [*FOUNDING, minted(0) | {"mass": "901 t"}, RETIRE])
    refused = write(tmp_path / "refused.jsonl", [*FOUNDING, minted(0), RETIRE, AGAIN])
    faulty = write(tmp_path / "faulty.jsonl", [{"op": "mint"}])
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    before = content(folder)
    options = ["--config", str(folder / "networks.toml"), "--passphrase-file", str(secret)]

    def check(path: Path, *more: str) -> tuple[int, str, str]:
        code = main([*options, *more, "submit", "--check", "--create-keys", str(path)])
        return code, *capsys.readouterr()

    code, out, _ = check(sound)
    assert code == ExitCode.OK
    assert "mine mints 1 t" in out
    assert "mine (to be made)" in out
    assert "nothing was sent" in out
    code, out, err = check(refused)
    assert code == ExitCode.REFUSED
    assert "refused, BatchNotActive: " in out
    assert f"{refused}:7" in err
    assert check(faulty)[0] == ExitCode.INPUT
    assert "not asked: it needs line 5, which would be refused" in check(heavy)[1]
    code, out, _ = check(refused, "--json")
    document = json.loads(out)
    assert code == ExitCode.REFUSED
    assert document["counts"] == {"recorded": 0, "accepted": 6, "refused": 1, "unasked": 0}
    last = document["operations"][-1]
    assert (last["line"], last["refusal"]["error"]) == (7, "BatchNotActive")
    assert document["operations"][4]["account"] is None
    assert document["operations"][1]["details"].get("address") is None
    assert content(folder) == before
