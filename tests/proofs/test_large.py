"""Proofs of synthetic chains: as large as one likes, and sealed by QBFT validators that change."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from tests.index.support import DEPLOYED, indexed
from tests.proofs.served import ServedChain
from tests.proofs.support import check, file_of, lines_of_bytes
from tests.proofs.synthetic import ProvenChain, QbftChain, busy_world
from traceledger.chain.rlp import decode, encode
from traceledger.errors import InputError, VerificationError
from traceledger.proofs.build.builder import Request, export
from traceledger.proofs.files import Reader, Writer
from traceledger.proofs.limits import Limits
from traceledger.proofs.records import Claims, Header
from traceledger.proofs.trust import Validators
from traceledger.provenance import lineage


def test_qbft_validators_count_in_their_range_only(tmp_path: Path) -> None:
    world, batch = busy_world(60, batches=20)
    index = indexed(tmp_path / "index.db", world)
    chain = QbftChain(world, lineage(index, batch).nodes)
    assert chain.head().number > chain.change
    file = io.BytesIO()
    export(file, Request(batch, chain.head()), chain, index, DEPLOYED)  # type: ignore[arg-type]
    index.close()
    trusted = chain.trust_root()
    verified = check(file.getvalue(), trusted)
    assert "commit seals of at least 3 of 4 validators (QBFT)" in " ".join(verified.trust)

    before, after = trusted.validators.ranges
    for stale in (
        Validators((replace(before, last=None),)),
        Validators((before,)),
        Validators((replace(after, addresses=before.addresses),)),
    ):
        with pytest.raises(VerificationError, match=r"is not final: (0 of 4|the trust root names no)"):
            check(file.getvalue(), replace(trusted, validators=stale))
    check(file.getvalue(), replace(trusted, validators=Validators((after,))))
    lines = lines_of_bytes(file.getvalue())
    header = next(line for line in reversed(lines) if line["type"] == "header")
    fields = decode(bytes.fromhex(header["rlp"][2:]))
    extra = decode(fields[12])
    for seals in (extra[4][:2], [*extra[4][:2], extra[4][0]], [*extra[4][:2], bytes(65)], []):
        fields[12] = encode([*extra[:4], seals])
        header["rlp"] = "0x" + encode(fields).hex()
        with pytest.raises(VerificationError, match="of 4 validators sealed it, 3 are needed"):
            check(file_of(lines), trusted)


def test_a_batch_with_many_takes_upstream_is_complete(tmp_path: Path) -> None:
    world, batch = busy_world(400, batches=20)
    index = indexed(tmp_path / "index.db", world)
    chain = ProvenChain(world, lineage(index, batch).nodes)
    file = io.BytesIO()
    exported = export(file, Request(batch, chain.head()), chain, index, DEPLOYED)  # type: ignore[arg-type]
    verified = check(file.getvalue(), chain.trust_root())
    assert exported.events == verified.measured.events > 300
    assert verified.measured.batches == exported.batches
    index.close()


def test_the_same_export_gives_the_same_file(tmp_path: Path) -> None:
    world, batch = busy_world(60, batches=20)
    index = indexed(tmp_path / "index.db", world)
    chain = ProvenChain(world, lineage(index, batch).nodes)
    with (tmp_path / "proof").open("wb") as file:
        export(file, Request(batch, chain.head()), chain, index, DEPLOYED)  # type: ignore[arg-type]
    index.close()
    served = ServedChain(tmp_path / "proof", tmp_path / "index.db")
    again, index = io.BytesIO(), served.open_index()
    export(again, Request(batch, served.head()), served, index, DEPLOYED)  # type: ignore[arg-type]
    index.close()
    assert again.getvalue() == (tmp_path / "proof").read_bytes()


def test_only_claims_may_be_long(tmp_path: Path) -> None:
    many = {"origins": [{"batch": f"works/lot-{number}", "share": number} for number in range(120_000)]}
    file = io.BytesIO()
    with Writer(file) as writer:
        writer.write(Claims.of(many))
    claims, _ = Reader(io.BytesIO(file.getvalue()), "proof").records()
    assert isinstance(claims, Claims) and len(claims.text) > 4 * 2**20
    few = Limits(line_bytes=2**20)
    assert next(iter(Reader(io.BytesIO(file.getvalue()), "proof", few).records())) == claims
    with pytest.raises(InputError, match="a line is larger than 1048576 bytes"):
        list(Reader(io.BytesIO(file.getvalue()), "proof", replace(few, claims_bytes=2**20)).records())
    file = io.BytesIO()
    with Writer(file) as writer:
        writer.write(Header(bytes(2**20)))
    with pytest.raises(InputError, match="a line is larger than 1048576 bytes"):
        list(Reader(io.BytesIO(file.getvalue()), "proof", replace(few, ratio=10_000)).records())


def test_long_claims_that_differ_are_refused(tmp_path: Path) -> None:
    world, batch = busy_world(60, batches=20)
    index = indexed(tmp_path / "index.db", world)
    chain = ProvenChain(world, lineage(index, batch).nodes)
    file = io.BytesIO()
    export(file, Request(batch, chain.head()), chain, index, DEPLOYED)  # type: ignore[arg-type]
    index.close()
    lines = lines_of_bytes(file.getvalue())
    claims = next(line for line in lines if line["type"] == "claims")
    claims["values"]["origins"] *= 4 * 2**20 // len(str(claims["values"]["origins"])) + 1
    with pytest.raises(VerificationError, match="the claim 'origins' does not follow"):
        check(file_of(lines), chain.trust_root(), limits=Limits(ratio=1_000))
