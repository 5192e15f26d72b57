"""What no lot can hold, told before the contracts are asked: more of its substances than it weighs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from traceledger.errors import InputError
from traceledger.interop.sheets.drafts import Draft
from traceledger.languages.phrases import phrase
from traceledger.model.units import format_mass, parse_mass
from traceledger.operations.base import Base
from traceledger.operations.batches import Mint
from traceledger.operations.transformation import Transform


def overfull(operation: Base, draft: Draft) -> list[InputError]:
    """Lots that it makes whose substances weigh more than they do, each at the cell of the heaviest one."""
    return [draft.origin.fault(fault) for fault in _overfull(operation, draft.document)]


def _overfull(operation: Base, document: Mapping[str, Any]) -> Iterator[InputError]:
    if isinstance(operation, Mint):
        yield from _fault(operation.mass, operation.substances, document, "substances")
    elif isinstance(operation, Transform):
        for at, output in enumerate(operation.outputs):
            said = document["outputs"][at]
            yield from _fault(output.mass, output.substances, said, f"outputs.{at}.substances")


def _fault(
    mass: int, substances: Mapping[int, int], said: Mapping[str, Any], where: str
) -> Iterator[InputError]:
    whole = sum(substances.values())
    if whole > mass:
        written: Mapping[str, str] = said["substances"]
        heaviest = max(written, key=lambda name: parse_mass(written[name]))
        what = phrase(
            "{substancesMass} of substances cannot be in a batch of {mass}",
            substancesMass=format_mass(whole),
            mass=format_mass(mass),
        )
        yield InputError(what, hint=phrase("correct the assay or the mass"), where=f"{where}.{heaviest}")
