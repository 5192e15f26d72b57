"""No forged file is believed, and no flipped bit; ``scripts/attack-proofs`` counts more of both."""

from __future__ import annotations

from tests.proofs.attacks import believed, flipped
from tests.proofs.conftest import SmallWorld


def test_no_forged_file_is_believed(small_world: SmallWorld) -> None:
    others = {"stale": small_world.stale, "other": small_world.other}
    counted, found = believed(small_world.proof, small_world.trusted, others)
    assert found == []
    assert sum(counted.values()) > 400
    assert len(counted) > 8


def test_no_flipped_bit_is_believed(small_world: SmallWorld) -> None:
    """A sample; a prime reaches every place of a byte. What says the same are bits of the gzip header."""
    outcomes = flipped(small_world.proof, small_world.trusted, every=4_999)
    assert outcomes["stored: malformed"] > 15
    assert outcomes["text: malformed"] + outcomes["text: not verified"] > 80
    assert outcomes["text: same"] == 0
