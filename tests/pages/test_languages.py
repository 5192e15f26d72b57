"""Which language a reader gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceledger.errors import InputError
from traceledger.languages import LANGUAGES, language, negotiate


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "en"),
        ("*", "en"),
        ("de", "de"),
        ("DE-at", "de"),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
        ("pt, nl;q=0.3, sv;q=0.4", "sv"),
        ("en;q=0, da;q=0.1", "da"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("zh-Hant-TW", "zh-Hans"),
        ("de;q=oops, sv", "sv"),
        ("de;q=nan, sv;q=0.5", "sv"),
        ("de;q=7", "en"),
    ],
)
def test_what_is_preferred(header: str, code: str) -> None:
    assert negotiate(header).code == code


@given(st.text())
def test_any_header_gives_a_language(header: str) -> None:
    assert negotiate(header) in LANGUAGES


def test_a_language_that_pages_do_not_have() -> None:
    with pytest.raises(InputError, match="nothing is written in 'tlh'"):
        language("tlh")
    assert language("ZH-hans").code == "zh-Hans"
