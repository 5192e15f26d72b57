"""The terms of our namespace, as docs/epcis.md lists them, and how each is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


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

_PART: Terms = {"substance": Form.TEXT, "mass": Form.MASS}
_CONTENT: Terms = {"substance": Form.TEXT, "least": Form.TEXT, "most": Form.TEXT}
EMISSIONS: Terms = dict.fromkeys(
    ("scope1", "scope2", "scope3", "primary", "biogenic", "landUse", "aviation", "removals"), Form.CO2E
)
RECORDS: Terms = dict.fromkeys(
    (
        *("mint", "split", "transformation", "shipment", "record", "receive", "retire", "takeBack"),
        "declareError",
    ),
    Form.TEXT,
)
LOT: Terms = {
    "epc": Form.TEXT,
    "batch": Form.TEXT,
    "role": Word(("input", "output")),
    "mass": Form.MASS,
    "material": Form.TEXT,
    "substances": Many(_PART),
    "pieces": Form.COUNT,
    "weight": Form.COUNT,
    "difference": Word(("loss", "moisture", "measurement")),
}
EVENT: Terms = {
    **LOT,
    **dict.fromkeys(("operation", "by", "position", "facility", "transformation", "process"), Form.TEXT),
    **dict.fromkeys(("byConsortium", "private", "recycling"), Form.FLAG),
    **dict.fromkeys(("shipment", "sender", "receiver", "owner", "returnOf", "to", "record"), Form.TEXT),
    **dict.fromkeys(("reason", "massTolerance", "substanceTolerance"), Form.TEXT),
    "evidence": Many({"uri": Form.TEXT, "sha256": Form.TEXT}),
    "lots": Many(LOT),
    "emissions": EMISSIONS,
    "origin": Word(("mined", "post_consumer", "pre_consumer", "untraced")),
    "allocation": Word(("mass", "economic")),
    "losses": Many(_PART, instead="balance"),
    "retirement": Word(("delivered", "consumed_outside", "disposed")),
    "hold": Word(("custodian", "auditor", "recall")),
    "of": RECORDS,
    "corrective": Many(Form.TEXT),
    "content": Many(_CONTENT),
    "tracked": Many(Form.TEXT),
}
"""On an event, in its ``ilmd``, in an ``errorDeclaration``; what is said of lots may stand there for all."""
