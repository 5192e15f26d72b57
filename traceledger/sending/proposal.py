"""What is about to be signed, for who is asked: by which key, for whom, and what the lots weigh.

Addresses are those that stand in the calldata; names and masses are what the chain proves, or the directory
file of a machine without a network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from traceledger.errors import InputError
from traceledger.model.frozen import frozen
from traceledger.operations.base import Base
from traceledger.operations.declared import declared
from traceledger.operations.directory import Directory
from traceledger.operations.effects import effect_of
from traceledger.operations.involved import Involved, Party, involved
from traceledger.sending.preparation import Preparation, Prepared


@frozen
class ProposedLot:
    """A lot that is named. ``mass_mg`` is what the ledger has of it, mg; ``None``: that is not proved."""

    name: str
    id: int
    mass_mg: int | None


@frozen
class Proposed:
    """An operation that moves custody, title or rights, or cannot be undone, and is about to be signed.

    Attributes:
        operation: its name in an operations file.
        summary: what it does, in a sentence.
        key: name of the key that signs, or nothing where it has none.
        signer: its address, 20 bytes.
        parties: whom it names.
        lots: which lots.
        for_good: what of it cannot be undone, as :class:`~traceledger.operations.base.Row` has it.
    """

    operation: str
    summary: str
    key: str
    signer: bytes
    parties: tuple[Party, ...]
    lots: tuple[ProposedLot, ...]
    for_good: str = ""

    @property
    def total_mg(self) -> int | None:
        """What the lots weigh together, mg; ``None``: of one it is not proved."""
        masses = [lot.mass_mg for lot in self.lots]
        return None if None in masses else sum(mass for mass in masses if mass is not None)


@frozen
class Proposal:
    """What is about to be signed.

    Attributes:
        counts: how many operations, by name.
        items: those that move something, or cannot be undone.
    """

    counts: Mapping[str, int]
    items: tuple[Proposed, ...]

    @property
    def for_good(self) -> tuple[Proposed, ...]:
        """Those that cannot be undone."""
        return tuple(item for item in self.items if item.for_good)


Approve = Callable[[Proposal], None]
"""Is shown what is about to be signed, and raises if it shall not be."""
Asked = Approve | None
"""``None``: nobody is asked, as the program that calls decides by itself."""


def asking(approve: Asked) -> Callable[[Sequence[Prepared], Preparation], None] | None:
    """What a preparation asks, where somebody is asked."""
    if approve is None:
        return None
    return lambda prepared, preparation: approve(proposal(prepared, preparation))


def proposal(prepared: Sequence[Prepared], preparation: Preparation) -> Proposal:
    """What signing some operations would do.

    Args:
        prepared: the operations, in order.
        preparation: with which they were prepared.

    Raises:
        VerificationError: whom a name means, or what a lot weighs, is not proved.
    """
    names = preparation.names
    rows = ((each, each.operation.row()) for each in prepared)
    moving = [(each, _involved(each, names)) for each, row in rows if row.moves or row.for_good]
    asked = list(dict.fromkeys(batch for _, found in moving for batch in found.batches))
    masses = _made(prepared, names)
    if names.proved is not None and asked:
        masses |= names.proved.masses(asked)
    return Proposal(
        Counter(each.operation.op for each in prepared),
        tuple(_proposed(each, found, masses, preparation) for each, found in moving),
    )


def _proposed(
    prepared: Prepared, found: Involved, masses: Mapping[int, int], preparation: Preparation
) -> Proposed:
    names = preparation.names
    return Proposed(
        operation=prepared.operation.op,
        summary=_summary(prepared.operation, names),
        key=preparation.signers.name_of(prepared.account) or "",
        signer=prepared.account,
        parties=found.parties,
        lots=tuple(ProposedLot(names.shown(each), each, masses.get(each)) for each in found.batches),
        for_good=prepared.operation.row().for_good,
    )


def _involved(prepared: Prepared, names: Directory) -> Involved:
    if prepared.late:
        # What it is about follows from lines before it, which are shown; it is prepared anew after them.
        return Involved((), ())
    return involved(prepared.operation, names)


def _summary(operation: Base, names: Directory) -> str:
    try:
        return effect_of(operation, names).summary
    except InputError:  # it follows from lines before it
        return operation.op.replace("_", " ")


def _made(prepared: Iterable[Prepared], names: Directory) -> dict[int, int]:
    """What the lots weigh, mg, that the operations make themselves."""
    found: dict[int, int] = {}
    for each in prepared:
        owner = each.call.participant
        if owner is None:
            continue
        items: list[Any] = [each.operation]
        for field in declared(type(each.operation)):
            items += getattr(each.operation, field.name) if field.parts and field.many else ()
        for item in items:
            kind: type = type(item)
            fields = {field.name: field for field in declared(kind)}
            mass = getattr(item, "mass", None)
            if "batch" in fields and fields["batch"].value.new and isinstance(mass, int):
                found[names.new_batch_id(item.batch, owner)] = mass
    return found
