"""Steps in the index: those that a lineage's events tell, found with one question, and guarded."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.scale import asking
from tests.scale.making import make
from traceledger.errors import VerificationError
from traceledger.events import Position
from traceledger.index import Index
from traceledger.index.database import Database
from traceledger.index.disclosure import AS_RECORDED
from traceledger.index.schema import split_position
from traceledger.index.step_reader import StepReader
from traceledger.provenance.lineage import Direction, lineage
from traceledger.provenance.told import Told
from traceledger.walk import Minted

MOST_BYTES = 1_200


class Counting(Database):
    """A database that counts what is asked of it."""

    asked = 0

    def each(self, query: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """Counts."""
        self.asked += 1
        return super().each(query, values)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    chain, _ = make("mixed", 1_000)
    with asking.indexed(chain, tmp_path_factory.mktemp("mixed") / "i.db") as index:
        yield index


def test_a_lineage_costs_one_question_however_large(mixed: Index) -> None:
    database, sizes = Counting(mixed.database.path), set[int]()
    reader = StepReader(database, AS_RECORDED)
    for batch in mixed.batches()[::5]:
        key = reader.key(batch.id)
        assert key is not None
        for all_takes in (False, True):
            before = database.asked
            steps = [step.at for step, _ in reader.upstream(key, None, all_takes=all_takes)]
            assert database.asked == before + 1
            assert steps == sorted(steps, reverse=True)
            sizes.add(len(steps))
    assert max(sizes) > 20 * min(sizes)
    database.close()


def test_the_steps_are_those_that_the_events_tell(mixed: Index) -> None:
    """Kind by kind, of batches with all that they were made of; keys and places are numbered otherwise."""
    seen = set[type]()
    for batch in mixed.batches()[::20]:
        told = Told(lineage(mixed, batch.id, Direction.UP).told, mixed.facility_by_id)
        expected = {told.where(at): step for at, step in told.steps.items()}
        key = mixed.steps.key(batch.id)
        assert key is not None
        found = {
            Position(*split_position(step.at)): step
            for step, _ in mixed.steps.upstream(key, None, all_takes=True)
        }
        for place, step in expected.items():
            if place in found:
                assert type(found[place]) is type(step)
                seen.add(type(step))
    assert len(seen) > 5


def test_nothing_stands_there_that_came_later(mixed: Index) -> None:
    batch = mixed.batches()[-1]
    key = mixed.steps.key(batch.id)
    assert key is not None
    whole = [step for step, _ in mixed.steps.upstream(key, None, all_takes=True)]
    middle = whole[len(whole) // 2].at
    assert [step for step, _ in mixed.steps.upstream(key, middle, all_takes=True)] == []
    assert [step for step, _ in mixed.steps.upstream(key, whole[0].at + 1, all_takes=True)] == whole


def test_what_is_downstream_stands_once_and_in_order(mixed: Index) -> None:
    batch = max(mixed.batches(), key=lambda each: len(mixed.children(each.id)))
    key = mixed.steps.key(batch.id)
    assert key is not None
    down = [step.at for step in mixed.steps.downstream([key], None)]
    assert down == sorted(set(down))
    assert len(down) > len(mixed.children(batch.id)) > 2
    assert mixed.history(batch.id)[0].position == Position(*split_position(down[0]))


def changed(index: Index, folder: Path, statement: str) -> Database:
    """A copy that something else has changed, opened as if nobody had looked."""
    path = folder / "i.db"
    index.database.copy(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.create_function("intact", -1, lambda *_: 1, deterministic=True)
        connection.create_function("doubted", 0, lambda: 1, deterministic=True)
        connection.execute(statement)
        connection.commit()
    return Database(path, believed=True)


def test_a_changed_step_is_noticed_where_it_is_read(mixed: Index, tmp_path: Path) -> None:
    database = changed(mixed, tmp_path, "UPDATE step SET body = replace(body, '1', '2') WHERE kind = 1")
    with pytest.raises(VerificationError, match=r"index .*table step .*index verify"):
        list(StepReader(database, AS_RECORDED).upstream(1, None, all_takes=True))
    database.close()


@pytest.mark.parametrize(
    ("statement", "ask"),
    [
        ("DELETE FROM thing", lambda reader, _: reader.made([1])),
        ("DELETE FROM place", lambda reader, mint: reader.places()[mint.place]),
        ("DELETE FROM log", lambda reader, mint: reader.events([mint.at])),
    ],
)
def test_a_lost_row_is_noticed_where_it_is_named(
    mixed: Index, tmp_path: Path, statement: str, ask: Callable[[StepReader, Minted], object]
) -> None:
    database = changed(mixed, tmp_path, statement)
    reader = StepReader(database, AS_RECORDED)
    steps = [step for step, _ in reader.upstream(1, None, all_takes=True)]
    with pytest.raises(VerificationError, match="the index has lost"):
        ask(reader, next(step for step in steps if isinstance(step, Minted)))
    database.close()


@pytest.mark.parametrize("shape", ["tree", "mixed"])
def test_an_event_takes_little_space(tmp_path: Path, shape: str) -> None:
    """Everything together; a small file has many pages that are nearly empty, so it must be of some size."""
    chain, _ = make(shape, 2_000)
    path = tmp_path / "i.db"
    with asking.indexed(chain, path) as index:
        (events,) = index.database.one("SELECT count(*) FROM main.step") or (0,)
    assert path.stat().st_size / events < MOST_BYTES


def test_no_block_is_read_twice(tmp_path: Path) -> None:
    chain, _ = make("tree", 1_000)
    with asking.indexed(chain, tmp_path / "i.db") as index:
        index.sync(chain)
    assert set(chain.asked.values()) == {1}
