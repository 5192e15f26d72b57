"""Rules on identity: errors upstream, and the same material told twice.

Example:
    >>> plain_lot("Lot-0042"), plain_lot(" LOT_0042 ")
    ('lot0042', 'lot0042')
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from traceledger.audit.facts import Leg, Mint, evidence_of
from traceledger.audit.values import Issue, Level, Rule
from traceledger.audit.view import AuditView
from traceledger.model.batches import BatchState
from traceledger.model.units import format_time

_GLOBAL = ("urn:epc:", "https://id.gs1.org/")


def plain_lot(identifier: str) -> str:
    """An identifier without case, blanks and punctuation: what a second entry may differ in."""
    return "".join(letter for letter in identifier.casefold() if letter.isalnum())


def check_taint(view: AuditView) -> Iterator[Issue]:
    """Batches still about, or delivered, that were made of one in which an error was declared."""
    for batch, cause in view.tainted.items():
        now = view.batches[batch].now
        if now.state not in (BatchState.CONSUMED, BatchState.REVERSED):
            yield Issue(
                subject=view.batch_subject(batch),
                message=f"made of {view.batch_name(cause)}, which was declared in error; held by "
                f"{view.slug(now.custodian)}",
                participant=now.custodian,
                facility=now.facility,
                batches=(batch,),
                related=(view.batch_name(cause),),
                facts={"state": now.state.slug},
            )


def check_lots(view: AuditView) -> Iterator[Issue]:
    """Mints under the same lot text: by several companies, or by one that writes it differently."""
    least = view.settings.duplicates.min_length
    by_text: dict[str, list[Mint]] = defaultdict(list)
    for mint in _sound(view):
        key = plain_lot(mint.event.identifier)
        if len(key) >= least:
            by_text[key].append(mint)
    for mints in by_text.values():
        for one, other in _against_first(mints):
            globally = one.event.identifier.startswith(_GLOBAL)
            level = Level.HIGH if globally else Level.MEDIUM
            yield _pair(view, one, other, f"minted under the lot text of {_name(view, one)}", level)


def check_evidence(view: AuditView) -> Iterator[Issue]:
    """Mints that rest on the same document: of several companies high, of one company medium."""
    by_hash: dict[bytes, list[Mint]] = defaultdict(list)
    for mint in _sound(view):
        for item in evidence_of(mint.event):
            by_hash[item.sha256].append(mint)
    for digest, mints in by_hash.items():
        for one, other in _against_first(mints):
            alone = one.event.creator == other.event.creator
            said = f"rests on the same document as {_name(view, one)} (SHA-256 {digest.hex()[:16]}…)"
            yield _pair(view, one, other, said, Level.MEDIUM if alone else Level.HIGH)


def _against_first(mints: list[Mint]) -> Iterator[tuple[Mint, Mint]]:
    """Each later mint with the first of another company, or else with the first of all."""
    first, stranger = mints[0], None
    for other in mints[1:]:
        if other.event.creator != first.event.creator:
            stranger = stranger or other
            yield first, other
        else:
            yield stranger or first, other


def check_entries(view: AuditView) -> Iterator[Issue]:
    """Mints that repeat another of the same facility: material, mass, substances and time."""
    seen: dict[object, Mint] = {}
    for mint in _sound(view):
        event = mint.event
        held = tuple(sorted(event.substances_mg.items()))
        key = (event.facility, event.material, event.mass_mg, held, event.occurred_at)
        first = seen.setdefault(key, mint)
        if first is not mint:
            said = f"repeats {_name(view, first)}: same mass, substances and time"
            yield _pair(view, first, mint, said, None)


def check_round_trips(view: AuditView) -> Iterator[Issue]:
    """Batches that came back to a participant that had shipped them."""
    legs: dict[int, list[Leg]] = defaultdict(list)
    for leg in view.legs:
        for item in leg.arrived:
            legs[item.lot.batch].append(leg)
    for batch, done in legs.items():
        senders: set[bytes] = set()
        for leg in done:
            senders.add(leg.event.sender)
            if leg.event.receiver in senders:
                yield Issue(
                    subject=view.batch_subject(batch),
                    message=f"came back to {view.slug(leg.event.receiver)}, which had shipped it",
                    participant=leg.event.receiver,
                    batches=(batch,),
                    related=(view.shipment_subject(leg).name,),
                    at=leg.event.occurred_at,
                )


def _sound(view: AuditView) -> list[Mint]:
    """Mints that nobody has declared an error."""
    return [mint for mint in view.mints if not view.in_error(mint.event.batch)]


def _name(view: AuditView, mint: Mint) -> str:
    return view.batch_name(mint.event.batch)


def _pair(view: AuditView, one: Mint, other: Mint, message: str, level: Level | None) -> Issue:
    """An issue of the later of two mints, which concerns both."""
    event = other.event
    return Issue(
        subject=view.batch_subject(event.batch),
        message=message,
        participant=event.creator,
        facility=event.facility,
        batches=(event.batch, one.event.batch),
        related=(_name(view, one),),
        facts={"first": format_time(one.event.occurred_at), "second": format_time(event.occurred_at)},
        level=level,
        at=event.occurred_at,
    )


_DOUBLE = "ISO 22095: input is counted once; PACT Methodology v3, no double counting"

RULES = (
    Rule(
        "tainted-ancestor",
        Level.HIGH,
        "A batch was made of one that was declared in error",
        "What is said of its origin or its CO2e rests on a record that its author withdrew.",
        "EPCIS 2.0, errorDeclaration",
        check_taint,
    ),
    Rule(
        "lot-reused",
        Level.MEDIUM,
        "The same lot was minted twice",
        "One lot sold twice. Short lot numbers coincide, so only longer ones are compared; a GS1 or EPC "
        "identifier is unique in the world, so its reuse is high.",
        f"GS1 General Specifications, uniqueness of identifiers; {_DOUBLE}",
        check_lots,
    ),
    Rule(
        "evidence-reused",
        Level.HIGH,
        "Two mints rest on the same document",
        "One assay or weighing slip covers one lot. Two companies with the same document share a lot, or one "
        "of them has copied it; two lots of one company are medium.",
        _DOUBLE,
        check_evidence,
    ),
    Rule(
        "entry-repeated",
        Level.MEDIUM,
        "A mint repeats another, figure by figure",
        "Entered twice by mistake, or sold twice.",
        _DOUBLE,
        check_entries,
    ),
    Rule(
        "round-trip",
        Level.LOW,
        "A batch came back to who had shipped it",
        "Returns happen. Goods that circle make trade where there is none.",
        "OECD Due Diligence Guidance, red flags of circumstance",
        check_round_trips,
    ),
)
