"""Honest chains pass; every fraud that is planted in one is found, by the rule that is meant to."""

from __future__ import annotations

import pytest

from tests.audit.frauds import FRAUDS
from tests.audit.honest import HonestChain
from traceledger.audit import RULES, AuditReport, Level, audit


def audited(chain: HonestChain) -> AuditReport:
    return audit(chain.ledger, now=chain.now)


def subjects(report: AuditReport, rule: str) -> set[tuple[str, str]]:
    return {(item.issue.subject.kind, item.issue.subject.name) for item in report.of(rule)}


@pytest.mark.parametrize("seed", range(50))
def test_honest_chains_pass(seed: int) -> None:
    chain = HonestChain(seed)

    report = audited(chain)

    assert len(chain.ledger.ops) > 150
    assert [item for item in report.found if item.level.slug != "low"] == []
    assert not report.failed


def test_every_rule_has_its_fraud() -> None:
    assert {rule for rule, _ in FRAUDS.values()} == {rule.id for rule in RULES}
    assert len(FRAUDS) >= 12


@pytest.mark.parametrize("name", FRAUDS)
@pytest.mark.parametrize("seed", (3, 17, 41))
def test_fraud_is_found(name: str, seed: int) -> None:
    rule, plant = FRAUDS[name]
    chain = HonestChain(seed)
    before = subjects(audited(chain), rule)

    expected = plant(chain)
    chain.now = max(chain.now, chain.clock)
    report = audited(chain)

    assert expected not in before
    assert expected in subjects(report, rule)
    if next(item for item in RULES if item.id == rule).level is Level.HIGH:
        assert report.failed
