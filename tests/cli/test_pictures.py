"""``--svg``: pictures of the example, in files and on standard output, with the numbers of ``--json``."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, run_process
from tests.clients import PASSPHRASE
from tests.pages.pictures import milligrams, outside, shows, texts
from traceledger.languages import ENGLISH, language

CAR = "oem/VIN-1"
ORE = "katanga/ORE-2026-014"
YEAR = ("emissions", "report", "--year", "2026", "--by", "department")
DRAWN = (("footprint", CAR), ("trace", CAR), ("trace", ORE, "--down"), YEAR)


@pytest.fixture(autouse=True)
def _workspace(example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working folder: a copy of the example."""
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)
    monkeypatch.chdir(shutil.copytree(example, tmp_path / "it"))


def drawn(cli: Run, *command: str) -> tuple[ET.Element, Any]:
    """The picture of a command's result, and its document."""
    outcome = cli(*command, "--json", "--svg", "it.svg")
    assert outcome.code == 0, outcome.err
    root = ET.parse("it.svg").getroot()
    Path("it.svg").unlink()
    return root, outcome.document


@pytest.mark.parametrize("narrow", ((), ("--narrow",)), ids=("wide", "narrow"))
@pytest.mark.parametrize("command", DRAWN, ids=" ".join)
def test_the_file_is_whole_and_asks_for_nothing(
    cli: Run, command: tuple[str, ...], narrow: tuple[str, ...]
) -> None:
    root, _ = drawn(cli, *command, *narrow)
    assert not outside(root)
    assert root.get("width") == root.get("viewBox", "").split()[2]
    assert not narrow or float(root.get("width", "")) <= 360
    assert any(
        "prefers-color-scheme: dark" in (each.text or "") for each in root.iter() if "style" in each.tag
    )


@pytest.mark.parametrize("code", ("en", "de", "zh-Hans"))
def test_a_footprint_has_the_numbers_of_its_document(cli: Run, code: str) -> None:
    root, document = drawn(cli, "footprint", CAR, "--lang", code)
    co2e, spoken = document["co2e"], language(code)
    order = ("raw_material_acquisition", "main_production", "distribution", "end_of_life", "not_assigned")
    recorded, known = int(co2e["total_mg"]), int(co2e["restated"]["total_mg"])
    expected = [*(int(co2e["by_stage"][stage]) for stage in order), recorded, known - recorded, known]
    found = list(texts(root, "figure"))
    assert all(shows(*each, spoken) for each in zip(found, expected, strict=True)), (found, expected)
    assert sum(expected[:5]) == recorded


def test_a_trace_has_every_batch_and_what_it_was_made_with(cli: Run) -> None:
    outcome = cli("trace", CAR, "--tree", "--json", "--svg", "it.svg")
    lineage = outcome.document["lineage"]["batches"]
    root = ET.parse("it.svg").getroot()
    figures = [milligrams(each, ENGLISH)[0] for each in texts(root, "figure")]
    made = [int(row["made_mass_mg"]) for row in lineage]
    assert len(figures) == len(made) == outcome.document["batches"]
    assert all(abs(a - b) <= b // 1000 for a, b in zip(sorted(figures), sorted(made), strict=True))
    assert set(texts(root, "heading")) == {row["batch"].split("/")[1] for row in lineage}


def test_what_was_made_of_something_is_drawn_too(cli: Run) -> None:
    root, document = drawn(cli, "trace", ORE, "--down")
    names = set(texts(root, "heading"))
    assert {row["batch"].split("/")[1] for row in document["reached"]} | {"ORE-2026-014"} == names


def test_emissions_have_the_numbers_of_their_document(cli: Run) -> None:
    root, document = drawn(cli, *YEAR, "--base-year", "2025", "--target", "50% by 2030")
    expected = [int(figures["total_mg"]) for _, figures in sorted(document["total"].items())]
    expected += [int(row["figures"]["2026"]["total_mg"]) for row in document["groups"]]
    found = list(texts(root, "figure"))
    assert all(shows(*each, ENGLISH) for each in zip(found, expected, strict=True)), (found, expected)
    said = " ".join(texts(root))
    assert "nothing can be said about it" in said and "Declared in error" in said


def test_an_older_state_is_drawn_as_it_was(cli: Run) -> None:
    block = cli("footprint", CAR, "--json").document["as_of"] or 12
    now, _ = drawn(cli, "footprint", CAR)
    before, document = drawn(cli, "footprint", CAR, "--as-of", str(min(block, 12)))
    assert "restated" not in document["co2e"]
    assert len(list(texts(before, "figure"))) == len(list(texts(now, "figure"))) - 2


class TestWhereItGoes:
    """A new file, or standard output, and never both of two things onto the latter."""

    def test_onto_standard_output_it_is_all_there_is(self) -> None:
        outcome = run_process(
            "footprint", CAR, "--svg", "-", "--lang", "zh-Hans", env={"PYTHONIOENCODING": "ascii"}
        )
        assert outcome.code == 0, outcome.err
        assert ET.fromstring(outcome.out).get("lang") == "zh-Hans"

    def test_beside_the_result_it_is_a_file(self, cli: Run) -> None:
        outcome = cli("footprint", CAR, "--svg", "it.svg")
        assert "from primary data" in outcome.out
        assert "picture written to it.svg" in outcome.err

    def test_what_is_there_is_kept(self, cli: Run) -> None:
        Path("it.svg").write_text("mine")
        outcome = cli("footprint", CAR, "--json", "--svg", "it.svg")
        assert outcome.code == 2
        assert outcome.document["error"]["where"] == "it.svg"
        assert Path("it.svg").read_text() == "mine"

    @pytest.mark.parametrize("other", (("--json",), ("--format", "csv"), ("--format", "json")))
    def test_standard_output_is_one_thing(self, cli: Run, other: tuple[str, ...]) -> None:
        outcome = cli(*YEAR, "--svg", "-", *other)
        assert outcome.code == 2
        assert "wants standard output too" in outcome.err

    def test_csv_and_a_file(self, cli: Run) -> None:
        outcome = cli(*YEAR, "--format", "csv", "--svg", "it.svg")
        assert outcome.code == 0
        assert outcome.out.startswith("by,group,year")
        ET.parse("it.svg")

    @pytest.mark.parametrize("how", (("--lang", "de"), ("--narrow",), ("--disclosed",)))
    def test_how_without_a_picture_is_refused(self, cli: Run, how: tuple[str, ...]) -> None:
        outcome = cli("footprint", CAR, *how)
        assert outcome.code == 2
        assert "give --svg" in outcome.err

    def test_an_unknown_language_is_named(self, cli: Run) -> None:
        outcome = cli("footprint", CAR, "--svg", "-", "--lang", "xx")
        assert outcome.code == 2
        assert "zh-Hans" in outcome.err and not outcome.out

    def test_a_finding_has_no_picture(self, cli: Run) -> None:
        outcome = cli("trace", "argus/NC-2025-03-1", "--down", "--svg", "it.svg")
        assert outcome.code == 2
        assert not Path("it.svg").exists()
