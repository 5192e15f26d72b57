"""py-evm's interpreter, several times as quick; the results are the same.

py-evm pays for each opcode: three calls, a count of its gas, checks of the stack and of each value. Here the
cheap opcodes, nine of ten that a contract runs, are run a stretch at a time. A stretch is what runs from one
place to the next jump or dear opcode, whatever the values are: so its gas and what it needs of the stack are
the same each time, and are worked out once. Where either does not suffice, py-evm runs it, and says what is
wrong; as all gas is gone then, it is no matter that it would have been gone some opcodes later. The dear
opcodes (of storage, calls, logs, hashes, copies, gas itself) are py-evm's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import and_, eq, gt, lt, or_, xor
from typing import Any, NamedTuple

from eth.exceptions import InvalidJumpDestination
from eth.vm.code_stream import CodeStream
from eth.vm.forks.prague.computation import PragueComputation

Step = Callable[[list[int], int, Any], object]
"""Runs an opcode: on a stack, with what the code says (a value, or a place there), in a computation."""

_MOST = 1024
"""Entries of a stack."""
_WORD = 2**256
_BITS = 256
_SIZE = 32
_JUMP, _JUMPI, _JUMPDEST, _PUSH0, _DUP1, _SWAP1 = 0x56, 0x57, 0x5B, 0x5F, 0x80, 0x90
_TARGETS = re.compile(
    b"|".join(rb"\x%02x.{0,%d}" % (_PUSH0 + size, size) for size in range(1, _SIZE + 1)) + rb"|(\x5b)",
    re.DOTALL,
)
"""Instructions with data, and those that may be jumped to."""


def _of_two(compute: Callable[[int, int], int]) -> Step:
    """The topmost entry and the next one become one, a word."""

    def run(stack: list[int], _given: int, _computation: Any) -> None:
        stack.append(compute(stack.pop(), stack.pop()) % _WORD)

    return run


def _told(compare: Callable[[int, int], int]) -> Step:
    """The topmost entry and the next one become one that needs not be made a word: no greater than they."""

    def run(stack: list[int], _given: int, _computation: Any) -> None:
        stack.append(int(compare(stack.pop(), stack.pop())))

    return run


def _signed(value: int) -> int:
    return value - _WORD if value >= _WORD // 2 else value


def _push(stack: list[int], given: int, _computation: Any) -> None:
    stack.append(given)


def _dup(stack: list[int], given: int, _computation: Any) -> None:
    stack.append(stack[given])


def _swap(stack: list[int], given: int, _computation: Any) -> None:
    stack[-1], stack[given] = stack[given], stack[-1]


def _pop(stack: list[int], _given: int, _computation: Any) -> None:
    del stack[-1]


def _iszero(stack: list[int], _given: int, _computation: Any) -> None:
    stack[-1] = int(not stack[-1])


def _not(stack: list[int], _given: int, _computation: Any) -> None:
    stack[-1] = _WORD - 1 - stack[-1]


def _nothing(_stack: list[int], _given: int, _computation: Any) -> None:
    """Of a place to jump to."""


def _mload(stack: list[int], _given: int, computation: Any) -> None:
    start = stack[-1]
    memory = computation._memory
    if start + _SIZE > len(memory._bytes):
        computation.extend_memory(start, _SIZE)
    stack[-1] = int.from_bytes(memory._bytes[start : start + _SIZE], "big")


def _mstore(stack: list[int], _given: int, computation: Any) -> None:
    start, value = stack.pop(), stack.pop()
    memory = computation._memory
    if start + _SIZE > len(memory._bytes):
        computation.extend_memory(start, _SIZE)
    memory._bytes[start : start + _SIZE] = value.to_bytes(_SIZE, "big")


def _calldataload(stack: list[int], _given: int, computation: Any) -> None:
    start = stack[-1]
    data = computation.msg.data_as_bytes[start : start + _SIZE]
    stack[-1] = int.from_bytes(data, "big") << 8 * (_SIZE - len(data))


def _calldatasize(stack: list[int], _given: int, computation: Any) -> None:
    stack.append(len(computation.msg.data))


class Cheap(NamedTuple):
    """How an opcode is run, how many entries it takes off the stack and puts there, what the code says."""

    run: Step
    takes: int
    gives: int
    given: int = 0


CHEAP = {
    0x01: Cheap(_of_two(lambda left, right: left + right), 2, 1),
    0x02: Cheap(_of_two(lambda left, right: left * right), 2, 1),
    0x03: Cheap(_of_two(lambda left, right: left - right), 2, 1),
    0x04: Cheap(_told(lambda left, right: left // right if right else 0), 2, 1),
    0x10: Cheap(_told(lt), 2, 1),
    0x11: Cheap(_told(gt), 2, 1),
    0x12: Cheap(_told(lambda left, right: _signed(left) < _signed(right)), 2, 1),
    0x14: Cheap(_told(eq), 2, 1),
    0x15: Cheap(_iszero, 1, 1),
    0x16: Cheap(_told(and_), 2, 1),
    0x17: Cheap(_told(or_), 2, 1),
    0x18: Cheap(_told(xor), 2, 1),
    0x19: Cheap(_not, 1, 1),
    0x1B: Cheap(_of_two(lambda shift, value: value << shift if shift < _BITS else 0), 2, 1),
    0x1C: Cheap(_told(lambda shift, value: value >> shift if shift < _BITS else 0), 2, 1),
    0x35: Cheap(_calldataload, 1, 1),
    0x36: Cheap(_calldatasize, 0, 1),
    0x50: Cheap(_pop, 1, 0),
    0x51: Cheap(_mload, 1, 1),
    0x52: Cheap(_mstore, 2, 0),
    _JUMPDEST: Cheap(_nothing, 0, 0),
    **{_DUP1 + place: Cheap(_dup, place + 1, place + 2, -place - 1) for place in range(16)},
    **{_SWAP1 + place: Cheap(_swap, place + 2, place + 2, -place - 2) for place in range(16)},
}
"""By opcode; those that push a value stand in the code itself."""


_GAS: dict[int, int] = {
    opcode: known.gas_cost  # type: ignore[attr-defined]
    for opcode, known in PragueComputation.opcodes.items()
    if opcode in (*CHEAP, *range(_PUSH0, _DUP1), _JUMP, _JUMPI)
}


class Stretch(NamedTuple):
    """What runs from one place on, whatever the values are.

    Attributes:
        steps: in their order.
        gas: of all of them, and of the jump.
        needs: entries that must be on the stack.
        grows: so many more there are at most while it runs.
        end: where the next opcode is.
        jump: the jump before that, or zero.
    """

    steps: tuple[tuple[Step, int], ...]
    gas: int
    needs: int
    grows: int
    end: int
    jump: int


class Program:
    """Code, what may be jumped to in it, and its stretches, each made when it is run first."""

    def __init__(self, code: bytes) -> None:
        self.targets = frozenset(found.start() for found in _TARGETS.finditer(code) if found[1])
        self._code = code
        self._stretches: dict[int, Stretch] = {}

    def stretch(self, place: int) -> Stretch:
        """What runs from there on."""
        found = self._stretches.get(place)
        if found is None:
            found = self._stretches[place] = self._made(place)
        return found

    def _made(self, place: int) -> Stretch:
        steps: list[tuple[Step, int]] = []
        gas = needs = grows = height = jump = 0
        while place < len(self._code) and not jump:
            opcode = self._code[place]
            jump = opcode if opcode in (_JUMP, _JUMPI) else 0
            step = Cheap(_nothing, 1 + jump - _JUMP, 0) if jump else self._cheap(place)
            if step is None:
                break
            gas += _GAS[opcode]
            needs = max(needs, step.takes - height)
            height += step.gives - step.takes
            grows = max(grows, height)
            if step.run is not _nothing:
                steps.append((step.run, step.given))
            place += opcode - _PUSH0 + 1 if _PUSH0 <= opcode <= _PUSH0 + _SIZE else 1
        return Stretch(tuple(steps), gas, needs, grows, place, jump)

    def _cheap(self, place: int) -> Cheap | None:
        size = self._code[place] - _PUSH0
        if not 0 <= size <= _SIZE:
            return CHEAP.get(self._code[place])
        data = self._code[place + 1 : place + 1 + size]
        return Cheap(_push, 0, 1, int.from_bytes(data, "big") << 8 * (size - len(data)))


program = lru_cache(maxsize=128)(Program)


class Code(CodeStream):
    """Code that runs its cheap opcodes while py-evm asks for the next one, which is a dear one then."""

    def __init__(self, code: bytes, computation: Any) -> None:
        super().__init__(code)
        self._program = program(code)
        self._computation = computation

    def is_valid_opcode(self, position: int) -> bool:
        """Whether the place to jump to at ``position`` is an instruction; py-evm asks about no others."""
        return position in self._program.targets

    def __iter__(self) -> Iterator[int]:
        """The opcodes that py-evm is to run."""
        stack = self._computation._stack.values
        while self.program_counter < len(self):
            if not self._run(stack):
                yield from super().__iter__()
                return
            if self.program_counter >= len(self):
                break
            opcode = self[self.program_counter]
            self.program_counter += 1
            yield opcode
            if stack and isinstance(stack[-1], bytes):
                stack[-1] = int.from_bytes(stack[-1], "big")
        yield 0  # STOP

    def _run(self, stack: list[int]) -> bool:
        """Run stretch after stretch up to a dear opcode; whether gas and stack suffice for all of them."""
        meter, computation = self._computation._gas_meter, self._computation
        place, stretch_at, targets = self.program_counter, self._program.stretch, self._program.targets
        jump = 1
        while jump:
            steps, gas, needs, grows, end, jump = stretch_at(place)
            if meter.gas_remaining < gas or not needs <= len(stack) <= _MOST - grows:
                break
            meter.gas_remaining -= gas
            for step, given in steps:
                step(stack, given, computation)
            place = end
            if jump:
                target = stack.pop()
                if jump == _JUMP or stack.pop():
                    place = target
                    if target not in targets:
                        raise InvalidJumpDestination(f"Invalid Jump Destination {target}")
        else:
            self.program_counter = place
            return True
        self.program_counter = place
        return False


class LedgerComputation(PragueComputation):
    """Prague's computation, quicker."""

    def __init__(self, state: Any, message: Any, transaction_context: Any) -> None:
        super().__init__(state, message, transaction_context)
        self.code = Code(message.code, self)

    def consume_gas(self, amount: int, reason: str) -> None:
        """Use up ``amount`` of gas; the meter itself says what is wrong where it does not suffice."""
        meter: Any = self._gas_meter
        if 0 <= amount <= meter.gas_remaining:
            meter.gas_remaining -= amount
        else:
            meter.consume_gas(amount, reason)

    def extend_memory(self, start_position: int, size: int) -> None:
        """Make room for ``size`` bytes from a place on, and pay for it (yellow paper, appendix H.1)."""
        memory = self._memory
        held, end = len(memory), start_position + size
        # Contracts write most of their memory word by word, so that this is asked 80 times an operation.
        if size and end > held:
            words, more = held // _SIZE, (end + _SIZE - 1) // _SIZE
            self.consume_gas(_memory_cost(more) - _memory_cost(words), "Expanding memory")
            memory.extend(start_position, size)


def _memory_cost(words: int) -> int:
    return 3 * words + words * words // 512
