"""Transactions of type 2 (EIP-1559), and reading signed ones back, against eth-account."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.signing.test_signing import SECRETS, TRANSACTIONS, require_same_as_eth_account
from traceledger.errors import InputError
from traceledger.signing.keystore import LocalSigner
from traceledger.signing.transaction import UnsignedTransaction, decode_signed, sign, transaction_hash

DYNAMIC = st.builds(
    lambda transaction, most, tip: replace(
        transaction, gas_price=0, max_fee_per_gas=most, max_priority_fee_per_gas=tip
    ),
    TRANSACTIONS,
    st.integers(0, 2**64),
    st.integers(0, 2**64),
)


@settings(max_examples=60)
@given(secret=SECRETS, transaction=DYNAMIC)
def test_the_same_bytes_as_eth_account(secret: bytes, transaction: UnsignedTransaction) -> None:
    most, tip = transaction.max_fee_per_gas, transaction.max_priority_fee_per_gas
    require_same_as_eth_account(secret, transaction, type=2, maxFeePerGas=most, maxPriorityFeePerGas=tip)


@settings(max_examples=60)
@given(secret=SECRETS, transaction=st.one_of(DYNAMIC, TRANSACTIONS))
def test_what_was_signed_reads_back(secret: bytes, transaction: UnsignedTransaction) -> None:
    signer = LocalSigner(secret)
    raw = sign(transaction, signer)
    found = decode_signed(raw)
    assert (found.sender, found.hash) == (signer.address, transaction_hash(raw))
    assert (found.chain_id, found.nonce, found.gas) == (
        transaction.chain_id,
        transaction.nonce,
        transaction.gas,
    )
    assert (found.to, found.value, found.data) == (transaction.to, 0, transaction.data)


@settings(max_examples=150)
@given(secret=SECRETS, transaction=st.one_of(DYNAMIC, TRANSACTIONS), data=st.data())
def test_a_changed_byte_is_another_transaction_or_none(
    secret: bytes, transaction: UnsignedTransaction, data: st.DataObject
) -> None:
    signer = LocalSigner(secret)
    raw = bytearray(sign(transaction, signer))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    try:
        found = decode_signed(bytes(raw))
    except InputError:
        return
    assert (found.sender, found.hash) != (signer.address, transaction_hash(sign(transaction, signer)))
    assert found.hash != transaction_hash(sign(transaction, signer))


@pytest.mark.parametrize("raw", [b"", b"\x01\xc0", b"\x02", b"\xc0", b"\x02\xc0", b"\xff" * 40, b"abc"])
def test_what_is_no_transaction(raw: bytes) -> None:
    with pytest.raises(InputError, match="not a signed transaction"):
        decode_signed(raw)
