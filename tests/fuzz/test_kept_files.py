"""Some of what ``scripts/flip-files`` does, on each file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.kept_files import FILES, build, flips


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("kept")
    build(made)
    return made


@pytest.mark.parametrize("name", FILES)
def test_flipped_bits_are_noticed_or_harmless(folder: Path, name: str) -> None:
    found = flips(folder, name, count=5, seed=7)
    assert (found["wrong"], found["crashed"]) == (0, 0), found
    assert found["noticed"] + found["harmless"] == 5
