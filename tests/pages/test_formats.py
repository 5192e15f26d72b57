"""Numbers, dates and countries are written as CLDR says: Babel, which bakes the data, writes the same."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from babel import Locale, dates, numbers
from hypothesis import given
from hypothesis import strategies as st

from traceledger.languages import ENGLISH, LANGUAGES, Language
from traceledger.model import countries
from traceledger.model.units import format_mass
from traceledger.pages import formats

LOCALES = {"en": "en_GB", "zh-Hans": "zh_Hans"}
EACH = pytest.mark.parametrize("language", LANGUAGES, ids=[each.code for each in LANGUAGES])


def locale(language: Language) -> Locale:
    return Locale.parse(LOCALES.get(language.code, language.code))


@given(
    value=st.decimals(min_value=-(10**15), max_value=10**15, places=3), language=st.sampled_from(LANGUAGES)
)
def test_numbers(value: Decimal, language: Language) -> None:
    spoken = locale(language)
    # Of a pattern that it is given, Babel writes the minus as it stands there.
    expected = numbers.format_decimal(abs(value), "#,##0.###", locale=spoken)
    minus = spoken.number_symbols["latn"]["minusSign"] if value < 0 else ""
    assert formats.number(value, language) == minus + expected


@given(
    share=st.decimals(min_value=Decimal("0.001"), max_value=Decimal("0.999"), places=4),
    language=st.sampled_from(LANGUAGES),
)
def test_shares(share: Decimal, language: Language) -> None:
    pattern = numbers.parse_pattern(locale(language).percent_formats[None].pattern.replace("0", "0.#"))
    assert formats.percent(str(share), language) == pattern.apply(share, locale(language))


@given(
    seconds=st.integers(min_value=0, max_value=4_102_444_800),
    language=st.sampled_from(LANGUAGES),
)
def test_dates(seconds: int, language: Language) -> None:
    then = datetime.fromtimestamp(seconds, UTC)
    day = dates.format_date(then, "long", locale=locale(language))
    time = dates.format_time(then, "short", tzinfo=UTC, locale=locale(language))
    assert formats.date(seconds, language) == day
    assert formats.date(formats.iso(seconds), language) == day
    assert formats.moment(seconds, language).startswith(day)
    assert formats.moment(seconds, language).endswith(f"{time}\u00a0UTC")


@EACH
def test_countries(language: Language) -> None:
    assert all(formats.country(code, language) != code for code in countries.codes())
    assert formats.country("ZZ", language) == "ZZ"


@EACH
def test_a_time_that_no_calendar_has_is_shown_as_it_is(language: Language) -> None:
    assert formats.date(2**64 - 1, language) == formats.moment(2**64 - 1, language)
    assert formats.date("someday", language) == "someday"


def test_nothing_is_zero_without_a_unit() -> None:
    nothing = {formats.mass("0", ENGLISH), formats.co2e(0, ENGLISH), formats.per_kg(0, 10**6, ENGLISH)}
    assert nothing == {"0"}


@given(st.integers(min_value=1, max_value=2**64))
def test_masses_are_those_of_the_terminal(milligrams: int) -> None:
    shown = formats.mass(milligrams, ENGLISH).replace("\u00a0", " ").replace(",", "")
    exact = formats.mass(str(milligrams), ENGLISH, digits=None).replace("\u00a0", " ").replace(",", "")
    assert exact == format_mass(milligrams)
    assert shown in (format_mass(milligrams, digits=4), format_mass(int(Decimal(rounded(milligrams)))))


def rounded(milligrams: int) -> str:
    return f"{Decimal(milligrams):.3e}"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "0%"), (1e-15, "<0.1%"), (0.9999999, ">99.9%"), (1, "100%"), (1.0, "100%"), ("0.26", "26%")],
)
def test_nothing_and_all_are_only_what_is_nothing_and_all(share: float | str, shown: str) -> None:
    assert formats.percent(share, ENGLISH) == shown


def test_amounts_for_a_unit() -> None:
    assert formats.per_kg("11400", "1000000", ENGLISH) == "11.4\u00a0g\u00a0CO2e/kg"
    assert formats.per_unit("85200000000", 1000, "kWh", ENGLISH) == "85.2\u00a0kg\u00a0CO2e/kWh"
