"""The shell completes every name and every word of a list, of every command, and never says a fault."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete, get_completion_class

from tests.cli.conftest import Run, run_process
from tests.cli.test_help import ALL
from traceledger.cli.completing import in_bash
from traceledger.cli.context import Session
from traceledger.cli.root import root

NEW = {
    "key create",
    "key import",
    "token create",
    "network node create",
    "participant register",
    "participant rename",
    "facility register",
    "material define",
    "batch mint",
    "batch ship",
    "batch transform",
    "assurance assess",
    "assurance record-evidence",
    "finding raise",
}
"""Commands whose first argument is named here for the first time."""
ELSEWHERE = {
    "network rewind",
    "network validator propose",
    "network validator discard",
    "network account add",
    "network account remove",
    "network node add",
    "network node remove",
}
"""Commands about what a folder of a network has, not a ledger."""
FREE = {
    "NAME",
    "TEXT",
    "TIME",
    "MASS",
    "CO2E",
    "N",
    "NUMBER",
    "PERCENT",
    "DEGREES",
    "DURATION",
    "HEX",
    "CONSENT",
}
FREE |= {"ADDRESS", "IP", "HOST", "URL", "ID", "ORIGIN", "TARGET", "NODE", "URI=SHA256", "NAME=MASS"}
FREE |= {"BLOCK | TIME", "BLOCK:HASH", "NAME,WORD=VALUE,…"}
"""What help calls values that nobody can know before they are typed."""
WORDS = {("batch transform", "--process"), ("assurance assess", "--scheme")}
"""Free words."""


def completed(*typed: str) -> list[str]:
    """What the shell would offer for the last word."""
    *before, last = typed
    shell = ShellComplete(root, {"obj": Session()}, "traceledger", "_TRACELEDGER_COMPLETE")
    return [str(item.value) for item in shell.get_completions(before, last)]


def is_free(path: str, each: click.Parameter) -> bool:
    if isinstance(each.type, click.IntRange | click.FloatRange | click.types.IntParamType):
        return True
    if isinstance(each, click.Argument):
        return path in NEW | ELSEWHERE
    flag = isinstance(each, click.Option) and (each.is_flag or each.count or each.hidden)
    return flag or each.metavar in FREE or (path, max(each.opts, key=len)) in WORDS


@pytest.mark.usefixtures("filled")
def test_every_name_and_word_is_completed(cli: Run) -> None:
    cli("token", "create", "erp")
    cli("index", "sync")
    none_here, missing = {"FINDING", "ASSESSMENT"}, []
    for path, command in ALL.items():
        words, arguments = " ".join(path), 0
        for each in command.params if not isinstance(command, click.Group) else []:
            place = [max(each.opts, key=len)] if isinstance(each, click.Option) else ["x"] * arguments
            arguments += isinstance(each, click.Argument)
            if not is_free(words, each):
                kind = each.metavar or str(each.name).upper()
                if kind not in none_here and not completed(*path, *place, ""):
                    missing.append((words, each.opts, kind))
    assert not missing, missing


@pytest.mark.usefixtures("filled")
def test_values_of_several_parts() -> None:
    assert completed("batch", "receive", "katanga/SEA-1", "--lot", "katanga/KOL-1-A=re") == [
        "katanga/KOL-1-A=received",
        "katanga/KOL-1-A=refused",
    ]
    assert completed("batch", "reverse", "--of", "mint=katanga/") == [
        "mint=katanga/KOL-1-A",
        "mint=katanga/KOL-1",
    ]
    assert completed("batch", "mint", "X", "--substance", "Co") == ["Co="]
    assert completed("batch", "transform", "R", "--loss", "bal") == ["balance"]
    output = completed("batch", "transform", "R", "--output", "X,material=cobalt-h")
    assert output == ["X,material=cobalt-hydroxide"]
    assert completed("batch", "transform", "R", "--input", "katanga/KOL-1-") == ["katanga/KOL-1-A"]
    assert completed("proof", "verify", "f", "b", "--origin-country", "allow=AU,ZM") == ["allow=AU,ZM"]
    assert completed("declaration", "build", "x", "--lang", "en,d") == ["en,de", "en,da"]
    assert completed("batch", "list", "--participant", "lus") == ["lusatia"]
    assert completed("--as", "lus") == ["lusatia"]


@pytest.mark.usefixtures("filled")
def test_bash_breaks_words_at_marks() -> None:
    for typed, expected in (
        ("traceledger batch reverse --of mint = katanga/KOL-1-", ["katanga/KOL-1-A"]),
        ("traceledger batch reverse --of mint =", ["katanga/KOL-1-A", "katanga/KOL-1"]),
    ):
        words = typed.split()
        env = {
            "_TRACELEDGER_COMPLETE": "bash_complete",
            "COMP_WORDS": typed,
            "COMP_CWORD": str(len(words) - 1),
        }
        outcome = run_process(env=env)
        found = [line.removeprefix("plain,") for line in outcome.out.splitlines()]
        assert (found[: len(expected)], outcome.err) == (expected, "")


def test_what_goes_wrong_is_not_said(filled: Path) -> None:
    (filled / ".traceledger" / "local" / "index.sqlite").write_bytes(b"no index")
    assert completed("trace", "katanga/") == []
    (filled / "networks.toml").write_text("[", "utf-8")
    assert completed("trace", "katanga/") == completed("batch", "list", "--network", "") == []


@pytest.mark.usefixtures("filled")
def test_a_name_that_a_shell_would_run_is_not_written_into_its_line(cli: Run, tmp_path: Path) -> None:
    names = ["ACTS;id", "ACTS$(id)", "ACTS`id`", "ACTS|id", "ACTS-1"]
    mint = {"op": "mint", "as": "katanga", "material": "cobalt-hydroxide", "facility": "pit-4"}
    mint |= {"mass": "1 kg", "substances": {"Co": "0.1 kg"}, "origin": "mined", "at": "2026-01-18T06:00:00Z"}
    lines = tmp_path / "acting.jsonl"
    lines.write_text("".join(json.dumps({**mint, "batch": name}) + "\n" for name in names), "utf-8")
    submitted = cli("submit", str(lines), "--yes")
    assert submitted.code == 0, submitted.err
    cli("index", "sync")
    in_bash()
    kind = get_completion_class("bash")
    assert kind is not None
    shell = kind(root, {"obj": Session()}, "traceledger", "_TRACELEDGER_COMPLETE")
    found = shell.get_completions(["batch", "show"], "katanga/ACTS")
    assert [str(item.value) for item in found] == ["katanga/ACTS-1"]
    assert len(completed("batch", "show", "katanga/ACTS")) == len(names), (
        "other shells quote what they insert"
    )
