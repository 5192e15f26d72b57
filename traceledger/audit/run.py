"""Runs the rules of settings over a source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import time
from typing import Any

from traceledger.audit.differences import Difference, named_differences
from traceledger.audit.found import Keeping
from traceledger.audit.report import AuditReport, Scope, ScopeKind
from traceledger.audit.rules import RULES, require_known
from traceledger.audit.settings import Settings, default_settings
from traceledger.audit.source import Source
from traceledger.audit.values import Check, Issue, Level, Look, Rule
from traceledger.audit.view import AuditView
from traceledger.errors import UnknownNameError
from traceledger.events import BatchMinted, ShipmentOffered, Transformed
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
    for place, issue in _issues(view, [rule.check(view) for rule, _ in rules]):
        if concerns(issue):
            kept.add(place, _level(settings, rules[place][0], issue), issue)
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


def _issues(view: AuditView, checks: list[Check]) -> Iterator[tuple[int, Issue]]:
    """What checks find, each by its place: all go through the ledger side by side, so it is read once."""
    looks = {kind: _looks(checks, kind) for kind in ("batch", "mint", "run", "leg", "other")}
    for facts in view.standing() if looks["batch"] else ():
        yield from _looked(looks["batch"], facts)
    for at in view.events():
        if at.kind is BatchMinted:
            yield from _looked(looks["mint"], view.mint(at.number))
        elif at.kind is Transformed:
            yield from _looked(looks["run"], view.run(at))
        elif at.kind is ShipmentOffered:
            yield from _looked(looks["leg"], view.leg(at))
        else:
            yield from _looked(looks["other"], at)
    for place, check in enumerate(checks):
        for issue in check.end() if check.end else ():
            yield place, issue


def _looks(checks: list[Check], kind: str) -> list[tuple[int, Look[Any]]]:
    found = ((place, getattr(check, kind)) for place, check in enumerate(checks))
    return [(place, look) for place, look in found if look is not None]


def _looked(looks: list[tuple[int, Look[Any]]], fact: object) -> Iterator[tuple[int, Issue]]:
    for place, look in looks:
        for issue in look(fact) or ():
            yield place, issue


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
        own = sum(view.made(each).now.creator == participant for each in range(view.count))
        scope = Scope(ScopeKind.PARTICIPANT, view.slug(participant))
        return scope, own, lambda issue: issue.participant == participant
    return Scope(), view.count, lambda _: True


def _booked(view: AuditView, batch: int | None, participant: bytes | None) -> Callable[[Difference], bool]:
    """Whether a difference belongs to what is reported."""
    if batch is not None:
        upstream = _upstream(view, batch)
        return lambda item: not upstream.isdisjoint(item.batches)
    if participant is not None:
        return lambda item: item.participant == participant
    return lambda _: True


def _upstream(view: AuditView, batch: int) -> frozenset[int]:
    """Ids of a batch and of all that it was made of."""
    number = view.number(batch)
    if number is None:
        raise UnknownNameError(f"there is no batch {id_text(batch)}")
    return frozenset(view.ids(view.upstream(number)))


def _batch_scope(view: AuditView, batch: int) -> tuple[Scope, int, Callable[[Issue], bool]]:
    upstream = _upstream(view, batch)
    lots = [view.made(number).now for each in upstream if (number := view.number(each)) is not None]
    makers, places = {now.creator for now in lots}, {now.facility for now in lots}

    def concerns(issue: Issue) -> bool:
        if issue.batches:
            return not upstream.isdisjoint(issue.batches)
        if issue.facility is not None:
            return issue.facility in places
        return issue.participant in makers

    return Scope(ScopeKind.BATCH, view.batch_name(view.number(batch) or 0)), len(upstream), concerns
