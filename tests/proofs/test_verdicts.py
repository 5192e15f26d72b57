"""A verdict is about what was asked: the batch, and of when; what fails or is wrong is said first."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Outcome, run_command
from tests.proofs.conftest import RichWorld, SmallWorld
from tests.proofs.rich_world import CART, UNTRACED
from tests.proofs.support import NOW, batch_of, check
from traceledger.errors import ExitCode, InputError, VerificationError
from traceledger.model.hexadecimal import hexed
from traceledger.proofs import Asked, Policy, TrustRoot, VerifiedProof, verify
from traceledger.proofs.trust import PinnedBlock

BATCH, OTHER = "kokkola/COS-1", "kokkola/COS-2"


@pytest.fixture
def kept(small_world: SmallWorld, tmp_path: Path) -> Path:
    """The files of the small world in a folder, with the trust root."""
    for name in ("proof", "stale", "other"):
        (tmp_path / name).write_bytes(getattr(small_world, name))
    (tmp_path / "root").write_text(small_world.trusted.dumps())
    return tmp_path


def said(folder: Path, *options: str, file: str = "proof", batch: str = BATCH) -> Outcome:
    root = str(folder / "root")
    return run_command("proof", "verify", str(folder / file), batch, "--trust-root", root, *options)


def test_a_file_about_another_batch_is_refused(kept: Path, small_world: SmallWorld) -> None:
    swapped = said(kept, file="other")
    assert (swapped.code, swapped.out) == (ExitCode.VERIFICATION, "")
    assert f"the file is about {OTHER}, not about {BATCH}" in swapped.err
    by_id = said(kept, file="other", batch=batch_of(small_world.proof))
    assert by_id.code == ExitCode.VERIFICATION
    assert batch_of(small_world.other) in by_id.err
    assert said(kept, file="other", batch=OTHER).code == 0
    assert said(kept, file="other", batch=batch_of(small_world.other)).code == 0
    for text in ("COS-1", "", "/", "kokkola/", "0x12"):
        assert said(kept, batch=text).code == ExitCode.INPUT
    for text in ("kokkola/COS-1 ", "kokkola/cos-1", "kokkola/COS-11", "kokkola/COS", "lusatia/COS-1"):
        assert said(kept, batch=text).code == ExitCode.VERIFICATION


def test_in_the_library_too(kept: Path, small_world: SmallWorld) -> None:
    assert verify(kept / "proof", BATCH, small_world.trusted).trace.batch == BATCH
    with pytest.raises(VerificationError, match="is about"):
        verify(kept / "other", BATCH, small_world.trusted)
    with pytest.raises(InputError, match="names no batch"):
        Asked("COS-1", NOW)


@pytest.mark.parametrize("option", ["tainted", "marks", "hold", "suspended", "critical-findings"])
def test_conditions_on_what_changes_demand_a_freshness(kept: Path, option: str) -> None:
    undated = said(kept, f"--no-{option}")
    assert (undated.code, undated.out) == (ExitCode.INPUT, "")
    assert "--max-age" in undated.err
    for fresh in (["--as-of", "1"], ["--as-of", "2026-01-01T00:00:00Z"], ["--max-age", "3 days"]):
        assert said(kept, f"--no-{option}", *fresh).code in (0, ExitCode.NOT_ACCEPTED)
    with pytest.raises(InputError, match="says nothing of today"):
        Policy(**{f"no_{option.replace('-', '_')}": True}).require_freshness(_root(kept))


def test_the_first_block_is_no_freshness(kept: Path) -> None:
    undated = said(kept, "--no-tainted", "--as-of", "0")
    assert (undated.code, undated.out) == (ExitCode.INPUT, "")
    with pytest.raises(InputError, match="says nothing of today"):
        Policy(no_tainted=True, as_of_block=0).require_freshness(_root(kept))


def test_a_condition_that_is_given_twice_is_refused(kept: Path) -> None:
    """Else the weaker one of two would count, if it comes last."""
    for option, strict, weak in (
        ("--custodian", "lusatia", "kokkola"),
        ("--as-of", "100000", "1"),
        ("--max-age", "1 s", "3650 days"),
        ("--max-co2e-per-kg", "0 kg", "1 t"),
        ("--min-primary-share", "100 %", "0 %"),
        ("--trust-root", "elsewhere", str(kept / "root")),
    ):
        outcome = said(kept, option, strict, option, weak)
        assert (outcome.code, outcome.out) == (ExitCode.INPUT, ""), option
        assert f"'{option}' is given twice" in outcome.err
    assert said(kept, "--as-of", "9" * 5_000).code == ExitCode.INPUT


def _root(folder: Path) -> TrustRoot:
    from traceledger.proofs import load_trust_root

    return load_trust_root(folder / "root")


def pinned(small_world: SmallWorld, file: bytes) -> TrustRoot:
    stated = check(file, small_world.trusted).preamble
    return replace(small_world.trusted, pinned=(PinnedBlock(stated.block, stated.block_hash),))


def test_a_root_pinned_at_a_block_is_a_freshness_and_refuses_older_states(small_world: SmallWorld) -> None:
    root = pinned(small_world, small_world.proof)
    found = check(small_world.proof, root)
    assert Policy(no_tainted=True).violations(found)
    with pytest.raises(VerificationError, match="refuses older states"):
        check(small_world.stale, root)
    assert check(small_world.stale, pinned(small_world, small_world.stale))
    first = replace(small_world.trusted, pinned=(PinnedBlock(0, small_world.trusted.genesis_hash),))
    with pytest.raises(InputError, match="says nothing of today"):
        Policy(no_tainted=True).violations(check(small_world.proof, first))


def test_a_greatest_age_is_counted_from_the_blocks_time(small_world: SmallWorld) -> None:
    found = check(small_world.proof, small_world.trusted)

    def at(now: int) -> list[str]:
        return Policy(max_age=3_600).violations(replace(found, verified_at=now))

    assert at(found.time) == at(found.time + 3_600) == []
    assert "or later" in at(found.time + 3_601)[0]
    assert at(found.time - 7_200) == []
    assert "still to come" in at(found.time - 7_201)[0]


def test_refused_is_the_first_word_and_nothing_that_fails_is_called_verified(kept: Path) -> None:
    refused = said(kept, "--no-tainted", "--as-of", "1", "--custodian", "katanga")
    assert refused.code == ExitCode.NOT_ACCEPTED
    first, *rest = refused.out.splitlines()
    assert first.startswith(f"Refused: {BATCH} as of block ")
    assert rest[0] == "- kokkola holds it, not katanga"
    assert "an error is declared in it or in something upstream of it: katanga/KOL-1" in rest[1]
    assert "verified" not in (refused.out + refused.err).lower()
    document = said(kept, "--no-tainted", "--as-of", "1", "--json").document
    assert list(document)[:2] == ["verdict", "reasons"]
    assert document["verdict"] == "refused"
    assert "verified" not in json.dumps(document).lower()


def test_what_is_wrong_upstream_is_in_the_first_lines(kept: Path, rich_world: RichWorld) -> None:
    first, *rest = said(kept).out.splitlines()
    assert first.startswith(f"Faulty (tainted, suspended): {BATCH} as of block ")
    assert rest[:2] == [
        "- an error is declared in katanga/KOL-1",
        "- lusatia, whom its lineage names, is suspended",
    ]
    assert "after block" in rest[2] and "cannot be known from it" in rest[2]
    assert said(kept, file="stale").out.startswith(f"Verified: {BATCH}")
    document = said(kept, "--json").document
    assert document["verdict"] == "accepted"
    assert document["wrong"] == [each[2:] for each in rest[:2]]
    assert document["unknowable"] == rest[2]
    held = check(rich_world.proofs[UNTRACED], rich_world.trusted)
    assert held.faults == ["on hold", "suspended", "untraced"]
    assert held.wrong[-1] == "100 % of its Co is untraced"
    cart = check(rich_world.proofs[CART], rich_world.trusted)
    assert "reversed upstream" in cart.wrong[-1]
    assert "reversed" not in cart.faults


def countries(found: VerifiedProof, written: str) -> VerifiedProof:
    origins = {each: replace(place, country=written) for each, place in found.origins.items()}
    return replace(found, origins=origins)


@pytest.mark.parametrize(
    ("written", "conditions", "reason"),
    [
        ("cd", {"denied_countries": frozenset({"CD"})}, "comes from CD, which is denied"),
        ("CD", {"denied_countries": frozenset({"cd"})}, "comes from CD, which is denied"),
        ("cd", {"allowed_countries": frozenset({"CD"})}, ""),
        ("CD", {"allowed_countries": frozenset({"cd"})}, ""),
        ("QQ", {"denied_countries": frozenset({"CD"})}, "'QQ', which is no country"),
        ("QQ", {"allowed_countries": frozenset({"QQ"})}, "'QQ', which is no country"),
        ("c", {"denied_countries": frozenset({"CD"})}, "'C', which is no country"),
    ],
)
def test_countries_are_compared_as_the_registry_compares_them(
    small_world: SmallWorld, written: str, conditions: dict[str, Any], reason: str
) -> None:
    found = countries(check(small_world.proof, small_world.trusted), written)
    reasons = Policy(**conditions).violations(found)
    assert reason in " ".join(reasons)
    assert bool(reasons) == bool(reason)


def test_another_chains_file_of_the_same_name_is_refused(kept: Path, small_world: SmallWorld) -> None:
    elsewhere = replace(small_world.trusted, genesis_hash=bytes(32))
    with pytest.raises(VerificationError, match="another network"):
        verify(kept / "proof", BATCH, elsewhere)
    assert hexed(small_world.trusted.genesis_hash) != hexed(bytes(32))
