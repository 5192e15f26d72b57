"""Deep lineages, and sources that do not tell the truth (a proof file is such a source)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.events_only import EventsOnly
from tests.index.support import indexed
from tests.simulator import World
from traceledger.errors import VerificationError
from traceledger.events import RecordedEvent
from traceledger.index import Index
from traceledger.model.shares import SHARE_UNITS
from traceledger.provenance import Footprint, lineage, trace


class Told(EventsOnly):
    """A source that tells the given histories and takes all names from an index."""

    def __init__(self, index: Index, told: dict[int, tuple[RecordedEvent, ...]]) -> None:
        super().__init__(index)
        self.told = told

    def head_block(self) -> int | None:
        return self.index.head_block()

    def histories(
        self, batches: Sequence[int], *, as_of: int | None = None, takes: bool = True
    ) -> Mapping[int, tuple[RecordedEvent, ...]]:
        return {batch: self.told[batch] for batch in batches if batch in self.told}


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with indexed(tmp_path / "i.db", World(51, scale=1000).run(90)) as opened:
        yield opened


def told_by(index: Index) -> Told:
    ids = [batch.id for batch in index.batches()]
    return Told(index, index.histories(ids))


def deepest(index: Index) -> int:
    return max((batch.id for batch in index.batches()), key=lambda batch: trace(index, batch).events)


def test_what_a_source_tells_beyond_the_lineage_changes_nothing(index: Index) -> None:
    """The index leaves takes of upstream batches out; a source that tells them gets the same trace."""
    source = told_by(index)
    for batch in source.told:
        assert trace(source, batch) == trace(index, batch)


def test_a_history_without_its_start_is_refused(index: Index) -> None:
    batch = deepest(index)
    for other in lineage(index, batch).nodes:
        for change in ({other: ()}, {other: index.history(other)[1:]}):
            source = told_by(index)
            source.told |= change
            if other != batch:
                with pytest.raises(VerificationError):
                    trace(source, batch)


def lies(value: Any) -> Iterator[Any]:
    """The value with one number in it changed."""
    if isinstance(value, bool) or value is None:
        return
    if type(value) is int:
        yield from (value + 1, 0, 2**64 - 1)
    elif isinstance(value, tuple):
        yield from (value[:n] + value[n + 1 :] for n in range(len(value)))
        yield from ((*value[:n], lie, *value[n + 1 :]) for n, item in enumerate(value) for lie in lies(item))
    elif isinstance(value, dict):
        yield from ({**value, key: lie} for key, item in value.items() for lie in lies(item))
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from (replace(value, **{field.name: lie}) for lie in lies(getattr(value, field.name)))


def test_lies_are_refused_or_give_figures_that_sum(index: Index) -> None:
    batch, truth = deepest(index), told_by(index).told
    tried = refused = 0
    for other, node in list(lineage(index, batch).nodes.items())[-12:]:
        history = index.history(other)
        for place, item in enumerate((node.creation.at, *node.later)):
            for lie in lies(item.event):
                changed = (*history[:place], replace(item, event=lie), *history[place + 1 :])
                source = Told(index, {**truth, other: changed})
                tried += 1
                try:
                    require_sums(trace(source, batch).footprint)
                except VerificationError:
                    refused += 1
    assert tried > 300
    assert refused > 50


def require_sums(footprint: Footprint) -> None:
    for breakdown in (footprint.by_facility, footprint.by_process, footprint.by_scope):
        assert sum(breakdown.values()) == footprint.total_mg


def test_a_lineage_deeper_than_any_call_stack(tmp_path: Path) -> None:
    """1,200 transformations in a row: no recursion, and shares that sum to one however deep."""
    world = World(1, scale=10**12, companies=2)
    owner = next(iter(world.slugs))
    lot = world.mint(owner)
    for _ in range(1_200):
        before = set(world.lots)
        world.transform(owner, [lot, world.mint(owner)])
        made = [
            each for batch, each in world.lots.items() if batch not in before and "made" in each.identifier
        ]
        lot = max(made, key=lambda each: sum(each.substances.values()))
        world.add_emissions(lot)
        world.chain.seal()
    with indexed(tmp_path / "i.db", world) as index:
        found = trace(index, lot.id)
    assert found.batches > 2_000
    assert found.events > 3_000
    assert str(found)
    require_sums(found.footprint)
    for number in found.made_substances_mg:
        origins = [item for item in found.origins if item.substance == number]
        assert sum(item.share.units for item in origins) == SHARE_UNITS
        assert sum(item.mass_mg for item in origins) == found.substances_mg[number]
