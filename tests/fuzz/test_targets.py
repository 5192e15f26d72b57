"""Some of what ``scripts/fuzz`` does, on each target; it goes on from here for as long as one likes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests import fuzz
from tests.conftest import ROOT
from tests.fuzz.target import FoundError, kept, search

COUNTS = {"verifier": 150, "node": 400, "operations": 60, "keystore": 800, "networks": 800}


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_a_bounded_run(name: str, tmp_path: Path) -> None:
    with fuzz.opened(name, tmp_path) as target:
        outcomes = search(target, "tests", go_on=lambda number: number < COUNTS[name])
        assert outcomes.total() == COUNTS[name]
        assert len(outcomes) > 1, "all inputs had one fate: the changes reach nothing"


def test_the_same_seed_makes_the_same_input(tmp_path: Path) -> None:
    with fuzz.opened("keystore", tmp_path) as target:
        assert len({target.changed(Random("a")) for _ in range(3)}) == 1
        assert len({target.changed(Random(f"a/{number}")) for number in range(50)}) > 40


class Gullible:
    """Believes everything, until it is given a line end."""

    suffix = ".txt"

    def inputs(self) -> dict[str, bytes]:
        return {"valid": b"valid"}

    def changed(self, random: Random) -> bytes:
        return bytes([random.randrange(32)])

    def outcome(self, data: bytes) -> str:
        assert data != b"\n", "a line end is taken for text"
        return "believed"


def test_what_is_found_is_kept_with_its_seed(tmp_path: Path) -> None:
    with pytest.raises(
        FoundError, match=r"seed s/\d+: AssertionError: a line end is taken for text"
    ) as found:
        search(Gullible(), "s", go_on=lambda _: True)
    assert kept(tmp_path, Gullible(), found.value).read_bytes() == b"\n"
    assert Gullible().changed(Random(found.value.seed)) == b"\n"


def test_what_takes_too_long_is_found() -> None:
    with pytest.raises(FoundError, match="takes"):
        search(Gullible(), "s", go_on=lambda _: True, slow=-1)


def test_the_command(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "fuzz"), "keystore", "--keep", str(tmp_path)]
    done = subprocess.run([*command, "--iterations", "20"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.startswith("keystore: 20 inputs")) == (0, True), done.stderr
    (tmp_path / "input").write_bytes(b"{}")
    done = subprocess.run(
        [*command, "--replay", str(tmp_path / "input")], capture_output=True, text=True, check=False
    )
    assert done.stdout == "keystore: refused\n"
