"""Text on the ledger: what real names need is allowed, what acts on whatever shows it is not."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceledger.cli.output import plain
from traceledger.errors import InputError
from traceledger.model.text import Surface, composed, escaped, fault_of, is_allowed, is_clean
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


UNSEEN = ["\u3164", "\u2800", "\u034f", "\u115f", "\ufe0f", "\u200c", "\u200d", "\U000e0100"]


@pytest.mark.parametrize("character", [*HOSTILE, *UNSEEN, "\t", "\r", "\ud800", "\ue000"])
@pytest.mark.parametrize("surface", [each for each in Surface if each is not Surface.JSON])
def test_what_acts_or_hides_is_shown_as_its_escape(character: str, surface: Surface) -> None:
    told = escaped(f"LOT{character}1", surface)
    assert told == f"LOT{character.encode('unicode_escape').decode()}1"


@pytest.mark.parametrize("name", [*REAL, "葛\U000e0100城", "Đặng", "C:\\lots", "[bold]x[/bold] :smile:"])
def test_real_names_are_left_alone(name: str) -> None:
    assert escaped(name) == name


@pytest.mark.parametrize("text", ["\u0338 x", "\u20dd", "KOL \u0338x", "=\u0338"])
def test_no_mark_settles_on_what_stands_before(text: str) -> None:
    assert not any(unicodedata.combining(each) or each == "\u20dd" for each in escaped(text))


def test_marks_do_not_climb_into_the_lines_above() -> None:
    assert sum(map(unicodedata.combining, escaped("a" + "\u0301" * 500))) <= 6 * 230


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe63"]
)
@pytest.mark.parametrize("before", ["", " ", "\u3000", "'", "a;", 'a,"', 'a"; '])
def test_a_spreadsheet_calculates_nothing(sign: str, before: str) -> None:
    assert escaped(f"{before}{sign}1", Surface.SPREADSHEET) == f"{before}'{sign}1"


def test_signs_within_a_name_are_left_alone() -> None:
    for name in ("KOL-1", "a=b", "x@y", "100 %"):
        assert escaped(name, Surface.SPREADSHEET) == name


def test_a_page_gets_no_tag_and_no_end_of_an_attribute() -> None:
    assert not set(escaped("<b a='x' c=\"y\">&amp;", Surface.PAGE).replace("&", "")) & set("<>'\"")
    assert escaped("&lt;", Surface.PAGE) == "&amp;lt;"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[a](https://x)", "\\[a\\](https://x)"),
        ("\\[a](b)", "\\\\\\[a\\](b)"),
        ("{0}", "{{0}}"),
        ("C:\\a", "C:\\a"),
    ],
)
def test_sarif_has_no_links_and_no_placeholders(text: str, told: str) -> None:
    assert escaped(text, Surface.SARIF) == told


@given(st.text(max_size=20))
def test_one_line_for_everyone(text: str) -> None:
    for surface in Surface:
        if surface is not Surface.JSON:
            assert len(escaped(text, surface).splitlines()) <= 1
    assert escaped(escaped(text)) == escaped(text)
    assert is_clean(escaped(text))


@given(st.dictionaries(st.text(), st.text()))
def test_a_document_stays_the_same_and_acts_on_nothing(document: dict[str, str]) -> None:
    for indent in (None, 2):
        told = escaped(json.dumps(document, ensure_ascii=False, indent=indent), Surface.JSON)
        assert json.loads(told) == document
        assert is_clean(told.replace("\n", ""))
