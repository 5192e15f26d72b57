"""What the index answers, and that it answers None to what it does not know."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.encoding import encode_event
from tests.index.support import indexed
from tests.simulator import COBALT, DEPLOYER, LEDGER, LITHIUM, NICKEL, REGISTRY, World, address_of, id_of
from traceledger.events import BatchMinted, BatchSplit, ShipmentOffered, ShipmentReceived
from traceledger.index import Index
from traceledger.model.batches import BatchState, Origin, ShipmentState
from traceledger.model.hexadecimal import id_text
from traceledger.model.registry import Approval, ParticipantState
from traceledger.names import LedgerNames

FIRM, OTHER = address_of("firm-0"), address_of("firm-1")
MINE = id_of(FIRM, "firm-0-mine")
KEY_2 = address_of("key-2")


@pytest.fixture
def world() -> World:
    return World(seed=3)


def closed(world: World, tmp_path: Path) -> Index:
    world.chain.seal()
    return indexed(tmp_path / "i.db", world)


def test_participants_and_keys(tmp_path: Path, world: World) -> None:
    for key in (KEY_2, address_of("key-3")):
        world.emit(DEPLOYER, REGISTRY, "OperatorAdded", (FIRM, key, DEPLOYER))
    world.emit(DEPLOYER, REGISTRY, "OperatorRevoked", (FIRM, KEY_2, DEPLOYER))
    world.emit(DEPLOYER, REGISTRY, "ParticipantStatusChanged", (OTHER, 2, DEPLOYER, 7, "audit", ()))
    with closed(world, tmp_path) as index:
        firm, other = index.participant("firm-0"), index.participant_at(OTHER)
        assert firm is not None
        assert other is not None
        assert (firm.address, firm.name, firm.country, firm.roles) == (FIRM, "Firm-0", "FI", ("producer",))
        assert firm.operators == (FIRM, address_of("key-3"))
        assert (firm.state, other.state) == (ParticipantState.ACTIVE, ParticipantState.SUSPENDED)
        assert index.participant_of_operator(address_of("key-3")) == firm
        assert index.participant_of_operator(KEY_2) == firm
        assert [item.slug for item in index.participants()] == ["firm-0", "firm-1", "firm-2"]


def test_facilities_materials_approvals(tmp_path: Path, world: World) -> None:
    ore, salt = world.materials[:2]
    world.emit(DEPLOYER, REGISTRY, "OriginApproved", (MINE, ore, 1, 2**64 - 1, 0, 2**64 - 1, 7, ()))
    world.emit(DEPLOYER, REGISTRY, "OriginApproved", (MINE, salt, 1, 5, 0, 2**64 - 1, 7, ()))
    world.emit(DEPLOYER, REGISTRY, "OriginApproved", (MINE, salt, 1, 0, 0, 2**64 - 1, 8, ()))
    with closed(world, tmp_path) as index:
        facility = index.facility(FIRM, "firm-0-mine")
        assert facility is not None
        assert facility == index.facility_by_id(MINE)
        assert (facility.kind, facility.country, facility.name) == ("mine", "CD", "mine")
        assert [(item.latitude, item.longitude) for item in index.facilities(FIRM)] == [
            (-10_720_000, 25_470_000),
            (None, None),
            (None, None),
        ]
        assert LedgerNames(index).facility(MINE) == "firm-0/firm-0-mine"
        assert len(index.facilities()) == 9
        assert [item.kind for item in index.facilities(FIRM)] == ["mine", "recycler", "plant"]
        material = index.material("ore")
        assert material is not None
        assert material == index.material_by_id(ore)
        assert material.substances == (LITHIUM, COBALT, NICKEL)
        assert [item.slug for item in index.materials()] == ["ore", "salt", "cell"]
        assert index.approvals() == [Approval(MINE, ore, Origin.MINED, 2**64 - 1)]
        assert index.approval(MINE, ore, Origin.MINED) == Approval(MINE, ore, Origin.MINED, 2**64 - 1)
        assert index.approval(MINE, salt, Origin.MINED) is None


def test_minted_by_calendar_year(tmp_path: Path, world: World) -> None:
    ore = world.materials[0]
    for number, at in enumerate((1_704_067_199, 1_704_067_200, 1_704_067_201)):
        batch = id_of(FIRM, f"L{number}")
        args = (batch, FIRM, MINE, ore, 0, 10, 0, False, at, (0,) * 8, (), f"L{number}", ())
        world.emit(FIRM, LEDGER, "BatchMinted", args)
    with closed(world, tmp_path) as index:
        assert index.minted_in(MINE, ore, Origin.MINED, 2023) == 10
        assert index.minted_in(MINE, ore, Origin.MINED, 2024) == 20
        assert index.minted_in(MINE, ore, Origin.MINED, 2025) == 0


def test_batches_shipments_and_their_names(tmp_path: Path, world: World) -> None:
    first, second = world.mint(FIRM), world.mint(FIRM)
    world.ship([first], OTHER, outcome="received")
    world.ship([second], OTHER, outcome="open")
    with closed(world, tmp_path) as index:
        assert [batch.id for batch in index.batches()] == [first.id, second.id]
        assert [batch.id for batch in index.batches(custodian=OTHER)] == [first.id]
        assert [batch.id for batch in index.batches(state=BatchState.IN_TRANSIT)] == [second.id]
        assert index.batches(custodian=FIRM, state=BatchState.ACTIVE) == []
        assert index.batches(material=world.materials[2]) == []
        assert LedgerNames(index).batch(first.id) == f"firm-0/{first.identifier}"
        done, open_ = index.shipments()
        assert index.shipments(state=ShipmentState.OFFERED) == [open_]
        assert index.shipments(receiver=FIRM) == []
        assert index.shipments(sender=FIRM) == [done, open_]
        assert index.shipment(done.id) == done
        assert (done.state, done.batches) == (ShipmentState.RECEIVED, (first.id,))
        assert LedgerNames(index).shipment(done.id) == f"firm-0/{done.identifier}"


def test_history_and_edges(tmp_path: Path, world: World) -> None:
    lot = world.mint(FIRM)
    world.chain.seal()
    world.ship([lot], OTHER, outcome="received")
    world.chain.seal()
    world.split(lot)
    children = [item.id for item in world.lots.values() if item.id != lot.id]
    with closed(world, tmp_path) as index:
        history = index.history(lot.id)
        kinds = [type(item.event) for item in history]
        assert kinds == [BatchMinted, ShipmentOffered, ShipmentReceived, BatchSplit]
        assert [(item.block, item.log_index) for item in history] == [
            (item.block, item.log_index) for item in world.happenings[-4:]
        ]
        block = world.chain.mined[history[0].block]
        assert history[0].timestamp == block.ref.timestamp
        assert history[0].transaction_hash == block.transactions[history[0].transaction_index].hash
        assert index.history(lot.id, as_of=history[0].block) == history[:1]
        assert len(index.histories([lot.id], takes=False)[lot.id]) == 3
        assert [edge.child for edge in index.children(lot.id)] == children
        (edge,) = index.parents(children[0])
        assert (edge.parent, edge.block) == (lot.id, history[3].block)
        assert index.parents(lot.id) == []


def test_operations_are_counted_by_participant(tmp_path: Path, world: World) -> None:
    chain = world.chain
    world.emit(DEPLOYER, REGISTRY, "OperatorAdded", (FIRM, KEY_2, DEPLOYER))
    for sender in (FIRM, KEY_2, OTHER, DEPLOYER):
        chain.transact(sender, LEDGER, b"mint", [])
    chain.transact(FIRM, LEDGER, b"mint", [], succeeded=False)
    chain.transact(FIRM, LEDGER, b"ship", [])
    chain.transact(FIRM, REGISTRY, b"mint", [])
    chain.transact(FIRM, b"\x77" * 20, b"mint", [])
    world.emit(DEPLOYER, REGISTRY, "OperatorRevoked", (FIRM, KEY_2, DEPLOYER))
    with closed(world, tmp_path) as index:
        assert index.operation_count(FIRM, LEDGER, b"mint") == 2
        assert index.operation_count(FIRM, REGISTRY, b"mint") == 1
        assert index.operation_count(FIRM, b"\x77" * 20, b"mint") == 0
        assert index.operation_count(DEPLOYER, LEDGER, b"mint") == 1
        assert index.operation_count(FIRM, LEDGER, b"split") == 0
        asked = [(FIRM, LEDGER, b"mint"), (FIRM, b"\x77" * 20, b"mint"), (DEPLOYER, LEDGER, b"mint")]
        asked += [(FIRM, LEDGER, b"split"), (FIRM, LEDGER, b"mint"), (FIRM, REGISTRY, b"mint")]
        assert index.operation_counts(asked) == [2, 0, 1, 0, 2, 1]


def test_unknown_things_are_none(tmp_path: Path, world: World) -> None:
    with closed(world, tmp_path) as index:
        assert index.participant("nobody") is None
        assert index.participant_at(bytes(20)) is None
        assert index.participant_of_operator(bytes(20)) is None
        assert index.facility(FIRM, "nowhere") is None
        assert index.facility_by_id(1) is None
        assert LedgerNames(index).facility(1) == id_text(1)
        assert index.material("nothing") is None
        assert index.material_by_id(1) is None
        assert index.batch(2**256 - 1) is None
        assert LedgerNames(index).batch(1) == id_text(1)
        assert index.shipment(1) is None
        assert LedgerNames(index).shipment(1) == id_text(1)
        assert index.history(1) == ()
        assert index.parents(1) == index.children(1) == []


def test_many_histories_at_once(tmp_path: Path, world: World) -> None:
    world.run(600)
    with closed(world, tmp_path) as index:
        ids = list(world.lots)
        together = index.histories(ids)
        assert len(ids) > 500
        assert all(together[batch] == index.history(batch) for batch in ids[::40])
        events = [each for history in together.values() for each in history]
        places = {(each.block, each.transaction_index, each.log_index) for each in events}
        assert set(index.event_places(ids)) == places
        early = {place for place in places if place[0] <= 5}
        assert set(index.event_places(ids, as_of=5)) == early != places


def test_a_name_that_is_no_text_does_not_stop_the_index(tmp_path: Path, world: World) -> None:
    args = (7, FIRM, MINE, world.materials[0], 0, 10, 0, False, 1, (0,) * 8, (), "xx", ())
    topics, data = encode_event("BatchMinted", args)
    broken = data.replace(b"xx".ljust(32, b"\0"), b"\xff\x00".ljust(32, b"\0"))
    world.chain.transact(FIRM, LEDGER, b"", [(LEDGER, (topics, broken))])
    with closed(world, tmp_path) as index:
        assert LedgerNames(index).batch(7) == "firm-0/\\xff\x00"
