"""Assessments and findings on a real chain: who is blocked, from which second on, and what sets it free."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of, embedded_chain, network_of, new_client
from traceledger import refusals
from traceledger.artifacts.calls import decode_result, encode
from traceledger.chain.base import Receipt
from traceledger.chain.embedded import EmbeddedChain
from traceledger.client.client import Client
from traceledger.documents import traces
from traceledger.errors import InputError, UnknownNameError
from traceledger.model.assurance import FindingState, Requirement, RequirementProposal, Severity
from traceledger.model.evidence import EvidenceRecord
from traceledger.model.ids import facility_id
from traceledger.model.registry import ParticipantState
from traceledger.names import LedgerNames
from traceledger.provenance.recall import recall

DOCUMENT = {"uri": "https://example.org/report.pdf", "sha256": "5a" * 32}
ROLES = {"mine": "producer", "oem": "manufacturer", "argus": "auditor", "lynx": "auditor"}
DAY = 86_400
START = 4_000_000_000
"""Later than any clock says: the founding blocks have the time of the machine."""
DUE = START + DAY + 60
"""A day after it is recorded, which is the notice that everybody has."""


class Clock:
    """The time of the next block, as a test sets it."""

    def __init__(self) -> None:
        self.now = START


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("founded")
    with new_client(folder) as client:
        client.define_material("ore", name="Ore", substances=["Co"], evidence=[DOCUMENT])
        for slug, role in ROLES.items():
            client.create_key(slug)
            client.register_participant(slug, name=slug, country="CD", roles=[role])
        place = {"latitude": "-10.716", "longitude": "25.466"}
        client.register_facility("pit", act_as="mine", kind="mine", country="CD", **place)
        client.register_facility("quarry", act_as="mine", kind="mine", country="CD")
        for facility in ("mine/pit", "mine/quarry"):
            client.approve_origin(facility, "ore", capacity_per_year="1000 t")
    return folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Timed(EmbeddedChain):
    """A chain whose blocks have a clock's time."""

    clock: Clock

    def send(self, raw: Sequence[bytes], *, timestamp: int | None = None) -> list[Receipt]:
        self.clock.now += 1
        return super().send(raw, timestamp=self.clock.now)


@pytest.fixture
def client(founded: Path, tmp_path: Path, clock: Clock) -> Iterator[Client]:
    """A copy of the founded network, whose blocks have the clock's time."""
    shutil.copytree(founded, tmp_path / "net")
    chain = embedded_chain(network_of(tmp_path / "net"), Timed)
    chain.clock = clock
    with client_of(tmp_path / "net", chain=chain) as opened:
        yield opened


def mint(client: Client, name: str, facility: str = "pit") -> None:
    client.mint(
        name,
        act_as="mine",
        material="ore",
        facility=facility,
        mass="10 t",
        substances={"Co": "1 t"},
        origin="mined",
        at=START,
    )


def raise_finding(client: Client, name: str = "F-1", **fields: Any) -> None:
    given = {
        "act_as": "argus",
        "participant": "mine",
        "severity": "critical",
        "category": "human_rights",
        "due": DUE,
        "description": "Children were seen at work",
        "at": START,
    }
    if "facility" in fields:
        del given["participant"]
    client.raise_finding(name, **(given | fields))


def correct(client: Client, name: str = "argus/F-1") -> None:
    client.submit_corrective_action(
        name, act_as="mine", corrective_action="A school, and no one below 18 at work", at=START
    )
    client.accept_corrective_action(name, act_as="argus", at=START)
    client.close_finding(name, act_as="lynx", evidence=[DOCUMENT], at=START)


def agrees(client: Client, participant: str, at: int) -> None:
    """That the index says of a participant's standing what the contract says in a block of that time."""
    client.sync()
    known = client.index.participant(participant)
    assert known is not None
    found = client.index.standing(known.address, at=at)
    hindered = client.index.standings(at=at)
    assert hindered.get(known.address) == (found if found.obstacles else None)
    assert found.may_act == (contract_says(client, known.address) is None)


def contract_says(client: Client, address: bytes) -> str | None:
    """Of the newest block: whether the act guard lets a participant act."""
    assurance = client.network.deployed().assurance
    answer = client.chain.call(
        assurance, encode("AssuranceRegistry", "mayAct", address), number=client.chain.head().number
    )
    return None if decode_result("AssuranceRegistry", "mayAct", answer)[0] else "blocked"


def test_a_critical_finding_blocks_from_the_second_after_its_due_date(client: Client, clock: Clock) -> None:
    raise_finding(client)
    mint(client, "BEFORE")
    clock.now = DUE - 1
    mint(client, "LAST")
    assert client.chain.head().timestamp == DUE
    agrees(client, "mine", DUE)
    with pytest.raises(refusals.FindingOverdue) as refused:
        mint(client, "LATE")
    assert "mine may not act: critical finding argus/F-1 was due at 2096-10-03T07" in str(refused.value)
    assert client.standing("mine", at=DUE).may_act
    blocked = client.standing("mine", at=DUE + 1)
    assert not blocked.may_act
    assert [(item.reason, item.since) for item in blocked.obstacles] == [("finding_overdue", DUE + 1)]
    client.define_material("slag", name="Slag")
    agrees(client, "mine", client.chain.head().timestamp)


def test_what_a_blocked_participant_made_stays_valid(client: Client, clock: Clock) -> None:
    mint(client, "LOT")
    client.ship("SEA-1", act_as="mine", batches=["LOT"], to="oem", at=START)
    raise_finding(client)
    clock.now = START + 2 * DAY
    client.receive("mine/SEA-1", act_as="oem", at=START)
    with pytest.raises(refusals.FindingOverdue):
        mint(client, "LATE")
    client.ship("BACK", act_as="oem", batches=["mine/LOT"], to="argus", at=START)
    with pytest.raises(refusals.FindingOverdue):
        client.ship("TO-MINE", act_as="oem", batches=["mine/LOT"], to="mine", at=START)
    assert traces.trace(client.trace("mine/LOT"))["traced_share"] == {"Co": 1.0}


def test_correction_sets_it_free(client: Client, clock: Clock) -> None:
    raise_finding(client)
    clock.now = START + 2 * DAY
    client.submit_corrective_action("argus/F-1", act_as="mine", corrective_action="Soon", at=START)
    client.refuse_corrective_action("argus/F-1", act_as="lynx", reason="By when?", at=START)
    with pytest.raises(refusals.WrongFindingState, match="is at: open"):
        client.accept_corrective_action("argus/F-1", act_as="lynx")
    correct(client)
    mint(client, "AGAIN")
    found = client.index.finding(client.finding_id("argus/F-1"))
    assert found is not None
    assert [step.step for step in found.steps] == [
        *("raised", "action_submitted", "action_refused", "action_submitted", "action_accepted", "closed")
    ]
    assert [step.text for step in found.steps[:3]] == ["Children were seen at work", "Soon", "By when?"]
    assert (found.state, found.steps[-1].evidence[0].uri) == (FindingState.CLOSED, DOCUMENT["uri"])
    client.reopen_finding("F-1", act_as="argus", reason="Seen again", due=START + 9 * DAY, at=START)
    mint(client, "ONCE-MORE")
    clock.now = START + 9 * DAY
    with pytest.raises(refusals.FindingOverdue):
        mint(client, "LATE")


@pytest.mark.parametrize("severity", ["minor", "major"])
def test_lesser_findings_do_not_block(severity: str, client: Client, clock: Clock) -> None:
    raise_finding(client, severity=severity)
    clock.now = START + 2 * DAY
    mint(client, "LOT")
    assert client.standing("mine", at=clock.now).may_act
    (found,) = client.index.findings(severity=Severity[severity.upper()])
    assert found.is_overdue(clock.now)


def test_a_finding_about_a_facility_blocks_it_alone(client: Client, clock: Clock) -> None:
    raise_finding(client, facility="mine/pit")
    clock.now = START + 2 * DAY
    mint(client, "LOT", "quarry")
    with pytest.raises(refusals.FindingOverdue, match="may not act at mine/pit"):
        mint(client, "LATE")
    found = client.standing("mine", at=clock.now)
    pit, quarry = (facility_id(found.participant, name) for name in ("pit", "quarry"))
    assert (found.may_act, found.may_operate(quarry), found.may_operate(pit)) == (True, True, False)


def enact(client: Client, clock: Clock, role: str, *kinds: str) -> None:
    client.propose_requirement(role, kinds)
    clock.now += 2 * DAY
    client.enact_requirement(role, kinds)


def assess(client: Client, name: str, begin: int, end: int, **fields: Any) -> None:
    given = {
        "act_as": "argus",
        "participant": "mine",
        "kind": "code_of_conduct",
        "issuer": "mine",
        "at": START,
    }
    if "facility" in fields:
        del given["participant"]
    client.assess(name, valid_from=begin, valid_until=end, **(given | fields))


def test_a_requirement_is_in_force_only_after_its_delay(client: Client, clock: Clock) -> None:
    client.propose_requirement("producer", ["code_of_conduct"])
    ready = client.chain.head().timestamp + 2 * DAY
    client.sync()
    assert client.index.proposals() == [
        RequirementProposal("producer", (Requirement("code_of_conduct"),), ready)
    ]
    mint(client, "BEFORE")
    with pytest.raises(refusals.AccessManagerAlreadyScheduled):
        client.propose_requirement("producer", ["code_of_conduct"])
    clock.now = ready - 2
    with pytest.raises(refusals.AccessManagerNotReady):
        client.enact_requirement("producer", ["code_of_conduct"])
    with pytest.raises(refusals.AccessManagerNotScheduled):
        client.enact_requirement("producer", ["lca"])
    mint(client, "STILL")
    client.enact_requirement("producer", ["code_of_conduct"])
    client.sync()
    assert (client.index.mandatory(), client.index.proposals()) == (
        {"producer": (Requirement("code_of_conduct"),)},
        [],
    )
    assert client.index.mandatory("carrier") == {}
    with pytest.raises(refusals.AssessmentMissing, match="no assessment of kind code_of_conduct"):
        mint(client, "LATE")
    assert [item.reason for item in client.standing("mine").obstacles] == ["assessment_missing"]
    assert client.standing("oem").may_act
    assert client.standing("mine", at=ready - 1).may_act


def test_only_the_policy_role_announces_and_not_for_ever(client: Client, clock: Clock) -> None:
    with pytest.raises(refusals.AccessManagerUnauthorizedCall):
        client.propose_requirement("producer", ["saq"], act_as="mine")
    with pytest.raises(refusals.AccessManagedUnauthorized):
        client.enact_requirement("producer", ["saq"], act_as="argus")
    client.propose_requirement("producer", ["saq"])
    clock.now += 10 * DAY
    with pytest.raises(refusals.AccessManagerExpired):
        client.enact_requirement("producer", ["saq"])


def test_a_mandatory_assessment_that_ends_blocks(client: Client, clock: Clock) -> None:
    enact(client, clock, "producer", "code_of_conduct")
    now = clock.now
    assess(client, "COC-PIT", now - DAY, now + 99 * DAY, facility="mine/pit")
    with pytest.raises(refusals.AssessmentMissing):
        mint(client, "NONE")
    assess(client, "COC-1", now - DAY, now + DAY)
    mint(client, "FIRST")
    clock.now = now + DAY - 1
    mint(client, "LAST")
    with pytest.raises(refusals.AssessmentExpired, match="of kind code_of_conduct ended at"):
        mint(client, "LATE")
    assert [(item.reason, item.since) for item in client.standing("mine", at=now + DAY + 1).obstacles] == [
        ("assessment_expired", now + DAY + 1)
    ]
    assert client.standing("mine", at=now + DAY).may_act
    assess(client, "COC-2", now, now + 9 * DAY)
    mint(client, "RENEWED")
    agrees(client, "mine", client.chain.head().timestamp)


def test_a_renewal_recorded_early_counts_once_it_begins(client: Client, clock: Clock) -> None:
    enact(client, clock, "producer", "code_of_conduct")
    now = clock.now
    assess(client, "COC-1", now - DAY, now + DAY)
    assess(client, "COC-2", now + 3 * DAY, now + 5 * DAY)
    mint(client, "FIRST")
    for at, allowed in ((1, True), (2, False), (4, True), (6, False)):
        clock.now = now + at * DAY - 1
        client.rename_participant(f"OEM {at}", act_as="oem")
        assert client.standing("mine", at=now + at * DAY).may_act == allowed
        agrees(client, "mine", client.chain.head().timestamp)


def test_an_assessment_recorded_late_does_not_block_who_has_a_valid_one(client: Client, clock: Clock) -> None:
    enact(client, clock, "producer", "code_of_conduct")
    now = clock.now
    assess(client, "COC-2", now - DAY, now + 2 * DAY)
    assess(client, "COC-3", now + 2 * DAY, now + 9 * DAY)
    assess(client, "COC-1", now - 400 * DAY, now - DAY)
    mint(client, "FIRST")
    agrees(client, "mine", client.chain.head().timestamp)
    assess(client, "COC-2-MENDED", now - DAY, now + DAY)
    clock.now = now + DAY + 1
    with pytest.raises(refusals.AssessmentExpired):
        mint(client, "BETWEEN")
    agrees(client, "mine", client.chain.head().timestamp)
    clock.now = now + 3 * DAY
    mint(client, "RENEWED")
    agrees(client, "mine", client.chain.head().timestamp)


REFUSED: dict[str, tuple[type[Exception], Callable[[Client], Any]]] = {
    "a finding about oneself": (
        refusals.SelfAssessment,
        lambda client: raise_finding(client, participant="argus"),
    ),
    "an assessment of oneself": (
        refusals.SelfAssessment,
        lambda client: assess(client, "A", START, START + 1, participant="argus"),
    ),
    "a finding by no auditor": (
        refusals.NotAuditorNorConsortium,
        lambda client: raise_finding(client, act_as="oem"),
    ),
    "an assessment by no auditor": (
        refusals.NotAuditorNorConsortium,
        lambda client: assess(client, "A", START, START + 1, act_as="oem"),
    ),
    "a corrective action by another": (
        refusals.NotFindingSubject,
        lambda client: client.submit_corrective_action("lynx/F-0", act_as="oem", corrective_action="x"),
    ),
    "a corrective action accepted by its author": (
        refusals.NotAuditorNorConsortium,
        lambda client: client.accept_corrective_action("lynx/F-0", act_as="mine"),
    ),
    "a finding that is there": (
        refusals.FindingAlreadyExists,
        lambda client: raise_finding(client, "F-0", act_as="lynx"),
    ),
    "an assessment that is there": (
        refusals.AssessmentAlreadyExists,
        lambda client: assess(client, "A-0", START, START + 1, act_as="lynx"),
    ),
    "due before it was found": (
        refusals.InvalidDueDate,
        lambda client: raise_finding(client, due=START - 1),
    ),
    "valid for no time": (
        refusals.InvalidValidity,
        lambda client: assess(client, "A", START, START),
    ),
    "an unknown finding": (
        UnknownNameError,
        lambda client: client.accept_corrective_action("argus/F-9", act_as="argus"),
    ),
    "another's name": (InputError, lambda client: raise_finding(client, "lynx/F-9")),
    "a score where there is none": (
        InputError,
        lambda client: assess(client, "A", START, START + 1, score="80 %"),
    ),
    "no score where there is one": (
        InputError,
        lambda client: assess(client, "A", START, START + 1, kind="saq"),
    ),
    "an unknown kind": (InputError, lambda client: assess(client, "A", START, START + 1, kind="vibe")),
    "participant and facility": (
        InputError,
        lambda client: client.raise_finding(
            "F",
            participant="mine",
            facility="mine/pit",
            severity="minor",
            category="labour",
            due=START,
            description="x",
            act_as="argus",
            at=START,
        ),
    ),
    "a latitude alone": (
        InputError,
        lambda client: client.register_facility(
            "hut", act_as="mine", kind="mine", country="CD", latitude="1"
        ),
    ),
    "a place off the globe": (
        InputError,
        lambda client: client.register_facility(
            "hut", act_as="mine", kind="mine", country="CD", latitude="91", longitude="0"
        ),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, client: Client) -> None:
    raise_finding(client, "F-0", act_as="lynx")
    assess(client, "A-0", START, START + 1, act_as="lynx")
    head = client.chain.head()
    error, attempt = REFUSED[case]
    with pytest.raises(error) as refused:
        attempt(client)
    assert type(refused.value) is error
    assert client.chain.head() == head


def test_a_finding_is_closed_with_evidence_only(client: Client) -> None:
    raise_finding(client)
    client.submit_corrective_action("argus/F-1", act_as="mine", corrective_action="x", at=START)
    client.accept_corrective_action("argus/F-1", act_as="argus", at=START)
    with pytest.raises(refusals.EvidenceRequired):
        client.close_finding("argus/F-1", act_as="argus", evidence=[])


def test_the_consortium_audits_too(client: Client, clock: Clock) -> None:
    raise_finding(client, act_as=None)
    deployer = "0x" + client.signers.deployer().hex()
    client.submit_corrective_action(f"{deployer}/F-1", act_as="mine", corrective_action="x", at=START)
    client.accept_corrective_action("F-1", at=START)
    client.close_finding(f"{deployer}/F-1", act_as="argus", evidence=[DOCUMENT], at=START)
    assess(client, "A-1", START, START + DAY, act_as=None, kind="country_risk", rating="high")
    client.sync()
    (found,), (stated,) = client.index.findings(), client.index.assessments()
    assert LedgerNames(client.index).finding(found.id) == f"{deployer}/F-1"
    assert (stated.kind, stated.value, stated.assessor) == ("country_risk", 3, client.signers.deployer())


def test_what_is_read_back(client: Client) -> None:
    assess(
        client, "SAQ-1", START, START + DAY, kind="saq", scheme="SAQ 5.0", score="87.5 %", evidence=[DOCUMENT]
    )
    assess(
        client, "RE-1", START, START + DAY, kind="renewable_electricity", share="60 %", facility="mine/pit"
    )
    raise_finding(client, "F-1", evidence=[DOCUMENT])
    raise_finding(client, "F-2", facility="mine/quarry", severity="minor")
    client.record_evidence("urn:lca:1", sha256="11" * 32, kind="lca", issuer="A laboratory", act_as="mine")
    client.record_evidence("urn:cert:2", sha256="22" * 32, kind="certificate", issuer="A body")
    client.sync()
    index, mine = client.index, client.index.participant("mine")
    assert mine is not None
    saq, renewable = index.assessments(mine.address)
    assert (saq.value, saq.scheme, saq.evidence[0].sha256) == (8750, "SAQ 5.0", b"\x5a" * 32)
    assert index.assessments(facility=facility_id(mine.address, "pit")) == [renewable]
    assert index.assessments(kind="saq") == [saq] == [index.assessment(saq.id)]
    assert LedgerNames(index).assessment(saq.id) == "argus/SAQ-1"
    first, second = index.findings(participant=mine.address)
    assert (first.facility, second.facility) == (None, facility_id(mine.address, "quarry"))
    assert index.findings(severity=Severity.MINOR) == [second]
    assert index.findings(state=FindingState.CLOSED) == []
    assert index.finding(first.id) == first
    assert replace(first, steps=()) != first
    recorded = [EvidenceRecord(b"\x11" * 32, "urn:lca:1", "lca", "A laboratory", mine.address, START + 5)]
    assert index.evidence(recorded_by=mine.address) == recorded == index.evidence("lca")
    assert len(index.evidence()) == 2
    pit = index.facility(mine.address, "pit")
    assert pit is not None
    assert (pit.latitude, pit.longitude) == (-10_716_000, 25_466_000)


def test_standing_changes_carry_reason_and_evidence(client: Client) -> None:
    client.suspend_participant("mine", reason="Fled the audit", evidence=[DOCUMENT])
    with pytest.raises(refusals.ParticipantNotActive):
        mint(client, "LOT")
    assert [item.reason for item in client.standing("mine").obstacles] == ["suspended"]
    client.reinstate_participant("mine", reason="Audited", act_as="argus", evidence=[DOCUMENT])
    mint(client, "LOT")
    client.terminate_participant("mine", reason="Lied", evidence=[DOCUMENT])
    assert [item.reason for item in client.standing("mine").obstacles] == ["terminated"]
    found = client.index.standing_changes(client.standing("mine").participant)
    assert [(item.state, item.reason) for item in found] == [
        (ParticipantState.SUSPENDED, "Fled the audit"),
        (ParticipantState.ACTIVE, "Audited"),
        (ParticipantState.TERMINATED, "Lied"),
    ]
    assert {item.evidence[0].uri for item in found} == {DOCUMENT["uri"]}
    argus = client.index.participant("argus")
    assert argus is not None
    assert found[1].changed_by == argus.address


def test_recall_says_what_was_made_since_and_where_it_is(client: Client) -> None:
    """Two lots of the pit and one of the quarry, after a lot that was there before; half of it is shipped."""
    mint(client, "OLD")
    raise_finding(client, facility="mine/pit", at=START + 1, due=DUE)
    at = START + 2
    minted = {"act_as": "mine", "material": "ore", "origin": "mined", "mass": "10 t", "at": at}
    client.mint("NEW", facility="pit", substances={"Co": "1 t"}, **minted)
    client.mint("OTHER", facility="quarry", substances={"Co": "1 t"}, **minted)
    client.split("NEW", {"NEW-A": "5 t"}, act_as="mine", at=at)
    client.register_facility("works", act_as="oem", kind="plant", country="DE")
    batches = ["mine/NEW-A", "mine/OLD", "mine/OTHER"]
    client.ship("SEA", act_as="mine", batches=batches, to="oem", at=at)
    client.receive("mine/SEA", act_as="oem", at=at)
    client.transform(
        "RUN",
        act_as="oem",
        facility="works",
        process="blending",
        inputs=[{"batch": "mine/NEW-A"}, {"batch": "mine/OLD", "mass": "5 t"}],
        outputs=[{"batch": "BLEND", "material": "ore", "mass": "10 t", "substances": {"Co": "1 t"}}],
        at=at,
    )
    client.sync()
    finding = client.index.finding(client.finding_id("argus/F-1"))
    assert finding is not None
    found = recall(client.index, finding)
    assert found.made == ("mine/NEW",)
    assert [(item.batch, item.custodian, item.substances_mg) for item in found.reached] == [
        ("mine/NEW", "mine", {27: 500 * 10**6}),
        ("mine/NEW-A", "oem", {27: 0}),
        ("oem/BLEND", "oem", {27: 500 * 10**6}),
    ]
    assert found.custodians == ("mine", "oem")
    assert found.substances_mg == {27: 10**9}
    whole = recall(client.index, replace(finding, facility=None, occurred_at=START))
    assert whole.made == ("mine/OLD", "mine/NEW", "mine/OTHER")
    assert whole.substances_mg == {27: 3 * 10**9}, "what is made of several roots counts once"


def test_a_file_runs_once(client: Client, clock: Clock, tmp_path: Path) -> None:
    """Requirements and findings too are known by what the chain holds."""
    path = tmp_path / "operations.jsonl"
    document = '"evidence": [{"uri": "urn:x", "sha256": "' + "5a" * 32 + '"}]'
    path.write_text(
        '{"op": "propose_requirement", "role": "producer", "kinds": ["saq"]}\n'
        '{"op": "raise_finding", "as": "argus", "finding": "F-1", "participant": "mine",'
        ' "severity": "critical", "category": "labour", "due": 4000200000, "description": "x",'
        ' "at": 3990000000}\n'
        '{"op": "raise_finding", "finding": "F-2", "participant": "mine", "severity": "major",'
        ' "category": "labour", "due": 4000000000, "description": "x", "at": 3990000000}\n'
        '{"op": "submit_corrective_action", "as": "mine", "finding": "argus/F-1",'
        ' "corrective_action": "y", "at": 3990000000}\n'
        '{"op": "accept_corrective_action", "as": "argus", "finding": "F-1", "at": 3990000000}\n'
        f'{{"op": "close_finding", "as": "lynx", "finding": "argus/F-1", "at": 3990000000, {document}}}\n'
    )
    done = client.submit(path)
    assert (done.sent, done.skipped) == (6, 0)
    again = client.submit(path)
    assert (again.sent, again.skipped) == (0, 6)


@pytest.mark.parametrize("delay", ["-1", "0", "ten days", "11000 days", "1.5 h"])
def test_a_delay_that_is_none(delay: str, tmp_path: Path) -> None:
    from traceledger.config.networks import write_template

    write_template(tmp_path)
    with client_of(tmp_path) as client, pytest.raises(InputError):
        client.deploy(delay=delay)


def test_the_delay_binds_administrators_too(client: Client) -> None:
    """Whoever deployed could otherwise give itself the policy right without a delay."""
    contracts, deployer = client.network.deployed(), client.signers.deployer()
    for role in (0, 2):
        answer = client.chain.call(
            contracts.access_manager, encode("AccessManager", "hasRole", role, deployer)
        )
        assert decode_result("AccessManager", "hasRole", answer) == (True, 2 * DAY)
