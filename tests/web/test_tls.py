"""TLS at the server's own port, and what is said there to who comes without it."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.browser.servers import Server, serving
from tests.web.authority import Certified, certified, pem
from traceledger.errors import InputError
from traceledger.web.tls import context


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return certified(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def served(example: Path, files: Certified, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = Path(shutil.copytree(example, tmp_path_factory.mktemp("tls") / "it"))
    with serving(folder, *files.options) as running:
        yield running


def test_pages_and_api_over_tls(served: Server, files: Certified) -> None:
    assert served.url.startswith("https://")
    with httpx.Client(base_url=served.url, verify=files.trusting) as client:
        assert client.get("/api/v1/status").json()["network"]
        assert client.get("/").headers["content-type"] == "text/html; charset=utf-8"
    with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
        httpx.get(served.url)


def test_nothing_older_than_tls_1_2_is_spoken(files: Certified) -> None:
    assert context(files.certificate, files.key).minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_plain_http_is_answered_without_data(served: Server, method: str) -> None:
    at = served.url.replace("https", "http") + "/api/v1/status"
    answer = httpx.request(method, at, content=b"x" * 100_000 if method == "POST" else None)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    if method != "HEAD":
        assert answer.json() == {
            "code": "BadRequest",
            "message": "this port speaks TLS only: ask with https",
        }


def _talked(server: Server, sent: bytes) -> bytes:
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(4096), b""))


@pytest.mark.parametrize("sent", [b"", b"\x16", b"\x16\x03\x01\xff\xff" + b"\0" * 300, b"\x00nonsense"])
def test_what_is_no_tls_harms_nobody(served: Server, files: Certified, sent: bytes) -> None:
    answer = _talked(served, sent)
    if sent[:1] == b"\x00":
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "BadRequest"
    assert httpx.get(f"{served.url}/api/v1/status", verify=files.trusting).status_code == 200


def test_silent_connections_count_for_the_limit_of_an_address(served: Server, files: Certified) -> None:
    port = int(served.url.rpartition(":")[2])
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(64)]
    try:
        # The next is closed at once, whatever it says.
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{served.url}/api/v1/status", verify=files.trusting)
    finally:
        for each in silent:
            each.close()


def _mismatched(files: Certified, folder: Path) -> tuple[Path, Path]:
    return files.certificate, certified(folder / "other").key


def _no_certificate(files: Certified, folder: Path) -> tuple[Path, Path]:
    (folder / "no.pem").write_text("no certificate")
    return folder / "no.pem", files.key


def _no_key(files: Certified, folder: Path) -> tuple[Path, Path]:
    (folder / "no.key").touch(mode=0o600)
    return files.certificate, folder / "no.key"


def _encrypted(files: Certified, folder: Path) -> tuple[Path, Path]:
    (folder / "hidden.key").touch(mode=0o600)
    (folder / "hidden.key").write_bytes(pem(ec.generate_private_key(ec.SECP256R1()), b"secret"))
    return files.certificate, folder / "hidden.key"


def _open_to_all(files: Certified, folder: Path) -> tuple[Path, Path]:
    (folder / "open.key").write_bytes(files.key.read_bytes())
    (folder / "open.key").chmod(0o644)
    return files.certificate, folder / "open.key"


def _missing(files: Certified, folder: Path) -> tuple[Path, Path]:
    return folder / "missing.pem", files.key


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_mismatched, "the key is not that of the certificate"),
        (_no_certificate, "no certificate in PEM"),
        (_no_key, "no key in PEM"),
        (_encrypted, "the key is encrypted"),
        (_open_to_all, "others may read the key"),
        (_missing, "missing.pem"),
    ],
)
def test_files_that_cannot_be_used(
    files: Certified, tmp_path: Path, make: Callable[[Certified, Path], tuple[Path, Path]], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        context(*make(files, tmp_path))
