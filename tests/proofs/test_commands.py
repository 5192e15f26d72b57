"""``traceledger proof`` and ``traceledger trust-root``: results, reasons and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome, run_command
from tests.clients import PASSPHRASE
from tests.proofs.conftest import BATCH, World
from tests.proofs.support import changed
from traceledger.errors import ExitCode
from traceledger.model.hexadecimal import hexed
from traceledger.proofs import load_trust_root
from traceledger.proofs.succession import identity


@pytest.fixture
def root(world: World, tmp_path: Path) -> Path:
    path = tmp_path / "root.json"
    path.write_text(world.trusted.dumps())
    return path


@pytest.fixture
def there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the folder of the network, with the passphrase."""
    monkeypatch.chdir(world.folder)
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)


def verify(world: World, root: Path, *options: str, proof: Path | None = None, batch: str = BATCH) -> Outcome:
    file = str(proof or world.proof)
    return run_command("proof", "verify", file, batch, "--trust-root", str(root), *options)


def test_it_says_what_was_proved_and_what_not(
    world: World, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = verify(world, root)
    assert (outcome.code, outcome.err) == (0, "")
    for expected in (f"Verified: {BATCH}", "single authority", "Not proved", "What happened after block"):
        assert expected in outcome.out


def test_exit_codes(world: World, root: Path, tmp_path: Path) -> None:
    assert verify(world, root, "--json").document["verdict"] == "accepted"
    refused = verify(
        world, root, "--json", "--no-tainted", "--max-age", "1 day", "--origin-country", "deny=cd,IN"
    )
    assert refused.code == ExitCode.NOT_ACCEPTED
    assert refused.document["verdict"] == "refused"
    assert len(refused.document["reasons"]) == 2
    assert "comes from CD, which is denied; some of it comes from IN" in refused.err

    forged = tmp_path / "forged"
    forged.write_bytes(changed(world.proof, lambda lines: [*lines[:-1], _heavier(lines[-1])]))
    outcome = verify(world, root, proof=forged)
    assert (outcome.code, outcome.out) == (ExitCode.VERIFICATION, "")
    assert "'made_mass_mg' does not follow" in outcome.err

    cut = tmp_path / "cut"
    cut.write_bytes(world.proof.read_bytes()[:-100])
    assert verify(world, root, proof=cut).code == ExitCode.INPUT
    assert verify(world, root, proof=tmp_path / "absent").code == ExitCode.INPUT
    assert verify(world, tmp_path / "absent").code == ExitCode.INPUT
    assert verify(world, world.proof).code == ExitCode.INPUT


def _heavier(claims: dict) -> dict:  # type: ignore[type-arg]
    return {**claims, "values": {**claims["values"], "made_mass_mg": "1"}}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--origin-country", "CD"], "no rule for countries"),
        (["--origin-country", "allow=Congo"], "no rule for countries"),
        (["--min-recycled", "Co"], "--min-recycled"),
        (["--min-recycled", "Xx=5%"], "Xx"),
        (["--min-recycled", "Co=5%", "--min-recycled", "cobalt=6%"], "given twice"),
        (["--max-co2e-per-kg", "a lot"], "a lot"),
        (["--as-of", "yesterday"], "yesterday"),
    ],
)
def test_policies_that_are_not_understood(world: World, root: Path, options: list[str], message: str) -> None:
    outcome = verify(world, root, *options)
    assert outcome.code == ExitCode.INPUT
    assert message in outcome.err


@pytest.mark.usefixtures("there")
def test_export_and_witness(world: World, tmp_path: Path) -> None:
    proof, note, root = tmp_path / "p", tmp_path / "note.json", tmp_path / "root.json"
    assert run_command("proof", "witness", "--key", "deployer", "-o", str(note)).code == 0
    witness = run_command("key", "show", "deployer", "--json").document["address"]
    made = run_command("trust-root", "export", "-o", str(root), "--witness", witness, "--json")
    assert made.document["witnesses"] == {"threshold": 1, "addresses": [witness]}
    exported = run_command("proof", "export", BATCH, "-o", str(proof), "--checkpoint", str(note), "--json")
    assert exported.document["block"] == json.loads(note.read_text())["number"]
    assert exported.document["bytes"] == proof.stat().st_size
    found = verify(world, root, "--json", proof=proof).document
    assert found["finality"]["witnessed"] == 1
    assert "1 of 1 trusted witnesses" in " ".join(found["trust"])

    apart = run_command("proof", "export", BATCH, "-o", str(proof), "--linked", "--yes")
    assert apart.code == 0
    assert verify(world, root, "--json", "--checkpoint", str(note), proof=proof).document["finality"][
        "witnessed"
    ]


@pytest.mark.usefixtures("there")
def test_a_trust_root_is_shown_and_printed(root: Path) -> None:
    printed = run_command("trust-root", "export")
    assert printed.out == root.read_text()
    shown = run_command("trust-root", "show", str(root))
    assert "authority" in shown.out
    assert hexed(identity(load_trust_root(root))) in shown.out
    pinned = run_command("trust-root", "export", "--pin", "3", "--json").document
    assert [each["number"] for each in pinned["pinned"]] == [3]
    assert run_command("trust-root", "export", "--pin", "99999").code == ExitCode.INPUT
    assert run_command("trust-root", "export", "--witness", "0x12").code == ExitCode.INPUT


@pytest.mark.usefixtures("there")
def test_what_cannot_be_exported(world: World, tmp_path: Path) -> None:
    assert run_command("proof", "export", "oem/NONE", "-o", str(tmp_path / "p")).code == ExitCode.INPUT
    early = run_command("proof", "export", BATCH, "-o", str(tmp_path / "p"), "--as-of", "1")
    assert early.code == ExitCode.INPUT
    late = run_command("proof", "export", BATCH, "-o", str(tmp_path / "p"), "--as-of", "99999")
    assert (late.code, "not final yet" in late.err) == (ExitCode.INPUT, True)
    assert list(tmp_path.iterdir()) == []
    assert world.proof.exists()
