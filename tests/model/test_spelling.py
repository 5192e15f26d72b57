"""Words that are none: what was probably meant, and which free words are left alone."""

from __future__ import annotations

from typing import Any

import pytest

from traceledger.errors import InputError
from traceledger.operations.catalogue import parse_operation
from traceledger.operations.readers import facility_kind, role

AT = "2026-05-04T08:00:00Z"
MINT = {
    "op": "mint",
    "as": "q",
    "batch": "1",
    "material": "ore",
    "facility": "pit",
    "mass": "2 t",
    "origin": "mined",
    "at": AT,
}
RUN = {
    "op": "transform",
    "as": "q",
    "transformation": "R",
    "facility": "pit",
    "process": "crushing",
    "inputs": [{"batch": "1"}],
    "outputs": [{"batch": "2", "material": "ore", "mass": "2 t"}],
    "at": AT,
}
ERROR = {"op": "declare_error", "as": "q", "batch": "1", "reason": "incorrect_data", "at": AT}
FINDING = {
    "op": "raise_finding",
    "as": "a",
    "finding": "F",
    "participant": "q",
    "severity": "minor",
    "category": "labour",
    "due": AT,
    "description": "x",
    "at": AT,
}


@pytest.mark.parametrize(
    ("line", "field", "word", "meant"),
    [
        (MINT, "origin", "mind", "mined"),
        (MINT, "origin", "Mined", "mined"),
        (MINT, "origin", "primary", "mined"),
        (MINT, "origin", "postconsumer", "post_consumer"),
        (MINT, "origin", "pre consumer", "pre_consumer"),
        (RUN, "allocation", "economical", "economic"),
        (RUN, "allocation", "weight", "mass"),
        (ERROR, "reason", "incorect data", "incorrect_data"),
        (ERROR, "reason", "mistake", "incorrect_data"),
        (FINDING, "category", "labor", "labour"),
        (FINDING, "severity", "critcal", "critical"),
    ],
)
def test_a_word_of_a_list(line: dict[str, Any], field: str, word: str, meant: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_operation(line | {field: word})
    assert caught.value.where == field
    assert "none of" in caught.value.what
    assert caught.value.hint == f"did you mean {meant}?"


def test_nothing_is_guessed_of_what_resembles_nothing() -> None:
    for word in ("stolen", 7, None, ""):
        with pytest.raises(InputError) as caught:
            parse_operation(MINT | {"origin": word})
        assert "did you mean" not in caught.value.hint


@pytest.mark.parametrize(
    ("kind", "origin"),
    [
        ("mines", "mine"),
        ("Mine site", "mine"),
        ("mining", "mine"),
        ("cobalt mine", "mine"),
        ("minne", "mine"),
        ("recycling plant", "recycler"),
        ("recyclers", "recycler"),
        ("Recycling", "recycler"),
        ("recyler", "recycler"),
        ("battery recycler", "recycler"),
    ],
)
def test_a_kind_that_narrowly_makes_no_origin(kind: str, origin: str) -> None:
    with pytest.raises(InputError, match=f"did you mean {origin}"):
        facility_kind(kind)


@pytest.mark.parametrize(
    "kind",
    "mine,Recycler,refinery,refiner,smelter,cell plant,mining office,marine terminal,mineral store,"
    "collection point,works,plant,warehouse,recycled-goods store".split(","),
)
def test_other_kinds_are_free(kind: str) -> None:
    assert facility_kind(kind) == kind.lower()


def test_roles_are_free_but_for_slips() -> None:
    for free in ("Auditor", "trader", "toll refiner", "oem", "bank", "miner", "insurer"):
        assert role(free) == free.lower()
    for slip, usual in {"auditer": "auditor", "producers": "producer", "carriers": "carrier"}.items():
        with pytest.raises(InputError, match=f"did you mean {usual}"):
            role(slip)
