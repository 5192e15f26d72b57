"""Runs the rules of settings over a source."""

from __future__ import annotations

from collections.abc import Callable
from time import time

from traceledger.audit.differences import Difference, named_differences
from traceledger.audit.found import Keeping
from traceledger.audit.report import AuditReport, Scope, ScopeKind
from traceledger.audit.rules import RULES, require_known
from traceledger.audit.settings import Settings, default_settings
from traceledger.audit.source import Source
from traceledger.audit.values import Issue, Level, Rule
from traceledger.audit.view import AuditView
from traceledger.errors import UnknownNameError
from traceledger.model.hexadecimal import hexed, id_text


def audit(
    source: Source,
    *,
    settings: Settings | None = None,
    batch: int | None = None,
    participant: bytes | None = None,
    now: int | None = None,
) -> AuditReport:
    """Apply every rule of the settings.

    All of the source is looked at, since a run is compared with other runs; the scope decides what of it is
    reported.

    Args:
        source: an open index, for instance, within a snapshot where others may sync meanwhile.
        settings: by default those that ship with this package.
        batch: report only what concerns this batch (id) or anything upstream, and who and where made that.
        participant: report only what this participant (address) answers for.
        now: the time that counts as now, UTC seconds; by default the machine's.

    Raises:
        UnknownNameError: there is no such batch or participant.
        InputError: the settings name a rule that does not exist.
        VerificationError: the source's events do not fit together.
    """
    settings = settings or default_settings()
    require_known(list(settings.rules))
    view = AuditView(source, settings, int(time()) if now is None else now)
    scope, batches, concerns = _scope(view, batch, participant)
    booked = _booked(view, batch, participant)
    rules = tuple(_applied(settings))
    kept = Keeping([rule for rule, _ in rules])
    for place, (rule, _) in enumerate(rules):
        for issue in rule.check(view):
            if concerns(issue):
                kept.add(place, _level(settings, rule, issue), issue)
    return AuditReport(
        scope=scope,
        now=view.now,
        block=source.head_block(),
        fail_on=None if settings.fail_on == "never" else Level.parse(settings.fail_on),
        rules=rules,
        found=kept.found(),
        batches=batches,
        differences=tuple(item for item in named_differences(view) if booked(item.found)),
    )


def _applied(settings: Settings) -> list[tuple[Rule, Level]]:
    levels = [(rule, settings.rules.get(rule.id, rule.level.slug)) for rule in RULES]
    return [(rule, Level.parse(level)) for rule, level in levels if level != "off"]


def _level(settings: Settings, rule: Rule, issue: Issue) -> Level:
    """The settings' word, or the issue's own, or the rule's."""
    level = settings.rules.get(rule.id)
    return Level.parse(level) if level else issue.level or rule.level


def _scope(
    view: AuditView, batch: int | None, participant: bytes | None
) -> tuple[Scope, int, Callable[[Issue], bool]]:
    """What is reported, how many batches that covers, and whether an issue belongs to it."""
    if batch is not None:
        return _batch_scope(view, batch)
    if participant is not None:
        if participant not in view.participants:
            raise UnknownNameError(f"there is no participant {hexed(participant)}")
        own = sum(facts.now.creator == participant for facts in view.batches.values())
        scope = Scope(ScopeKind.PARTICIPANT, view.slug(participant))
        return scope, own, lambda issue: issue.participant == participant
    return Scope(), len(view.batches), lambda _: True


def _booked(view: AuditView, batch: int | None, participant: bytes | None) -> Callable[[Difference], bool]:
    """Whether a difference belongs to what is reported."""
    if batch is not None:
        upstream = view.upstream(batch)
        return lambda item: not upstream.isdisjoint(item.batches)
    if participant is not None:
        return lambda item: item.participant == participant
    return lambda _: True


def _batch_scope(view: AuditView, batch: int) -> tuple[Scope, int, Callable[[Issue], bool]]:
    if batch not in view.batches:
        raise UnknownNameError(f"there is no batch {id_text(batch)}")
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
