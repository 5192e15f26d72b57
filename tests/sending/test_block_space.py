"""Operations that a block cannot take: refused before they are signed, with how to divide them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.anvil import anvil
from tests.clients import write
from tests.rpc_networks import CHAIN_ID, ask, deployed, light
from traceledger.client.client import Client
from traceledger.errors import ExitCode, TooLargeForBlockError
from traceledger.model.patience import Patience
from traceledger.operations.file import OperationsFileError
from traceledger.refusals import Refusal

AT = "2026-05-04T08:00:00Z"
LIMIT = 3_000_000
"""The gas of a block, once the contracts are deployed."""
CHILDREN = 64
"""So many, which are as many as a split may have, are too much for a block of that limit."""
FOUNDING: list[dict[str, Any]] = [
    {"op": "define_material", "material": "ore", "name": "Ore", "substances": ["Co"]},
    {"op": "register_participant", "participant": "quarry", "name": "Quarry", "country": "ZM"},
    {"op": "register_facility", "as": "quarry", "facility": "pit", "kind": "mine", "country": "ZM"},
    {"op": "approve_origin", "facility": "quarry/pit", "material": "ore", "capacity_per_year": "9000 t"},
]
QUICK = Patience(resend=0.3, longest_resend=1.0, suspect=0.1, idle=60.0, longest_pause=0.1)

pytestmark = pytest.mark.real("anvil")


def mint(name: str) -> dict[str, Any]:
    return {
        "op": "mint",
        "as": "quarry",
        "batch": name,
        "material": "ore",
        "facility": "pit",
        "mass": "900 t",
        "substances": {"Co": "90 t"},
        "origin": "mined",
        "at": AT,
    }


def split(name: str, count: int) -> dict[str, Any]:
    children = [{"batch": f"{name}-{number}", "mass": "1 kg"} for number in range(count)]
    return {"op": "split", "as": "quarry", "batch": name, "into": children, "at": AT}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """Of a network whose blocks have little gas; a participant and a batch are there."""
    with (
        anvil(tmp_path, CHAIN_ID, gas_limit=30_000_000) as url,
        deployed(tmp_path / "net", [url], patience=QUICK) as found,
    ):
        found.submit(write(tmp_path / "founding.jsonl", [*FOUNDING, mint("A")]), create_keys=True)
        limited(url, LIMIT)
        yield found


def limited(url: str, limit: int) -> None:
    """From now on, blocks of that node have so much gas."""
    ask(url, "evm_setBlockGasLimit", hex(limit))
    ask(url, "evm_mine")


def sent(client: Client) -> int:
    return len(client.outbox())


def test_a_file_with_one_sends_nothing(client: Client, tmp_path: Path) -> None:
    before = sent(client)
    path = write(tmp_path / "split.jsonl", [mint("B"), split("A", CHILDREN), mint("C")])
    with pytest.raises(TooLargeForBlockError) as foreseen:
        client.plan(path)
    assert foreseen.value.where == f"{path}:2"
    with pytest.raises(TooLargeForBlockError) as caught:
        client.submit(path)
    error = caught.value
    assert error.exit_code is ExitCode.TOO_LARGE
    assert error.where == f"{path}:2"
    assert "3,000,000" in error.what
    assert sent(client) == before
    fits = int(error.hint.partition("some ")[2].split()[0])
    assert f"of the {CHILDREN} in 'into'" in error.hint
    assert 3 < fits < CHILDREN
    # As it says, that many fit, and nothing stands in the company's way.
    parts = [split("A", fits), mint("B"), mint("C")]
    assert client.submit(write(tmp_path / "parts.jsonl", parts)).sent == len(parts)


def test_one_by_itself(client: Client) -> None:
    before = sent(client)
    children = {f"A-{number}": "1 kg" for number in range(CHILDREN)}
    with pytest.raises(TooLargeForBlockError):
        client.split("quarry/A", children, act_as="quarry")
    assert sent(client) == before
    client.retire("quarry/A", act_as="quarry", reason="lost")


def test_one_that_needs_earlier_lines(client: Client, tmp_path: Path) -> None:
    """What stands before it runs, as where the contracts refuse; it is never signed, and blocks nobody."""
    before = sent(client)
    path = write(tmp_path / "ops.jsonl", [mint("B"), split("B", CHILDREN)])
    with pytest.raises(TooLargeForBlockError) as caught:
        client.submit(path)
    assert caught.value.where == f"{path}:2"
    assert sent(client) == before + 1
    assert not [entry for entry in client.outbox() if entry.unfinished]
    client.submit(write(tmp_path / "more.jsonl", [mint("B"), split("B", 20), mint("C")]))


def test_what_only_asks_for_more_than_it_needs_is_sent(client: Client, tmp_path: Path) -> None:
    """By the length of its calldata it could need more than twice the gas of a block."""
    path = write(tmp_path / "ops.jsonl", [split("A", 25), mint("B"), split("B", 25)])
    assert client.submit(path).sent == 3


def test_what_the_contracts_refuse_is_refused_as_ever(client: Client) -> None:
    before = sent(client)
    children = {f"A-{number}": "100 t" for number in range(20)}
    with pytest.raises(Refusal, match="more than"):
        client.split("quarry/A", children, act_as="quarry")
    assert sent(client) == before


def test_what_was_signed_elsewhere(client: Client, tmp_path: Path) -> None:
    before = sent(client)
    path = tmp_path / "signed.jsonl"
    children = {f"A-{number}": "1 kg" for number in range(CHILDREN)}
    nonce = client.next_nonce(client.signers.address_of("quarry"))
    with light(tmp_path / "net") as other, other.offline(path, {None: nonce}) as signing:
        signing.operation({"op": "split", "as": "quarry", "batch": "A", "into": children, "at": AT})
    with pytest.raises(TooLargeForBlockError):
        client.send_file(path)
    assert sent(client) == before


def test_the_limit_is_the_networks_own(client: Client) -> None:
    limited(client.network.urls[0], 2_500_000)
    with pytest.raises(TooLargeForBlockError, match="2,500,000"):
        client.split("quarry/A", {f"A-{number}": "1 kg" for number in range(CHILDREN)}, act_as="quarry")


def test_more_than_the_contracts_take_is_a_fault_of_its_line(client: Client, tmp_path: Path) -> None:
    """Whatever the network: nothing of the file is sent."""
    before = sent(client)
    path = write(tmp_path / "ops.jsonl", [mint("B"), split("B", 430)])
    with pytest.raises(OperationsFileError) as caught:
        client.submit(path)
    assert str(caught.value.faults[0]).startswith(f"{path}:2: into: 430 are more than the 64")
    assert "divide it into 7" in caught.value.faults[0].hint
    assert sent(client) == before
