"""The least gas that a transaction could cost: what any contract pays that keeps, tells and asks the same.

That is, by the fee schedule since Berlin (EIP-2028, EIP-2929, EIP-3529), with nothing for deciding, coding
and moving bytes about:

- the transaction and its calldata;
- each contract that is called besides the one that the transaction names, once, cold: ours are divided, since
  none may pass 24,576 bytes (EIP-170);
- each slot that is read, once, cold, and each slot whose value changes, once, by what it was and became;
- each log, its topics and its bytes;
- each hash of other bytes, once: mappings keep things at hashes, and ids and what answers repeat are hashes;
- each signature that is recovered.

Beside it, and not in it, stands what else no contract avoids, ``Floor.memory``: what is logged or hashed
lies in memory, each word of it written once, in no more memory than the longest of them needs. Finding the
function, checking and coding take more, but how much is the contract's own doing.

Slots are counted as they are laid out: what another layout would cost, docs/contracts.md weighs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from eth.abc import ComputationAPI, VirtualMachineAPI
from eth.vm.forks.prague import PragueVM
from eth.vm.forks.prague.computation import PragueComputation
from eth.vm.forks.prague.state import PragueState
from eth.vm.logic.sha3 import sha3
from eth.vm.opcode import as_opcode
from eth.vm.opcode_values import SHA3

TRANSACTION = 21_000
COLD_CONTRACT = 2_600
COLD_SLOT = 2_100
#: Writing a slot that was zero, and another.
SET, RESET = 20_000, 2_900
#: What clearing a slot gives back, and by what all gas is divided for the most of it (EIP-3529).
CLEARED, MOST_GIVEN_BACK = 4_800, 5
LOG, TOPIC, LOG_BYTE = 375, 375, 8
HASH, HASH_WORD = 30, 6
RECOVERY = 3_000
#: Writing a word of memory; having one; and what memory costs besides, its words squared by this.
WRITE, WORD, SQUARE = 3, 3, 512

_RECOVER = (1).to_bytes(20, "big")

Slot = tuple[bytes, int]


@dataclass(frozen=True, slots=True)
class Floor:
    """The least gas of one transaction, by what it is for; ``memory`` is counted by itself."""

    transaction: int
    calldata: int
    calls: int
    storage: int
    logs: int
    hashing: int
    memory: int

    @property
    def gas(self) -> int:
        """All of it but ``memory``."""
        return self.transaction + self.calldata + self.calls + self.storage + self.logs + self.hashing


@dataclass(slots=True)
class Touched:
    """What was touched while transactions were executed, since it was cleared."""

    called: set[bytes] = field(default_factory=set)
    slots: set[Slot] = field(default_factory=set)
    before: dict[Slot, int] = field(default_factory=dict)
    after: dict[Slot, int] = field(default_factory=dict)
    hashed: set[bytes] = field(default_factory=set)

    def clear(self) -> None:
        """Forget it, before the next transaction."""
        for each in (self.called, self.slots, self.before, self.after, self.hashed):
            each.clear()

    def floor(self, to: bytes, calldata: bytes, logs: Iterable[Mapping[str, Any]]) -> Floor:
        """What a transaction to contract ``to`` that touched it costs at least.

        Args:
            to: the contract that the transaction names, which is warm from the start.
            calldata: what was sent.
            logs: those of the receipt.
        """
        paid = 16 * len(calldata) - 12 * calldata.count(0)
        calls = COLD_CONTRACT * len(self.called - {to, _RECOVER}) + RECOVERY * (_RECOVER in self.called)
        told = sum(LOG + TOPIC * len(log["topics"]) + LOG_BYTE * len(log["data"]) for log in logs)
        hashing = sum(HASH + HASH_WORD * -(-len(each) // 32) for each in self.hashed)
        kept = self._kept()
        all_before = TRANSACTION + paid + calls + kept + told + hashing
        storage = kept - min(CLEARED * self._cleared(), all_before // MOST_GIVEN_BACK)
        return Floor(TRANSACTION, paid, calls, storage, told, hashing, self._memory(logs))

    def _memory(self, logs: Iterable[Mapping[str, Any]]) -> int:
        """What memory costs in which logs and what is hashed are written, each in the same place."""
        written = [*(log["data"] for log in logs), *self.hashed]
        words = [-(-len(each) // 32) for each in written]
        longest = max(words, default=0)
        return WRITE * sum(words) + WORD * longest + longest**2 // SQUARE

    def _kept(self) -> int:
        """What slots cost: each once."""
        gas = COLD_SLOT * len(self.slots)
        for slot in self.slots & self.after.keys():
            if self.after[slot] != self.before[slot]:
                gas += RESET if self.before[slot] else SET
        return gas

    def _cleared(self) -> int:
        return sum(1 for slot in self.slots & self.after.keys() if self.before[slot] and not self.after[slot])


def watched(touched: Touched) -> type[VirtualMachineAPI]:
    """Prague's EVM, which notes in ``touched`` what is executed, no more if it is executed twice."""

    def noted_sha3(computation: ComputationAPI) -> None:
        start, size = computation.stack_pop_ints(2)
        computation.stack_push_int(size)
        computation.stack_push_int(start)
        sha3(computation)
        touched.hashed.add(bytes(computation.memory_read_bytes(start, size)))

    class Computation(PragueComputation):
        opcodes = PragueComputation.opcodes | {SHA3: as_opcode(noted_sha3, "SHA3", HASH)}

        @classmethod
        def apply_message(cls, state: Any, message: Any, *rest: Any, **named: Any) -> Any:
            touched.called.add(message.code_address)
            return super().apply_message(state, message, *rest, **named)

    class State(PragueState):
        computation_class = Computation

        def mark_storage_warm(self, address: Any, slot: int) -> None:
            touched.slots.add((address, slot))
            super().mark_storage_warm(address, slot)

        def set_storage(self, address: Any, slot: int, value: int) -> None:
            touched.before.setdefault((address, slot), self.get_storage(address, slot))
            touched.after[address, slot] = value
            super().set_storage(address, slot, value)

    return PragueVM.configure(__name__="WatchedVM", _state_class=State)
