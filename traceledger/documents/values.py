"""The JSON of small values that stand in many documents: amounts by substance, evidence, optional hashes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from traceledger.model.hexadecimal import hexed
from traceledger.model.substances import named

if TYPE_CHECKING:
    from traceledger.model.batches import Batch
    from traceledger.model.evidence import Evidence


def amounts(by_substance: Mapping[int, int]) -> dict[str, str]:
    """Mg by substance, named, in the order given."""
    return {name: str(mg) for name, mg in named(by_substance).items()}


def tracked(lot: Batch) -> dict[int, int]:
    """Mg of each substance that is tracked in a lot, also of those of which it holds none."""
    return {each: lot.substances_mg.get(each, 0) for each in lot.tracked}


def evidence(documents: Iterable[Evidence]) -> list[dict[str, str]]:
    """Documents that are held elsewhere: where, and their SHA-256."""
    return [item.to_dict() for item in documents]


def optional_hex(value: bytes | None) -> str | None:
    """Bytes as hexadecimal text, where there are any."""
    return None if value is None else hexed(value)
