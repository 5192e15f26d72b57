"""What scripts/bench writes: ratios first, what is missed before all else, and curves."""

from __future__ import annotations

from pathlib import Path

from tests.bench import report, sections
from tests.bench.figures import RESULTS, Figure, Section, Size, saved
from tests.bench.scaling import PAGE


def test_what_is_published_is_what_was_measured(tmp_path: Path) -> None:
    report.write(tmp_path, saved(RESULTS), sections.TOLD)
    assert (tmp_path / "README.md").read_text("utf-8") == (RESULTS / "README.md").read_text("utf-8")
    drawn = {path.name for path in RESULTS.glob("*.svg")}
    assert {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.svg")} == {
        name: (RESULTS / name).read_text("utf-8") for name in drawn
    }
    assert PAGE.exists()


def test_ratios_stand_first_and_what_is_missed_before_all_else(tmp_path: Path) -> None:
    figures = [
        Figure("walk", size, 7.0 * size, "s", "a floor", 1.0 * size, "<= 6", more={"memory MB": 12.0})
        for size in (1000, 10_000)
    ]
    Section.of("trace", Size.FULL, figures).save(tmp_path)
    report.write(tmp_path, saved(tmp_path), sections.TOLD)
    page = (tmp_path / "README.md").read_text("utf-8")
    assert "- trace: walk, 1,000 events: 7 **!** (wanted <= 6)" in page.partition("## Traces")[0]
    assert "| 7 **!** | <= 6 | walk | 1,000 events | 7,000 s (7e+06 µs each) | a floor | 1,000 s |" in page
    assert "![Traces: cost each by size](trace.svg)" in page
    assert "walk: 7e+06 at 1,000, 7e+06 at 10,000" in (tmp_path / "trace.svg").read_text("utf-8")


def test_rates_are_wanted_high_and_costs_low() -> None:
    assert Figure("sent", 0, 70, "operations/s", "wanted", 60, ">= 1").holds
    assert Figure("sent", 0, 50, "operations/s", "wanted", 60, ">= 1").holds is False
    assert Figure("walk", 0, 5, "s", "floor", 1, "<= 6").holds
    assert Figure("walk", 0, 5, "s", "floor", 1).holds is None
