"""Documents that are foreign, broken, huge or meant to break the reader: each is answered by a sentence."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.interop.epcis.damage import damaged
from traceledger.errors import InputError
from traceledger.interop.epcis import documents
from traceledger.interop.epcis.events import Capture, Event, Refused

CONTEXT = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"
KEY = "urn:epc:id:sgtin:4012345.011111.9876"
SAID = {"eventTime": "2026-07-22T06:45:00+02:00", "eventTimeZoneOffset": "+02:00"}
OBJECT: dict[str, Any] = {"type": "ObjectEvent", "action": "OBSERVE", **SAID, "epcList": [KEY]}
PARENT = {"type": "AggregationEvent", "action": "ADD", **SAID, "childEPCs": [KEY]}
RUN = {"type": "TransformationEvent", **SAID, "transformationID": "urn:x:run:7", "inputEPCList": [KEY]}
DEEP = "[" * 100_000


def document(*events: Any, **more: Any) -> dict[str, Any]:
    return {
        **{"@context": [CONTEXT, {"ext": "https://ns.example.com/"}], "type": "EPCISDocument"},
        **{
            "schemaVersion": "2.0",
            "creationDate": "2026-07-22T06:45:00Z",
            "epcisBody": {"eventList": events},
        },
        **more,
    }


def read(*events: Any, **more: Any) -> Capture:
    return documents.read(json.dumps(document(*events, **more)).encode(), "a.json")


def told(event: Any, **more: Any) -> str:
    (one,) = read(event, **more).events
    return "" if isinstance(one, Event) else one.sentence


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b" \n\t", "it is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not UTF-8"),
        (b"PK\x03\x04\x14\0", "not JSON"),
        ("\ufeff<a/>".encode(), "it is XML"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b"true", "no document of EPCIS"),
        (b"{}", "/type: it is no document of EPCIS"),
        (b'{"type": 7}', "/type: it is no document of EPCIS"),
        (b'{"type": "EPCISDocument"', "not JSON"),
        (b'{"type": "EPCISDocument", "type": "ObjectEvent"}', "'type' is given twice"),
        (b'{"type": "EPCISDocument", "x": NaN}', "not JSON"),
        (b'{"type": "EPCISDocument", "x": 1e99999999999}', "has more than 1000 digits"),
        (b'{"type": "EPCISDocument", "x": 1.' + b"1" * 5000 + b"}", "has more than 1000 digits"),
        (b'{"type": "EPCISDocument", "x": 1' + b"1" * 5000 + b"}", "not JSON"),
        (b'{"type": "EPCISDocument", "x": "\\ud800"}', "not JSON"),
        (b'{"type": "EPCISDocument"}', "'@context' is missing"),
        (DEEP.encode(), "not JSON: recursion limit"),
        (b'{"type":' * 300, "not JSON: recursion limit"),
        (b"[" + b"{}," * 20_000 + b"{}]", "more than 20000 events"),
        (b" " * (2**25 + 1), "33554433 bytes are too many"),
    ],
)
def test_what_is_no_document(content: bytes, why: str) -> None:
    """Named for what it is, in a line."""
    with pytest.raises(InputError, match=r"a\.json") as error:
        documents.read(content, "a.json")
    assert why in error.value.sentence and len(error.value.sentence) < 300


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"schemaVersion": "1.2"}, "/schemaVersion: version '1.2' of EPCIS is not read"),
        ({"schemaVersion": "2.x"}, "/schemaVersion"),
        ({"creationDate": "yesterday"}, "/creationDate: 'yesterday' is no time"),
        ({"@context": [7]}, "/@context: a context is an address"),
        ({"@context": [CONTEXT, {"ext": None}], "ext:a": 1, "x": 1}, "/x: 'x' is no field"),
        (
            {"@context": {f"p{i}": "https://x.example/" for i in range(1001)}},
            "/@context: contexts define too many",
        ),
        ({"@context": [CONTEXT, {"ext": 7}]}, "/@context: 'ext' stands for no address"),
        ({"epcisBody": {"eventList": {}}}, "/epcisBody/eventList: an object is not a list"),
        ({"ext:a": json.loads("[" * 110 + "]" * 110)}, "a.json: it nests more than 100 deep"),
        ({"note": "x"}, "/note: 'note' is no field of EPCIS 2.0 here"),
        (
            {"epcisHeader": {"epcisMasterData": {"vocabularyList": [{}]}}},
            "vocabularyList/0: the field 'type'",
        ),
        ({"type": "EPCISQueryDocument"}, "/type: it is the answer to a query"),
    ],
)
def test_what_an_envelope_says_wrong(more: dict[str, Any], why: str) -> None:
    """With the place in it."""
    with pytest.raises(InputError) as error:
        read(OBJECT, **more)
    assert why in error.value.sentence


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (7, "7 is not an object"),
        ({**OBJECT, "type": "ObjectEventInvalid"}, "/type: 'ObjectEventInvalid' is no absolute URI"),
        ({**OBJECT, "epcList": ["KOL-1"]}, "/epcList/0: 'KOL-1' is no absolute URI"),
        (
            {**OBJECT, "epcList": ["https://id.gs1.org/01/04012345111119"]},
            "the check digit of 04012345111119",
        ),
        ({**OBJECT, "readPoint": {"id": "urn:epc:id:sgln:4012345.00005"}}, "/readPoint/id:"),
        ({**OBJECT, "epcList": [KEY, KEY]}, "/epcList: it lists the same twice"),
        ({**OBJECT, "quantityList": [{"epcClass": KEY, "quantity": "7"}]}, "/quantity: '7' is not a number"),
        ({**OBJECT, "quantityList": [{"epcClass": KEY, "uom": "kg"}]}, "/uom: a unit is a code of"),
        ({**OBJECT, "eventTime": "2026-07-22T06:45:00"}, "is no time"),
        ({**OBJECT, "eventTime": "2026-02-30T06:45:00Z"}, "is no time"),
        ({**OBJECT, "eventTime": "0000-01-01T00:00:00Z"}, "is no time"),
        ({**OBJECT, "eventTime": 1784695500}, "1784695500 is not text"),
        (
            {**OBJECT, "eventTimeZoneOffset": "+2:00"},
            "an offset of clocks from UTC is written such as +02:00",
        ),
        ({**OBJECT, "bizStep": "urn:epcglobal:cbv:bizstep:shipping"}, "in JSON write 'shipping'"),
        (
            {**OBJECT, "bizStep": "cbv:BizStep-shiping"},
            "no business step of CBV 2.0 (use a word of it, such as",
        ),
        ({**OBJECT, "bizStep": "https://ref.gs1.org/cbv/Disp-active"}, "is no business step"),
        ({**OBJECT, "bizStep": None}, "null is no business step"),
        (
            {**OBJECT, "ilmd": {"ext:a": 1}},
            "/0: it has ilmd, which only an event with the action ADD may have",
        ),
        ({**OBJECT, "ext:a": json.loads("[" * 110 + "]" * 110)}, "/0: it nests more than 100 deep"),
        ({**OBJECT, "type": [[]]}, "/type: a list is not text"),
        ({**OBJECT, "foreign:a": 1}, "no @context declares the prefix of 'foreign:a'"),
        ({**OBJECT, "sourceList": [{"type": "owning_party"}]}, "the field 'source' is missing"),
        ({**OBJECT, "@context": [{"ext": []}]}, "/0/@context: 'ext' stands for no address"),
        ({**PARENT}, "'parentID' is missing, which an aggregation needs"),
        ({**PARENT, "parentID": KEY}, "/parentID: the parent is one of its own children"),
        (
            {**PARENT, "parentID": "a:b", "persistentDisposition": 7},
            "/persistentDisposition: 7 is not an object",
        ),
        (
            {**OBJECT, "persistentDisposition": {"set": ["active"], "unset": ["active"]}},
            "'active' is both set and unset",
        ),
        ({**RUN, "transformationID": None}, "/transformationID: null is not text"),
        ({**RUN, "inputEPCList": []}, "it needs inputs and outputs, or a transformationID"),
        ({**RUN, "action": "ADD"}, "/action: 'action' is no field of EPCIS 2.0 here"),
        (
            {
                **{**OBJECT, "eventID": "urn:x:1"},
                "errorDeclaration": {"declarationTime": SAID["eventTime"], "correctiveEventIDs": ["urn:x:1"]},
            },
            "the event is named as its own correction",
        ),
        (
            {
                **OBJECT,
                "sensorElementList": [{"sensorReport": [{"type": "Mass", "minValue": 2, "maxValue": 1}]}],
            },
            "less",
        ),
    ],
)
def test_what_an_event_says_wrong(event: Any, why: str) -> None:
    """With its number and the place; the event beside it is read."""
    first, second = read(event, {**OBJECT, "eventID": "urn:x:2"}).events
    assert isinstance(first, Refused) and isinstance(second, Event)
    assert first.sentence.startswith("event 1: /epcisBody/eventList/0") and why in first.sentence


@pytest.mark.parametrize(
    "event",
    [
        {**OBJECT, "epcList": []},
        {
            **OBJECT,
            "epcList": ["urn:uuid:7", "https://shop.example/p/7", "https://id.gs1.org/414/4012345000054"],
        },
        {
            **OBJECT,
            "type": "ext:Own",
            "action": {},
            "epcList": 7,
            "readPoint": [],
            "sensorElementList": [1, {}],
        },
        {**OBJECT, "bizStep": "https://example.com/steps/leaching", "disposition": "cbv:Disp-active"},
        {**OBJECT, "eventTime": "2016-12-31T23:59:60.9999Z", "eventTimeZoneOffset": "-00:00"},
        {**OBJECT, "quantityList": [{"epcClass": KEY}, {"epcClass": KEY, "quantity": 10**400, "uom": "KGM"}]},
        {**OBJECT, "action": "ADD", "ilmd": {"https://ns.example.com/a": [1, [2, {"b": None}]]}},
        {**OBJECT, "https://ns.example.com/a": "\u202e", "ext:b": {"type": "x", "@id": "y"}},
        {**RUN, "outputEPCList": [], "ext:" + "n" * 5000: True},
        {**PARENT, "action": "OBSERVE"},
    ],
)
def test_what_is_strange_and_right(event: Any) -> None:
    """It is read."""
    assert told(event) == ""


def test_numbers_are_read_digit_by_digit() -> None:
    """Thirty decimals stay thirty decimals."""
    written = "0.123456789012345678901234567891"
    text = json.dumps(document({**OBJECT, "quantityList": [{"epcClass": KEY, "quantity": 7, "uom": "KGM"}]}))
    (event,) = documents.read(text.replace(": 7,", f": {written},").encode(), "a.json").events
    assert isinstance(event, Event) and str(event.quantities[0].amount) == written


def test_an_event_id_names_one_event() -> None:
    """Word for word, or with an error declared, it may be repeated."""
    one = {**OBJECT, "eventID": "urn:x:1"}
    declared = {**one, "errorDeclaration": {"declarationTime": SAID["eventTime"], "reason": "did_not_occur"}}
    found = read(one, one, declared, {**one, "action": "DELETE"}).refused
    assert [each.number for each in found] == [4]
    assert "/3/eventID: the eventID is that of event 1, which says something else" in found[0].sentence


def test_many_faults_are_told_by_a_few() -> None:
    """However many there are, in time and memory that follow the size of the document."""
    strange = {f"field{number}": 1 for number in range(20_000)}
    late = {**OBJECT, "epcList": [*(f"urn:x:{number}" for number in range(2000)), "KOL-1"]}
    many, after = read({**OBJECT, **strange, "epcList": ["KOL-1"] * 20_000}, late).refused
    assert len(many.faults) == 20 and "'field0' is no field" in many.faults[0].what
    assert "something after the first 1000 items of a list is wrong" in after.sentence


def test_single_events_and_lists_of_them() -> None:
    """Each with a context of its own."""
    alone = {"@context": CONTEXT, **OBJECT}
    read_alone = documents.read(json.dumps(alone).encode(), "a.json").events
    read_listed = documents.read(json.dumps([alone, OBJECT, 7]).encode(), "a.json").events
    assert isinstance(read_alone[0], Event) and read_alone[0].pointer == ""
    assert isinstance(read_listed[0], Event) and read_listed[0].pointer == "/0"
    assert [type(each) for each in read_listed[1:]] == [Refused, Refused]
    assert isinstance(read_listed[1], Refused) and "'@context' is missing" in read_listed[1].sentence


def test_nothing_crashes(shared: Path) -> None:
    """Whatever is damaged is read, or refused at a place, in few words."""
    folder, chance = shared / "data" / "epcis", random.Random(7)
    sound = [json.loads(path.read_text("utf-8")) for path in sorted(folder.rglob("*.json*"))]
    for _ in range(1500):
        one = damaged(damaged(chance.choice(sound), chance), chance)
        try:
            refused = documents.read(json.dumps(one).encode(), "a.json", answers=True).refused
        except InputError as error:
            assert error.sentence.startswith("a.json") and len(error.sentence) < 500
        else:
            assert all(fault.what and len(fault.sentence) < 700 for each in refused for fault in each.faults)
