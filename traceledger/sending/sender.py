"""Signing planned calls and putting them on the chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from traceledger.artifacts import ContractName
from traceledger.chain.base import Chain, Receipt
from traceledger.config.networks import Contracts, Fees
from traceledger.operations.base import Row
from traceledger.operations.directory import Directory, Known, Proved
from traceledger.private.store import Disclosures, Drafts
from traceledger.sending.jobs import Job
from traceledger.signing.signers import Signers
from traceledger.signing.transaction import UnsignedTransaction, sign

_BASE_GAS = 300_000
_GAS_PER_BYTE = 1_500


def gas_limit(row: Row, data: bytes) -> int:
    """More gas than an operation's call uses: what its row says, or by its calldata.

    A child of a split is the most expensive item: with 15 substances, 190,000 gas for 160 bytes.
    """
    return _BASE_GAS + _GAS_PER_BYTE * len(data) if row.gas is None else row.gas


def address_of(contracts: Contracts, contract: ContractName) -> bytes:
    """Where a contract of the deployment is."""
    return contracts.by_name[contract]


@dataclass(frozen=True, slots=True)
class Terms:
    """What every transaction of a network states: its EIP-155 chain id, and what it offers for gas."""

    chain_id: int
    fees: Fees = field(default_factory=Fees)

    def unsigned(self, nonce: int, gas: int, to: bytes, data: bytes) -> UnsignedTransaction:
        """A transaction that is to be signed."""
        fees = self.fees
        dynamic = (fees.max_fee_per_gas, fees.max_priority_fee_per_gas)
        return UnsignedTransaction(self.chain_id, nonce, gas, to, data, fees.gas_price, *dynamic)


def directory(
    known: Known,
    signers: Signers,
    contracts: Contracts,
    disclosures: Disclosures,
    proved: Proved | None,
) -> Directory:
    """Names over an index, for planning what these keys sign; ``proved`` says whom short names mean."""
    consortium, private = signers.known_deployer(), Drafts(disclosures)
    assurance, ledger = contracts.assurance, contracts.ledger
    return Directory(
        known,
        consortium=consortium,
        assurance=assurance,
        ledger=ledger,
        access_manager=contracts.access_manager,
        registry=contracts.registry,
        private=private,
        proved=proved,
    )


@dataclass(frozen=True, slots=True)
class Sender:
    """Signs transactions, and has an embedded chain mine them."""

    chain: Chain
    signers: Signers
    fees: Fees = field(default_factory=Fees)

    def send(self, jobs: Sequence[Job], *, timestamp: int | None = None) -> list[Receipt]:
        """Sign transactions, each with its account's key, and mine them in order.

        Raises:
            TransactionRevertedError: the contracts refused one of them.
        """
        nonces: dict[bytes, int] = {}
        raw: list[bytes] = []
        terms = Terms(self.chain.chain_id, self.fees)
        for job in jobs:
            nonce = nonces.get(job.account)
            if nonce is None:
                nonce = self.chain.nonce(job.account)
            nonces[job.account] = nonce + 1
            transaction = terms.unsigned(nonce, job.gas, job.to, job.data)
            raw.append(sign(transaction, self.signers.unlock(job.account)))
        return self.chain.send(raw, timestamp=timestamp)
