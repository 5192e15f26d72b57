"""Taking a supplier's footprint in, and checking documents, on the command line."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.interop.referee_documents import PACT, changed

FILE = "supplied.json"
LOT = (
    "--batch",
    "EXT-1",
    "--facility",
    "refinery",
    "--mass",
    "12 t",
    "--substance",
    "Co=2.5t",
    "--at",
    "2026-03-01T00:00:00Z",
)
MATERIAL = ("--material", "cobalt-sulfate")


def write(document: object) -> None:
    Path(FILE).write_text(json.dumps(document), "utf-8")


@pytest.fixture
def approved(filled: Path, cli: Run) -> Path:
    """Kokkola may mint untraced sulfate."""
    done = cli(
        "facility",
        "approve-origin",
        "kokkola/refinery",
        "cobalt-sulfate",
        "--origin",
        "untraced",
        "--capacity-per-year",
        "50 t",
    )
    assert done.code == 0, done.err
    return filled


def test_a_footprint_becomes_a_lot_once(approved: Path, cli: Run) -> None:
    write(PACT)
    words = ("pact", "import", FILE, "--as", "kokkola", *LOT, *MATERIAL)
    told = cli(*words, "--json")
    assert told.code == 0, told.err
    footprint = told.document["footprints"][0]
    assert not told.document["submitted"]
    assert footprint["emissions_mg"] | {"primary": ""} == {
        "scope1": "0",
        "scope2": "0",
        "scope3": "113400000000",
        "primary": "",
        "biogenic": "1200000000",
        "land_use": "1800000000",
        "aviation": "120000000",
        "removals": "4800000000",
    }
    assert footprint["apart"]["biogenicCO2Uptake_mg"] == "-21972000000"
    assert "scope 3" in cli(*words).out
    assert cli("batch", "show", "kokkola/EXT-1").code == 2

    assert cli(*words, "--submit", "--yes", "--json").document["sent"] == 2
    assert cli(*words, "--submit", "--yes", "--json").document["sent"] == 0
    whole = cli("footprint", "kokkola/EXT-1", "--json").document
    assert whole["co2e"]["total_mg"] == "113400000000"
    shown = cli("batch", "show", "kokkola/EXT-1", "--json").out
    assert sha256(Path(FILE).read_bytes()).hexdigest() in shown
    assert PACT["id"] in cli("assurance", "list", "--documents").out

    made = cli(
        *(
            "batch",
            "transform",
            "RUN-EXT",
            "--as",
            "kokkola",
            "--facility",
            "refinery",
            "--process",
            "blending",
        ),
        *("--input", "EXT-1", "--output", "COS-EXT,material=cobalt-sulfate,mass=12t,Co=2.5t"),
        *("--at", "2026-03-02T00:00:00Z"),
    )
    assert made.code == 0, made.err
    inherited = cli("footprint", "kokkola/COS-EXT", "--json").document["co2e"]
    assert inherited["inherited_mg"] == "113400000000"


@pytest.mark.parametrize(
    ("pointer", "value", "says"),
    [
        ("/status", "Deprecated", "Deprecated"),
        ("/specVersion", "2.3.0", "version 2"),
        ("/validityPeriodEnd", "2026-02-01T00:00:00Z", "valid until 2026-02-01"),
        ("/pcf/pcfExcludingBiogenicUptake", "9.06", "add up to 9.05"),
        ("/pcf/fossilGhgEmissions", "9,20", "decimal comma"),
        ("/pcf/productMassPerDeclaredUnit", "1000", "do not weigh"),
        ("/pcf", [], "is missing"),
    ],
)
def test_what_cannot_be_counted_on_is_only_put_on_record(
    approved: Path, cli: Run, pointer: str, value: object, says: str
) -> None:
    write(changed("pact-footprint", pointer, value) if pointer != "/pcf" else {**PACT, "pcf": {}})
    refused = cli("pact", "import", FILE, "--as", "kokkola", *LOT, *MATERIAL)
    assert refused.code == 2
    assert says in refused.err
    assert cli("pact", "import", FILE, "--as", "kokkola").code == 0


def test_a_footprint_that_replaces_one_on_record_is_told(approved: Path, cli: Run) -> None:
    write(PACT)
    words = ("pact", "import", FILE, "--as", "kokkola")
    assert cli(*words, "--submit", "--yes").code == 0
    write({**PACT, "comment": "changed"})
    assert "a footprint never changes" in cli(*words).out
    write({**PACT, "id": "7a8f3b44-5c1d-4e8e-9a50-0d3a7a2f6c12", "precedingPfIds": [PACT["id"]]})
    assert "it replaces" in cli(*words, *LOT, *MATERIAL).out


def test_what_is_said_of_a_lot_is_needed(approved: Path, cli: Run) -> None:
    write(PACT)
    words = ("pact", "import", FILE, "--as", "kokkola")
    for said, where in (
        (("--mass", "1 t"), "--mass"),
        (("--batch", "X", "--facility", "refinery"), "--at"),
        (("--batch", "X", "--facility", "refinery", "--mass", "1 t", "--at", "yesterday"), "--at"),
        (
            ("--batch", "X", "--facility", "refinery", "--mass", "1 stone", "--at", "2026-03-01T00:00:00Z"),
            "--mass",
        ),
    ):
        refused = cli(*words, *said)
        assert (refused.code, where in refused.err) == (2, True), refused.err


def test_product_ids_mean_what_master_data_say(approved: Path, cli: Run) -> None:
    write(PACT)
    Path("kokkola.toml").write_text(
        'participant = "kokkola"\n[[materials]]\nmaterial = "cobalt-hydroxide"\ngtins = ["4712345060507"]\n',
        "utf-8",
    )
    words = ("pact", "import", FILE, "--as", "kokkola", "--masterdata", "kokkola.toml", *LOT)
    refused = cli(*words, *MATERIAL)
    assert (refused.code, "is cobalt-hydroxide, not cobalt-sulfate" in refused.err) == (2, True)
    unapproved = cli(*words)
    assert unapproved.code == 5, unapproved.err
    nobody = cli("pact", "import", FILE, "--as", "kokkola", *LOT)
    assert (nobody.code, "nobody knows which material" in nobody.err) == (2, True)


def test_checking_tells_by_its_exit_code(cli: Run) -> None:
    write(PACT)
    assert cli("check", FILE).code == 0
    Path("wrong.json").write_text(
        json.dumps(changed("pact-footprint", "/pcf/fossilGhgEmissions", "9.21")), "utf-8"
    )
    wrong = cli("check", FILE, "wrong.json")
    assert wrong.code == 3
    assert "9.06" in wrong.out
    assert "/pcf/pcfExcludingBiogenicUptake" in wrong.out
    document = cli("check", FILE, "wrong.json", "--json").document
    assert (document["sound"], [each["sound"] for each in document["files"]]) == (False, [True, False])
    fault = document["files"][1]["faults"][0]
    assert (fault["is"], fault["should_be"], fault["rule"]) == ('"9.05"', "9.06", "pact-excluding")
    Path("other.json").write_text('{"title": "x"}', "utf-8")
    assert cli("check", "other.json").code == 2
    assert cli("check", "nothing.json").code == 2
    assert cli("check", FILE, "--kind", "pact-footprnt").code == 2
