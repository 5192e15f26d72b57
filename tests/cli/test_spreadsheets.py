"""A spreadsheet on the command line: the template, its faults given back, what is piped."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Run, run_process
from tests.cli.terminal import typing

HEAD = "Lot;Material;Site;Gross mass (t);Co (t);Origin;Happened at\n"
GOOD = "X1;cobalt-hydroxide;pit-4;1,5;0,5;mined;2026-02-01\n"
BAD = "X2;cobalt-hydroxid;pit-5;1,5x;0,5;mnied;2026-02-01\n"


def test_a_clerks_spreadsheet(filled: Path, cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("template", "mint", "ship", "--as", "katanga", "--language", "de", "-o", "t.xlsx").code == 0
    book = load_workbook(filled / "t.xlsx")
    columns = [[cell.value for cell in column if cell.value] for column in book.worksheets[-1].columns]
    lists = {first: more for first, *more in columns}
    assert "cobalt-sulfate" in lists["material"]
    assert lists["facility"] == ["katanga/pit-4"]
    assert "kokkola" in lists["participant"]
    assert lists["batch"] == [name for name in lists["batch"] if name.startswith("katanga/")] != []
    mapping = cli("template", "mint", "--mapping", "-o", "m.toml", "--json").document
    assert mapping == {"file": "m.toml", "operations": ["mint"]}
    mistyped = cli("template", "mnt", "-o", "no.xlsx")
    assert (mistyped.code, mistyped.err) == (2, "error: there is no operation 'mnt' (did you mean mint?)\n")
    assert "traceledger help operations lists" in cli("template", "xyzzy", "-o", "no.xlsx").err
    assert not (filled / "no.xlsx").exists()

    (filled / "lots.csv").write_text(HEAD + GOOD + BAD, "utf-8")
    command = ("submit", "lots.csv", "--operation", "mint", "--as", "katanga")
    refused = cli(*command, "--faults", "faults.xlsx", "--json")
    assert refused.code == 2
    found = {(each["row"], each["column"], each["heading"]) for each in refused.document["error"]["faults"]}
    assert found == {(3, "B", "Material"), (3, "C", "Site"), (3, "D", "Gross mass (t)"), (3, "F", "Origin")}
    coloured = [
        {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fill_type}
        for sheet in load_workbook(filled / "faults.xlsx").worksheets
    ]
    assert {"B3", "C3", "D3", "F3"} in coloured

    (filled / "lots.csv").write_text(HEAD + GOOD, "utf-8")
    plan = cli(*command, "--check", "--json").document["operations"]
    assert [(each["row"], each["outcome"]) for each in plan] == [(2, "accepted")]
    piped = run_process("submit", "-", *command[2:], "--json", "-q", input=HEAD + GOOD)
    assert (piped.code, piped.document["sent"], piped.document["file"]) == (0, 1, "-")
    monkeypatch.setenv("TRACELEDGER_AS", "katanga")
    assert cli(*command[:4], "--json", "-q").document["skipped"] == 1
    said = typing("submit", "-", typed="")
    assert "nothing is piped into this command" in said.err
    wrong = cli("submit", "lots.csv", "--operation", "mnit").err
    assert "there is no operation 'mnit' (did you mean mint?)" in wrong
