"""The consensus rules of an embedded chain: Ethereum's Prague, sealed by one authority, free of charge.

What differs from a public chain, all of it checked again when a block is imported:

* the header's extra data is 32 bytes that name the chain's authority, then its 65-byte seal;
* gas limit and base fee never change (the fee is zero), and so do the fields that only proof of work
  or a beacon chain would fill;
* there are no system contracts, so a block changes nothing but what its transactions change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import rlp
from eth._utils.address import generate_contract_address
from eth.abc import BlockHeaderAPI
from eth.chains.base import MiningChain
from eth.consensus.noproof import NoProofConsensus
from eth.constants import SECPK1_N, ZERO_HASH32
from eth.db.chain import ChainDB
from eth.vm.forks.prague import PragueVM
from eth.vm.forks.prague.blocks import PragueBlockHeader
from eth.vm.forks.prague.state import PragueState, PragueTransactionExecutor
from eth.vm.message import Message
from eth_hash.auto import keccak
from eth_typing import Address, BlockNumber, Hash32
from eth_utils.exceptions import ValidationError

from traceledger.chain.embedded.checking import VANITY_BYTES, vanity
from traceledger.chain.embedded.interpreter import LedgerComputation
from traceledger.chain.recovery import recovered

GAS_LIMIT = 1_000_000_000_000
"""Gas of a block: far above what a block can use, and exact in a double-precision float."""

SEAL_BYTES = 65


def seal_hash(header: BlockHeaderAPI) -> bytes:
    """What the authority signs: Keccak-256 of the RLP of the header with the seal stripped."""
    bare = header.copy(extra_data=header.extra_data[:VANITY_BYTES])
    digest: bytes = keccak(rlp.encode(bare))
    return digest


def sealed(header: BlockHeaderAPI, seal: bytes) -> BlockHeaderAPI:
    """``header`` with the authority's 65-byte seal (r, s, recovery id) in its extra data."""
    return header.copy(extra_data=header.extra_data[:VANITY_BYTES] + seal)


def signer(header: BlockHeaderAPI) -> bytes:
    """The address whose key made the seal of ``header``.

    Raises:
        ValidationError: the seal is missing, malformed, or has a high ``s`` (EIP-2), which would
            let anyone make a second valid hash of the same block.
    """
    seal = header.extra_data[VANITY_BYTES:]
    if len(seal) != SEAL_BYTES:
        raise ValidationError(f"the seal has {len(seal)} bytes instead of {SEAL_BYTES}")
    if int.from_bytes(seal[32:64], "big") > SECPK1_N // 2:
        raise ValidationError("the seal's s value is not in the lower half")
    found = recovered(seal_hash(header), seal)
    if found is None:
        raise ValidationError("the seal is not a signature")
    return found


def genesis_header(chain_id: int, authority: bytes, timestamp: int) -> BlockHeaderAPI:
    """Block 0. Its hash depends on the chain id (in its nonce field), the authority and the time."""
    return PragueBlockHeader(
        difficulty=0,
        block_number=BlockNumber(0),
        gas_limit=GAS_LIMIT,
        timestamp=timestamp,
        coinbase=Address(authority),
        extra_data=vanity(authority),
        nonce=chain_id.to_bytes(8, "big"),
    )


def next_header(
    parent: BlockHeaderAPI | None, timestamp: int | None = None, **_fields: Any
) -> BlockHeaderAPI:
    """The header a block after ``parent`` starts from, before its transactions and its seal."""
    if parent is None:
        raise ValidationError("block 0 has no parent")
    return PragueBlockHeader(
        difficulty=0,
        block_number=BlockNumber(parent.block_number + 1),
        gas_limit=GAS_LIMIT,
        timestamp=parent.timestamp + 1 if timestamp is None else timestamp,
        coinbase=parent.coinbase,
        parent_hash=parent.hash,
        state_root=parent.state_root,
        extra_data=vanity(parent.coinbase),
        nonce=bytes(8),
    )


class AuthoritySeal(NoProofConsensus):
    """Accepts the blocks that the authority named in them has sealed.

    That it is the same authority as in the parent, and so in block 0, is checked with the header.
    """

    def validate_seal(self, header: BlockHeaderAPI) -> None:
        """Check that the seal is the authority's."""
        if signer(header) != header.coinbase:
            raise ValidationError("the block is not sealed by the chain's authority")

    def validate_seal_extension(self, header: BlockHeaderAPI, parents: Iterable[BlockHeaderAPI]) -> None:
        """Nothing to check: a seal says nothing about earlier blocks."""


class LedgerExecutor(PragueTransactionExecutor):
    """Runs transactions as Prague does, without what is for its log alone."""

    def build_evm_message(self, transaction: Any) -> Message:
        """The first message of a transaction that offers no fee and delegates nothing.

        py-evm spells the whole code of the contract in hexadecimal first, for a message to its log that
        nobody reads: 0.3 ms of each operation.
        """
        state, creates = self.vm_state, not transaction.to
        state.increment_nonce(transaction.sender)
        code, delegate = transaction.data, None
        address: Any = None
        if creates:
            address = generate_contract_address(transaction.sender, state.get_nonce(transaction.sender) - 1)
        else:
            code, delegate = self.get_code_at_address(transaction.to)
        return Message(
            gas=transaction.gas - transaction.intrinsic_gas,
            to=transaction.to,
            sender=transaction.sender,
            value=transaction.value,
            data=b"" if creates else transaction.data,
            code=code,
            create_address=address,
            is_delegation=delegate is not None,
        )


class LedgerState(PragueState):
    """Prague's state without system contracts."""

    computation_class = LedgerComputation
    transaction_executor_class = LedgerExecutor

    def set_system_contracts(self) -> None:
        """Leave the state as it is: this chain has none."""


class LedgerVM(PragueVM):
    """Prague's rules with the exceptions that the module's docstring names."""

    _state_class = LedgerState
    consensus_class = AuthoritySeal
    extra_data_max_bytes = VANITY_BYTES + SEAL_BYTES
    create_header_from_parent = staticmethod(next_header)

    def block_preprocessing(self, block: Any) -> None:
        """Nothing: the contracts that record block and beacon roots are not deployed here."""

    def block_postprocessing(self, block: Any) -> Any:
        """Nothing: without a beacon chain nobody makes requests to it."""
        return block

    @classmethod
    def validate_gas(cls, header: BlockHeaderAPI, parent_header: BlockHeaderAPI) -> None:
        """Gas limit and base fee are constant."""
        if header.gas_limit != GAS_LIMIT or header.base_fee_per_gas != 0:
            raise ValidationError("the gas limit or the base fee is not this chain's")

    @classmethod
    def validate_header(cls, header: BlockHeaderAPI, parent_header: BlockHeaderAPI) -> None:
        """Prague's checks, and the fields that are constant on this chain.

        A block may have the time of the one before it, as under Clique with period 0: see the authority's
        reason in :mod:`traceledger.chain.embedded.chain`.
        """
        super().validate_header(header, parent_header.copy(timestamp=parent_header.timestamp - 1))
        if header.parent_hash != parent_header.hash:
            raise ValidationError("the block does not follow its parent")
        if header.coinbase != parent_header.coinbase:
            raise ValidationError("the authority is not that of the parent block")
        if header.extra_data[:VANITY_BYTES] != vanity(header.coinbase):
            raise ValidationError("the extra data does not name the authority")
        if (header.mix_hash, header.parent_beacon_block_root) != (ZERO_HASH32, ZERO_HASH32):
            raise ValidationError("a field that this chain leaves empty is filled")
        if header.excess_blob_gas or header.blob_gas_used:
            raise ValidationError("this chain carries no blobs")


class UnindexedChainDB(ChainDB):
    """py-evm's database without transaction and receipt tries: the chain file keeps those as rows."""

    def persist_trie_data_dict(self, trie_data_dict: dict[Hash32, bytes]) -> None:
        """Drop the nodes; they can be made again from the rows at any time."""


def ledger_chain(chain_id: int, vm: type[LedgerVM] = LedgerVM) -> type[MiningChain]:
    """The py-evm chain class of an embedded chain with that id."""
    return MiningChain.configure("LedgerChain", vm_configuration=((0, vm),), chain_id=chain_id)
