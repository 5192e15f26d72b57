"""What a node and its worker processes say to each other.

::

    node                                      worker
     | -- Assignment(work, seconds) ----------> |
     | <- Question: Admitted, Creates, Seal --- |    only while transactions are mined
     | -- its answer, or a Fault -------------> |
     | <- Outcome ------------------------------|    or the end of the process
"""

from __future__ import annotations

from dataclasses import dataclass

from traceledger.chain.embedded.limits import CALL_GAS


@dataclass(frozen=True, slots=True)
class CallWork:
    """Run a call after block ``number``; ``None``: after the newest one."""

    to: bytes
    data: bytes
    sender: bytes | None = None
    number: int | None = None
    gas: int = CALL_GAS


@dataclass(frozen=True, slots=True)
class EstimateWork:
    """Find a gas limit for a transaction; ``to`` of ``None``: a creation."""

    to: bytes | None
    data: bytes
    sender: bytes | None = None


@dataclass(frozen=True, slots=True)
class SendWork:
    """Mine signed transactions as one block: all of them, or as many as there is time for."""

    raw: tuple[bytes, ...]


Work = CallWork | EstimateWork | SendWork


@dataclass(frozen=True, slots=True)
class Assignment:
    """Some work, and the processor seconds it may take; of transactions, each."""

    work: Work
    seconds: float


@dataclass(frozen=True, slots=True)
class Admitted:
    """Whether an account may send transactions."""

    address: bytes


@dataclass(frozen=True, slots=True)
class Creates:
    """Whether an account may create contracts."""

    address: bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """The authority's signature of a hash. What follows is storing: the block's time no longer counts."""

    digest: bytes


Question = Admitted | Creates | Seal


@dataclass(frozen=True, slots=True)
class Done:
    """The work is done: what a call returned, the gas an estimate found, how many transactions are mined."""

    data: bytes = b""
    gas: int = 0
    mined: int = 0


@dataclass(frozen=True, slots=True)
class Reverted:
    """A call, or the transaction at ``position``, was refused by the contracts; earlier ones are mined."""

    data: bytes
    position: int = 0


@dataclass(frozen=True, slots=True)
class Invalid:
    """The transaction at ``position`` can never be mined; none was."""

    position: int
    message: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something else is wrong; nothing was mined."""

    message: str


@dataclass(frozen=True, slots=True)
class Crashed:
    """A fault of ours, with its traceback for the log; nothing was mined."""

    traceback: str


@dataclass(frozen=True, slots=True)
class TooLong:
    """It took more time or memory than work of its kind may; nothing was mined."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The process ended by itself or by others; of a block, the chain tells whether it is mined."""


Outcome = Done | Reverted | Invalid | Fault | Crashed | TooLong | Ended
