"""The interpreter's shortcuts agree with py-evm's own answers."""

from __future__ import annotations

from eth.vm.code_stream import CodeStream
from hypothesis import given
from hypothesis import strategies as st

from traceledger.chain.embedded.interpreter import Code


@given(st.binary(max_size=200))
def test_jump_targets_are_those_of_py_evm(code: bytes) -> None:
    ours, theirs = Code(code), CodeStream(code)
    for position in range(len(code) + 2):
        assert ours.is_valid_opcode(position) == theirs.is_valid_opcode(position)
