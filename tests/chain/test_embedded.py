"""The embedded chain: creation, connecting, sealing, admission, determinism, and errors in words."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import rlp
from eth_hash.auto import keccak

from tests.chain import support
from tests.chain.support import ALICE, BOB, START, deploy, fail, signed, word, write
from traceledger.chain.base import TransactionRevertedError
from traceledger.chain.embedded import EmbeddedChain, key_sealer
from traceledger.chain.embedded.rules import vanity
from traceledger.errors import InputError, NetworkError, SigningError, VerificationError

GENESIS = "0c35ab222cf634029b06203839e89e960c83f5d290c4b96d6799cea8c48eedfa"
HEAD = "b533439e96ace088622537fd9f9c5e415c07a372296058a93015c01135748d13"
Reopen = Callable[[], EmbeddedChain]


def create(path: Path, **changes: object) -> EmbeddedChain:
    sealer = support.sealer()
    options: dict[str, object] = {
        "chain_id": support.CHAIN_ID,
        "authority": sealer.address,
        "timestamp": START,
        "sealer": sealer,
    }
    return EmbeddedChain.create(path, **(options | changes))  # type: ignore[arg-type]


def contract_on(chain: EmbeddedChain) -> bytes:
    (receipt,) = chain.send([deploy(ALICE)], timestamp=START + 10)
    assert receipt.contract is not None
    return receipt.contract


class TestCreation:
    def test_genesis_depends_on_its_three_values_alone(self, tmp_path: Path) -> None:
        first = create(tmp_path / "a.db").genesis_hash()
        assert create(tmp_path / "b.db").genesis_hash() == first
        assert create(tmp_path / "c.db", chain_id=1).genesis_hash() != first
        assert create(tmp_path / "d.db", authority=b"\x01" * 20).genesis_hash() != first
        assert create(tmp_path / "e.db", timestamp=START + 1).genesis_hash() != first

    def test_never_overwrites(self, embedded: EmbeddedChain, chain_path: Path) -> None:
        with pytest.raises(InputError, match="already a file"):
            create(chain_path)
        assert embedded.head().number == 0

    @pytest.mark.parametrize(
        "changes",
        [{"chain_id": 0}, {"chain_id": 2**63}, {"authority": b""}, {"timestamp": -1}],
        ids=str,
    )
    def test_bad_values_make_no_file(self, tmp_path: Path, changes: dict[str, object]) -> None:
        with pytest.raises(InputError):
            create(tmp_path / "chain.db", **changes)
        assert list(tmp_path.iterdir()) == []

    def test_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(NetworkError, match="cannot be written"):
            create(tmp_path / "file" / "chain.db")


class TestConnecting:
    def test_reopens_where_it_was(self, embedded: EmbeddedChain, reopen: Reopen) -> None:
        contract = contract_on(embedded)
        embedded.send([write(ALICE, 1, contract, 1, 5)])
        head = embedded.head()
        embedded.close()
        with reopen() as again:
            assert again.head() == head
            assert again.call(contract, word(1)) == word(5)
            again.send([write(ALICE, 2, contract, 1, 6)])
            assert again.head().parent_hash == head.hash

    def test_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(NetworkError, match=r"no chain file.*traceledger init"):
            EmbeddedChain.open(tmp_path / "none.db")

    def test_foreign_chain_id(self, embedded: EmbeddedChain, chain_path: Path) -> None:
        with pytest.raises(NetworkError, match="has id 4711, expected 1"):
            EmbeddedChain.open(chain_path, expected_chain_id=1)

    def test_file_that_is_no_database(self, chain_path: Path) -> None:
        chain_path.write_bytes(b"these are not the bytes of a database" * 100)
        with pytest.raises(VerificationError, match="not a database"):
            EmbeddedChain.open(chain_path)

    def test_database_of_another_program(self, chain_path: Path) -> None:
        sqlite3.connect(chain_path).execute("CREATE TABLE t (x)").connection.close()
        with pytest.raises(NetworkError, match="another program"):
            EmbeddedChain.open(chain_path)

    def test_newer_schema(self, embedded: EmbeddedChain, chain_path: Path) -> None:
        embedded.close()
        sqlite3.connect(chain_path).execute("PRAGMA user_version = 99").connection.close()
        with pytest.raises(NetworkError, match="schema version 99"):
            EmbeddedChain.open(chain_path)

    def test_truncated_file(self, embedded: EmbeddedChain, chain_path: Path) -> None:
        contract_on(embedded)
        embedded.close()
        chain_path.write_bytes(chain_path.read_bytes()[:9000])
        with pytest.raises(VerificationError, match="damaged"), EmbeddedChain.open(chain_path) as it:
            list(it.blocks(0, 1))

    def test_without_the_key_it_only_reads(self, embedded: EmbeddedChain, chain_path: Path) -> None:
        with EmbeddedChain.open(chain_path) as reading:
            assert reading.head() == embedded.head()
            with pytest.raises(SigningError, match="only be read"):
                reading.send([deploy(ALICE)])

    def test_another_key_cannot_seal(self, embedded: EmbeddedChain, chain_path: Path) -> None:
        with EmbeddedChain.open(chain_path, sealer=key_sealer(b"\x12" * 32)) as wrong:
            with pytest.raises(SigningError, match="not that of this chain's authority"):
                wrong.send([deploy(ALICE)])
            assert wrong.head().number == 0
        contract_on(embedded)

    @pytest.mark.parametrize("key", [b"", bytes(32), b"\xff" * 32, b"\x01" * 33])
    def test_sealer_refuses_what_is_no_key(self, key: bytes) -> None:
        with pytest.raises(SigningError):
            key_sealer(key)


class TestBlocks:
    def test_same_operations_give_the_same_hashes(self, tmp_path: Path) -> None:
        def run(path: Path) -> list[bytes]:
            with create(path) as chain:
                contract = contract_on(chain)
                raw = [write(ALICE, 1 + i, contract, i, i + 1) for i in range(5)]
                chain.send(raw[:2], timestamp=START + 20)
                with pytest.raises(TransactionRevertedError):
                    chain.send([raw[2], fail(BOB, 0, contract)], timestamp=START + 30)
                chain.send(raw[3:], timestamp=START + 30)
                return [block.ref.hash for block in chain.blocks(0, chain.head().number)]

        first = run(tmp_path / "a.db")
        assert len(first) == 5
        assert run(tmp_path / "b.db") == first

    def test_head_hash_is_fixed_for_ever(self, embedded: EmbeddedChain) -> None:
        """A change of these hashes would orphan every chain that exists."""
        contract = contract_on(embedded)
        embedded.send([write(ALICE, 1, contract, 1, 2)], timestamp=START + 20)
        assert embedded.genesis_hash().hex() == GENESIS
        assert embedded.head().hash.hex() == HEAD

    def test_header_is_hashed_and_sealed(self, embedded: EmbeddedChain) -> None:
        contract_on(embedded)
        header = embedded.reader.header_rlp(1)
        assert header is not None
        assert keccak(header) == embedded.head().hash
        fields = rlp.decode(header)
        extra = fields[12]
        assert len(extra) == 97
        assert extra[:32] == vanity(embedded.authority)
        stripped = keccak(rlp.encode([*fields[:12], extra[:32], *fields[13:]]))
        assert support.sealer()(stripped) == extra[32:]

    def test_time_is_as_given_but_always_moves_on(self, embedded: EmbeddedChain) -> None:
        contract = contract_on(embedded)
        assert embedded.head().timestamp == START + 10
        times = [(START + 10, START + 11), (START + 13, START + 13), (0, START + 14)]
        for nonce, (given_time, expected) in enumerate(times, 1):
            embedded.send([write(ALICE, nonce, contract, 1, 1)], timestamp=given_time)
            assert embedded.head().timestamp == expected
        before = int(time.time())
        embedded.send([write(ALICE, 4, contract, 1, 1)])
        assert before <= embedded.head().timestamp <= time.time()

    @pytest.mark.parametrize("timestamp", [-1, 2**41])
    def test_time_out_of_range(self, embedded: EmbeddedChain, timestamp: int) -> None:
        with pytest.raises(InputError, match="out of range"):
            embedded.send([deploy(ALICE)], timestamp=timestamp)

    def test_refused_alone_leaves_no_trace(self, embedded: EmbeddedChain) -> None:
        contract = contract_on(embedded)
        head = embedded.head()
        with pytest.raises(TransactionRevertedError) as caught:
            embedded.send([fail(ALICE, 1, contract)])
        assert caught.value.receipts == ()
        assert embedded.head() == head
        assert embedded.nonce(support.address_of(ALICE)) == 1

    def test_refused_takes_those_after_it_along(self, embedded: EmbeddedChain) -> None:
        contract = contract_on(embedded)
        raw = [
            write(ALICE, 1, contract, 1, 1),
            fail(BOB, 0, contract, b"stop"),
            write(ALICE, 2, contract, 1, 2),
        ]
        with pytest.raises(TransactionRevertedError) as caught:
            embedded.send(raw)
        assert (caught.value.position, caught.value.data) == (1, b"stop")
        (kept,) = caught.value.receipts
        assert kept.block == embedded.head()
        assert embedded.call(contract, word(1)) == word(1)
        embedded.send([raw[2]])
        assert embedded.call(contract, word(1)) == word(2)

    def test_failing_deployment_and_exhausted_gas_are_refused(self, embedded: EmbeddedChain) -> None:
        with pytest.raises(TransactionRevertedError):
            embedded.send([signed(ALICE, 0, None, support.FAILING_INITCODE)])
        contract = contract_on(embedded)
        with pytest.raises(TransactionRevertedError) as caught:
            embedded.send([write(ALICE, 1, contract, 1, 1, gas=25_000)])
        assert caught.value.data == b""
        assert embedded.head().number == 1

    def test_chain_survives_an_interrupted_block(self, embedded: EmbeddedChain, chain_path: Path) -> None:
        contract = contract_on(embedded)
        embedded.close()
        interrupted = iter([True, False])

        def seal(digest: bytes) -> bytes:
            if next(interrupted):
                raise KeyboardInterrupt
            return support.sealer()(digest)

        with EmbeddedChain.open(chain_path, sealer=seal) as chain:
            with pytest.raises(KeyboardInterrupt):
                chain.send([write(ALICE, 1, contract, 1, 9)])
            assert chain.call(contract, word(1)) == word(0)
            chain.send([write(ALICE, 1, contract, 1, 5)])
            assert chain.call(contract, word(1)) == word(5)


class TestState:
    def test_account_and_storage_at_each_block(self, embedded: EmbeddedChain) -> None:
        contract = contract_on(embedded)
        embedded.send([write(ALICE, 1, contract, 7, 70)])
        embedded.send([write(ALICE, 2, contract, 7, 0)])
        state = embedded.state
        alice = support.address_of(ALICE)
        assert [state.account(alice, number).nonce for number in range(4)] == [0, 1, 2, 3]
        assert [state.storage(contract, 7, number) for number in range(4)] == [0, 0, 70, 0]
        assert [state.code(contract, n) for n in range(2)] == [b"", support.RUNTIME]
        assert state.account(alice).balance == 0
        with pytest.raises(InputError, match="no block 9"):
            state.account(alice, 9)
        assert embedded.call(contract, word(7), number=2) == word(70)
        with pytest.raises(InputError, match="no block 9"):
            embedded.call(contract, word(7), number=9)

    def test_estimated_gas_suffices(self, embedded: EmbeddedChain) -> None:
        alice = support.address_of(ALICE)
        gas = embedded.estimate_gas(None, support.INITCODE, sender=alice)
        (receipt,) = embedded.send([deploy(ALICE, gas=gas)])
        assert receipt.gas_used <= gas <= receipt.gas_used * 64 // 63 + 1000

    @pytest.mark.parametrize(
        ("damage", "says"),
        [("UPDATE node SET value = zeroblob(length(value))", "altered"), ("DELETE FROM node", "lacks")],
    )
    def test_a_damaged_node_is_noticed_when_read(
        self, embedded: EmbeddedChain, chain_path: Path, reopen: Reopen, damage: str, says: str
    ) -> None:
        contract = contract_on(embedded)
        embedded.close()
        raw = sqlite3.connect(chain_path)
        raw.execute(damage)
        raw.commit()
        raw.close()
        with reopen() as chain:
            for act in (
                lambda: chain.call(contract, word(1)),
                lambda: chain.send([write(ALICE, 1, contract, 1, 1)]),
                lambda: chain.state.account(contract),
            ):
                with pytest.raises(VerificationError, match=says):
                    act()
