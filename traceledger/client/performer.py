"""What the client's methods build on: an operation's fields in, the recorded operation out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from traceledger.model.evidence import Evidence
from traceledger.model.frozen import frozen

if TYPE_CHECKING:
    from traceledger.operations.catalogue import Operation

Quantity = str | int
"""A mass or CO2e amount: text with a unit (``"1200 kg"``) or an integer in mg."""
Time = str | int | datetime
"""When it happened: ISO 8601 text with a zone, UTC seconds, or an aware datetime. Absent: now."""
Documents = Sequence[Evidence | Mapping[str, str]]
"""Evidence: ``Evidence`` values, or mappings with ``uri`` and ``sha256``."""


@frozen
class Recorded:
    """An operation on the chain.

    Attributes:
        operation: its name in an operations file.
        transaction: hash of its transaction, 32 bytes.
        block: number of its block.
        timestamp: the block's time, UTC seconds.
        gas_used: gas of the transaction.
        names: full names of what it was about, by the word for what they name:
            ``{"batch": "katanga/KOL-1"}``; of several, a list.
    """

    operation: str
    transaction: bytes
    block: int
    timestamp: int
    gas_used: int
    names: Mapping[str, str | list[str]] = field(default_factory=dict)


class Performer(ABC):
    """What the operations' methods need: something that performs an operation.

    Of what is ``private``, the network's folder keeps what opens the commitments (docs/privacy.md).

    Every method raises :class:`~traceledger.errors.InputError` for what it cannot understand,
    :class:`~traceledger.errors.SigningError` for a missing key, and a class of
    :mod:`traceledger.refusals` when the contracts refuse; nothing has happened then.
    """

    @abstractmethod
    def perform(self, operation: Operation) -> Recorded:
        """Plan, sign and send one operation, and wait until it is mined."""

    def _perform(self, op: str, given: Mapping[str, Any]) -> Recorded:
        """Perform the operation of that name with these fields; ``None`` stands for one that was left out."""
        from traceledger.operations.catalogue import parse_operation
        from traceledger.operations.dating import dated

        document = {name: _plain(value) for name, value in given.items() if value is not None}
        return self.perform(parse_operation({"op": op, **dated(op, document)}))


def _plain(value: Any) -> Any:
    """Sequences as lists, as JSON has them."""
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str | bytes) else value
