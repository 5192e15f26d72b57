"""Forgers who compute all they can, and have some keys or none: refused; with all the keys: believed."""

from __future__ import annotations

from typing import Any

import pytest
import rlp

from tests.proofs.conftest import SmallWorld
from tests.proofs.forging import (
    KEYS,
    STRANGERS,
    Forgery,
    Key,
    Seal,
    believing,
    by_one,
    by_quorum,
    in_turn,
    qbft_hash,
    witnessed_by,
)
from tests.proofs.support import check
from traceledger.errors import VerificationError
from traceledger.proofs import Policy, TrustRoot

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
MINTED = (24_000_000_000).to_bytes(32, "big")


def refused(forgery: Forgery, trusted: TrustRoot, reason: str) -> None:
    with pytest.raises(VerificationError, match=reason):
        check(forgery.file(), trusted)


def heavier(data: bytes) -> bytes:
    """An event's data with a mass of 24 t made 25 t."""
    return data.replace(MINTED, (25_000_000_000).to_bytes(32, "big"), 1)


def test_with_the_keys_each_way_of_sealing_is_believed(small_world: SmallWorld) -> None:
    def forgery() -> Forgery:
        return Forgery(small_world.proof)

    trusted, first = small_world.trusted, check(small_world.proof, small_world.trusted)
    for made, root in (
        (forgery().seal(by_one(KEYS[0])), believing(trusted, "authority", (0, None, KEYS[:1]))),
        (forgery().seal(by_quorum(KEYS[:3]), qbft_hash), believing(trusted, "qbft", (0, None, KEYS))),
        (forgery().seal(in_turn(KEYS), followers=3), believing(trusted, "clique", (0, None, KEYS))),
        (forgery().add_checkpoint(KEYS[0]).add_checkpoint(KEYS[1]), witnessed_by(trusted, 2, KEYS)),
    ):
        assert check(made.file(), root).claims == first.claims


def high_s(seals: list[bytes]) -> list[bytes]:
    """The same seals, and of each the second signature that anyone can make."""
    second = [
        each[:32] + (ORDER - int.from_bytes(each[32:64], "big")).to_bytes(32, "big") + bytes((each[64] ^ 1,))
        for each in seals
    ]
    return [*seals, *second]


@pytest.mark.parametrize(
    "seal",
    [
        by_quorum(KEYS[:2]),
        by_quorum([*KEYS[:2], *STRANGERS]),
        by_quorum(STRANGERS),
        by_quorum([KEYS[0]] * 4),
        by_quorum(KEYS[:2], lambda seals: seals * 2),
        by_quorum(KEYS[:2], high_s),
        by_quorum(KEYS, lambda seals: [seal[:-1] + b"\x05" for seal in seals]),
        by_quorum(KEYS, lambda seals: [seal + b"\0" for seal in seals]),
        by_quorum(KEYS, lambda seals: [bytes(65) for _ in seals]),
        by_quorum(KEYS, lambda _: []),
    ],
)
def test_too_few_commit_seals(small_world: SmallWorld, seal: Seal) -> None:
    root = believing(small_world.trusted, "qbft", (0, None, KEYS))
    refused(Forgery(small_world.proof).seal(seal, qbft_hash), root, "validators sealed it, 3 are needed")


def test_commit_seals_of_another_block(small_world: SmallWorld) -> None:
    kept: list[bytes] = []

    def those_of_the_first(seals: list[bytes]) -> list[bytes]:
        kept[:] = kept or seals
        return kept

    root = believing(small_world.trusted, "qbft", (0, None, KEYS))
    forgery = Forgery(small_world.proof).seal(by_quorum(KEYS, those_of_the_first), qbft_hash)
    refused(forgery, root, "0 of 4 validators sealed it")


def test_seals_of_validators_who_have_left(small_world: SmallWorld) -> None:
    stated = Forgery(small_world.proof).preamble["block"]
    root = believing(small_world.trusted, "qbft", (0, stated - 1, KEYS), (stated, None, STRANGERS))
    refused(Forgery(small_world.proof).seal(by_quorum(KEYS), qbft_hash), root, "is not final")
    root = believing(small_world.trusted, "qbft", (0, stated - 1, KEYS))
    refused(Forgery(small_world.proof).seal(by_quorum(KEYS), qbft_hash), root, "names no validators")
    root = believing(small_world.trusted, "clique", (0, stated, KEYS), (stated + 1, None, STRANGERS))
    refused(Forgery(small_world.proof).seal(in_turn(KEYS), followers=3), root, "0 of 4 signers built on it")


def test_how_many_validators_there_were_is_not_overstated(small_world: SmallWorld) -> None:
    stated = Forgery(small_world.proof).preamble["block"]
    ranges = (0, stated + 8, KEYS), (stated + 9, None, KEYS[:3])
    root = believing(small_world.trusted, "qbft", *ranges)
    verified = check(Forgery(small_world.proof).seal(by_quorum(KEYS), qbft_hash).file(), root)
    assert "commit seals of at least two thirds of 3 to 4 validators (QBFT)" in " ".join(verified.trust)
    root = believing(small_world.trusted, "clique", *ranges)
    verified = check(Forgery(small_world.proof).seal(in_turn(KEYS), followers=3).file(), root)
    assert "sealed by more than half of 3 to 4 signers (Clique)" in " ".join(verified.trust)


@pytest.mark.parametrize(
    "keys",
    [KEYS[:1], KEYS[:2], STRANGERS, [KEYS[0], STRANGERS[0], KEYS[1], STRANGERS[1]]],
)
def test_too_few_clique_signers(small_world: SmallWorld, keys: list[Key]) -> None:
    root = believing(small_world.trusted, "clique", (0, None, KEYS))
    refused(Forgery(small_world.proof).seal(in_turn(keys), followers=3), root, "is not final")


@pytest.mark.parametrize("followers", [0, 1, 2])
def test_nobody_built_on_it_yet(small_world: SmallWorld, followers: int) -> None:
    root = believing(small_world.trusted, "clique", (0, None, KEYS))
    refused(Forgery(small_world.proof).seal(in_turn(KEYS), followers=followers), root, "is not final")


def test_a_changed_event_needs_seals(small_world: SmallWorld) -> None:
    """Receipt, trie and header are computed anew; the old seal, or a stranger's, does not fit."""
    refused(Forgery(small_world.proof).change_log(heavier), small_world.trusted, "not final|not follow|hash")
    forgery = Forgery(small_world.proof).change_log(heavier).seal(by_one(STRANGERS[0]))
    refused(forgery, small_world.trusted, "not the authority's")


def test_a_changed_event_shows_even_where_the_seals_are_right(small_world: SmallWorld) -> None:
    root = believing(small_world.trusted, "authority", (0, None, KEYS[:1]))
    refused(Forgery(small_world.proof).change_log(heavier).seal(by_one(KEYS[0])), root, "earlier events give")


def test_a_chain_of_ones_own_with_the_same_contracts(small_world: SmallWorld) -> None:
    refused(Forgery(small_world.proof).seal(by_one(STRANGERS[0])), small_world.trusted, "is not final")


def test_too_few_witnesses(small_world: SmallWorld) -> None:
    def forgery() -> Forgery:
        return Forgery(small_world.proof)

    root = witnessed_by(small_world.trusted, 2, KEYS)
    one = KEYS[0]
    for made in (
        forgery(),
        forgery().add_checkpoint(one),
        forgery().add_checkpoint(one).add_checkpoint(one),
        forgery().add_checkpoint(one).add_checkpoint(STRANGERS[0]),
        forgery().add_checkpoint(one).add_checkpoint(KEYS[1], chain_id=5),
        forgery().add_checkpoint(one).add_checkpoint(KEYS[1], block=1),
        forgery().add_checkpoint(one).add_checkpoint(KEYS[1], hash_=b"\1" * 32),
    ):
        refused(made, root, "is not final")
    for made in (forgery().add_checkpoint(one).add_checkpoint(KEYS[1]) for _ in range(1)):
        made.of("checkpoint")[0]["signature"] = "0x" + "00" * 65
        refused(made, root, "is not final")


def test_witnesses_saw_another_block(small_world: SmallWorld) -> None:
    forgery = Forgery(small_world.proof)
    for key in KEYS[:2]:
        forgery.add_checkpoint(key, hash_=b"\1" * 32)
    refused(forgery, witnessed_by(small_world.trusted, 2, KEYS), "is not the one that 2 witnesses saw")


def test_an_old_file_is_valid_but_not_of_now(small_world: SmallWorld) -> None:
    old, new = (check(data, small_world.trusted) for data in (small_world.stale, small_world.proof))
    assert not old.trace.tainted and new.trace.tainted
    assert Policy(as_of_block=new.preamble.block).violations(old)
    assert Policy(as_of_time=new.time + 1).violations(new)
    assert not Policy(as_of_block=new.preamble.block, as_of_time=new.time).violations(new)
    assert Policy(no_tainted=True, as_of_block=1).violations(new) and not Policy(
        no_tainted=True, as_of_block=1
    ).violations(old)


def test_an_old_file_cannot_be_dated_later(small_world: SmallWorld) -> None:
    """With the new header, but old state or old claims; or the new state without the new events."""
    old, new = Forgery(small_world.stale), Forgery(small_world.proof)
    old.preamble.update(block=new.preamble["block"], block_hash=new.preamble["block_hash"])
    refused(old, small_world.trusted, "stated block is missing")
    header = new.of("header")[-1]
    place = next(n for n, each in enumerate(old.records) if each["type"] == "state")
    before = {each["rlp"] for each in old.of("header")}
    missing = [each for each in new.of("header") if each["rlp"] not in before]
    old.records[place:place] = missing
    assert missing[-1] == header
    refused(old, small_world.trusted, "is missing")
    old.records = [each for each in old.records if each["type"] != "state"]
    old.records[-1:-1] = new.of("state")
    refused(old, small_world.trusted, "an event|the events give other")


def test_an_error_or_a_suspension_is_left_out_of_the_claims(small_world: SmallWorld) -> None:
    for change in (
        lambda claims: claims.update(tainted=False),
        lambda claims: claims["participants"][-1].update(state="active"),
        lambda claims: claims["participants"].pop(),
        lambda claims: claims["origins"].pop(),
        lambda claims: claims["co2e"].update(total_mg="1"),
        lambda claims: claims["recycled_content"][0].update(post_consumer="1.0"),
        lambda claims: claims.update(batch="kokkola/COS-9"),
    ):
        forgery = Forgery(small_world.proof)
        change(forgery.claims)
        refused(forgery, small_world.trusted, "does not follow from the file's events")


def test_another_batch_is_said_to_be_meant(small_world: SmallWorld) -> None:
    other, forgery = Forgery(small_world.other), Forgery(small_world.proof)
    forgery.preamble["batch"] = other.preamble["batch"]
    refused(forgery, small_world.trusted, "missing|prove nothing|does not follow|other than")
    forgery.preamble["batch"] = "0x" + "11" * 32
    refused(forgery, small_world.trusted, "the event that made batch 0x1111")
    claims_of_the_other = Forgery(small_world.proof)
    claims_of_the_other.preamble["batch"] = other.preamble["batch"]
    claims_of_the_other.records[-1] = other.records[-1]
    refused(claims_of_the_other, small_world.trusted, "missing|prove nothing|other than")


def test_every_event_of_the_small_chain_is_needed(small_world: SmallWorld) -> None:
    """Mints, splits, handovers, takes, emissions, the error, and all registrations: none can be left out."""
    from eth_hash.auto import keccak
    from trie import HexaryTrie

    left_out = 0
    for place, record in enumerate(Forgery(small_world.proof).records):
        for gone in record.get("indexes", ()):
            forgery = Forgery(small_world.proof)
            changed = forgery.records[place]
            header = rlp.decode(bytes.fromhex(forgery.records[place - 1]["rlp"][2:]))
            nodes = [bytes.fromhex(node[2:]) for node in changed["nodes"]]
            trie = HexaryTrie({keccak(node): node for node in nodes}, header[5])
            changed["indexes"].remove(gone)
            paths = [trie.get_proof(rlp.encode(index)) for index in changed["indexes"]]
            kept = {rlp.encode(node) for path in paths for node in path}
            changed["nodes"] = sorted("0x" + node.hex() for node in kept if len(node) >= 32)
            if not changed["indexes"]:
                del forgery.records[place]
            refused(forgery, small_world.trusted, ".")
            left_out += 1
    assert left_out == sum(len(each["indexes"]) for each in Forgery(small_world.proof).of("receipts"))


def test_headers_that_nobody_sealed_are_refused_wherever_they_stand(small_world: SmallWorld) -> None:
    """Also after the stated block, where nothing rests on them: else a file could hold anything."""
    stated = Forgery(small_world.proof).preamble["block"]

    def until(last: int, seal: Seal) -> Seal:
        def sealed(fields: list[Any]) -> None:
            number = int.from_bytes(fields[8], "big")
            (seal if number <= last else by_one(STRANGERS[0]))(fields)

        return sealed

    root = believing(small_world.trusted, "authority", (0, None, KEYS[:1]))
    forgery = Forgery(small_world.proof).seal(until(stated, by_one(KEYS[0])), followers=1)
    refused(forgery, root, "is not final")
    root = believing(small_world.trusted, "clique", (0, None, KEYS))
    assert check(Forgery(small_world.proof).seal(in_turn(KEYS), followers=4).file(), root)
    forgery = Forgery(small_world.proof).seal(until(stated + 3, in_turn(KEYS)), followers=4)
    refused(forgery, root, "is not final")
    lone = Forgery(small_world.proof).seal(by_one(STRANGERS[0]), followers=3).of("header")[-1]
    forgery = Forgery(small_world.proof)
    forgery.records.insert(forgery.records.index(forgery.of("state")[0]), lone)
    refused(forgery, small_world.trusted, f"block {stated + 3} is not final, and nothing is proved by it")
