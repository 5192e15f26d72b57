"""Headers of every fork and engine, rebuilt from the JSON that nodes answer."""

from __future__ import annotations

from typing import Any

import pytest
import rlp
from eth_hash.auto import keccak

from traceledger.chain.headers import HEADER_FIELDS, header_hash, header_of, header_rlp
from traceledger.chain.rpc.faults import WrongAnswerError
from traceledger.model.hexadecimal import hexed

BFT = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"
VALIDATORS = [bytes([at]) * 20 for at in range(1, 5)]
VANITY = b"v" * 32


def block(fields: int, **changes: str) -> dict[str, Any]:
    """A block with that many header fields, whose hash is right where it is that of the whole header."""
    sizes = {"miner": 20, "nonce": 8, "logsBloom": 256}
    found: dict[str, Any] = {
        name: hex(at * 1000) if is_number else hexed(bytes([at + 1]) * sizes.get(name, 32))
        for at, (name, is_number) in enumerate(HEADER_FIELDS[:fields])
    }
    found |= changes
    return found | {"hash": hexed(keccak(header_rlp(found))), "transactions": []}


def extra(round_number: int, seals: list[bytes]) -> str:
    number = rlp.encode(round_number)
    decoded = b"" if number == b"\x80" else bytes([round_number])
    return hexed(rlp.encode([VANITY, VALIDATORS, [], decoded, seals]))


@pytest.mark.parametrize("fields", [15, 16, 17, 20, 21])
@pytest.mark.parametrize("extra_data", ["0x", hexed(b"clique" * 40)])
def test_forks(fields: int, extra_data: str) -> None:
    found = header_of(block(fields, extraData=extra_data))
    assert len(rlp.decode(found.encoded)) == fields
    assert hexed(found.extra_data) == extra_data
    assert header_hash(found.encoded) == found.ref.hash


def test_absent_fields_may_be_null() -> None:
    plain = block(15)
    assert header_rlp(plain | {"baseFeePerGas": None, "requestsHash": "0x00"}) == header_rlp(plain)


def test_qbft_leaves_round_and_seals_out_of_the_hash() -> None:
    agreed = block(16, mixHash=BFT, extraData=extra(0, []))
    sealed = agreed | {"extraData": extra(3, [b"s" * 65] * 3)}
    assert header_of(agreed).ref.hash == header_of(sealed).ref.hash
    assert header_hash(header_rlp(sealed)) == header_of(agreed).ref.hash
    assert rlp.decode(rlp.decode(header_of(sealed).encoded)[12])[4] == [b"s" * 65] * 3
    others = hexed(rlp.encode([VANITY, VALIDATORS[1:], [], b"\x03", [b"s" * 65] * 3]))
    with pytest.raises(WrongAnswerError, match="does not have the block's hash"):
        header_of(sealed | {"extraData": others})


@pytest.mark.parametrize("encoded", [b"", b"\xc0", b"junk", rlp.encode([b"x"] * 15)[:-1]])
def test_no_header(encoded: bytes) -> None:
    with pytest.raises(WrongAnswerError):
        header_hash(encoded)


@pytest.mark.parametrize("changes", [{"number": "7"}, {"timestamp": None}, {"stateRoot": "0x1"}, {"hash": 5}])
def test_malformed(changes: dict[str, Any]) -> None:
    with pytest.raises(WrongAnswerError, match="a block is malformed"):
        header_of(block(21) | changes)
