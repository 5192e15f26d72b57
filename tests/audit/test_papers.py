"""The rules on auditors' papers, through assessments and findings that were recorded on a real chain."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of, new_client
from traceledger.audit import audit
from traceledger.client.client import Client

DOCUMENT = {"uri": "https://example.org/report.pdf", "sha256": "5a" * 32}
DAY = 86_400
NOW = 1_900_000_000
"""Of the audits; in 2030, some time after the blocks."""
MINED = 1_767_225_600  # 2026-01-01T00:00:00Z


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mine in Australia and one in the Congo, and a refinery that used the ore of the first."""
    folder = tmp_path_factory.mktemp("papers")
    with new_client(folder) as client:
        client.define_material("ore", name="Ore", substances=["Co"])
        roles = {"outback": "producer", "congo": "producer", "works": "manufacturer", "argus": "auditor"}
        for slug, role in roles.items():
            client.create_key(slug)
            client.register_participant(slug, name=slug, country="AU", roles=[role])
        for slug, country in (("outback", "AU"), ("congo", "CD")):
            client.register_facility("pit", act_as=slug, kind="mine", country=country)
            client.approve_origin(f"{slug}/pit", "ore", capacity_per_year="1000 t")
            mint(client, slug)
        client.register_facility("idle", act_as="works", kind="refinery", country="FI")
    return folder


def mint(client: Client, slug: str) -> None:
    fields = {"mass": "10 t", "substances": {"Co": "1 t"}, "origin": "mined", "at": MINED}
    client.mint("LOT", act_as=slug, material="ore", facility="pit", **fields)


@pytest.fixture
def client(founded: Path, tmp_path: Path) -> Iterator[Client]:
    shutil.copytree(founded, tmp_path / "net")
    with client_of(tmp_path / "net") as opened:
        yield opened


def assess(client: Client, name: str, kind: str, about: str, days: tuple[int, int], **fields: Any) -> None:
    """Record an assessment that is valid from and until so many days from now."""
    window = {"valid_from": NOW + days[0] * DAY, "valid_until": NOW + days[1] * DAY}
    subject = {"facility" if "/" in about else "participant": about}
    client.assess(name, act_as="argus", kind=kind, issuer="Argus", at=NOW, **subject, **window, **fields)


def found(client: Client, rule: str, now: int = NOW) -> dict[str, tuple[str, str]]:
    """What a rule says, with its level, by subject."""
    client.sync()
    report = audit(client.index, now=now)
    return {item.issue.subject.name: (item.level.slug, item.issue.message) for item in report.of(rule)}


def test_life_cycle_assessments_count_while_they_are_valid(client: Client) -> None:
    assert set(found(client, "lca-missing")) == {"outback/pit", "congo/pit"}
    assess(client, "LCA-1", "lca", "outback/pit", (-10, 10))
    assess(client, "LCA-2", "lca", "congo", (-10, 10))
    assess(client, "LCA-3", "certificate", "congo/pit", (-10, 99), scheme="IRMA")
    assert found(client, "lca-missing") == {}
    assert set(found(client, "lca-missing", NOW + 10 * DAY + 1)) == {"outback/pit", "congo/pit"}
    assert set(found(client, "lca-missing", NOW - 10 * DAY - 1)) == {"outback/pit", "congo/pit"}


def test_a_certificate_that_ended_is_reported_until_it_is_renewed(client: Client) -> None:
    assess(client, "C-1", "certificate", "outback/pit", (-300, -2), scheme="IRMA")
    level, message = found(client, "assessment-expired")["outback/pit"]
    assert (level, message) == ("medium", "certificate IRMA ended on 2030-03-15 and was not renewed")
    assess(client, "C-2", "certificate", "outback/pit", (-10, 99), scheme="LEED")
    assert set(found(client, "assessment-expired")) == {"outback/pit"}
    assess(client, "C-3", "certificate", "outback/pit", (-10, 99), scheme="IRMA")
    assert found(client, "assessment-expired") == {}


def test_between_an_assessment_and_its_renewal_there_is_none(client: Client) -> None:
    assess(client, "S-1", "saq", "outback", (-300, -2), score="80 %")
    assess(client, "S-2", "saq", "outback", (3, 300), score="82 %")
    assert found(client, "assessment-expired") == {
        "outback": ("medium", "saq ended on 2030-03-15 and its renewal begins on 2030-03-20")
    }
    assert found(client, "assessment-expired", NOW + 3 * DAY) == {}
    assert found(client, "assessment-expired", NOW - 2 * DAY) == {}


def test_the_end_of_a_rating_is_reported(client: Client) -> None:
    assess(client, "R-1", "country_risk", "outback", (-300, -2), rating="high")
    assert found(client, "high-risk-origin").keys() == {"congo/LOT"}
    assert found(client, "assessment-expired").keys() == {"outback"}


def test_findings_are_reported_while_overdue_by_their_severity(client: Client) -> None:
    about = {"critical": "outback", "major": "congo/pit", "minor": "works/idle"}
    for severity, subject in about.items():
        client.raise_finding(
            f"F-{severity}",
            act_as="argus",
            severity=severity,
            category="human_rights",
            due=NOW,
            description="Children were seen at work",
            at=NOW - 9 * DAY,
            **{"facility" if "/" in subject else "participant": subject},
        )
    assert found(client, "finding-overdue") == {}
    assert {name: level for name, (level, _) in found(client, "finding-overdue", NOW + 1).items()} == {
        "outback": "high",
        "congo/pit": "medium",
        "works/idle": "low",
    }
    client.submit_corrective_action(
        "argus/F-critical", act_as="outback", corrective_action="A school", at=NOW
    )
    client.accept_corrective_action("argus/F-critical", act_as="argus", at=NOW)
    later = NOW + 3 * DAY
    assert found(client, "finding-overdue", later)["outback"][1] == (
        "critical finding argus/F-critical (human rights) is 3 days overdue"
    )
    client.close_finding("argus/F-critical", act_as="argus", evidence=[DOCUMENT], at=NOW)
    assert set(found(client, "finding-overdue", later)) == {"congo/pit", "works/idle"}
    client.reopen_finding("argus/F-critical", act_as="argus", reason="again", due=later, at=later)
    assert set(found(client, "finding-overdue", later)) == {"congo/pit", "works/idle"}
    assert "outback" in found(client, "finding-overdue", later + 1)


def test_origins_of_high_risk_are_milder_while_somebody_looks(client: Client) -> None:
    level, message = found(client, "high-risk-origin")["congo/LOT"]
    assert (level, message) == ("medium", "origin of high risk: CD is on the settings' list")
    assess(client, "C-1", "certificate", "congo/pit", (-10, 10), scheme="IRMA")
    assert found(client, "high-risk-origin")["congo/LOT"][0] == "low"
    assert found(client, "high-risk-origin", NOW + 11 * DAY)["congo/LOT"][0] == "medium"


@pytest.mark.parametrize(("kind", "about"), [("country_risk", "outback"), ("category_risk", "outback/pit")])
def test_the_rating_that_began_last_counts(kind: str, about: str, client: Client) -> None:
    assess(client, "R-1", kind, about, (-100, 100), rating="medium")
    assert set(found(client, "high-risk-origin")) == {"congo/LOT"}
    assess(client, "R-2", kind, about, (-50, 100), rating="high")
    what = kind.replace("_", " ")
    assert found(client, "high-risk-origin")["outback/LOT"] == (
        "medium",
        f"origin of high risk: {what} argus/R-2 is high",
    )
    assess(client, "R-OF-LAST-YEAR", kind, about, (-300, 100), rating="low")
    assert set(found(client, "high-risk-origin")) == {"congo/LOT", "outback/LOT"}
    assess(client, "R-3", kind, about, (-1, 100), rating="low")
    assert set(found(client, "high-risk-origin")) == {"congo/LOT"}
