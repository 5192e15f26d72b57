"""Makes trust roots and checkpoints from a chain that one trusts: one's own node, or the consortium's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from traceledger.errors import InputError
from traceledger.model.counting import counted
from traceledger.model.keccak import keccak
from traceledger.proofs.build.sealers import ranges, sealers_of
from traceledger.proofs.trust import (
    Keepers,
    PinnedBlock,
    SealingKind,
    TrustedContract,
    TrustRoot,
    ValidatorRange,
    Validators,
    Witnesses,
)

if TYPE_CHECKING:
    from traceledger.chain.base import Chain
    from traceledger.config.networks import Network
    from traceledger.proofs.build.builder import Request


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
    sealing, sealers, newest = sealers_of(network, chain)
    if sealing == "none" and not witnesses and not pinned:
        raise InputError(
            f"nobody's seal makes blocks of network {network.name!r} final",
            hint="name witnesses (--witness), or pin a block (--pin)",
        )
    if from_block > newest and sealing != "none":
        raise InputError(f"there is no block {from_block} yet", hint=f"the newest is {newest}")
    validators = () if sealing == "none" else ranges(sealers, newest, from_block)
    return replace(
        _base(network, chain, sealing, validators),
        witnesses=_witnesses(witnesses, threshold),
        pinned=tuple(_pinned(chain, number) for number in pinned),
    )


def own_root(network: Network, chain: Chain, request: Request, numbers: Sequence[int]) -> TrustRoot:
    """What makes a file final for whoever made it: the seals of its headers or, else, its stated block.

    Args:
        network: of networks.toml, with contracts.
        chain: its chain, which the file was made from.
        request: what was exported.
        numbers: of the file's headers.
    """
    sealing, sealers, _ = sealers_of(network, chain)
    found: list[ValidatorRange] = []
    for number in numbers if sealing != "none" else ():
        addresses = sealers(number)
        if found and found[-1].addresses == addresses:
            found[-1] = ValidatorRange(found[-1].first, number, addresses)
        else:
            found.append(ValidatorRange(number, number, addresses))
    # Without seals, and without all headers in between, only whoever knows each block believes it.
    pinned = (request.block.number,) if request.linked else () if found else tuple(numbers)
    made = _base(network, chain, sealing, tuple(found))
    return replace(made, pinned=tuple(_pinned(chain, number) for number in pinned))


def keepers_of(addresses: Sequence[bytes], threshold: int | None) -> Keepers | None:
    """Those who may put another trust root in the place of one; ``None`` if nobody is named.

    Raises:
        InputError: the threshold is out of range.
    """
    named = frozenset(addresses)
    needed = len(named) if threshold is None else threshold
    if threshold is not None and not 1 <= threshold <= len(named):
        raise InputError(
            f"{threshold} of {counted(len(named), 'keeper')} cannot be asked for", where="keepers"
        )
    return Keepers(needed, named) if named else None


def _witnesses(addresses: Sequence[bytes], threshold: int | None) -> Witnesses | None:
    named = frozenset(addresses)
    needed = len(named) if threshold is None else threshold
    if threshold is not None and not 1 <= threshold <= len(named):
        raise InputError(
            f"{threshold} of {counted(len(named), 'witness', 'witnesses')} cannot be asked for",
            where="threshold",
        )
    return Witnesses(needed, named) if named else None


def _base(
    network: Network, chain: Chain, sealing: SealingKind, validators: tuple[ValidatorRange, ...]
) -> TrustRoot:
    held = network.deployed()
    return TrustRoot(
        chain_id=chain.chain_id,
        genesis_hash=chain.genesis_hash(),
        ledger=_contract(chain, held.ledger),
        registry=_contract(chain, held.registry),
        handling=_contract(chain, held.handling),
        corrections=_contract(chain, held.corrections),
        assurance=_contract(chain, held.assurance),
        sealing=sealing,
        validators=Validators(validators),
    )


def _contract(chain: Chain, address: bytes) -> TrustedContract:
    return TrustedContract(address, keccak(chain.code(address)))


def _pinned(chain: Chain, number: int) -> PinnedBlock:
    ref = chain.block_ref(number)
    if ref is None:
        raise InputError(f"there is no block {number} to pin", hint=f"the newest is {chain.head().number}")
    return PinnedBlock(number, ref.hash)
