"""What is found by what somebody types, and lists of batches by what they are chosen by."""

from __future__ import annotations

import pytest

from tests.index.support import indexed
from tests.simulator import World
from traceledger.index import Index
from traceledger.index.listing_reader import Choice
from traceledger.index.search import Typed
from traceledger.index.words import Kind, beginnings, folded
from traceledger.model.batches import BatchState, Beginning


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    world = World(seed=5)
    for _ in range(12):
        world.mint()
    world.run(60)
    return indexed(tmp_path_factory.mktemp("search") / "i.db", world)


def found(index: Index, kind: Kind, typed: str, most: int = 20) -> list[bytes]:
    return index.search.named(kind, Typed.of(typed).text, most=most)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("KOL-2026-0117-A", "kol-2026"),
        ("KOL-2026-0117-A", "0117"),
        ("KOL-2026-0117-A", "117 a"),
        ("WBA00012345678901", "8901"),
        ("Jönköping Gjuteri", "JONKOPING"),
        ("钴矿石", "矿石"),
        ("Straße 4", "strasse"),
        ("urn:epc:id:sgtin:0614141.107346.2018", "107346"),
    ],
)
def test_a_name_is_found_by_any_part_of_it(name: str, typed: str) -> None:
    plain = folded(typed)
    assert any(word.lstrip("\x01").startswith(plain) for word in beginnings(name))


@pytest.mark.parametrize(
    "typed", ["", " ", "%", "_", "'", '"', "\\", "*", "\x00", "\ud800", "a" * 10**6, "' OR 1=1 --"]
)
def test_what_means_nothing_finds_nothing(index: Index, typed: str) -> None:
    for kind in Kind:
        assert found(index, kind, typed) == []


def test_the_whole_name_comes_first(index: Index) -> None:
    batches = index.batches()
    for batch in batches[:5]:
        ids = found(index, Kind.BATCH, batch.identifier)
        assert int.from_bytes(ids[0], "big") == batch.id


def test_companies_and_sites_are_found_from_any_letter_on(index: Index) -> None:
    company = index.participants()[0]
    assert company.address in found(index, Kind.PARTICIPANT, company.slug[2:])
    site = index.facilities()[0]
    assert site.id.to_bytes(32, "big") in found(index, Kind.FACILITY, site.identifier[3:])


def test_ids_hashes_and_keys_are_found_by_their_beginnings(index: Index) -> None:
    batch = index.batches()[3]
    digits = batch.id.to_bytes(32, "big")
    assert index.search.known(Kind.BATCH, digits, most=3) == [digits]
    assert index.search.known(Kind.BATCH, digits[:5], most=3) == [digits]
    company = index.participants()[1]
    assert index.search.known(Kind.PARTICIPANT, company.operators[0][:6], most=3) == [company.address]
    assert index.search.known(Kind.PARTICIPANT, bytes(32), most=3) == []
    first = index.history(batch.id)[0]
    assert index.search.transactions(first.transaction_hash, most=2)[0][1] == first.transaction_hash
    raw = index.many.log(*first.position)
    assert raw is not None
    assert index.search.blocks(raw.block_hash[:9], most=2) == [(first.block, raw.block_hash)]


@pytest.mark.parametrize("newest", [True, False])
def test_lists_hold_each_batch_once_in_order(index: Index, newest: bool) -> None:
    numbers: list[int] = []
    after = None
    while True:
        piece = index.listing.listed(Choice(), after=after, newest=newest, most=7)
        numbers += piece.numbers
        if piece.go_on is None:
            break
        after = piece.go_on
    listed = [item.id for item in index.many.batches_numbered(numbers)]
    made = [item.id for item in index.batches()]
    assert listed == (made[::-1] if newest else made)


@pytest.mark.parametrize("state", list(BatchState))
def test_a_choice_lists_what_the_batches_say(index: Index, state: BatchState) -> None:
    chosen = index.listing.listed(Choice(state=int(state)), most=500)
    ids = {item.id for item in index.many.batches_numbered(chosen.numbers)}
    assert ids == {item.id for item in index.batches(state=state)}
    assert index.listing.counts(Choice())["state"].get(int(state), 0) == len(ids)


def test_counts_are_of_all_else_that_is_chosen(index: Index) -> None:
    maker = index.listing.number_of(index.participants()[0].address)
    counts = index.listing.counts(Choice(maker=maker, state=int(BatchState.ACTIVE)))
    for origin, count in counts["origin"].items():
        choice = Choice(maker=maker, state=int(BatchState.ACTIVE), origin=origin)
        assert index.listing.total(choice) == count
        assert Beginning(origin).slug
    for other, count in counts["maker"].items():
        assert index.listing.total(Choice(maker=other, state=int(BatchState.ACTIVE))) == count


def test_troubles_are_counted_each(index: Index) -> None:
    counts = index.listing.counts(Choice())["trouble"]
    frozen = [item for item in index.batches() if item.frozen]
    assert counts.get(1, 0) == len(frozen)
