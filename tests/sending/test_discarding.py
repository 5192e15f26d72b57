"""Giving up what the nodes refuse for good: only with proof, and nothing happens twice for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests import rpc_networks
from tests.clients import PASSPHRASE, write
from tests.faulty_endpoint import (
    Exchange,
    FaultyEndpoint,
    Reply,
    changed,
    dropped,
    none,
    only,
    refusing,
    stale_head,
)
from tests.rpc_networks import CHAIN_ID, anvil, ask, contracts_of, write_network
from tests.sending.test_faults_of_sending import AT, FOUNDING, OPS, added, minted
from traceledger.chain.rpc.chain import RpcChain
from traceledger.chain.rpc.transactions import Outcome
from traceledger.cli import main
from traceledger.client.client import Client
from traceledger.documents import traces
from traceledger.errors import InputError, NetworkError
from traceledger.model.patience import Patience
from traceledger.sending.dispatch import opened as dispatching
from traceledger.sending.outbox import Draft, Entry, OperationKey
from traceledger.signing.transaction import UnsignedTransaction
from traceledger.signing.transaction import sign as signed

pytestmark = pytest.mark.real("anvil")

TOO_LOW = "gas_price = 1\n"
ENOUGH = "gas_price = 3000000000\n"
REFUSED = refusing(-32000, "exceeds block gas limit")


QUICK = Patience(resend=0.2, longest_resend=0.3, suspect=0.1, refused=0.8, idle=30.0, longest_pause=0.1)
deployed = partial(rpc_networks.deployed, patience=QUICK)
light = partial(rpc_networks.light, patience=QUICK)


def again(folder: Path, urls: list[str], *, extra: str = "") -> Client:
    """A client of a network that was deployed before, whose endpoints or fees are others now."""
    write_network(folder, urls, extra=extra, contracts=contracts_of(folder))
    return light(folder)


def unfinished(client: Client) -> list[Entry]:
    return [entry for entry in client.outbox() if entry.unfinished]


@contextmanager
def stuck(folder: Path, url: str) -> Iterator[tuple[FaultyEndpoint, Client, Entry]]:
    """A network whose only endpoint does not let one operation through, which could happen twice."""
    with FaultyEndpoint(url) as endpoint, deployed(folder, [endpoint.url]) as client:
        founding = [op for op in OPS if op["op"] in FOUNDING]
        client.submit(write(folder / "ops.jsonl", [*founding, minted("katanga", "K-1")]), create_keys=True)
        endpoint.fault = only("eth_sendRawTransaction", REFUSED)
        with pytest.raises(NetworkError, match=r"exceeds block gas limit.*traceledger outbox discard 0x"):
            add(client)
        (entry,) = unfinished(client)
        yield endpoint, client, entry


def add(client: Client, amount: int = 5) -> None:
    """What the contracts would let happen twice."""
    fields = {"emissions": {"scope2": amount}, "reason": "heat", "at": AT}
    client.add_emissions("K-1", act_as="katanga", **fields)


def own_mg(client: Client) -> str:
    found: str = traces.trace(client.trace("katanga/K-1"))["co2e"]["own_mg"]
    return found


def test_a_wrong_fee_holds_nothing_back_for_ever(tmp_path: Path) -> None:
    """The fee is mended, what was refused is given up, and the same file then runs, each line once."""
    founding = [op for op in OPS if op["op"] in FOUNDING]
    path = write(tmp_path / "ops.jsonl", founding)
    with anvil(tmp_path / "anvil", base_fee=10**9) as url:
        write_network(tmp_path, [url], extra=ENOUGH)
        with light(tmp_path) as client:
            address = client.signers.create("deployer").address
            ask(url, "anvil_setBalance", "0x" + address.hex(), hex(10**20))
            client.deploy()
        with again(tmp_path, [url], extra=TOO_LOW) as client:
            for slug in {op["participant"] for op in founding if op["op"] == "register_participant"}:
                key = client.create_key(slug)
                ask(url, "anvil_setBalance", "0x" + key.address.hex(), hex(10**20))
            with pytest.raises(NetworkError, match="traceledger outbox discard"):
                client.submit(path)
        with again(tmp_path, [url], extra=ENOUGH) as client:
            refused = unfinished(client)
            assert len(refused) > 1
            with pytest.raises(NetworkError, match="refuses the transaction"):
                client.submit(path)
            found = client.discard(address, refused[0].nonce)
            assert [entry.hash for entry in found] == [entry.hash for entry in refused]
            assert {entry.state for entry in found} == {"dead"}
            takers = {entry.hash: entry.operation for entry in client.outbox() if entry.state == "final"}
            assert {takers[entry.taken_by] for entry in found if entry.taken_by} == {"discard"}
            assert all(entry.taken_by for entry in found)
            assert client.submit(path).sent == len(founding)
            assert client.submit(path).sent == 0
            assert not unfinished(client)


def test_refused_while_deploying(tmp_path: Path) -> None:
    """The deployment's addresses hang on its nonces: it is signed anew for the same ones."""
    with anvil(tmp_path / "anvil", base_fee=10**9) as url:
        write_network(tmp_path, [url], extra=TOO_LOW)
        with light(tmp_path) as client:
            address = client.signers.create("deployer").address
            ask(url, "anvil_setBalance", "0x" + address.hex(), hex(10**20))
            with pytest.raises(NetworkError, match="refuses the transaction"):
                client.deploy()
            assert {entry.taken_by for entry in client.discard(address, 0)} == {None}
            with pytest.raises(NetworkError, match="refuses the transaction"):
                client.deploy()  # nothing is mended: the very same bytes
            assert client.discard(address, 0)
        write_network(tmp_path, [url], extra=ENOUGH)
        with light(tmp_path) as client:
            client.deploy()
            assert client.resume() == []
            dead = [entry for entry in client.outbox() if entry.state == "dead"]
            assert dead
            assert all(entry.taken_by for entry in dead)


def test_what_was_given_up_is_mined_after_all(tmp_path: Path) -> None:
    """Somebody else has the bytes, and is faster: the operation has happened once, and is not repeated."""
    with anvil(tmp_path / "anvil") as url, stuck(tmp_path / "net", url) as (endpoint, client, entry):

        def faster(exchange: Exchange) -> Reply:
            ask(url, "eth_sendRawTransaction", "0x" + entry.raw.hex())
            endpoint.fault = none
            return none(exchange)

        endpoint.fault = only("eth_sendRawTransaction", faster)
        (found,) = client.discard(entry.sender, entry.nonce)
        assert (found.hash, found.state) == (entry.hash, "final")
        empty = client.outbox()[-1]
        assert (empty.operation, empty.state, empty.taken_by) == ("discard", "dead", entry.hash)
        path = write(tmp_path / "added.jsonl", [added("katanga", "K-1")])
        assert client.submit(path, exclusive_keys=True).sent == 0
        assert own_mg(client) == "5"


class Deadly(RpcChain):
    """A network in sending to which a process dies."""

    def submit_raw(self, raws: Sequence[bytes]) -> list[Outcome]:
        raise ZeroDivisionError


def test_killed_before_the_empty_one_is_sent(tmp_path: Path) -> None:
    """What was given up stays so, and the next sending voids it before anything else is signed."""
    with anvil(tmp_path / "anvil") as url, stuck(tmp_path / "net", url) as (endpoint, client, entry):
        chain = Deadly.connect(url, expected_chain_id=CHAIN_ID)
        with light(tmp_path / "net", chain=chain) as killed, pytest.raises(ZeroDivisionError):
            killed.discard(entry.sender, entry.nonce)
        endpoint.fault = none
        add(client)
        states = [(it.operation, it.state, it.nonce - entry.nonce) for it in client.outbox()[-3:]]
        assert states == [
            ("add_emissions", "dead", 0),
            ("discard", "final", 0),
            ("add_emissions", "final", 1),
        ]
        with pytest.raises(Exception, match="nonce too low"):
            ask(url, "eth_sendRawTransaction", "0x" + entry.raw.hex())
        assert own_mg(client) == "5"


def test_what_is_refused_as_well_in_its_place_is_given_up_in_turn(tmp_path: Path) -> None:
    """An account that may send nothing holds back no other; what it signs next has the same nonce."""
    with anvil(tmp_path / "anvil") as url, stuck(tmp_path / "net", url) as (endpoint, client, entry):
        with pytest.raises(NetworkError, match=f"traceledger outbox discard 0x.* {entry.nonce}"):
            client.discard(entry.sender, entry.nonce)
        (empty,) = unfinished(client)
        assert (empty.operation, empty.nonce) == ("discard", entry.nonce)
        (found,) = client.discard(entry.sender, entry.nonce)
        assert (found.hash, found.state, found.taken_by) == (empty.hash, "dead", None)
        assert client.resume() == []
        endpoint.fault = none
        add(client, 6)
        assert client.resume() == []
        *given, anew = client.outbox()[-3:]
        assert (anew.state, anew.nonce) == ("final", entry.nonce)
        assert [(it.hash, it.taken_by) for it in given] == [(it.hash, anew.hash) for it in (entry, empty)]
        assert own_mg(client) == "6"


def test_without_the_key_it_is_signed_anew_elsewhere(tmp_path: Path) -> None:
    """A machine without the key gives up what was refused; another transaction of that nonce voids it."""
    with anvil(tmp_path / "anvil") as url, stuck(tmp_path / "net", url) as (endpoint, client, entry):
        keys = client.network.keys
        keys.rename(tmp_path / "elsewhere")
        with light(tmp_path / "net") as keyless:
            (found,) = keyless.discard(entry.sender, entry.nonce)
            assert (found.state, found.taken_by) == ("dead", None)
            assert keyless.next_nonce(entry.sender) == entry.nonce
        (tmp_path / "elsewhere").rename(keys)
        endpoint.fault = none
        add(client, 6)
        assert client.resume() == []
        given, anew = client.outbox()[-2:]
        assert (anew.state, anew.nonce, given.taken_by) == ("final", entry.nonce, anew.hash)
        assert own_mg(client) == "6"


def test_it_is_only_given_up_with_proof(tmp_path: Path) -> None:
    """Every endpoint must answer, be in step, serve this chain, and have neither the bytes nor the nonce."""
    with anvil(tmp_path / "anvil") as url, stuck(tmp_path / "net", url) as (_, client, entry):
        head = client.chain.head().number
        client.close()
        sent = {"hash": "0x" + entry.hash.hex()}
        faults = {
            "cannot be reached": dropped,
            "still syncing": changed(
                lambda method, _, result: (
                    {"currentBlock": "0x1", "highestBlock": "0x9"} if method == "eth_syncing" else result
                )
            ),
            "behind": stale_head(head - 4),
            "chain id 7": changed(lambda method, _, result: "0x7" if method == "eth_chainId" else result),
            "a node has it": changed(
                lambda method, _, result: sent if method == "eth_getTransactionByHash" else result
            ),
            "its nonce is used": changed(
                lambda method, _, result: (
                    hex(entry.nonce + 1) if method == "eth_getTransactionCount" else result
                )
            ),
        }
        for says, fault in faults.items():
            with FaultyEndpoint(url) as second, again(tmp_path / "net", [url, second.url]) as doubtful:
                assert doubtful.chain.head().number == head
                second.fault = fault
                with pytest.raises(NetworkError, match=says) as refused:
                    doubtful.discard(entry.sender, entry.nonce)
                assert "given up" in refused.value.what
                assert unfinished(doubtful) == [entry], says
        with again(tmp_path / "net", [url]) as sound:
            for nonce in (entry.nonce - 1, entry.nonce + 1):
                with pytest.raises(InputError, match="no unfinished transaction"):
                    sound.discard(entry.sender, nonce)
            (found,) = sound.discard(entry.sender, entry.nonce)
            assert found.state == "dead"


def oversized(client: Client) -> tuple[Entry, Entry]:
    """What is too big for a block, and an operation after it, which the nodes take and let wait."""
    account, chain = client.signers.deployer(), client.chain
    nonce, gas = client.next_nonce(account), 10**12
    with dispatching(client.network, chain, client.signers, patience=client.patience) as dispatch:
        drafts = [
            Draft(
                account,
                at,
                sign(client, at, limit),
                OperationKey(account, account, bytes([at])),
                1,
                "x",
                "",
                None,
            )
            for at, limit in ((nonce, gas), (nonce + 1, 21_000))
        ]
        first, second = dispatch.outbox.record(drafts)
        with pytest.raises(NetworkError, match=f"outbox discard 0x{account.hex()} {nonce}"):
            dispatch.settle()
    assert chain.survey(account, [first.hash, second.hash]).known == (False, True)
    return first, second


def sign(client: Client, nonce: int, gas: int) -> bytes:
    account = client.signers.deployer()
    unsigned = UnsignedTransaction(client.chain.chain_id, nonce, gas, account, b"")
    return signed(unsigned, client.signers.unlock(account))


def test_later_ones_that_a_node_has_are_kept(tmp_path: Path) -> None:
    """They can be mined once the nonce before them is used, so they are not forgotten."""
    with anvil(tmp_path / "anvil") as url, deployed(tmp_path / "net", [url]) as client:
        first, second = oversized(client)
        (found,) = client.discard(first.sender, first.nonce)
        assert (found.hash, found.state) == (first.hash, "dead")
        assert {entry.hash: entry.state for entry in client.outbox()}[second.hash] == "final"
        assert not unfinished(client)


def test_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)
    with anvil(tmp_path / "anvil") as url, stuck(tmp_path / "net", url) as (endpoint, _, entry):
        endpoint.fault = none
        config = ["--config", str(tmp_path / "net" / "networks.toml")]
        command = [*config, "outbox", "discard", "katanga", str(entry.nonce), "--yes"]
        assert main(command) == 0
        assert "took its nonce" in capsys.readouterr().out
        assert main(command) == 2
        assert "no unfinished transaction" in capsys.readouterr().err
