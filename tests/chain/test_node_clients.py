"""The node with the clients people use: ``cast`` and web3.py."""

from __future__ import annotations

import subprocess

import pytest
from web3 import HTTPProvider, Web3
from web3.exceptions import ContractLogicError, Web3RPCError
from web3.middleware import ExtraDataToPOAMiddleware

from tests.chain import support
from tests.chain.support import ALICE, CHAIN_ID, deploy, fail, word, write
from tests.conftest import require_tool
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.node import NodeServer


@pytest.mark.real("cast")
class TestCast:
    @staticmethod
    def cast(node: NodeServer, *arguments: str, ok: bool = True) -> str:
        # The npm wrapper of cast returns 0 whatever happens, so errors are told by what it prints.
        command = [require_tool("cast"), arguments[0], "--rpc-url", node.url, *arguments[1:]]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert ("Error" not in done.stderr) == ok, done.stderr
        return (done.stdout if ok else done.stderr).strip()

    def send(self, node: NodeServer, *arguments: str, ok: bool = True) -> str:
        key = ["--private-key", "0x" + ALICE.hex()]
        return self.cast(node, "send", "--legacy", *key, *arguments, ok=ok)

    def test_deploys_writes_and_reads(self, node: NodeServer, embedded: EmbeddedChain) -> None:
        self.send(node, "--create", "0x" + support.INITCODE.hex())
        (block,) = embedded.blocks(1, 1)
        receipt = embedded.receipt(block.transactions[0].hash)
        assert receipt is not None
        assert receipt.contract is not None
        contract = "0x" + receipt.contract.hex()
        assert self.cast(node, "code", contract) == "0x" + support.RUNTIME.hex()
        told = self.send(node, contract, "0x" + (word(5) + word(55)).hex())
        assert "status               1" in told
        assert self.cast(node, "call", contract, "--data", "0x" + word(5).hex()) == "0x" + word(55).hex()
        assert int(self.cast(node, "storage", contract, "5"), 16) == 55
        assert self.cast(node, "chain-id") == str(CHAIN_ID)
        assert self.cast(node, "block-number") == "2"
        assert self.cast(node, "nonce", "0x" + support.address_of(ALICE).hex()) == "2"
        assert self.cast(node, "gas-price") == "0"
        assert "0x" + embedded.head().hash.hex() in self.cast(node, "block", "latest")
        assert self.cast(node, "logs", "--from-block", "0", "--address", contract).count("- address:") == 2
        assert self.cast(node, "receipt", "0x" + block.transactions[0].hash.hex(), "status") == "true"
        assert "0x" + support.INITCODE.hex() in self.cast(node, "tx", "0x" + block.transactions[0].hash.hex())
        assert contract in self.cast(node, "proof", contract, "5").lower()

    def test_refusals_reach_the_user(self, node: NodeServer, embedded: EmbeddedChain) -> None:
        (receipt,) = embedded.send([deploy(ALICE)])
        assert receipt.contract is not None
        contract = "0x" + receipt.contract.hex()
        assert "revert" in self.send(node, contract, "0xabcdef", ok=False)
        assert "0xabcdef" in self.send(node, contract, "0xabcdef", "--gas-limit", "100000", ok=False)
        assert embedded.head().number == 1

    def test_fees_must_be_zero(self, node: NodeServer, embedded: EmbeddedChain) -> None:
        """By itself, cast offers at least one wei; the error says how to make it offer none."""
        arguments = ["send", "--private-key", "0x" + ALICE.hex()]
        create = ["--create", "0x" + support.INITCODE.hex()]
        assert "give --legacy" in self.cast(node, *arguments, *create, ok=False)
        free = ["--gas-price", "0", "--priority-gas-price", "0"]
        self.cast(node, *arguments, *free, *create)
        assert embedded.head().number == 1

    def test_raw_transactions(self, node: NodeServer, embedded: EmbeddedChain) -> None:
        self.cast(node, "publish", "0x" + deploy(ALICE).hex())
        assert embedded.head().number == 1
        told = self.cast(node, "publish", "0x" + deploy(ALICE).hex(), ok=False)
        assert "was used already" in told


class TestWeb3:
    @pytest.fixture
    def w3(self, node: NodeServer) -> Web3:
        client = Web3(HTTPProvider(node.url))
        client.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
        return client

    def test_deploys_and_reads(self, w3: Web3, embedded: EmbeddedChain) -> None:
        assert w3.is_connected()
        assert w3.eth.chain_id == CHAIN_ID
        sent = w3.eth.send_raw_transaction(deploy(ALICE))
        receipt = w3.eth.wait_for_transaction_receipt(sent)
        contract = receipt["contractAddress"]
        assert contract is not None
        raw = write(ALICE, 1, bytes.fromhex(contract[2:]), 1, 5, maxFeePerGas=0, maxPriorityFeePerGas=0)
        receipt = w3.eth.wait_for_transaction_receipt(w3.eth.send_raw_transaction(raw))
        assert receipt["status"] == 1
        assert [log["logIndex"] for log in receipt["logs"]] == [0, 1]
        assert w3.eth.get_logs({"fromBlock": 0, "address": contract}) == receipt["logs"]
        assert w3.eth.call({"to": contract, "data": word(1)}) == word(5)
        assert w3.eth.get_storage_at(contract, 1) == word(5)
        assert bytes(w3.eth.get_code(contract)) == support.RUNTIME
        block = w3.eth.get_block("latest", full_transactions=True)
        assert bytes(block["hash"]) == embedded.head().hash
        transaction = w3.eth.get_transaction(block["transactions"][0]["hash"])
        assert transaction["type"] == 2
        assert w3.eth.gas_price == 0
        assert w3.eth.fee_history(2, "latest")["baseFeePerGas"] == [0, 0, 0]
        proof = w3.eth.get_proof(contract, [1])
        assert proof["storageProof"][0]["value"] == b"\x05"

    def test_reverts_are_contract_errors(self, w3: Web3) -> None:
        sent = w3.eth.send_raw_transaction(deploy(ALICE))
        contract = w3.eth.get_transaction_receipt(sent)["contractAddress"]
        assert contract is not None
        with pytest.raises(ContractLogicError):
            w3.eth.call({"to": contract, "data": b"\x01\x02"})
        with pytest.raises(Web3RPCError, match="0x6e6f"):
            w3.eth.send_raw_transaction(fail(ALICE, 1, bytes.fromhex(contract[2:])))
