"""Trust roots are read strictly, checkpoints are EIP-712, and witnesses count once each."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak

from tests.proofs.conftest import World
from tests.real_ledger import signer_of
from traceledger.chain.base import BlockRef
from traceledger.chain.rlp import encode
from traceledger.errors import InputError, VerificationError
from traceledger.proofs import checkpoint as checkpoints
from traceledger.proofs.build.export import sign_checkpoint
from traceledger.proofs.proved_headers import BlockHeader, read_header
from traceledger.proofs.records import Checkpoint
from traceledger.proofs.seals import NoSealing
from traceledger.proofs.trust import TrustRoot, Witnesses, load, loads
from traceledger.proofs.verify.finality import HeaderChain


def test_a_trust_root_reads_back_as_it_was_written(world: World) -> None:
    assert loads(world.trusted.dumps()) == world.trusted


def test_the_code_of_the_ledger_names_its_modules(world: World) -> None:
    """So its hash pins them; those who export a trust root look at their code besides."""
    with world.client() as client:
        code = client.chain.code(world.trusted.ledger.address)
    assert keccak(code) == world.trusted.ledger.code_hash
    for module in (world.trusted.handling, world.trusted.corrections):
        assert module.address in code
        assert keccak(code.replace(module.address, bytes(20))) != world.trusted.ledger.code_hash


def changed_root(world: World, *path: Any, to: Any) -> str:
    document = json.loads(world.trusted.dumps())
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return json.dumps(document)


RANGES = ("sealing", "validators")
ONE = "0x" + "11" * 20
GENESIS = keccak(b"genesis")


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("format",), "other"),
        (("version",), 1),
        (("chain_id",), 20260),
        (("chain_id",), "020260"),
        (("genesis_hash",), "0x12"),
        (("contracts", "ledger", "address"), "0x" + "AB" * 20),
        (("contracts", "ledger", "code_hash"), None),
        (("contracts", "corrections"), None),
        (("extra",), 1),
        (("sealing", "kind"), "proof-of-work"),
        (("sealing", "kind"), "none"),
        (RANGES, []),
        (RANGES, [{"first": 0, "last": None, "addresses": []}]),
        (RANGES, [{"first": 0, "last": None, "addresses": [ONE, ONE]}]),
        (RANGES, [{"first": 9, "last": 3, "addresses": [ONE]}]),
        (RANGES, [{"first": -1, "last": 3, "addresses": [ONE]}]),
        (
            RANGES,
            [
                {"first": 0, "last": None, "addresses": [ONE]},
                {"first": 5, "last": None, "addresses": [ONE]},
            ],
        ),
        (("witnesses",), {"threshold": 2, "addresses": [ONE]}),
        (("witnesses",), {"threshold": 0, "addresses": [ONE]}),
        (("pinned",), [{"number": 1.5, "hash": "0x" + "00" * 32}]),
        (("pinned",), [{"number": 0, "hash": "0x" + "00" * 32}]),
        (("pinned",), [{"number": 7, "hash": "0x" + hash_ * 32} for hash_ in ("00", "01")]),
    ],
)
def test_what_is_no_trust_root_is_refused(world: World, path: tuple[Any, ...], to: Any) -> None:
    with pytest.raises(InputError) as refused:
        loads(changed_root(world, *path, to=to))
    assert refused.value.where.startswith(path[0]), refused.value


def test_files_that_are_no_trust_roots(tmp_path: Path) -> None:
    bad = tmp_path / "root.json"
    for text in (b"", b"{}", b"[" * 100_000, b"\xff", b" " * (2**20 + 1)):
        bad.write_bytes(text)
        with pytest.raises(InputError, match=r"root\.json"):
            load(bad)
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "absent")


def test_a_checkpoint_is_eip_712() -> None:
    """eth-account makes the same hash of the same typed data."""
    number, block_hash = 12_345_678_901, keccak(b"block")
    encoded = encode_typed_data(
        {"name": "TraceLedger Checkpoint", "version": "2", "chainId": 20_261, "salt": GENESIS},
        {"Checkpoint": [{"name": "number", "type": "uint256"}, {"name": "hash", "type": "bytes32"}]},
        {"number": number, "hash": block_hash},
    )
    signable = b"\x19" + encoded.version + encoded.header + encoded.body
    assert keccak(signable) == checkpoints.digest(20_261, GENESIS, number, block_hash)


def signed(
    name: str, number: int, block_hash: bytes, chain_id: int = 20_260, genesis: bytes = GENESIS
) -> Checkpoint:
    return sign_checkpoint(signer_of(name), chain_id, genesis, BlockRef(number, block_hash, bytes(32), 0))


def believing(world: World, threshold: int, *names: str) -> TrustRoot:
    addresses = frozenset(signer_of(name).address for name in names)
    return replace(world.trusted, genesis_hash=GENESIS, witnesses=Witnesses(threshold, addresses))


def test_enough_distinct_witnesses_are_needed(world: World) -> None:
    here = keccak(b"here")
    trusted = believing(world, 2, "a", "b", "c")
    assert checkpoints.witnessed([signed("a", 5, here), signed("b", 5, here)], trusted) == {
        5: {here: {signer_of("a").address, signer_of("b").address}}
    }
    aside = [
        signed("stranger", 5, here),
        signed("b", 5, here, chain_id=1),
        signed("b", 5, here, genesis=keccak(b"another genesis")),
        replace(signed("b", 5, here), signature=bytes(65)),
        replace(signed("b", 6, here), number=5),
    ]
    only = {5: {here: {signer_of("a").address}}}
    assert checkpoints.witnessed([signed("a", 5, here), signed("a", 5, here), *aside], trusted) == only
    assert checkpoints.witnessed([signed("a", 5, here)], world.trusted) == {}


def headers_of(count: int) -> list[BlockHeader]:
    """A chain of headers that nobody sealed."""
    made: list[BlockHeader] = []
    for number in range(count):
        parent = made[-1].hash if made else bytes(32)
        fields = [parent, bytes(32), bytes(20), *[bytes(32)] * 3, bytes(256), b""]
        place = number.to_bytes(1, "big").lstrip(b"\0")
        made.append(read_header(encode([*fields, place, b"", b"", b"", b"", bytes(32), bytes(8)]), "plain"))
    return made


@pytest.mark.parametrize(
    ("notes", "final"),
    [
        ([("a", 5), ("b", 5)], 5),
        ([("a", 5), ("b", 7)], 5),
        ([("a", 5), ("b", 7), ("c", 6)], 6),
        ([("a", 5), ("a", 7)], None),
        ([("a", 5)], None),
    ],
)
def test_who_signed_a_later_block_stands_for_the_earlier_ones(
    world: World, notes: list[tuple[str, int]], final: int | None
) -> None:
    headers = headers_of(10)
    trusted = believing(world, 2, "a", "b", "c")
    signatures = [signed(name, number, headers[number].hash) for name, number in notes]
    for needed in range(10):
        chain = HeaderChain(NoSealing(), {}, checkpoints.witnessed(signatures, trusted), 2)
        for header in headers:
            chain.add(header)
            if header.number == needed:
                chain.need(needed)
        if final is not None and needed <= final:
            chain.close()
            assert (chain.finality.blocks, chain.finality.witnessed) == (final + 1, 1)
        else:
            count = len({name for name, number in notes if number >= needed})
            said = f"block {needed} is not final: .*, and {count} of the 2 witnesses needed signed it"
            with pytest.raises(VerificationError, match=said):
                chain.close()


def test_blocks_other_than_the_witnessed_or_pinned_ones_are_refused(world: World) -> None:
    headers = headers_of(3)
    trusted = believing(world, 2, "a", "b", "c")
    notes = [signed("a", 1, bytes(32)), signed("b", 1, bytes(32))]
    chain = HeaderChain(NoSealing(), {}, checkpoints.witnessed(notes, trusted), 2)
    chain.add(headers[0])
    with pytest.raises(VerificationError, match="block 1 is not the one that 2 witnesses saw"):
        chain.add(headers[1])
    pinned = HeaderChain(NoSealing(), {0: bytes(32)}, {}, 1)
    with pytest.raises(VerificationError, match="block 0 is not the one that the trust root pins"):
        pinned.add(headers[0])
    for wrong in (headers[0], replace(headers[2], parent_hash=bytes(32)), headers[1]):
        chain = HeaderChain(NoSealing(), {}, {}, 0)
        chain.add(headers[0])
        chain.add(headers[1])
        with pytest.raises(VerificationError, match=r"stands after|does not follow"):
            chain.add(wrong)


def test_a_checkpoints_file_reads_back(tmp_path: Path) -> None:
    note = signed("a", 5, keccak(b"here"))
    path = tmp_path / "note.json"
    path.write_bytes(checkpoints.write(note))
    assert checkpoints.read(path) == note
    assert checkpoints.witness_of(note, GENESIS) == signer_of("a").address
    for text in (b"", b"{}", b'{"type":"header","rlp":"0x00"}\n', checkpoints.write(note) * 2):
        path.write_bytes(text)
        with pytest.raises(InputError, match=r"note\.json"):
            checkpoints.read(path)
    with pytest.raises(InputError, match="cannot be read"):
        checkpoints.read(tmp_path / "absent")
