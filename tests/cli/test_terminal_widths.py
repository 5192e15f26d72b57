"""What is drawn on a terminal: no name, number or date is broken, at any width; a pipe gets all."""

from __future__ import annotations

import contextlib
import io

import click
import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from tests.cli.conftest import Outcome, Run
from tests.cli.terminal import Terminal
from tests.cli.test_help import ALL
from traceledger.cli import main
from traceledger.cli.fitting import Fitted, Pairs, wrapped
from traceledger.cli.root import root
from traceledger.cli.terminal_help import drawn

READS = """
    trace kokkola/BLEND; trace kokkola/BLEND --tree; trace katanga/KOL-1 --down; footprint kokkola/BLEND;
    batch list; batch show kokkola/BLEND; participant list; participant show kokkola; facility list;
    material list; key list; network list; network show; contract show; role list; outbox list; audit --all;
    finding list; assurance list; emissions report --year 2026;
    recycled report --material cobalt-sulfate; declaration show kokkola/BLEND; index status;
    help; node status"""
WIDTHS = (40, 80, 120, 200)
BARS = {"█" * length + part for length in range(21) for part in "█▉▊▋▌▍▎▏"}
TREE = str.maketrans(dict.fromkeys("│├└─━", " "))


def on_screen(*arguments: str) -> Outcome:
    """The command in this process, its output on a terminal."""
    out, err = Terminal(), Terminal()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return Outcome(code, Text.from_ansi(out.getvalue()).plain, err.getvalue())


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("command", [each.split() for each in READS.split(";")], ids=" ".join)
def test_nothing_is_broken_at_any_width(
    command: list[str], cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = cli(*command)
    words = {word.strip(",") for word in whole.out.split()}
    assert whole.code in (0, 4)
    # The branches of a tree, and the bars of a declaration, leave no room for names at 40.
    for width in WIDTHS[1:2] if {"--tree", "declaration"}.intersection(command) else WIDTHS[:2]:
        monkeypatch.setenv("COLUMNS", str(width))
        shown = on_screen(*command)
        assert shown.code == whole.code
        drawn, _, note = shown.out.translate(TREE).partition("columns not shown:")
        if not note:
            assert {word.strip(",") for word in drawn.split()} - words - {"(see", "above)"} - BARS == set(), (
                width
            )
        for line in shown.out.splitlines():
            name = max(line.split(), key=cell_len, default="")
            assert cell_len(line) <= width or cell_len(name) + 2 > width - 30, (width, line)


def fitted(width: int, *rows: tuple[str, ...], drop: tuple[str, ...] = ()) -> str:
    screen = Console(width=width, file=io.StringIO(), force_terminal=True, color_system=None)
    cells = [[Text(cell) for cell in row] for row in rows]
    screen.print(Fitted(("batch", "custodian", "mass", "reason"), cells, ("mass",), drop), crop=False)
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


LOT = ("katanga/KOL-2026-0117-A", "kokkola", "20.26 t", "it arrived wet, and short of what was sent")


def test_columns_become_narrower_then_fewer_then_cards() -> None:
    assert "sent" in fitted(120, LOT)
    narrow = fitted(60, LOT)
    assert "columns not shown" not in narrow
    assert "20.26 t" in narrow
    fewer = fitted(45, LOT, drop=("custodian",))
    assert "columns not shown: custodian" in fewer
    assert "20.26 t" in fewer
    card = fitted(24, LOT, LOT)
    assert "columns not shown" not in card
    assert card.count("katanga/KOL-2026-0117-A") == 2
    assert all(part in " ".join(card.split()) for part in LOT)


def test_wide_letters_take_two_cells() -> None:
    shown = fitted(44, ("采矿公司/批次二零二六", "采矿公司", "20.26 t", "在途中受潮并且短缺"))
    assert max(map(cell_len, shown.splitlines())) <= 44


@pytest.mark.parametrize("width", WIDTHS)
def test_hostile_names_stay_within_the_screen(width: int) -> None:
    names = ("é" * 500, "error: all is well " * 20, "\\u202egnp.exe", "Ω≈ç√∫µ≤" * 30)
    shown = fitted(width, *((name, "kokkola", "1 t", name) for name in names))
    assert max(map(cell_len, shown.splitlines())) <= width
    assert not any(line.startswith("error:") for line in shown.splitlines())


def test_a_number_stays_with_its_unit() -> None:
    assert wrapped(Text("Co 8.4 t, Ni 3 t"), 9).plain == "Co 8.4 t,\nNi 3 t"
    assert wrapped(Text("20.26 t CO2e: 70 %"), 13).plain == "20.26 t CO2e:\n70 %"


def test_a_value_stands_below_where_there_is_little_room() -> None:
    screen = Console(width=40, file=io.StringIO(), force_terminal=True, color_system=None)
    screen.print(Pairs([("id", Text("0x" + "a" * 64)), ("mass", Text("1 t"))]), crop=False)
    assert isinstance(screen.file, io.StringIO)
    assert screen.file.getvalue().splitlines() == ["id", "  0x" + "a" * 64, "mass  1 t"]


def test_help_breaks_no_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    seen: set[str] = set()
    for path, command in ALL.items():
        written = {option.metavar or "" for option in command.params if isinstance(option, click.Option)}
        if written <= seen:
            continue
        seen |= written
        context = click.Context(root, info_name="traceledger")
        for word in path:
            assert isinstance(context.command, click.Group)
            inner = context.command.get_command(context, word)
            assert inner is not None
            context = click.Context(inner, info_name=word, parent=context)
        shown = Text.from_ansi(drawn(command, context)).plain
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                words = [max(option.opts, key=len), option.metavar or ""]
                assert [word for word in words if word not in shown] == [], path
