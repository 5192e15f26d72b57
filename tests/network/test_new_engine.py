"""A new engine or way of sealing does not type-check until every part of the package has decided about it."""

from __future__ import annotations

import pytest

from tests.additions import complaints

PLACES = {
    "how its networks are founded": "network/engines:engine_named",
    "how its nodes are asked and told": "network/control:control_of",
    "whether a node may have to give way": "network/fork_repair:_forks",
    "how many of its validators must run": "network/lifecycle:_enough",
    "how a network that stands still is got going": "network/lifecycle:_mend",
    "what is said of one that stands still": "network/standstill:advice",
    "which block is final, while reading": "chain/rpc/chain:_tip_of",
    "whether blocks are made all the time": "chain/rpc/chain:_is_steady",
    "how its blocks are sealed": "proofs/build/sealers:sealing_kind",
    "who may seal which block": "proofs/build/sealers:sealers_of",
    "how many headers show that a block is final": "proofs/build/sealers:followers",
    "which seals a verifier accepts": "proofs/seals:sealing_of",
    "how its headers are hashed": "proofs/proved_headers:_hashed",
    "what a verdict says of its seals": "proofs/verify/report:_sealed",
}


def test_the_type_checker_names_every_place_that_must_decide_and_no_other(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    found = complaints(tmp_path_factory)["else"]
    assert {complaint.place for complaint in found} == set(PLACES.values())
