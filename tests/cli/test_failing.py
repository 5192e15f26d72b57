"""What goes wrong says so in one sentence, with its exit code, and changes nothing."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chain.altering import alter
from tests.cli.conftest import OPERATIONS, Outcome, Run, head, run_process
from traceledger.errors import ExitCode

MINT = """batch mint NEW --as katanga --material cobalt-hydroxide --facility pit-4 --mass 2t --origin mined
    --at 2026-02-01T00:00:00Z""".split()
LOCAL = Path(".traceledger/local")


def refused(outcome: Outcome, code: ExitCode, *words: str) -> None:
    """One sentence on stderr, after what was to be signed; nothing on stdout; this exit code."""
    assert outcome.out == ""
    announced, _, sentence = outcome.err.partition("error: ")
    assert not announced or " signs: " in announced
    assert sentence.count("\n") == 1
    assert "Traceback" not in outcome.err
    for word in words:
        assert word in outcome.err
    assert outcome.code == code


def replaced(*pairs: tuple[str, str]) -> list[str]:
    """The mint above with other values."""
    arguments = list(MINT)
    for option, value in pairs:
        if option in arguments:
            arguments[arguments.index(option) + 1] = value
        else:
            arguments += [option, value]
    return arguments


BAD_INPUT = {
    "unknown unit": (replaced(("--mass", "2 stone")), "--mass: unknown unit 'stone'"),
    "no unit": (replaced(("--mass", "2")), "--mass: '2' is not a mass"),
    "negative": (replaced(("--mass", "-2 t")), "--mass: '-2 t' is negative"),
    "too fine": (replaced(("--mass", "0.0000001 g")), "finer than a milligram"),
    "too large": (replaced(("--mass", "900000000 t")), "too large"),
    "unknown substance": (replaced(("--substance", "Cx=1t")), "--substance: unknown substance 'Cx'"),
    "substance without mass": (replaced(("--substance", "Co")), "--substance: 'Co' is not understood"),
    "bad emissions": (replaced(("--scope1", "4 tons")), "emissions: scope1: unknown unit 'tons'"),
    "unknown origin": (replaced(("--origin", "stolen")), "--origin: 'stolen' is none of mined"),
    "time without zone": (replaced(("--at", "2026-02-01T00:00:00")), "--at: '2026-02-01T00:00:00'"),
    "bad evidence": (replaced(("--evidence", "https://x=12")), "--evidence: 'https://x=12' is not evidence"),
    "no such evidence file": (replaced(("--evidence", "https://x=@none.pdf")), "none.pdf: cannot be read"),
    "unknown participant": (replaced(("--as", "nobody")), "there is no participant 'nobody'"),
    "unknown material": (replaced(("--material", "unobtainium")), "there is no material 'unobtainium'"),
    "unknown facility": (replaced(("--facility", "pit-5")), "there is no facility 'pit-5'"),
    "field missing": (
        "batch mint NEW --as katanga --mass 2t".split(),
        "missing options '--material', '--facility' and '--origin'",
    ),
    "nobody acts": ("batch retire katanga/KOL-1 --reason x".split(), "use --as PARTICIPANT"),
    "unknown batch": (
        "batch retire katanga/KOL-7 --reason x --as katanga".split(),
        "no batch 'katanga/KOL-7'",
    ),
    "unknown shipment": ("batch receive katanga/SEA-9 --as kokkola".split(), "no shipment 'katanga/SEA-9'"),
    "split without mass": ("batch split KOL-1 --into X --as katanga".split(), "--into: 'X' has no mass"),
    "split twice": (
        "batch split KOL-1 --into X=1t --into X=2t --as katanga".split(),
        "--into: 'X' is given twice",
    ),
    "trace of nothing": (["trace", "katanga/NOTHING"], "there is no batch 'katanga/NOTHING'"),
    "trace of no participant": (["trace", "NOTHING"], "names no known participant"),
    "trace of no id": (["trace", "0x" + "0" * 64], "there is no batch 0x"),
    "block to come": (["trace", "katanga/KOL-1", "--as-of", "999"], "--as-of: there is no block 999 yet"),
    "not made yet": (["trace", "katanga/KOL-1", "--as-of", "2"], "no batch 'katanga/KOL-1' at block 2 yet"),
    "footprint of nothing": (["footprint", "katanga/NOTHING"], "there is no batch"),
    "no such network": (["batch", "list", "--network", "mainnet"], "there is no network 'mainnet'"),
    "no such command": (["batch", "burn"], "no such command 'burn'"),
    "no such option": (["batch", "mint", "NEW", "--colour", "red"], "see: traceledger batch mint --help"),
    "argument missing": (["trace"], "missing argument 'BATCH'"),
    "participant exists": ("participant add katanga --name K --country CD".split(), "exists already"),
    "no key to admit": ("participant add new --name N --country CD".split(), "use --create-key"),
    "bad country": (
        "participant add new --name N --country Congo --create-key".split(),
        "--country: 'Congo'",
    ),
    "bad address": ("participant add new --name N --country CD --address 0x12".split(), "--address: '0x12'"),
    "no such participant": (["participant", "show", "nobody"], "there is no participant 'nobody'"),
    "json is none": ([*MINT, "--from-json", "networks.toml"], "networks.toml:1: not JSON"),
    "no such json": ([*MINT, "--from-json", "none.json"], "none.json: cannot be read"),
    "no such product": (
        "emissions report --year 2026 --product vehcile".split(),
        "there is no material 'vehcile'",
    ),
    "key name": (["key", "create", "../evil"], "is not a name for a key"),
    "port": (["node", "serve", "--port", "70000"], "70000 is not in the range"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
@pytest.mark.parametrize("mode", [[], ["--json"]], ids=["human", "json"])
def test_bad_input(case: str, mode: list[str], filled: Path, cli: Run) -> None:
    arguments, sentence = BAD_INPUT[case]
    before, keys = head(filled), sorted((LOCAL / "keys").iterdir())
    outcome = cli(*mode, *arguments)
    code = ExitCode.REFUSED if case == "participant exists" else ExitCode.INPUT
    if mode:
        error = outcome.document["error"]
        assert (list(outcome.document), error["exit_code"]) == (["error"], code)
        outcome = replace(outcome, out="")
    refused(outcome, code, sentence)
    assert (head(filled), sorted((LOCAL / "keys").iterdir())) == (before, keys)


REFUSALS = {
    "over capacity": (replaced(("--mass", "99 t")), "katanga/pit-4 has 76 t of its approved capacity"),
    "unapproved": (replaced(("--material", "cobalt-sulfate")), "is no approved origin of it"),
    "exists": (["batch", "mint", "KOL-1", *MINT[3:]], "batch katanga/KOL-1 exists already"),
    "not held": (
        "batch retire katanga/KOL-1-A --reason x --as katanga --yes".split(),
        "batch katanga/KOL-1-A is held by kokkola, not by katanga",
    ),
    "used up": (
        "batch retire COS-2 --reason x --as kokkola --yes".split(),
        "batch kokkola/COS-2 is consumed",
    ),
    "more out than in": (
        """batch transform RUN-9 --facility refinery --process x --input COS-1=1t --as kokkola
        --output X,material=cobalt-sulfate,mass=2t,Co=1.9t""".split(),
        "Co is not conserved: 200 kg went in, 1.9 t came out",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refusals_of_the_contracts(case: str, filled: Path, cli: Run) -> None:
    arguments, sentence = REFUSALS[case]
    before = head(filled)
    refused(cli(*arguments), ExitCode.REFUSED, sentence)
    assert head(filled) == before


def test_a_file_with_faults_sends_nothing(filled: Path, cli: Run) -> None:
    lines = OPERATIONS.read_text("utf-8").splitlines()
    lines[10] = lines[10].replace('"24 t"', '"24 stone"')
    Path("bad.jsonl").write_text("\n".join([*lines, "not json"]), "utf-8")
    before = head(filled)
    outcome = cli("submit", "bad.jsonl")
    assert (outcome.code, outcome.out) == (ExitCode.INPUT, "")
    assert "2 faults; nothing was sent" in outcome.err
    assert "bad.jsonl:11: mass: unknown unit 'stone'" in outcome.err
    assert "bad.jsonl:20: not JSON" in outcome.err
    assert head(filled) == before
    refused(cli("submit", "none.jsonl"), ExitCode.INPUT, "none.jsonl: cannot be read")


def test_nothing_initialised(cli: Run, tmp_path: Path) -> None:
    for arguments in (
        ["trace", "a/b"],
        ["contract", "deploy"],
        ["key", "list"],
        ["node", "status"],
        ["network", "list"],
    ):
        refused(
            cli(*arguments), ExitCode.NETWORK, "there is no networks.toml here or above", "traceledger init"
        )
    assert list(tmp_path.iterdir()) == []


def test_nothing_deployed(cli: Run) -> None:
    assert cli("init").code == 0
    for arguments in (
        ["trace", "a/b"],
        MINT,
        ["submit", str(OPERATIONS)],
        ["index", "sync"],
        ["network", "check"],
    ):
        refused(cli(*arguments), ExitCode.NETWORK, "run: traceledger contract deploy")
    refused(cli("node", "verify"), ExitCode.NETWORK, "has no chain yet")
    assert not LOCAL.exists()
    refused(cli("init"), ExitCode.INPUT, "networks.toml: exists already")


def test_deploying_twice(deployed: Path, cli: Run) -> None:
    before = head(deployed)
    refused(cli("contract", "deploy"), ExitCode.NETWORK, "contracts are deployed on network 'local' already")
    assert head(deployed) == before


@pytest.mark.parametrize("text", ["default = ", "x = 1", '[networks.local]\nkind="embedded"', ""], ids=repr)
def test_networks_file_is_no_good(text: str, deployed: Path, cli: Run) -> None:
    Path("networks.toml").write_text(text, "utf-8")
    refused(cli("batch", "list"), ExitCode.INPUT, "networks.toml")


def test_config_is_missing(cli: Run) -> None:
    refused(cli("batch", "list", "--config", "other.toml"), ExitCode.NETWORK, "other.toml: cannot be read")


def test_wrong_passphrase(filled: Path, cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = head(filled)
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", "wrong")
    refused(cli(*MINT), ExitCode.SIGNING, "wrong passphrase for key 'katanga'")
    monkeypatch.delenv("TRACELEDGER_PASSPHRASE")
    refused(run_process(*MINT), ExitCode.SIGNING, "the passphrase of key 'katanga' is needed")
    refused(cli(*MINT, "--passphrase-file", "none"), ExitCode.SIGNING, "none: the passphrase cannot be read")
    Path("empty").write_text("\n", "utf-8")
    refused(cli(*MINT, "--passphrase-file", "empty"), ExitCode.SIGNING, "empty: the passphrase is empty")
    assert head(filled) == before


def test_no_key(filled: Path, cli: Run) -> None:
    before = head(filled)
    (LOCAL / "keys" / "katanga.json").unlink()
    refused(cli(*MINT), ExitCode.SIGNING, "no key of katanga is in", "traceledger key import katanga")
    (LOCAL / "keys" / "katanga.json").write_text("{}", "utf-8")
    refused(cli(*MINT), ExitCode.SIGNING, "katanga.json is damaged")
    refused(cli("key", "show", "nobody"), ExitCode.SIGNING, "there is no key 'nobody'")
    (LOCAL / "keys" / "deployer.json").unlink()
    refused(cli("material", "add", "mica", "--name", "Mica"), ExitCode.SIGNING, "have the consortium do it")
    assert head(filled) == before


def test_chain_file_is_damaged(filled: Path, cli: Run) -> None:
    chain = LOCAL / "chain.sqlite"
    chain.write_bytes(b"not a database, but long enough to be read as one" * 100)
    for arguments in (["trace", "kokkola/BLEND"], ["node", "verify"], MINT):
        outcome = cli(*arguments)
        refused(outcome, ExitCode(outcome.code), "chain.sqlite")
        assert outcome.code in (ExitCode.VERIFICATION, ExitCode.NETWORK)


def test_altered_chain_is_found(filled: Path, cli: Run) -> None:
    chain = LOCAL / "chain.sqlite"
    alter(chain, "UPDATE block SET bodies = receipt_changed(bodies) WHERE number = 10")
    refused(cli("node", "verify"), ExitCode.VERIFICATION, "block 10", "receipt")


def test_index_is_damaged(filled: Path, cli: Run) -> None:
    expected = cli("trace", "kokkola/BLEND", "--json").document
    for name in ("index.sqlite-wal", "index.sqlite-shm"):
        (LOCAL / name).unlink(missing_ok=True)
    (LOCAL / "index.sqlite").write_bytes(b"x" * 9000)
    refused(cli("trace", "kokkola/BLEND"), ExitCode.VERIFICATION, "index.sqlite", "traceledger index rebuild")
    assert cli("index", "rebuild").code == 0
    assert cli("trace", "kokkola/BLEND", "--json").document == expected


def test_the_index_cannot_be_written(filled: Path, cli: Run) -> None:
    place = LOCAL / "index.sqlite"
    place.unlink(missing_ok=True)
    place.mkdir()
    refused(cli("batch", "list"), ExitCode.INPUT, "index.sqlite: the index cannot be opened", "has space")


def test_another_chain_id(filled: Path, cli: Run) -> None:
    config = Path("networks.toml")
    config.write_text(config.read_text("utf-8").replace("chain_id = 20260", "chain_id = 999"), "utf-8")
    for arguments in (["trace", "kokkola/BLEND"], MINT, ["network", "check"], ["node", "verify"]):
        refused(cli(*arguments), ExitCode.NETWORK, "the chain has id 20260, expected 999")


def test_contracts_that_are_not_ours(filled: Path, cli: Run) -> None:
    before, config = head(filled), Path("networks.toml")
    address = cli("network", "show", "--json").document["contracts"]["ledger"]
    config.write_text(config.read_text("utf-8").replace(address, "0x" + "11" * 20), "utf-8")
    for arguments in (
        ["trace", "kokkola/BLEND"],
        MINT,
        ["network", "check"],
        ["contract", "show"],
        ["index", "rebuild"],
    ):
        refused(cli("-q", *arguments), ExitCode.NETWORK, "BatchLedger", "0x1111", "has no code")
    (LOCAL / "index.sqlite").unlink()
    refused(cli("trace", "kokkola/BLEND"), ExitCode.NETWORK, "has no code")
    assert not (LOCAL / "index.sqlite").exists()
    assert head(filled) == before


def test_the_index_of_another_chain(filled: Path, built: dict[str, Path], cli: Run) -> None:
    shutil.rmtree(LOCAL)
    shutil.copytree(built["deployed"] / LOCAL, LOCAL)
    shutil.copy(built["filled"] / LOCAL / "index.sqlite", LOCAL / "index.sqlite")
    refused(cli("trace", "kokkola/BLEND"), ExitCode.VERIFICATION, "no longer has the block")


def test_the_network_cannot_be_reached(filled: Path, cli: Run) -> None:
    text = Path("networks.toml").read_text("utf-8")
    text += '[networks.far]\nkind = "rpc"\nurl = "http://127.0.0.1:9"\npath = "far"\nchain_id = 1\n'
    Path("networks.toml").write_text(text, "utf-8")
    refused(cli("node", "status", "--network", "far"), ExitCode.NETWORK, "127.0.0.1:9", "cannot be reached")
    refused(cli("node", "verify", "--network", "far"), ExitCode.INPUT, "not an embedded one")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(filled: Path, cli: Run) -> None:
    Path("networks.toml").chmod(0)
    refused(cli("batch", "list"), ExitCode.NETWORK, "networks.toml: cannot be read")
