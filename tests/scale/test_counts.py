"""What may not grow with the ledger, counted: queries of a trace, bytes an event, reading of blocks."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.scale import asking
from tests.scale.making import SHAPES, make
from traceledger import provenance
from traceledger.declaration import declare
from traceledger.documents import graphs
from traceledger.documents import lineage as lineages
from traceledger.index import Index
from traceledger.interop.epcis.export import lineage
from traceledger.provenance import trace
from traceledger.provenance.stages import packaged
from traceledger.provenance.troubles import judged
from traceledger.reporting import collect

BYTES = 1200
"""An event, all together: raw logs, rows, indexes, seals."""
SIZES = {"wide": (3000, 6000)}
"""Both with all sites and materials in the lineage, whose names are asked for each; else 300 and 900."""
MOST = 80
"""Queries that a trace may ask, whatever was corrected upstream."""

MOST_OF_A_DECLARATION = 200
"""The same of a declaration, which also asks what is known of each company."""
MORE = 20
"""More of them, as a longer lineage may name more sites and companies, which are named one by one."""


def queries(work: Callable[[], Any]) -> int:
    """How many statements SQLite is given meanwhile."""

    def is_asked(_frame: Any, event: str, function: Any) -> bool:
        return event == "c_call" and getattr(function, "__name__", "").startswith("execute")

    return counted(work, is_asked)


def rows_read(work: Callable[[], Any]) -> int:
    """How many rows SQLite holds against their seals meanwhile."""

    def is_held_against(frame: Any, event: str, _: Any) -> bool:
        return event == "call" and frame.f_code.co_name == "_intact"

    return counted(work, is_held_against)


def counted(work: Callable[[], Any], counts: Callable[[Any, str, Any], bool]) -> int:
    """How many calls that count are made meanwhile."""
    found = 0

    def called(frame: Any, event: str, function: Any) -> None:
        nonlocal found
        found += counts(frame, event, function)

    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


def indexed(shape: str, size: int, folder: Path) -> tuple[Index, int]:
    """An index of a chain, and the batch to ask about."""
    chain, _ = make(shape, size)
    index = asking.indexed(chain, folder / f"{shape}-{size}.sqlite")
    return index, next(iter(asking.asked(chain).values()))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_trace_asks_as_often_however_long_the_lineage_is(shape: str, tmp_path: Path) -> None:
    counts = []
    for size in SIZES.get(shape, (300, 900)):
        index, batch = indexed(shape, size, tmp_path)
        with index:
            trace(index, batch)  # What is read once of an index, and kept, is read.
            counts.append(queries(lambda index=index, batch=batch: trace(index, batch)))  # type: ignore[misc]
    assert counts[0] == counts[1] <= MOST


@pytest.mark.parametrize("size", [100, 900])
def test_a_trace_asks_for_many_companies_at_once(size: int, tmp_path: Path) -> None:
    index, batch = indexed("suppliers", size, tmp_path)
    with index:
        assert queries(lambda: trace(index, batch)) <= MOST
        assert queries(lambda: judged(index, batch, records=True)) <= MOST


@pytest.mark.parametrize("size", [100, 900])
def test_a_lineage_is_named_with_few_questions(size: int, tmp_path: Path) -> None:
    index, batch = indexed("suppliers", size, tmp_path)
    with index:
        found = provenance.lineage(index, batch)
        assert queries(lambda: lineages.lineage(lineages.NamedLineage(found, index))) <= MOST
        assert queries(lambda: graphs.graph(found, index, packaged())) <= MOST


def test_what_a_report_is_made_of_does_not_grow_with_the_events(tmp_path: Path) -> None:
    found = []
    for size in (300, 900):
        index, _ = indexed("tree", size, tmp_path)
        with index:
            records = collect(index, packaged())
            found.append((len(records.emitted), len(records.produced), len(records.wasted)))
    assert found[0] == found[1]


def test_what_is_read_for_a_new_company_does_not_grow_with_the_others(tmp_path: Path) -> None:
    read = []
    for size in (100, 400):
        chain, ledger = make("suppliers", size)
        path = tmp_path / f"{size}.sqlite"
        read.append(rows_read(lambda chain=chain, path=path: asking.indexed(chain, path).close()))  # type: ignore[misc]
        read[-1] /= ledger.events
    assert read[1] <= 1.2 * read[0]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_declaration_asks_as_often_however_long_the_lineage_is(shape: str, tmp_path: Path) -> None:
    counts = []
    for size in SIZES.get(shape, (300, 900)):
        index, batch = indexed(shape, size, tmp_path)
        with index:
            declare(index, batch)
            counts.append(queries(lambda index=index, batch=batch: declare(index, batch)))  # type: ignore[misc]
    assert abs(counts[1] - counts[0]) <= MORE
    assert max(counts) <= MOST_OF_A_DECLARATION


@pytest.mark.parametrize("shape", ["tree", "tank", "comb", "mixed"])
def test_an_export_of_events_asks_as_often_however_many_there_are(shape: str, tmp_path: Path) -> None:
    counts = []
    for size in (300, 900):
        index, batch = indexed(shape, size, tmp_path)
        with index:
            counts.append(queries(lambda index=index, batch=batch: list(lineage(index, batch).text())))  # type: ignore[misc]
    # As of a declaration; a few hundred events and a thousand are read at once.
    assert abs(counts[1] - counts[0]) <= MORE
    assert max(counts) <= MOST_OF_A_DECLARATION


@pytest.mark.parametrize("shape", ["tree", "mixed"])
def test_an_event_takes_few_bytes_and_each_block_is_read_once(shape: str, tmp_path: Path) -> None:
    chain, ledger = make(shape, 3000)
    path = tmp_path / "index.sqlite"
    asking.indexed(chain, path).close()
    taken = sum(each.stat().st_size for each in tmp_path.glob("index.sqlite*"))
    assert taken / ledger.events <= BYTES
    assert set(chain.asked.values()) == {1}
    assert len(chain.asked) == chain.head().number + 1
