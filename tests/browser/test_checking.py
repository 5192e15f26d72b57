"""A page checks its proof file in a real browser: from a file, offline, under its policy."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import ask, cut_off, violations
from tests.browser.conftest import Visit, copied
from tests.clients import client_of
from tests.proofs.mutations import MUTATORS, material
from tests.proofs.support import NOW, changed, check
from traceledger.declaration import declare
from traceledger.documents.declarations import declaration
from traceledger.errors import InputError, VerificationError
from traceledger.languages import ENGLISH, Language, language
from traceledger.pages.environment import environment
from traceledger.pages.frame import self_contained
from traceledger.pages.verification import Check, script
from traceledger.proofs import TrustRoot

CAR, OTHER = "oem/VIN-1", "oem/VIN-2"
PAGE = (
    '{% extends "base.html" %}{% block title %}x{% endblock %}'
    '{% block main %}<h1>x</h1><h2>x</h2>{% include "verification.html" %}{% endblock %}'
)
VERIFY = """async ([data, root, batch, now]) => {
  const bytes = Uint8Array.from(atob(data), each => each.charCodeAt(0));
  try {
    const found = await TraceLedgerProof.verify(new Blob([bytes]), root, { batch, now });
    return ["verified", TraceLedgerProof.write(found.claims)];
  } catch (error) {
    const kinds = [[TraceLedgerProof.Malformed, "malformed"], [TraceLedgerProof.Refused, "refused"]];
    return [kinds.find(([kind]) => error instanceof kind)?.[1] ?? `failed: ${error.stack}`, ""];
  }
}"""


@dataclass(frozen=True)
class Published:
    """What is beside a page: the declaration, the trust root, and proof files of it and of another lot."""

    document: dict[str, Any]
    trusted: TrustRoot
    proof: Path
    other: Path

    def page(
        self,
        folder: Path,
        spoken: Language = ENGLISH,
        document: Mapping[str, Any] | None = None,
        oldest: int = 0,
    ) -> str:
        """The address of the page that checks; of another declaration if one is given."""
        shown = Check(self.trusted, document or self.document, spoken, oldest)
        frame = self_contained(scripts=(script(),))
        made = environment(spoken).from_string(PAGE).render(frame=frame, verification=shown)
        (folder / "page.html").write_text(made, "utf-8")
        return (folder / "page.html").as_uri()


def published(folder: Path, batch: str, other: str) -> Published:
    with client_of(folder) as client:
        for name, of in (("this.tlproof", batch), ("other.tlproof", other)):
            client.export_proof(of, folder / name)
        document = declaration(declare(client.index, client.batch_id(batch)))
        return Published(document, client.trust_root(), folder / "this.tlproof", folder / "other.tlproof")


@pytest.fixture(scope="module")
def car(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Published:
    return published(copied(example, tmp_path_factory), CAR, OTHER)


def verdict(page: Page, file: Path) -> list[str]:
    """What the page says of a file, line by line."""
    page.set_input_files("#verify-file", file)
    page.wait_for_selector(".verdict-line")
    return [line for line in page.inner_text("#verify-verdict").splitlines() if line]


def kept(folder: Path, data: bytes) -> Path:
    (folder / "changed.tlproof").write_bytes(data)
    return folder / "changed.tlproof"


def test_the_file_of_the_page(car: Published, visit: Visit, tmp_path: Path) -> None:
    page = visit(car.page(tmp_path), offline=True)
    began = page.evaluate("performance.now()")
    first, *lines = verdict(page, car.proof)
    assert page.evaluate("performance.now()") - began < 3_000
    found = check(car.proof.read_bytes(), car.trusted)
    assert first.split(":")[0] == ("Faulty" if found.wrong else "Verified")
    assert f"block {found.preamble.block}" in first
    restated = found.trace.footprint.restated
    assert restated
    assert any(line.startswith(f"{restated.total_mg:,} mg (") for line in lines)
    assert any(f"All {found.measured.events} events" in line for line in lines)
    assert violations(page) + cut_off(page) == []


def test_the_file_of_another_lot(car: Published, visit: Visit, tmp_path: Path) -> None:
    first, *_ = verdict(visit(car.page(tmp_path)), car.other)
    assert first == "Refused: this file is about another batch than this page."


def test_other_figures_than_the_page_shows(car: Published, visit: Visit, tmp_path: Path) -> None:
    co2e = car.document["co2e"]
    restated = {**co2e["restated"], "primary_mg": "5000000"}
    lighter = {**car.document, "made_mass_mg": "1", "co2e": {**co2e, "restated": restated}}
    first, *lines = verdict(visit(car.page(tmp_path, document=lighter)), car.proof)
    assert first.startswith("Refused: the file is true, but proves other figures")
    assert ": this page shows 5,000,000 mg (0.005 t), the file proves " in lines[0]
    assert lines[1].startswith("Mass when made: this page shows 1 mg (0 t), the file proves 2,200,000,000 mg")


def test_a_file_from_before_the_pages_own(car: Published, visit: Visit, tmp_path: Path) -> None:
    """Its figures may be the same, and what was found wrong since is not in it."""
    later = check(car.proof.read_bytes(), car.trusted).preamble.block + 1
    first, *_ = verdict(visit(car.page(tmp_path, oldest=later)), car.proof)
    assert first.startswith("Refused: this file is older than the one that came with this page.")


def test_a_changed_claim(car: Published, visit: Visit, tmp_path: Path) -> None:
    def lighter(lines: list[dict[str, Any]]) -> None:
        next(line for line in lines if line["type"] == "claims")["values"]["made_mass_mg"] = "1"

    first, *lines = verdict(visit(car.page(tmp_path)), kept(tmp_path, changed(car.proof, lighter)))
    assert first == "Refused: something in this file does not hold."
    assert 'the claim "made_mass_mg" does not follow' in " ".join(lines)


def test_what_is_no_single_stream_or_too_large(car: Published, visit: Visit, tmp_path: Path) -> None:
    page, stored = visit(car.page(tmp_path)), car.proof.read_bytes()
    for data in (
        b"",
        stored + b"\0",
        stored + stored,
        gzip.compress(b"") + stored,
        stored[:-9],
        bytes(100 * 2**20),
    ):
        first, *_ = verdict(page, kept(tmp_path, data))
        assert first == "Refused: this is no proof file, or it is damaged.", data[:10]


def test_what_expired_is_believed_no_more(car: Published, visit: Visit, tmp_path: Path) -> None:
    page = visit(car.page(tmp_path))
    root = {**car.trusted.to_dict(), "expires": "2026-01-01T00:00:00Z"}
    said = page.evaluate(VERIFY, [_text(car.proof.read_bytes()), root, car.document["id"], NOW])
    assert said[0] == "refused"


@pytest.mark.parametrize("kind", ["stored bytes", "gzip header", "plain bytes", "json values", "trie nodes"])
def test_the_browser_says_what_python_says(car: Published, visit: Visit, tmp_path: Path, kind: str) -> None:
    page, (mutate, _) = visit(car.page(tmp_path)), MUTATORS[kind]
    valid = material(car.proof.read_bytes(), car.other.read_bytes())
    for number in range(8):
        data = mutate(Random(f"browser {kind} {number}"), valid)
        said, claims = page.evaluate(VERIFY, [_text(data), car.trusted.to_dict(), car.document["id"], NOW])
        try:
            assert (said, len(claims) > 1_000) == ("verified", bool(check(data, car.trusted)))
        except InputError:
            assert said == "malformed"
        except VerificationError:
            # What stands before a fault in the stream may not hold either, and is read first, or not.
            assert said in ("refused", "malformed") if kind == "stored bytes" else said == "refused"


def test_names_that_attack(
    hostile: Path, tmp_path_factory: pytest.TempPathFactory, visit: Visit, tmp_path: Path
) -> None:
    attacked = published(copied(hostile, tmp_path_factory), "kokkola/D", "kokkola/D")
    page = visit(attacked.page(tmp_path, language("de")), width=320)
    first, *lines = verdict(page, attacked.proof)
    assert first.split(":")[0] in ("Fehlerhaft", "Geprüft", "Faulty", "Verified")
    assert lines
    assert ask(page, "planted") + cut_off(page) == []


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
