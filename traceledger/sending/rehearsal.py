"""What submitting operations would do, found out without doing it: nothing is sent or stored.

Nothing is signed but the consent of a stored key that joins a participant, without which its contract cannot
be asked: it is given for the trial, holds for an hour, and is kept nowhere. A key that is still to be made
has a stand-in, and one that is elsewhere, or stays locked, leaves its line unasked.

Every operation that has not run yet ends in one of three ways::

    pending --needs an earlier line that the chain could not be asked about, or refused--> unasked
       | the chain is asked
       +--it reverts--> refused
       +--it does not--> accepted

An embedded chain runs the operations one after another on a state that is thrown away, so that later ones
build upon earlier ones. A network's node can only be asked about its newest block (``eth_call``): there an
operation that needs another pending one stays unasked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, Literal

from traceledger.artifacts import ContractName
from traceledger.chain.base import Call, CallRevertedError, Chain, Rehearsing
from traceledger.chain.rpc.transactions import TransactionPort
from traceledger.errors import InputError, Place, SigningError
from traceledger.model.hexadecimal import hexed
from traceledger.model.progress import Progress
from traceledger.operations.effects import Effect, effect_of
from traceledger.operations.participants import RegisterParticipant
from traceledger.refusals import Refusal
from traceledger.sending.block_space import fitted
from traceledger.sending.consent import TRIAL_SECONDS
from traceledger.sending.lines import Begin, Checked, Source, Step, check
from traceledger.sending.preparation import Preparation, Prepared, needs, occurrences
from traceledger.sending.proposal import Proposal, proposal
from traceledger.sending.reverts import explain
from traceledger.signing.signers import Signers

Outcome = Literal["recorded", "accepted", "refused", "unasked"]
"""``recorded``: it has run before; ``accepted`` or ``refused``: what the contracts would do; ``unasked``."""

Ask = Callable[[Call], bytes | None]
"""The revert data of a call; ``None`` if it would succeed."""


@dataclass(frozen=True, slots=True)
class RecordedAt:
    """Where an operation stands: block, transaction index, and the 20-byte address of the key that signed."""

    block: int
    index: int
    signer: bytes


@dataclass(frozen=True, slots=True)
class PlannedOperation:
    """What submitting one operation would do.

    Attributes:
        number: its line in the file, or its place among the operations given, from 1.
        place: that with its file; of a spreadsheet, the row where it begins.
        operation: its name.
        act_as: short name of the participant that acts; ``None``: the consortium.
        effect: what it would do, in words and data.
        key: name of the key that signs it; its address as 0x text if it is not a stored one.
        key_exists: ``False`` where the key is still to be made.
        account: the key's 20-byte address; a placeholder where it is still to be made.
        contract: the contract that it calls.
        outcome: whether it has run, and what the contracts would say.
        refusal: why they would refuse it, if they would.
        waits_for: number of the operation without which the chain cannot be asked.
        batches: full names of those that it changes or makes.
        recorded: where it stands, if it has run.
    """

    number: int
    place: Place
    operation: str
    act_as: str | None
    effect: Effect
    key: str
    key_exists: bool
    account: bytes
    contract: ContractName
    outcome: Outcome
    refusal: Refusal | None = None
    waits_for: int | None = None
    batches: tuple[str, ...] = ()
    recorded: RecordedAt | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What submitting operations would do, as the chain stood at ``block``.

    ``proposal`` is what would be signed, as who approves it is shown it, where that was asked for.
    """

    operations: tuple[PlannedOperation, ...]
    block: int
    proposal: Proposal | None = None

    @property
    def refused(self) -> tuple[PlannedOperation, ...]:
        """Those that the contracts would refuse."""
        return tuple(it for it in self.operations if it.outcome == "refused")

    def count(self, outcome: Outcome) -> int:
        """How many end so."""
        return sum(it.outcome == outcome for it in self.operations)


def rehearse(
    source: Source,
    begin: Begin,
    chain: Chain,
    *,
    create_keys: bool,
    progress: Progress,
    propose: bool = False,
) -> Plan:
    """Check operations as submitting them would, and ask the chain what its contracts would say.

    Args:
        source: where the operations come from.
        begin: makes what they are prepared with, over an index that is up to date.
        chain: the chain.
        create_keys: take it that missing keys would be made.
        progress: told how many operations of how many were looked at.
        propose: say what would be signed, too.

    Raises:
        OperationsFileError: a line has faults.
        SigningError: a key is missing.
        TooLargeForBlockError: a block of the network cannot take an operation.
        InputError: private texts that may be repeated cannot be opened here.
    """
    checked = check(source, lambda: begin(create_keys))
    steps = checked.steps()
    checked.preparation.require_openings()
    head = chain.head().number
    with _asking(chain) as (ask, builds_up):
        fits = _fitting(chain, source)
        verdicts = list(_verdicts(steps, checked.preparation, ask, fits, builds_up=builds_up))
        planned = []
        for step, verdict in zip(steps, verdicts, strict=True):
            planned.append(_planned(step, checked, verdict))
            progress(len(planned), len(steps))
    return Plan(tuple(planned), head, _proposal(steps, planned, checked.preparation) if propose else None)


def _proposal(
    steps: Sequence[Step], planned: Sequence[PlannedOperation], preparation: Preparation
) -> Proposal:
    """What would be signed of the operations that have not run."""
    pending = [step.prepared for step, it in zip(steps, planned, strict=True) if it.outcome != "recorded"]
    return proposal(pending, preparation)


@dataclass(frozen=True, slots=True)
class _Verdict:
    outcome: Outcome
    refusal: Refusal | None = None
    waits_for: int | None = None
    nth: int = 1


@contextmanager
def _asking(chain: Chain) -> Iterator[tuple[Ask, bool]]:
    """How to ask a chain about a call, and whether what was asked before is built upon."""
    if isinstance(chain, Rehearsing):
        with chain.rehearsal() as rehearsal:
            yield rehearsal.try_call, True
        return

    def ask(call: Call) -> bytes | None:
        try:
            chain.call(call.to, call.data, sender=call.sender)
        except CallRevertedError as error:
            return error.data
        return None

    yield ask, False


def _fitting(chain: Chain, source: Source) -> Callable[[Step], None]:
    """What refuses an operation that a block cannot take."""
    if not isinstance(chain, TransactionPort):
        return lambda _: None
    limit = chain.gas_limit()

    def fits(step: Step) -> None:
        with suppress(CallRevertedError):  # the chain is asked for the reason anyway
            fitted(step.prepared.job(occurrence=1, source=source.place(step.number)), chain, limit)

    return fits


def _verdicts(
    steps: Sequence[Step],
    preparation: Preparation,
    ask: Ask,
    fits: Callable[[Step], None],
    *,
    builds_up: bool,
) -> Iterator[_Verdict]:
    prepared = [step.prepared for step in steps]
    before = needs(prepared)
    obstacles: dict[int, int] = {}
    """Numbers of the lines without which others cannot be asked about, by their positions."""
    for position, (nth, ran) in enumerate(occurrences(prepared, preparation.known)):
        waits_for = max((obstacles[need] for need in before[position] if need in obstacles), default=None)
        if ran:
            yield _Verdict("recorded", nth=nth)
        elif waits_for is None and prepared[position].late:
            # It follows from a line before that is not recorded: only that one's number can be told.
            obstacles[position] = steps[position].number
            waits_for = max((steps[need].number for need in before[position]), default=None)
            yield _Verdict("unasked", waits_for=waits_for)
        elif waits_for is not None:
            obstacles[position] = waits_for if builds_up else steps[position].number
            yield _Verdict("unasked", waits_for=waits_for)
        elif (whole := _consented(prepared[position], preparation)) is None:
            obstacles[position] = steps[position].number
            yield _Verdict("unasked", waits_for=steps[position].number)
        else:
            fits(steps[position])
            data = ask(_call(whole))
            if data is not None or not builds_up:
                obstacles[position] = steps[position].number
            refusal = None if data is None else explain(data, preparation.names)
            yield _Verdict("accepted" if data is None else "refused", refusal)


def _consented(prepared: Prepared, preparation: Preparation) -> Prepared | None:
    """An operation with the consent of the key that joins by it; ``None``: that is not at hand."""
    try:
        return preparation.consented(prepared, TRIAL_SECONDS)
    except SigningError:
        return None


def _call(prepared: Prepared) -> Call:
    return Call(prepared.account, prepared.target, prepared.data, prepared.gas)


def _planned(step: Step, checked: Checked, verdict: _Verdict) -> PlannedOperation:
    prepared, preparation = step.prepared, checked.preparation
    key, exists = _key(prepared.account, preparation.placeholders, preparation.signers)
    if verdict.refusal is not None:
        verdict.refusal.where = checked.source.place(step.number)
    return PlannedOperation(
        number=step.number,
        place=checked.source.place(step.number),
        operation=prepared.operation.op,
        act_as=prepared.operation.act_as,
        effect=_effect(prepared, checked, step.number),
        key=key,
        key_exists=exists,
        account=prepared.account,
        contract=prepared.call.contract,
        outcome=verdict.outcome,
        refusal=verdict.refusal,
        waits_for=verdict.waits_for,
        batches=tuple(map(preparation.names.shown, sorted(prepared.touched.batches))),
        recorded=_recorded(prepared, verdict, preparation),
    )


def _recorded(prepared: Prepared, verdict: _Verdict, preparation: Preparation) -> RecordedAt | None:
    if verdict.outcome != "recorded":
        return None
    places = preparation.known.operation_places(*prepared.key)
    return RecordedAt(*places[verdict.nth - 1]) if verdict.nth <= len(places) else None


def _effect(prepared: Prepared, checked: Checked, number: int) -> Effect:
    """What an operation would do; the addresses of keys that are still to be made are left open."""
    operation, placeholders = prepared.operation, checked.preparation.placeholders
    if isinstance(operation, RegisterParticipant) and operation.address in placeholders:
        operation = replace(operation, address=None)
    try:
        found = effect_of(operation, checked.preparation.names)
    except InputError as error:
        raise checked.source.fault(error, number) from None
    unknown = frozenset(map(hexed, placeholders))
    return replace(found, details=_left_open(found.details, unknown)) if unknown else found


def _left_open(value: Any, unknown: frozenset[str]) -> Any:
    """Data in which ``None`` stands in the place of some texts."""
    if isinstance(value, Mapping):
        return {name: _left_open(item, unknown) for name, item in value.items()}
    if isinstance(value, list):
        return [_left_open(item, unknown) for item in value]
    return None if isinstance(value, str) and value in unknown else value


def _key(account: bytes, placeholders: dict[bytes, str], signers: Signers) -> tuple[str, bool]:
    """A key's name, and whether it exists."""
    if account in placeholders:
        return placeholders[account], False
    return signers.name_of(account) or hexed(account), True
