"""What the consortium and companies change later, and the consortium's rights, through the command."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Run
from traceledger.errors import ExitCode

KEY = "0x" + "12" * 20


def ok(cli: Run, *arguments: str) -> Any:
    outcome = cli(*arguments, "--json")
    assert outcome.code == 0, outcome.err
    return outcome.document


@pytest.mark.usefixtures("filled")
def test_what_a_company_is_called_and_where_it_is_changes(cli: Run) -> None:
    ok(cli, "participant", "rename", "Katanga of Tomorrow", "--as", "katanga")
    ok(cli, "participant", "identify", "--identifier", "lei=529900T8BM49AURSDO55", "--as", "katanga")
    wrong = cli("participant", "identify", "--identifier", "lei=529900T8BM49AURSDO56", "--as", "katanga")
    assert (wrong.code, "check" in wrong.err) == (ExitCode.INPUT, True)
    ok(cli, "participant", "change-country", "katanga", "--country", "ZM", "--reason", "typing error")
    ok(cli, "participant", "change-roles", "katanga", "--grant", "carrier", "--reason", "own trucks")
    shown = ok(cli, "participant", "show", "katanga")
    assert (shown["name"], shown["country"]) == ("Katanga of Tomorrow", "ZM")
    assert "carrier" in shown["roles"]
    ok(cli, "participant", "operator", "disable", "katanga", "--reason", "stolen", "--yes")
    late = cli("participant", "rename", "Too Late", "--as", "katanga")
    assert late.code != 0


@pytest.mark.usefixtures("filled")
def test_approvals_and_materials_have_their_terms(cli: Run) -> None:
    ok(
        *(cli, "material", "define", "nickel-matte", "--name", "Matte", "--substance", "Ni"),
        *("--tolerance", "mass=0.5 %", "--tolerance", "substances=1 %", "--content", "Ni=30 % - 40 %"),
    )
    ok(cli, "facility", "register", "smelter", "--as", "katanga", "--kind", "smelter", "--country", "CD")
    ok(
        *(cli, "facility", "approve-origin", "katanga/smelter", "nickel-matte", "--origin", "untraced"),
        *("--capacity-per-year", "50 t", "--from", "2026-01-01", "--until", "2026-06-30"),
    )
    mint = ["batch", "mint", "M", "--as", "katanga", "--material", "nickel-matte", "--facility", "smelter"]
    mint += ["--mass", "10 t", "--origin", "untraced"]
    rich, late = ["--substance", "Ni=6 t"], ["--at", "2026-07-01T00:00:00Z"]
    usual, last = ["--substance", "Ni=3.5 t"], ["--at", "2026-06-30T23:59:59Z"]
    assert cli(*mint, *rich, *last).code == ExitCode.REFUSED
    assert cli(*mint, *usual, *late).code == ExitCode.REFUSED
    ok(cli, *mint, *usual, *last)


@pytest.mark.usefixtures("deployed")
def test_rights_are_listed_announced_and_cancelled(cli: Run) -> None:
    assert {it["right"] for it in ok(cli, "role", "list")["members"]} == {
        *("administrator", "admission", "policy", "emergency", "stock", "origins")
    }
    ok(cli, "role", "grant", "emergency", KEY)
    early = cli("role", "grant", "emergency", KEY, "--enact")
    assert early.code == ExitCode.REFUSED
    (announced,) = ok(cli, "role", "list")["announced"]
    assert announced["function"] == "grantRole"
    said = cli("role", "list")
    assert f"announced by {announced['account']}" in said.err
    ok(
        *(cli, "role", "cancel", announced["account"]),
        *("--target", announced["target"], "--data", announced["data"]),
    )
    assert ok(cli, "role", "list")["announced"] == []
    ok(cli, "role", "pause")
    assert cli("role", "pause").code == ExitCode.REFUSED  # it is paused
    ok(cli, "role", "resume")
    ok(cli, "role", "remove", KEY, "--yes")
