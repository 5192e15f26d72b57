"""Seals and header hashes, against blocks and vectors that other implementations made.

- Besu: block 7528 of a QBFT network of four, round 1, and the hash its validators committed to, from the
  tests of datachainlab/besu-qbft-elc (``elc/src/header.rs``).
- Besu and GoQuorum: the encodings of QBFT's extra data in Consensys/qbft-tests
  (``BftExtraDataRLPTests/bft_extra_data.json``), Besu's ``QbftExtraDataCodecTest`` and GoQuorum's
  ``TestPrepareExtra``.
- Consensys/qbft-tests, ``BftBlockHeaderHashTests``: an early draft that left out what later became zero and
  empty; its committers are those of any version.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from coincurve import PrivateKey
from eth_hash.auto import keccak

from traceledger.chain.rlp import encode
from traceledger.errors import InputError
from traceledger.proofs.proved_headers import QbftExtra, qbft_extra, read_header
from traceledger.proofs.seals import AuthoritySealing, CliqueSealing, QbftSealing, quorum
from traceledger.proofs.signatures import signer_of
from traceledger.proofs.trust import ValidatorRange, Validators

EMPTY_ROOT = "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
DIGEST = "63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"
MEMBERS = [
    "647bfdd19655e51e69d35454ff3a92f8828e6302",
    "a5c8416b9d13417b45b45ada76408f39d1e504ef",
    "b92e91f4dcc9d28503be521afa2a8fbf3c1acf60",
    "ee3353e587cfa91625a1adaef308a726de3803d3",
]
SEALS = [
    "bc7633fd65570f610a595086e9a34e5bf6aacfb67b8f8cd01852e6b285147f046a50577b49378b86723ac9b456ef59ef7ab57cda"
    "7139d807f10f58e8cb10c67600",
    "ad1defc2b0b4a48158cff24778bb5ba4d9f373c171022ab0a42e37bdb0d4025718434d303a8d94df56ef9ad5219be9f27b2f6717"
    "9a7fb82d3323dde29546f9f701",
    "e233d3670dd97c715f72b440eeb1ccb1e22c8c23f6ab470c46c99c2d0ee6509f0341a42e0e4569782557e93c3815e8ca42940435"
    "95f69a90f73f135de8ecf41e00",
]
COMMITTED = "75ea184f58cd3f0ef89032a069df01f07ec524ef3a85cf6d3e424d62130c0a32"


def besu_block(seals: list[str]) -> bytes:
    """Block 7528, with some of its seals."""
    vanity = bytes(32)
    extra = QbftExtra(vanity, tuple(map(bytes.fromhex, MEMBERS)), [], b"\x01", ())
    data = extra.encode(round_=b"\x01", seals=tuple(map(bytes.fromhex, seals)))
    head = [
        "0af93e70b1c6d3974a88a42eb70bb61adbd523bfac0c83027ba4637c52746a0f",
        "1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
        MEMBERS[3],
        "166ed98eea93ab2b6f6b1a425526994adc2d675bf9a0d77d600ed1e02d8f77df",
        EMPTY_ROOT,
        EMPTY_ROOT,
        "00" * 256,
        "01",
        "1d68",
        "47b760",
        "",
        "6640618b",
    ]
    return encode([*map(bytes.fromhex, head), data, bytes.fromhex(DIGEST), bytes(8)])


def validators(*addresses: str | bytes, first: int = 0, last: int | None = None) -> Validators:
    made = frozenset(bytes.fromhex(each) if isinstance(each, str) else each for each in addresses)
    return Validators((ValidatorRange(first, last, made),))


def test_a_block_of_besu_has_its_length_and_committed_hash() -> None:
    data = besu_block(SEALS)
    assert data[:3].hex() == "f9033f"
    assert keccak(besu_block([])).hex() == COMMITTED
    assert {signer_of(bytes.fromhex(COMMITTED), bytes.fromhex(seal)) for seal in SEALS} < {
        bytes.fromhex(each) for each in MEMBERS
    }


def test_a_block_of_besu_is_final_with_three_of_four() -> None:
    header = read_header(besu_block(SEALS), "qbft")
    assert header.number == 7528
    assert QbftSealing(validators(*MEMBERS)).shortfall(header, []) == ""


@pytest.mark.parametrize("place", range(3))
def test_two_of_four_are_not_enough(place: int) -> None:
    seals = [seal for number, seal in enumerate(SEALS) if number != place]
    for some in (seals, [*seals, seals[0]], [*seals, "00" * 65], [*seals, ""]):
        header = read_header(besu_block(some), "qbft")
        assert "2 of 4 validators sealed it, 3 are needed" in QbftSealing(validators(*MEMBERS)).shortfall(
            header, []
        )


def test_seals_of_others_and_of_another_round_do_not_count() -> None:
    header = read_header(besu_block(SEALS), "qbft")
    stranger = "11" * 20
    assert QbftSealing(validators(*MEMBERS[:2], stranger, "22" * 20)).shortfall(header, [])
    assert QbftSealing(validators(*MEMBERS, last=7527)).shortfall(header, [])
    extra = qbft_extra(header.extra_data)
    moved = header.with_extra(extra.encode(round_=b"\x02", seals=extra.seals))
    assert QbftSealing(validators(*MEMBERS)).shortfall(read_header(moved, "qbft"), [])


def test_the_hash_of_a_qbft_block_knows_neither_round_nor_seals() -> None:
    header = read_header(besu_block(SEALS), "qbft")
    assert header.hash == read_header(besu_block([]), "qbft").hash
    assert header.hash != keccak(besu_block([])), "its round is 1"
    extra = qbft_extra(header.extra_data)
    zero = header.with_extra(extra.encode(round_=b"", seals=()))
    assert header.hash == keccak(zero)


@pytest.mark.parametrize(
    "text",
    [
        # GoQuorum, TestPrepareExtra.
        "f87aa00000000000000000000000000000000000000000000000000000000000000000f8549444add0ec310f115a0e603b2d7db9"
        "f067778eaf8a94294fc7e8f22b3bcdcf955dd7ff3ba2ed833f8212946beaaed781d2d2ab6350f5c4566a2c6eaac407a6948be768"
        "12f765c24641ec63dc2852b378aba2b440c080c0",
        # Besu, QbftExtraDataCodecTest.
        "f8f0a00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20ea94000000000000000000000000000000"
        "0000000001940000000000000000000000000000000000000002d794000000000000000000000000000000000000000181ff83fe"
        "dcbaf886b841000000000000000000000000000000000000000000000000000000000000000100000000000000000000000000"
        "0000000000000000000000000000000000000a00b841000000000000000000000000000000000000000000000000000000000000"
        "000a000000000000000000000000000000000000000000000000000000000000000100",
        # Consensys/qbft-tests: no vote, empty lists.
        "f83fa00000000000000000000000000000000000000000000000000000000000000000c0d69400000000000000000000000000000"
        "000000000010084" + "00fedcbac0",
    ],
)
def test_extra_data_is_read_and_written_as_besu_and_goquorum_do(text: str) -> None:
    extra = qbft_extra(bytes.fromhex(text))
    assert extra.encode(round_=extra.round, seals=extra.seals).hex() == text


def test_the_committers_of_the_reference_tests_are_recovered() -> None:
    seals = (
        "2d98a30d2844aa05b4fcf3abcd333e195d4ad365726a7b9a5bc19744dcec0ad42d129ad2890b86c32a969a9b511d8c1c846f7eb6"
        "94455bb29b7365ab260a188100",
        "6e65e1097c802f12fe12048871f228fc394fb005cbf5c55225adbff7e82c94d352fc83967effa3a777a9d50e677108b732258c7e"
        "f6e1a3e8fc34919b90e0f34e00",
        "b8462060df24936c7da7413fbf8ac706775d06ba052831075fd2059458ca91e971f35a7a90ec5225328fe25d6dec51de3a2d71e8"
        "1a581ceb98acdafd5bcd12f801",
        "be1cb71a2525013ae8ac676505597229265960b4d34654dc88249d1bc7e07a324f44b16542adad19bddade1785ac9687b656cbf6"
        "4685a2e6e6b4f04d9aad23cd00",
    )
    digest = bytes.fromhex("b1d26d018658f2556a2c3f0080596055cb0d05bcab91397f8ae8f01ea831559c")
    keys = [PrivateKey(number.to_bytes(32, "big")).public_key for number in range(1, 5)]
    expected = [keccak(key.format(compressed=False)[1:])[-20:] for key in keys]
    assert [signer_of(digest, bytes.fromhex(seal)) for seal in seals] == expected


@pytest.mark.parametrize(
    ("count", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (100, 67)]
)
def test_a_quorum_is_two_thirds_rounded_up(count: int, needed: int) -> None:
    assert quorum(count) == needed


def clique_header(number: int, parent: bytes, key: PrivateKey, vanity: bytes = bytes(32)) -> bytes:
    """A header as EIP-225 seals it, made here."""
    fields = [parent, bytes(32), bytes(20), *[bytes(32)] * 3, bytes(256), b"\x02"]
    tail = [number.to_bytes(2, "big").lstrip(b"\0"), b"\x01", b"", b"\x05"]
    bare = encode([*fields, *tail, vanity, bytes(32), bytes(8)])
    seal = key.sign_recoverable(keccak(bare), hasher=None)
    return encode([*fields, *tail, vanity + seal, bytes(32), bytes(8)])


KEYS = [PrivateKey(bytes([number]) * 32) for number in range(1, 6)]


def address(key: PrivateKey) -> bytes:
    return keccak(key.public_key.format(compressed=False)[1:])[-20:]


def clique_run(*signers: int) -> list:
    found = []
    parent = bytes(32)
    for number, signer in enumerate(signers, start=1):
        header = read_header(clique_header(number, parent, KEYS[signer]), "plain")
        found.append(header)
        parent = header.hash
    return found


def test_more_than_half_of_the_signers_must_build_on_a_clique_block() -> None:
    sealing = CliqueSealing(validators(*map(address, KEYS[:4])))
    assert sealing.followers == 3
    first, *following = clique_run(0, 1, 2, 3)
    assert sealing.shortfall(first, following) == ""
    assert "2 of 4 signers built on it, 3 are needed" in sealing.shortfall(first, following[:2])
    assert sealing.shortfall(*_split(clique_run(0, 1, 2, 1))), "the same signer twice"
    assert sealing.shortfall(*_split(clique_run(0, 1, 2, 4))), "a stranger"


def _split(run: list) -> tuple:
    return run[0], run[1:]


def test_an_authority_must_be_named_and_have_sealed() -> None:
    from traceledger.proofs.proved_headers import BlockHeader

    header: BlockHeader = read_header(clique_header(1, bytes(32), KEYS[0]), "plain")
    sealing = AuthoritySealing(validators(address(KEYS[0])))
    assert sealing.shortfall(header, []), "the beneficiary is another"
    assert AuthoritySealing(validators(bytes(20))).shortfall(header, []), "the seal is another's"
    assert sealing.shortfall(replace(header, coinbase=address(KEYS[0])), []) == ""


@pytest.mark.parametrize("data", [b"", b"\xc0", b"\x80", encode([b""] * 15), b"\xc1" * 3000, bytes(700)])
def test_what_is_no_header_is_malformed(data: bytes) -> None:
    for hashing in ("plain", "qbft"):
        with pytest.raises(InputError):
            read_header(data, hashing)  # type: ignore[arg-type]


def test_signatures_with_a_high_s_or_an_odd_recovery_id_are_none() -> None:
    digest = keccak(b"x")
    good = KEYS[0].sign_recoverable(digest, hasher=None)
    assert signer_of(digest, good) == address(KEYS[0])
    assert signer_of(digest, good[:64] + bytes((good[64] + 27,))) == address(KEYS[0])
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    high = (order - int.from_bytes(good[32:64], "big")).to_bytes(32, "big")
    assert signer_of(digest, good[:32] + high + bytes((1 - good[64],))) is None
    for recovery in (2, 3, 26, 29, 255):
        assert signer_of(digest, good[:64] + bytes((recovery,))) is None
    for bad in (b"", good[:64], good + b"\0", bytes(65)):
        assert signer_of(digest, bad) is None
