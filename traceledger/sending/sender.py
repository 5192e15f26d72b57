"""Signing planned calls and putting them on the chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from traceledger.artifacts import ContractName
from traceledger.artifacts.calls import function
from traceledger.chain.base import Chain, Receipt
from traceledger.config.networks import Contracts, Fees
from traceledger.operations.directory import Directory, Known
from traceledger.operations.plan import PlannedCall
from traceledger.private.store import Disclosures, Drafts
from traceledger.signing.signers import DEPLOYER, Signers
from traceledger.signing.transaction import UnsignedTransaction

_BASE_GAS = 300_000
_GAS_PER_BYTE = 1_500
_GAS_OF_A_ROLE = 12_000_000


def gas_limit(plan: PlannedCall) -> int:
    """More gas than the call uses, by its calldata.

    A child of a split is the most expensive item: with 15 substances, 190,000 gas for 160 bytes. What is
    mandatory for a role costs by the participants in the role instead, at most 20,000 gas each; hundreds fit.
    """
    governing = function("AssuranceRegistry", "setMandatory").selector
    if plan.contract == "AssuranceRegistry" and plan.data.startswith(governing):
        return _GAS_OF_A_ROLE
    return _BASE_GAS + _GAS_PER_BYTE * len(plan.data)


def address_of(contracts: Contracts, contract: ContractName) -> bytes:
    """Where a contract of the deployment is."""
    match contract:
        case "AccessManager":
            return contracts.access_manager
        case "ParticipantRegistry":
            return contracts.registry
        case "BatchLedger":
            return contracts.ledger
        case "AssuranceRegistry":
            return contracts.assurance


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


def directory(known: Known, signers: Signers, contracts: Contracts, disclosures: Disclosures) -> Directory:
    """Names over an index, for planning what these keys sign."""
    store = signers.store
    consortium = store.info(DEPLOYER).address if DEPLOYER in store.names() else None
    private = Drafts(disclosures)
    return Directory(known, consortium=consortium, assurance=contracts.assurance, private=private)


def account_of(plan: PlannedCall, names: Directory, operators: Sequence[bytes], signers: Signers) -> bytes:
    """The address that will sign a plan: the deploying account, or one of the participant's keys.

    Raises:
        SigningError: no key for it is at hand.
    """
    if plan.participant is None:
        return signers.choose(DEPLOYER, [signers.deployer()])
    return signers.choose(names.slug(plan.participant), operators)


@dataclass(slots=True)
class Sender:
    """Chooses the signing key of each plan, signs, and sends."""

    chain: Chain
    contracts: Contracts
    signers: Signers
    disclosures: Disclosures
    fees: Fees = field(default_factory=Fees)

    @property
    def terms(self) -> Terms:
        """What every transaction here states."""
        return Terms(self.chain.chain_id, self.fees)

    def directory(self, known: Known) -> Directory:
        """Names over an index, for planning what this sends; ``keep_openings`` comes before sending."""
        return directory(known, self.signers, self.contracts, self.disclosures)

    def account(self, plan: PlannedCall, names: Directory, operators: Sequence[bytes]) -> bytes:
        """The address that will sign a plan: the deploying account, or one of the participant's keys.

        Raises:
            SigningError: no key for it is at hand.
        """
        return account_of(plan, names, operators, self.signers)

    def send(
        self, plans: Sequence[PlannedCall], accounts: Sequence[bytes], *, timestamp: int | None = None
    ) -> list[Receipt]:
        """Sign the plans, each with its account's key, and mine them in order.

        Raises:
            TransactionRevertedError: the contracts refused one of them.
        """
        nonces: dict[bytes, int] = {}
        raw: list[bytes] = []
        terms = self.terms
        for plan, account in zip(plans, accounts, strict=True):
            nonce = nonces.get(account)
            if nonce is None:
                nonce = self.chain.nonce(account)
            nonces[account] = nonce + 1
            to = address_of(self.contracts, plan.contract)
            transaction = terms.unsigned(nonce, gas_limit(plan), to, plan.data)
            raw.append(self.signers.unlock(account).sign(transaction))
        return self.chain.send(raw, timestamp=timestamp)
