"""What an export is: a document of the industry, where each of its values comes from, and what is missing.

Every format's module gives one of these, so that the sidecar and the list of what is not known look alike
whatever the format.

Example:
    >>> figure = Sourced("/pcf/pcfExcludingBiogenicUptake", Origin.LEDGER, "CO2e by kilogram", ("12/0",))
    >>> made = Exported({"pcf": {}}, (figure,), (Missing("/pcf/gwp", "no set is named"),))
    >>> made.sidecar()["values"][0]["events"]
    ['12/0']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Origin(StrEnum):
    """Where a value of an exported document comes from."""

    LEDGER = "ledger"
    """Recomputed from events of the chain, which are named."""
    MASTER_DATA = "master_data"
    """Said by the company's master data file; the place in it is named."""
    FORMAT = "format"
    """Fixed by the format or by this program, such as a version."""


@dataclass(frozen=True, slots=True)
class Sourced:
    """Where one value comes from.

    Attributes:
        pointer: JSON Pointer (RFC 6901) of the value, or of the smallest part with one and the same source.
        origin: who says it.
        what: of the ledger what was computed, of master data the place in the file, in a clause.
        events: of the ledger the events that it was computed from, each ``BLOCK/LOG``, in the chain's order.
    """

    pointer: str
    origin: Origin
    what: str
    events: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As a sidecar has it."""
        found: dict[str, Any] = {"pointer": self.pointer, "origin": self.origin.value, "what": self.what}
        return found | ({"events": list(self.events)} if self.origin is Origin.LEDGER else {})


@dataclass(frozen=True, slots=True)
class Missing:
    """A value that the format has room for, or demands, and that nobody knows.

    Attributes:
        pointer: JSON Pointer of where it would stand.
        why: what would have to say it, in a clause.
        required: whether the document is not valid without it.
    """

    pointer: str
    why: str
    required: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As a sidecar has it."""
        return {"pointer": self.pointer, "why": self.why, "required": self.required}


@dataclass(frozen=True, slots=True)
class Exported:
    """A document of the industry's, and what is to be said about it.

    Attributes:
        document: plain values, as JSON has them.
        sources: of each of its values.
        missing: what is left out, as neither ledger nor master data knows it.
    """

    document: Mapping[str, Any]
    sources: tuple[Sourced, ...] = ()
    missing: tuple[Missing, ...] = ()

    def sidecar(self, proof: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The document beside it: which events, and which proof, each value comes from.

        Args:
            proof: the proof file that shows them: ``file``, ``sha256``, ``block``; where one was made.
        """
        return {
            "values": [each.to_dict() for each in self.sources],
            "missing": [each.to_dict() for each in self.missing],
            **({} if proof is None else {"proof": dict(proof)}),
        }
