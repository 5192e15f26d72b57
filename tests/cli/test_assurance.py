"""``assurance``, ``finding``, and what they change of other commands."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import OPERATIONS, PASSPHRASE, Run
from tests.clients import client_of, embedded_chain, network_of
from traceledger.chain.base import Receipt
from traceledger.chain.embedded import EmbeddedChain
from traceledger.config.connection import create_embedded
from traceledger.config.networks import write_template
from traceledger.errors import ExitCode
from traceledger.model.units import format_time
from traceledger.signing.transaction import UnsignedTransaction, sign

DOCUMENT = ["--evidence", f"urn:report={'5a' * 32}"]
START = int(time.time()) - 4 * 86_400
DUE = START + 2 * 86_400
"""Who may be blocked by a finding has at least a day's notice: the chain begins some days ago."""
FINDING = ["finding", "raise", "F-1", "--severity", "critical", "--category", "labour"]
FINDING += ["--description", "No pay"]
AGAIN = ["batch", "mint", "KOL-9", "--as", "katanga", "--material", "cobalt-hydroxide", "--facility", "pit-4"]
AGAIN += ["--mass", "1 t", "--origin", "mined"]


def ok(cli: Run, *arguments: str) -> Any:
    outcome = cli(*arguments, "--json")
    assert outcome.code == 0, outcome.err
    return outcome.document


class Earlier(EmbeddedChain):
    """A chain whose blocks were made some days ago."""

    def send(self, raw: Sequence[bytes], *, timestamp: int | None = None) -> list[Receipt]:
        return super().send(raw, timestamp=max(START, self.head().timestamp + 1))


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the operations file ran some days ago, and an auditor found something at the mine."""
    folder = tmp_path_factory.mktemp("earlier") / "it"
    folder.mkdir()
    write_template(folder)
    create_embedded(network_of(folder)).close()
    chain = embedded_chain(network_of(folder), Earlier)
    with client_of(folder, PASSPHRASE, chain=chain) as client:
        client.deploy()
        client.submit(OPERATIONS, create_keys=True)
        client.create_key("argus")
        client.register_participant("argus", name="Argus", country="NL", roles=["auditor"])
        finding = {"severity": "critical", "category": "labour", "description": "No pay", "due": DUE}
        evidence = [{"uri": "urn:report", "sha256": "5a" * 32}]
        client.raise_finding(
            "F-1",
            act_as="argus",
            participant="katanga",
            at="2020-01-01T00:00:00Z",
            evidence=evidence,
            **finding,
        )
    return folder


@pytest.fixture
def audited(earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: an auditor found something critical at the mine, which is overdue."""
    folder = tmp_path / "work"
    shutil.copytree(earlier, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("audited")
def test_a_finding_from_its_raising_to_its_closing(cli: Run) -> None:
    refused = cli(*AGAIN)
    assert refused.code == ExitCode.REFUSED
    assert f"critical finding argus/F-1 was due at {format_time(DUE)}" in refused.err
    for arguments in (
        ["correct", "argus/F-1", "--as", "katanga", "--corrective-action", "Soon"],
        ["refuse", "argus/F-1", "--as", "argus", "--reason", "When?"],
        ["plan", "argus/F-1", "--as", "katanga", "--corrective-action", "In May"],
        ["accept", "F-1", "--as", "argus"],
        ["close", "F-1", "--as", "argus", *DOCUMENT],
    ):
        assert ok(cli, "finding", *arguments)["finding"] == "argus/F-1"
    ok(cli, *AGAIN)
    shown = ok(cli, "finding", "show", "argus/F-1")
    assert [step["step"] for step in shown["steps"]] == [
        *("raised", "action_submitted", "action_refused", "action_submitted", "action_accepted", "closed")
    ]
    assert (shown["state"], shown["blocks"], shown["overdue"]) == ("closed", False, False)
    assert shown["steps"][-1]["evidence"] == [{"uri": "urn:report", "sha256": "5a" * 32}]
    human = cli("finding", "show", "argus/F-1").out
    assert "action refused" in human
    assert "When?" in human
    ok(cli, "finding", "reopen", "F-1", "--as", "argus", "--reason", "Again", "--due", "2090-01-01T00:00:00Z")
    assert ok(cli, "finding", "list", "--state", "open")["findings"][0]["due_at"] == 3786912000


@pytest.mark.usefixtures("audited")
def test_findings_are_listed_as_asked(cli: Run) -> None:
    ok(cli, "finding", "raise", "F-2", "--severity", "minor", "--category", "ethics", "--description", "x",
       "--facility", "kokkola/refinery", "--as", "argus", "--due", "2090-01-01T00:00:00Z")  # fmt: skip

    def listed(*options: str) -> list[str]:
        return [item["finding"] for item in ok(cli, "finding", "list", *options)["findings"]]

    assert listed() == ["argus/F-1", "argus/F-2"]
    assert listed("--participant", "kokkola") == listed("--severity", "minor") == ["argus/F-2"]
    assert listed("--overdue") == ["argus/F-1"]
    assert listed("--state", "closed") == []
    assert cli("finding", "list", "--state", "asleep").code == ExitCode.INPUT
    assert "kokkola/refinery" in cli("finding", "list").out


@pytest.mark.usefixtures("audited")
def test_a_participant_is_shown_with_its_standing(cli: Run) -> None:
    shown = ok(cli, "participant", "show", "katanga")
    assert (shown["may_act"], shown["obstacles"][0]["finding"]) == (False, "argus/F-1")
    ok(cli, "participant", "suspend", "katanga", "--reason", "F-1", *DOCUMENT)
    human = cli("participant", "show", "katanga").out
    assert "critical finding argus/F-1 is overdue" in human
    assert "it is suspended" in human
    assert "F-1\n" in human
    change = ok(cli, "participant", "show", "katanga")["standing_changes"][0]
    assert (change["state"], change["evidence"][0]["uri"]) == ("suspended", "urn:report")
    assert ok(cli, "participant", "show", "kokkola")["may_act"] is True


@pytest.mark.usefixtures("audited")
def test_recall(cli: Run) -> None:
    down = ok(cli, "trace", "argus/F-1", "--down")
    assert down["made"] == ["katanga/KOL-1"]
    assert {item["batch"] for item in down["reached"]} >= {"katanga/KOL-1-A", "kokkola/BLEND"}
    assert ok(cli, "finding", "show", "argus/F-1", "--down")["reach"] == down
    assert "kokkola/BLEND" in cli("finding", "show", "argus/F-1", "--down").out
    assert "kokkola/BLEND" in cli("trace", "argus/F-1", "--down").out
    assert cli("trace", "argus/F-1", "--down", "--tree").code == ExitCode.INPUT
    assert "there is no batch 'argus/F-1'" in cli("trace", "argus/F-1").err
    assert cli("trace", "argus/F-9", "--down").code == ExitCode.INPUT
    later = ["--at", "2090-01-01T00:00:00Z", "--due", "2090-02-01T00:00:00Z", "--participant", "kokkola"]
    ok(cli, "finding", "raise", "F-2", *FINDING[3:], "--as", "argus", *later)
    assert "nobody: nothing was made there" in cli("trace", "argus/F-2", "--down").out


@pytest.mark.usefixtures("audited")
def test_assessments_and_documents(cli: Run) -> None:
    when = ["--valid-from", "2020-01-01T00:00:00Z", "--valid-until", "2090-01-01T00:00:00Z"]
    when += ["--issuer", "A body"]
    saq = ["assurance", "assess", "SAQ-1", "--as", "argus", "--participant", "katanga", "--kind", "saq"]
    assert ok(cli, *saq, "--score", "87.5 %", *when)["assessment"] == "argus/SAQ-1"
    risk = ["assurance", "assess", "R-1", "--facility", "katanga/pit-4", "--kind", "country-risk"]
    ok(cli, *risk, "--rating", "high", *when)
    found = ok(cli, "assurance", "list", "--kind", "saq")["assessments"]
    assert [(item["assessment"], item["value"], item["valid"]) for item in found] == [
        ("argus/SAQ-1", 8750, True)
    ]
    assert len(ok(cli, "assurance", "list", "--participant", "katanga")["assessments"]) == 2
    human = cli("assurance", "list", "--facility", "katanga/pit-4").out
    assert "high" in human
    assert "87.5 %" in cli("assurance", "show", "argus/SAQ-1").out
    assert cli("assurance", "show", "argus/SAQ-2").code == ExitCode.INPUT
    wrong = cli(*saq[:2], "SAQ-2", *saq[3:], "--rating", "low", *when)
    assert (wrong.code, "--rating: an assessment of kind saq has no rating" in wrong.err) == (2, True)
    Path("lca.pdf").write_bytes(b"LCA")
    document = ["assurance", "evidence", "urn:lca=@lca.pdf", "--kind", "lca", "--issuer", "A laboratory"]
    assert ok(cli, *document, "--as", "katanga")["evidence"] == "urn:lca"
    recorded = ok(cli, "assurance", "list", "--documents")["evidence"]
    assert [(item["uri"], item["recorded_by"]) for item in recorded] == [("urn:lca", "katanga")]
    assert "A laboratory" in cli("assurance", "list", "--documents").out


def test_policy_waits_for_its_delay(cli: Run) -> None:
    assert cli("init").code == 0
    ok(cli, "contract", "deploy", "--delay", "1 s")
    assert "nothing is mandatory" in cli("assurance", "requirement", "show").out
    change = ["carrier", "--kind", "saq", "--kind", "code-of-conduct"]
    assert ok(cli, "assurance", "requirement", "propose", *change)["kinds"] == ["saq", "code_of_conduct"]
    (found,) = ok(cli, "assurance", "requirement", "show")["proposed"]
    assert found["role"] == "carrier"
    assert "may be enacted from" in cli("assurance", "requirement", "show").out
    ok(cli, "material", "add", "slag", "--name", "Slag", *DOCUMENT)
    block_at(found["ready_at"])
    ok(cli, "assurance", "requirement", "enact", *change)
    old_spelling = cli("assurance", "policy", "show").out
    assert old_spelling == cli("assurance", "requirement", "show").out
    assert ok(cli, "assurance", "requirement", "show")["mandatory"] == {"carrier": ["saq", "code_of_conduct"]}
    late = cli("assurance", "requirement", "enact", *change)
    assert (late.code, "not announced, or took effect already" in late.err) == (ExitCode.REFUSED, True)


def block_at(second: int) -> None:
    """Make a block with that time on the network of the working folder; the next one is a second later."""
    network = network_of(Path())
    with embedded_chain(network) as chain, client_of(Path(), PASSPHRASE) as client:
        account = client.signers.deployer()
        unsigned = UnsignedTransaction(chain.chain_id, chain.nonce(account), 21_000, account, b"")
        chain.send([sign(unsigned, client.signers.unlock(account))], timestamp=second)


def test_a_proposal_that_nobody_enacted_expires(cli: Run) -> None:
    assert cli("init").code == 0
    ok(cli, "contract", "deploy", "--delay", "1 s")
    proposed = cli("assurance", "requirement", "propose", "carier", "--kind", "saq")
    assert "nobody is in the role 'carier' yet" in proposed.err
    (found,) = ok(cli, "assurance", "requirement", "show")["proposed"]
    assert found["expires_at"] == found["ready_at"] + 7 * 86_400
    block_at(found["expires_at"] - 2)
    assert "may be enacted from" in cli("assurance", "requirement", "show").out
    block_at(found["expires_at"] - 1)
    assert "expired, propose it again" in cli("assurance", "requirement", "show").out


def test_a_delay_that_is_none(cli: Run) -> None:
    assert cli("init").code == 0
    wrong = cli("contract", "deploy", "--delay", "soon")
    assert (wrong.code, "--delay: 'soon' is not a duration" in wrong.err) == (ExitCode.INPUT, True)


def test_where_a_facility_is(deployed: Path, cli: Run) -> None:
    ok(cli, "participant", "add", "mine", "--name", "Mine", "--country", "CD", "--create-key")
    site = ["--as", "mine", "--kind", "mine", "--country", "CD", "--latitude", "-10.716"]
    wrong = cli("facility", "add", "pit", *site)
    assert (wrong.code, wrong.err.startswith("error: --longitude:")) == (ExitCode.INPUT, True)
    ok(cli, "facility", "add", "pit", *site, "--longitude", "25.466")
    (found,) = ok(cli, "facility", "list")["facilities"]
    assert (found["latitude"], found["longitude"]) == (-10.716, 25.466)
    assert "-10.716, 25.466" in cli("facility", "list").out
