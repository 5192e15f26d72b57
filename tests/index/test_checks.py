"""Events that contradict the ones before them stop the index, with batch and block named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.index.support import open_index
from tests.simulator import COBALT, LEDGER, REGISTRY, World, address_of, id_of
from traceledger.errors import VerificationError
from traceledger.index import Index
from traceledger.replay import year_of

FIRM, OTHER = address_of("firm-0"), address_of("firm-1")
FACILITY = id_of(FIRM, "firm-0-mine")
LOT = id_of(FIRM, "LOT")
NONE = (0,) * 8
NOBODY, TAG = bytes(20), bytes(32)


def minted(world: World, *, emissions: tuple[int, ...] = (70, 20, 10, 50), mass: int = 1_000) -> None:
    """A lot of 1,000 mg with 301 mg cobalt and 100 mg CO2e."""
    args = (LOT, FIRM, FACILITY, world.materials[0], 0, mass, 0, False, 1_700_000_000, gases(*emissions))
    world.emit(FIRM, LEDGER, "BatchMinted", (*args, ((COBALT, 301),), "LOT", ()))


def gases(*scopes: int) -> tuple[int, ...]:
    """Three scopes and their primary part; no other parts."""
    return (*scopes, 0, 0, 0, 0)


def taken(batch: int, mass: int, *, own: int, primary: int, cobalt: int) -> tuple[Any, ...]:
    return (batch, mass, own, 0, primary, ((COBALT, cobalt),))


def split(share: tuple[Any, ...]) -> tuple[Any, ...]:
    return (LOT, FIRM, 1, (("A", share),), ())


def offered(*batches: Any) -> tuple[Any, ...]:
    return (1, FIRM, OTHER, NOBODY, 0, 1, gases(3, 0, 4, 2), *batches, "S", ())


def added(batch: int, emissions: tuple[int, ...], own: int) -> tuple[Any, ...]:
    return (batch, FIRM, 1, emissions, own, "", "storage", ())


def made(world: World, *, own: int = 9, inherited: int = 50, primary: int = 31, cobalt: int = 150) -> Any:
    return (
        id_of(FIRM, "M"),
        world.materials[1],
        *(400, 0, 400, False, False, own, inherited, primary),
        ((COBALT, cobalt),),
        "M",
    )


def transformed(output: tuple[Any, ...], *, losses: Any = (), emissions: Any = (9, 0, 0, 6)) -> Any:
    inputs = (taken(LOT, 500, own=50, primary=25, cobalt=150),)
    plant = id_of(FIRM, "firm-0-plant")
    return (1, FIRM, plant, 1, False, 0, gases(*emissions), inputs, (output,), losses, "RUN", "refining", ())


def synced(world: World, path: Path) -> Index:
    world.chain.seal()
    index = open_index(path, world.chain)
    index.sync(world.chain)
    return index


A = id_of(FIRM, "A")
GOOD: dict[str, Any] = {
    "BatchSplit": split(taken(A, 333, own=33, primary=16, cobalt=100)),
    "ShipmentOffered": offered(((LOT, 1_000, 107),)),
    "EmissionsAdded": added(LOT, gases(1, 2, 3, 0), 106),
    "BatchRetired": (LOT, FIRM, 1, 1, "sold", ()),
    "ErrorDeclared": (LOT, FIRM, False, True, 0, 1, (), ()),
}
BAD: list[tuple[str, Any]] = [
    ("BatchSplit", split(taken(A, 333, own=34, primary=16, cobalt=100))),
    ("BatchSplit", split(taken(A, 333, own=33, primary=17, cobalt=100))),
    ("BatchSplit", split(taken(A, 333, own=33, primary=16, cobalt=101))),
    ("BatchSplit", split(taken(A, 1_001, own=100, primary=50, cobalt=301))),
    ("BatchSplit", split(taken(A, 0, own=0, primary=0, cobalt=0))),
    ("BatchSplit", split(taken(LOT, 333, own=33, primary=16, cobalt=100))),
    ("ShipmentOffered", offered(((LOT, 1_000, 108),))),
    ("ShipmentOffered", offered(((LOT, 999, 107),))),
    ("ShipmentOffered", offered(())),
    ("EmissionsAdded", added(LOT, gases(1, 2, 3, 0), 107)),
    ("EmissionsAdded", added(99, NONE, 0)),
    ("BatchRetired", (99, FIRM, 1, 1, "sold", ())),
    ("ErrorDeclared", (99, FIRM, False, True, 0, 1, (), ())),
    ("ShipmentReceived", (1, OTHER, 1, ((LOT, 1_000, 0, ()),), TAG, ())),
    ("ShipmentRejected", (1, OTHER, 1, "no", (LOT,), TAG, ())),
]


@pytest.mark.parametrize("name", sorted(GOOD))
def test_events_that_agree_are_indexed(tmp_path: Path, name: str) -> None:
    world = World()
    minted(world)
    world.emit(FIRM, LEDGER, name, GOOD[name])
    with synced(world, tmp_path / "i.db") as index:
        assert index.status().block == world.chain.head().number


@pytest.mark.parametrize(("name", "args"), BAD)
def test_events_that_disagree_stop_the_index(tmp_path: Path, name: str, args: Any) -> None:
    world = World()
    minted(world)
    world.emit(FIRM, LEDGER, name, args)
    with pytest.raises(VerificationError, match=r"block 2, log 3"):
        synced(world, tmp_path / "i.db")
    with open_index(tmp_path / "i.db", world.chain) as index:
        assert index.status().block is None
        assert index.batches() == []


def test_the_batch_is_named(tmp_path: Path) -> None:
    world = World()
    minted(world)
    world.emit(FIRM, LEDGER, *("EmissionsAdded", added(LOT, gases(1, 2, 3, 0), 107)))
    with pytest.raises(VerificationError, match=f"0x{LOT:064x}.*107.*106"):
        synced(world, tmp_path / "i.db")


def test_outputs_and_losses_that_agree(tmp_path: Path) -> None:
    world = World()
    minted(world)
    world.emit(FIRM, LEDGER, "Transformed", transformed(made(world, cobalt=149), losses=((COBALT, 1),)))
    with synced(world, tmp_path / "i.db") as index:
        batch = index.batch(id_of(FIRM, "M"))
        assert batch is not None
        assert (batch.own_mg, batch.inherited_mg, batch.primary_mg) == (9, 50, 31)


@pytest.mark.parametrize(
    "change", [{"own": 8}, {"inherited": 51}, {"primary": 30}, {"cobalt": 151}, {"cobalt": 149}]
)
def test_outputs_that_disagree_stop_the_index(tmp_path: Path, change: dict[str, int]) -> None:
    world = World()
    minted(world)
    world.emit(FIRM, LEDGER, "Transformed", transformed(made(world, **change)))
    with pytest.raises(VerificationError, match="block 2"):
        synced(world, tmp_path / "i.db")


@pytest.mark.parametrize(
    ("arrived", "lost", "agrees"), [(900, 30, True), (900, 31, False), (1_001, 0, False)]
)
def test_losses_on_arrival(tmp_path: Path, arrived: int, lost: int, agrees: bool) -> None:
    world = World()
    minted(world)
    world.emit(FIRM, LEDGER, "ShipmentOffered", GOOD["ShipmentOffered"])
    args = (1, OTHER, 1, ((LOT, arrived, 1, ((COBALT, lost),)),), TAG, ())
    world.emit(OTHER, LEDGER, "ShipmentReceived", args)
    if not agrees:
        with pytest.raises(VerificationError, match="block 2"):
            synced(world, tmp_path / "i.db")
        return
    with synced(world, tmp_path / "i.db") as index:
        batch = index.batch(LOT)
        assert batch is not None
        assert (batch.mass_mg, batch.own_mg, batch.substances_mg) == (900, 107, {COBALT: 271})


def test_a_quantity_too_large_for_any_batch_is_refused(tmp_path: Path) -> None:
    world = World()
    minted(world, emissions=(2**63, 0, 0, 0))
    with pytest.raises(VerificationError, match="no batch can hold"):
        synced(world, tmp_path / "i.db")


def test_malformed_data_names_its_block(tmp_path: Path) -> None:
    world = World()
    minted(world)
    logs = world.chain.logs
    logs[-1] = type(logs[-1])(LEDGER, logs[-1].topics, logs[-1].data[:-32], logs[-1].transaction_index, 3)
    with pytest.raises(VerificationError, match=r"block 2, log 3, BatchMinted: malformed"):
        synced(world, tmp_path / "i.db")


def test_events_of_strangers_are_ignored(tmp_path: Path) -> None:
    """A ledger event from the registry's address, or any event from a third contract, means nothing."""
    world = World()
    before = len(world.chain.mined)
    stranger = b"\x77" * 20
    minted(world)
    mint = world.chain.logs[-1]
    wrong = [(REGISTRY, (mint.topics, mint.data)), (stranger, (mint.topics, mint.data))]
    world.chain.logs.clear()
    world.chain.transact(FIRM, REGISTRY, b"", wrong)
    with synced(world, tmp_path / "i.db") as index:
        assert index.batches() == []
        assert index.status().block == before


@given(st.integers(0, 2**64 - 1))
def test_years_of_any_time(timestamp: int) -> None:
    year = year_of(timestamp)
    assert start_of(year) <= timestamp < start_of(year + 1)


def start_of(year: int) -> int:
    """Seconds from 1970 to the start of a Gregorian year, counted by leap years."""

    def leaps(until: int) -> int:
        return until // 4 - until // 100 + until // 400

    return ((year - 1970) * 365 + leaps(year - 1) - leaps(1969)) * 86_400
