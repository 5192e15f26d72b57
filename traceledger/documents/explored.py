"""The JSON of the explorer's pages about batches: one with all behind its figures, and many by choice.

Every figure of a batch stands beside the rows that it is the sum of, and every row beside the event that says
it (``block`` and ``log``).

Example:
    >>> from traceledger.provenance.places import RecordShare
    >>> largest([RecordShare(1, 0, "a/mine", "mining", "x", 5), RecordShare(2, 0, "b", "c", "x", 7)], 1)
    ([RecordShare(block=2, log_index=0, place='b', process='c', stage='x', mg=7)], 1, 5)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import nlargest
from typing import TYPE_CHECKING, Any, assert_never

from traceledger.documents import batches, traces
from traceledger.documents.known import Known
from traceledger.events import (
    BatchMinted,
    BatchSplit,
    EmissionsAdded,
    EmittingEvent,
    RecordedEvent,
    ShipmentOffered,
    Transformed,
)
from traceledger.index.listing import Trouble as Flag
from traceledger.index.listing import trouble_of
from traceledger.index.schema import join_position
from traceledger.model.batches import BatchState, Beginning
from traceledger.model.frozen import frozen
from traceledger.model.shares import Share
from traceledger.model.substances import symbol
from traceledger.names import LedgerNames
from traceledger.provenance.per_kilogram import per_kilogram
from traceledger.replay.emissions import emitting

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.batches import Batch
    from traceledger.provenance import OriginShare, Trace
    from traceledger.provenance.places import RecordShare
    from traceledger.provenance.trouble import Trouble

MOST = 200
"""Rows of one table; how many there are stands beside."""


def batch(index: IndexReader, found: Batch, traced: Trace, troubles: Iterable[Trouble]) -> dict[str, Any]:
    """A batch with what its figures are made of.

    Args:
        index: where it was read.
        found: the batch.
        traced: the same, traced.
        troubles: what is wrong with it or upstream.
    """
    history = batches.first_events(index, found, MOST)
    names = LedgerNames(batches.named_in(index, found, history))
    document = batches.told(index, found, troubles, history, names, most=MOST)
    site = names.site(found.facility)
    maker, material = index.participant_at(found.creator), index.material_by_id(found.material)
    inputs, outputs = list(_inputs(found, history, names)), list(_outputs(found, history, names))
    shown, lives = _largest_origins(traced.origins, MOST), traced.earlier_lives
    return document | {
        "per_kg": traces.per_kg(per_kilogram(traced, found)),
        "made_of": document["made_of"][:MOST],
        "maker": names.slug(found.creator),
        "maker_name": maker.name if maker else None,
        "material_name": material.name if material else None,
        "facility_name": site.name if site else None,
        "country": site.country if site else None,
        "marks": [flag.slug for flag in Flag if flag & trouble_of(found)],
        "trace": traces.trace(replace(traced, origins=tuple(shown), earlier_lives=lives[:MOST])),
        "origins_left": _left_out(traced.origins, shown),
        "records": _records(index, traced, names),
        "inputs": inputs[:MOST],
        "outputs": outputs[:MOST],
        "documents": list(_documents(document["events"]))[:MOST],
        "counts": {
            "events": index.story.count(found.id),
            "inputs": len(inputs),
            "outputs": index.story.count_made_of(found.id),
            "origins": len(traced.origins),
            "earlier_lives": len(lives),
            "most": MOST,
        },
    }


def largest(rows: Iterable[RecordShare], most: int) -> tuple[list[RecordShare], int, int]:
    """The largest rows in their order; how many are left out, and what these come to, mg CO2e."""
    known = list(rows)
    kept = sorted(known, key=lambda row: row.mg, reverse=True)[:most]
    shown = {id(row) for row in kept}
    rest = [row.mg for row in known if id(row) not in shown]
    return [row for row in known if id(row) in shown], len(rest), sum(rest)


def _largest_origins(origins: Sequence[OriginShare], most: int) -> list[OriginShare]:
    """The origins with the largest shares, in their order."""
    places = nlargest(most, range(len(origins)), key=lambda place: origins[place].share.units)
    return [origins[place] for place in sorted(places)]


def _left_out(origins: Sequence[OriginShare], shown: Sequence[OriginShare]) -> list[dict[str, Any]]:
    """Of each substance, how many origins are left out, and what they come to."""
    count, units, mass = Counter[int](), Counter[int](), Counter[int]()
    for sign, some in ((1, origins), (-1, shown)):
        for item in some:
            count[item.substance] += sign
            units[item.substance] += sign * item.share.units
            mass[item.substance] += sign * item.mass_mg
    return [
        {
            "substance": symbol(number),
            "origins": count[number],
            "share": float(Share(units[number])),
            "mass_mg": str(mass[number]),
        }
        for number in sorted(count)
        if count[number]
    ]


def _records(index: IndexReader, traced: Trace, names: LedgerNames) -> dict[str, Any]:
    """The records of which a footprint is the sum, the largest of them; and what the others come to."""
    used = traced.footprint.used
    rows, others, rest = largest(used.by_record, MOST)
    events = index.many.events(join_position(row.block, row.log_index) for row in rows)
    told = {event.position: event for event in events.values()}
    authors = {event.event.author for event in events.values() if event.event.author}
    for address, company in index.many.participants(authors).items():
        names.add(address, company.slug)
    return {
        "rows": [_record(row, told[row.at], names) for row in rows],
        "others": {"records": others, "co2e_mg": str(rest)},
        "total_mg": str(used.total_mg),
    }


def _record(row: RecordShare, recorded: RecordedEvent, names: LedgerNames) -> dict[str, Any]:
    event = emitting(recorded.event)
    return {
        "event": type(recorded.event).__name__,
        "record": "" if event is None else _called(event, names),
        "occurred_at": recorded.event.occurred_at,
        "place": row.place,
        "process": row.process,
        "stage": row.stage,
        "co2e_mg": str(row.mg),
        "block": row.block,
        "log": row.log_index,
    }


def _called(event: EmittingEvent, names: LedgerNames) -> str:
    match event:
        case BatchMinted():
            return names.full(event.creator, event.identifier)
        case Transformed():
            return names.full(event.participant, event.identifier)
        case ShipmentOffered():
            return names.full(event.sender, event.identifier)
        case EmissionsAdded():
            return names.batch(event.batch)
        case _:
            assert_never(event)


def _inputs(found: Batch, history: Sequence[RecordedEvent], names: LedgerNames) -> Iterator[dict[str, Any]]:
    """What the batch was made of: each take."""
    made, place = history[0].event, _place(history[0])
    if isinstance(made, BatchSplit):
        child = next(child for child in made.children if child.taken.batch == found.id)
        yield (
            _step(made.parent, child.taken.mass_mg, child.taken.own_mg + child.taken.inherited_mg, names)
            | place
        )
    elif isinstance(made, Transformed):
        for taken in made.inputs:
            yield _step(taken.batch, taken.mass_mg, taken.own_mg + taken.inherited_mg, names) | place


def _outputs(found: Batch, history: Sequence[RecordedEvent], names: LedgerNames) -> Iterator[dict[str, Any]]:
    """What was made of the batch, with what was taken of it."""
    for recorded in history[1:]:
        event, place = recorded.event, _place(recorded)
        if isinstance(event, BatchSplit) and event.parent == found.id:
            for child in event.children:
                co2e = child.taken.own_mg + child.taken.inherited_mg
                yield _step(child.taken.batch, child.taken.mass_mg, co2e, names) | place
        elif isinstance(event, Transformed):
            takes = [taken for taken in event.inputs if taken.batch == found.id]
            mass = sum(taken.mass_mg for taken in takes)
            co2e = sum(taken.own_mg + taken.inherited_mg for taken in takes)
            run = {"run": names.full(event.participant, event.identifier)}
            for made in event.outputs:
                # What several outputs share was taken of it for all of them.
                yield _step(made.batch, mass, co2e, names) | run | place


def _step(lot: int, mass_mg: int, co2e_mg: int, names: LedgerNames) -> dict[str, Any]:
    known = names.lot(lot)
    site = None if known is None else names.site(known.facility)
    return {
        "batch": names.batch(lot),
        "material": None if known is None else names.material(known.material),
        "facility": None if known is None or site is None else names.facility(known.facility),
        "country": site.country if site else None,
        "custodian": None if known is None else names.slug(known.custodian),
        "state": None if known is None else known.state.slug,
        "taken_mg": str(mass_mg),
        "co2e_mg": str(co2e_mg),
    }


def _place(recorded: RecordedEvent) -> dict[str, int]:
    return {"block": recorded.block, "log": recorded.log_index, "occurred_at": recorded.event.occurred_at}


def _documents(events: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every document that the events of a batch name."""
    for event in events:
        place = {name: event[name] for name in ("event", "by", "occurred_at", "block", "log")}
        yield from ({**item, **place} for item in event["evidence"])


@frozen
class Facets:
    """What batches were chosen by, and the counts beside each other choice.

    Attributes:
        counts: by facet and number, as :meth:`~traceledger.index.listing_reader.ListingReader.counts` has it.
        total: how many were chosen of those that were counted.
        counted: how many of the newest batches were looked at.
        of: how many batches there are.
    """

    counts: Mapping[str, Mapping[int, int]]
    total: int
    counted: int
    of: int


def facets(index: IndexReader, found: Facets) -> dict[str, Any]:
    """The choices of a list of batches, each with how many there are."""
    counts, listing = found.counts, index.listing
    people = {*counts["custodian"], *counts["maker"]}
    addresses = listing.keys_of(people)
    sites = listing.keys_of(set(counts["facility"]))
    kinds = listing.keys_of(set(counts["material"]))
    known = Known(
        index,
        participants=addresses.values(),
        facilities=map(_id, sites.values()),
        materials=map(_id, kinds.values()),
    )
    names = LedgerNames(known)
    return {
        "total": found.total,
        "counted": min(found.counted, found.of),
        "of": found.of,
        "material": _choices(counts["material"], {n: names.material(_id(key)) for n, key in kinds.items()}),
        "custodian": _choices(counts["custodian"], {n: names.slug(key) for n, key in addresses.items()}),
        "maker": _choices(counts["maker"], {n: names.slug(key) for n, key in addresses.items()}),
        "facility": _choices(counts["facility"], {n: names.facility(_id(key)) for n, key in sites.items()}),
        "state": _choices(counts["state"], {int(each): each.slug for each in BatchState}),
        "origin": _choices(counts["origin"], {int(each): each.slug for each in Beginning}),
        "year": _choices(dict(sorted(counts["year"].items())), {year: str(year) for year in counts["year"]}),
        "trouble": _choices(counts["trouble"], {int(each): each.slug for each in Flag}),
    }


def _id(blob: bytes) -> int:
    return int.from_bytes(blob, "big")


def _choices(counts: Mapping[int, int], names: Mapping[int, str]) -> list[dict[str, Any]]:
    return [{"value": names[number], "count": count} for number, count in counts.items() if number in names]
