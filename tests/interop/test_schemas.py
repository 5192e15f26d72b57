"""Official schemas: recognised by what they say, kept, and asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import run_command
from traceledger.errors import InputError, VerificationError
from traceledger.interop import schemas


@pytest.fixture(autouse=True)
def _kept_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(schemas.ENVIRONMENT, str(tmp_path / "kept"))


def test_every_known_schema_is_recognised_kept_and_asked(shared: Path) -> None:
    published = sorted((shared / "data/schemas").rglob("*schema*.json"))
    published = [each for each in published if each.parent.name != "pact"]
    added = {schemas.add(file).name for file in published}
    assert added == {*schemas.known()}
    for name in added:
        asked = schemas.ask(name, {"nothing": "of it"})
        assert asked is not None, name
    asked = schemas.ask("epcis", {"type": "EPCISDocument"})
    assert asked is not None and asked.faults and not asked.to_dict()["valid"]
    sample = json.loads((shared / "data/schemas/catenax/pcf-9.0.0/Pcf.json").read_bytes())
    asked = schemas.ask("catenax.pcf", sample)
    assert asked is not None and not asked.faults


def test_a_hostile_document_is_judged_and_not_told(shared: Path) -> None:
    """A validator copies all of an object for each name that is wrong in it."""
    schemas.add(shared / "data/schemas/epcis/epcis-json-schema.json")
    asked = schemas.ask("epcis", {"type": "EPCISDocument", **{f"x{number}": 1 for number in range(20_000)}})
    assert asked is not None and asked.faults == (("", "it is not valid, and too large to say where"),)


def test_encoding_and_layout_do_not_matter(shared: Path, tmp_path: Path) -> None:
    source = shared / "data/schemas/batterypass/Circularity/Circularity-schema.json"
    file = tmp_path / "Circularity-schema.json"
    file.write_bytes(source.read_text("utf-8").replace("\n", "\r\n").encode("utf-16"))
    assert schemas.add(file).name == "batterypass.circularity"
    assert run_command("schema", "add", str(file), "--json").document["added"][0]["here"]


def test_what_is_kept_and_changed_is_not_asked(shared: Path) -> None:
    assert schemas.official("epcis") is None
    assert schemas.ask("epcis", {}) is None
    kept = schemas.add(shared / "data/schemas/epcis/epcis-json-schema.json").file
    assert schemas.official("epcis") is not None
    kept.write_bytes(b"{}")
    with pytest.raises(VerificationError, match="has changed"):
        schemas.official("epcis")


@pytest.mark.parametrize("content", [b"{}", b"[", b"", b"\xff\xfe\x00", b'{"a": 1, "a": 2}'])
def test_what_is_no_known_schema_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    file.write_bytes(content)
    with pytest.raises(InputError):
        schemas.add(file)
    with pytest.raises(InputError):
        schemas.add(tmp_path / "none.json")


def test_the_list_says_where_each_is_published(tmp_path: Path) -> None:
    listed = run_command("schema", "list", "--json").document
    assert listed["folder"] == str(tmp_path / "kept")
    assert {each["name"] for each in listed["schemas"]} == {*schemas.known()}
    assert not any(each["here"] for each in listed["schemas"])
    assert "raw.githubusercontent.com/gs1/linkset" in run_command("schema", "list").out
