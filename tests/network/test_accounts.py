"""Who may act on the ledger of a real network: an account that nobody admitted changes nothing."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest

from tests.network.live import LiveNetwork, until
from tests.real_ledger import NothingKnown
from traceledger.artifacts.calls import encode
from traceledger.chain.base import CallRevertedError
from traceledger.client.client import connect
from traceledger.model.ids import batch_id
from traceledger.sending.reverts import explain
from traceledger.signing.keystore import LocalSigner
from traceledger.signing.transaction import UnsignedTransaction, sign

pytestmark = [pytest.mark.real("geth")]


def mined(network: LiveNetwork, key: LocalSigner, nonce: int, to: bytes, data: bytes) -> dict[str, Any]:
    """The receipt of a transaction that was handed to one node, as another knows it."""
    chain_id = network.running.manifest.chain_id
    raw = sign(UnsignedTransaction(chain_id, nonce, 1_000_000, to, data), key)
    sent = network.ask(0, "eth_sendRawTransaction", f"0x{raw.hex()}")
    found: list[dict[str, Any]] = []

    def is_there() -> bool:
        receipt = network.ask(2, "eth_getTransactionReceipt", sent)
        if receipt is not None:
            found.append(receipt)
        return bool(found)

    until(is_there, "receipt")
    return found[-1]


NO_TERMS = (False, False, 0, 0, [])
"""Neither waste nor product, no tolerance, any content."""


def test_an_unknown_account_never_passes_the_contracts(network: LiveNetwork, workspace: Path) -> None:
    with connect(config=workspace / "networks.toml", passphrase=lambda _: "only a test") as client:
        client.deploy()
        client.create_key("katanga")
        client.register_participant("katanga", name="Katanga", country="CD", roles=["producer"])
        katanga = client.signers.address_of("katanga")
        contracts = client.network.deployed()
        before = client.chain.head().number

        stranger = LocalSigner(secrets.token_bytes(32))
        me = stranger.address
        registry, ledger = contracts.registry, contracts.ledger
        calls = [
            (registry, encode("ParticipantRegistry", "addOperator", me, 0, b""), "UnknownOperator"),
            (
                registry,
                encode("ParticipantRegistry", "recoverOperator", katanga, me, 0, b""),
                "AccessManagedUnauthorized",
            ),
            (
                registry,
                encode("ParticipantRegistry", "defineMaterial", "gold", "Gold", "", [79], NO_TERMS, []),
                "AccessManagedUnauthorized",
            ),
            (
                ledger,
                encode("BatchLedger", "transferTitle", batch_id(me, "X"), me, 1_700_000_000, []),
                "UnknownOperator",
            ),
        ]
        for nonce, (to, data, refusal) in enumerate(calls):
            with pytest.raises(CallRevertedError) as refused:
                client.chain.call(to, data, sender=me)
            assert type(explain(refused.value.data, NothingKnown())).__name__ == refusal  # type: ignore[arg-type]
            receipt = mined(network, stranger, nonce, to, data)
            assert int(receipt["status"], 16) == 0
            assert receipt["logs"] == []
        logs = network.ask(
            1,
            "eth_getLogs",
            {
                "fromBlock": hex(before + 1),
                "address": [f"0x{address.hex()}" for address in (registry, ledger)],
            },
        )
        assert logs == []
