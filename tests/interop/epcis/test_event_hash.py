"""The event hash of CBV 2.0: the published vectors, and what must not change it."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from traceledger.errors import InputError
from traceledger.interop.epcis import documents
from traceledger.interop.epcis.contexts import KNOWN, Context
from traceledger.interop.epcis.event_hash import hashed, prehash
from traceledger.interop.epcis.events import Event

STALE = {
    ("epcisDocWithAllGS1Keys", 0),
    ("epcisDocWithCustomSchemaInContext", 1),
    ("epcisDocWithDefaultSchemaInContext", 1),
}
"""Published texts that do not hash to the published hash beside them."""
LATER, FIRST = (f"https://ref.gs1.org/standards/epcis/{part}epcis-context.jsonld" for part in ("", "2.0.0/"))
OWN = {"ext": "https://ns.example.com/epcis/", "tl": "urn:traceledger:epcis:1:"}


def _events(path: Path) -> list[Event]:
    read = documents.read(path.read_bytes(), path.name, answers=True).events
    return [each for each in read if isinstance(each, Event)]


def test_published_vectors(shared: Path) -> None:
    """All 19 documents, 39 events; and the texts that are hashed, where they are not stale."""
    events = 0
    for path in sorted((shared / "data/epcis/event-hash").glob("*.jsonld")):
        context = Context().extended(json.loads(path.read_text())["@context"], "")
        hashes = path.with_suffix(".hashes").read_text().split()
        texts = [line for line in path.with_suffix(".prehashes").read_text("utf-8").splitlines() if line]
        read = _events(path)
        assert [each.hash for each in read] == hashes, path.name
        for number, event in enumerate(read):
            events += 1
            if (path.stem, number) not in STALE and "IgnoreFields" not in path.stem:
                assert prehash(event.raw, context) == texts[number], path.name
    assert events == 39


SAMPLE: dict[str, Any] = {
    "type": "TransformationEvent",
    "eventTime": "2026-07-22T06:45:00.5+02:00",
    "eventTimeZoneOffset": "+02:00",
    "bizStep": "commissioning",
    "disposition": "in_progress",
    "persistentDisposition": {"set": ["completeness_verified", "conformant"]},
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.0", "ext:gate": "Tor \u00e4"},
    "inputEPCList": ["urn:epc:id:sgtin:4012345.011111.9876", "urn:epc:id:sgtin:4012345.011111.9877"],
    "outputQuantityList": [
        {"epcClass": "urn:epc:class:lgtin:4012345.012345.LOT1", "quantity": 12.50, "uom": "KGM"},
        {"epcClass": "urn:epc:class:lgtin:4012345.012345.LOT2", "quantity": 3, "uom": "KGM"},
    ],
    "bizTransactionList": [
        {"type": "po", "bizTransaction": "urn:epc:id:gdti:4012345.11111.123"},
        {"type": "inv", "bizTransaction": "https://example.com/invoice/7"},
    ],
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00000"}],
    "sensorElementList": [
        {
            "sensorMetadata": {"time": "2026-07-22T04:45:00Z"},
            "sensorReport": [
                {"type": "Temperature", "value": 26.0, "uom": "CEL"},
                {"type": "RelativeHumidity", "value": 40, "uom": "A93", "ext:by": "x"},
            ],
        }
    ],
    "ilmd": {"ext:grade": "A", "ext:tests": ["b", "a"]},
    "tl:emissions": {"tl:scope1": "40 t", "tl:scope2": "2 t"},
}
KEYS = {
    "urn:epc:id:sgln:4012345.00005.0": "https://shop.example/414/4012345000054",
    "urn:epc:id:sgtin:4012345.011111.9876": "https://id.gs1.org/01/04012345111118/10/LOT7/21/9876?17=271231",
    "urn:epc:class:lgtin:4012345.012345.LOT1": "https://id.gs1.org/gtin/4012345123456/lot/LOT1",
    "urn:epc:id:gdti:4012345.11111.123": "https://id.gs1.org/253/4012345111118123",
    "urn:epc:id:pgln:4012345.00000": "https://id.gs1.org/417/4012345000009",
}
PARTS = {
    **dict.fromkeys(("commissioning",), "BizStep-"),
    **dict.fromkeys(("in_progress", "completeness_verified", "conformant"), "Disp-"),
    **dict.fromkeys(("po", "inv"), "BTT-"),
    "owning_party": "SDT-",
}


def _hash(event: dict[str, Any], *contexts: Any) -> str:
    return hashed(event, Context().extended(list(contexts), ""))


def _retold(value: Any, chance: random.Random) -> Any:
    """The same in other words: keys in another order, lists too, identifiers and words in other notations."""
    match value:
        case dict():
            items = [(name, _retold(inner, chance)) for name, inner in value.items()]
            chance.shuffle(items)
            return dict(items)
        case list():
            return chance.sample([_retold(inner, chance) for inner in value], len(value))
        case str() if value in KEYS:
            return chance.choice((value, KEYS[value]))
        case str() if value in PARTS:
            part = PARTS[value] + value
            return chance.choice((value, f"cbv:{part}", f"https://ref.gs1.org/cbv/{part}"))
        case "Temperature" | "RelativeHumidity":
            return chance.choice((value, f"gs1:{value}"))
        case "2026-07-22T06:45:00.5+02:00":
            return chance.choice((value, "2026-07-22T04:45:00.500Z", "2026-07-22T01:15:00.5004-03:30"))
        case str():
            return chance.choice((value, f" {value}", f"{value} "))
        case _:
            return value


def test_the_same_in_other_words_has_the_same_hash() -> None:
    """Jumbled keys and lists, words and identifiers in all notations, other zones, what does not count."""
    chance, expected = random.Random(8), _hash(SAMPLE, FIRST, OWN)
    for _ in range(200):
        again = _retold({**SAMPLE, "eventID": f"urn:uuid:{chance.random()}", "rdfs:comment": "x"}, chance)
        again |= {
            "type": SAMPLE["type"],
            "eventTimeZoneOffset": "+02:00",
            "recordTime": "2026-08-01T00:00:00Z",
        }
        assert _hash(again, FIRST, OWN) == expected


def test_another_prefix_or_none_has_the_same_hash() -> None:
    """A namespace is what counts."""
    renamed = json.loads(
        json.dumps(SAMPLE).replace('"ext:', '"other:').replace('"tl:', '"urn:traceledger:epcis:1:')
    )
    assert _hash(renamed, FIRST, {"other": OWN["ext"]}) == _hash(SAMPLE, FIRST, OWN)


@pytest.mark.parametrize("name", [name for name in SAMPLE if name not in ("type", "eventTime")])
def test_every_field_counts(name: str) -> None:
    """Whatever is left out changes the hash."""
    assert _hash({**SAMPLE, name: None}, FIRST, OWN) != _hash(SAMPLE, FIRST, OWN)


def test_a_context_decides_what_a_measurement_is() -> None:
    """The GS1 Web Vocabulary moved between the contexts; both are known, and both agree on all else."""
    assert _hash(SAMPLE, FIRST, OWN) != _hash(SAMPLE, LATER, OWN)
    plain = {**SAMPLE, "sensorElementList": None}
    assert len({_hash(plain, each, OWN) for each in KNOWN}) == 1


@pytest.mark.parametrize(
    ("written", "text"),
    [
        *(
            (1, "1"),
            ("1.0", "1"),
            ("0012.50", "12.5"),
            ("+7", "7"),
            ("1e3", "1000"),
            ("-0.0", "0"),
            (True, "true"),
        ),
        *(
            ("1_0", "1_0"),
            ("nan", "nan"),
            ("Infinity", "Infinity"),
            ("\u0663", "\u0663"),
            (" \u00e4 b ", "\u00e4 b"),
        ),
        *(
            ("1e999999999", "1e999999999"),
            ("0.1000000000000000000000000000010", "0.100000000000000000000000000001"),
        ),
        ("https://id.gs1.org/01/04012345123457", "https://id.gs1.org/01/04012345123457"),
        ("urn:epcglobal:cbv:disp:active", "https://ref.gs1.org/cbv/Disp-active"),
        ("ext:not-a-name", "ext:not-a-name"),
    ],
)
def test_how_values_are_written(written: Any, text: str) -> None:
    """Numbers have one form, also where they are text; what only looks like one stays."""
    event = {"type": "ext:E", "ext:v": written}
    told = prehash(event, Context().extended(OWN, ""))
    assert told == f"eventType=https://ns.example.com/epcis/E{{https://ns.example.com/epcis/}}v={text}"


def test_a_namespace_that_nobody_declares_is_refused() -> None:
    """With where it may be declared."""
    event = {**SAMPLE, "foreign:field": 1}
    with pytest.raises(
        InputError, match=r"no @context declares the prefix of 'foreign:field'; it may be by https"
    ):
        _hash(event, FIRST, OWN, "https://example.com/context.jsonld")


def test_a_document_takes_only_others_fields_out_of_its_hashes() -> None:
    """Neither ours nor the standard's."""
    namespaces = {**OWN, "repository-x": "https://repository-x.example.com/"}
    ignored = ["ext:captureID", "tl:emissions", "tl:by", "action", "bizStep"]
    made = []
    for further in ({}, {"ext:captureID": "7"}, {"tl:by": "katanga"}, {"bizStep": "other"}):
        document = {
            **{"@context": [FIRST, namespaces], "type": "EPCISDocument", "schemaVersion": "2.0"},
            **{"creationDate": "2026-07-22T06:45:00Z", "repository-x:ignoreFields": ignored},
            "epcisBody": {"eventList": [{**SAMPLE, **further}]},
        }
        (event,) = documents.read(json.dumps(document).encode(), "a.json").events
        assert isinstance(event, Event)
        made.append(event.hash)
    assert made[0] == made[1] and len(set(made)) == 3
