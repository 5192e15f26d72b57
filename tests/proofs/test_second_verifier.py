"""The verifier of pages says of a file what Python's says: the same claims, or the same kind of refusal."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from tests.clients import new_client, write
from tests.private_chain import operations
from tests.proofs.attacks import forged
from tests.proofs.conftest import RichWorld, SmallWorld, World
from tests.proofs.forging import (
    KEYS,
    STRANGERS,
    Forgery,
    believing,
    by_quorum,
    in_turn,
    qbft_hash,
    witnessed_by,
)
from tests.proofs.in_node import InNode, running
from tests.proofs.judging import Judge
from tests.proofs.mutations import MUTATORS, canonical, ended, material, packed
from tests.proofs.soundness import plain_of
from tests.proofs.support import NOW, check, lines_of
from tests.proofs.test_hostile import HOSTILE
from traceledger.errors import InputError, VerificationError
from traceledger.events import LEDGER_EVENTS, registry_events
from traceledger.model.commitments import GROUPS
from traceledger.model.hexadecimal import unhexed
from traceledger.pages.verification import BUNDLE, SOURCES, fingerprint
from traceledger.proofs import TrustRoot
from traceledger.proofs.canonical import dumps
from traceledger.proofs.trust import PinnedBlock, ValidatorRange, Validators

pytestmark = pytest.mark.real("node")
EVERY_FORGED = 13
"""Of the forged files so many are left out between two."""
EACH_KIND = 12
"""Mutations of each kind; tests/proofs/test_tampering.py has all."""


@pytest.fixture(scope="module")
def in_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InNode]:
    with running(tmp_path_factory.mktemp("node")) as started:
        yield started


def python_says(data: bytes, trusted: TrustRoot) -> tuple[str, str]:
    """Verdict, and the claims' text."""
    try:
        return "verified", dumps(check(data, trusted).claims).decode()
    except InputError:
        return "malformed", ""
    except VerificationError:
        return "refused", ""


def require_alike(in_node: InNode, data: bytes, trusted: TrustRoot, what: str) -> str:
    """What both say of it."""
    found = in_node.ask(data, trusted)
    assert (found.verdict, found.claims) == python_says(data, trusted), f"{what}: {found.what}"
    return found.verdict


def test_claims_of_the_example(in_node: InNode, world: World) -> None:
    data = world.proof.read_bytes()
    assert require_alike(in_node, data, world.trusted, "the car") == "verified"


def test_claims_of_a_chain_on_which_everything_happens(in_node: InNode, rich_world: RichWorld) -> None:
    for batch, data in {**rich_world.proofs, "early": rich_world.early}.items():
        assert require_alike(in_node, data, rich_world.trusted, batch) == "verified"


def test_claims_of_private_texts(in_node: InNode, tmp_path: Path) -> None:
    file = tmp_path / "full.tlproof"
    with new_client(tmp_path) as client:
        client.submit(write(tmp_path / "ops.jsonl", operations()), create_keys=True)
        client.export_proof("kokkola/COS-88", file, disclose=GROUPS)
        trusted = client.trust_root()
    data = file.read_bytes()
    assert require_alike(in_node, data, trusted, "disclosed") == "verified"
    lines = lines_of(file)
    place = next(n for n, line in enumerate(lines) if line["type"] == "disclosures")
    openings = lines[place]["openings"]
    assert len(in_node.ask(data, trusted).report["openings"]) == len(openings) > 5
    for changed in (
        [],
        openings[::-1],
        [*openings, openings[0]],
        [openings[0] | {"text": "another"}],
        [openings[0] | {"kind": "shipment"}],
        [openings[0] | {"kind": "name"}],
        [openings[0] | {"text": "a\u202eb"}],
        [openings[0] | {"text": "a\u3000b\u200cc"}],
        [openings[0] | {"more": ""}],
    ):
        made = ended(map(canonical, [*lines[:place], lines[place] | {"openings": changed}]))
        require_alike(in_node, made, trusted, str(changed))


def test_whose_seals_count(in_node: InNode, small_world: SmallWorld) -> None:
    stored, trusted = small_world.proof, small_world.trusted
    stated = Forgery(stored).preamble["block"]
    by_validators = Forgery(stored).seal(by_quorum(KEYS), qbft_hash)
    in_turns = Forgery(stored).seal(in_turn(KEYS), followers=3)
    ranges = ((0, None, KEYS),), ((0, stated - 1, KEYS), (stated, None, STRANGERS)), ((0, stated + 8, KEYS),)
    found = Counter(
        require_alike(in_node, forgery.file(), believing(trusted, kind, *each), f"{kind} {each}")
        for kind, forgery in (("qbft", by_validators), ("clique", in_turns))
        for each in (*ranges, ((0, None, STRANGERS),), ((stated + 1, None, KEYS),), ((0, None, KEYS[:2]),))
    )
    assert found["verified"] >= 4
    assert found["refused"] >= 6
    for quorum in (KEYS[:2], [KEYS[0]] * 4, [*KEYS[:2], *STRANGERS[:2]], STRANGERS):
        for kind, made in (
            ("qbft", Forgery(stored).seal(by_quorum(quorum), qbft_hash)),
            ("clique", Forgery(stored).seal(in_turn(quorum), followers=3)),
        ):
            root = believing(trusted, kind, (0, None, KEYS))
            assert require_alike(in_node, made.file(), root, f"{kind} {quorum}") == "refused"


def test_pins_witnesses_and_ends_of_belief(in_node: InNode, small_world: SmallWorld) -> None:
    stored, trusted = small_world.proof, small_world.trusted
    preamble = Forgery(stored).preamble
    block, block_hash = preamble["block"], unhexed(preamble["block_hash"])
    for number, digest in ((block, block_hash), (block, bytes(32)), (block + 1, block_hash), (1, bytes(32))):
        root = replace(trusted, pinned=(PinnedBlock(number, digest),))
        require_alike(in_node, stored, root, f"pinned {number}")
    for signers, threshold in ((KEYS[:2], 2), (KEYS[:1], 2), ([KEYS[0]] * 2, 2), (STRANGERS, 1)):
        forgery = Forgery(stored)
        for key in signers:
            forgery.add_checkpoint(key)
        require_alike(
            in_node, forgery.file(), witnessed_by(trusted, threshold, KEYS), f"{threshold} {signers}"
        )
    late = in_node.ask(stored, replace(trusted, expires=NOW))
    assert (late.verdict, late.what) == ("refused", "the trust root has expired")
    assert in_node.ask(stored, replace(trusted, expires=NOW + 1)).verdict == "verified"
    other = in_node.ask(stored, trusted, batch="0x" + "00" * 32)
    assert (other.verdict, other.what) == ("refused", "the file is about another batch")


@pytest.mark.parametrize(("root", "file"), [("root", "vin1"), ("root2", "vin1-after-fifth-validator")])
def test_headers_that_besu_sealed(
    in_node: InNode, small_world: SmallWorld, root: str, file: str, shared: Path
) -> None:
    recorded = (shared / "data" / "besu" / f"{root}.json").read_bytes()
    sealers = Validators(
        tuple(
            ValidatorRange(each["first"], each["last"], frozenset(map(unhexed, each["addresses"])))
            for each in json.loads(recorded)["sealing"]["validators"]
        )
    )
    lines = lines_of(shared / "data" / "besu" / f"{file}.tlproof")
    headers = [unhexed(line["rlp"]) for line in lines if line["type"] == "header"][1:]
    trusted = replace(small_world.trusted, sealing="qbft", validators=sealers)
    assert in_node.finality_of(headers, trusted)["said"]["blocks"] == len(headers) >= 19
    strangers = Validators((ValidatorRange(0, None, frozenset(bytes([n]) * 20 for n in range(4))),))
    refused = in_node.finality_of(headers, replace(trusted, validators=strangers))
    assert refused["verdict"] == "refused"
    changed = [*headers[:-1], headers[-1][:-40] + bytes([headers[-1][-40] ^ 1]) + headers[-1][-39:]]
    assert in_node.finality_of(changed, trusted)["verdict"] in ("refused", "malformed")


@pytest.mark.parametrize("kind", MUTATORS)
def test_changed_at_random(in_node: InNode, small_world: SmallWorld, kind: str) -> None:
    mutate, _ = MUTATORS[kind]
    valid = material(small_world.proof, small_world.stale, small_world.other)
    judge = Judge(valid, small_world.trusted, in_node.said)
    outcomes = judge.run(mutate, [f"second {kind} {number}" for number in range(EACH_KIND)])
    assert outcomes["malformed"] + outcomes["not verified"] > 0


def test_forged_with_all_but_the_keys(in_node: InNode, small_world: SmallWorld) -> None:
    others = {"before": small_world.stale, "another batch": small_world.other}
    attacks = forged(small_world.proof, others)
    for what, made in islice(attacks, 0, None, EVERY_FORGED):
        assert require_alike(in_node, made, small_world.trusted, what) != "verified"


def test_what_costs_much_is_refused(in_node: InNode, small_world: SmallWorld) -> None:
    lines = (plain_of(small_world.proof) or b"").splitlines()
    for kind, make in HOSTILE.items():
        found = in_node.ask(make(lines), small_world.trusted)
        assert found.verdict in ("malformed", "refused"), f"{kind}: {found.what}"
    assert in_node.most_memory() < 2**30


def test_a_hundred_megabytes(in_node: InNode, small_world: SmallWorld) -> None:
    found = in_node.ask(bytes(100 * 2**20), small_world.trusted)
    assert (found.verdict, "larger than" in found.what) == ("malformed", True)


@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString", "hasOwnProperty", "\u00e9", "type"])
def test_names_of_fields_that_mean_something_to_javascript(
    in_node: InNode, small_world: SmallWorld, name: str
) -> None:
    lines = (plain_of(small_world.proof) or b"").splitlines()[:-1]
    place = next(n for n, line in enumerate(lines) if b'"claims"' in line)
    for at, put in (
        (place, lines[place].replace(b'"values":{', b'"values":{"%s":{},' % name.encode())),
        (0, None),
    ):
        changed = list(lines)
        changed[at] = put or lines[0][:-1] + b',"%s":{"block":1}}' % name.encode()
        for made in (ended(changed), ended(canonical(json.loads(line)) for line in changed)):
            assert require_alike(in_node, made, small_world.trusted, name) != "verified"


@pytest.mark.parametrize("levels", [10, 150, 198, 200, 1_000])
def test_claims_that_nest(in_node: InNode, small_world: SmallWorld, levels: int) -> None:
    lines = (plain_of(small_world.proof) or b"").splitlines()[:-1]
    place = next(n for n, line in enumerate(lines) if b'"claims"' in line)
    for deep in (b"[" * levels + b"]" * levels, b'{"a":' * levels + b"0" + b"}" * levels):
        changed = [*lines[:place], b'{"type":"claims","values":{"a":%s}}' % deep, *lines[place + 1 :]]
        assert require_alike(in_node, ended(changed), small_world.trusted, str(levels)) != "verified"


def test_what_is_no_single_gzip_stream(in_node: InNode, small_world: SmallWorld) -> None:
    stored = small_world.proof
    plain = plain_of(stored) or b""
    for made in (
        b"",
        stored + b"\0",
        stored + stored,
        gzip.compress(b"") + stored,
        stored[:-1],
        packed(plain)[:-8] + bytes(8),
        plain,
    ):
        assert require_alike(in_node, made, small_world.trusted, str(made[:20])) == "malformed"
    assert require_alike(in_node, packed(plain), small_world.trusted, "packed anew") == "verified"


def test_it_knows_every_event(in_node: InNode) -> None:
    assert in_node.topics("ledger") == {each.topic for each in LEDGER_EVENTS}
    assert in_node.topics("registry") == {each.topic for each in registry_events()}


def test_the_script_is_that_of_its_sources() -> None:
    text = BUNDLE.read_text("utf-8")
    assert fingerprint() in text[:400], "run scripts/bundle-verifier"
    assert not re.search(
        r"</script|<!--|\beval\(|new Function|innerHTML|document\.write|fetch\(|XMLHttp", text
    )
    for source in SOURCES:
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|\beval\b", source.read_text("utf-8")), (
            source.name
        )
