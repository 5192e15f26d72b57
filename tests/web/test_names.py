"""Names that suppliers choose, in addresses: each leads to its own thing, however it is spelled."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import hypothesis.strategies as st
import pytest
from hypothesis import given

from tests.browser import ledgers
from tests.browser.servers import Server, serving
from tests.clients import new_client
from tests.once import once
from tests.web.patient import SECONDS
from traceledger.web.paths import API, link, segment, text_of

ODD = [
    "a/b.json",
    ".",
    "..",
    "...",
    "%2F",
    "%252F",
    "x~",
    "x~~",
    "~",
    ".json",
    "b.csv",
    "😀 é",
    "?q#f",
    "a;b=c",
    "//",
]


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over the ledger of attacks."""
    folder = once(tmp_path_factory, "hostile-of-browser", ledgers.hostile)
    with serving(Path(shutil.copytree(folder, tmp_path_factory.mktemp("served") / "it"))) as server:
        yield server


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_segment_gives_its_name_back(text: str) -> None:
    raw = segment(text)
    assert text_of(raw) == text
    assert "/" not in raw
    assert raw not in (".", "..")
    assert not raw.endswith(".json")


def test_no_browser_changes_an_address() -> None:
    for name in ODD:
        path = link("batches", f"oem/{name}")
        assert urljoin("http://localhost/x/y", path) == f"http://localhost{path}"
        assert httpx.URL(f"http://localhost{path}").raw_path.decode() == path


def test_odd_identifiers(tmp_path: Path) -> None:
    folder = tmp_path / "net"
    with new_client(folder) as client:
        client.create_key("oem")
        client.define_material("ore", name="Ore", substances=["Co"])
        client.register_participant("oem", name="Maker", country="SE", roles=["producer"])
        client.register_facility("pit", act_as="oem", kind="mine", country="SE")
        client.approve_origin("oem/pit", "ore", capacity_per_year="100 t")
        for name in ODD:
            client.mint(
                name,
                act_as="oem",
                material="ore",
                facility="pit",
                mass="1 t",
                substances={"Co": "1 kg"},
                origin="mined",
                at="2026-01-17T06:00:00Z",
            )
        client.sync()
    with serving(folder) as server, httpx.Client(base_url=server.url, timeout=SECONDS) as asking:
        for name in ODD:
            path = link("batches", f"oem/{name}")
            assert asking.get(API + path).json()["batch"] == f"oem/{name}"
            assert asking.get(API + path + "/trace").json()["batch"] == f"oem/{name}"
            page, twin = asking.get(path), asking.get(path + ".json")
            assert (page.status_code, twin.status_code) == (200, 200), path
            assert page.headers["content-type"].startswith("text/html")
            assert twin.headers["content-type"] == "application/json"
            download = asking.get(API + path + "/proof").headers["content-disposition"]
            assert "/" not in download.partition("''")[2]


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("batches", "batch"),
        ("participants", "participant"),
        ("facilities", "facility"),
        ("materials", "material"),
        ("shipments", "shipment"),
        ("findings", "finding"),
        ("assessments", "assessment"),
    ],
)
def test_hostile_names(kind: str, key: str, attacked: Server) -> None:
    with httpx.Client(base_url=attacked.url, timeout=SECONDS) as asking:
        found = asking.get(f"{API}/{kind}?limit=500").json()[kind]
        assert found
        for each in found:
            answer = asking.get(API + link(kind, each[key]))
            assert answer.status_code == 200, (each[key], answer.text)
            assert answer.json()[key] == each[key]
            assert answer.content.isascii()
        table = asking.get(f"{API}/{kind}.csv?limit=500").text
        assert not [line for line in table.splitlines() if line[:1] in "=+@|%"]


def test_without_the_extra() -> None:
    program = """
import sys
sys.modules["starlette"] = None
from traceledger.cli import main
sys.exit(main(["serve"]))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'traceledger-evm[web]'" in done.stderr
