"""A supplier's and a consortium's day, verb by verb, on a real chain."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import OPERATIONS, Run, head, run_process

MINT = """batch mint KOL-2 --material cobalt-hydroxide --facility pit-4 --mass 2t --substance Co=0.7t
    --origin mined --at 2026-02-01T00:00:00Z""".split()


def ok(cli: Run, *arguments: str) -> dict[str, object]:
    """Run a command under ``--json``; its document."""
    outcome = cli(*arguments, "--json", "-q")
    assert (outcome.code, outcome.err) == (0, "")
    document = outcome.document
    assert isinstance(document, dict)
    return document


def test_everything_by_verbs(deployed: Path, cli: Run) -> None:
    def recorded(text: str, *more: str, operation: str, **names: object) -> None:
        document = ok(cli, *text.split(), *more)
        number, _ = head(deployed)
        assert document.pop("operation") == operation
        assert document.pop("block") == number
        assert str(document.pop("transaction")).startswith("0x")
        assert int(str(document.pop("gas_used"))) > 21_000
        assert int(str(document.pop("timestamp"))) > 1_700_000_000
        assert document == names

    at = ("--at", "2026-01-17T06:00:00Z")
    hydroxide, sulfate = ("material add hydroxide --substance Co", "--name", "Crude hydroxide"), "sulfate"
    recorded(*hydroxide, operation="define_material", material="hydroxide")
    recorded(
        "material add sulfate --name S --substance cobalt", operation="define_material", material=sulfate
    )
    for slug, country in (("katanga", "CD"), ("kokkola", "FI"), ("argus", "NL")):
        role = "auditor" if slug == "argus" else "producer"
        recorded(
            f"participant add {slug} --name {slug} --country {country} --role {role} --create-key",
            operation="register_participant",
            participant=slug,
        )
    recorded(
        "facility add pit --kind mine --country CD --as katanga",
        operation="register_facility",
        facility="katanga/pit",
    )
    recorded(
        "facility add ref --kind refinery --country FI --as kokkola --name Refinery",
        operation="register_facility",
        facility="kokkola/ref",
    )
    recorded(
        "facility approve katanga/pit hydroxide --capacity",
        "4000 t",
        operation="approve_origin",
        facility="katanga/pit",
        material="hydroxide",
    )
    recorded(
        "batch mint KOL --material hydroxide --facility pit --mass 24t --substance Co=8.4t --origin mined"
        " --scope1 40t --scope2 12t --primary 52t --as katanga",
        *at,
        operation="mint",
        batch="katanga/KOL",
    )
    recorded(
        "batch split KOL --into A=10t --into B=2t --as katanga",
        *at,
        operation="split",
        batch="katanga/KOL",
        children=["katanga/A", "katanga/B"],
    )
    recorded(
        "batch ship S1 --batch A --batch B --to kokkola --scope3 3t --as katanga",
        *at,
        operation="ship",
        shipment="katanga/S1",
    )
    recorded("batch cancel S1 --as katanga --reason strike", *at, operation="cancel", shipment="katanga/S1")
    recorded(
        "batch ship S2 --batch B --to kokkola --as katanga", *at, operation="ship", shipment="katanga/S2"
    )
    recorded("batch reject katanga/S2 --as kokkola", *at, operation="reject", shipment="katanga/S2")
    recorded(
        "batch ship S3 --batch A --to kokkola --as katanga", *at, operation="ship", shipment="katanga/S3"
    )
    recorded(
        "batch receive katanga/S3 --arrived katanga/A=9.5t --as kokkola",
        *at,
        operation="receive",
        shipment="katanga/S3",
    )
    recorded(
        "batch transform RUN --facility ref --process refining --input katanga/A=5t"
        " --output COS,material=sulfate,mass=8t,Co=1.5t,weight=3"
        " --output REST,material=sulfate,mass=1t,weight=1"
        " --loss Co=0.25t --allocation economic --scope1 9t --as kokkola",
        *at,
        operation="transform",
        transformation="kokkola/RUN",
        batches=["kokkola/COS", "kokkola/REST"],
    )
    recorded(
        "batch emit COS --scope2 100kg --reason storage --as kokkola",
        *at,
        operation="add_emissions",
        batch="kokkola/COS",
    )
    recorded(
        "batch retire COS --reason delivered --as kokkola --yes", *at, operation="retire", batch="kokkola/COS"
    )
    recorded(
        "batch declare-error katanga/KOL --reason did_not_occur --corrective katanga/B --as argus --yes",
        *at,
        operation="declare_error",
        batch="katanga/KOL",
    )
    for verb, operation in (("suspend", "suspend"), ("reinstate", "reinstate"), ("terminate", "terminate")):
        recorded(
            f"participant {verb} kokkola --reason audit --yes",
            operation=f"{operation}_participant",
            participant="kokkola",
        )
    assert ok(cli, "participant", "show", "kokkola")["state"] == "terminated"

    shown = ok(cli, "batch", "show", "kokkola/COS")
    assert shown["state"] == "retired"
    assert shown["made_of"] == ["katanga/A"]
    assert [event["event"] for event in shown["events"]] == ["Transformed", "EmissionsAdded", "BatchRetired"]  # type: ignore[attr-defined]
    assert shown["substances_mg"] == {"Co": "1500000000"}
    traced = ok(cli, "trace", "kokkola/COS")
    assert traced["tainted"] is True
    assert traced["origins"][0]["batch"] == "katanga/KOL"  # type: ignore[index]


def test_keys_of_a_participant(filled: Path, cli: Run) -> None:
    def operators() -> list[str]:
        return ok(cli, "participant", "show", "katanga")["operators"]  # type: ignore[return-value]

    (first,) = operators()
    second = ok(cli, "key", "create", "katanga-2")["address"]
    added = ok(cli, "participant", "operator", "add", "katanga", "katanga-2", "--as", "katanga")
    assert added["participant"] == "katanga"
    assert operators() == [first, second]
    ok(cli, "participant", "operator", "revoke", "katanga", str(first), "--yes")
    assert operators() == [second]
    ok(cli, *MINT, "--as", "katanga")  # signed with the key that is left
    third = ok(cli, "key", "create", "katanga-3")["address"]
    ok(
        cli,
        "participant",
        "operator",
        "rotate",
        "katanga",
        "katanga-2",
        "katanga-3",
        "--as",
        "katanga",
        "--yes",
    )
    assert operators() == [third]


def test_people_read_one_line(filled: Path, cli: Run) -> None:
    outcome = cli(*MINT, "--as", "katanga")
    assert outcome.code == 0
    assert outcome.out.startswith(f"mint katanga/KOL-2: block {head(filled)[0]}, 20")
    assert outcome.out.count("\n") == 1


def test_options_stand_before_the_noun_or_after_the_verb(filled: Path, cli: Run) -> None:
    assert cli("--as", "katanga", "--json", *MINT).document["batch"] == "katanga/KOL-2"
    before = cli("--network", "local", "--json", "trace", "kokkola/BLEND")
    between = cli("--json", "trace", "--network", "local", "kokkola/BLEND")
    after = cli("trace", "kokkola/BLEND", "--json", "--network", "local", "--config", "networks.toml")
    assert before.document == between.document == after.document


def test_the_option_nearer_to_the_verb_wins(filled: Path, cli: Run) -> None:
    assert cli("--network", "nowhere", "batch", "list", "--network", "local").code == 0
    assert cli("--network", "local", "batch", "list", "--network", "nowhere").code == 2


def test_environment_names_network_and_participant(
    filled: Path, cli: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRACELEDGER_AS", "katanga")
    monkeypatch.setenv("TRACELEDGER_NETWORKS", str(filled / "networks.toml"))
    monkeypatch.chdir(tmp_path)
    assert cli(*MINT).code == 0
    monkeypatch.setenv("TRACELEDGER_NETWORK", "nowhere")
    assert cli("batch", "list").code == 2
    assert cli("batch", "list", "--network", "local").code == 0
    assert cli("material", "add", "mica", "--name", "Mica", "--network", "local").code == 0  # by the deployer


def test_fields_from_a_json_object(filled: Path, cli: Run) -> None:
    line = json.loads(OPERATIONS.read_text("utf-8").splitlines()[10])
    Path("op.json").write_text(json.dumps(line), "utf-8")
    outcome = cli(
        "batch", "mint", "KOL-9", "--from-json", "op.json", "--mass", "9 t", "--as", "katanga", "--json"
    )
    assert outcome.document["batch"] == "katanga/KOL-9"
    assert cli("batch", "show", "katanga/KOL-9", "--json").document["mass_mg"] == str(9 * 10**9)


def test_fields_from_stdin(filled: Path) -> None:
    line = OPERATIONS.read_text("utf-8").splitlines()[10]
    outcome = run_process(
        "batch", "mint", "KOL-9", "--from-json", "-", "--as", "katanga", "--json", input=line
    )
    assert outcome.document["batch"] == "katanga/KOL-9"


def test_evidence_is_hashed(filled: Path, cli: Run) -> None:
    document = Path("assay.pdf")
    document.write_bytes(b"34.9 % Co")
    digest = hashlib.sha256(b"34.9 % Co").hexdigest()
    uris = ["https://example.org/assay?id=1", "urn:x"]
    evidence = ["--evidence", f"{uris[0]}=@{document}", "--evidence", f"{uris[1]}={'ab' * 32}"]
    ok(cli, *MINT, "--as", "katanga", *evidence)
    events = ok(cli, "batch", "show", "katanga/KOL-2")["events"]
    assert events[0]["evidence"] == [  # type: ignore[index]
        {"uri": uris[0], "sha256": digest},
        {"uri": uris[1], "sha256": "ab" * 32},
    ]


def test_submit_is_resumable_and_says_what_it_did(filled: Path, cli: Run) -> None:
    document = ok(cli, "submit", str(OPERATIONS), "--create-keys")
    assert document["sent"] == 0
    assert document["operations"] == document["skipped"] == 19
    assert document["head"] == head(filled)[0]


def test_an_address_is_admitted_without_its_key_by_that_keys_consent(
    deployed: Path, cli: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Rule 1: a key joins only with its own consent, which its holder signs where the key is."""
    far = tmp_path / "far"
    shutil.copytree(deployed, far)
    monkeypatch.chdir(far)
    address = str(ok(cli, "key", "create", "far")["address"])
    given = ok(cli, "key", "consent", "far")
    assert (given["participant"], given["operator"]) == (address, address)
    monkeypatch.chdir(deployed)
    admit = [*"participant add far --name Far --country JP --address".split(), address]
    refused = cli(*admit)
    assert refused.code == 6
    assert "consent" in refused.err
    whom = {"participant": "far", "name": "Far", "country": "JP", "roles": ["carrier"], "address": address}
    given = {name: given[name] for name in ("consent", "deadline")}
    Path("far.jsonl").write_text(json.dumps({"op": "register_participant", **whom, **given}), "utf-8")
    assert ok(cli, "submit", "far.jsonl")["sent"] == 1
    assert ok(cli, "participant", "show", "far")["operators"] == [address]


def test_a_capacity_is_withdrawn(filled: Path, cli: Run) -> None:
    ok(cli, "facility", "approve", "katanga/pit-4", "cobalt-hydroxide", "--capacity", "0 t")
    found = {item["facility"]: item for item in ok(cli, "facility", "list")["facilities"]}  # type: ignore[attr-defined]
    assert found["katanga/pit-4"]["approvals"] == []
    assert found["lusatia/plant"]["approvals"][0]["capacity_per_year_mg"] == str(10 * 10**9)
