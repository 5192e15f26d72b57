"""Who shows a token reads what is not for everybody; nobody else does, whatever is kept or asked before."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import httpx
import pytest

from tests.browser.servers import serving
from tests.cli.conftest import run_command, run_process
from tests.clients import client_of, new_client, write
from tests.private_chain import SECRETS, operations
from tests.web.conftest import Serve
from tests.web.patient import PATIENT, SECONDS
from traceledger.errors import InputError, VerificationError
from traceledger.web.scopes import Scope
from traceledger.web.tokens import TokenFile

PATHS = ("batches", "participants", "facilities", "shipments", "evidence")


def token(folder: Path, name: str, *options: str) -> str:
    """A new token's secret, as the command prints it."""
    config = str(folder / "networks.toml")
    added = run_command("token", "create", name, *options, "--config", config, "--json")
    assert added.code == 0, added.err
    return str(added.document["secret"])


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_private_texts(tmp_path: Path) -> None:
    folder = tmp_path / "net"
    with new_client(folder) as client:
        client.submit(write(tmp_path / "ops.jsonl", operations()), create_keys=True)
        client.sync()
    secret, other = token(folder, "owner", "--scope", "read:private"), token(folder, "other")
    with serving(folder) as server, httpx.Client(base_url=f"{server.url}/api/v1", timeout=SECONDS) as client:
        for headers in ({}, bearer(secret), {}, bearer(other), bearer(secret)):
            found = [client.get(path, headers=headers) for path in PATHS]
            assert {each.status_code for each in found} == {200}
            seen = [text for text in SECRETS if any(text in each.text for each in found)]
            assert bool(seen) == (headers == bearer(secret)), (headers, seen)
            kinds = {each.headers["cache-control"].split(",")[0] for each in found}
            assert kinds == ({"private"} if headers == bearer(secret) else {"no-cache"})
            assert "Authorization" in found[0].headers["vary"]
        tag = client.get("batches", headers=bearer(secret)).headers["etag"]
        assert client.get("batches", headers={"If-None-Match": tag}).status_code == 200
        listed = client.get("batches", headers=bearer(secret)).json()["batches"]
        name = next(each["batch"] for each in listed if each["batch"].partition("/")[2] in SECRETS)
        assert client.get(f"batches/{name}", headers=bearer(secret)).status_code == 200
        assert client.get(f"batches/{name}").status_code == 404


def test_what_opens_texts_arrives_later(tmp_path: Path) -> None:
    """No answer is kept that was made before."""
    folder = tmp_path / "net"
    with new_client(folder) as client:
        client.submit(write(tmp_path / "ops.jsonl", operations()), create_keys=True)
        client.sync()
        stored = client.network.disclosures_file
    away = stored.rename(tmp_path / "away")
    secret = token(folder, "owner", "--scope", "read:private")
    with serving(folder) as server, httpx.Client(base_url=f"{server.url}/api/v1", timeout=SECONDS) as client:
        before = client.get("batches", headers=bearer(secret))
        assert not any(text in before.text for text in SECRETS)
        away.rename(stored)
        after = client.get("batches", headers={**bearer(secret), "If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert any(text in after.text for text in SECRETS)


def test_removed_and_expired(serve: Serve, workspace: Path) -> None:
    running = serve("--proofs", "token")
    at = f"{running.url}/api/v1/batches/oem/VIN-1/proof"
    assert PATIENT.get(at).json()["code"] == "token-needed"
    good, weak = token(workspace, "good", "--scope", "read:proofs"), token(workspace, "weak")
    tokens = TokenFile(client_of(workspace).network.tokens_file)
    old = tokens.add("old", frozenset({Scope.PRIVATE, Scope.PROOFS}), created_at=0, expires_at=1)
    assert PATIENT.get(at, headers=bearer(good), timeout=SECONDS).status_code == 200
    for secret, status, code in (
        (weak, 403, "token-insufficient"),
        (old, 401, "token-expired"),
        (good[:-1], 401, "bad-token"),
        ("x", 401, "bad-token"),
    ):
        answer = PATIENT.get(at, headers=bearer(secret))
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert PATIENT.get(f"{at}?token={good}").status_code == 401
    assert PATIENT.get(at, headers={"Authorization": f"Basic {good}"}).json()["code"] == "bad-token"
    done = run_command("token", "remove", "good", "--yes", "--config", str(workspace / "networks.toml"))
    assert done.code == 0
    assert PATIENT.get(at, headers=bearer(good)).json()["code"] == "bad-token"


def test_nobody_gets_proofs(serve: Serve) -> None:
    running = serve("--proofs", "nobody")
    answer = PATIENT.get(f"{running.url}/api/v1/batches/oem/VIN-1/proof")
    assert (answer.status_code, answer.json()["code"]) == (404, "no-proofs")
    assert "VIN-1/proof" not in PATIENT.get(f"{running.url}/batches/oem/VIN-1").text


def test_each_token_has_its_own_rate(serve: Serve, workspace: Path) -> None:
    one = token(workspace, "one")
    running = serve("--rate", "0.01", "--burst", "5")
    with httpx.Client(base_url=f"{running.url}/api/v1", timeout=SECONDS) as client:
        statuses = [client.get("status", headers=bearer(one)).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_the_file_keeps_no_secret(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    tokens = TokenFile(path)
    secret = tokens.add("a", frozenset({Scope.PRIVATE, Scope.PROOFS}), created_at=0, expires_at=None)
    assert secret not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(secret) > 43
    for wrong in ("", "A", "a b", "-x", "x" * 65):
        with pytest.raises(InputError):
            tokens.add(wrong, (), created_at=0, expires_at=None)
    with pytest.raises(InputError, match="already"):
        tokens.add("a", (), created_at=0, expires_at=None)
    path.chmod(0o644)
    with pytest.raises(VerificationError, match="others may read"):
        TokenFile(path).known(secret)
    for text in ("", "{}", "[]", '{"version": 1, "tokens": [1]}', '{"version": 2, "tokens": []}', "\udcff"):
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        path.chmod(0o600)
        with pytest.raises(VerificationError):
            TokenFile(path).known(secret)


def test_commands(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace)
    assert run_command("token", "list", "--json").document == {"tokens": []}
    added = run_process("token", "create", "erp", "--scope", "read:proofs", "--days", "7")
    assert (added.code, added.out.startswith("tl_")) == (0, True)
    listed = run_command("token", "list", "--json")
    (found,) = listed.document["tokens"]
    assert (found["token"], found["scopes"], found["expired"]) == ("erp", ["read:proofs"], False)
    assert found["expires_at"] - found["created_at"] == 7 * 86_400
    assert added.out.strip() not in listed.out
    assert "erp" in run_command("token", "list").out
    assert run_command("token", "create", "erp").code == 2
    assert run_command("token", "create", "x", "--days", "1", "--no-expiry").code == 2
    assert run_command("token", "remove", "nobody").code == 2
    assert json.loads(run_command("token", "remove", "erp", "--json", "--yes").out) == {"removed": "erp"}
