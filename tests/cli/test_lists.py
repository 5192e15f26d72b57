"""Lists: chosen, cut into pieces, summed up, sorted, with the columns that are asked for, and into files."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import PASSPHRASE, Run, run_command
from tests.interop.tables import read
from traceledger.errors import ExitCode
from traceledger.interop.tables.declared import BATCHES, EMISSIONS
from traceledger.interop.tables.table import table

AT = "2026-04-01T00:00:00Z"
SECRET = "KOL-1-SECRET"
T1, T2, T3 = "KOL-1-T1", "KOL-1-T2", "KOL-1-T3"
SENT = "katanga/SEA-T"
OPERATIONS: list[dict[str, Any]] = [
    {"op": "split", "as": "katanga", "batch": "KOL-1", "at": AT}
    | {"into": [{"batch": lot, "mass": "500 kg"} for lot in (T1, T2, T3)]},
    {"op": "split", "as": "katanga", "batch": "KOL-1", "at": AT, "private": True}
    | {"into": [{"batch": SECRET, "mass": "1 kg"}]},
    {"op": "ship", "as": "katanga", "shipment": "SEA-T", "batches": [T1, T2, T3], "to": "kokkola", "at": AT}
    | {"emissions": {"scope3": "20 kg", "primary": "5 kg"}},
    {"op": "receive", "as": "kokkola", "shipment": SENT, "at": "2026-04-09T00:00:00Z"}
    | {"lots": {f"katanga/{T1}": {"mass": "490 kg", "difference": "loss"}}},
    {"op": "reject", "as": "kokkola", "shipment": SENT, "lots": [f"katanga/{T2}"], "reason": "wet"}
    | {"at": "2026-04-10T00:00:00Z"},
    {"op": "hold", "as": "kokkola", "batch": "COS-1", "reason": "assay pending", "at": AT},
]


@pytest.fixture(scope="module")
def going_on(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The filled workspace, in which more is under way."""
    folder = tmp_path_factory.mktemp("lists") / "it"
    shutil.copytree(built["filled"], folder)
    patch = pytest.MonkeyPatch()
    with patch.context() as context:
        context.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)
        context.chdir(folder)
        (folder / "more.jsonl").write_text("\n".join(map(json.dumps, OPERATIONS)), "utf-8")
        outcome = run_command("submit", "more.jsonl", "--yes")
        assert outcome.code == 0, outcome.err
    return folder


@pytest.fixture(autouse=True)
def work(going_on: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """It, as the working folder; nothing here records anything."""
    monkeypatch.chdir(going_on)
    return going_on


def names(cli: Run, *options: str) -> list[str]:
    """Names of the batches that a list has, without their makers."""
    return [
        row["batch"].rpartition("/")[2]
        for row in cli("batch", "list", *options, "--json").document["batches"]
    ]


def test_what_is_chosen_by_holds_together(cli: Run) -> None:
    assert names(cli, "--shipment", SENT) == [T1, T2, T3]
    assert names(cli, "--shipment", SENT, "--participant", "katanga") == [T2, T3]
    assert names(cli, "--state", "in_transit") == [T3]
    assert names(cli, "--mine", "--as", "lusatia") == names(cli, "--participant", "lusatia")
    assert "set TRACELEDGER_AS" in cli("shipment", "list", "--mine").err
    assert names(cli, "--held", "--participant", "kokkola") == ["COS-1"]
    assert names(cli, "--frozen") == names(cli, "--waste") == names(cli, "--held", "--disputed") == []
    assert names(cli, "--prefix", "katanga/KOL-1-T") == [T1, T2, T3] == names(cli, "--prefix", "KOL-1-T")
    assert names(cli, "--contains", "1-T2", "--maker", "katanga") == [T2]
    # A private identifier is found by who knows it.
    assert names(cli, "--contains", "SECRET") == [SECRET]
    assert names(cli, "--since", "2026-04-01", "--contains", "-T") == [T1, T2, T3]
    assert names(cli, "--until", "2026-01-17", "--participant", "katanga") == ["KOL-1"]
    assert names(cli, "--origin", "run", "--material", "cobalt-sulfate") == ["COS-1", "COS-2", "BLEND"]
    assert names(cli, "--facility", "lusatia/plant", "--origin", "post_consumer") == ["R1"]
    assert "--since: 'soon'" in cli("batch", "list", "--since", "soon").err


def test_lots_under_way_say_by_what_and_to_whom(cli: Run) -> None:
    (lot,) = cli("batch", "list", "--state", "in_transit", "--json").document["batches"]
    assert lot["shipment"] == {"shipment": SENT, "sender": "katanga", "receiver": "kokkola"}
    shown = cli("batch", "list", "--shipment", SENT).out
    assert "shipment" in shown and SENT in shown
    assert SENT not in cli("batch", "list", "--participant", "kokkola").out


def test_pieces_follow_one_another_and_all_is_summed_up(cli: Run) -> None:
    whole = cli("batch", "list", "--json").document
    for order in ([], ["--reverse"], ["--sort", "co2e"], ["--sort", "mass", "--reverse"]):
        expected, found, after = names(cli, *order), list[str](), list[str]()
        while True:
            outcome = cli("batch", "list", *order, "--limit", "3", *after, "--json")
            piece = outcome.document
            found += [row["batch"].rpartition("/")[2] for row in piece["batches"]]
            assert piece["totals"] == whole["totals"]
            if (following := piece["page"]["next"]) is None:
                break
            after = ["--after", following]
            assert f"3 of {len(expected)} are shown" in outcome.err
            assert f"--after {following}" in outcome.err
        assert found == expected
    totals = whole["totals"]
    assert totals["batches"] == len(whole["batches"])
    assert int(totals["mass_mg"]) == sum(int(row["mass_mg"]) for row in whole["batches"])
    assert int(totals["co2e"]["total_mg"]) == sum(int(row["co2e"]["total_mg"]) for row in whole["batches"])
    assert int(totals["substances_mg"]["Co"]) == sum(
        int(row["substances_mg"].get("Co", 0)) for row in whole["batches"]
    )
    assert cli("batch", "list").out.splitlines()[-1].startswith(f"{totals['batches']} batches ")
    assert "there is no batch 'kokkola/no'" in cli("batch", "list", "--after", "kokkola/no").err
    other = cli("participant", "list", "--limit", "2")
    assert "2 of 3 are shown" in other.err and "--after lusatia" in other.err
    assert cli("participant", "list", "--after", "nobody").code == ExitCode.INPUT


def test_columns_are_chosen_and_ordered(cli: Run) -> None:
    head, _, first, *_ = cli("batch", "list", "--columns", "made,batch,origin").out.splitlines()
    assert head.split() == ["made", "batch", "origin"]
    assert first.split() == ["2026-01-17T06:00:00Z", "katanga/KOL-1", "mined"]
    refused = cli("batch", "list", "--columns", "batch,mas")
    assert refused.code == ExitCode.INPUT
    assert "--columns: 'mas' is no column (did you mean mass?)" in refused.err
    assert "--sort: 'weigth'" in cli("facility", "list", "--sort", "weigth").err
    for noun in (
        "batch",
        "shipment",
        "participant",
        "facility",
        "material",
        "finding",
        "assurance",
        "outbox",
    ):
        assert "--columns" in cli(noun, "list", "--help").out


def test_shipments(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = cli("shipment", "list", "--participant", "lusatia", "--json").document["shipments"]
    assert [row["shipment"] for row in listed] == ["lusatia/RAIL-1"]
    (going,) = cli("shipment", "list", "--state", "offered", "--since", "2026-04-01", "--json").document[
        "shipments"
    ]
    assert (going["shipment"], going["sent_mg"], len(going["open"])) == (SENT, str(1_500_000_000), 1)
    document = cli("shipment", "show", SENT, "--json").document
    by_lot = {lot["batch"].rpartition("/")[2]: lot for lot in document["lots"]}
    assert (by_lot[T1]["arrived_mg"], by_lot[T1]["difference"]) == ("490000000", "loss")
    assert (by_lot[T2]["answer"], by_lot[T2]["reason"]) == ("refused", "wet")
    assert (by_lot[T3]["answer"], by_lot[T3]["since"]) == ("open", going["offered_at"])
    shown = cli("shipment", "show", SENT).out
    assert "1 of 3 open: on the way to kokkola; 1 received by kokkola; 1 refused" in shown
    assert "scope 3 20 kg; 5 kg from primary data" in shown
    assert cli("shipment", "show", "katanga/SEA").code == ExitCode.INPUT
    assert "batch ship, receive, reject, cancel" in " ".join(cli("shipment", "--help").out.split())


def test_an_inbox_needs_a_name_and_no_key(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACELEDGER_PASSPHRASE")
    assert "set TRACELEDGER_AS" in cli("shipment", "inbox").err
    (waiting,) = cli("shipment", "inbox", "--as", "kokkola", "--json").document["shipments"]
    assert [lot["batch"] for lot in waiting["lots"]] == [f"katanga/{T3}"]
    monkeypatch.setenv("TRACELEDGER_AS", "kokkola")
    assert f"traceledger batch receive {SENT} --as kokkola" in cli("shipment", "inbox").out
    assert "no shipment waits" in cli("shipment", "inbox", "--as", "katanga").out


def test_a_file_is_replaced_when_that_is_said(work: Path, cli: Run) -> None:
    rows = cli("batch", "list", "--held", "--json").document["batches"]
    assert cli("batch", "list", "--held", "-o", "held.csv").out == "1 row written to held.csv\n"
    again = cli("batch", "list", "-o", "held.csv")
    assert (again.code, "exists already" in again.err) == (ExitCode.INPUT, True)
    said = cli("batch", "list", "--held", "-o", "held.csv", "--yes", "--json").document
    assert (said["rows"], said["columns"][0]) == (1, "batch")
    made = table("batches", BATCHES.columns, rows)
    assert read(work / "held.csv", made) == [tuple(value or None for value in row) for row in made.rows]
    assert "end it in .csv, .xlsx or .parquet" in cli("batch", "list", "-o", "held.txt").err


def test_private_texts_get_into_files_on_request_only(work: Path, cli: Run) -> None:
    chosen = ["batch", "list", "--contains", "SECRET", "--columns", "batch"]
    assert SECRET in cli(*chosen).out
    everything = ["batch", "list", "--columns", "batch", "-o"]
    assert cli(*everything, "public.csv").code == 0
    assert SECRET not in (work / "public.csv").read_text("utf-8")
    assert cli(*everything, "private.csv", "--disclosed").code == 0
    assert SECRET in (work / "private.csv").read_text("utf-8")
    assert stat.S_IMODE((work / "private.csv").stat().st_mode) == 0o600
    assert "give -o FILE" in cli("batch", "list", "--disclosed").err


def test_reports_as_files(work: Path, cli: Run) -> None:
    year = ["emissions", "report", "--year", "2026"]
    groups = cli(*year, "--json").document["groups"]
    assert cli(*year, "-o", "year.parquet").code == 0
    rows = [
        {"by": "facility", "group": each["group"], "year": year} | figures
        for each in groups
        for year, figures in each["figures"].items()
    ]
    made = table("emissions", EMISSIONS.columns, rows)
    import duckdb

    names = ", ".join(f'"{field.name}"' for field in made.fields)
    with duckdb.connect() as database:
        found = database.execute(f"SELECT {names} FROM 'year.parquet'").fetchall()
    assert found[: len(made.rows)] == [*made.rows]
    assert cli("audit", "--all", "--differences", "-o", "differences.xlsx").code == 0
    assert cli("audit", "--all", "--differences").out == "no booked differences\n"
    assert cli("audit", "--all", "-o", "issues.xlsx").code in (0, ExitCode.NOT_ACCEPTED)
    assert (work / "issues.xlsx").exists()
    assert cli("trace", "kokkola/BLEND", "-o", "origins.csv").code == 0
    assert (work / "origins.csv").read_text("utf-8-sig").startswith("substance,share,mass_mg,origin,batch,")
