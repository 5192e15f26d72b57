"""Which chain-of-custody model of ISO 22095 a substance of a batch was kept by, as far as its records show.

Two are kept here, identity preserved and controlled blending. Mass balance and book and claim in the sense of
ISO 22095-2 and -3, which separate what is said of material from the material, are not.

Example:
    >>> CustodyModel.IDENTITY_PRESERVED.words
    'identity preserved'
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceledger.provenance.origin_rows import OriginShare
    from traceledger.provenance.trace import TracedShares


class CustodyModel(StrEnum):
    """A model of ISO 22095; the untraced part is told beside it."""

    IDENTITY_PRESERVED = "identity_preserved"
    CONTROLLED_BLENDING = "controlled_blending"

    @property
    def words(self) -> str:
        """As people write it."""
        return self.value.replace("_", " ")


def custody_model(origins: Sequence[OriginShare], traced: TracedShares) -> CustodyModel | None:
    """The model of one substance.

    One reachable origin, traced, is identity preserved; several are controlled blending, whose shares are
    known. An origin counts however small its share: what is asked is what is reachable, never the weight.

    Args:
        origins: the substance's origins that are reachable.
        traced: what of it is traced.

    Returns:
        ``None``: it has no origin, or a single one that nobody can show or that stands in error.
    """
    if len(origins) > 1:
        return CustodyModel.CONTROLLED_BLENDING
    whole = bool(origins) and not any(
        part.units for part in (traced.untraced, traced.declared, traced.confirmed)
    )
    return CustodyModel.IDENTITY_PRESERVED if whole else None
