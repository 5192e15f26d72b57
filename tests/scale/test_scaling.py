"""docs/scaling.md says what follows from the gas that is measured and the benchmarks that are published."""

from __future__ import annotations

from tests.bench import scaling


def test_tables_are_those_of_the_files_they_come_from() -> None:
    page = scaling.PAGE.read_text("utf-8")
    assert scaling.written(page) == page, "run python -m tests.bench.scaling"
