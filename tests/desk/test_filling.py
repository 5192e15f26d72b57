"""Forms of operations, without any desk: each is filled in and read again; faults find their field."""

from __future__ import annotations

from typing import Any

import pytest

from traceledger.errors import InputError
from traceledger.languages import LANGUAGES, Language, language
from traceledger.operations.catalogue import by_name, parsed
from traceledger.operations.declared import Declared, declared
from traceledger.operations.fields import Form
from traceledger.pages.word_tables import WORDS
from traceledger.web.desk.filling.controls import Kind, controls, unplaced
from traceledger.web.desk.filling.filled import fields_of
from traceledger.web.desk.filling.given import Given
from traceledger.web.desk.filling.numbers import plain, typed
from traceledger.web.desk.filling.reading import HIDDEN, Read, document_of
from traceledger.web.desk.views.record import OFFERED

GERMAN = language("de")


def example_of(operation: str) -> dict[str, Any]:
    """An operation with every field that its form asks for."""
    kind = by_name(operation)
    found = {each.word: _example(each) for each in declared(kind) if each.word not in HIDDEN}
    document = {"op": operation, "as": "kokkola", **found}
    return document | {"evidence": [{"uri": "https://example.org/a.pdf", "sha256": "5a" * 32}]}


def _example(field: Declared) -> Any:
    if field.parts:
        return [{part.word: _example(part) for part in field.parts}]
    found = field.about.example or field.value.example
    if field.value.form is Form.EVIDENCE:
        return []
    return [found] if field.many and not isinstance(found, list) else found


def read(operation: str, fields: dict[str, str], spoken: Language = LANGUAGES[0]) -> Read:
    """What a form says that was filled in so."""
    return document_of(by_name(operation), Given(fields), spoken, act_as="kokkola")


@pytest.mark.parametrize("operation", OFFERED)
def test_every_form_says_its_operation(operation: str) -> None:
    example = example_of(operation)
    if "evidence" not in {each.word for each in declared(by_name(operation))}:
        del example["evidence"]
    for spoken in LANGUAGES:
        found = read(operation, fields_of(example, spoken), spoken)
        assert found.document == example
        assert not [str(fault) for fault in found.faults if not _is_about_the_example(fault)]


def _is_about_the_example(fault: InputError) -> bool:
    """What does not fit together of fields that are all given."""
    return not isinstance(fault, InputError) or "either" in fault.what


@pytest.mark.parametrize("operation", OFFERED)
def test_every_control_has_a_label_and_every_choice_a_word(operation: str) -> None:
    fields = fields_of(example_of(operation), LANGUAGES[0])
    for control in controls(by_name(operation), Given(fields)):
        for each in control.tree:
            assert each.word in WORDS["field"], each.path
            assert all(slug in WORDS[each.theme] for slug in each.choices), each.path


def test_all_that_is_missing_is_said_at_its_field() -> None:
    found = read("mint", {"mass.amount": "ten", "mass.unit": "kg", "at": "yesterday"})
    wrong = {
        each.path
        for control in controls(by_name("mint"), found.given, found.faults)
        for each in control.tree
        if each.faults
    }
    assert wrong == {"batch", "material", "facility", "mass", "origin", "at"}
    assert unplaced(controls(by_name("mint"), found.given), found.faults) == ()


def test_faults_of_lines_are_said_at_their_line() -> None:
    fields = {"transformation": "R", "facility": "f", "process": "p", "at": "2026-01-17T06:00"}
    fields |= {"inputs.0.batch": "", "inputs.3.batch": "katanga/A", "inputs.3.mass.amount": "1,000"}
    fields |= {"outputs.0.batch": "B", "outputs.0.material": "m", "outputs.0.mass.amount": "1"}
    fields |= {"outputs.0.substances.0.substance": "Xx", "outputs.0.substances.0.amount": "5"}
    fields |= {"outputs.0.substances.2.amount": "5", "emissions.scope2.amount": "-1"}
    found = read("transform", fields)
    assert {str(fault.where) for fault in found.faults} == {
        "inputs.0.mass",  # the blank line above it is gone
        "outputs.0.substances",
        "outputs.0.substances.1",
        "emissions.scope2",
    }


def test_what_was_typed_in_several_lines_is_recorded_in_one() -> None:
    fields = {
        "finding": "argus/F-1",
        "corrective_action": "Sample daily.\r\n\r\nTrain.\n",
        "at": "2026-01-17T06:00",
    }
    found = read("submit_corrective_action", fields)
    assert (found.document["corrective_action"], found.faults) == ("Sample daily. Train.", ())


def test_a_line_more_is_empty_and_stays_until_the_form_is_read() -> None:
    given = Given({"batch": "A", "into.0.batch": "B"}).with_line("into").with_line("into")
    (lines,) = (each for each in controls(by_name("split"), given) if each.word == "into")
    assert lines.kind is Kind.LINES
    assert [line.parts[0].value for line in lines.parts] == ["B", "", ""]
    assert read("split", dict(given.fields)).given.lines("into") == 1


@pytest.mark.parametrize(
    ("text", "spoken", "number"),
    [
        ("19,98", "de", "19.98"),
        ("19.98", "de", "19.98"),
        ("1 200,5", "fr", "1200.5"),
        ("0,125", "en", "0.125"),
        ("1.200", "en", "1.200"),
        ("abc", "en", "abc"),
        ("1.2.3", "de", "1.2.3"),
    ],
)
def test_numbers_are_read_as_they_are_written_there(text: str, spoken: str, number: str) -> None:
    assert plain(text, language(spoken)) == number


@pytest.mark.parametrize(("text", "spoken"), [("1.200", "de"), ("1,200", "en"), ("20,000", "zh-Hans")])
def test_what_may_mean_two_numbers_is_refused(text: str, spoken: str) -> None:
    with pytest.raises(InputError, match="may mean"):
        plain(text, language(spoken))


@pytest.mark.parametrize("milligrams", [0, 1, 999, 10**6, 19_980_000_000, 2**56 - 1])
def test_masses_are_typed_to_the_milligram(milligrams: int) -> None:
    amount, unit = typed(milligrams, GERMAN)
    operation = {"op": "remeasure", "batch": "A", "mass": f"{plain(amount, GERMAN)} {unit}", "reason": "x"}
    found = parsed(operation | {"at": "2026-01-17T06:00:00Z"})
    assert getattr(found, "mass", None) == milligrams
