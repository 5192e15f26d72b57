"""Private texts on the command line: shown where they are known, given away, taken over, and refused."""

from __future__ import annotations

import json
import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import traceledger
from tests.cli.conftest import Run, run_command
from tests.clients import write
from tests.private_chain import SECRETS, operations
from traceledger.cli.completed_values import values
from traceledger.cli.context import Session
from traceledger.errors import ExitCode, InputError
from traceledger.model.commitments import PREFIX, is_commitment

STORE = Path(".traceledger/local/disclosures.sqlite")
READING = [
    ["trace", "kokkola/COS-88"],
    ["trace", "kokkola/COS-88", "--tree"],
    ["footprint", "kokkola/COS-88"],
    ["batch", "list"],
    ["facility", "list"],
    ["participant", "list"],
    ["participant", "show", "s-1"],
]


@pytest.fixture(scope="module")
def private(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the private chain ran."""
    folder = tmp_path_factory.mktemp("private") / "it"
    shutil.copytree(built["deployed"], folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACELEDGER_PASSPHRASE", "correct horse")
        patch.chdir(folder)
        assert (
            run_command("submit", str(write(folder / "ops.jsonl", operations())), "--create-keys").code == 0
        )
    return folder


@pytest.fixture
def owners(private: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of whoever recorded it."""
    folder = tmp_path / "owner"
    shutil.copytree(private, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def others(owners: Path) -> Path:
    """The working folder of whoever has the chain, and nothing else."""
    STORE.unlink()
    return owners


@pytest.mark.usefixtures("owners")
@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_the_owner_reads_its_own_names(cli: Run, arguments: list[str]) -> None:
    for_people = cli(*arguments).out
    assert "private:" not in for_people
    assert PREFIX not in for_people
    document = cli(*arguments, "--json").document
    disclosed = document.pop("disclosed")
    assert disclosed
    assert all(is_commitment(commitment) for commitment in disclosed)
    assert set(disclosed.values()) <= set(SECRETS)
    assert PREFIX not in json.dumps(document)


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_others_read_commitments(cli: Run, arguments: list[str]) -> None:
    for_people = cli(*arguments).out
    assert re.search(r"private:[0-9a-f]{8}…", for_people)
    text = cli(*arguments, "--json").out
    assert PREFIX in text
    assert "disclosed" not in json.loads(text)
    for secret in SECRETS:
        assert secret not in for_people
        assert secret not in text


@pytest.mark.usefixtures("filled")
def test_where_nothing_is_private_nothing_is_said_of_it(cli: Run) -> None:
    assert "disclosed" not in cli("trace", "kokkola/BLEND", "--json").document


@pytest.mark.usefixtures("owners")
def test_documents_for_third_parties_keep_it_private(cli: Run) -> None:
    for arguments in (["declaration", "show", "kokkola/COS-88", "--json"], ["audit", "--all", "--json"]):
        out = cli(*arguments).out
        assert out
        assert not [secret for secret in SECRETS if secret in out]
    assert "kolwezi-pit-4" in cli("declaration", "show", "kokkola/COS-88", "--json", "--disclosed").out


@pytest.mark.usefixtures("owners")
def test_an_auditor_with_the_openings_sees_one_lot_minted_twice(cli: Run) -> None:
    """Two companies mint the same lot privately, with the same document: the commitments do not show it."""
    document = ["--evidence", f"https://elsewhere.example/w={'ab' * 32}"]
    cli("facility", "add", "mine-2", "--kind", "mine", "--country", "FI", "--as", "kokkola")
    cli("facility", "approve", "kokkola/mine-2", "ore", "--capacity", "100 t")
    mint = [
        "--material",
        "ore",
        "--facility",
        "mine-2",
        "--mass",
        "3 t",
        "--substance",
        "Co=1t",
        "--origin",
        "mined",
    ]
    again = cli("batch", "mint", "KOL-2026-0117", "--as", "kokkola", *mint, *document, "--private")
    assert again.code == 0, again.err

    def rules(*more: str) -> set[str]:
        return {issue["rule"] for issue in cli("audit", "--all", "--json", *more).document["issues"]}

    assert rules("--disclosed") - rules() == {"lot-reused", "evidence-reused"}


def test_the_same_from_python(owners: Path) -> None:
    with traceledger.connect() as client:
        assert client.export_disclosures("batch.jsonl", batches=["kokkola/COS-88"]) == 9
        assert client.export_disclosures("site.jsonl", facilities=["s-1/kolwezi-pit-4"]) > 0
        every = client.export_disclosures("all.jsonl", everything=True)
        with pytest.raises(InputError, match="nothing is chosen"):
            client.export_disclosures("none.jsonl")
    assert not Path("none.jsonl").exists()
    STORE.unlink()
    with traceledger.connect() as client:
        first = client.import_disclosures("batch.jsonl")
        assert (first.openings, first.new) == (9, 9)
        assert client.trace("kokkola/COS-88").origins[0].facility == "s-1/kolwezi-pit-4"
        done = client.import_disclosures("all.jsonl")
        assert (done.openings, done.new) == (every, every - 9)


def test_the_salts_travel_with_the_batch(cli: Run, owners: Path) -> None:
    before = cli("trace", "kokkola/COS-88", "--json").document
    assert (
        cli("disclosure", "export", "kokkola/COS-88", "-o", "given.jsonl", "--json").document["openings"] == 9
    )
    assert stat.S_IMODE(Path("given.jsonl").stat().st_mode) == 0o600
    STORE.unlink()
    taken = cli("disclosure", "import", "given.jsonl", "--json").document
    assert (taken["openings"], taken["new"]) == (9, 9)
    assert cli("disclosure", "import", "given.jsonl", "--json").document["new"] == 0
    assert cli("trace", "kokkola/COS-88", "--json").document == before
    assert cli("trace", "s-1/KOL-2026-0117").code == 0
    assert owners == Path.cwd()


@pytest.mark.usefixtures("owners")
def test_only_what_is_upstream_is_given(cli: Run) -> None:
    cli("batch", "split", "KOL-2026-0117", "--into", "FOR-ANOTHER=1t", "--as", "s-1", "--private")
    cli("disclosure", "export", "s-1/KOL-2026-0117", "-o", "mine.jsonl")
    texts = {item["text"] for item in lines("mine.jsonl")[1:]}
    assert "KOL-2026-0117" in texts
    assert texts.isdisjoint({"FOR-ANOTHER", "KOL-2026-0117-A", "COH-7", "RUN-7", "SEA-9001"})
    cli("disclosure", "export", "kokkola/COS-88", "-o", "theirs.jsonl")
    texts = {item["text"] for item in lines("theirs.jsonl")[1:]}
    assert {"COH-7", "RUN-7", "SEA-9001", "KOL-2026-0117-A"} <= texts
    assert "FOR-ANOTHER" not in texts
    cli("disclosure", "export", "--all", "-o", "all.jsonl")
    assert "FOR-ANOTHER" in {item["text"] for item in lines("all.jsonl")[1:]}


@pytest.mark.usefixtures("owners")
def test_a_facility_and_a_name_alone(cli: Run) -> None:
    cli("disclosure", "export", "--facility", "s-1/kolwezi-pit-4", "-o", "site.jsonl")
    assert {item["kind"] for item in lines("site.jsonl")[1:]} == {
        "facility",
        "facility_name",
        "participant_name",
    }
    cli("disclosure", "export", "--participant", "s-1", "-o", "name.jsonl")
    assert [item["text"] for item in lines("name.jsonl")[1:]] == ["Katanga Example Mining"]
    listed = cli("disclosure", "list", "--participant", "s-1", "--kind", "facility", "--json").document[
        "disclosures"
    ]
    assert [item["text"] for item in listed] == ["kolwezi-pit-4"]
    assert "salt" not in cli("disclosure", "list", "--json").out
    assert cli("disclosure", "export", "-o", "none.jsonl").code == ExitCode.INPUT
    assert cli("disclosure", "export", "kokkola/COS-88", "-o", "no/such/folder.jsonl").code == ExitCode.INPUT


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(name).read_text("utf-8").splitlines()]


def position(items: list[dict[str, Any]], kind: str) -> int:
    return next(number for number, item in enumerate(items) if item.get("kind") == kind)


Change = Callable[[dict[str, Any]], object]


def flipped(text: str) -> str:
    return text[:-1] + ("1" if text[-1] == "0" else "0")


@pytest.mark.parametrize("commitment", ["kept", "dropped"])
@pytest.mark.parametrize(
    "kind",
    ["batch", "facility", "facility_name", "participant_name", "shipment", "transformation", "evidence"],
)
@pytest.mark.parametrize(
    "change",
    [
        lambda item: item.update(text=item["text"] + "x"),
        lambda item: item.update(salt=flipped(item["salt"])),
        lambda item: item.update(owner=flipped(item["owner"])),
        lambda item: item.update(kind="shipment" if item["kind"] == "batch" else "batch"),
    ],
    ids=["text", "salt", "owner", "kind"],
)
def test_a_forged_opening_is_refused_with_its_line(
    cli: Run, owners: Path, private: Path, change: Change, kind: str, commitment: str
) -> None:
    given = private / "given.jsonl"
    if not given.exists():
        cli("disclosure", "export", "kokkola/COS-88", "-o", str(given))
    items = lines(str(given))
    number = position(items, kind)
    change(items[number])
    if commitment == "dropped":
        del items[number]["commitment"]
    STORE.unlink()
    forged = write(owners / "forged.jsonl", items)
    outcome = cli("disclosure", "import", str(forged))
    assert outcome.code == ExitCode.VERIFICATION, outcome.err
    assert f"forged.jsonl:{number + 1}: " in outcome.err
    assert cli("disclosure", "list", "--json").document == {"disclosures": []}, "not one of them is taken"


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("", ExitCode.INPUT, "not JSON"),
        ("[]", ExitCode.INPUT, "must be an object"),
        ('{"format": "other"}', ExitCode.INPUT, "no disclosure file"),
        ("{}\n", ExitCode.INPUT, "no disclosure file"),
        ('{"format": "traceledger-disclosures", "version": 2}', ExitCode.INPUT, "of version 1"),
        (
            '{"format": "traceledger-disclosures", "version": 1, "chain_id": 1, "ledger": "0x"}',
            ExitCode.VERIFICATION,
            "another chain",
        ),
        ("HEADER\n{", ExitCode.INPUT, "bad.jsonl:2: not JSON"),
        ("HEADER\n7", ExitCode.INPUT, "bad.jsonl:2: this must be an object"),
        ("HEADER\n\n{}", ExitCode.INPUT, "bad.jsonl:3: kind"),
        ("HEADER\n" + "[" * 100_000, ExitCode.INPUT, "bad.jsonl:2: not JSON"),
    ],
)
@pytest.mark.usefixtures("owners")
def test_files_that_are_not_understood(cli: Run, content: str, code: ExitCode, words: str) -> None:
    cli("disclosure", "export", "--participant", "s-1", "-o", "good.jsonl")
    header = Path("good.jsonl").read_text("utf-8").splitlines()[0]
    Path("bad.jsonl").write_text(content.replace("HEADER", header), "utf-8")
    outcome = cli("disclosure", "import", "bad.jsonl")
    assert outcome.code == code
    assert words in outcome.err
    assert cli("disclosure", "import", "nowhere.jsonl").code == ExitCode.INPUT


@pytest.mark.usefixtures("deployed")
def test_every_recording_command_takes_private(cli: Run) -> None:
    cli("material", "add", "ore", "--name", "Ore", "--substance", "Co")
    document = ["--evidence", f"https://documents.example/x={'ab' * 32}"]
    lca = f"https://documents.example/y={'cd' * 32}"
    mined = ["--material", "ore", "--facility", "pit", "--mass", "9t", "--origin", "mined", "--private"]
    steps = [
        ["participant", "add", "s-1", "--name", "Katanga", "--country", "CD", "--create-key", "--private"],
        ["facility", "add", "pit", "--kind", "mine", "--country", "CD", "--as", "s-1", "--private"],
        ["facility", "approve", "s-1/pit", "ore", "--capacity", "100t", *document, "--private"],
        ["batch", "mint", "LOT", "--as", "s-1", *mined],
        ["batch", "split", "LOT", "--into", "PART=1t", "--as", "s-1", "--private"],
        ["batch", "emit", "PART", "--scope1", "1kg", "--reason", "x", "--as", "s-1", *document, "--private"],
        ["assurance", "evidence", lca, "--kind", "lca", "--issuer", "i", "--as", "s-1", "--private"],
    ]
    for step in steps:
        outcome = cli(*step, "--json")
        assert outcome.code == 0, outcome.err
        assert PREFIX not in outcome.out, "what was recorded is named as its author names it"
    listed = cli("disclosure", "list", "--json").document["disclosures"]
    assert {item["text"] for item in listed} == {
        *("Katanga", "pit", "LOT", "PART"),
        *(f"{'ab' * 32} https://documents.example/x", f"{'cd' * 32} https://documents.example/y"),
    }
    assert cli("assurance", "list", "--documents", "--json").document["evidence"][0]["uri"].endswith("/y")
    refused = cli("batch", "retire", "PART", "--reason", "x", "--as", "s-1", "--private")
    assert refused.code == ExitCode.INPUT
    assert "--private: nothing in this retire can be private" in refused.err
    mint = {
        "private": True,
        "batch": "LOT-2",
        "material": "ore",
        "facility": "pit",
        "mass": "1 t",
        "origin": "mined",
    }
    Path("mint.json").write_text(json.dumps(mint), "utf-8")
    assert cli("batch", "mint", "LOT-2", "--as", "s-1", "--from-json", "mint.json").code == 0
    assert cli("batch", "list", "--json").document["disclosed"].keys() >= {
        item["commitment"] for item in listed if item["kind"] == "batch"
    }


@pytest.mark.usefixtures("owners")
def test_a_proof_for_the_public(cli: Run) -> None:
    cli("trust-root", "export", "-o", "root.json")
    asked = ["full.redacted.tlproof", "kokkola/COS-88", "--trust-root", "root.json"]
    exported = cli("proof", "export", "kokkola/COS-88", "-o", "full.tlproof", "--disclose", "--json").document
    assert exported["disclosures"] == 9
    full = cli("proof", "verify", "full.tlproof", "kokkola/COS-88", "--trust-root", "root.json")
    assert "- facility of s-1: kolwezi-pit-4" in full.out
    assert "CD s-1/kolwezi-pit-4" in full.out
    redacted = cli("proof", "redact", "full.tlproof", "--hide", "names,facilities,evidence,lots")
    assert "public on chain, and so not hidden: facility refinery" in redacted.out
    public = cli("proof", "verify", *asked)
    assert public.code == 0
    assert "Disclosed" not in public.out
    assert re.search(r"CD s-1/private:[0-9a-f]{8}…", public.out)
    assert not [secret for secret in SECRETS if secret in public.out]
    document = cli("proof", "verify", *asked, "--json").document
    assert (document["disclosed"], document["undisclosed"]) == ([], 9)
    site = cli("facility", "list", "--json").document["facilities"][0]["id"]
    verify = ["proof", "verify", *asked, "--approved-origin"]
    assert cli(*verify, site).code == 0
    assert cli(*verify, "0x" + "07" * 32).code == ExitCode.NOT_ACCEPTED
    assert cli(*verify, "kolwezi-pit-4").code == ExitCode.INPUT
    assert cli("proof", "redact", "full.tlproof").code == ExitCode.INPUT
    assert cli("proof", "redact", "full.tlproof", "--hide", "colours").code == ExitCode.INPUT
    assert cli("proof", "redact", "root.json", "--hide", "names").code == ExitCode.INPUT


@pytest.mark.usefixtures("owners")
def test_the_shell_completes_private_names(cli: Run) -> None:
    cli("index", "sync")
    assert values(Session(), "BATCH", "s-1/COH") == ["s-1/COH-7"]
    STORE.unlink()
    (name,) = values(Session(), "BATCH", "s-1/")[:1]
    assert is_commitment(name.removeprefix("s-1/"))
