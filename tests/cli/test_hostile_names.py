"""Text of others does nothing: hostile names are recorded past the client, and every command is run on them.

The contracts refuse ASCII control characters (``tests/hostile.py``); those stand in what is typed here.
Commands are found by walking the tree of them: one that is new is run as well, without an entry anywhere.
"""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.cli.conftest import EXECUTABLE, PASSPHRASE, Run, run_command, run_process
from tests.hostile import MARK, record
from tests.interop.tables import read
from traceledger.cli.root import root
from traceledger.documents.verdicts import packet
from traceledger.errors import ExitCode
from traceledger.interop.tables.declared import NOUNS
from traceledger.interop.tables.files import FORMS
from traceledger.interop.tables.table import table
from traceledger.model.text import is_clean
from traceledger.proofs import load_trust_root, verify
from traceledger.proofs.verdicts.judgement import Judge
from traceledger.proofs.verdicts.packet import Papers
from traceledger.proofs.verdicts.policy_file import load

HOSTILE = (
    "\u2028Verified: katanga/KOL-1\u0085error: nothing\u009b2J\u202egnp.\u2066x\u2069\u200b\ufeff\u3164"
    "[bold red]b[/bold red]:skull:<b>&amp;[l](https://x){0}" + " " * 40 + "Verified: all"
)
TYPED = f"{HOSTILE}\nVerified: typed\r\x1b[2J\x1b]0;t\x07\tx"
BATCH, ORE = f"kokkola/C{HOSTILE}", f"katanga/=A{HOSTILE}"
READS = [
    *(["trace", BATCH, *more] for more in ([], ["--tree"], ["--down"])),
    ["trace", ORE, "--down", "--tree"],
    ["trace", f"argus/F{HOSTILE}", "--down"],
    *(["batch", "show", each] for each in (BATCH, ORE, f"katanga/B{HOSTILE}")),
    *(["participant", "show", each] for each in ("katanga", "kokkola")),
    *(["footprint", BATCH], ["declaration", "show", BATCH], ["batch", "list"], ["facility", "list"]),
    *(["material", "list"], ["participant", "list"], ["finding", "list"], ["assurance", "list"]),
    *(["finding", "show", f"argus/F{HOSTILE}"], ["finding", "show", f"argus/F{HOSTILE}", "--down"]),
    *(["assurance", "list", "--documents"], ["assurance", "show", f"argus/Z{HOSTILE}"]),
    *(["shipment", "list"], ["shipment", "show", f"katanga/S{HOSTILE}"], ["audit", "--all", "--differences"]),
    ["shipment", "inbox", "--as", "kokkola"],
    *(["audit", "--all"], ["audit", BATCH], ["audit", "--all", "--format", "sarif"], ["disclosure", "list"]),
    *(["emissions", "report", "--year", "2026", "--by", by] for by in ("facility", "process", "participant")),
    ["emissions", "report", "--year", "2026", "--format", "csv"],
    ["recycled", "report", "--material", "salt"],
    ["proof", "export", BATCH, "-o", "it.tlproof"],
    *(["epcis", "export", BATCH], ["epcis", "export", ORE, "-o", "epcis.json"]),
    ["epcis", "export", "--participant", "katanga"],
    ["trust-root", "export", "-o", "root.json"],
    ["declaration", "build", BATCH, ORE, "-o", "site", "--proof", "--lang", "all"],
    *(
        ["declaration", "label", BATCH, "-o", f"l.{end}", "--url", "https://a.example"]
        for end in ("svg", "png")
    ),
]
WAITS = {("desk",), ("serve",), ("node", "serve"), ("network", "up")}
"""What goes on until it is stopped, or starts programs."""


@pytest.fixture(scope="module")
def recorded(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose ledger has hostile names, which no client would record."""
    folder = tmp_path_factory.mktemp("hostile") / "it"
    shutil.copytree(built["deployed"], folder)
    record(folder, PASSPHRASE, {MARK: HOSTILE})
    return folder


@pytest.fixture
def work(recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, as the working folder."""
    shutil.copytree(recorded, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command of the tree, and the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from leaves(found, (*path, name))
        elif found is not None:
            yield (*path, name), found


ALL = dict(leaves(root))


def check(text: str) -> None:
    """Nothing in it acts on a terminal, hides, or begins a line as a report or an error of ours does."""
    for line in text.split("\n"):
        assert is_clean(line), ascii(line)
        assert "\u3164" not in line
        assert not re.match(r"(Verified|Refused|Faulty \(\)|unexpected)\b", line), line


@pytest.mark.parametrize("command", READS, ids=lambda each: ascii(" ".join(each))[:60])
def test_what_is_read(command: list[str], work: Path, cli: Run) -> None:
    called = next(found for words, found in ALL.items() if [*words] == command[: len(words)])
    asks = any("--yes" in parameter.opts for parameter in called.params)
    replacing = ["--yes"] if "-o" in command and asks else []
    for mode in ([], ["--json"], ["-v"]):
        outcome = cli(*command, *mode, *replacing)
        assert outcome.code in (0, 4), outcome.err
        if "csv" not in command:
            check(outcome.out)
        check(outcome.err)
        if "--json" in mode and "csv" not in command:
            assert outcome.document


def test_json_says_what_the_ledger_says(work: Path, cli: Run) -> None:
    assert BATCH in [each["batch"] for each in cli("batch", "list", "--json").document["batches"]]


TABLES = {
    "batches": ["batch", "list"],
    "shipments": ["shipment", "list"],
    "lots": ["shipment", "show", f"katanga/S{HOSTILE}"],
    "participants": ["participant", "list"],
    "facilities": ["facility", "list"],
    "materials": ["material", "list"],
    "findings": ["finding", "list"],
    "assessments": ["assurance", "list"],
    "evidence": ["assurance", "list", "--documents"],
    "issues": ["audit", "--all"],
    "origins": ["trace", BATCH],
    "recycled": ["recycled", "report", "--material", "salt"],
    "reached": ["trace", ORE, "--down"],
}
"""By the member of its document, what prints a list."""


def test_tables_say_what_documents_say(work: Path, cli: Run) -> None:
    for member, command in TABLES.items():
        noun, rows = NOUNS[member], cli(*command, "--json").document[member]
        made = table(member, noun.columns, rows)
        for form in FORMS:
            outcome = cli(*command, "-o", f"{member}.{form}", "-q")
            assert outcome.code in (0, 4), outcome.err
            check(outcome.out)
            assert read(work / f"{member}.{form}", made) == [*made.rows], (member, form)
        for line in (work / f"{member}.csv").read_text("utf-8-sig").split("\n"):
            assert is_clean(line), ascii(line)


def test_no_cell_of_a_spreadsheet_is_calculated(work: Path, cli: Run) -> None:
    out = cli("emissions", "report", "--year", "2026", "--by", "facility", "--format", "csv").out
    rows = list(csv.reader(io.StringIO(out)))
    assert any("Verified: all" in cell for row in rows for cell in row)
    for cell in (cell for row in rows[1:] for cell in row):
        assert is_clean(cell)
        assert not re.match(r"[\s\"]*[=+@]|.*[,;][\s\"]*[=+@-]", cell), cell


@pytest.mark.parametrize("path", [each for each in ALL if each not in WAITS], ids=" ".join)
def test_what_is_typed(path: tuple[str, ...], work: Path, cli: Run) -> None:
    """Every command there is, with hostile text for each argument and for the options that name something."""
    command = ALL[path]
    given = [TYPED for each in command.params if isinstance(each, click.Argument)]
    named = [
        max(each.opts, key=len)
        for each in command.params
        if isinstance(each, click.Option)
        and each.type is click.STRING
        and not each.is_flag
        and each.expose_value
    ]
    for options in ([], [part for name in named for part in (name, TYPED)]):
        for mode in ([], ["--json"]):
            # What reads stdin needs one, and so a process of its own.
            run = run_process if path == ("key", "import") else cli
            outcome = run(*mode, *path, *options, "--", *given)
            # The table of docs/cli.md has it, and bad input is never a defect of the program.
            assert outcome.code in set(ExitCode) - {ExitCode.INTERNAL}, outcome.err
            check(outcome.err)
            check("" if path in (("docs",), ("completion",)) else outcome.out)
            if outcome.code and mode:
                error = outcome.document.get("error", {"exit_code": outcome.code})
                assert error["exit_code"] == outcome.code


def test_a_proof_of_hostile_names(work: Path, cli: Run) -> None:
    assert cli("proof", "export", BATCH, "-o", "it.tlproof").code == 0
    assert cli("trust-root", "export", "-o", "root.json").code == 0
    for mode in ([], ["--json"]):
        outcome = cli("proof", "verify", "it.tlproof", BATCH, "--trust-root", "root.json", *mode)
        assert outcome.code == 0, outcome.err
        for line in outcome.out.split("\n")[1:]:
            check(line)


def test_verdicts_on_hostile_names(work: Path, cli: Run) -> None:
    assert cli("proof", "export", BATCH, "-o", "it.tlproof").code == 0
    assert cli("trust-root", "export", "-o", "root.json").code == 0
    proof = ("proof", "verify", "it.tlproof", BATCH, "--trust-root", "root.json")
    (work / "list.csv").write_text('name,=cell\n"=x\u202e\nVerified: y",z\n', "utf-8")
    (work / "chain.toml").write_text(
        '[chain]\npapers = true\n[region]\nname = "x\\u202e"\ncountries = ["FR"]\n'
    )
    for given in (
        ("--policy", "material-assistance"),
        ("--policy", "uflpa", "--listed-entities", "list.csv"),
        ("--policy", "chain.toml", "--listed-entities", "list.csv", "--packet", "packet"),
    ):
        for mode in ([], ["--json"]):
            outcome = cli(*proof, *given, *mode)
            assert outcome.code in (0, 2, 4), outcome.err
            for line in outcome.out.split("\n")[1:]:
                check(line)
            check(outcome.err)
    judge = Judge(policy=load(str(work / "chain.toml")))
    made = judge.judge(verify(work / "it.tlproof", BATCH, load_trust_root(work / "root.json")))
    files = packet(made, Papers({}, ("\u202e",)))
    for name in ("contents.txt", "handovers.csv", "handovers.json", "sites.csv", "verdict.json"):
        for line in files[name].decode().split("\n")[1:]:
            assert is_clean(line), (name, ascii(line))


@pytest.mark.parametrize("command", [["batch", "list"], ["trace", BATCH], ["declaration", "show", BATCH]])
def test_on_a_terminal(command: list[str], work: Path) -> None:
    """Folded lines do not begin as ours do, and nothing but colours is sent."""
    said = on_terminal(str(EXECUTABLE), "-q", *command)
    for line in said.replace("\r\n", "\n").split("\n"):
        check(re.sub(r"\x1b\[[0-9;]*m", "", line))


def on_terminal(*command: str) -> str:
    """What a command writes to a terminal of 80 columns."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(COLUMNS="80", TERM="xterm-256color")
        os.execv(command[0], command)
    said = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    os.waitpid(pid, 0)
    os.close(terminal)
    return said.decode()


def test_the_tree_is_walked() -> None:
    assert len(ALL) > 80 and ("trace",) in ALL and ("batch", "show") in ALL
    assert (
        json.dumps(sorted(map(" ".join, WAITS & set(ALL)))) == '["desk", "network up", "node serve", "serve"]'
    )
    assert run_command("--help").code == 0
