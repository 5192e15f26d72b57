"""The terms of our namespace, as docs/epcis.md lists them, and how each is written.

Example:
    >>> EMISSIONS["landUse"], RECORDS["takeBack"]
    ('land_use', 'take_back')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from traceledger.model.batches import Difference, HoldKind, Origin, Retirement, Slugged
from traceledger.model.emissions import EMISSION_FIELDS, AllocationRule


class Form(Enum):
    """How a single value is written."""

    TEXT = "text"
    FLAG = "true or false"
    COUNT = "a whole number"
    MASS = 'text with a unit, such as "8400 kg"'
    CO2E = 'CO2e as text with a unit, such as "40 t"'


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of such, or one word instead of it."""

    of: Any
    instead: str = ""


Terms = Mapping[str, Any]
"""How each term of an object is written: a :class:`Form`, a :class:`Word`, :class:`Many`, or terms again."""


def _term(word: str) -> str:
    """What our terms call what an operation calls so: without underscores."""
    first, *others = word.split("_")
    return first + "".join(each.capitalize() for each in others)


EMISSIONS: Mapping[str, str] = {_term(each): each for each in EMISSION_FIELDS}
"""By the terms of ``tl:emissions``, what operations call them."""
RECORDS: Mapping[str, str] = {
    _term(each): each
    for each in (
        *("mint", "split", "transformation", "shipment", "record", "receive", "retire", "take_back"),
        "declare_error",
    )
}
"""By the terms of ``tl:of``, what operations call them."""


def _slugs(*words: Slugged | AllocationRule) -> Word:
    return Word(tuple(each.slug for each in words))


_PART: Terms = {"substance": Form.TEXT, "mass": Form.MASS}
_CONTENT: Terms = {"substance": Form.TEXT, "least": Form.TEXT, "most": Form.TEXT}
LOT: Terms = {
    "epc": Form.TEXT,
    "batch": Form.TEXT,
    "role": Word(("input", "output")),
    "mass": Form.MASS,
    "material": Form.TEXT,
    "substances": Many(_PART),
    "pieces": Form.COUNT,
    "weight": Form.COUNT,
    "difference": _slugs(Difference.LOSS, Difference.MOISTURE, Difference.MEASUREMENT),
}
EVENT: Terms = {
    **LOT,
    **dict.fromkeys(("operation", "by", "position", "facility", "transformation", "process"), Form.TEXT),
    **dict.fromkeys(("byConsortium", "private", "recycling"), Form.FLAG),
    **dict.fromkeys(("shipment", "sender", "receiver", "owner", "returnOf", "to", "record"), Form.TEXT),
    **dict.fromkeys(("reason", "massTolerance", "substanceTolerance"), Form.TEXT),
    "evidence": Many({"uri": Form.TEXT, "sha256": Form.TEXT}),
    "lots": Many(LOT),
    "emissions": dict.fromkeys(EMISSIONS, Form.CO2E),
    "origin": _slugs(*Origin),
    "allocation": _slugs(*AllocationRule),
    "losses": Many(_PART, instead="balance"),
    "retirement": _slugs(Retirement.DELIVERED, Retirement.CONSUMED_OUTSIDE, Retirement.DISPOSED),
    "hold": _slugs(*HoldKind),
    "of": dict.fromkeys(RECORDS, Form.TEXT),
    "corrective": Many(Form.TEXT),
    "content": Many(_CONTENT),
    "tracked": Many(Form.TEXT),
}
"""On an event, in its ``ilmd``, in an ``errorDeclaration``; what is said of lots may stand there for all."""
