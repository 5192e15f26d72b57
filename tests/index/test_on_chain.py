"""The index has of every batch exactly what the contracts have, whatever was done to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract_batch import as_contract, batch_of
from tests.lively import ACTIONS, Lively
from traceledger.artifacts.calls import decode_result, encode
from traceledger.model.batches import BatchState, Origin
from traceledger.model.ids import material_id
from traceledger.replay.custody import Custody, Remainder, remainder_after
from traceledger.replay.trail import trail_of


@pytest.fixture(scope="module")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lively]:
    world = Lively(tmp_path_factory.mktemp("lively"), seed=5)
    world.run(200)
    world.run_until_all_is_done(800)
    yield world
    world.close()


def test_batches_are_the_contracts(lively: Lively) -> None:
    batches = lively.index.batches()
    assert len(batches) > 40
    for batch in batches:
        assert as_contract(batch) == batch_of(lively.chain, lively.contracts.ledger, batch.id), batch


def test_everything_was_done_and_something_refused(lively: Lively) -> None:
    assert [name for name in ACTIONS if not lively.done[name]] == []
    assert sum(lively.refused.values()) > 20


def test_what_remains_follows_from_the_events_own_words(lively: Lively) -> None:
    """Who shows a batch as of a block replays nothing; one that is reversed is as it was just before."""
    for batch in lively.index.batches():
        made, *later = lively.index.history(batch.id)
        (new,) = (new for new in made.event.makes if new.batch == batch.id)
        left = Remainder(Custody(BatchState.ACTIVE, new.creator), new.mass_mg, new.substances_mg)
        for item in later:
            left = remainder_after(item.event, batch.id, left)
        assert (left.state, left.custodian) == (batch.state, batch.custodian)
        if batch.state is not BatchState.REVERSED:
            assert left.mass_mg == batch.mass_mg
            assert {n: mg for n, mg in left.substances_mg.items() if mg} == batch.substances_mg


def test_trails_follow_from_their_entries(lively: Lively) -> None:
    for batch in lively.index.batches():
        entries = lively.index.trail(batch.id)
        assert trail_of(entries) == batch.trail
        assert [arrival.entry for arrival in lively.index.arrivals(batch.id)] == list(entries[1:])


def test_minted_masses_are_the_contracts(lively: Lively) -> None:
    for name in ("mine", "recycler", "refinery"):
        for slug in ("ore", "car"):
            for origin in Origin:
                key = (lively.site(name), material_id(slug), int(origin), 2026)
                answer = lively.chain.call(lively.contracts.ledger, encode("BatchLedger", "mintedIn", *key))
                (on_chain,) = decode_result("BatchLedger", "mintedIn", answer)
                assert lively.index.minted_in(key[0], key[1], origin, 2026) == on_chain


def test_events_are_counted_as_they_are_listed(lively: Lively) -> None:
    for batch in lively.index.batches():
        assert batch.events == len(lively.index.history(batch.id))


def test_what_is_booked_balances(lively: Lively) -> None:
    """Rule 5: pools + losses = minted + booked, of each substance, however much was reversed."""
    minted: dict[int, int] = {}
    lost: dict[int, int] = {}
    for batch in lively.index.batches():
        for item in lively.index.history(batch.id):
            event = item.event
            if (
                lively.index.reversal(item.position) is not None
                and type(event).__name__ != "ShipmentReceived"
            ):
                continue
            _count(event, batch.id, minted, lost, lively, item)
    held = {
        number: sum(batch.substances_mg.get(number, 0) for batch in lively.index.batches())
        for number in minted
    }
    booked = {
        number: sum(
            each.booking.amount_mg for each in lively.index.bookings() if each.booking.substance == number
        )
        for number in minted
    }
    assert {n: held[n] + lost.get(n, 0) for n in minted} == {n: minted[n] + booked[n] for n in minted}


def _count(
    event: Any, batch: int, minted: dict[int, int], lost: dict[int, int], lively: Lively, item: Any
) -> None:
    match type(event).__name__:
        case "BatchMinted":
            _add(minted, event.substances_mg)
        case "Transformed" if event.outputs[0].batch == batch:
            _add(lost, event.losses_mg)
        case "ShipmentReceived":
            arrived = next(each for each in event.batches if each.batch == batch)
            if not _was_reversed(lively, item, batch):
                _add(lost, arrived.losses_mg)


def _was_reversed(lively: Lively, item: Any, batch: int) -> bool:
    later = [each for each in lively.index.history(batch) if type(each.event).__name__ == "ReceiptReversed"]
    return any(
        item.position in lively.index.reversed_at(each.position) for each in later if _named(each, batch)
    )


def _named(item: Any, batch: int) -> bool:
    return batch in item.event.batches


def _add(total: dict[int, int], masses: Any) -> None:
    for number, mass in masses.items():
        total[number] = total.get(number, 0) + mass
