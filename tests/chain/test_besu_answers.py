"""What a real Besu answered, and a node that answers as it does: proofs are paired by key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.chain.support import ALICE, deploy, write
from tests.faulty_endpoint import Exchange, FaultyEndpoint, Reply, changed
from tests.proofs.support import lines_of
from traceledger.chain.base import Account
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.node import NodeServer
from traceledger.chain.rpc.faults import WrongAnswerError
from traceledger.chain.rpc.proofs import prove, read_header, read_receipts
from traceledger.chain.rpc.transport import JsonRpc
from traceledger.errors import InputError, NetworkError
from traceledger.model.hexadecimal import unhexed
from traceledger.proofs.proved_headers import read_header as proved_header
from traceledger.proofs.seals import QbftSealing
from traceledger.proofs.trust import ValidatorRange, Validators

LEDGER = bytes.fromhex("9755cc45b2db90ca0adeaec1450ae3386127732d")
NOBODY = b"\x11" * 20
THIRTY = 30


class Recorded:
    """Carries the recorded answers of Besu 25.4.1, by method and parameters."""

    shown = "a recording"

    def __init__(self, folder: Path) -> None:
        text = (folder / "data" / "besu" / "besu-25.4.1-answers.json").read_text("utf-8")
        self.answers = list(json.loads(text).values())

    def exchange(self, body: bytes) -> Any:
        asked = json.loads(body)
        return [self.answer(item) for item in asked] if isinstance(asked, list) else self.answer(asked)

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        for known in self.answers:
            if (known["method"], known["params"]) == (asked["method"], asked["params"]):
                return {**known["answer"], "id": asked["id"]}
        if asked["method"] == "eth_getBlockByNumber":  # recorded with its transactions, of which it has none
            return self.answer({**asked, "params": [asked["params"][0], not asked["params"][1]]})
        if asked["method"] == "eth_getBlockReceipts" and len(asked["params"][0]) == 66:  # recorded by number
            return self.answer({**asked, "params": [hex(THIRTY)]})
        raise AssertionError(f"not recorded: {asked}")

    def close(self) -> None:
        pass


@pytest.fixture
def besu(shared: Path) -> JsonRpc:
    return JsonRpc(Recorded(shared))


def test_a_proof_of_besu_is_paired_by_key(besu: JsonRpc) -> None:
    """Asked for 5, 1, 3, 1; answered for 1, 3, 5."""
    proof = prove(besu, LEDGER, [5, 1, 3, 1], THIRTY)
    assert [slot.key for slot in proof.storage] == [5, 1, 3, 1]
    assert [bool(slot.value) for slot in proof.storage] == [False, True, False, True]
    assert proof.storage[1] == proof.storage[3]


def test_an_account_that_besu_does_not_know_is_no_proof(besu: JsonRpc) -> None:
    with pytest.raises(NetworkError, match="and gives no proof of that"):
        prove(besu, NOBODY, [], THIRTY)


def test_headers_and_receipts_of_besu(besu: JsonRpc) -> None:
    header = read_header(besu, THIRTY)
    assert header.ref.number == THIRTY
    with pytest.raises(InputError, match="there is no block 16777215"):
        read_header(besu, 0xFFFFFF)
    assert read_receipts(besu, [header]) == [[]]


@pytest.mark.parametrize(
    ("root", "file", "most"), [("root", "vin1", 4), ("root2", "vin1-after-fifth-validator", 5)]
)
def test_headers_of_besu_are_final_by_their_seals(root: str, file: str, most: int, shared: Path) -> None:
    trusted = json.loads((shared / "data" / "besu" / f"{root}.json").read_text("utf-8"))
    ranges = trusted["sealing"]["validators"]
    assert max(len(each["addresses"]) for each in ranges) == most
    validators = Validators(
        tuple(
            ValidatorRange(each["first"], each["last"], frozenset(map(unhexed, each["addresses"])))
            for each in ranges
        )
    )
    sealing = QbftSealing(validators)
    headers = [
        proved_header(unhexed(line["rlp"]), "qbft")
        for line in lines_of(shared / "data" / "besu" / f"{file}.tlproof")
        if line["type"] == "header"
    ]
    assert len(headers) >= 20
    for header in headers:
        assert sealing.shortfall(header, []) == "" or header.number == 0
    strangers = QbftSealing(
        Validators((ValidatorRange(0, None, frozenset(bytes([place]) * 20 for place in range(4))),))
    )
    assert strangers.shortfall(headers[-1], [])


def as_besu(exchange: Exchange) -> Reply:
    """The node's answers as Besu gives them: storage proofs sorted, each key once; no proof of absence."""
    asked = {item["id"]: item for item in exchange.requests}
    answers = exchange.answers()
    for answer in answers:
        if asked[answer["id"]]["method"] != "eth_getProof" or "result" not in answer:
            continue
        found = answer["result"]
        if unhexed(found["codeHash"]) == Account().code_hash and found["nonce"] == "0x0":
            del answer["result"]
            answer["error"] = {"code": -32000, "message": "Account not found"}
            continue
        slots = {int(slot["key"], 16): slot for slot in found["storageProof"]}
        found["storageProof"] = [
            {**slots[key], "key": f"0x{key:0{2 * max(1, (key.bit_length() + 7) // 8)}x}"}
            for key in sorted(slots)
        ]
    return Reply(json.dumps(answers).encode())


def test_a_node_that_answers_as_besu_proves_the_same(
    node: NodeServer, embedded: EmbeddedChain, tmp_path: Path
) -> None:
    (made,) = embedded.send([deploy(ALICE)])
    assert made.contract is not None
    embedded.send([write(ALICE, nonce, made.contract, nonce, 10 * nonce) for nonce in (1, 2, 3)])
    with FaultyEndpoint(node.url, as_besu) as endpoint:
        rpc = JsonRpc(endpoint.url)
        keys = [3, 1, 2**255, 3, 2]
        assert prove(rpc, made.contract, keys, 2) == embedded.prove(made.contract, keys, 2)
        with pytest.raises(NetworkError, match="gives no proof"):
            prove(rpc, NOBODY, [], 2)
        rpc.close()


def test_a_proof_that_lacks_a_key_is_refused(node: NodeServer, embedded: EmbeddedChain) -> None:
    (made,) = embedded.send([deploy(ALICE)])
    assert made.contract is not None

    def less(method: str, _: list[Any], result: Any) -> Any:
        return {**result, "storageProof": result["storageProof"][1:]} if method == "eth_getProof" else result

    with FaultyEndpoint(node.url, changed(less)) as endpoint:
        rpc = JsonRpc(endpoint.url)
        with pytest.raises(WrongAnswerError, match="not all slots"):
            prove(rpc, made.contract, [1, 2], 1)
        rpc.close()
