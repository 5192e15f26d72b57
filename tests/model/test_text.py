"""Text on the ledger: what real names need is allowed, what acts on whatever shows it is not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceledger.cli.output import plain
from traceledger.errors import InputError
from traceledger.model.text import composed, fault_of, is_allowed, is_clean
from traceledger.operations.readers import description, identifier

REAL = [
    "\u0645\u0633\u200c\u0627\u06cc\u0631\u0627\u0646",
    "\u0915\u094d\u200d\u0937 \u0916\u0928\u093f\u091c",
    "住友\u3000金属鉱山",
    "Mines\u00a0du\u202fNord",
    "Société Générale des Carrières",
]
HOSTILE = {
    "\x00": "control",
    "\n": "control",
    "\x1b": "control",
    "\x7f": "control",
    "\x85": "control",
    "\x9b": "control",
    "\u2028": "control",
    "\u202e": "bidirectional",
    "\u202a": "bidirectional",
    "\u2066": "bidirectional",
    "\u200b": "nobody can see",
    "\ufeff": "nobody can see",
    "\U000e0041": "nobody can see",
}


@pytest.mark.parametrize("name", REAL)
def test_real_names_are_taken_and_shown_as_they_are(name: str) -> None:
    assert identifier(name) == description(name) == name
    assert plain(name) == name
    assert len(plain(name).splitlines()) == 1


@pytest.mark.parametrize("character", HOSTILE)
def test_what_acts_is_refused_by_number(character: str) -> None:
    with pytest.raises(InputError, match=HOSTILE[character]) as caught:
        identifier(f"LOT{character}1")
    assert f"U+{ord(character):04X}" in caught.value.what
    if character != "\n":
        assert character not in plain(f"LOT{character}1")


def test_one_name_however_it_is_typed() -> None:
    typed = unicodedata.normalize("NFD", "Société Kolwézi")
    assert typed != composed(typed) == identifier(typed) == "Société Kolwézi"


@given(st.text(max_size=20))
def test_the_parts_agree(text: str) -> None:
    assert is_clean(text) == (not fault_of(text)) == all(map(is_allowed, text))
    if is_clean(text):
        assert is_clean(composed(text))
        assert len(text.splitlines()) <= 1
