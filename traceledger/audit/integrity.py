"""Rules on identity: errors upstream, and the same material told twice.

Example:
    >>> plain_lot("Lot-0042"), plain_lot(" LOT_0042 ")
    ('lot0042', 'lot0042')
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Iterator

from traceledger.audit.facts import Leg, Made, Mint
from traceledger.audit.repeats import Repeats
from traceledger.audit.values import Check, Issue, Level, Rule
from traceledger.audit.view import AuditView
from traceledger.model.batches import BatchState
from traceledger.model.units import format_time

_GLOBAL = ("urn:epc:", "https://id.gs1.org/")
_PLACES = 16  # bits for a document's place among those of its mint


def plain_lot(identifier: str) -> str:
    """An identifier without case, blanks and punctuation: what a second entry may differ in."""
    return "".join(letter for letter in identifier.casefold() if letter.isalnum())


def check_taint(view: AuditView) -> Check:
    """Batches still about, or delivered, that were made of one in which an error was declared."""
    return Check(end=lambda: _tainted(view))


def _tainted(view: AuditView) -> Iterator[Issue]:
    for batch, cause in view.tainted.items():
        now = view.made(batch).now
        if now.state not in (BatchState.CONSUMED, BatchState.REVERSED):
            yield Issue(
                subject=view.batch_subject(batch),
                message=f"made of {view.batch_name(cause)}, which was declared in error; held by "
                f"{view.slug(now.custodian)}",
                participant=now.custodian,
                facility=now.facility,
                batches=view.ids([batch]),
                related=(view.batch_name(cause),),
                facts={"state": now.state.slug},
            )


def check_lots(view: AuditView) -> Check:
    """Mints under the same lot text: by several companies, or by one that writes it differently."""
    least, texts = view.settings.duplicates.min_length, Repeats()

    def text_of(batch: int) -> str:
        return plain_lot(view.made(batch).now.identifier)

    def look(mint: Mint) -> None:
        key = plain_lot(mint.now.identifier)
        if len(key) >= least and not mint.now.wrong:
            texts.add(key, mint.number)

    def end() -> Iterator[Issue]:
        for batches in texts.groups(text_of):
            for one, other in _against_first(list(map(view.made, batches))):
                globally = one.now.identifier.startswith(_GLOBAL)
                level = Level.HIGH if globally else Level.MEDIUM
                yield _pair(view, one, other, f"minted under the lot text of {_name(view, one)}", level)

    return Check(mint=look, end=end)


def check_evidence(view: AuditView) -> Check:
    """Mints that rest on the same document: of several companies high, of one company medium."""
    documents = Repeats()

    def look(mint: Mint) -> None:
        for place, digest in enumerate(mint.documents):
            if not mint.now.wrong:
                documents.add(digest, mint.at.number << _PLACES | place)

    def digest_of(document: int) -> bytes:
        return view.mint(document >> _PLACES).documents[document & (1 << _PLACES) - 1]

    def end() -> Iterator[Issue]:
        for group in documents.groups(digest_of):
            digest = digest_of(group[0])
            mints = [view.made(view.mint(document >> _PLACES).number) for document in group]
            for one, other in _against_first(mints):
                alone = one.now.creator == other.now.creator
                said = f"rests on the same document as {_name(view, one)} (SHA-256 {digest.hex()[:16]}…)"
                yield _pair(view, one, other, said, Level.MEDIUM if alone else Level.HIGH)

    return Check(mint=look, end=end)


def _against_first(mints: list[Made]) -> Iterator[tuple[Made, Made]]:
    """Each later mint with the first of another company, or else with the first of all."""
    first, stranger = mints[0], None
    for other in mints[1:]:
        if other.now.creator != first.now.creator:
            stranger = stranger or other
            yield first, other
        else:
            yield stranger or first, other


def check_entries(view: AuditView) -> Check:
    """Mints that repeat another of the same facility: material, mass, substances and time."""
    entries = Repeats()

    def entry_of(made: Made | Mint) -> Hashable:
        now, making = made.now, made.making
        held = tuple(sorted(making.substances_mg.items()))
        return now.facility, now.material, making.mass_mg, held, making.at.occurred_at

    def look(mint: Mint) -> None:
        if not mint.now.wrong:
            entries.add(entry_of(mint), mint.number)

    def end() -> Iterator[Issue]:
        found = entries.groups(lambda batch: entry_of(view.made(batch)))
        firsts = {batch: group[0] for group in found for batch in group[1:]}
        for batch, first in sorted(firsts.items()):
            one = view.made(first)
            said = f"repeats {_name(view, one)}: same mass, substances and time"
            yield _pair(view, one, view.made(batch), said, None)

    return Check(mint=look, end=end)


def check_round_trips(view: AuditView) -> Check:
    """Batches that came back to a participant that had shipped them."""
    legs: dict[int, array[int]] = {}

    def look(leg: Leg) -> None:
        for item in leg.arrived:
            legs.setdefault(item.batch, array("Q")).append(leg.at.number)

    def end() -> Iterator[Issue]:
        for batch, offers in legs.items():
            if len(offers) > 1:
                yield from _round_trips(view, batch, [view.leg(view.event(offer)) for offer in offers])

    return Check(leg=look, end=end)


def _round_trips(view: AuditView, batch: int, legs: Iterable[Leg]) -> Iterator[Issue]:
    senders: set[bytes] = set()
    for leg in legs:
        senders.add(leg.sender)
        if leg.receiver in senders:
            yield Issue(
                subject=view.batch_subject(batch),
                message=f"came back to {view.slug(leg.receiver)}, which had shipped it",
                participant=leg.receiver,
                batches=view.ids([batch]),
                related=(view.shipment_subject(leg).name,),
                at=leg.at.occurred_at,
            )


def _name(view: AuditView, mint: Made) -> str:
    return view.batch_name(mint.number)


def _pair(view: AuditView, one: Made, other: Made, message: str, level: Level | None) -> Issue:
    """An issue of the later of two mints, which concerns both."""
    at = other.making.at.occurred_at
    return Issue(
        subject=view.batch_subject(other.number),
        message=message,
        participant=other.now.creator,
        facility=other.now.facility,
        batches=view.ids([other.number, one.number]),
        related=(_name(view, one),),
        facts={"first": format_time(one.making.at.occurred_at), "second": format_time(at)},
        level=level,
        at=at,
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
