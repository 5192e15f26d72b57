"""What a pipeline sends: one contract call each, all that must be known to sign it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from traceledger.artifacts.identity import identity_of
from traceledger.errors import TooLargeForBlockError
from traceledger.model.keccak import keccak
from traceledger.sending.outbox import Entry, OperationKey

DEPLOY = "deploy"
"""The operation of a step of the deployment."""

Stage = Literal["waiting", "flying", "mined", "final", "done", "failed"]
"""``waiting`` to be signed, ``flying`` (in the outbox), ``mined`` (not yet final), ``final``; ``done`` by
another machine; ``failed`` for good."""


@dataclass(frozen=True, slots=True)
class Job:
    """One transaction to make.

    Args:
        account: the address that signs it.
        to: the contract; empty to create one.
        data: calldata, or the code that creates a contract.
        gas: its gas limit.
        actor: who acts: a participant, or the account itself.
        occurrence: which of several equal operations on the chain this is, from 1.
        operation: its name, for people.
        source: where it was asked for: ``file:line``, or a command.
        needs: positions of jobs that must come first.
        repeatable: whether the contracts would let it happen twice.
        batches: ids of the batches that its events will name.
        raw: its signed bytes, where it has been signed elsewhere, for ``nonce``.
        nonce: see ``raw``.
        items: how many items its longest list has, for who must divide it; ``listed`` is that list's field.
        listed: see ``items``.
        tried: it may need more gas than a block has: it is tried, once its needs are final, and then signed.
        asked: of what is tried, the gas that it would ask for otherwise.
    """

    account: bytes
    to: bytes
    data: bytes
    gas: int
    actor: bytes
    occurrence: int
    operation: str
    source: str
    needs: tuple[int, ...] = ()
    repeatable: bool = False
    batches: tuple[int, ...] = ()
    raw: bytes | None = None
    nonce: int | None = None
    items: int = 0
    listed: str = ""
    tried: bool = False
    asked: int = 0

    @property
    def key(self) -> OperationKey:
        """What the operation is recognised by."""
        return OperationKey.of(self.actor, self.to, self.identity)

    @property
    def identity(self) -> bytes:
        """By what its call is known again."""
        return identity_of(self.data)

    @property
    def raw_hash(self) -> bytes:
        """The hash of a transaction that has been signed elsewhere."""
        return keccak(self.raw or b"")


@dataclass(slots=True)
class Course:
    """Where a job stands. ``entry`` is its newest transaction, if it has one.

    ``again`` counts how often it was signed anew because something that it needed had been mined after it.
    ``too_large`` says why it failed without having been signed.
    """

    job: Job
    stage: Stage = "waiting"
    entry: Entry | None = None
    again: int = 0
    too_large: TooLargeForBlockError | None = None
    needed_by: list[int] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Whether nothing more becomes of it."""
        return self.stage in ("final", "done", "failed")

    @property
    def happened(self) -> bool:
        """Whether its effect is on the chain, as far as is known."""
        return self.stage in ("mined", "final", "done")
