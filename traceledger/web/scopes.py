"""What a token may let its bearer do besides what everybody may."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never


class Scope(StrEnum):
    """A right of a token; docs/serving.md explains them."""

    PRIVATE = "read:private"
    PROOFS = "read:proofs"
    FOOTPRINTS = "read:footprints"
    CAPTURE = "write:capture"

    @property
    def about(self) -> str:
        """What it allows, in a clause."""
        match self:
            case Scope.PRIVATE:
                return "private texts that are known here, in place of their commitments"
            case Scope.PROOFS:
                return "proof files, where the server makes them for bearers only"
            case Scope.FOOTPRINTS:
                return "footprints and events of the PACT API"
            case Scope.CAPTURE:
                return "events of EPCIS for one company's desk, where a clerk signs them"
            case _:
                assert_never(self)
