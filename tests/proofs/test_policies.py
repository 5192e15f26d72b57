"""Valid is not yet acceptable: every policy, met and not met, with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.proofs.conftest import RichWorld, World
from tests.proofs.rich_world import CART, NEVER, RECYCLED, UNTRACED
from tests.proofs.support import NOW, about, check
from traceledger.proofs import Policy, VerifiedProof


@pytest.fixture(scope="module")
def verified(world: World) -> VerifiedProof:
    return about(world.proof, world.trusted)


COUNTRIES = frozenset("AU CD CN DE ID IN ZA ZM".split())


def test_without_conditions_everything_is_acceptable(verified: VerifiedProof) -> None:
    assert Policy().violations(verified) == []


def test_what_the_car_is_and_where_it_comes_from(verified: VerifiedProof) -> None:
    assert {place.country for place in verified.origins.values()} == COUNTRIES
    footprint, mass = verified.trace.footprint, verified.trace.made_mass_mg
    per_kg = -(-footprint.total_mg * 10**6 // mass)
    met: list[dict[str, Any]] = [
        {"materials": frozenset({"vehicle", "battery"})},
        {"allowed_countries": COUNTRIES | {"FI"}},
        {"denied_countries": frozenset({"FI"})},
        {"max_co2e_mg_per_kg": per_kg},
        {"min_recycled": {27: 100}},
        {"min_primary_share": 1_000},
        {"no_tainted": True, "max_age": NOW},
        {"no_marks": True, "as_of_block": 1},
        {"no_hold": True, "as_of_block": 1},
        {"no_suspended": True, "as_of_time": 1},
        {"no_critical_findings": True, "as_of_time": 1},
        {"max_untraced": {27: 0}},
        {"custodian": verified.trace.custodian},
        {"min_traced": {27: 10_000}},
        {"as_of_block": verified.preamble.block},
        {"as_of_time": verified.time},
    ]
    for conditions in met:
        assert Policy(**conditions).violations(verified) == [], conditions


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        ({"materials": frozenset({"battery"})}, "its material is vehicle, not battery"),
        ({"allowed_countries": COUNTRIES - {"CD"}}, "some of it comes from CD, which is not among"),
        ({"denied_countries": frozenset({"IN", "FI"})}, "some of it comes from IN, which is denied"),
        ({"max_co2e_mg_per_kg": 10**6}, "CO2e per kg, more than 1 kg"),
        ({"min_recycled": {27: 9_900}}, "of its Co is recycled, not 99 %"),
        ({"custodian": "kokkola"}, "oem holds it, not kokkola"),
        ({"min_traced": {82: 1}}, "it holds no Pb that could be traced"),
        ({"min_recycled": {82: 1}}, "it holds no Pb that could be recycled"),
        ({"min_primary_share": 5_000}, "of its CO2e is from primary data, not 50 %"),
        ({"as_of_block": 10**6}, "not at 1000000 or later"),
        ({"as_of_time": 4 * 10**9}, "not at 2096-10-02T07:06:40Z or later"),
    ],
)
def test_each_condition_has_its_reason(
    verified: VerifiedProof, conditions: dict[str, Any], reason: str
) -> None:
    (found,) = Policy(**conditions).violations(verified)
    assert reason in found


def test_all_reasons_are_named(verified: VerifiedProof) -> None:
    policy = Policy(denied_countries=frozenset({"CD", "IN"}), min_primary_share=9_000, as_of_block=10**6)
    assert len(policy.violations(verified)) == 4


def test_limits_are_exact(verified: VerifiedProof) -> None:
    footprint, mass = verified.trace.footprint, verified.trace.made_mass_mg
    floor = footprint.total_mg * 10**6 // mass
    assert footprint.total_mg * 10**6 % mass, "else this tests nothing"
    assert Policy(max_co2e_mg_per_kg=floor).violations(verified)
    assert not Policy(max_co2e_mg_per_kg=floor + 1).violations(verified)


def test_who_records_no_co2e_shows_no_primary_data(verified: VerifiedProof) -> None:
    silent = replace(verified.trace.footprint, own_mg=0, inherited_mg=0, primary_mg=0)
    nothing = replace(verified, trace=replace(verified.trace, footprint=silent))
    assert Policy(min_primary_share=1).violations(nothing) == [
        "no CO2e is recorded of which a share could be from primary data"
    ]
    assert Policy(max_co2e_mg_per_kg=0, min_primary_share=0).violations(nothing) == []


def test_a_tainted_batch_is_refused(verified: VerifiedProof) -> None:
    tainted = replace(verified, trace=replace(verified.trace, tainted=True))
    assert Policy(no_tainted=True, as_of_block=1).violations(tainted) == [
        "an error is declared in it or in something upstream of it: "
    ]
    assert "an error stands declared" in " ".join(tainted.proved)


NOBODY = "nobody can show where some of it comes from"


@pytest.mark.parametrize(
    ("batch", "conditions", "reasons"),
    [
        (CART, {"max_co2e_mg_per_kg": 4_600_000}, ["it has 4.666667 kg CO2e per kg, more than 4.6 kg"]),
        (CART, {"no_suspended": True}, ["works, whom its lineage names, is suspended"]),
        (CART, {"no_critical_findings": True, "no_hold": True}, []),
        (UNTRACED, {"no_hold": True}, ["it is on hold"]),
        (UNTRACED, {"no_hold": True, "no_marks": True}, ["it is on hold"]),
        (UNTRACED, {"max_untraced": {27: 9_999}}, ["100 % of its Co is untraced, more than 99.99 %"]),
        (UNTRACED, {"max_untraced": {27: 10_000}}, []),
        (UNTRACED, {"max_untraced": {82: 0}}, ["it holds no Pb of which a part could be untraced"]),
        (CART, {"no_marks": True, "no_tainted": True, "custodian": "renew"}, []),
        (RECYCLED, {"allowed_countries": frozenset({"DE"}), "no_suspended": True}, []),
        (RECYCLED, {"denied_countries": frozenset({"DE"})}, ["some of it comes from DE, which is denied"]),
        (NEVER, {"no_marks": True}, ["what made it was reversed"]),
        (UNTRACED, {"no_marks": True}, ["it is on hold"]),
        (UNTRACED, {"denied_countries": frozenset({"CD"})}, [NOBODY]),
        (UNTRACED, {"allowed_countries": frozenset({"FI"})}, [NOBODY]),
        (UNTRACED, {"approved_origins": frozenset({1})}, [NOBODY]),
        (UNTRACED, {"min_traced": {27: 1}}, ["0 % of its Co is traced, not 0.01 %"]),
    ],
)
def test_what_was_put_right_marked_or_is_untraced(
    rich_world: RichWorld, batch: str, conditions: dict[str, Any], reasons: list[str]
) -> None:
    found = check(rich_world.proofs[batch], rich_world.trusted)
    assert Policy(as_of_block=1, **conditions).violations(found) == reasons
