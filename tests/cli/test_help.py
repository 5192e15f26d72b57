"""Help, completion and the version: fast, complete, and loading nothing heavy."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from tests.cli.conftest import Outcome, Run, run_process
from traceledger import __version__
from traceledger.cli.root import NOUNS, root
from traceledger.cli.terminal_help import drawn
from traceledger.errors import ExitCode
from traceledger.model.batches import BatchState

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"
HEAVY = {"web3", "eth", "eth_account", "eth_abi", "pydantic", "rlp", "coincurve", "traceledger.client.client"}
ENGINES = {"web3", "eth", "eth_account", "eth_abi", "coincurve"}
SLOW = ENGINES | {
    "pydantic",
    "pydantic_core",
    "tomlkit",
    "requests",
    "platformdirs",
    "rich_click",
    "eth_hash",
    "stamina",
    "filelock",
    "pygments",
    "asyncio",
    "concurrent.futures",
    "logging",
    "importlib.metadata",
    "hashlib",
    "secrets",
    "traceledger.client.recording",
    "traceledger.client.proofs",
    "traceledger.events.assurance",
    "traceledger.events.registry",
    "traceledger.index.writer",
    "traceledger.replay.ledger",
}
"""What reading from an index that is up to date has no use for."""
DRAWING = {"rich", "fractions", "decimal", "traceledger.model.units", "traceledger.cli.trace_summary"}
"""What only those need who draw what they read."""
MODULES, OURS = 255, 160
"""Most modules in all, and of this package, that reading for a program loads: to find each takes time.

Those are not counted that Python loads by itself, which depend on how it was installed.
"""


def commands(
    group: click.Command = root, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with its path, leaves and groups."""
    if path:
        yield path, group
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            found = group.get_command(context, name)
            assert found is not None
            if found.hidden:  # an old spelling
                continue
            yield from commands(found, (*path, name))


ALL = dict(commands())


def loaded_by(*arguments: str) -> tuple[Outcome, set[str]]:
    """A run in a new interpreter, and the modules that it loaded."""
    program = (
        "import sys; from traceledger.cli import main; code = main(sys.argv[1:]);"
        "print('\\n'.join(sys.modules), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    return Outcome(done.returncode, done.stdout, ""), set(done.stderr.splitlines())


@cache
def loaded_by_python() -> frozenset[str]:
    """The modules of a new interpreter that does nothing."""
    program = "import sys; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return frozenset(done.stdout.splitlines())


def test_the_commands_required_exist() -> None:
    required = """init; node serve|verify|status; network list|show|check; contract deploy|show;
        key create|import|list|show; participant register|list|show|suspend|reinstate|terminate;
        participant operator add|revoke|rotate; facility register|list|approve-origin; material define|list;
        batch mint|split|ship|receive|reject|cancel|transform|add-emissions|retire|declare-error|show|list;
        submit; trace; footprint; index sync|status|rebuild; completion"""
    for entry in required.split(";"):
        *nouns, verbs = entry.split()
        for verb in verbs.split("|"):
            assert (*nouns, verb) in ALL


def test_old_spellings_work_and_are_not_shown(cli: Run) -> None:
    old = """participant add; facility add|approve; material add; batch emit; assurance evidence|policy;
        assurance policy show|propose|enact; finding plan|correct|accept|refuse"""
    for entry in old.split(";"):
        *nouns, verbs = entry.split()
        for verb in verbs.split("|"):
            assert (*nouns, verb) not in ALL
            assert cli(*nouns, verb, "--help").code == 0
            shown = cli(*nouns, "--help").out
            assert "policy" in nouns or not re.search(rf"^[│| ]*{verb} ", shown, re.MULTILINE)
    assert cli("audit", "--show-policy") == cli("audit", "--show-settings")
    assert "policy" not in cli("audit", "--help").out
    for both in (["--settings", "a.toml", "--policy", "b"], ["--policy", "b", "--settings", "a.toml"]):
        refused = cli("audit", "--all", *both)
        assert (refused.code, "--policy: it is --settings" in refused.err) == (ExitCode.INPUT, True)


def test_old_spellings_of_options_work_and_are_not_shown(cli: Run, filled: Path) -> None:
    of = cli("facility", "list", "--of", "kokkola")
    assert of.code == 0
    assert of == cli("facility", "list", "--participant", "kokkola")
    assert of == cli("facility", "list", "--of", "katanga", "--participant", "kokkola")
    assert of == cli("facility", "list", "--participant", "kokkola", "--of", "katanga")
    assert of != cli("facility", "list")
    for noun in ("finding", "assurance", "disclosure"):
        assert cli(noun, "list", "--of", "kokkola") == cli(noun, "list", "--participant", "kokkola")
        assert not re.search(r"--of\b", cli(noun, "list", "--help").out)
    assert cli("contract", "deploy", "--policy-delay", "x") == cli("contract", "deploy", "--delay", "x")
    assert "policy" not in cli("contract", "deploy", "--help").out
    assert "2 days" in cli("contract", "deploy", "--help").out


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...], cli: Run) -> None:
    command = ALL[path]
    assert command.help
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert [option.name for option in options if not option.help] == []
    assert {"--network", "--config", "--json", "--quiet", "--verbose"} <= {
        max(o.opts, key=len) for o in options
    }
    shown = cli(*path, "--help")
    assert (shown.code, shown.err) == (0, "")
    assert command.help.partition("\n")[0].split()[0] in shown.out


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_the_page_names_every_command(path: tuple[str, ...]) -> None:
    assert re.search(rf"`traceledger {' '.join(path)}\b", PAGE.read_text("utf-8"))


def test_the_page_and_the_help_document_the_exit_codes(cli: Run) -> None:
    rows = re.findall(r"^\| (\d+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert [int(row) for row in rows] == sorted([*ExitCode, 141])
    epilog = cli("--help").out.split("Exit codes:")[1]
    assert [int(number) for number in re.findall(r"\b(\d+)\b", epilog)] == sorted(ExitCode)


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["batch", "--help"], ["batch", "mint", "--help"], ["trace", "-h"]],
    ids=" ".join,
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    outcome, modules = loaded_by(*arguments)
    assert outcome.code == 0
    assert HEAVY & modules == set()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], []], ids=" ".join)
def test_the_programs_own_help_loads_click_and_next_to_nothing(arguments: list[str]) -> None:
    _, modules = loaded_by(*arguments)
    ours = {name for name in modules if name.partition(".")[0] == "traceledger"}
    assert {name for name in ours if not name.startswith("traceledger.cli")} <= {
        "traceledger",
        "traceledger.errors",
        "traceledger.model",
        "traceledger.model.version",
    }
    assert not {"rich", "rich_click", "dataclasses", "logging", "pathlib", "json"} & modules


def test_the_programs_help_says_what_the_nouns_say_of_themselves() -> None:
    context = click.Context(root)
    said = {noun: root.get_command(context, noun) for noun in root.list_commands(context)}
    assert {noun: found.get_short_help_str(200) for noun, found in said.items() if found} == NOUNS


def test_help_is_drawn_on_a_terminal() -> None:
    shown = drawn(root, click.Context(root, info_name="traceledger"))
    assert "╭─ Commands" in shown
    assert "╭─ Who acts" in shown
    assert shown.index("Commands") < shown.index("Options") < shown.index("Options of every command")


def test_completion_of_commands_loads_nothing_heavy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TRACELEDGER_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "traceledger batch m")
    monkeypatch.setenv("COMP_CWORD", "2")
    program = (
        "import sys; from traceledger.cli import main\n"
        "try: main([])\n"
        "finally: print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "plain,mint\n"
    assert HEAVY & set(done.stderr.splitlines()) == set()


@pytest.mark.parametrize(
    "arguments",
    [["trace", "kokkola/BLEND"], ["trace", "katanga/KOL-1", "--down", "--tree"], ["batch", "list"]],
    ids=" ".join,
)
@pytest.mark.usefixtures("filled")
def test_reading_loads_no_engine(arguments: list[str]) -> None:
    outcome, modules = loaded_by(*arguments)
    assert outcome.code == 0
    assert "kokkola/BLEND" in outcome.out
    assert SLOW & modules == set()


def test_states_to_choose_are_those_of_batches() -> None:
    option = next(each for each in ALL["batch", "list"].params if each.name == "state")
    assert isinstance(option.type, click.Choice)
    assert [*option.type.choices] == [state.slug for state in BatchState]


@pytest.mark.parametrize(
    "arguments", [["trace", "kokkola/BLEND"], ["batch", "show", "kokkola/BLEND"]], ids=" ".join
)
@pytest.mark.usefixtures("filled")
def test_reading_for_a_program_loads_little(arguments: list[str]) -> None:
    outcome, modules = loaded_by(*arguments, "--json")
    assert outcome.code == 0
    assert (SLOW | DRAWING) & modules == set()
    assert len(modules - loaded_by_python()) <= MODULES
    assert len([name for name in modules if name.partition(".")[0] == "traceledger"]) <= OURS


def test_nothing_given_shows_help(cli: Run) -> None:
    assert cli() == cli("--help")
    assert cli("batch") == cli("batch", "--help")


def test_version() -> None:
    assert run_process("--version") == Outcome(0, f"traceledger {__version__}\n", "")


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("traceledger trace kokkola/B", ["kokkola/BLEND"]),
        ("traceledger trace lus", ["lusatia/https://id.example/01/04012345000009/10/R1"]),
        ("traceledger trace --network l", ["local"]),
        ("traceledger participant show k", ["katanga", "kokkola"]),
        ("traceledger batch mint X --as lu", ["lusatia"]),
        ("traceledger tr", ["trace", "trust-root"]),
    ],
)
def test_values_are_completed(words: str, expected: list[str]) -> None:
    count = str(len(words.split()) - 1)
    env = {"_TRACELEDGER_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
    outcome = run_process(env=env)
    assert outcome.out.splitlines() == [f"plain,{name}" for name in expected]
    assert outcome.err == ""


def test_nothing_to_complete_is_no_error() -> None:
    env = {"_TRACELEDGER_COMPLETE": "bash_complete", "COMP_WORDS": "traceledger trace x", "COMP_CWORD": "2"}
    outcome = run_process(env=env)
    assert (outcome.code, outcome.out.strip(), outcome.err) == (0, "", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str, cli: Run) -> None:
    outcome = cli("completion", shell)
    assert outcome.code == 0
    assert "_TRACELEDGER_COMPLETE" in outcome.out
    if found := shutil.which(shell):
        subprocess.run([found, "-n"], input=outcome.out, text=True, check=True, timeout=30)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("errors", "# Errors"),
        ("docs/errors.md#refusals", "# Errors"),
        ("exit-codes", "| 143 |"),
        ("environment", "TRACELEDGER_PAGER"),
        ("units", "a number and a unit"),
        ("black mass", "black mass: the shredded"),
        ("pCAM", "cathode active material"),
        ("BatchIsFrozen", "is frozen"),
        ("batch mint", "Usage: traceledger batch mint"),
        ("spreadsheets", "# "),
    ],
)
def test_topics_are_explained(asked: str, told: str, cli: Run) -> None:
    shown = cli("help", *asked.split())
    assert (shown.code, shown.err) == (0, "")
    assert told in shown.out
    assert told in cli("help", *asked.split(), "--json").document["text"]


def test_a_topic_that_is_none_is_suggested(cli: Run) -> None:
    assert "exit-codes" in cli("help").out
    refused = cli("help", "exit-code")
    assert (refused.code, "did you mean exit-codes" in refused.err) == (ExitCode.INPUT, True)
