"""Rules on assurance: assessments, evidence, findings, risk.

Example:
    >>> [rule.id for rule in RULES]
    ['lca-missing', 'origin-evidence-missing', 'assessment-expired', 'finding-overdue', 'high-risk-origin']
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from traceledger.audit.facts import Mint, Run
from traceledger.audit.values import Check, Issue, Level, Rule, Subject
from traceledger.audit.view import AuditView
from traceledger.model.assurance import Assessment, AssessmentKind, Rating, Severity
from traceledger.model.counting import counted
from traceledger.model.units import format_time

_OECD = "OECD Due Diligence Guidance for Responsible Supply Chains of Minerals, 3rd edition"
_DAY = 86_400
_RISKS = (AssessmentKind.COUNTRY_RISK, AssessmentKind.CATEGORY_RISK)
_BY_FINDING = {
    Severity.CRITICAL: Level.HIGH,
    Severity.MAJOR: Level.MEDIUM,
    Severity.MINOR: Level.LOW,
}


def check_lca(view: AuditView) -> Check:
    """Facilities that make material and have no valid life-cycle assessment, nor has their participant."""
    minting, running = dict[int, None](), dict[int, None]()
    kinds = view.settings.assurance.lca_kinds

    def mint(item: Mint) -> None:
        minting[item.now.facility] = None

    def run(item: Run) -> None:
        running[item.facility] = None

    def end() -> Iterator[Issue]:
        for facility in minting | running:
            site = view.facilities.get(facility)
            if site is not None and not _valid(view, kinds, site.participant, facility):
                company = view.slug(site.participant)
                yield Issue(
                    subject=view.facility_subject(facility),
                    message=f"no life-cycle assessment of it or of {company} is valid now",
                    participant=site.participant,
                    facility=facility,
                )

    return Check(mint=mint, run=run, end=end)


def _valid(view: AuditView, kinds: tuple[str, ...], participant: bytes, facility: int) -> bool:
    return any(
        item.kind in kinds and item.is_valid(view.now)
        for item in view.assessments
        if item.participant == participant and item.facility in (None, facility)
    )


def check_evidence(view: AuditView) -> Check:
    """Mints without a document."""

    def look(mint: Mint) -> Iterator[Issue]:
        if not mint.documents:
            yield _mint_issue(view, mint, "minted without any evidence, such as an assay or a weighing slip")

    return Check(mint=look)


def _mint_issue(view: AuditView, mint: Mint, message: str, level: Level | None = None) -> Issue:
    related = (view.facility_name(mint.now.facility),)
    return view.issue_of_making(mint, message, related, {}, level)


def check_expired(view: AuditView) -> Check:
    """Assessments that have ended, unless another of that kind and scheme is valid now."""
    return Check(end=lambda: _expired(view))


def _expired(view: AuditView) -> Iterator[Issue]:
    """Assessments that have ended, unless another of that kind and scheme is valid now."""
    alike: dict[tuple[bytes, int | None, str, str], list[Assessment]] = defaultdict(list)
    for item in view.assessments:
        if item.kind in view.settings.assurance.expiring:
            alike[item.participant, item.facility, item.kind, item.scheme].append(item)
    for items in alike.values():
        ended = [item for item in items if item.valid_until < view.now]
        if ended and not any(item.is_valid(view.now) for item in items):
            yield _expired_issue(view, max(ended, key=lambda item: item.valid_until), items)


def _expired_issue(view: AuditView, item: Assessment, alike: list[Assessment]) -> Issue:
    """That an assessment ended; the others like it say whether a renewal is to come."""
    what = f"{item.kind.replace('_', ' ')} {item.scheme}".strip()
    begins = min((other.valid_from for other in alike if other.valid_from > view.now), default=None)
    then = f"its renewal begins on {format_time(begins)[:10]}" if begins else "was not renewed"
    return Issue(
        subject=_assessed(view, item.participant, item.facility),
        message=f"{what} ended on {format_time(item.valid_until)[:10]} and {then}",
        participant=item.participant,
        facility=item.facility,
        related=(view.full(item.assessor, item.identifier),),
        facts={"kind": item.kind, "scheme": item.scheme, "days": (view.now - item.valid_until) // _DAY},
        at=item.valid_until,
    )


def _assessed(view: AuditView, participant: bytes, facility: int | None) -> Subject:
    return view.participant_subject(participant) if facility is None else view.facility_subject(facility)


def check_findings(view: AuditView) -> Check:
    """Findings past their due date that are not closed."""
    return Check(end=lambda: _overdue(view))


def _overdue(view: AuditView) -> Iterator[Issue]:
    for item in view.findings:
        if not item.is_overdue(view.now):
            continue
        name = view.full(item.auditor, item.identifier)
        days = (view.now - item.due_at) // _DAY
        about = _assessed(view, item.participant, item.facility)
        yield Issue(
            subject=about,
            message=f"{item.severity.slug} finding {name} ({item.category.replace('_', ' ')}) is"
            f" {counted(days, 'day')} overdue",
            participant=item.participant,
            facility=item.facility,
            related=(name,),
            facts={"finding": name, "severity": item.severity.slug, "days": days},
            level=_BY_FINDING[item.severity],
            at=item.due_at,
        )


def check_risk(view: AuditView) -> Check:
    """Origins in countries, or at facilities or companies, that are rated high risk."""
    rated = _rated(view)

    def look(mint: Mint) -> Iterator[Issue]:
        facility, creator = mint.now.facility, mint.now.creator
        site = view.facilities.get(facility)
        if site is None:
            return
        reasons = [f"{site.country} is on the settings' list"] * (
            site.country in view.settings.risk.countries
        )
        for subject in (facility, creator):
            reasons += [
                f"{item.kind.replace('_', ' ')} {view.full(item.assessor, item.identifier)} is high"
                for item in rated[subject]
            ]
        if reasons:
            mitigated = _valid(view, view.settings.risk.mitigated_by, creator, facility)
            said = f"origin of high risk: {'; '.join(reasons)}" + ("; assessed on site" * mitigated)
            yield _mint_issue(view, mint, said, Level.LOW if mitigated else None)

    return Check(mint=look)


def _rated(view: AuditView) -> dict[int | bytes, list[Assessment]]:
    """By facility or participant, its high risk ratings: of each kind, of those valid now, the last begun."""
    newest: dict[tuple[int | bytes, str], Assessment] = {}
    for item in view.assessments:
        if item.kind in _RISKS and item.is_valid(view.now):
            key = (item.facility or item.participant, item.kind)
            if key not in newest or item.valid_from >= newest[key].valid_from:
                newest[key] = item
    rated: dict[int | bytes, list[Assessment]] = defaultdict(list)
    for (subject, _), item in newest.items():
        if item.value == Rating.HIGH:
            rated[subject].append(item)
    return rated


RULES = (
    Rule(
        "lca-missing",
        Level.LOW,
        "A facility that makes material has no valid life-cycle assessment",
        "Without one, its CO2e figures rest on generic factors.",
        "ISO 14044 and ISO 14067; Regulation (EU) 2023/1542, Article 7",
        check_lca,
    ),
    Rule(
        "origin-evidence-missing",
        Level.LOW,
        "Material was minted without evidence",
        "Mass and content of an origin rest on a document, or on nothing.",
        f"{_OECD}, Step 1: records of each lot",
        check_evidence,
    ),
    Rule(
        "assessment-expired",
        Level.MEDIUM,
        "A certificate or another assessment has ended",
        "What was true when it was assessed need not be true now.",
        "ISO/IEC 17021-1: certificates hold for a time; the validity stated on the ledger",
        check_expired,
    ),
    Rule(
        "finding-overdue",
        Level.HIGH,
        "A finding is past its due date and not closed",
        "A violation that is known and not mended. Critical findings are high, major medium, minor low.",
        f"{_OECD}, Step 3: risk management with measurable dates",
        check_findings,
    ),
    Rule(
        "high-risk-origin",
        Level.MEDIUM,
        "Material comes from a country, company or facility of high risk",
        "It calls for due diligence, not for a ban. A valid certificate or on-site audit lowers it to low.",
        f"Regulation (EU) 2017/821 and 2023/1542, Article 48; {_OECD}; settings file, table risk",
        check_risk,
    ),
)
