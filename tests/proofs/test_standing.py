"""Who is blocked, and what is in question, is proved by the state of the contracts, as they say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.proofs.mutations import canonical, ended
from tests.proofs.support import check, lines_of
from tests.test_assurance import DAY, START, Clock, assess, contract_says, correct, enact, mint, raise_finding
from tests.test_assurance import client as _client
from tests.test_assurance import clock as _clock
from tests.test_assurance import founded as _founded
from traceledger.client.client import Client
from traceledger.errors import VerificationError
from traceledger.proofs import Policy, TrustRoot, VerifiedProof

client, clock, founded = _client, _clock, _founded
LOT = "mine/LOT"


def proved(client: Client, path: Path) -> VerifiedProof:
    """What a file of the lot proves now; its standing is compared with what the contracts say."""
    client.export_proof(LOT, path)
    found = check(path.read_bytes(), client.trust_root(), now=client.chain.head().timestamp)
    (mine,) = found.participants
    blocked = contract_says(client, mine.address) is not None
    assert bool(found.standing.blocked) == blocked, found.standing
    return found


def refusals(found: VerifiedProof, **conditions: bool) -> list[str]:
    return Policy(as_of_block=1, **conditions).violations(found)


def test_a_critical_finding_is_open_and_then_blocks(client: Client, clock: Clock, tmp_path: Path) -> None:
    mint(client, "LOT")
    clean = proved(client, tmp_path / "file")
    assert (clean.wrong, refusals(clean, no_suspended=True, no_critical_findings=True)) == ([], [])
    raise_finding(client)
    found = proved(client, tmp_path / "file")
    (open_,) = refusals(found, no_suspended=True, no_critical_findings=True)
    assert open_ == "1 critical finding is open about mine"
    assert found.faults == ["open finding"]
    clock.now = START + 2 * DAY
    client.rename_participant("Somebody", act_as="oem")
    found = proved(client, tmp_path / "file")
    (blocked,) = refusals(found, no_suspended=True)
    assert blocked == "mine, whom its lineage names, may not act: a critical finding about it is overdue"
    assert found.faults == ["blocked", "open finding"]
    assert found.claims["participants"][0]["blocked"] == "finding_overdue"
    correct(client)
    assert proved(client, tmp_path / "file").wrong == []


def test_a_finding_about_a_facility_of_the_lineage(client: Client, clock: Clock, tmp_path: Path) -> None:
    mint(client, "LOT")
    raise_finding(client, "F-2", facility="mine/quarry")
    assert proved(client, tmp_path / "file").wrong == [], "nothing of it comes from there"
    raise_finding(client, facility="mine/pit")
    assert refusals(proved(client, tmp_path / "file"), no_suspended=True) == []
    clock.now = START + 2 * DAY
    client.rename_participant("Somebody", act_as="oem")
    found = proved(client, tmp_path / "file")
    assert refusals(found, no_suspended=True) == [
        "facility mine/pit is blocked: a critical finding about it is overdue"
    ]
    assert refusals(found, no_critical_findings=True) == [
        "1 critical finding is open about facility mine/pit"
    ]


@pytest.mark.parametrize("severity", ["minor", "critical"])
def test_a_finding_about_a_lot(client: Client, tmp_path: Path, severity: str) -> None:
    mint(client, "LOT")
    mint(client, "OTHER")
    raise_finding(client, "F-2", batch="mine/OTHER", severity=severity)
    assert proved(client, tmp_path / "file").wrong == []
    raise_finding(client, batch=LOT, severity=severity)
    (reason,) = refusals(proved(client, tmp_path / "file"), no_critical_findings=True)
    assert reason == "1 finding is open about lot mine/LOT, of which severity is not proved"


def test_lesser_findings_are_not_counted(client: Client, tmp_path: Path) -> None:
    mint(client, "LOT")
    raise_finding(client, severity="major")
    found = proved(client, tmp_path / "file")
    assert found.wrong == []
    assert "lesser findings" in " ".join(found.not_proved)
    assert "Names, countries and identifiers" in " ".join(found.proved)


def test_mandatory_assessments(client: Client, clock: Clock, tmp_path: Path) -> None:
    mint(client, "LOT")
    enact(client, clock, "producer", "code_of_conduct", "saq")

    def reason() -> str:
        found = proved(client, tmp_path / "file")
        claimed: str = found.claims["participants"][0]["blocked"]
        assert bool(claimed) == bool(refusals(found, no_suspended=True))
        return claimed

    assert reason() == "assessment_missing"
    now = clock.now
    assess(client, "COC-1", now - DAY, now + DAY)
    assert reason() == "assessment_missing"
    assess(client, "SAQ-1", now - DAY, now + 9 * DAY, kind="saq", score="0 %", scheme="one")
    assert reason() == "assessment_insufficient"
    assess(client, "SAQ-2", now - 2 * DAY, now + 9 * DAY, kind="saq", score="50 %", scheme="two")
    assert reason() == ""
    assess(client, "COC-2", now + 3 * DAY, now + 9 * DAY)
    assert reason() == ""
    clock.now = now + 2 * DAY
    client.rename_participant("Somebody", act_as="oem")
    assert reason() == "assessment_expired"
    clock.now = now + 4 * DAY
    client.rename_participant("Somebody else", act_as="oem")
    assert reason() == ""


def test_disabled_keys_and_a_pause(client: Client, tmp_path: Path) -> None:
    mint(client, "LOT")
    client.disable_operators("mine", reason="stolen", at=START)
    client.export_proof(LOT, tmp_path / "file")
    found = check((tmp_path / "file").read_bytes(), client.trust_root(), now=START)
    assert refusals(found, no_suspended=True) == [
        "mine, whom its lineage names, may not act: all its keys are disabled"
    ]


def test_no_node_of_the_state_can_be_left_out_and_no_claim_changed(client: Client, tmp_path: Path) -> None:
    mint(client, "LOT")
    raise_finding(client)
    raise_finding(client, "F-2", batch=LOT)
    path, trusted = tmp_path / "file", client.trust_root()
    client.export_proof(LOT, path)
    refused = sum(1 for made in forged(path) if is_refused(made, trusted))
    assert refused == sum(1 for _ in forged(path)) > 10


def forged(path: Path) -> Iterator[bytes]:
    """The file without each node of the state, and with other claims about findings."""
    lines = lines_of(path)
    for place, line in enumerate(lines):
        for node in line["nodes"] if line["type"] == "state" else ():
            yield _with(lines, place, line | {"nodes": [each for each in line["nodes"] if each != node]})
    place = next(place for place, line in enumerate(lines) if line["type"] == "claims")
    values = lines[place]["values"]
    (mine,) = values["participants"]
    changes: list[dict[str, Any]] = [
        {"participants": [mine | {"critical_findings": 0}]},
        {"participants": [mine | {"blocked": "keys_disabled"}]},
        {"lots_in_question": []},
        {"act_guard": "none"},
        {"marked": [{"batch": LOT, "held": True}]},
        {"paused": True},
    ]
    for change in changes:
        yield _with(lines, place, {"type": "claims", "values": values | change})


def _with(lines: list[dict[str, Any]], place: int, line: dict[str, Any]) -> bytes:
    made = [*lines[:place], *([line] if line.get("nodes", True) else []), *lines[place + 1 :]]
    return ended(map(canonical, made))


def is_refused(made: bytes, trusted: TrustRoot) -> bool:
    try:
        check(made, trusted)
    except VerificationError:
        return True
    return False


def test_another_contract_that_is_asked_is_not_believed(client: Client, tmp_path: Path) -> None:
    mint(client, "LOT")
    client.export_proof(LOT, tmp_path / "file")
    trusted = client.trust_root()
    found = check((tmp_path / "file").read_bytes(), trusted)
    assert found.standing.guard == "assurance"
    other = replace(trusted, assurance=replace(trusted.assurance, address=trusted.ledger.address))
    with pytest.raises(VerificationError, match="another code"):
        check((tmp_path / "file").read_bytes(), other)
    swapped = replace(found, standing=replace(found.standing, guard="other"))
    assert "a contract that the trust root does not name" in refusals(swapped, no_suspended=True)[0]
    assert "a contract that the trust root does not name" in refusals(swapped, no_critical_findings=True)[0]
    assert "Who was blocked" in " ".join(swapped.not_proved)
