"""What was recorded under ids of its own, what was said of it since, who owns what, and what was booked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.index.support import indexed
from tests.lots import Lot, pairs
from tests.simulator import COBALT, DEPLOYER, EVIDENCE, LEDGER, TAG, World, address_of, id_of
from traceledger.events import BatchMinted, EmissionsRestated, Position, RestatementConfirmed
from traceledger.index import Index
from traceledger.model.batches import BatchState, RecordKind, ShipmentState

FIRM, OTHER, THIRD = (address_of(f"firm-{number}") for number in range(3))
NOTHING = (0,) * 8


@pytest.fixture
def world() -> World:
    return World(seed=3)


def closed(world: World, tmp_path: Path) -> Index:
    world.chain.seal()
    return indexed(tmp_path / "i.db", world)


def entitle(world: World, lot: Lot, by: bytes, to: bytes) -> None:
    world.emit(by, LEDGER, "TitleTransferred", (lot.id, by, to, 7, ()))


def offer(world: World, lots: list[Lot], receiver: bytes, owner: bytes = bytes(20)) -> int:
    """Offers lots without emissions; returns the shipment's id."""
    name, sender = world.name("sea"), lots[0].custodian
    shipped = [(lot.id, lot.mass, lot.own) for lot in lots]
    args = (id_of(sender, name), sender, receiver, owner, 0, 7, NOTHING, shipped, name, ())
    world.emit(sender, LEDGER, "ShipmentOffered", args)
    return id_of(sender, name)


def test_only_an_owner_gives_title(tmp_path: Path, world: World) -> None:
    """Rule 11: custody is not title; until something is said, the custodian is the owner."""
    lot = world.mint(FIRM)
    entitle(world, lot, OTHER, THIRD)
    entitle(world, lot, FIRM, OTHER)
    entitle(world, lot, FIRM, THIRD)
    world.split(lot)
    entitle(world, lot, OTHER, THIRD)
    with closed(world, tmp_path) as index:
        assert [(title.said_by, title.owner, title.counts) for title in index.titles(lot.id)] == [
            (OTHER, THIRD, False),
            (FIRM, OTHER, True),
            (FIRM, THIRD, False),
            (OTHER, THIRD, True),
        ]
        batch, *children = index.batches()
        assert batch.owner == THIRD
        assert {child.owner for child in children} == {OTHER}


def test_an_offer_may_say_who_owns(tmp_path: Path, world: World) -> None:
    told, untold = world.mint(FIRM), world.mint(FIRM)
    offer(world, [told], OTHER, THIRD)
    offer(world, [untold], OTHER)
    with closed(world, tmp_path) as index:
        assert [batch.owner for batch in index.batches()] == [THIRD, None]
        assert index.titles(untold.id) == ()


def test_lots_are_answered_one_by_one(tmp_path: Path, world: World) -> None:
    """Rule 3: what no answer names stays open; a receipt that is reversed is open again, last of all."""
    lots = [world.mint(FIRM) for _ in range(3)]
    first, second, third = (lot.id for lot in lots)
    shipment = offer(world, lots, OTHER)
    received = [(lot.id, lot.mass, 0, ()) for lot in lots[:2]]
    world.emit(OTHER, LEDGER, "ShipmentReceived", (shipment, OTHER, 7, received, TAG, ()))
    world.emit(OTHER, LEDGER, "ReceiptReversed", (shipment, OTHER, 7, [first], "wrong lot", TAG, ()))
    with closed(world, tmp_path) as index:
        found = index.shipment(shipment)
        assert found is not None
        assert (found.state, found.open) == (ShipmentState.OFFERED, (third, first))
        assert [batch.id for batch in index.open_lots(shipment)] == [third, first]
        assert (found.received, found.refused) == ((second,), ())
        assert [batch.custodian for batch in index.batches()] == [FIRM, OTHER, FIRM]
        assert [len(index.arrivals(each)) for each in (first, second, third)] == [0, 1, 0]
        offered, receipt, reversal = (item.position for item in index.history(first)[1:])
        assert index.reversal(receipt) == reversal
        assert index.reversed_at(reversal) == (receipt,)
        assert index.reversal(offered) is None
    world.emit(FIRM, LEDGER, "ShipmentCancelled", (shipment, FIRM, 7, "kept", [third], TAG, ()))
    world.emit(OTHER, LEDGER, "ShipmentRejected", (shipment, OTHER, 7, "no", [first], TAG, ()))
    with closed(world, tmp_path) as index:
        found = index.shipment(shipment)
        assert found is not None
        assert (found.state, found.open, found.refused) == (ShipmentState.RECEIVED, (), (first,))


def test_records_are_found_by_kind_until_they_are_reversed(tmp_path: Path, world: World) -> None:
    """Ids of several kinds are made in one way: a lot and a shipment of one name have the same."""
    lot = world.mint(FIRM)
    shown = (lot.id, FIRM, 1, NOTHING, lot.own, lot.identifier, "storage", ())
    world.emit(FIRM, LEDGER, "EmissionsAdded", shown)
    restated = (lot.id, FIRM, 0, False, 7, (5, *NOTHING[1:]), [lot.id], "audited", EVIDENCE)
    world.emit(FIRM, LEDGER, "EmissionsRestated", restated)
    confirmed = (lot.id, OTHER, 0, 8, (5, *NOTHING[1:]), [lot.id], EVIDENCE)
    world.emit(OTHER, LEDGER, "RestatementConfirmed", confirmed)
    with closed(world, tmp_path) as index:
        mint = index.record(RecordKind.MINT, lot.id)
        assert mint is not None
        assert isinstance(mint.event, BatchMinted)
        added = index.emissions_record(lot.id)
        assert added is not None
        assert added.reason == "storage"
        said = index.restatements(RecordKind.MINT, lot.id)
        assert [type(item.event) for item in said] == [EmissionsRestated, RestatementConfirmed]
        assert index.restatements(RecordKind.MINT, lot.id, as_of=mint.block - 1) == ()
        last = index.restatement(RecordKind.MINT, lot.id)
        assert last is not None
        assert (last.emissions.scope1, last.counts) == (5, False)
        assert index.restatement(RecordKind.EMISSIONS, lot.id) is None
        assert index.transformation(lot.id) is None
    world.emit(FIRM, LEDGER, "MintReversed", (lot.id, FIRM, 7, "a mistake", TAG, ()))
    with closed(world, tmp_path) as index:
        batch = index.batch(lot.id)
        assert batch is not None
        assert (batch.state, batch.mass_mg, batch.events) == (BatchState.REVERSED, 0, 5)
        assert index.record(RecordKind.MINT, lot.id) is None
        assert index.emissions_record(lot.id) is not None


def test_what_measurements_book_is_listed(tmp_path: Path, world: World) -> None:
    lot = world.mint(FIRM)
    lot.substances = {number: mass + (number == COBALT) for number, mass in lot.substances.items()}
    now = (lot.mass + 3, pairs(lot.substances), "assay", EVIDENCE)
    happened = world.emit(DEPLOYER, LEDGER, "BatchRemeasured", (lot.id, FIRM, DEPLOYER, True, 7, *now))
    with closed(world, tmp_path) as index:
        booked = index.bookings(FIRM)
        assert booked == index.bookings(batch=lot.id) == index.bookings()
        assert index.bookings(OTHER) == ()
        assert index.bookings(as_of=happened.block - 1) == ()
        expected = {0: 3} | ({COBALT: 1} if COBALT in lot.substances else {})
        assert {each.booking.substance: each.booking.amount_mg for each in booked} == expected
        assert {each.at for each in booked} == {Position(happened.block, happened.log_index)}
        assert {(each.booking.material, each.booking.facility) for each in booked} == {
            (lot.material, lot.facility)
        }
