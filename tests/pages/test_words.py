"""Every value that a document can show has a word."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import pytest

from traceledger.audit.rules import RULES
from traceledger.audit.values import Level
from traceledger.declaration import MARKS
from traceledger.events import LedgerEvent
from traceledger.languages import ENGLISH, LANGUAGES
from traceledger.model.assurance import AssessmentKind, FindingCategory, FindingState, Rating, Severity
from traceledger.model.batches import (
    BatchState,
    Difference,
    ErrorReason,
    HoldKind,
    Origin,
    RecordKind,
    Retirement,
    ShipmentState,
)
from traceledger.model.emissions import EMISSION_FIELDS, SCOPES, AllocationRule
from traceledger.model.registry import ParticipantState
from traceledger.model.rights import RightKind
from traceledger.model.substances import ENGLISH_NAMES
from traceledger.pages.word_tables import WORDS
from traceledger.pages.words import word
from traceledger.provenance.custody_model import CustodyModel
from traceledger.provenance.movements import KINDS
from traceledger.provenance.origin_rows import OriginKind
from traceledger.provenance.stages import Stage, packaged
from traceledger.provenance.trouble import REASONS
from traceledger.reporting.grouping import GROUPINGS
from traceledger.reporting.target import MEASURES

VALUES: list[tuple[str, Iterable[str]]] = [
    ("stage", list(Stage)),
    ("process", packaged().process),
    ("facility", packaged().kind),
    ("origin", [*OriginKind, *(each.slug for each in Origin)]),
    ("custody_model", list(CustodyModel)),
    ("batch", [each.slug for each in BatchState]),
    ("retirement", [each.slug for each in Retirement]),
    ("fault", MARKS),
    ("obstacle", ["suspended", "terminated", *REASONS]),
    ("standing", [each.slug for each in ParticipantState]),
    ("shipment", [each.value for each in ShipmentState]),
    ("difference", [each.slug for each in Difference]),
    ("hold", [each.slug for each in HoldKind]),
    ("record", [each.slug for each in RecordKind]),
    ("error", [each.slug for each in ErrorReason]),
    ("event", [each.__name__ for each in get_args(LedgerEvent)]),
    ("deed", [each.word for each in get_args(LedgerEvent)]),
    ("movement", [*KINDS, *KINDS.values()]),
    ("assessment", list(AssessmentKind)),
    ("rating", [each.slug for each in Rating]),
    ("category", list(FindingCategory)),
    ("severity", [each.slug for each in Severity]),
    ("finding", [each.slug for each in FindingState]),
    ("right", [each.slug for each in RightKind]),
    ("scope", SCOPES),
    ("part", [each for each in EMISSION_FIELDS if each not in SCOPES]),
    ("allocation", [each.slug for each in AllocationRule]),
    ("grouping", GROUPINGS),
    ("measure", MEASURES),
    ("level", [each.slug for each in Level]),
    ("rule", [rule.id for rule in RULES]),
    ("substance", ENGLISH_NAMES),
]


@pytest.mark.parametrize(("theme", "values"), VALUES, ids=[theme for theme, _ in VALUES])
def test_every_value_has_a_word(theme: str, values: Iterable[str]) -> None:
    lacking = [value for value in values if value.lower() not in WORDS[theme]]
    assert lacking == []


def test_words_of_stages_and_rules_are_those_of_the_terminal() -> None:
    assert [word(each, "stage", ENGLISH) for each in list(Stage)[:-1]] == [
        each.words for each in list(Stage)[:-1]
    ]
    assert {rule.id: rule.title for rule in RULES} == WORDS["rule"]
    assert {reason: WORDS["obstacle"][reason] for reason in REASONS} == REASONS


def test_slugs_are_found_as_documents_write_them() -> None:
    assert all(slug == slug.lower() for table in WORDS.values() for slug in table)


@pytest.mark.parametrize("language", LANGUAGES, ids=[each.code for each in LANGUAGES])
def test_what_suppliers_named_is_shown_as_it_is(language: object) -> None:
    assert word("Umformen <b>", "process", language) == "Umformen <b>"  # type: ignore[arg-type]
