"""``traceledger masterdata``: a file by itself, and beside a ledger."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run

SAID = """
participant = "kokkola"
[company]
gln = "6400001000001"
[[companies]]
participant = "katanga"
lei = "529900T8BM49AURSDO55"
[[companies]]
participant = "nobody"
[[sites]]
facility = "kokkola/refinery"
country = "DE"
[[materials]]
material = "cobalt-sulfate"
customer_part_numbers = { nobody = "1" }
[[documents]]
kind = "study"
url = "https://kokkola.example/s.pdf"
materials = ["unobtainium"]
[[batteries]]
material = "pack"
values = { warranty = 8 }
[[values]]
batches = ["kokkola/NOT-YET"]
values = { "/a" = 1 }
"""


def test_without_a_network_the_file_is_checked_by_itself(cli: Run, tmp_path: Path) -> None:
    file = tmp_path / "k.toml"
    file.write_text(SAID, "utf-8")
    done = cli("masterdata", "check", "k.toml", "--json")
    assert done.code == 0, done.err
    assert done.document["ledger"] is None
    assert (done.document["companies"], done.document["materials"]) == (3, 1)
    assert cli("masterdata", "check", "k.toml", "--network", "local").code == 7
    file.write_text(SAID.replace("6400001000001", "1").replace("/a", "a"), "utf-8")
    done = cli("masterdata", "check", "k.toml")
    assert done.code == 2
    assert "k.toml: [company]: gln" in done.err and "[[values]] 1" in done.err


def test_beside_a_ledger(cli: Run, filled: Path) -> None:
    file = filled / "k.toml"
    file.write_text(SAID, "utf-8")
    lei = "lei=" + "529900T8BM49AURSDO55"
    assert cli("participant", "identify", "--identifier", lei, "--as", "kokkola").code == 0
    done = cli("masterdata", "check", "k.toml", "--json")
    assert done.code == 4, done.err
    ledger = done.document["ledger"]
    assert ledger["contradicted"] == [
        {
            "place": "[[companies]] (katanga): lei:529900T8BM49AURSDO55",
            "file": "katanga",
            "ledger": "kokkola",
        },
        {"place": "[[sites]] (kokkola/refinery): country", "file": "DE", "ledger": "FI"},
    ]
    assert ledger["unknown"] == [
        "[[companies]] (nobody)",
        "[[materials]] (cobalt-sulfate): customer_part_numbers: nobody",
        "[[documents]] 1 (study): materials: unobtainium",
        "[[batteries]] 1: material: pack",
        "[[values]] 1: batches: kokkola/NOT-YET",
    ]
    unsaid = {each["name"]: each["lacks"] for each in ledger["unsaid"] if each["kind"] != "footprint"}
    assert unsaid["kokkola/refinery"][:3] == ["gln", "bpns", "bpna"]
    assert "gtins" in unsaid["cobalt-sulfate"]
    shown = cli("masterdata", "check", "k.toml")
    assert "The ledger contradicts" in shown.out and "Neither says" in shown.out


def test_where_nothing_is_deployed_the_file_is_checked_by_itself(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "k.toml").write_text(SAID, "utf-8")
    assert cli("init").code == 0
    done = cli("masterdata", "check", "k.toml")
    assert done.code == 0 and "checked by itself: no contracts are deployed" in done.err
    assert cli("masterdata", "check", "k.toml", "--network", "local").code == 7


def test_pieces_of_lots_weigh_what_is_said_of_one(cli: Run, filled: Path) -> None:
    minted = cli(
        *(
            "batch",
            "mint",
            "PIECES",
            "--as",
            "katanga",
            "--material",
            "cobalt-hydroxide",
            "--facility",
            "pit-4",
        ),
        *("--mass", "100 kg", "--substance", "Co=30kg", "--origin", "mined", "--pieces", "10"),
    )
    assert minted.code == 0, minted.err
    for unit, fits in (("10 kg", True), ("10.4 kg", True), ("9 kg", False)):
        said = (
            f'participant = "katanga"\n[[materials]]\nmaterial = "cobalt-hydroxide"\nunit_mass = "{unit}"\n'
        )
        (filled / "k.toml").write_text(said, "utf-8")
        found = cli("masterdata", "check", "k.toml", "--json").document["ledger"]["contradicted"]
        assert [each["ledger"] for each in found] == ([] if fits else ["10 kg (katanga/PIECES)"])


def test_a_file_is_put_on_record_by_its_company(cli: Run, filled: Path) -> None:
    file = filled / "k.toml"
    file.write_text(SAID.replace('country = "DE"', "").replace("lei =", "name ="), "utf-8")
    done = cli("masterdata", "check", "k.toml", "--json")
    assert (done.code, done.document["ledger"]["recorded"]) == (0, False)
    assert cli("masterdata", "record", "k.toml").code == 0
    again = cli("masterdata", "record", "k.toml")
    assert again.code == 0 and "on record already" in again.err
    assert len(cli("assurance", "list", "--documents", "--json").out.split(again.out.strip())) == 2
    done = cli("masterdata", "check", "k.toml", "--json")
    assert done.document["ledger"]["recorded"]
    shown = cli("assurance", "list", "--documents", "--kind", "masterdata")
    assert "k.toml" in shown.out and done.document["sha256"] in shown.out
