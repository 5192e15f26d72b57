"""Verification finds whatever is altered in a chain file, and says in which block."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import rlp
from eth_hash.auto import keccak

from tests.chain import support
from tests.chain.altering import alter
from tests.chain.support import ALICE, BOB, START, deploy, write
from traceledger.chain.embedded import EmbeddedChain, key_sealer
from traceledger.chain.embedded.verify import verify
from traceledger.errors import NetworkError, TraceLedgerError, VerificationError


@pytest.fixture
def filled(embedded: EmbeddedChain, chain_path: Path) -> Path:
    """A closed chain of five blocks."""
    (receipt,) = embedded.send([deploy(ALICE)], timestamp=START + 10)
    contract = receipt.contract
    assert contract is not None
    embedded.send([write(ALICE, 1, contract, 1, 2), write(BOB, 0, contract, 3, 4)])
    embedded.send([write(ALICE, 2, contract, 1, 0)])
    embedded.send([deploy(BOB, 1, maxFeePerGas=0, maxPriorityFeePerGas=0)])
    embedded.close()
    return chain_path


def test_sound_chain_passes(filled: Path) -> None:
    steps = list(verify(filled))
    assert [(step.block.number, step.head) for step in steps] == [(n, 4) for n in range(5)]


def test_chain_of_one_block_passes(embedded: EmbeddedChain, chain_path: Path) -> None:
    assert [step.block.number for step in verify(chain_path)] == [0]


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE block SET timestamp = timestamp + 1 WHERE number = 2", "block 2: its number, hash"),
        ("UPDATE block SET hash = zeroblob(32) WHERE number = 2", "block 2: its number, hash"),
        ("UPDATE block SET parent_hash = zeroblob(32) WHERE number = 3", "block 3: its number, hash"),
        ("UPDATE block SET header = zeroblob(600) WHERE number = 3", "block 3: the header cannot"),
        ("DELETE FROM block WHERE number = 2", "block 2: the block is missing"),
        ("UPDATE chain SET authority = zeroblob(20)", "block 0: it is not the first"),
        ("UPDATE chain SET chain_id = 5", "block 0: it is not the first"),
        ("DELETE FROM tx WHERE block = 2 AND position = 1", "block 2: a transaction"),
        ("UPDATE block SET bodies = zeroblob(9) WHERE number = 2", "block 2: its transactions and receipts"),
        ("UPDATE block SET bodies = raw_changed(bodies) WHERE number = 2", "block 2: it is not valid"),
        ("UPDATE block SET bodies = dropped(bodies) WHERE number = 2", "block 2: it is not valid"),
        ("UPDATE block SET bodies = receipt_changed(bodies) WHERE number = 2", "block 2: a receipt"),
        ("UPDATE block SET bodies = receipt_emptied(bodies) WHERE number = 2", "block 2: a receipt"),
        ("UPDATE tx SET sender = zeroblob(20) WHERE block = 2 AND position = 0", "block 2: a transaction"),
        ("UPDATE tx SET nonce = 99 WHERE block = 3", "block 3: a transaction"),
        ("UPDATE tx SET contract = zeroblob(20) WHERE block = 4", "block 4: a transaction"),
        ("UPDATE tx SET code_hash = zeroblob(32) WHERE block = 1", "block 1: a transaction"),
        ("UPDATE tx SET hash = zeroblob(32) WHERE block = 1", "block 1: a transaction"),
        ("INSERT INTO tx VALUES (0, 0, x'', x'', 0, NULL, NULL)", "block 0: a transaction"),
        ("INSERT INTO tx VALUES (-1, 0, x'', x'', 0, NULL, NULL)", "table tx has a row"),
        ("DELETE FROM node WHERE number = 3", "is missing"),
        ("UPDATE node SET value = zeroblob(40)", "altered"),
        ("INSERT INTO node VALUES (NULL, 0, x'00')", "is altered"),
        ("UPDATE node SET begins = begins + 1 WHERE number = 2", "is missing or altered"),
    ],
)
def test_altered_rows_are_found(filled: Path, statement: str, reason: str) -> None:
    alter(filled, statement)
    with pytest.raises(VerificationError) as caught:
        list(verify(filled))
    assert reason in str(caught.value)


def test_blocks_before_the_altered_one_are_reported(filled: Path) -> None:
    alter(filled, "UPDATE block SET bodies = receipt_changed(bodies) WHERE number = 3")
    passed = []
    with pytest.raises(VerificationError):
        for step in verify(filled):
            passed.append(step.block.number)
    assert passed == [0, 1, 2]


def _rewrite_header(path: Path, change: Callable[[list[bytes]], None], key: bytes | None) -> None:
    """Alter the newest header, keep its row consistent, and seal it with ``key`` if given."""
    connection = sqlite3.connect(path)
    number, encoded = connection.execute("SELECT number, header FROM block ORDER BY number DESC").fetchone()
    fields = rlp.decode(encoded)
    change(fields)
    if key is not None:
        bare = rlp.encode([*fields[:12], fields[12][:32], *fields[13:]])
        fields[12] = fields[12][:32] + key_sealer(key)(keccak(bare))
    encoded = rlp.encode(fields)
    connection.execute(
        "UPDATE block SET header = ?, hash = ?, parent_hash = ?, timestamp = ? WHERE number = ?",
        (encoded, keccak(encoded), fields[0], int.from_bytes(fields[11], "big"), number),
    )
    connection.commit()
    connection.close()


def _set(index: int, value: bytes) -> Callable[[list[bytes]], None]:
    def change(fields: list[bytes]) -> None:
        fields[index] = value

    return change


AUTHORITY = support.AUTHORITY_KEY


@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        pytest.param(_set(3, b"\x07" * 32), AUTHORITY, "state_root", id="state root"),
        pytest.param(_set(5, b"\x07" * 32), AUTHORITY, "receipt_root", id="receipt root"),
        pytest.param(_set(4, b"\x07" * 32), AUTHORITY, "transaction_root", id="transaction root"),
        pytest.param(_set(6, b"\x07" * 256), AUTHORITY, "bloom", id="bloom"),
        pytest.param(_set(0, b"\x07" * 32), AUTHORITY, "parent", id="parent"),
        pytest.param(_set(9, b"\x01"), AUTHORITY, "gas", id="gas limit"),
        pytest.param(_set(10, b"\x01"), AUTHORITY, "gas_used", id="gas used"),
        pytest.param(_set(15, b"\x07"), AUTHORITY, "base fee", id="base fee"),
        pytest.param(_set(11, b"\x01"), AUTHORITY, "timestamp", id="time before parent"),
        pytest.param(_set(2, b"\x07" * 20), AUTHORITY, "authority", id="coinbase"),
        pytest.param(_set(13, b"\x07" * 32), AUTHORITY, "leaves empty", id="mix hash"),
        pytest.param(_set(14, b"\x07" * 8), AUTHORITY, "Nonce", id="nonce"),
        pytest.param(_set(20, b"\x07" * 32), AUTHORITY, "requests_hash", id="requests"),
        pytest.param(lambda _: None, b"\x12" * 32, "not sealed by", id="foreign seal"),
        pytest.param(_set(12, b""), None, "extra data", id="no seal"),
        pytest.param(lambda fields: _set(12, fields[12][:32])(fields), None, "seal", id="short"),
        pytest.param(
            lambda fields: _set(12, fields[12][:32] + bytes(65))(fields), None, "seal", id="zero seal"
        ),
    ],
)
def test_authority_cannot_forge(
    filled: Path, change: Callable[[list[bytes]], None], key: bytes | None, reason: str
) -> None:
    """Not even a well-sealed header passes if it does not follow from its transactions."""
    _rewrite_header(filled, change, key)
    with pytest.raises(VerificationError) as caught:
        list(verify(filled))
    assert "block 4: it is not valid" in str(caught.value)
    assert reason in str(caught.value)


def test_malleated_seal_is_refused(filled: Path) -> None:
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

    def malleate(fields: list[bytes]) -> None:
        seal = fields[12][32:]
        high = (order - int.from_bytes(seal[32:64], "big")).to_bytes(32, "big")
        fields[12] = fields[12][:32] + seal[:32] + high + bytes([seal[64] ^ 1])

    _rewrite_header(filled, malleate, None)
    with pytest.raises(VerificationError, match="lower half"):
        list(verify(filled))


@pytest.mark.parametrize("seed", range(40))
def test_flipped_bytes_of_the_file_never_pass_unseen(filled: Path, seed: int) -> None:
    """Flip one byte anywhere that SQLite uses: verification fails, or the content is the same."""
    with sqlite3.connect(filled) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        before = list(connection.iterdump())
    connection.close()
    content = bytearray(filled.read_bytes())
    at = random.Random(seed).randrange(len(content))
    content[at] ^= 1 << (seed % 8)
    filled.write_bytes(content)
    try:
        steps = list(verify(filled))
    except (VerificationError, NetworkError) as error:
        assert str(error)
    else:
        assert len(steps) == 5
        connection = sqlite3.connect(filled)
        assert list(connection.iterdump()) == before
        connection.close()


def test_not_a_chain(tmp_path: Path) -> None:
    with pytest.raises(TraceLedgerError):
        list(verify(tmp_path / "none.db"))
