"""Submitting: killed, doubled, with wrong or missing keys; what must never happen is an operation twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.clients import PASSPHRASE, check_contracts_and_index, client_of, model_of, new_client, write
from tests.reference.chains import Operation, build
from tests.sending.elsewhere import finished, kill_again_and_again, submit_elsewhere
from traceledger.chain.embedded.verify import verify
from traceledger.client.client import Client, connect
from traceledger.errors import InputError, NetworkError, SigningError
from traceledger.interop.reading import source_of
from traceledger.model.patience import Patience
from traceledger.operations.file import OperationsFileError


def sent_transactions(client: Client) -> int:
    """How many transactions the chain holds, besides the nine of the deployment."""
    head = client.chain.head().number
    return sum(len(block.transactions) for block in client.chain.blocks(1, head)) - 9


def test_killed_again_and_again_it_ends_as_undisturbed(tmp_path: Path) -> None:
    ops = build(21, operations=85).ops
    path = write(tmp_path / "ops.jsonl", ops)
    with new_client(tmp_path / "net"):
        pass
    kill_again_and_again(tmp_path / "net", path, ((1, 3), (2, 25), (2, 80), (3, 140), (4, 40)))
    sent, skipped = finished(submit_elsewhere(tmp_path / "net", path))
    assert sent + skipped == len(ops)
    assert sent
    assert skipped
    with client_of(tmp_path / "net") as client:
        assert client.submit(path, create_keys=True).sent == 0
        assert sent_transactions(client) == len(ops)
        check_contracts_and_index(client, model_of(ops))
        assert len(client.signers.names()) == len(client.index.participants()) + 1
        for _ in verify(client.network.chain_file):
            pass


def test_two_at_once_do_nothing_twice(tmp_path: Path) -> None:
    ops = build(22, operations=70).ops
    batch = next(op for op in ops if op["op"] == "mint")
    addition = {"op": "add_emissions", "as": batch["as"], "batch": batch["batch"], "reason": "heat"}
    usable = f"{batch['as']}/{batch['batch']}"
    place = ops.index(batch) + 1
    twice = [{**addition, "batch": usable, "emissions": {"scope2": 5}, "at": 1_700_000_000}] * 2
    ops = [*ops[:place], *twice, *ops[place:]]
    path = write(tmp_path / "ops.jsonl", ops)
    with new_client(tmp_path / "net"):
        pass
    processes = [submit_elsewhere(tmp_path / "net", path) for _ in range(2)]
    counts = [finished(process) for process in processes]
    assert sum(sent for sent, _ in counts) == len(ops)
    with client_of(tmp_path / "net") as client:
        assert sent_transactions(client) == len(ops)
        check_contracts_and_index(client, model_of(ops))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Operation]]:
    """A network with contracts and nothing else, and a file for it."""
    folder = tmp_path_factory.mktemp("small")
    with new_client(folder):
        pass
    return folder, build(23, operations=60).ops


def copied(small: tuple[Path, list[Operation]], tmp_path: Path) -> tuple[Path, Path]:
    """A copy of the network, and its operations file."""
    shutil.copytree(small[0], tmp_path / "net")
    return tmp_path / "net", write(tmp_path / "ops.jsonl", small[1])


def test_while_another_sends_it_waits_then_says_so(
    small: tuple[Path, list[Operation]], tmp_path: Path
) -> None:
    from filelock import FileLock

    folder, path = copied(small, tmp_path)
    hasty = client_of(folder, patience=Patience(turn=0.2))
    with hasty as client, FileLock(client.network.folder / "sending.lock"):
        head = client.chain.head()
        with pytest.raises(NetworkError, match="another process is sending"):
            client.submit(path, create_keys=True)
        with pytest.raises(NetworkError, match="another process is sending"):
            client.define_material("slag", name="Slag")
        assert client.chain.head() == head
        assert [key.stem for key in client.network.keys.iterdir()] == ["deployer"]


def test_a_wrong_passphrase_sends_nothing_and_makes_no_key(
    small: tuple[Path, list[Operation]], tmp_path: Path
) -> None:
    folder, path = copied(small, tmp_path)
    with client_of(folder, "not it") as client:
        head = client.chain.head()
        with pytest.raises(SigningError, match="wrong passphrase for key 'deployer'"):
            client.submit(path, create_keys=True)
        assert client.chain.head() == head
        assert [key.stem for key in client.network.keys.iterdir()] == ["deployer"]


def test_a_wrong_passphrase_of_a_late_line_sends_nothing(
    small: tuple[Path, list[Operation]], tmp_path: Path
) -> None:
    folder, path = copied(small, tmp_path)
    with client_of(folder) as client:
        client.create_key("oem")
    with connect(
        config=folder / "networks.toml", passphrase=lambda key: "not it" if key == "oem" else PASSPHRASE
    ) as client:
        head = client.chain.head()
        with pytest.raises(SigningError, match="wrong passphrase for key 'oem'"):
            client.submit(path, create_keys=True, block_size=1)
        assert client.chain.head() == head


def test_a_missing_key_names_the_line_and_sends_nothing(
    small: tuple[Path, list[Operation]], tmp_path: Path
) -> None:
    folder, path = copied(small, tmp_path)
    ops = small[1]
    with client_of(folder) as client:
        client.submit(write(tmp_path / "first.jsonl", ops[:50]), create_keys=True)
        head = client.chain.head()
    first = next(n for n, op in enumerate(ops, start=1) if op.get("as") == "katanga")
    (folder / ".traceledger" / "local" / "keys" / "katanga.json").unlink()
    with client_of(folder) as client:
        with pytest.raises(SigningError, match="no key of katanga") as caught:
            client.submit(path, create_keys=True)
        assert caught.value.where == f"{path}:{first}"
        assert client.chain.head() == head


def test_without_the_authoritys_key_nothing_is_sent(
    small: tuple[Path, list[Operation]], tmp_path: Path
) -> None:
    folder, path = copied(small, tmp_path)
    (folder / ".traceledger" / "local" / "authority.key").unlink()
    with client_of(folder) as client:
        head = client.chain.head()
        with pytest.raises(SigningError, match=r"authority.*cannot be read"):
            client.submit(path, create_keys=True)
        assert client.chain.head() == head


def test_a_line_that_stands_twice_runs_twice_and_once_each(tmp_path: Path) -> None:
    mine: list[Operation] = [
        {"op": "define_material", "material": "ore", "name": "Ore", "substances": ["Co"]},
        {"op": "register_participant", "participant": "mine", "name": "Mine", "country": "CD"},
        {"op": "register_facility", "as": "mine", "facility": "pit", "kind": "mine", "country": "CD"},
        {"op": "approve_origin", "facility": "mine/pit", "material": "ore", "capacity_per_year": "1 t"},
        {
            "op": "mint",
            "as": "mine",
            "batch": "L",
            "material": "ore",
            "facility": "pit",
            "mass": "1 t",
            "origin": "mined",
            "at": 1768629600,
        },
    ]
    heat = {
        "op": "add_emissions",
        "as": "mine",
        "batch": "L",
        "emissions": {"scope2": 5},
        "reason": "h",
        "at": 1768629600,
    }
    with new_client(tmp_path) as client:
        two = write(tmp_path / "two.jsonl", [*mine, heat, heat])
        with pytest.raises(OperationsFileError) as refused:
            client.submit(two, create_keys=True)
        (fault,) = refused.value.faults
        assert fault.what == f"this add emissions says the very same as {two}:6"
        assert fault.where == f"{two}:7"
        assert client.submit(source_of(two, repeats=True), create_keys=True).sent == 7
        assert client.submit(source_of(two, repeats=True), create_keys=True).sent == 0
        three = write(tmp_path / "three.jsonl", [*mine, heat, heat, heat])
        assert client.submit(source_of(three, repeats=True), create_keys=True).sent == 1
        assert client.footprint("mine/L").own_mg == 15


def test_the_largest_operations_have_enough_gas(tmp_path: Path) -> None:
    """Fifteen substances a batch, and many batches at once."""
    names = "H He Li Be B C N O F Ne Na Mg Al Si P".split()
    substances = {name: 1000 + number for number, name in enumerate(names)}
    children = [f"C{number}" for number in range(25)]
    ops: list[Operation] = [
        {"op": "define_material", "material": "all", "name": "All", "substances": names},
        {"op": "register_participant", "participant": "mine", "name": "Mine", "country": "CD"},
        {"op": "register_participant", "participant": "works", "name": "Works", "country": "CD"},
        {"op": "register_facility", "as": "works", "facility": "mill", "kind": "mill", "country": "CD"},
        {"op": "register_facility", "as": "mine", "facility": "pit", "kind": "mine", "country": "CD"},
        {"op": "approve_origin", "facility": "mine/pit", "material": "all", "capacity_per_year": "9 t"},
        {
            "op": "mint",
            "as": "mine",
            "batch": "L",
            "material": "all",
            "facility": "pit",
            "mass": 100_000,
            "substances": substances,
            "origin": "mined",
            "at": 1768629600,
        },
        {
            "op": "split",
            "as": "mine",
            "batch": "L",
            "into": [{"batch": child, "mass": 1000} for child in children],
            "at": 1768629600,
        },
        {"op": "ship", "as": "mine", "shipment": "S", "batches": children, "to": "works", "at": 1768629600},
        {
            "op": "receive",
            "as": "works",
            "shipment": "mine/S",
            "arrived": dict.fromkeys([f"mine/{child}" for child in children], 999),
            "at": 1768629600,
        },
        {
            "op": "transform",
            "as": "works",
            "transformation": "T",
            "facility": "mill",
            "process": "mixing",
            "inputs": [{"batch": f"mine/{child}", "mass": 500} for child in children],
            "outputs": [
                {"batch": f"O{number}", "material": "all", "mass": 15, "substances": dict.fromkeys(names, 1)}
                for number in range(25)
            ],
            "losses": "balance",
            "at": 1768629600,
        },
        {
            "op": "ship",
            "as": "works",
            "shipment": "S2",
            "batches": [f"mine/{child}" for child in children],
            "to": "mine",
            "at": 1768629600,
        },
        {"op": "reject", "as": "mine", "shipment": "works/S2", "at": 1768629600},
    ]
    with new_client(tmp_path) as client:
        assert client.submit(write(tmp_path / "ops.jsonl", ops), create_keys=True).sent == len(ops)


def test_a_later_act_with_the_same_content_runs(small: tuple[Path, list[Operation]], tmp_path: Path) -> None:
    """Its time tells it apart from the earlier one; without a time it counts as done."""
    folder, path = copied(small, tmp_path)
    slug = next(op["participant"] for op in small[1] if op["op"] == "register_participant")

    def act(number: int, op: str, at: str) -> Path:
        document = {"op": op, "participant": slug, "reason": "audit", "at": at}
        return write(tmp_path / f"act-{number}.jsonl", [document])

    acts = [
        act(1, "suspend_participant", "2026-03-01T00:00:00Z"),
        act(2, "reinstate_participant", "2026-04-01T00:00:00Z"),
        act(3, "suspend_participant", "2026-09-01T00:00:00Z"),
    ]
    with client_of(folder) as client:
        client.submit(path, create_keys=True)
        assert [client.submit(item).sent for item in acts] == [1, 1, 1]
        assert [client.submit(item).sent for item in acts] == [0, 0, 0]
        client.sync()
        participant = client.index.participant(slug)
        assert participant is not None
        assert participant.state.slug == "suspended"


def test_an_identifier_may_begin_with_another_participants_name(
    small: tuple[Path, list[Operation]], tmp_path: Path
) -> None:
    """Whoever is admitted later, one's own things keep their names, and a re-run finds them."""
    folder, _ = copied(small, tmp_path)
    ops: list[Operation] = [
        {"op": "define_material", "material": "rock", "name": "Rock"},
        {"op": "register_participant", "participant": "pitco", "name": "Pit", "country": "CD"},
        {"op": "register_facility", "as": "pitco", "facility": "pit", "kind": "mine", "country": "CD"},
        {"op": "approve_origin", "facility": "pitco/pit", "material": "rock", "capacity_per_year": "9 t"},
        {
            "op": "mint",
            "as": "pitco",
            "batch": "late/1",
            "material": "rock",
            "facility": "pit",
            "mass": "1 t",
            "origin": "mined",
            "at": 1768629600,
        },
        {"op": "register_participant", "participant": "late", "name": "Late", "country": "CD"},
        {"op": "retire", "as": "pitco", "batch": "late/1", "reason": "sold", "at": 1768629601},
    ]
    path = write(tmp_path / "late.jsonl", ops)
    with client_of(folder) as client:
        assert client.submit(path, create_keys=True).sent == len(ops)
        assert client.submit(path).sent == 0


def test_the_consortiums_name_is_reserved(small: tuple[Path, list[Operation]], tmp_path: Path) -> None:
    folder, _ = copied(small, tmp_path)
    ops = [{"op": "register_participant", "participant": "deployer", "name": "D", "country": "DE"}]
    with client_of(folder) as client, pytest.raises(InputError, match="consortium's own key"):
        client.submit(write(tmp_path / "ops.jsonl", ops), create_keys=True)


def test_progress_is_told_and_ends_with_all(small: tuple[Path, list[Operation]], tmp_path: Path) -> None:
    folder, path = copied(small, tmp_path)
    told: list[tuple[int, int]] = []
    with client_of(folder) as client:
        client.submit(path, create_keys=True, block_size=25, progress=lambda *now: told.append(now))
    assert told == [(25, 60), (50, 60), (60, 60)]


def test_new_keys_open_with_the_passphrase(small: tuple[Path, list[Operation]], tmp_path: Path) -> None:
    folder, path = copied(small, tmp_path)
    with client_of(folder) as client:
        client.submit(path, create_keys=True)
    with client_of(folder) as client:
        for participant in client.index.participants():
            signer = client.signers.unlock(client.signers.address_of(participant.slug))
            assert signer.address == participant.address
