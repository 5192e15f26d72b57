"""What is exported holds before it appears, and private texts go to nobody but who asked for them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome, run_command
from tests.clients import PASSPHRASE, client_of, embedded_chain, network_of, new_client, write
from tests.private_chain import SECRETS, operations
from tests.proofs.support import lines_of
from traceledger.chain.base import AccountProof
from traceledger.chain.embedded import EmbeddedChain
from traceledger.errors import ExitCode, VerificationError
from traceledger.model.commitments import GROUPS

BATCH = "kokkola/COS-88"


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exporting")
    with new_client(folder / "net") as client:
        client.submit(write(folder / "ops.jsonl", operations()), create_keys=True)
    return folder / "net"


@pytest.fixture
def there(net: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(net)
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)
    return tmp_path


def ran(*words: object) -> Outcome:
    return run_command(*map(str, words))


def secrets_in(path: Path) -> list[str]:
    content = "\n".join(map(str, lines_of(path)))
    return [secret for secret in SECRETS if secret in content]


def test_private_texts_stay_out_unless_they_are_asked_for(there: Path) -> None:
    plain, full, some = there / "plain", there / "full", there / "some"
    assert ran("proof", "export", BATCH, "-o", plain).code == 0
    assert secrets_in(plain) == []
    assert ran("proof", "export", BATCH, "-o", full, "--disclose").code == 0
    assert len(secrets_in(full)) > 2
    assert ran("proof", "export", BATCH, "-o", some, "--disclose", "--hide", "names").code == 0
    assert "Katanga Example Mining" not in secrets_in(some) != []
    assert ran("proof", "export", BATCH, "-o", plain, "--hide", "names").code == ExitCode.INPUT
    assert (
        ran("proof", "export", BATCH, "-o", there / "x", "--disclose", "--hide", "hats").code
        == ExitCode.INPUT
    )
    assert not (there / "x").exists()


WRITERS = (
    ("proof", "export", BATCH, "--disclose"),
    ("disclosure", "export", "--all"),
    ("proof", "redact", "FULL", "--hide", "names"),
)


@pytest.mark.parametrize("writer", WRITERS, ids=" ".join)
def test_what_discloses_is_its_owners_alone_and_replaces_nothing(there: Path, writer: Sequence[str]) -> None:
    full, target, planted = there / "full", there / "target", there / "planted"
    assert ran("proof", "export", BATCH, "-o", full, "--disclose").code == 0
    words = [full if word == "FULL" else word for word in writer]
    old = os.umask(0)
    try:
        assert ran(*words, "-o", target).code == 0
    finally:
        os.umask(old)
    assert target.stat().st_mode & 0o777 == 0o600
    before = target.read_bytes()
    again = ran(*words, "-o", target)
    assert (again.code, "exists already" in again.err) == (ExitCode.INPUT, True)
    assert target.read_bytes() == before
    # A symbolic link that somebody planted: to a file of theirs, and to nothing yet.
    planted.write_text("theirs")
    for name in ("planted", "nothing"):
        link = there / f"link to {name}"
        link.symlink_to(there / name)
        assert ran(*words, "-o", link).code == ExitCode.INPUT
        assert link.is_symlink()
    assert planted.read_text() == "theirs"
    assert not (there / "nothing").exists()
    assert not list(there.glob(".*partial"))


def test_a_link_where_nothing_private_goes_is_replaced_itself(there: Path) -> None:
    (there / "theirs").write_text("theirs")
    (there / "link").symlink_to(there / "theirs")
    assert ran("proof", "export", BATCH, "-o", there / "link").code == ExitCode.INPUT
    assert ran("proof", "export", BATCH, "-o", there / "link", "--yes").code == 0
    assert not (there / "link").is_symlink()
    assert (there / "theirs").read_text() == "theirs"


class Lying(EmbeddedChain):
    """A node that answers with another mass of some lots."""

    def prove(self, address: bytes, keys: Sequence[int], number: int | None = None) -> AccountProof:
        found = super().prove(address, keys, number)
        cut = tuple(replace(each, proof=each.proof[:-1]) for each in found.storage)
        return replace(found, storage=cut)


@pytest.mark.parametrize("disclose", [(), tuple(GROUPS)])
def test_what_does_not_hold_is_not_kept(net: Path, tmp_path: Path, disclose: tuple[str, ...]) -> None:
    shutil.copytree(net, tmp_path / "net")
    chain = embedded_chain(network_of(tmp_path / "net"), Lying)
    old = tmp_path / "file"
    if not disclose:
        old.write_text("of yesterday")
    kept = pytest.raises(VerificationError, match="that was made does not hold, and is not kept")
    with client_of(tmp_path / "net", chain=chain) as client, kept:
        client.export_proof(BATCH, old, disclose=disclose)
    assert (old.read_text() if old.exists() else "") == ("" if disclose else "of yesterday")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
