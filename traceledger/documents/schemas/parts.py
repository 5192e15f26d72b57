"""What JSON Schemas of documents are made of (draft 2020-12, as OpenAPI 3.1 has it).

Example:
    >>> record(mass_mg=AMOUNT, facility=maybe(NAME))["required"]
    ['mass_mg', 'facility']
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def text(about: str, pattern: str = "") -> Schema:
    """A string."""
    return {"type": "string", "description": about, **({"pattern": pattern} if pattern else {})}


def record(*parts: Schema, optional: Schema | None = None, **members: Schema) -> Schema:
    """An object.

    Args:
        parts: other objects, whose members it has too.
        optional: members that may be absent.
        members: members that are always there.
    """
    properties: Schema = {}
    required: list[str] = []
    for part in parts:
        properties |= part["properties"]
        required += part["required"]
    properties |= members | (optional or {})
    return {"type": "object", "required": [*required, *members], "properties": properties}


def listed(of: Schema, about: str = "") -> Schema:
    """An array."""
    return {"type": "array", "items": of, **({"description": about} if about else {})}


def keyed(of: Schema, about: str) -> Schema:
    """An object whose keys are names of things."""
    return {"type": "object", "additionalProperties": of, "description": about}


def maybe(of: Schema) -> Schema:
    """The same, or null."""
    return {**of, "type": [of["type"], "null"], **({"enum": [*of["enum"], None]} if "enum" in of else {})}


def one_of(*words: str) -> Schema:
    """One of some words."""
    return {"type": "string", "enum": list(words)}


NAME = text("Full name: its owner's short name, a slash, and what its owner calls it.")
SLUG = text("Short name.")
WORD = text("A word.")
PROSE = text("Text for people; where it is the ledger's, somebody else's.")
COUNTRY = text("ISO 3166-1 alpha-2; empty where there is none.")
HEX = text("Bytes as hexadecimal text.", "^0x([0-9a-f]{2})*$")
ID = text("Id: 32 bytes as hexadecimal text.", "^0x[0-9a-f]{64}$")
AMOUNT = text("Milligrams, a decimal integer.", "^-?[0-9]+$")
DIGITS = text("A decimal integer.", "^-?[0-9]+$")
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
TIME: Schema = {"type": "integer", "description": "UTC seconds."}
ISO = text("UTC, as 2026-12-31T00:00:00Z.")
BLOCK: Schema = {"type": "integer", "minimum": 0, "description": "Number of a block."}
FLAG: Schema = {"type": "boolean"}
AMOUNTS = keyed(AMOUNT, "Milligrams by substance.")
SHARES = keyed(SHARE, "Shares by substance.")
BREAKDOWN = keyed(AMOUNT, "mg CO2e by name; they sum to the total.")
EVIDENCE = listed(record(uri=PROSE, sha256=text("SHA-256 of the document.")), "Documents held elsewhere.")
PAGE = record(next=maybe(text("Cursor of what follows.")), limit=WHOLE, moved=FLAG, block=maybe(BLOCK))
DISCLOSED = {"disclosed": keyed(PROSE, "Private texts in the document, by their commitments.")}
WRONG = record(
    faults=listed(WORD, "What is wrong with it or upstream of it, in a word each."),
    wrong=listed(PROSE, "The same in clauses."),
)
