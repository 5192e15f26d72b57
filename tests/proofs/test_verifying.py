"""Proof files of a real chain are accepted, say what the chain says, and are refused once changed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.proofs.conftest import BATCH, World
from tests.proofs.support import Lines, about, canonical, changed, check, file_of, lines_of, raw_file_of
from traceledger.documents import proofs, traces
from traceledger.errors import InputError, VerificationError
from traceledger.proofs import Limits
from traceledger.proofs.canonical import dumps
from traceledger.proofs.layout import (
    ACCOUNTS,
    FACILITIES,
    GUARD,
    LOTS,
    MANDATORY,
    QUESTIONED,
    ROLES,
    SUBJECTS,
    VALIDITIES,
)
from traceledger.proofs.records import End

SHOWS = re.compile(
    "missing|give other than|was made before|no such batch|never offered|the chain states|holds it"
    "|while it is|answered otherwise"
)
"""How it shows that an event was left out."""


def test_a_verified_proof_says_what_the_chain_says(world: World) -> None:
    verified = about(world.proof, world.trusted)
    with world.client() as client:
        expected = client.trace(BATCH, as_of=verified.preamble.block)
    assert traces.trace(verified.trace) == traces.trace(expected)
    assert verified.finality.sealed >= 1
    assert "single authority" in " ".join(verified.trust)


def test_the_same_chain_gives_the_same_bytes(world: World, tmp_path: Path) -> None:
    with world.client() as client:
        client.export_proof(BATCH, tmp_path / "again", block=about(world.proof, world.trusted).preamble.block)
    assert (tmp_path / "again").read_bytes() == world.proof.read_bytes()


def test_storage_slots_are_the_compilers() -> None:
    from traceledger.artifacts import load

    assert load("BatchLedger").slots["_lots"] == LOTS
    registry, assurance = load("ParticipantRegistry").slots, load("AssuranceRegistry").slots
    assert (registry["_accounts"], registry["actGuard"], registry["_roles"]) == (ACCOUNTS, GUARD, ROLES)
    asked = ("_validities", "_mandatory", "_subjects", "_unclosedAbout")
    assert [assurance[name] for name in asked] == [VALIDITIES, MANDATORY, SUBJECTS, QUESTIONED]
    assert registry["_facilities"] == FACILITIES


def test_verifying_needs_no_network_and_no_engine(world: World, tmp_path: Path) -> None:
    root = tmp_path / "root.json"
    root.write_text(world.trusted.dumps())
    program = f"""
import socket, sys
def refuse(*_a, **_k): raise AssertionError("a socket was made")
socket.socket = socket.create_connection = socket.getaddrinfo = refuse
from pathlib import Path
from traceledger.proofs import load_trust_root, verify
verified = verify(Path({str(world.proof)!r}), {BATCH!r}, load_trust_root(Path({str(root)!r})))
print(verified.trace.batch)
names = ("web3", "eth", "eth_account", "requests", "aiohttp", "sqlite3", "traceledger.index")
print([name for name in names if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == [BATCH, "[]"], done.stderr


def blocks_with_receipts(lines: Lines) -> list[int]:
    return [place for place, line in enumerate(lines) if line["type"] == "receipts"]


def needed(nodes: list[str], root: bytes, keys: list[bytes]) -> list[str]:
    """Those of the trie's nodes without which one of the keys would have no value."""
    from traceledger.proofs.tries import Nodes

    def prove(some: list[str]) -> bool:
        known = Nodes(bytes.fromhex(node[2:]) for node in some)
        try:
            return all(known.get(root, key) is not None for key in keys)
        except VerificationError:
            return False

    assert prove(nodes)
    return [node for node in nodes if not prove([other for other in nodes if other != node])]


def test_every_receipt_is_needed(world: World) -> None:
    """Leave out any one transaction, with the nodes that only it needs: something is missing."""
    from traceledger.chain.trie import key_of
    from traceledger.proofs.proved_headers import read_header

    lines = lines_of(world.proof)
    seen = 0
    for place in blocks_with_receipts(lines):
        header = read_header(bytes.fromhex(lines[place - 1]["rlp"][2:]), "plain")
        for index in lines[place]["indexes"]:
            rest = [each for each in lines[place]["indexes"] if each != index]
            kept = needed(lines[place]["nodes"], header.receipts_root, [key_of(each) for each in rest])
            record = {"type": "receipts", "indexes": rest, "nodes": kept}
            made = [*lines[:place], *([record] if rest else []), *lines[place + 1 :]]
            with pytest.raises(VerificationError, match=SHOWS):
                check(file_of(made), world.trusted)
            seen += 1
    assert seen > 50


def test_a_changed_trust_root_is_refused(world: World) -> None:
    data, trusted = world.proof.read_bytes(), world.trusted
    other = b"\x11" * 20
    from traceledger.proofs.trust import ValidatorRange, Validators

    for wrong, reason in (
        (replace(trusted, chain_id=5), "chain id"),
        (replace(trusted, genesis_hash=bytes(32)), "genesis hash"),
        (replace(trusted, ledger=replace(trusted.ledger, address=other)), "ledger"),
        (replace(trusted, ledger=replace(trusted.ledger, code_hash=bytes(32))), "another code"),
        (replace(trusted, registry=replace(trusted.registry, code_hash=bytes(32))), "another code"),
        (replace(trusted, handling=replace(trusted.handling, code_hash=bytes(32))), "handling module has"),
        (replace(trusted, corrections=replace(trusted.corrections, code_hash=bytes(32))), "another code"),
        (replace(trusted, corrections=replace(trusted.corrections, address=other)), "missing|there is no"),
        (
            replace(trusted, validators=Validators((ValidatorRange(0, None, frozenset({other})),))),
            "not final: its seal is not the authority's",
        ),
    ):
        with pytest.raises(VerificationError, match=reason):
            check(data, wrong)


def test_claims_are_computed_again(world: World) -> None:
    def heavier(lines: Lines) -> None:
        lines[-1]["values"]["made_mass_mg"] = "1"

    with pytest.raises(VerificationError, match="'made_mass_mg' does not follow"):
        check(changed(world.proof, heavier), world.trusted)


def test_malformed_files_are_input_errors(world: World) -> None:
    data = world.proof.read_bytes()
    for bad in (b"", b"x", data[:-1], data[:500], data + b"x", data + data, b"\x1f\x8b\x08\x00" + bytes(20)):
        with pytest.raises(InputError):
            check(bad, world.trusted)
    with pytest.raises(InputError, match=r"^proof: not a gzip stream"):
        check(b"plain text", world.trusted)
    with pytest.raises(InputError, match="larger than"):
        check(data, world.trusted, limits=Limits(total_bytes=10_000))
    with pytest.raises(InputError, match="larger than"):
        check(data, world.trusted, limits=Limits(file_bytes=10_000))
    with pytest.raises(InputError, match="times its size"):
        check(data, world.trusted, limits=Limits(ratio=1, free_bytes=0))
    with pytest.raises(InputError, match="a line is larger"):
        check(data, world.trusted, limits=Limits(line_bytes=1000))


@pytest.mark.parametrize(
    ("place", "field", "value"),
    [
        (0, "version", True),
        (0, "version", 1.0),
        (-1, "batches", 28.0),
        (-1, "batches", None),
        (-1, "batches", 2**53),
        (-1, "batches", [{"mg": -1}]),
        (-1, "caf\u00e9", 1),
    ],
)
def test_values_that_the_format_does_not_have_are_input_errors(
    world: World, place: int, field: str, value: object
) -> None:
    lines = lines_of(world.proof)
    (lines[0] if place == 0 else lines[-1]["values"])[field] = value
    plain = canonical(lines)
    end = End(len(plain), sha256(b"".join(line + b"\n" for line in plain)).digest())
    with pytest.raises(InputError, match=f"line {1 if place == 0 else len(plain)}"):
        check(raw_file_of([*plain, dumps(end.to_dict())]), world.trusted)


def test_the_report_is_json(world: World) -> None:
    document = proofs.judged(about(world.proof, world.trusted), ["it is not blue"])
    assert list(document)[:2] == ["verdict", "reasons"]
    assert "verified" not in [*document, *document.values()]
    assert json.loads(json.dumps(document)) == document
    assert document["claims"]["batch"] == BATCH
