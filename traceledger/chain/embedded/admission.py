"""Decode signed transactions and refuse those that can never become part of an embedded chain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from eth.abc import SignedTransactionAPI
from eth.exceptions import PyEVMError
from eth.vm.forks.prague.transactions import PragueLegacyTransaction, PragueTransactionBuilder
from eth_utils.exceptions import ValidationError
from rlp.exceptions import RLPException

from traceledger.chain.base import InvalidTransactionError
from traceledger.chain.embedded.checking import sender_of
from traceledger.chain.embedded.gate import Gate
from traceledger.chain.embedded.limits import TRANSACTION_BYTES, TRANSACTION_GAS
from traceledger.model.hexadecimal import hexed

_LONGEST_REASON = 150
_ACCEPTED_TYPES = (None, 1, 2)
"""Legacy, access list (EIP-2930) and dynamic fee (EIP-1559); neither blobs nor delegations."""

_PRECOMPILED_END = 2**16
"""Below this address there are only contracts that the EVM itself brings along."""


class _LegacyTransaction(PragueLegacyTransaction):
    """A legacy transaction whose signature holds if it has a sender.

    py-evm recovers the sender to check the signature, verifies the signature by what it recovered, and
    recovers it again to know it; and all of it once more when the transaction is run.
    """

    def check_signature_validity(self) -> None:
        """Know the sender."""
        _ = self.sender


class _Builder(PragueTransactionBuilder):
    legacy_signed = _LegacyTransaction


@dataclass(frozen=True, slots=True)
class Decoded:
    """A signed transaction: as sent (``raw``), decoded, who signed it, and its place among those sent."""

    raw: bytes
    transaction: SignedTransactionAPI
    sender: bytes
    position: int


def decode(raw: Sequence[bytes], chain_id: int) -> list[Decoded]:
    """Decode transactions and recover who signed them.

    Raises:
        InvalidTransactionError: one is malformed, badly signed, of another chain, or of a type
            that this chain does not take.
    """
    return [_decode_one(bytes(item), chain_id, position) for position, item in enumerate(raw)]


def _decode_one(raw: bytes, chain_id: int, position: int) -> Decoded:
    try:
        transaction: Any = _Builder.decode(raw)
        type_id = transaction.type_id
        if type_id not in _ACCEPTED_TYPES:
            raise InvalidTransactionError(
                position,
                f"transactions of type {type_id} are not accepted",
                hint="sign a legacy or a dynamic-fee (EIP-1559) transaction",
            )
        _check_chain(transaction, chain_id, position)
        # Two encodings of one transaction would be two hashes of it.
        if transaction.encode() != raw:
            raise ValueError("its encoding is not canonical")
        sender = transaction.sender = sender_of(raw)  # a cached property of py-evm's
        transaction.validate()
        # EIP-1559 refuses this; py-evm does not. Of the older types py-evm gives the gas price for both.
        if transaction.max_priority_fee_per_gas > transaction.max_fee_per_gas:
            raise ValueError("its priority fee is above its maximum fee")
    except (
        ValidationError,
        PyEVMError,
        RLPException,
        TypeError,
        ValueError,
        RecursionError,  # rlp decodes nested lists by recursion
    ) as error:
        raise InvalidTransactionError(
            position, f"not a signed transaction: {str(error)[:_LONGEST_REASON]}"
        ) from error
    return Decoded(raw, transaction, sender, position)


def _check_chain(transaction: SignedTransactionAPI, chain_id: int, position: int) -> None:
    """Refuse transactions signed for another chain, or for any (EIP-155)."""
    if transaction.chain_id is None:
        raise InvalidTransactionError(
            position,
            "the transaction is not bound to a chain, so that others could replay it elsewhere",
            hint=f"sign it for chain id {chain_id} (EIP-155)",
        )
    if transaction.chain_id != chain_id:
        raise InvalidTransactionError(
            position,
            f"signed for chain id {transaction.chain_id}, but this chain has {chain_id}",
            hint=f"sign it for chain id {chain_id}",
        )


def check(
    decoded: Sequence[Decoded],
    nonce_of: Callable[[bytes], int],
    gate: Gate,
) -> None:
    """Refuse transactions out of order, from accounts not admitted, beyond the limits, or that offer to pay.

    Args:
        decoded: the transactions, in the order of the block to be.
        nonce_of: the next nonce of an account before the block.
        gate: who may send, and create contracts.

    Raises:
        InvalidTransactionError: the first that fails, and why.
    """
    expected: dict[bytes, int] = {}
    for item in decoded:
        account = hexed(item.sender)
        if not gate.admits(item.sender):
            raise InvalidTransactionError(
                item.position,
                f"account {account} is not admitted",
                hint="only registered operator keys may send; ask the consortium to add it",
            )
        nonce = expected.get(item.sender)
        if nonce is None:
            nonce = nonce_of(item.sender)
        if item.transaction.nonce != nonce:
            order = "was used already" if item.transaction.nonce < nonce else "comes too early"
            raise InvalidTransactionError(
                item.position,
                f"nonce {item.transaction.nonce} of account {account} {order}; next is {nonce}",
                hint="read the account's nonce and sign again",
            )
        expected[item.sender] = nonce + 1
        _check_free(item)
        _check_limits(item)
        if not item.transaction.to and not gate.may_create(item.sender):
            raise InvalidTransactionError(
                item.position,
                f"account {account} may not create contracts",
                hint="only the deploying account may",
            )


def _check_limits(item: Decoded) -> None:
    """One member's transaction cannot keep the others waiting."""
    if len(item.raw) > TRANSACTION_BYTES:
        raise InvalidTransactionError(
            item.position,
            f"the transaction has {len(item.raw):,} bytes, but at most {TRANSACTION_BYTES:,} are taken",
            hint="divide it into several",
        )
    if item.transaction.gas > TRANSACTION_GAS:
        raise InvalidTransactionError(
            item.position,
            f"the transaction asks for {item.transaction.gas:,} gas, but gets at most {TRANSACTION_GAS:,}",
            hint="no operation uses more than 30,000,000",
        )
    if item.transaction.to and int.from_bytes(item.transaction.to, "big") < _PRECOMPILED_END:
        raise InvalidTransactionError(
            item.position,
            "the transaction goes to a contract that keeps nothing",
            hint="ask it by eth_call",
        )


def _check_free(item: Decoded) -> None:
    """No account holds money on this chain, so none can be offered."""
    # Of a legacy transaction py-evm gives the gas price here.
    offered = item.transaction.max_fee_per_gas
    if offered or item.transaction.value:
        raise InvalidTransactionError(
            item.position,
            "the transaction offers a fee or a payment, but this chain has no money",
            hint="sign it with gas price 0 and value 0; with cast, give --legacy",
        )
