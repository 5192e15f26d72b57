"""Identifiers of companies and sites: check digits and shapes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceledger.errors import InputError
from traceledger.model.identifiers import SCHEMES, Identifier, checked, read

SOUND = [
    ("lei", "529900T8BM49AURSDO55", "529900T8BM49AURSDO55"),
    ("LEI", "5493 001K JTII GC8Y 1R12", "5493001KJTIIGC8Y1R12"),
    ("gln", "4 012345 00000 9", "4012345000009"),
    ("gln", "7300015200048", "7300015200048"),
    ("duns", "15-048-3782", "150483782"),
    ("bpn", "bpnl00000003crhk", "BPNL00000003CRHK"),
    ("bpn", "BPNS00000003CRHK", "BPNS00000003CRHK"),
    ("eori", "FI1234567-8", "FI12345678"),
    ("eori", "XI123456789000", "XI123456789000"),
    ("rmi", "CID 003226", "CID003226"),
    ("vat", "FI12345678", "FI12345678"),
    ("vat", "EL123456789", "EL123456789"),
    ("vat", "ATU12345678", "ATU12345678"),
    ("vat", "CHE-123.456.789 MWST", "CHE123456789MWST"),
    ("vat", "ZM1000000000", "ZM1000000000"),
    ("company-house", "sc123-4", "sc123-4"),
]


@pytest.mark.parametrize(("scheme", "written", "value"), SOUND)
def test_sound_ones_are_kept_without_separators(scheme: str, written: str, value: str) -> None:
    assert checked(scheme, written) == Identifier(scheme.lower(), value)
    assert checked(scheme, value).to_dict() == {"scheme": scheme.lower(), "value": value}


@pytest.mark.parametrize(
    ("scheme", "value", "words"),
    [
        ("lei", "529900T8BM49AURSDO56", "check digits"),
        ("lei", "529900T8BM49AURSD055", "check digits"),
        ("lei", "529900T8BM49AURSDO5", "another shape"),
        ("gln", "4012345000008", "check digits"),
        ("gln", "0000000000000", "check digits"),
        ("gln", "401234500000", "another shape"),
        ("gln", "\uff14012345000009", "another shape"),
        ("duns", "1504837820", "another shape"),
        ("bpn", "BPNX00000003CRHK", "another shape"),
        ("bpn", "BPNL0000003CRHK", "another shape"),
        ("eori", "UK123456789000", "did you mean GB"),
        ("eori", "DE", "another shape"),
        ("rmi", "CID12345", "another shape"),
        ("vat", "GR123456789", "EL"),
        ("vat", "DE12345678", "shape of a VAT number of DE"),
        ("vat", "ZZ12345678", "not the code of a country"),
        ("leis", "529900T8BM49AURSDO55", "did you mean lei"),
        ("CID", "CID003226", "did you mean rmi"),
        ("", "1", "no scheme"),
        (7, "1", "no scheme"),
        ("lei", 7, "text"),
        ("lei", " ", "text"),
        ("other", "a\u202eb", "bidirectional"),
    ],
)
def test_what_cannot_be_one(scheme: object, value: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        checked(scheme, value)


@given(st.integers(0, 18), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_any_slip_of_a_letter_or_of_a_digit_of_a_lei_is_found(place: int, sign: str) -> None:
    lei = "529900T8BM49AURSDO55"
    slipped = lei[:place] + sign + lei[place + 1 :]
    if slipped != lei and sign.isdigit() == lei[place].isdigit():
        with pytest.raises(InputError):
            checked("lei", slipped)


@given(st.integers(0, 12), st.integers(0, 9))
def test_any_single_slip_in_a_gln_is_found(place: int, digit: int) -> None:
    gln = "7300015200048"
    slipped = gln[:place] + str(digit) + gln[place + 1 :]
    if slipped != gln:
        with pytest.raises(InputError):
            checked("gln", slipped)


def test_a_list_as_files_have_it() -> None:
    given = [{"scheme": "rmi", "value": "CID003226"}, {"scheme": "duns", "value": "150483782"}]
    assert read(given) == (Identifier("rmi", "CID003226"), Identifier("duns", "150483782"))
    assert read(read(given)) == read(given)
    for wrong in ("lei", {"scheme": "lei"}, [{"scheme": "lei"}], [*given, given[0]], given * 20, [given]):
        with pytest.raises(InputError):
            read(wrong)
    assert {"lei", "gln", "duns", "bpn", "eori", "rmi", "vat"} == set(SCHEMES)
