"""py-evm's interpreter loop without two costs that it pays for each opcode; the results are the same."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from eth.vm.code_stream import CodeStream
from eth.vm.forks.prague.computation import PragueComputation

_PUSH1, _PUSH32 = 0x60, 0x7F


@lru_cache(maxsize=128)
def _instructions(code: bytes) -> frozenset[int]:
    """Where the instructions of ``code`` begin: every other position is data of a PUSH."""
    found = set()
    position = 0
    while position < len(code):
        found.add(position)
        opcode = code[position]
        position += opcode - _PUSH1 + 2 if _PUSH1 <= opcode <= _PUSH32 else 1
    return frozenset(found)


class Code(CodeStream):
    """Code whose jump targets are looked up; py-evm works them out anew in every call."""

    def __init__(self, code: bytes) -> None:
        super().__init__(code)
        self._instructions = _instructions(code)

    def is_valid_opcode(self, position: int) -> bool:
        """Whether an instruction begins at ``position``."""
        return position in self._instructions


class LedgerComputation(PragueComputation):
    """Prague's computation, quicker."""

    def __init__(self, state: Any, message: Any, transaction_context: Any) -> None:
        super().__init__(state, message, transaction_context)
        self.code = Code(message.code)

    def consume_gas(self, amount: int, reason: str) -> None:
        """Use up ``amount`` of gas; the meter itself says what is wrong where it does not suffice."""
        meter: Any = self._gas_meter
        if 0 <= amount <= meter.gas_remaining:
            meter.gas_remaining -= amount
        else:
            meter.consume_gas(amount, reason)
