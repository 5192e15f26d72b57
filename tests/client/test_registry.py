"""The registry's operations end to end: client, contracts, index."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of, embedded_chain, network_of, new_client
from traceledger import refusals
from traceledger.chain.base import Receipt
from traceledger.chain.embedded import EmbeddedChain
from traceledger.client.client import Client
from traceledger.errors import InputError, TraceLedgerError
from traceledger.model.identifiers import Identifier
from traceledger.model.registry import Facility, Participant
from traceledger.operations.catalogue import parse_operation
from traceledger.sending.consent import consent
from traceledger.signing.places import Signer

DAY = 86_400
START = 4_000_000_000
"""Later than any clock says: the founding blocks have the time of the machine."""
PAPER = [{"uri": "https://example.org/report.pdf", "sha256": "5a" * 32}]
LEI = {"scheme": "lei", "value": "529900T8BM49AURSDO55"}
WRONG_LEI = {"scheme": "lei", "value": "529900T8BM49AURSDO56"}


class Timed(EmbeddedChain):
    """A chain whose blocks come a second after one another, unless a test waits."""

    now = START

    def send(self, raw: Sequence[bytes], *, timestamp: int | None = None) -> list[Receipt]:
        self.now += 1
        return super().send(raw, timestamp=self.now)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("registry") / "net"
    with new_client(folder) as client:
        roles = {"mine": "producer", "buyer": "producer", "argus": "auditor", "lynx": "auditor"}
        for slug, role in roles.items():
            client.create_key(slug)
            client.register_participant(slug, name=slug, country="CD", roles=[role])
        client.define_material("ore", name="Ore", substances=["Co"], content={"Co": "30 % - 40 %"})
        client.register_facility("pit", act_as="mine", kind="mine", country="CD")
        client.approve_origin("mine/pit", "ore", capacity_per_year="1000 t")
    return folder


@pytest.fixture
def chain(founded: Path, tmp_path: Path) -> Timed:
    shutil.copytree(founded, tmp_path / "net")
    chain = embedded_chain(network_of(tmp_path / "net"), Timed)
    chain.now = START
    return chain


@pytest.fixture
def client(chain: Timed, tmp_path: Path) -> Iterator[Client]:
    with client_of(tmp_path / "net", chain=chain) as opened:
        yield opened


def mint(client: Client, name: str, **fields: Any) -> None:
    given = {"act_as": "mine", "material": "ore", "facility": "mine/pit", "mass": "10 t"}
    given |= {"substances": {"Co": "3.5 t"}, "origin": "mined", "at": "2026-03-01T00:00:00Z"}
    client.mint(name, **(given | fields))


def company(client: Client, slug: str) -> Participant:
    client.sync()
    found = client.index.participant(slug)
    assert found is not None
    return found


def pit(client: Client) -> Facility:
    found = client.index.facility(company(client, "mine").address, "pit")
    assert found is not None
    return found


def test_an_approval_has_an_origin_and_days_of_which_the_last_counts(client: Client) -> None:
    """Rule 2."""
    client.approve_origin(
        "mine/pit",
        "ore",
        origin="untraced",
        capacity_per_year="50 t",
        approved_from="2026-01-01",
        until="2026-06-30",
    )
    mint(client, "FIRST", origin="untraced", at="2026-01-01T00:00:00Z")
    mint(client, "LAST", origin="untraced", at="2026-06-30T23:59:59Z")
    for early_or_late in ("2025-12-31T23:59:59Z", "2026-07-01T00:00:00Z"):
        with pytest.raises(refusals.ApprovalNotInForce):
            mint(client, "OUTSIDE", origin="untraced", at=early_or_late)
    with pytest.raises(refusals.CapacityExceeded):
        mint(client, "MORE", origin="untraced", mass="31 t", substances={"Co": "10 t"})
    with pytest.raises(refusals.OriginMismatch):
        mint(client, "SCRAP", origin="post_consumer")
    mint(client, "MINED", at="2026-07-01T00:00:00Z")


def test_a_content_out_of_bounds_needs_an_auditors_permit_and_marks_the_lot(client: Client) -> None:
    """Rule 2."""
    with pytest.raises(refusals.ContentOutOfBounds):
        mint(client, "RICH", substances={"Co": "5 t"})
    client.permit_content(
        participant="mine", batch="RICH", material="ore", reason="assayed twice", act_as="argus"
    )
    mint(client, "RICH", substances={"Co": "5 t"})
    mint(client, "USUAL")
    client.sync()
    rich, usual = (client.index.batch(client.batch_id(f"mine/{name}")) for name in ("RICH", "USUAL"))
    assert rich is not None
    assert usual is not None
    assert (rich.off_specification, usual.off_specification) == (True, False)


def test_tolerances_and_substances_of_a_material_can_be_amended(client: Client) -> None:
    mint(client, "LOT")
    with pytest.raises(refusals.ToleranceExceeded):
        client.remeasure("mine/LOT", act_as="mine", mass="9.96 t", reason="weighed")
    client.amend_material(
        "ore",
        substances=["Li"],
        tolerance={"mass": "0.5 %", "substances": "1 %"},
        content={"Co": "30 % - 40 %"},
        reason="lithium is tracked",
    )
    client.remeasure("mine/LOT", act_as="mine", mass="9.96 t", reason="weighed")
    client.sync()
    material = client.index.material("ore")
    assert material is not None
    assert set(material.substances) == {3, 27}


def test_names_identifiers_and_countries_change_and_the_slug_stays(client: Client) -> None:
    """Rule 11."""
    client.rename_participant("Mine of Tomorrow", act_as="mine")
    with pytest.raises(InputError, match="check"):
        client.identify(identifiers=[WRONG_LEI], act_as="mine")
    client.identify(identifiers=[LEI], act_as="mine")
    client.identify(facility="pit", identifiers=[{"scheme": "gln", "value": "4012345000009"}], act_as="mine")
    with pytest.raises(InputError):
        client.change_country("mine", country="UK", reason="typing error")
    client.change_country("mine", country="ZM", reason="typing error")
    client.change_country("mine", facility="mine/pit", country="ZM", reason="typing error")
    found = company(client, "mine")
    assert (found.name, found.country, found.identifiers) == (
        "Mine of Tomorrow",
        "ZM",
        (Identifier("lei", LEI["value"]),),
    )
    assert (pit(client).country, pit(client).identifiers) == ("ZM", (Identifier("gln", "4012345000009"),))


def test_of_a_sold_facility_the_approvals_pause_and_the_findings_stay(client: Client, chain: Timed) -> None:
    """Rule 11."""
    client.raise_finding(
        "F-1",
        act_as="argus",
        facility="mine/pit",
        severity="critical",
        category="labour",
        due=START + 5 * DAY,
        description="No pay",
        at=START,
    )
    with pytest.raises(refusals.FacilityNotOffered):
        client.accept_facility("mine/pit", act_as="buyer", at=START)
    client.transfer_facility("mine/pit", to="buyer", act_as="mine", at=START)
    client.accept_facility("mine/pit", act_as="buyer", at=START)
    assert pit(client).approvals_paused
    with pytest.raises(refusals.ForeignFacility):
        mint(client, "OLD-HANDS")
    with pytest.raises(refusals.ApprovalsPaused):
        mint(client, "NEW", act_as="buyer")
    client.confirm_facility("mine/pit")
    mint(client, "NEW", act_as="buyer")
    chain.now = START + 5 * DAY
    with pytest.raises(refusals.FindingOverdue):
        mint(client, "LATE", act_as="buyer")


def consented(client: Client, signer: Signer, **other: Any) -> tuple[str, int]:
    """A signature by a key that joins the mine, but for what is other, and its deadline."""
    given = {
        "participant": company(client, "mine").address,
        "deadline": START + 30 * DAY,
        "chain_id": client.chain.chain_id,
        "registry": client.network.deployed().registry,
    } | other
    return "0x" + consent(signer, **given).hex(), given["deadline"]


def join(client: Client, key: bytes, signature: str, deadline: int) -> None:
    document = {"op": "add_operator", "as": "mine", "participant": "mine", "operator": "0x" + key.hex()}
    client.perform(parse_operation(document | {"consent": signature, "deadline": deadline}))


def test_a_key_joins_with_its_own_consent_only(client: Client) -> None:
    """Rule 1: bound to chain, registry, participant and deadline."""
    client.create_key("second")
    key = client.signers.address_of("second")
    signer = client.signers.unlock(key)
    for other in (
        {"chain_id": 1},
        {"registry": bytes(20)},
        {"participant": company(client, "buyer").address},
        {"deadline": START - 1},
    ):
        signature, deadline = consented(client, signer, **other)
        with pytest.raises((refusals.NoConsent, refusals.ConsentExpired)):
            join(client, key, signature, deadline)
    signature, deadline = consented(client, client.signers.unlock(company(client, "buyer").address))
    with pytest.raises((refusals.NoConsent, refusals.ConsentExpired)):
        join(client, key, signature, deadline)
    signature, deadline = consented(client, signer)
    join(client, key, signature, deadline)
    assert key in company(client, "mine").operators


def test_all_keys_of_a_company_are_disabled_at_once(client: Client) -> None:
    """Rule 1."""
    client.disable_operators("mine", reason="stolen")
    assert company(client, "mine").operators == ()
    with pytest.raises(TraceLedgerError):
        mint(client, "STOLEN")


def test_roles_are_given_and_taken_later(client: Client) -> None:
    client.change_roles("buyer", granted=["auditor"], revoked=["producer"], reason="new business")
    assert company(client, "buyer").roles == ("auditor",)
    client.raise_finding(
        "F-1",
        act_as="buyer",
        participant="mine",
        severity="minor",
        category="labour",
        due=START + 5 * DAY,
        description="No pay",
        at=START,
    )
    with pytest.raises(refusals.RoleUnchanged):
        client.change_roles("buyer", granted=["auditor"], reason="again")


def test_a_critical_finding_is_closed_by_a_second_auditor(client: Client) -> None:
    client.raise_finding(
        "F-1",
        act_as="argus",
        participant="mine",
        severity="critical",
        category="labour",
        due=START + 5 * DAY,
        description="No pay",
        at=START,
    )
    client.submit_corrective_action("argus/F-1", act_as="mine", corrective_action="Pay", at=START)
    client.accept_corrective_action("argus/F-1", act_as="argus", at=START)
    with pytest.raises(refusals.SecondAuditorRequired):
        client.close_finding("argus/F-1", act_as="argus", evidence=PAPER, at=START)
    client.close_finding("argus/F-1", act_as="lynx", evidence=PAPER, at=START)


def test_a_mandatory_assessment_has_a_least_value(client: Client, chain: Timed) -> None:
    def assess(name: str, score: str) -> None:
        client.assess(
            name,
            act_as="argus",
            participant="mine",
            kind="saq",
            score=score,
            valid_from=chain.now - 10,
            valid_until=START + 900 * DAY,
            issuer="Body",
            at=START,
        )

    assess("SAQ-1", "69.99 %")
    client.propose_requirement("producer", ["saq"], bounds={"saq": "70 %"})
    chain.now += 2 * DAY
    client.enact_requirement("producer", ["saq"], bounds={"saq": "70 %"})
    with pytest.raises(refusals.AssessmentInsufficient):
        mint(client, "LOW")
    client.sync()
    assert [item.reason for item in client.standing("mine").obstacles] != []
    assess("SAQ-2", "70 %")
    chain.now += 60
    mint(client, "ENOUGH")
    client.sync()
    assert client.standing("mine", at=chain.now).may_act
