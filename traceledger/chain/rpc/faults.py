"""What goes wrong with one endpoint of a network, so that another may do better.

Example:
    >>> from traceledger.chain.rpc.faults import WrongAnswerError, decoding
    >>> try:
    ...     with decoding("block 7"):
    ...         {}["hash"]
    ... except WrongAnswerError as error:
    ...     print(error)
    block 7 is malformed: it lacks 'hash'
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from traceledger.errors import NetworkError, TraceLedgerError


class EndpointError(NetworkError):
    """An endpoint cannot be reached, is too slow, behind, on another chain, or answers nonsense."""


class WrongAnswerError(EndpointError):
    """An endpoint's answer is malformed, contradicts itself, or contradicts the chain's hashes."""


class OversizedAnswerError(EndpointError):
    """The node's answer is longer than is read; a smaller request may succeed."""


class MovedError(WrongAnswerError):
    """Answers do not fit together, as when the chain is reorganised between two requests."""


@contextmanager
def decoding(what: str) -> Iterator[None]:
    """Tell malformed answers of a node from faults of ours.

    Args:
        what: the thing that is decoded, for the message.

    Raises:
        WrongAnswerError: it is not what Ethereum's API says it must be.
    """
    try:
        yield
    except KeyError as error:
        raise WrongAnswerError(f"{what} is malformed: it lacks {error}") from None
    except (ValueError, TypeError, AttributeError, IndexError, OverflowError) as error:
        if isinstance(error, TraceLedgerError):
            raise
        raise WrongAnswerError(f"{what} is malformed: {error}") from None
