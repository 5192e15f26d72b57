"""The embedded chain computes what a real anvil computes for the same transactions."""

from __future__ import annotations

from typing import Any

import pytest
import rlp
from eth_utils.address import to_checksum_address

from tests.chain import support
from tests.chain.support import ALICE, BOB, deploy, signed, word, write
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.embedded.state import receipt_proof
from traceledger.network.node_questions import ask

pytestmark = pytest.mark.real("anvil")

RECEIPT_ROOT = 5
FIELDS = {
    "transactionsRoot": 4,
    "receiptsRoot": RECEIPT_ROOT,
    "logsBloom": 6,
    "gasUsed": 10,
    "sha3Uncles": 1,
    "withdrawalsRoot": 16,
}


def mine_together(url: str, raw: list[bytes]) -> dict[str, Any]:
    """Make anvil put the transactions into one block, in their order, and return it."""
    ask(url, "evm_setAutomine", False)
    for item in raw:
        ask(url, "eth_sendRawTransaction", "0x" + item.hex())
    ask(url, "evm_mine")
    found: dict[str, Any] = ask(url, "eth_getBlockByNumber", "latest", False)
    assert len(found["transactions"]) == len(raw)
    return found


def blocks(contract: bytes) -> list[list[bytes]]:
    free = {"maxFeePerGas": 0, "maxPriorityFeePerGas": 0}
    listed = [{"address": to_checksum_address(contract), "storageKeys": ["0x" + word(2).hex()]}]
    return [
        [deploy(ALICE)],
        [write(ALICE, 1, contract, 1, 10, **free), write(BOB, 0, contract, 2, 20)],
        [
            write(ALICE, 2, contract, 1, 0),
            write(ALICE, 3, contract, 2, 2**255, gasPrice=0, accessList=listed),
        ],
        [signed(BOB, 1, b"\x99" * 20, b"\x00\x01" * 3000, **free), deploy(BOB, 2)],
        [write(ALICE, 4 + i, contract, i, i + 1) for i in range(130)],
    ]


def test_roots_gas_and_proofs_agree(embedded: EmbeddedChain, anvil_url: str) -> None:
    from eth._utils.address import generate_contract_address

    contract = generate_contract_address(support.address_of(ALICE), 0)
    for number, raw in enumerate(blocks(contract), 1):
        receipts = embedded.send(raw)
        theirs = mine_together(anvil_url, raw)
        header = embedded.reader.header_rlp(number)
        assert header is not None
        ours = rlp.decode(header)
        for name, index in FIELDS.items():
            expected = theirs[name]
            if name == "gasUsed":
                assert int.from_bytes(ours[index], "big") == int(expected, 16)
            else:
                assert "0x" + ours[index].hex() == expected, name
        for receipt in receipts:
            found = ask(anvil_url, "eth_getTransactionReceipt", "0x" + receipt.transaction_hash.hex())
            assert int(found["gasUsed"], 16) == receipt.gas_used
            assert int(found["status"], 16) == 1
        for position in range(len(raw)):
            root, nodes = receipt_proof(embedded.reader.receipt_rlps(number), position)
            assert root == ours[RECEIPT_ROOT]
            assert nodes


def test_storage_of_the_contract_has_the_same_root(embedded: EmbeddedChain, anvil_url: str) -> None:
    from eth._utils.address import generate_contract_address

    contract = generate_contract_address(support.address_of(ALICE), 0)
    for raw in blocks(contract):
        embedded.send(raw)
        mine_together(anvil_url, raw)
    slots = [0, 1, 2, 129, 5000]
    ours = embedded.state.prove(contract, slots)
    theirs = ask(
        anvil_url,
        "eth_getProof",
        "0x" + contract.hex(),
        ["0x" + word(slot).hex() for slot in slots],
        "latest",
    )
    assert "0x" + ours.account.storage_root.hex() == theirs["storageHash"]
    assert "0x" + ours.account.code_hash.hex() == theirs["codeHash"]
    for mine, other in zip(ours.storage, theirs["storageProof"], strict=True):
        assert mine.value == int(other["value"], 16)
        assert ["0x" + node.hex() for node in mine.proof] == other["proof"]
