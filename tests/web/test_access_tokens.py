"""Access tokens: what is signed otherwise, is over, or stands for nothing any more, is none."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from traceledger.errors import VerificationError
from traceledger.web.access_tokens import SECONDS, AccessTokens, ExpiredError
from traceledger.web.scopes import Scope
from traceledger.web.tokens import Token, TokenFile

NOW = 1_800_000_000


@pytest.fixture
def tokens(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "tokens.json")


@pytest.fixture
def token(tokens: TokenFile) -> Token:
    secret = tokens.add("buyer", {Scope.FOOTPRINTS}, created_at=NOW, expires_at=NOW + 100_000)
    found = tokens.known(secret)
    assert found is not None
    return found


@pytest.fixture
def access(tokens: TokenFile, tmp_path: Path) -> AccessTokens:
    return AccessTokens(tokens, tmp_path / "access.key")


def _unsigned(word: str) -> str:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    return f"{head}.{word.split('.')[1]}."


def test_a_word_of_ours_and_such_as_are_none(access: AccessTokens, token: Token, tmp_path: Path) -> None:
    word, seconds = access.issued(token, NOW)
    assert access.known(word, NOW + seconds - 1) == token
    claims = jwt.decode(word, OctKey.import_key(bytes.fromhex((tmp_path / "access.key").read_text()))).claims
    forged = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(b"x" * 32))
    head, body, signature = word.split(".")
    for other in (
        forged,
        _unsigned(word),
        f"{head}.{body}.",
        f"{head}.{body}",
        word + "x",
        "",
        "é",
        "x" * 9_999,
    ):
        assert access.known(other, NOW) is None, other
    assert access.known(f"{head}.{body}.{signature}", NOW) == token


def test_it_is_over_after_a_quarter_of_an_hour_or_with_its_token(
    access: AccessTokens, tokens: TokenFile, token: Token
) -> None:
    word, seconds = access.issued(token, NOW)
    assert seconds == SECONDS == 900
    with pytest.raises(ExpiredError):
        access.known(word, NOW + seconds)
    _, seconds = access.issued(token, NOW + 99_990)
    assert seconds == 10
    tokens.remove("buyer")
    tokens.add("buyer", {Scope.FOOTPRINTS}, created_at=NOW, expires_at=None)
    assert access.known(word, NOW) is None


def test_the_key_is_its_owner_s_alone(
    access: AccessTokens, tokens: TokenFile, token: Token, tmp_path: Path
) -> None:
    word, _ = access.issued(token, NOW)
    path = tmp_path / "access.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    # Another server of the same folder takes the same key.
    assert AccessTokens(tokens, path).known(word, NOW) == token
    path.chmod(0o644)
    with pytest.raises(VerificationError, match="others may read"):
        AccessTokens(tokens, path).known(word, NOW)
    path.chmod(0o600)
    path.write_text("damaged")
    with pytest.raises(VerificationError, match="damaged"):
        AccessTokens(tokens, path).known(word, NOW)
