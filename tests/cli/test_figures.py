"""Numbers on a terminal are those of English pages, but for the blanks that a page writes otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceledger.cli import figures
from traceledger.languages import ENGLISH
from traceledger.pages import formats


@given(st.integers(min_value=1, max_value=10**18))
def test_masses_are_those_of_pages(milligrams: int) -> None:
    page = formats.mass(milligrams, ENGLISH).replace(formats.GAP, " ").replace(",", "")
    assert figures.mass(milligrams) == page


@given(st.floats(min_value=0, max_value=1))
def test_shares_are_those_of_pages(part: float) -> None:
    assert figures.share(part).replace(" ", "") == formats.percent(part, ENGLISH)


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "0 seconds"), (1, "1 second"), (3_600, "1 hour"), (86_400, "1 day")]
)
def test_one_is_one(seconds: int, told: str) -> None:
    assert figures.duration(seconds) == told


def test_a_change_has_its_sign() -> None:
    assert figures.share(0.00125, decimals=3, sign=True) == "+0.125 %"
    assert figures.share(-0.5, sign=True) == "-50 %"
