"""Documents of EPCIS: what is valid is read, the rest is answered by a sentence with place and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from traceledger.errors import InputError
from traceledger.interop import schemas
from traceledger.interop.epcis import documents
from traceledger.interop.epcis.events import Capture, Event


def _read(path: Path) -> Capture:
    return documents.read(path.read_bytes(), path.name)


WRONG = {
    "SensorData_with_combined_events.json": "'Molar_concentration' is no type of measurement",
    "TransactionEvent_with_userExtensions.json": "'EffectiveDoseRate' is no type of measurement",
    "Combination_of_different_event.json": "the check digit of 03001345000771 is wrong",
}
"""Handed on as valid: the schema does not accept the first two, and the third names no key."""


def test_every_valid_document_is_read(shared: Path) -> None:
    """And those that are not are refused event by event, for what is wrong with them."""
    folder = shared / "data" / "epcis"
    for path in [*folder.glob("documents/*.json"), *folder.glob("events/*.json")]:
        found = _read(path)
        assert found.events and bool(found.refused) == (path.name in WRONG), path.name
        assert not found.refused or WRONG[path.name] in found.refused[0].sentence


def test_every_invalid_document_is_refused_with_place_and_reason(shared: Path) -> None:
    """Each fault has a pointer into the document."""
    for path in (shared / "data" / "epcis" / "invalid").iterdir():
        try:
            refused = _read(path).refused
        except InputError as error:
            assert error.sentence.startswith(f"{path.name}: /"), path.name
        else:
            assert refused and all(each.faults and each.sentence for each in refused), path.name


@pytest.mark.parametrize("kind", ["query/*.json", "query/invalid/*.json", "xml/*/*.xml"])
def test_answers_and_xml_are_named_for_what_they_are(shared: Path, kind: str) -> None:
    """Valid or not, they are not captured."""
    for path in (shared / "data" / "epcis").glob(kind):
        with pytest.raises(InputError, match=r"XML|answer to a query"):
            _read(path)


def test_a_document_says_all_that_it_says_of_an_event(shared: Path) -> None:
    """Times in UTC seconds, words bare."""
    (event,) = _read(shared / "data/epcis/event-hash/epcisDocWithSingleEvent.jsonld").events
    assert isinstance(event, Event)
    assert (event.number, event.pointer) == (1, "/epcisBody/eventList/0")
    assert (event.biz_step, event.disposition, event.offset) == ("shipping", "in_transit", "-06:00")


def test_the_official_schema_is_asked_where_it_is_at_hand(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its verdict stands beside ours; of a list of events too."""
    sample = (shared / "data/epcis/events/ObjectEvent.json").read_bytes()
    monkeypatch.setenv(schemas.ENVIRONMENT, str(tmp_path))
    assert documents.read(sample, "a.json").official is None
    schemas.add(shared / "data/schemas/epcis/epcis-json-schema.json")
    one, many = documents.read(sample, "a.json"), documents.read(b"[" + sample + b", {}]", "a.json")
    assert one.official is not None and one.official.faults == () and not one.refused
    assert many.official is not None and {place for place, _ in many.official.faults} == {"/1"}
    assert [isinstance(each, Event) for each in many.events] == [True, False]
