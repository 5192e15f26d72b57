"""Trust roots expire, and are followed by what their keepers signed, and by nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak

from tests.cli.conftest import Outcome, run_command
from tests.clients import PASSPHRASE
from tests.proofs.conftest import BATCH, World
from tests.proofs.forging import KEYS, STRANGERS, Key
from tests.proofs.support import about
from traceledger.errors import ExitCode, InputError, VerificationError
from traceledger.proofs import Succession, TrustRoot, follow
from traceledger.proofs.build.builder import ProvableChain
from traceledger.proofs.succession import digest, identity, loads, to_sign
from traceledger.proofs.trust import Keepers, PinnedBlock
from traceledger.proofs.trust import loads as root_of
from traceledger.proofs.verify.directory import final_header


def kept_by(trusted: TrustRoot, *keys: Key, threshold: int = 1) -> TrustRoot:
    return replace(trusted, keepers=Keepers(threshold, frozenset(key.address for key in keys)))


def signed(old: TrustRoot, new: TrustRoot, *keys: Key) -> Succession:
    return Succession(identity(old), new, tuple(key.sign(to_sign(old, new)) for key in keys))


@pytest.fixture(scope="module")
def old(world: World) -> TrustRoot:
    return kept_by(world.trusted, *KEYS[:3], threshold=2)


@pytest.fixture(scope="module")
def new(old: TrustRoot) -> TrustRoot:
    return replace(kept_by(old, KEYS[3]), expires=1_999_999_999)


def test_a_succession_is_eip_712(old: TrustRoot, new: TrustRoot) -> None:
    encoded = encode_typed_data(
        {
            "name": "TraceLedger Trust Root",
            "version": "2",
            "chainId": old.chain_id,
            "salt": old.genesis_hash,
        },
        {"Succession": [{"name": n, "type": "bytes32"} for n in ("predecessor", "successor")]},
        {"predecessor": identity(old), "successor": identity(new)},
    )
    signable = b"\x19" + encoded.version + encoded.header + encoded.body
    assert keccak(signable) == digest(old.chain_id, old.genesis_hash, identity(old), identity(new))


def test_successors_lead_to_the_newest_in_any_order(old: TrustRoot, new: TrustRoot) -> None:
    newest = replace(new, expires=None)
    chain = [signed(old, new, *KEYS[:2]), signed(new, newest, KEYS[3])]
    assert follow(old, chain) == follow(old, chain[::-1]) == newest
    assert follow(old, []) == old
    assert loads(chain[0].dumps()) == chain[0]
    # Each keeper may sign a file of its own.
    assert follow(old, [signed(old, new, KEYS[0]), signed(old, new, KEYS[2])]) == new


def test_what_keepers_did_not_sign_is_not_followed(old: TrustRoot, new: TrustRoot) -> None:
    for keys in ([KEYS[0]], [KEYS[0], KEYS[0]], [KEYS[0], STRANGERS[0]], [KEYS[3], STRANGERS[0]], []):
        with pytest.raises(VerificationError, match="of the 2 keepers needed"):
            follow(old, [signed(old, new, *keys)])
    other = replace(new, expires=5)
    exchanged = replace(signed(old, new, *KEYS[:2]), root=other)
    with pytest.raises(VerificationError, match="0 of the 2 keepers"):
        follow(old, [exchanged])
    with pytest.raises(VerificationError, match="two different successors"):
        follow(old, [signed(old, new, *KEYS[:2]), signed(old, other, *KEYS[1:3])])
    with pytest.raises(VerificationError, match="follows neither"):
        follow(new, [signed(old, new, *KEYS[:2])])
    with pytest.raises(VerificationError, match="names no keepers"):
        bare = replace(old, keepers=None)
        follow(bare, [signed(bare, new, *KEYS)])


def test_what_cannot_follow_is_not_signed(old: TrustRoot) -> None:
    pinned = replace(old, pinned=(PinnedBlock(9, bytes(32)),))
    for new, message in (
        (replace(old, genesis_hash=bytes(32)), "another chain"),
        (replace(old, chain_id=1), "another chain"),
        (old, "the trust root itself"),
    ):
        with pytest.raises(VerificationError, match=message):
            to_sign(old, new)
    with pytest.raises(VerificationError, match="pins no block from 9 on"):
        to_sign(pinned, old)
    with pytest.raises(VerificationError, match="pins no block from 9 on"):
        follow(pinned, [Succession(identity(pinned), old, ())])


def test_a_trust_root_is_believed_until_it_expires(world: World) -> None:
    root = replace(world.trusted, expires=1_900_000_000)
    assert root_of(root.dumps()) == root
    assert about(world.proof, root, now=1_899_999_999).trace.batch == BATCH
    with pytest.raises(VerificationError, match="expired at 2030-03-17T17:46:40Z"):
        about(world.proof, root, now=1_900_000_000)


def test_names_are_not_proved_by_an_expired_trust_root(world: World) -> None:
    with world.client() as client:
        head = client.chain.head().number
        header = cast("ProvableChain", client.chain).header_rlp(head)
    assert final_header([header], world.trusted).number == head
    with pytest.raises(VerificationError, match="expired at 2020"):
        final_header([header], replace(world.trusted, expires=1_580_000_000))


@pytest.mark.parametrize(
    "text",
    ["tomorrow", "2027-01-31", "2027-1-31T00:00:00Z", "2027-01-31T00:00:00+00:00", "1960-01-01T00:00:00Z"],
)
def test_times_that_are_none(world: World, text: str) -> None:
    document = world.trusted.to_dict() | {"expires": text}
    with pytest.raises(InputError, match=r"expires: .* is not a time"):
        root_of(json.dumps(document))


def test_files_that_are_no_successors(old: TrustRoot, new: TrustRoot) -> None:
    whole = json.loads(signed(old, new, *KEYS[:2]).dumps())
    changes: list[dict[str, object]] = [
        {"format": "other"},
        {"version": 1},
        {"predecessor": "0x12"},
        {"signatures": ["0x12"]},
        {"signatures": [None]},
        {"root": {}},
        {"extra": 1},
    ]
    for change in changes:
        with pytest.raises(InputError):
            loads(json.dumps(whole | change))


@pytest.fixture
def there(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(world.folder)
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)
    return tmp_path


def ran(*words: object) -> Outcome:
    return run_command(*map(str, words))


def test_with_commands(world: World, there: Path) -> None:
    address = ran("key", "show", "deployer", "--json").document["address"]
    other = ran("key", "show", "oem", "--json").document["address"]
    first, second, letter, newest = (there / name for name in ("first", "second", "letter", "newest"))
    keepers = ["--keeper", address, "--keeper", other]
    over = ran("trust-root", "export", "-o", first, *keepers, "--expires", "2020-01-01T00:00:00Z")
    assert (over.code, first.exists()) == (ExitCode.INPUT, False)
    assert "--expires: 2020-01-01T00:00:00Z is over" in over.err
    assert ran("trust-root", "export", "-o", first, *keepers, "--expires", "2120-01-01T00:00:00Z").code == 0
    # As if it had been written before.
    first.write_text(first.read_text().replace("2120-01-01", "2020-01-01"))
    assert ran("trust-root", "export", "-o", second, "--keeper", address).code == 0
    shown = ran("trust-root", "show", first).out
    assert "expires" in shown and "2020-01-01T00:00:00Z" in shown and f"2 of {min(address, other)}" in shown

    old = ran("proof", "verify", world.proof, BATCH, "--trust-root", first)
    assert (old.code, old.out) == (ExitCode.VERIFICATION, "")
    assert "expired at 2020-01-01T00:00:00Z (get its successor, and give it with --successor)" in old.err

    half = ran("trust-root", "succeed", first, second, "--key", "deployer", "-o", letter, "--json")
    assert (half.document["signatures"], half.document["needed"]) == (1, 2)
    forged = ran("proof", "verify", world.proof, BATCH, "--trust-root", first, "--successor", letter)
    assert (forged.code, "1 of the 2 keepers" in forged.err) == (ExitCode.VERIFICATION, True)
    kept = ran("trust-root", "succeed", first, second, "--key", "oem", "-o", letter)
    assert (kept.code, "exists already" in kept.err) == (ExitCode.INPUT, True)
    over_it = ["-o", letter, "--yes"]
    stranger = ran("trust-root", "succeed", first, second, "--key", "kokkola", *over_it)
    assert (stranger.code, "no keeper" in stranger.err) == (ExitCode.INPUT, True)
    assert (
        ran(
            "trust-root", "succeed", first, second, "--key", "oem", "--with", letter, "-o", letter, "--yes"
        ).code
        == 0
    )
    assert ran("proof", "verify", world.proof, BATCH, "--trust-root", first, "--successor", letter).code == 0
    assert ran("trust-root", "follow", first, letter, "-o", newest).code == 0
    assert newest.read_text() == second.read_text()
    assert ran("proof", "verify", world.proof, BATCH, "--trust-root", newest).code == 0
    assert ran("trust-root", "follow", second, letter, "-o", newest, "--yes").code == ExitCode.VERIFICATION
