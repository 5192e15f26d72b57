"""How an operation is prepared: everything that must be known of it before it is signed, in one place.

What is recorded at once, from a file, or signed without a network goes through the same steps::

    operation
       | a registration without an address gets that of its stored key; a decision without a time, its time
       v
    checked operation: call, what it touches, the keys that may sign it       Preparation.check
       | one of these keys is chosen
       v
    prepared operation: account, contract, key by which it is recognised      Preparation.assign
       | what opens private texts is stored
       v
    ready to be signed, or late                                               Preparation.keep

Names learn what each operation makes, so that the next one may name it: operations are prepared in order. An
operation is late if its calldata follows from lines before it that are not recorded yet: it is prepared anew
once they are (``submission.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from traceledger.artifacts import ContractName
from traceledger.config.networks import Contracts
from traceledger.errors import InputError
from traceledger.model.keccak import keccak
from traceledger.operations.actor import Actor
from traceledger.operations.catalogue import Operation
from traceledger.operations.dating import decided
from traceledger.operations.declared import longest_list
from traceledger.operations.dependencies import Dependencies, Touched, order, repeatable
from traceledger.operations.directory import Directory, Known
from traceledger.operations.participants import RegisterParticipant
from traceledger.operations.plan import PlannedCall, Planner, never
from traceledger.operations.private import keep_openings, require_openings
from traceledger.sending.consent import VALID_SECONDS, consenting, consenting_key, joining
from traceledger.sending.jobs import Job
from traceledger.sending.outbox import OperationKey
from traceledger.sending.sender import address_of, gas_limit
from traceledger.signing.keystore import LocalSigner
from traceledger.signing.places import Signer
from traceledger.signing.signers import Signers

_STAND_IN = "a stand-in for the key of "
"""Of whose hash the key is made that stands in for one that is still to be made."""


class History(Known, Protocol):
    """What is asked of the index: names, and what has run."""

    def operation_count(self, participant: bytes, to: bytes, call: bytes) -> int:
        """How many successful transactions made a call with this identity for this participant."""

    def operation_counts(self, operations: Sequence[tuple[bytes, bytes, bytes]]) -> Sequence[int]:
        """The same of many (participant, to, call) at once."""

    def operation_places(
        self, participant: bytes, to: bytes, call: bytes
    ) -> Sequence[tuple[int, int, bytes]]:
        """Where these stand, in chain order: block, transaction index, and the key that signed."""

    def identifiers(self, creator: bytes, beginning: str) -> Sequence[str]:
        """Identifiers of the batches that a participant made, of those that begin so."""


class GrowingHistory(History, Protocol):
    """What is asked of an index that follows a chain."""

    def last_change(self) -> int:
        """Number of the newest block that changed anything."""


@dataclass(frozen=True, slots=True)
class CheckedOperation:
    """A sound operation as a call, before a key was chosen for it.

    Attributes:
        operation: with its address and its time.
        call: what performs it.
        operators: the keys that may sign it at its place.
        touched: what it depends on, and what it changes.
        ran: whether the chain holds it already.
    """

    operation: Operation
    call: PlannedCall
    operators: tuple[bytes, ...]
    touched: Touched
    ran: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation with all that must be known to sign it.

    Attributes:
        operation: with its address and its time.
        call: what performs it.
        account: the address that signs it.
        target: the contract's address.
        touched: what it depends on, and what it changes.
    """

    operation: Operation
    call: PlannedCall
    account: bytes
    target: bytes
    touched: Touched

    @property
    def actor(self) -> bytes:
        """Who acts: a participant, or the account itself."""
        return self.call.participant or self.account

    @property
    def late(self) -> bool:
        """Whether its calldata follows from lines that are not recorded yet."""
        return self.call.data is None

    @property
    def data(self) -> bytes:
        """Its calldata.

        Raises:
            InputError: that follows from lines that are not recorded yet.
        """
        if self.call.data is None:
            raise InputError(
                f"what this {self.operation.op.replace('_', ' ')} shows follows from operations before it",
                hint="record those first",
            )
        return self.call.data

    @property
    def gas(self) -> int:
        """The gas limit of its transaction."""
        return gas_limit(self.operation.row(), self.data)

    @property
    def key(self) -> tuple[bytes, bytes, bytes]:
        """By what it is recognised on the chain: who acts, on which contract, with which call."""
        return self.actor, self.target, self.call.identity

    def job(self, *, occurrence: int, source: str, needs: tuple[int, ...] = ()) -> Job:
        """The transaction to make.

        Args:
            occurrence: which of several equal operations on the chain it is, from 1.
            source: where it was asked for: ``file:line``, or a command.
            needs: positions of jobs that must come first.
        """
        listed, items = longest_list(self.operation)
        return Job(
            account=self.account,
            to=self.target,
            data=self.data,
            gas=self.gas,
            actor=self.actor,
            occurrence=occurrence,
            operation=self.operation.op,
            source=source,
            needs=needs,
            repeatable=repeatable(self.operation),
            batches=self.touched.batches,
            items=items,
            listed=listed,
        )


class Preparation:
    """Prepares operations, one after another.

    Args:
        known: the index as it stands.
        names: names over it; it learns what is planned.
        signers: the keys.
        contracts: where the contracts are.
        provisional: take a placeholder for the address of a participant whose key is still to be made. Only
            for checking, never for sending.
        chain_id: of the chain, to which a key's consent is bound.
    """

    def __init__(
        self,
        known: History,
        names: Directory,
        signers: Signers,
        contracts: Contracts,
        *,
        provisional: bool = False,
        chain_id: int = 0,
    ) -> None:
        self.known = known
        self.chain_id = chain_id
        self.names = names
        self.signers = signers
        self.contracts = contracts
        self.placeholders: dict[bytes, str] = {}
        """Short names of participants whose keys are still to be made, by their placeholders."""
        self.approve: Callable[[Sequence[Prepared], Preparation], None] | None = None
        """Is shown what is about to be signed, and raises if it shall not be; ``None``: nobody is asked."""
        self._provisional = provisional
        self._stand_ins: dict[bytes, Signer] = {}
        self._dependencies = Dependencies(names)
        self._planner = Planner(names, self._holds)
        self._seen: Counter[tuple[bytes, bytes, bytes]] = Counter()

    def check(self, operation: Operation) -> CheckedOperation:
        """The call that performs an operation.

        Raises:
            InputError: a name is unknown, or the operation cannot be planned.
        """
        before = self.names.operators_before(operation.act_as)
        whole = self._addressed(operation)
        call = self._planner.plan(whole)
        touched = self._dependencies.of(whole)
        ran = self._ran(call)
        if not ran:
            self._foresee(whole, call, touched)
        return CheckedOperation(whole, call, before, touched, ran)

    def _ran(self, call: PlannedCall) -> bool:
        """Whether the chain holds a call: the k-th such has run if it holds k of them."""
        key = self._key(call.participant, call.contract, call.identity)
        if key is None:
            return False
        self._seen[key] += 1
        return self._seen[key] <= self.known.operation_count(*key)

    def _holds(self, participant: bytes | None, contract: ContractName, identity: bytes) -> bool:
        """As for :meth:`_ran`, before the call is planned."""
        key = self._key(participant, contract, identity)
        return key is not None and self._seen[key] < self.known.operation_count(*key)

    def _key(
        self, participant: bytes | None, contract: ContractName, identity: bytes
    ) -> tuple[bytes, bytes, bytes] | None:
        """By what a call is recognised; ``None``: nobody is known who acts, or it is not known yet."""
        actor = participant or self.signers.known_deployer()
        if actor is None or not identity:
            return None
        return actor, address_of(self.contracts, contract), identity

    def _foresee(self, operation: Operation, call: PlannedCall, touched: Touched) -> None:
        """Tell the outlook what an operation will do."""
        outlook = self.names.outlook
        outlook.name(touched.batches)
        if call.data is None:
            outlook.unsettle(touched.writes)
        else:
            operation.foreseen(Actor(call.participant, self.names))

    def assign(self, checked: CheckedOperation) -> Prepared:
        """Choose the key that signs.

        Raises:
            SigningError: no key for it is at hand.
        """
        return Prepared(
            operation=checked.operation,
            call=checked.call,
            account=self._account(checked),
            target=address_of(self.contracts, checked.call.contract),
            touched=checked.touched,
        )

    def prepare(self, operation: Operation, settled: Collection[OperationKey] = ()) -> Prepared:
        """Both steps at once, for an operation by itself: a decision that states no time is of now.

        An operation with a tag that the chain holds already is another one, with the next tag.

        Args:
            operation: the operation.
            settled: what has just been brought to an end: if it is one of them, it is that one.

        Raises:
            InputError: a name is unknown, or the operation cannot be planned.
            SigningError: no key for it is at hand.
        """
        whole = decided(operation)
        prepared, ran = self._prepared(whole)
        while ran and OperationKey.of(*prepared.key) not in settled:
            if not prepared.operation.row().tagged:
                self._planner.ran = (
                    never  # it is asked for once more: the contracts say what they think of it
                )
                return self._prepared(whole)[0]
            prepared, ran = self._prepared(whole)
        return prepared

    def _prepared(self, operation: Operation) -> tuple[Prepared, bool]:
        """An operation, and whether the chain holds it already and it was not planned again therefore."""
        checked = self.check(operation)
        return self.assign(checked), checked.ran and checked.call.data is None

    def ask(self, prepared: Sequence[Prepared]) -> None:
        """Show what is about to be signed to who is asked, if anybody is."""
        if self.approve is not None:
            self.approve(prepared, self)

    def consented(self, prepared: Prepared, seconds: int = VALID_SECONDS) -> Prepared:
        """The operation with the consent of the key that joins by it, if that is at hand.

        Args:
            prepared: the operation.
            seconds: how long the consent holds.

        Raises:
            SigningError: that key is not here, or its passphrase is wrong.
        """
        found = joining(prepared.operation, prepared.call.participant)
        if found is None or prepared.call.data is None:
            return prepared
        key, participant = found
        signer = self._stand_ins.get(key) or consenting_key(self.signers, key)
        data = consenting(
            prepared.call.data,
            signer,
            participant=participant,
            chain_id=self.chain_id,
            registry=self.contracts.registry,
            seconds=seconds,
        )
        return replace(prepared, call=replace(prepared.call, data=data))

    def require_openings(self) -> None:
        """Refuse what might run twice, as private texts that it may repeat cannot be opened here.

        Raises:
            InputError: openings are missing.
        """
        require_openings(self.names, self.known)

    def keep(self) -> None:
        """Store durably what was committed to while planning. It comes before signing.

        Raises:
            InputError: openings are missing, or cannot be stored; then nothing may be sent.
        """
        keep_openings(self.names, self.known)

    def _account(self, checked: CheckedOperation) -> bytes:
        if checked.call.participant is None:
            return self.signers.deployer()
        for address in checked.operators:
            if address in self.placeholders:
                return address
        return self.signers.choose(self.names.slug(checked.call.participant), checked.operators)

    def _addressed(self, operation: Operation) -> Operation:
        """A registration that names no address, with that of the stored key of its short name."""
        if not isinstance(operation, RegisterParticipant) or operation.address is not None:
            return operation
        slug = operation.participant
        if (found := registered_address(slug, self.names, self.signers)) is not None:
            return replace(operation, address=found)
        if not self._provisional:
            return operation
        stand_in = LocalSigner(keccak(f"{_STAND_IN}{slug}".encode()))
        self.placeholders[stand_in.address] = slug
        self._stand_ins[stand_in.address] = stand_in
        return replace(operation, address=stand_in.address)


def registered_address(slug: str, names: Directory, signers: Signers) -> bytes | None:
    """The address of a participant: as it is registered, or of its stored key; ``None``: neither exists."""
    registered = names.registered(slug)
    if registered is not None:
        return registered
    return None if signers.is_new(slug) else signers.address_of(slug)


def occurrences(prepared: Sequence[Prepared], known: History) -> list[tuple[int, bool]]:
    """For each operation which of equal ones it is, from 1, and whether the chain holds it already.

    The k-th such operation has run if the chain holds k of them.
    """
    seen: Counter[tuple[bytes, bytes, bytes]] = Counter()
    keys = [item.key for item in prepared]
    found = []
    for key, done in zip(keys, known.operation_counts(keys), strict=True):
        seen[key] += 1
        found.append((seen[key], seen[key] <= done))
    return found


def needs(prepared: Sequence[Prepared]) -> list[tuple[int, ...]]:
    """For each operation the positions of those before it whose effects it touches."""
    return order([item.touched for item in prepared])
