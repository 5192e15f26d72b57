"""Copies of the chain's file on the command line, and a head that was noted elsewhere."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Run, head, run_process
from tests.storage.disks import tiny_disk

CHAIN = Path(".traceledger/local/chain.sqlite")
MINT = ("batch", "split", "katanga/KOL-1", "--into", "LATER=1 kg", "--as", "katanga", "--yes")


def clear() -> None:
    """Lose the chain's file, but not what was noted of it."""
    for each in CHAIN.parent.glob("chain.sqlite*"):
        each.unlink()


def test_a_copy_is_made_and_put_back(filled: Path, cli: Run) -> None:
    number, digest = head(filled)
    said = cli("chain", "backup", "copy.sqlite")
    assert (said.code, said.out) == (
        0,
        f"copied into copy.sqlite: {number + 1} blocks, the newest {number}:0x{digest.hex()}\n",
    )
    assert stat.S_IMODE(Path("copy.sqlite").stat().st_mode) == 0o600
    before = cli("batch", "list", "--json").document
    clear()
    said = cli("chain", "restore", "copy.sqlite")
    assert (said.code, said.out) == (
        0,
        f"restored from copy.sqlite: {number + 1} blocks, the newest {number}:0x{digest.hex()}\n",
    )
    assert head(filled) == (number, digest)
    assert cli("batch", "list", "--json").document == before
    assert cli("node", "verify").code == 0


def test_nothing_that_is_there_is_written_over(filled: Path, cli: Run) -> None:
    Path("there").write_text("mine")
    Path("link").symlink_to("elsewhere")
    for name in ("there", "link"):
        said = cli("chain", "backup", name)
        assert (said.code, said.out) == (2, "")
        assert f"{name}: exists already" in said.err
        assert said.err.count("\n") == 1
    assert Path("there").read_text() == "mine"
    assert not Path("elsewhere").exists()
    assert cli("chain", "backup", "copy.sqlite").code == 0
    kept = CHAIN.read_bytes()
    said = cli("chain", "restore", "copy.sqlite")
    assert (said.code, said.out) == (2, "")
    assert "chain.sqlite: exists already (move it out of the way first)" in said.err
    assert CHAIN.read_bytes() == kept
    clear()
    CHAIN.symlink_to(filled / "elsewhere")
    said = cli("chain", "restore", "copy.sqlite")
    assert (said.code, said.out) == (2, "")
    assert "exists already" in said.err
    assert not Path("elsewhere").exists()


def test_a_disk_that_is_full(filled: Path, cli: Run, tmp_path: Path) -> None:
    assert cli("chain", "backup", "copy.sqlite").code == 0
    with tiny_disk(tmp_path / "small", 64) as small:
        said = run_process("chain", "backup", str(small / "copy.sqlite"))
        assert (said.code, said.out) == (7, "")
        assert "the disk is full" in said.err
        assert "Traceback" not in said.err
        assert list(small.iterdir()) == []
    clear()
    kept = {each.name: each.read_bytes() for each in CHAIN.parent.iterdir() if each.is_file()}
    with tiny_disk(tmp_path / "little", 160) as little:
        folder = little / "work"
        shutil.copytree(filled, folder, ignore=shutil.ignore_patterns("*.sqlite*"))
        said = run_process(
            "chain", "restore", str(filled / "copy.sqlite"), "--config", str(folder / "networks.toml")
        )
        assert (said.code, said.out) == (7, "")
        assert "the disk is full" in said.err
        assert not [*folder.rglob("*chain.sqlite*")]
    assert {each.name: each.read_bytes() for each in CHAIN.parent.iterdir() if each.is_file()} == kept


def test_an_older_copy_is_put_back_only_when_asked(filled: Path, cli: Run) -> None:
    assert cli("chain", "backup", "older.sqlite").code == 0
    number, digest = head(filled)
    assert cli(*MINT).code == 0
    assert head(filled)[0] == number + 1
    clear()
    said = cli("chain", "restore", "older.sqlite")
    assert (said.code, said.out) == (3, "")
    assert f"ends before block {number + 1}" in said.err
    assert "--older" in said.err
    assert not CHAIN.exists()
    assert cli("chain", "restore", "older.sqlite", "--older").code == 0
    assert head(filled) == (number, digest)
    assert cli("node", "verify").code == 0


def test_a_copy_that_does_not_hold_is_not_put_back(filled: Path, cli: Run) -> None:
    assert cli("chain", "backup", "copy.sqlite").code == 0
    content = bytearray(Path("copy.sqlite").read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = bytes(4096)
    Path("copy.sqlite").write_bytes(content)
    Path("text.sqlite").write_text("no chain")
    clear()
    for name, code in (("copy.sqlite", {3}), ("text.sqlite", {3, 7}), ("missing.sqlite", {2})):
        said = cli("chain", "restore", name)
        assert said.code in code, said
        assert said.out == ""
        assert "Traceback" not in said.err
        assert not CHAIN.exists()


def test_a_noted_head_is_there(filled: Path, cli: Run) -> None:
    number, digest = head(filled)
    noted = f"{number}:0x{digest.hex()}"
    said = cli("node", "verify", "--head", noted)
    assert (said.code, said.out) == (0, f"all blocks ({number + 1}) hold, up to block {noted}\n")
    assert cli(*MINT).code == 0
    assert cli("node", "verify", "--head", noted).code == 0


@pytest.mark.parametrize("ahead", [0, 1])
def test_a_noted_head_that_is_not_there(filled: Path, cli: Run, ahead: int) -> None:
    number, digest = head(filled)
    said = cli("node", "verify", "--head", f"{number + ahead}:0x{'00' * 32}")
    assert (said.code, said.out) == (3, "")
    what = (
        f"the chain ends at block {number}, before block {number + 1} that was noted"
        if ahead
        else f"block {number} is 0x{digest.hex()}, not the one that was noted"
    )
    assert what in said.err
    assert "traceledger chain restore FILE" in said.err


@pytest.mark.parametrize(
    "text",
    ["", "7", "7:", ":0x" + "00" * 32, "7:0x00", "-1:0x" + "00" * 32, "x:0x" + "00" * 32, "7:0x" + "z" * 64],
)
def test_a_noted_head_that_is_none(filled: Path, cli: Run, text: str) -> None:
    said = cli("node", "verify", "--head", text)
    assert (said.code, said.out) == (2, "")
    assert "is not a block's number and hash, such as 7:0x…" in said.err
