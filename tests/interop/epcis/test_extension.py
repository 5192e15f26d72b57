"""The terms of our own namespace: those of docs/epcis.md, written as they want it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.interop.epcis.test_hostile import OBJECT, document
from traceledger.interop.epcis import documents
from traceledger.interop.epcis.context import NAMESPACE, OWN, PATH
from traceledger.interop.epcis.events import Event, Refused
from traceledger.interop.epcis.terms import EMISSIONS, EVENT, LOT, RECORDS

PAGE = Path(__file__).parents[3] / "docs" / "epcis.md"


def _one(event: dict[str, Any], *contexts: Any) -> Event | Refused:
    more = {"@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld", *contexts]}
    (read,) = documents.read(json.dumps(document({**OBJECT, **event}, **more)).encode(), "a.json").events
    return read


def test_the_terms_are_those_of_the_page() -> None:
    """In the tables of events, and those of lots."""
    section = PAGE.read_text("utf-8").split("### Terms of events")[1].split("\n### What becomes")[0]
    rows = [line.split("|")[1:4] for line in section.splitlines() if line.startswith("| `tl:")]
    named = {name for row in rows for name in re.findall(r"`tl:(\w+)`", row[0])}
    inner = {name for row in rows for name in re.findall(r"`?\"?tl:(\w+)", row[2])}
    assert named - set(EVENT) == set()
    assert set(EVENT) - named - {"massTolerance", "substanceTolerance", "content", "tracked"} == set()
    assert inner - {*EMISSIONS, *RECORDS, *LOT, "uri", "sha256", "substance"} == set()


@pytest.mark.parametrize("context", [OWN, f"https://ledger.example{PATH}", {"tl": NAMESPACE}])
def test_what_is_said_is_read(context: Any) -> None:
    """By any context that declares the namespace."""
    lots = [{"tl:epc": OBJECT["epcList"][0], "tl:mass": "7 kg", "tl:pieces": 3, "tl:role": "input"}]
    said = {
        "tl:lots": lots,
        "tl:emissions": {"tl:scope1": "40 t CO2e"},
        "tl:losses": "balance",
        "tl:recycling": True,
    }
    read = _one(said, context)
    assert isinstance(read, Event)
    assert read.extension.terms == {
        "lots": [{"epc": OBJECT["epcList"][0], "mass": "7 kg", "pieces": 3, "role": "input"}],
        **{"emissions": {"scope1": "40 t CO2e"}, "losses": "balance", "recycling": True},
    }


def test_another_prefix_full_names_and_what_json_ld_wraps() -> None:
    """All mean the same."""
    read = _one(
        {
            "mine:evidence": {"mine:uri": {"@value": "https://a.example/b"}, "mine:sha256": "00"},
            f"{NAMESPACE}corrective": {"@list": ["katanga/KOL-2"]},
        },
        {"mine": NAMESPACE},
    )
    assert isinstance(read, Event)
    assert read.extension.terms == {
        "evidence": [{"uri": "https://a.example/b", "sha256": "00"}],
        "corrective": ["katanga/KOL-2"],
    }


def test_what_an_error_and_master_data_of_a_lot_say() -> None:
    """They have terms of their own."""
    declared = {"declarationTime": "2026-07-22T06:45:00Z", "tl:reason": "weighed twice"}
    read = _one({"action": "ADD", "ilmd": {"tl:material": "slag"}, "errorDeclaration": declared}, OWN)
    assert isinstance(read, Event) and read.error is not None
    assert read.error.extension.terms == {"reason": "weighed twice"}
    assert read.extension.ilmd == {"material": "slag"}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"tl:emisions": {}}, "/tl:emisions: our namespace has no term 'emisions' here (use tl:emissions)"),
        (
            {"tl:emissions": {"tl:scope4": "1 kg"}},
            "/tl:emissions/tl:scope4: our namespace has no term 'scope4'",
        ),
        (
            {"tl:emissions": {"scope1": "1 kg"}},
            "/scope1: 'scope1' is of no namespace (names inside of objects",
        ),
        ({"tl:emissions": {"tl:scope1": 40}}, "40 is not CO2e as text with a unit"),
        ({"tl:emissions": {"tl:scope1": "0.1 mg"}}, "finer than a milligram"),
        ({"tl:emissions": "40 t"}, "'40 t' is not an object"),
        ({"tl:mass": 7}, '/tl:mass: 7 is not text with a unit, such as "8400 kg"'),
        ({"tl:mass": "-7 kg"}, "/tl:mass: '-7 kg' is negative"),
        ({"tl:pieces": 1.5}, "/tl:pieces: 1.5 is not a whole number"),
        ({"tl:pieces": True}, "/tl:pieces: true is not a whole number"),
        ({"tl:origin": "recycled"}, "/tl:origin: 'recycled' is not one of mined, post_consumer"),
        ({"tl:lots": [{"tl:epc": 7}]}, "/tl:lots/0/tl:epc: 7 is not text"),
        ({"tl:private": "maybe"}, "/tl:private: 'maybe' is not true or false"),
        ({"tl:reason": ["a"]}, "/tl:reason: a list is not text"),
    ],
)
def test_what_is_said_wrong_is_refused(said: dict[str, Any], why: str) -> None:
    """At its place."""
    read = _one(said, OWN)
    assert isinstance(read, Refused) and why in read.sentence
