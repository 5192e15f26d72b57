"""Makes trust roots and checkpoints from a chain that one trusts: one's own node, or the consortium's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from traceledger.errors import InputError
from traceledger.model.keccak import keccak
from traceledger.proofs.build.sealers import ranges, sealers_of
from traceledger.proofs.trust import (
    Keepers,
    PinnedBlock,
    TrustedContract,
    TrustRoot,
    Validators,
    Witnesses,
)

if TYPE_CHECKING:
    from traceledger.chain.base import Chain
    from traceledger.config.networks import Network


def trust_root(
    network: Network,
    chain: Chain,
    *,
    witnesses: Sequence[bytes] = (),
    threshold: int | None = None,
    pinned: tuple[int, ...] = (),
    from_block: int = 0,
) -> TrustRoot:
    """The trust root of a network, as its chain stands now: who may seal blocks, by ranges of blocks.

    Args:
        network: of networks.toml, with contracts.
        chain: its chain. Whoever answers for it decides what the trust root says.
        witnesses: addresses of those whose checkpoints are to be believed.
        threshold: how many of them it takes; by default all.
        pinned: numbers of blocks to pin.
        from_block: nobody's seal counts for the blocks before this one.

    Raises:
        InputError: a block to pin does not exist, the threshold is out of range, or nothing could ever
            be final.
    """
    contracts = network.deployed()
    sealing, sealers, newest = sealers_of(network, chain)
    if sealing == "none" and not witnesses and not pinned:
        raise InputError(
            f"nobody's seal makes blocks of network {network.name!r} final",
            hint="name witnesses (--witness), or pin a block (--pin)",
        )
    if from_block > newest and sealing != "none":
        raise InputError(f"there is no block {from_block} yet", hint=f"the newest is {newest}")
    validators = () if sealing == "none" else ranges(sealers, newest, from_block)
    return TrustRoot(
        chain_id=chain.chain_id,
        genesis_hash=chain.genesis_hash(),
        ledger=_contract(chain, contracts.ledger),
        registry=_contract(chain, contracts.registry),
        handling=_contract(chain, contracts.handling),
        corrections=_contract(chain, contracts.corrections),
        assurance=_contract(chain, contracts.assurance),
        sealing=sealing,
        validators=Validators(validators),
        witnesses=_witnesses(witnesses, threshold),
        pinned=tuple(_pinned(chain, number) for number in pinned),
    )


def keepers_of(addresses: Sequence[bytes], threshold: int | None) -> Keepers | None:
    """Those who may put another trust root in the place of one; ``None`` if nobody is named.

    Raises:
        InputError: the threshold is out of range.
    """
    named = frozenset(addresses)
    needed = len(named) if threshold is None else threshold
    if threshold is not None and not 1 <= threshold <= len(named):
        raise InputError(f"{threshold} of {len(named)} keepers cannot be asked for", where="keepers")
    return Keepers(needed, named) if named else None


def _witnesses(addresses: Sequence[bytes], threshold: int | None) -> Witnesses | None:
    named = frozenset(addresses)
    needed = len(named) if threshold is None else threshold
    if threshold is not None and not 1 <= threshold <= len(named):
        raise InputError(f"{threshold} of {len(named)} witnesses cannot be asked for", where="threshold")
    return Witnesses(needed, named) if named else None


def _contract(chain: Chain, address: bytes) -> TrustedContract:
    return TrustedContract(address, keccak(chain.code(address)))


def _pinned(chain: Chain, number: int) -> PinnedBlock:
    ref = chain.block_ref(number)
    if ref is None:
        raise InputError(f"there is no block {number} to pin", hint=f"the newest is {chain.head().number}")
    return PinnedBlock(number, ref.hash)
