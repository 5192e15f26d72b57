"""Who took part in what a batch is made of: their standing, and what auditors put on record about them.

Example:
    >>> Supplier.__dataclass_fields__.keys() >= {"standing", "findings"}
    True
"""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from traceledger.model.assurance import Assessment, Finding, FindingState
from traceledger.model.frozen import frozen
from traceledger.model.registry import Facility, Participant
from traceledger.model.standing import Standing
from traceledger.names import LedgerNames
from traceledger.provenance.troubles import Named, state_at

if TYPE_CHECKING:
    from traceledger.index import IndexReader


@frozen
class Assessed:
    """An assessment, with names: of who made it, and of the facility that it is of (``None``: the company).

    ``valid``: at the time asked for.
    """

    assessment: Assessment
    assessor: str
    facility: str | None
    valid: bool


@frozen
class Raised:
    """A finding, with names: of who raised it, and of the batch, facility or company that it is about.

    ``state`` is where it stood at the time asked for.
    """

    finding: Finding
    auditor: str
    about: str
    state: FindingState
    overdue: bool

    @property
    def open(self) -> bool:
        """Whether it is not closed."""
        return self.state is not FindingState.CLOSED


@frozen
class Supplier:
    """A company that a lineage names.

    Attributes:
        participant: the company.
        sites: its facilities at which batches of the lineage were made, as the registry lists them.
        standing: whether it may act, and if not, why.
        assessments: those of the company, and of these sites, in the order of their recording.
        findings: those about the company, these sites, or a batch of the lineage; with closed ones.
    """

    participant: Participant
    sites: tuple[Facility, ...]
    standing: Standing
    assessments: tuple[Assessed, ...]
    findings: tuple[Raised, ...]


def suppliers_of(named: Named, index: IndexReader, at: int) -> tuple[Supplier, ...]:
    """All companies that a lineage names, by their short names.

    Args:
        named: whom and what the lineage names.
        index: where it was read.
        at: as of when, UTC seconds; what was recorded later is left out.
    """
    reading = _Reading(named, index, at)
    found = (reading.supplier(address) for address in named.people)
    return tuple(sorted((each for each in found if each), key=lambda each: each.participant.slug))


class _Reading:
    def __init__(self, named: Named, index: IndexReader, at: int) -> None:
        self._named = named
        self._index = index
        self._at = at
        self._names = LedgerNames(index)

    def supplier(self, address: bytes) -> Supplier | None:
        participant = self._index.participant_at(address)
        if participant is None:
            return None  # The consortium's account is no company.
        sites = tuple(each for each in self._index.facilities(address) if each.id in self._named.sites)
        numbers = (None, *(each.id for each in sites))
        assessments = self._index.assessments(address)
        findings = self._index.findings(address)
        return Supplier(
            participant=participant,
            sites=sites,
            standing=self._index.standing(address, at=self._at),
            assessments=tuple(
                self._assessed(each)
                for each in assessments
                if each.facility in numbers and each.recorded_at <= self._at
            ),
            findings=tuple(
                raised
                for each in findings
                if self._concerns(each, numbers) and (raised := self._raised(each)) is not None
            ),
        )

    def _assessed(self, each: Assessment) -> Assessed:
        facility = None if each.facility is None else self._names.facility(each.facility)
        return Assessed(each, self._names.slug(each.assessor), facility, each.is_valid(self._at))

    def _raised(self, each: Finding) -> Raised | None:
        state = state_at(each, self._at)
        if state is None:
            return None
        about = (
            self._names.subject(each.participant, each.facility)
            if each.batch is None
            else self._names.batch(each.batch)
        )
        return Raised(each, self._names.slug(each.auditor), about, state, each.is_overdue(self._at))

    def _concerns(self, finding: Finding, sites: Container[int | None]) -> bool:
        if finding.batch is not None:
            return finding.batch in self._named.batches
        return finding.facility in sites
