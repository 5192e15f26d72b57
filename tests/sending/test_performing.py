"""One operation by itself: what it follows from changes meanwhile, and what it may not leave open unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import new_client, write
from tests.sending.test_proved_names import AT, SHIP, founding
from traceledger.artifacts.calls import encode
from traceledger.client.client import Client
from traceledger.errors import InputError
from traceledger.model.emissions import Emissions
from traceledger.operations.catalogue import parse_operation
from traceledger.refusals import Refusal
from traceledger.sending.proposal import Proposal
from traceledger.signing.transaction import UnsignedTransaction, sign


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with new_client(tmp_path / "net") as made:
        made.submit(write(tmp_path / "ops.jsonl", founding()), create_keys=True)
        made.sync()
        yield made


def emit(client: Client, record: str) -> None:
    """Another machine adds emissions to lot A: an event that names it."""
    signer = client.signers.unlock(client.signers.address_of("katanga"))
    lot, ledger = client.batch_id("katanga/A"), client.network.deployed().ledger
    data = encode(
        "BatchLedger", "addEmissions", lot, Emissions(scope1=1).words, record, "heat", 1768867200, []
    )
    nonce = client.chain.nonce(signer.address)
    client.chain.send([sign(UnsignedTransaction(client.chain.chain_id, nonce, 10**6, ledger, data), signer)])


RETIRE = {"op": "retire", "as": "katanga", "batch": "A", "how": "disposed", "reason": "burnt", "at": AT}


def test_what_others_changed_meanwhile_is_prepared_anew(client: Client) -> None:
    """Retiring says how many events name the batch, and another machine makes one more before it is sent."""
    client.perform(parse_operation(RETIRE), approve=lambda _: emit(client, "R"))
    client.sync()
    batch = client.index.batch(client.batch_id("katanga/A"))
    assert batch is not None
    assert batch.state.name == "RETIRED"


def test_it_is_not_signed_where_somebody_says_no(client: Client) -> None:
    seen: list[Proposal] = []

    def refuse(proposal: Proposal) -> None:
        seen.append(proposal)
        raise KeyboardInterrupt

    head = client.chain.head().number
    with pytest.raises(KeyboardInterrupt):
        client.perform(parse_operation(SHIP), approve=refuse)
    assert client.chain.head().number == head
    (item,) = seen[0].items
    assert [(party.word, party.name) for party in item.parties] == [("to", "kokkola")]
    assert item.parties[0].address == client.signers.address_of("kokkola")
    assert (item.key, item.total_mg) == ("katanga", 20 * 10**9)


def test_a_file_says_what_lots_weigh_that_it_makes_itself(client: Client, tmp_path: Path) -> None:
    seen: list[Proposal] = []
    split = {
        "op": "split",
        "as": "katanga",
        "batch": "A",
        "into": [{"batch": "A-1", "mass": "2 t"}],
        "at": AT,
    }
    lines = [split, {**SHIP, "batches": ["A-1", "B"]}]
    client.submit(write(tmp_path / "more.jsonl", lines), approve=seen.append)
    assert seen[0].counts == {"split": 1, "ship": 1}
    (item,) = seen[0].items
    assert [lot.mass_mg for lot in item.lots] == [2 * 10**9, 10 * 10**9]


def test_a_held_lot_does_not_stay_open_unsaid(client: Client) -> None:
    client.perform(parse_operation({**SHIP, "batches": ["A", "B"]}))
    client.perform(parse_operation({"op": "hold", "batch": "katanga/A", "reason": "assay", "at": AT}))
    answer = {"op": "receive", "as": "kokkola", "shipment": "katanga/S", "at": AT}
    with pytest.raises(InputError, match="katanga/A may not be received: it is held"):
        client.perform(parse_operation({**answer, "arrived": {"katanga/A": "19 t"}}))
    with pytest.raises(InputError, match="no lot is named"):
        parse_operation({**answer, "lots": {}})
    client.perform(parse_operation({**answer, "arrived": {"katanga/B": "9 t"}}))


def test_what_one_emergency_account_asks_is_listed(client: Client) -> None:
    client.perform(parse_operation({"op": "pause_ledger"}))
    client.perform(parse_operation({"op": "resume_ledger"}))
    client.sync()
    (asked,) = client.rights()["requested"]
    deployer = "0x" + client.signers.deployer().hex()
    assert (asked["request"], asked["account"], asked["requested_by"]) == ("resume", None, deployer)
    with pytest.raises(Refusal):
        client.perform(parse_operation(SHIP))
