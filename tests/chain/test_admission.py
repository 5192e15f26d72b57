"""Which transactions the embedded chain takes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.chain import support
from tests.chain.support import ALICE, BOB, deploy, signed
from traceledger.chain.base import InvalidTransactionError
from traceledger.chain.embedded import EmbeddedChain, Gate, limits
from traceledger.chain.rlp import decode, encode

_SET_CODE = (
    "04f8c5821267808080830186a09401010101010101010101010101010101010101018080c0f85ef85c82126794"
    "01010101010101010101010101010101010101010180a0ef1217323e27d190835e788b117871d28b8d9d1c3220"
    "f90b75e8210a79e285ada04a29451f471f791b68e87f5e385e7dcafc0a31b9ba510065853034a6eec0176a80a0"
    "ea498dd399021fbbeb36c0df561b6a88f1b1a00f4a525a81c97fe05cc63eed17a011b3383973f68087212a08b8"
    "b5a76d64049447088e815fc163e631dbd537edf7"
)
"""A signed EIP-7702 transaction of ALICE for chain id 4711."""


class TestAdmission:
    @pytest.mark.parametrize(
        ("raw", "reason"),
        [
            (b"", "not a signed transaction"),
            (b"\x02\xc0", "not a signed transaction"),
            (b"\x7f" * 40, "not a signed transaction"),
            (deploy(ALICE) + b"\x00", "not a signed transaction"),
            (deploy(ALICE, chain_id=5), "signed for chain id 5"),
            (deploy(ALICE, chain_id=None), "not bound to a chain"),
            (deploy(ALICE, nonce=1), "comes too early"),
            (deploy(ALICE, gasPrice=1), "no money"),
            (deploy(ALICE, value=1), "no money"),
            (deploy(ALICE, maxFeePerGas=7, maxPriorityFeePerGas=0), "no money"),
            (deploy(ALICE, gas=21_001), "[Gg]as"),
            (deploy(ALICE, gas=10**13), "asks for 10,000,000,000,000 gas, but gets at most"),
            (deploy(ALICE, gas=limits.TRANSACTION_GAS + 1), "gas, but gets at most"),
            (deploy(ALICE, maxFeePerGas=0, maxPriorityFeePerGas=1), "priority fee is above"),
            (signed(ALICE, 0, bytes(19) + b"\x09", bytes(213)), "keeps nothing"),
            (signed(ALICE, 0, None, bytes(limits.TRANSACTION_BYTES), gas=10**8), "but at most 131,072"),
        ],
    )
    def test_invalid_transactions(self, embedded: EmbeddedChain, raw: bytes, reason: str) -> None:
        with pytest.raises(InvalidTransactionError, match=reason) as caught:
            embedded.send([deploy(BOB), raw])
        assert caught.value.position == 1
        assert embedded.head().number == 0

    @pytest.mark.parametrize(
        ("field", "value", "reason"),
        [
            (-3, b"\x02", "recovery id"),
            (-3, b"\x1b", "recovery id"),
            (-2, b"", "not a signed transaction"),
            (-2, b"\xff" * 32, "not a signed transaction"),
            (-1, b"", "not a signed transaction"),
            (-1, b"\x01" * 33, "not a signed transaction"),
        ],
    )
    def test_signatures_that_are_none(
        self, embedded: EmbeddedChain, field: int, value: bytes, reason: str
    ) -> None:
        raw = deploy(ALICE, maxFeePerGas=0, maxPriorityFeePerGas=0)
        fields = decode(raw[1:])
        fields[field] = value
        with pytest.raises(InvalidTransactionError, match=reason):
            embedded.send([raw[:1] + encode(fields)])

    def test_who_may_create_contracts(self, embedded: EmbeddedChain) -> None:
        embedded.restrict(Gate(creates=lambda account: account == support.address_of(ALICE)))
        with pytest.raises(InvalidTransactionError, match="may not create contracts"):
            embedded.send([deploy(BOB)])
        assert embedded.send([deploy(ALICE)])[0].contract

    def test_set_code_transactions_are_refused(self, embedded: EmbeddedChain) -> None:
        with pytest.raises(InvalidTransactionError, match="type 4"):
            embedded.send([bytes.fromhex(_SET_CODE)])

    def test_repeated_transaction(self, embedded: EmbeddedChain) -> None:
        raw = deploy(ALICE)
        embedded.send([raw])
        with pytest.raises(InvalidTransactionError, match="used already; next is 1"):
            embedded.send([raw])

    def test_only_admitted_accounts(self, embedded: EmbeddedChain) -> None:
        embedded.restrict(Gate(lambda account: account == support.address_of(ALICE)))
        with pytest.raises(InvalidTransactionError, match=f"{support.address_of(BOB).hex()} is not"):
            embedded.send([deploy(ALICE), deploy(BOB)])
        assert embedded.head().number == 0
        embedded.send([deploy(ALICE)])
        embedded.restrict(Gate())
        embedded.send([deploy(BOB)])

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(at=st.integers(0, 2000), flip=st.integers(1, 255), cut=st.integers(0, 200))
    @example(at=0, flip=0xFF, cut=0)
    def test_altered_transactions_never_crash(
        self, embedded: EmbeddedChain, at: int, flip: int, cut: int
    ) -> None:
        raw = bytearray(deploy(ALICE))
        raw[at % len(raw)] ^= flip
        embedded.restrict(Gate(lambda account: account == support.address_of(ALICE)))
        with pytest.raises(InvalidTransactionError):
            embedded.send([bytes(raw[: len(raw) - cut])])
