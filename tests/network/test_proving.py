"""Proof files of the real consortium network: sealed by four Clique signers, verified offline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import traceledger
from tests.network.live import LiveNetwork, until
from tests.proofs.support import about, check, file_of, lines_of
from traceledger.documents import traces
from traceledger.errors import VerificationError
from traceledger.proofs import load_trust_root
from traceledger.proofs.trust import ValidatorRange, Validators, Witnesses

pytestmark = [pytest.mark.real("geth")]
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "cobalt-to-car.jsonl"
BATCH = "oem/VIN-1"


def test_a_history_on_the_network_verifies_offline(network: LiveNetwork, workspace: Path) -> None:
    proof, root = workspace / "car.tlproof", workspace / "root.json"
    with traceledger.connect() as client:
        client.deploy()
        client.submit(EXAMPLE, create_keys=True)
        mined = client.chain.head().number
        until(lambda: client.chain.final().number >= mined, "the last event is final")
        exported = client.export_proof(BATCH, proof)
        expected = client.trace(BATCH, as_of=exported.block)
        root.write_text(client.trust_root().dumps())
        for key in ("notary", "auditor"):
            client.create_key(key)
        notes = [client.witness(key) for key in ("notary", "auditor")]
        witnesses = [client.signers.address_of(key) for key in ("notary", "auditor")]
        client.export_proof(BATCH, workspace / "witnessed.tlproof", checkpoints=notes)
    trusted = load_trust_root(root)
    assert (trusted.sealing, trusted.validators.largest) == ("clique", 4)

    verified = about(proof, trusted)
    assert traces.trace(verified.trace) == traces.trace(expected)
    assert verified.finality.sealed >= 1
    assert verified.finality.followers >= 3
    assert "more than half of 4 signers (Clique)" in " ".join(verified.trust)

    _without_followers_nothing_is_final(proof, trusted)
    _a_stale_set_is_refused(proof, trusted)
    _two_witnesses_stand_for_the_chain(workspace / "witnessed.tlproof", trusted, witnesses)


def _without_followers_nothing_is_final(proof: Path, trusted: traceledger.proofs.TrustRoot) -> None:
    lines = lines_of(proof)
    last = max(place for place, line in enumerate(lines) if line["type"] == "header")
    with pytest.raises(VerificationError, match="is not final: 2 of 4 signers built on it, 3 are needed"):
        check(file_of([*lines[:last], *lines[last + 1 :]]), trusted)


def _a_stale_set_is_refused(proof: Path, trusted: traceledger.proofs.TrustRoot) -> None:
    now = sorted(trusted.validators.ranges[0].addresses)
    before = frozenset([*now[:2], b"\x11" * 20, b"\x12" * 20])
    stale = replace(trusted, validators=Validators((ValidatorRange(0, None, before),)))
    with pytest.raises(VerificationError, match="is not final"):
        about(proof, stale)
    other = replace(trusted, validators=Validators((ValidatorRange(10**6, None, frozenset(now)),)))
    with pytest.raises(VerificationError, match="names no signers for block"):
        about(proof, other)


def _two_witnesses_stand_for_the_chain(
    proof: Path, trusted: traceledger.proofs.TrustRoot, witnesses: list[bytes]
) -> None:
    only = replace(trusted, sealing="none", validators=Validators(()))
    both = replace(only, witnesses=Witnesses(2, frozenset(witnesses)))
    verified = about(proof, both)
    counts = verified.finality
    assert (counts.sealed, counts.witnessed, counts.witnesses) == (0, 1, 2)
    assert counts.linked == counts.blocks - 1
    third = replace(only, witnesses=Witnesses(3, frozenset([*witnesses, b"\x13" * 20])))
    with pytest.raises(VerificationError, match="is not final: the trust root names nobody"):
        about(proof, third)
