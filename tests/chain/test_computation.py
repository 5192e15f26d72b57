"""The interpreter's shortcuts agree with py-evm's own answers, gas and all."""

from __future__ import annotations

from typing import Any

import pytest
from eth.chains.base import MiningChain
from eth.db.atomic import AtomicDB
from eth.vm.code_stream import CodeStream
from eth.vm.forks.prague.computation import PragueComputation
from eth_typing import Address
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.chain.support import CHAIN_ID
from traceledger.chain.embedded.interpreter import CHEAP, LedgerComputation, program
from traceledger.chain.embedded.rules import LedgerState, LedgerVM, genesis_header

SENDER, CONTRACT = Address(b"\1" * 20), Address(b"\2" * 20)
JUMPDEST, MSTORE, RETURN, SSTORE = 0x5B, 0x52, 0xF3, 0x55
DEAR = (
    *(0x00, 0x05, 0x06, 0x0B, 0x1A, 0x1D, 0x20, 0x30, 0x37, 0x39, 0x3D, 0x53, 0x54, SSTORE, 0x58, 0x59),
    *(0x5A, 0x5E, 0xA1, RETURN, 0xF1, 0xFA, 0xFD, 0xFE),
)
OPCODES = (*CHEAP, *CHEAP, *DEAR, 0x56, 0x57)
NUMBERS = (0, 1, 2, 31, 32, 33, 255, 256, 2**128, 2**255 - 1, 2**255, 2**256 - 1)

NUMBER = st.one_of(st.sampled_from(NUMBERS), st.integers(0, 80), st.integers(0, 2**256 - 1))


def push(number: int) -> bytes:
    """The instruction that puts a number on the stack."""
    size = (number.bit_length() + 7) // 8
    return bytes([0x5F + size]) + number.to_bytes(size, "big")


ONE = st.one_of(
    NUMBER.map(push), NUMBER.map(push), st.sampled_from(OPCODES).map(lambda opcode: bytes([opcode]))
)
MEMORY = (0x51, 0x52)
"""These write or read where a number says, which costs too much where it is great."""
SIZE = 32
SHOWN = bytes([0x5F, MSTORE, 0x60, 64, 0x5F, RETURN])
"""Return what is on top of the stack, and what stands behind it in memory."""


def forward(parts: list[bytes], jumps: list[int]) -> bytes:
    """The parts, with jumps in front of some of them to the place behind."""
    code = b""
    for place, part in enumerate(parts):
        if place in jumps:
            code += (
                b"\x60\x01\x61" + (len(code) + 6 + len(part)).to_bytes(2, "big") + b"\x57" + part + b"\x5b"
            )
        else:
            code += part
    return code + SHOWN


CODES = st.one_of(
    st.binary(max_size=60),
    st.builds(forward, st.lists(ONE, max_size=60), st.lists(st.integers(0, 60), max_size=6)),
)


def outcome(kind: type[PragueComputation], code: bytes, data: bytes, gas: int) -> dict[str, Any]:
    """What comes of code, and what it leaves in the store, if a computation of that class runs it."""
    state_class = LedgerState.configure("Tried", computation_class=kind)
    vm_class = LedgerVM.configure("Tried", _state_class=state_class)
    chain_class = MiningChain.configure("Tried", vm_configuration=((0, vm_class),), chain_id=CHAIN_ID)
    header = genesis_header(CHAIN_ID, SENDER, 1)
    vm: Any = chain_class(AtomicDB(), header).get_vm(header)
    vm.state.set_code(CONTRACT, code)
    made = vm.execute_bytecode(
        origin=SENDER, gas_price=0, gas=gas, to=CONTRACT, sender=SENDER, value=0, data=data, code=code
    )
    assert type(made) is kind
    return {
        "failed": type(made.error) if made.is_error and made.error.burns_gas else made.is_error,
        "output": made.output,
        "gas": made.get_gas_used(),
        "refund": made.get_gas_refund(),
        "logs": made.get_log_entries(),
        "stored": [vm.state.get_storage(CONTRACT, slot) for slot in (*range(34), *NUMBERS)],
    }


# py-evm warns of an opcode that goes out of use, which some random code holds.
@pytest.mark.filterwarnings("ignore:SELFDESTRUCT")
@settings(max_examples=150)
@given(code=CODES, data=st.binary(max_size=70), gas=st.sampled_from((40, 300, 25_000, 10**6)))
@example(b"\x5b\x5f\x56", b"", 10**6)  # for ever
@example(b"\x5f" * 1025, b"", 10**6)
@example(b"\xff", b"", 10**6)
@example(b"\x61\x5b", b"", 10**6)  # cut off in its data
@example(b"\x60\x01\x56\x5b", b"", 10**6)  # into data
def test_it_computes_what_py_evm_computes(code: bytes, data: bytes, gas: int) -> None:
    ours, theirs = (outcome(kind, code, data, gas) for kind in (LedgerComputation, PragueComputation))
    # Which of two reasons is told may differ, where all gas is gone for either.
    if theirs["failed"] not in (True, False):
        assert ours.pop("failed") not in (True, False), theirs.pop("failed")
        theirs.pop("failed", None)
    assert ours == theirs


def test_each_cheap_opcode_on_its_own() -> None:
    for opcode in CHEAP:
        code = tried(opcode)
        ours, theirs = (
            outcome(kind, code, b"data" * 9, 10**6) for kind in (LedgerComputation, PragueComputation)
        )
        assert ours == theirs, hex(opcode)
        assert not ours["failed"], hex(opcode)


def tried(opcode: int) -> bytes:
    """An opcode with every pair of numbers that are limits, and with numbers that tell each place apart."""
    pairs = [push(right) + push(left) for right in NUMBERS for left in NUMBERS if opcode not in MEMORY]
    before = b"".join(map(push, range(1, 41)))
    code = before + b"".join(kept(pair + bytes([opcode]), place) for place, pair in enumerate(pairs))
    code += before + bytes([opcode])
    for place in range(17):
        code = kept(code, len(pairs) + place)
    return code + push(SIZE * (len(pairs) + 40)) + bytes([0x5F, RETURN])


def kept(code: bytes, place: int) -> bytes:
    """With what puts the topmost entry into that word of the memory, behind those that opcodes write to."""
    return code + push(SIZE * (place + 20)) + bytes([MSTORE])


@given(st.binary(max_size=200))
def test_what_may_be_jumped_to(code: bytes) -> None:
    theirs = CodeStream(code)
    expected = {
        place for place in range(len(code)) if code[place] == JUMPDEST and theirs.is_valid_opcode(place)
    }
    assert program(code).targets == expected
