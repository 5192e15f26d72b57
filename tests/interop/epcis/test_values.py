"""Times, words and contexts of events."""

from __future__ import annotations

from datetime import datetime

import pytest

from traceledger.errors import InputError
from traceledger.interop.epcis import times, vocabulary
from traceledger.interop.epcis.contexts import Context
from traceledger.interop.epcis.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-07-22T06:45:00Z", "2026-07-22T06:45:00.000Z"),
        ("2026-07-22t06:45:00.1z", "2026-07-22T06:45:00.100Z"),
        ("2026-07-22T06:45:00.1234+02:00", "2026-07-22T04:45:00.123Z"),
        ("2026-07-22T06:45:00.1235-14:00", "2026-07-22T20:45:00.124Z"),
        ("2026-12-31T23:59:59.9995Z", "2027-01-01T00:00:00.000Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z"),
        ("0099-01-01T00:00:00Z", "0099-01-01T00:00:00.000Z"),
    ],
)
def test_times(text: str, written: str) -> None:
    """Seconds are floored; milliseconds, which only the hash needs, are rounded half up."""
    read = times.read(text)
    assert read.written == written
    if not text.endswith("60Z"):
        clock = datetime.fromisoformat(text.upper().split(".")[0].rstrip("Z") + "+00:00")
        zone = text[-6:] if text[-6] in "+-" else "+00:00"
        shift = (int(zone[1:3]) * 3600 + int(zone[4:]) * 60) * (-1 if zone[0] == "-" else 1)
        assert read.seconds == int(clock.timestamp()) - shift


@pytest.mark.parametrize(
    "text",
    [
        *("", "now", "2026-07-22", "2026-07-22T06:45:00", "2026-07-22T24:00:00Z", "2026-02-30T00:00:00Z"),
        *(
            "2026-07-22 06:45:00Z",
            "2026-07-22T06:45:00+0200",
            "\u0662026-07-22T06:45:00Z",
            "0000-01-01T00:00:00Z",
        ),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00", "2026-07-22T06:45:61Z", "46039"),
    ],
)
def test_what_is_no_time(text: str) -> None:
    """It is said how one is written."""
    with pytest.raises(InputError, match="is no time"):
        times.read(text)


@pytest.mark.parametrize("kind", [each for each in Vocabulary if not each.is_web_vocabulary])
def test_each_word_has_four_notations(kind: Vocabulary) -> None:
    """Which are one."""
    for word in kind.words:
        part = f"{kind.part}{word}"
        notations = (
            word,
            f"cbv:{part}",
            f"https://ref.gs1.org/cbv/{part}",
            f"urn:epcglobal:cbv:{kind.urn}:{word}",
        )
        assert {vocabulary.read(each, kind) for each in notations} == {word}
        assert {vocabulary.address(each, kind) for each in notations} == {f"https://ref.gs1.org/cbv/{part}"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "cbv:BizStep-",
            "cbv:BizStep-nothing",
            "cbv:shipping",
            "cbv:Disp-active",
            "shipping ",
            "Shipping",
            "",
        ),
        *(
            "urn:epcglobal:cbv:disp:active",
            "urn:epcglobal:cbv:nothing",
            "https://ns.gs1.org/cbv/BizStep-x",
            "x y:z",
        ),
    ],
)
def test_what_is_no_word(text: str) -> None:
    """Nor anybody's own."""
    with pytest.raises(InputError, match="is no business step"):
        vocabulary.read(text, Vocabulary.BIZ_STEP)


def test_own_words_are_taken() -> None:
    """As they are."""
    for text in ("https://example.com/steps/leaching", "urn:x:leaching", "ext:leaching", "cbv:my_own_step"):
        assert vocabulary.read(text, Vocabulary.BIZ_STEP) == text


def test_contexts_build_on_each_other() -> None:
    """Inner ones add to outer ones, and take back."""
    outer = Context().extended({"a": "https://a.example/", "b": "a:b#", "colour": {"@id": "b:colour"}}, "")
    inner = outer.extended(
        [{"a": None, "@vocab": "https://v.example/"}, "https://c.example/context.jsonld"], ""
    )
    assert outer.expanded("b:c") == inner.expanded("b:c") == "https://a.example/b#c"
    assert outer.expanded("colour") == "https://a.example/b#colour"
    assert (outer.expanded("plain"), inner.expanded("plain")) == (None, "https://v.example/plain")
    assert inner.expanded("a:c") == "a:c" and inner.unknown == ("https://c.example/context.jsonld",)
    assert inner.extended(None, "") == Context()
