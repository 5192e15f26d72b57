"""Runs the rules of a policy over a source.

Example:
    >>> audit.__name__
    'audit'
"""

from __future__ import annotations

from collections.abc import Callable
from time import time

from traceledger.audit.policy import Policy, default_policy
from traceledger.audit.registry import RULES, require_known
from traceledger.audit.report import AuditReport, Found, Scope, ScopeKind
from traceledger.audit.source import Source
from traceledger.audit.values import Issue, Rule, Severity
from traceledger.audit.view import AuditView
from traceledger.errors import UnknownNameError


def audit(
    source: Source,
    *,
    policy: Policy | None = None,
    batch: int | None = None,
    participant: bytes | None = None,
    now: int | None = None,
) -> AuditReport:
    """Apply every rule of the policy.

    All of the source is looked at, since a run is compared with other runs; the scope decides what of it is
    reported.

    Args:
        source: an open index, for instance, within a snapshot where others may sync meanwhile.
        policy: by default the one that ships with this package.
        batch: report only what concerns this batch (id) or anything upstream, and who and where made that.
        participant: report only what this participant (address) answers for.
        now: the time that counts as now, UTC seconds; by default the machine's.

    Raises:
        UnknownNameError: there is no such batch or participant.
        InputError: the policy names a rule that does not exist.
        VerificationError: the source's events do not fit together.
    """
    policy = policy or default_policy()
    require_known(list(policy.rules))
    view = AuditView(source, policy, int(time()) if now is None else now)
    scope, batches, concerns = _scope(view, batch, participant)
    rules = tuple(_applied(policy))
    found = [
        Found(rule, _severity(policy, rule, issue), issue)
        for rule, _ in rules
        for issue in rule.check(view)
        if concerns(issue)
    ]
    return AuditReport(
        scope=scope,
        now=view.now,
        block=source.head_block(),
        fail_on=None if policy.fail_on == "never" else Severity.parse(policy.fail_on),
        rules=rules,
        found=tuple(sorted(found, key=lambda item: -item.severity)),
        batches=batches,
    )


def _applied(policy: Policy) -> list[tuple[Rule, Severity]]:
    levels = [(rule, policy.rules.get(rule.id, rule.severity.slug)) for rule in RULES]
    return [(rule, Severity.parse(level)) for rule, level in levels if level != "off"]


def _severity(policy: Policy, rule: Rule, issue: Issue) -> Severity:
    """The policy's word, or the issue's own, or the rule's."""
    level = policy.rules.get(rule.id)
    return Severity.parse(level) if level else issue.severity or rule.severity


def _scope(
    view: AuditView, batch: int | None, participant: bytes | None
) -> tuple[Scope, int, Callable[[Issue], bool]]:
    """What is reported, how many batches that covers, and whether an issue belongs to it."""
    if batch is not None:
        return _batch_scope(view, batch)
    if participant is not None:
        if participant not in view.participants:
            raise UnknownNameError(f"there is no participant 0x{participant.hex()}")
        own = sum(facts.now.creator == participant for facts in view.batches.values())
        scope = Scope(ScopeKind.PARTICIPANT, view.slug(participant))
        return scope, own, lambda issue: issue.participant == participant
    return Scope(), len(view.batches), lambda _: True


def _batch_scope(view: AuditView, batch: int) -> tuple[Scope, int, Callable[[Issue], bool]]:
    if batch not in view.batches:
        raise UnknownNameError(f"there is no batch 0x{batch:064x}")
    upstream = view.upstream(batch)
    makers = {view.batches[each].now.creator for each in upstream}
    places = {view.batches[each].now.facility for each in upstream}

    def concerns(issue: Issue) -> bool:
        if issue.batches:
            return not upstream.isdisjoint(issue.batches)
        if issue.facility is not None:
            return issue.facility in places
        return issue.participant in makers

    return Scope(ScopeKind.BATCH, view.batch_name(batch)), len(upstream), concerns
