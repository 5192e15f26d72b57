"""Quantities, substances, ids, and the two arithmetic rules."""

from __future__ import annotations

from fractions import Fraction

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from traceledger.errors import InputError
from traceledger.model import ids
from traceledger.model.arithmetic import allocate, take
from traceledger.model.substances import MINERALS, number, symbol
from traceledger.model.units import MAX_MG, MG_PER_UNIT, format_mass, parse_co2e, parse_mass


@given(st.integers(0, MAX_MG))
def test_what_is_shown_reads_back(milligrams: int) -> None:
    assert parse_mass(format_mass(milligrams)) == milligrams
    assert parse_co2e(format_mass(milligrams) + " CO2e") == milligrams
    assert parse_mass(milligrams) == milligrams


@given(st.integers(0, MAX_MG), st.sampled_from(list(MG_PER_UNIT)), st.integers(0, 3))
def test_every_unit(milligrams: int, unit: str, spaces: int) -> None:
    exact = Fraction(milligrams, MG_PER_UNIT[unit])
    digits = f"{int(exact)}.{int((exact % 1) * 10**9):09d}"
    assert parse_mass(f"{digits}{' ' * spaces}{unit}") == milligrams


@given(st.integers(1, MAX_MG), st.integers(1, 6))
def test_rounded_for_display(milligrams: int, digits: int) -> None:
    number_, unit = format_mass(milligrams, digits=digits).split()
    shown = Fraction(number_) * MG_PER_UNIT[unit]
    assert abs(shown - milligrams) <= Fraction(milligrams) * 5 / 10**digits
    assert "E" not in number_


@pytest.mark.parametrize(
    ("text", "milligrams"),
    [
        ("3.5 t", 3_500_000_000),
        ("1200 kg", 1_200_000_000),
        ("250g", 250_000),
        ("  7 mg ", 7),
        ("0 t", 0),
        ("1.50 mg", None),
        ("0.000000001 t", 1),
        ("1.000 mg", 1),
        ("+2 kg", 2_000_000),
    ],
)
def test_examples(text: str, milligrams: int | None) -> None:
    if milligrams is None:
        with pytest.raises(InputError, match="finer than a milligram"):
            parse_mass(text)
    else:
        assert parse_mass(text) == milligrams


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("5", "is not a mass"),
        ("kg", "is not a mass"),
        ("", "is not a mass"),
        ("5 stone", "unknown unit 'stone'"),
        ("5 KG", "unknown unit 'KG'"),
        ("5 Mt", "unknown unit"),
        ("5 µg", "is not a mass|unknown unit"),
        ("-5 kg", "negative"),
        (-1, "negative"),
        ("0.0001 g", "finer than a milligram"),
        ("1e3 kg", "is not a mass"),
        ("1,5 kg", "is not a mass"),
        ("1 000 kg", "is not a mass"),
        ("NaN kg", "is not a mass"),
        ("inf t", "is not a mass"),
        ("٣ kg", "is not a mass"),
        ("5 kg CO2e", "is not a mass"),
        ("5 kg kg", "is not a mass"),
        ("5 kg\n6 kg", "is not a mass"),
        ("9" * 100 + " kg", "is not a mass"),
        (MAX_MG + 1, "too large"),
        ("72057594037927936 mg", "too large"),
        ("100000000 t", "too large"),
        (1.5, "text with a unit"),
        (float("nan"), "text with a unit"),
        (True, "text with a unit"),
        (None, "text with a unit"),
        (["5 kg"], "text with a unit"),
        ({"kg": 5}, "text with a unit"),
    ],
)
def test_what_is_no_mass(value: object, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        parse_mass(value)  # type: ignore[arg-type]
    assert caught.value.hint
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(("sign", "reason"), [(1, "too large"), (-1, "negative")])
def test_an_integer_too_long_to_be_written_out(sign: int, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        parse_mass(sign * 10**5000)


@given(st.text(max_size=40))
def test_no_text_is_anything_but_a_mass_or_an_error(text: str) -> None:
    try:
        assert 0 <= parse_mass(text) <= MAX_MG
    except InputError as error:
        assert error.what


@given(st.integers(0, 2**56), st.integers(1, 2**56), st.integers(0, 2**56))
def test_take(pool: int, whole: int, part: int) -> None:
    part = min(part, whole)
    taken = take(pool, part=part, whole=whole)
    assert taken == int(Fraction(pool) * part / whole)
    assert take(pool, part=whole, whole=whole) == pool


@given(st.integers(0, 2**60), st.lists(st.integers(1, 2**64 - 1), min_size=1, max_size=20))
def test_allocate(total: int, weights: list[int]) -> None:
    shares = allocate(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(total) * weight / sum(weights)) < 1


@given(st.binary(min_size=20, max_size=20), st.text(max_size=80).filter(lambda text: text.isprintable()))
def test_ids_are_the_contracts(owner: bytes, identifier: str) -> None:
    expected = int.from_bytes(keccak(encode(["address", "string"], [owner, identifier])), "big")
    owned = (ids.batch_id, ids.facility_id, ids.shipment_id, ids.transformation_id)
    derivations = (*owned, ids.emissions_record_id)
    assert {derive(owner, identifier) for derive in derivations} == {expected}
    assert ids.material_id(identifier) == int.from_bytes(keccak(identifier.encode())[:5], "big")


def test_substances_read_back() -> None:
    for known in [*range(1, 119), *MINERALS]:
        assert number(symbol(known)) == known
        assert number(symbol(known).upper()) == known
    assert (number("Cobalt"), number(" mica "), number("aluminum"), number("Al")) == (27, 1000, 13, 13)
    assert symbol(4711) == "#4711"


@pytest.mark.parametrize("name", ["", "Kryptonite", "27", "C o", "#4711"])
def test_unknown_substances(name: str) -> None:
    with pytest.raises(InputError, match="unknown substance") as caught:
        number(name)
    assert caught.value.hint


def test_a_near_miss_is_suggested() -> None:
    with pytest.raises(InputError, match="did you mean Co"):
        number("cobolt")
