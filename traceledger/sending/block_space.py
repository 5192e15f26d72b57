"""Operations that a network's block cannot take: found out before they are signed.

What is signed and never mined stops all that its account sends after it. So what every job asks for is
compared with the gas of a block before any of them is signed. A job that asks for more::

      signed elsewhere ------------------------------------------------> TooLargeForBlockError
      needs nothing of what is still to be sent: tried now
         | a block's gas does not suffice -----------------------------> TooLargeForBlockError
         | the contracts refuse ---------------------------------------> CallRevertedError
         | it suffices ------------------------------------------------> asks for less, is sent
      needs something: waits until that is final, is tried then (Job.tried)
         | a block's gas does not suffice -----------------------------> TooLargeForBlockError, not signed
         | it suffices, or the contracts refuse ----------------------> asks for less, is sent

What a job asks for is as a rule three times what it uses, so that asking for more is no reason to refuse.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from traceledger.chain.base import Call, CallRevertedError
from traceledger.errors import TooLargeForBlockError
from traceledger.sending.jobs import Job

_SPARE = 5, 4
"""What was tried is asked for and a quarter more: until it is mined, the state can change."""


class BlockSpace(Protocol):
    """What is asked of a network."""

    def gas_limit(self) -> int:
        """The gas of its newest block."""

    def gas_needed(self, call: Call) -> int | None:
        """What a call needs now, more than it has where that does not suffice; ``None`` if no node can tell.

        Raises:
            CallRevertedError: the contracts refuse it.
        """


def fitted(job: Job, chain: BlockSpace, limit: int) -> Job:
    """A job of which nothing is signed yet by us, asking for no more gas than a block has.

    Args:
        job: what is to be sent.
        chain: where to.
        limit: the gas of a block there.

    Raises:
        TooLargeForBlockError: it needs more; ``where`` is its source.
        CallRevertedError: the contracts refuse it, as the chain stands.
        NetworkError: the network cannot be reached.
    """
    if job.gas <= limit:
        return job
    if job.raw is not None:
        raise too_large(job, limit)
    return replace(job, gas=limit, tried=True, asked=job.gas) if job.needs else _tried(job, chain, limit)


def tried(job: Job, chain: BlockSpace) -> Job:
    """A job that waited for what it needs, asking for what it needs now; if it is refused, for a block's gas.

    Raises:
        TooLargeForBlockError: it needs more than a block has.
        NetworkError: the network cannot be reached.
    """
    limit = chain.gas_limit()
    try:
        return _tried(job, chain, limit)
    except CallRevertedError:
        # Whether it has happened already, or is refused for good, is seen by what becomes of it.
        return replace(job, gas=limit)


def _tried(job: Job, chain: BlockSpace, limit: int) -> Job:
    needed = chain.gas_needed(Call(job.account, job.to, job.data, limit))
    if needed is None:
        return replace(job, gas=limit)
    if needed > limit:
        raise too_large(job, limit)
    times, parts = _SPARE
    return replace(job, gas=min(limit, needed * times // parts))


def too_large(job: Job, limit: int) -> TooLargeForBlockError:
    """Why a job is not signed, and how to divide it."""
    hint = "sign it again in parts" if job.raw is not None else "shorten its texts and lists"
    if job.items > 1:
        fit = max(limit * job.items // max(job.asked or job.gas, 1), 1)
        part = f"some {_rounded(fit)} of the {job.items} in {job.listed!r}"
        hint = f"divide it: {part} fit into a block for certain"
    return TooLargeForBlockError(
        f"the {job.operation.replace('_', ' ')} needs more gas than a block of this network has ({limit:,})",
        where=job.source,
        hint=hint,
    )


def _rounded(count: int) -> int:
    """Two digits of a count, downwards."""
    unit = int(10 ** max(len(str(count)) - 2, 0))
    return count // unit * unit
