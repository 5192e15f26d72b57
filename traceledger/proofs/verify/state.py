r"""What the contracts' proved state says at the stated block.

Example:
    >>> account_of(b"\xc0")
    Traceback (most recent call last):
    traceledger.errors.VerificationError: an account in the state trie is malformed
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from traceledger.errors import InputError, VerificationError
from traceledger.model.batches import Batch
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.model.keccak import keccak
from traceledger.proofs import layout
from traceledger.proofs.concerned import Concerned
from traceledger.proofs.proved_headers import decoded
from traceledger.proofs.source import ProofSource
from traceledger.proofs.tries import Nodes
from traceledger.proofs.trust import TrustedContract

_ACCOUNT_FIELDS = 4
_BATCHES_AT_ONCE = 30_000


@dataclass(frozen=True, slots=True)
class Account:
    """An account in the state trie, as far as proofs use it: two 32-byte hashes."""

    storage_root: bytes
    code_hash: bytes


def account_of(value: bytes) -> Account:
    """An account from its value in the state trie.

    Raises:
        VerificationError: it is none.
    """
    try:
        fields = decoded(value, "an account")
    except InputError:
        fields = None
    if isinstance(fields, list) and len(fields) == _ACCOUNT_FIELDS:
        root, code = fields[2], fields[3]
        if isinstance(root, bytes) and isinstance(code, bytes) and len(root) == len(code) == 32:
            return Account(root, code)
    raise VerificationError("an account in the state trie is malformed")


class ProvedState:
    """Reads the state under a state root, through the nodes that a proof file holds.

    Args:
        nodes: the nodes.
        root: the state root of the stated block, which is final (T1).
    """

    def __init__(self, nodes: Nodes, root: bytes) -> None:
        self._nodes = nodes
        self._root = root

    def close(self) -> None:
        """Nothing more is asked: that all nodes were needed; they are let go.

        Raises:
            VerificationError: one was not.
        """
        # R12: only now is it known which keys were needed.
        self._nodes.require_all_used()
        self._nodes.clear()

    def storage_root(self, contract: TrustedContract, name: str) -> bytes:
        """The storage root of a contract that has the trusted code.

        Raises:
            VerificationError: it is not there, or has another code.
        """
        value = self._nodes.get(self._root, keccak(contract.address))
        if value is None:
            raise VerificationError(f"there is no {name} at its trusted address at the stated block")
        account = account_of(value)
        # T1: an address alone says nothing of what the contract does, on this chain or after a fork.
        if account.code_hash != contract.code_hash:
            raise VerificationError(
                f"the {name} has another code than the trust root says",
                hint="the contracts were replaced, or the trust root is of another deployment",
            )
        return account.storage_root

    def word(self, storage_root: bytes, slot: int) -> int:
        """The word in a contract's storage slot; 0 where nothing is stored."""
        return self._word(storage_root, keccak(slot.to_bytes(32, "big")))

    def _word(self, storage_root: bytes, key: bytes) -> int:
        value = self._nodes.get(storage_root, key)
        if value is None:  # T2: a word that is zero is not stored
            return 0
        try:
            word = decoded(value, "a word")
        except InputError:
            word = None
        if not isinstance(word, bytes) or not 0 < len(word) <= 32:
            raise VerificationError("a word in a storage trie is malformed")
        return int.from_bytes(word, "big")

    def words(self, storage_root: bytes, slots: Sequence[int]) -> list[int]:
        """The words in some of a contract's storage slots, in their order."""
        keys = [keccak(slot.to_bytes(32, "big")) for slot in slots]
        found = [0] * len(keys)
        # In the trie's order: so that each node on the way is met once, and none is kept.
        for place in sorted(range(len(keys)), key=keys.__getitem__):
            found[place] = self._word(storage_root, keys[place])
        return found

    def require_batches(self, ledger: bytes, batches: Iterable[Batch], *, tolerance: bool = True) -> None:
        """That replayed batches are what the ledger (its storage root) has, to the bit.

        Args:
            ledger: the ledger's storage root.
            batches: the batches after the last event.
            tolerance: whether the events tell what they have used of their tolerance.

        Raises:
            VerificationError: one is not; so an event is missing from the file.
        """
        rest = iter(batches)
        while some := list(islice(rest, _BATCHES_AT_ONCE)):
            first = [layout.state_slot(batch.id) for batch in some]
            states = self.words(ledger, first)
            # T3: the state says which further words there are; a word that is not there is not asked for.
            slots = [
                layout.further_slots(slot, layout.require_batch(state, batch.id))
                for batch, slot, state in zip(some, first, states, strict=True)
            ]
            words = iter(self.words(ledger, [slot for each in slots for slot in each]))
            for batch, state, further in zip(some, states, slots, strict=True):
                _require_same(batch, state, dict(zip(further, words, strict=False)), tolerance=tolerance)

    def require_all_named(self, registry: bytes, source: ProofSource, whom: Concerned) -> None:
        """That the file holds every event of the registry that named these participants and facilities.

        Args:
            registry: the registry's storage root.
            source: the file's events.
            whom: whom the lineage names.

        Raises:
            VerificationError: one is missing.
        """
        for participant in sorted(whom.participants):
            counted = layout.participant_events(self.word(registry, layout.account_slot(participant)))
            _require_count(f"participant {hexed(participant)}", counted, source.named(participant))
        for facility in sorted(whom.facilities):
            counted = layout.facility_events(self.word(registry, layout.facility_slot(facility)))
            _require_count(f"facility {id_text(facility)}", counted, source.named(facility))


def _require_same(batch: Batch, state: int, further: dict[int, int], *, tolerance: bool) -> None:
    """That a replayed batch is what its words say: that of its state, and the others by slot."""
    if not batch.differences and not batch.waste and layout.words_of(batch) == (state, *further.values()):
        return
    words = {layout.state_slot(batch.id): state} | further
    parts = layout.parts_of(batch, tolerance=tolerance)
    differs = [part.name for part in parts if not part.fits(words.get(part.slot, 0))]
    if differs:
        what = ", ".join(dict.fromkeys(differs))
        raise VerificationError(
            f"batch {id_text(batch.id)}: the events give other than the proved state: {what}",
            hint="an event that concerns it is missing from the file",
        )


def _require_count(what: str, counted: int, named: int) -> None:
    # V7: another name, country or identifier would be missed by nothing else.
    if counted != named:
        raise VerificationError(
            f"the registry counts events that name {what} to be {counted}, the file holds {named}",
            hint="one that changed its name, country or identifiers is missing",
        )
