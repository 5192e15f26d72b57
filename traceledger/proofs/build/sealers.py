"""Who could seal which block of a network, asked of a node that one trusts.

Example:
    >>> one, two = frozenset({b"a"}), frozenset({b"a", b"b"})
    >>> [(each.first, each.last, len(each.addresses)) for each in ranges(lambda n: one if n < 7 else two, 9)]
    [(0, 6, 1), (7, None, 2)]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, assert_never, cast

from traceledger.errors import InputError
from traceledger.proofs.proved_headers import qbft_extra, read_header
from traceledger.proofs.trust import SealingKind, ValidatorRange

if TYPE_CHECKING:
    from traceledger.chain.base import Chain
    from traceledger.config.networks import Network
    from traceledger.proofs.build.builder import ProvableChain

Sealers = Callable[[int], frozenset[bytes]]
"""Who may seal the block of a number: their addresses."""

_SAMPLES = 256


def sealing_kind(network: Network) -> SealingKind:
    """How the blocks of a network are sealed, as far as seals prove anything."""
    if network.kind == "embedded":
        return "authority"
    match network.consensus:
        case "single":
            return "none"
        case "clique" | "qbft":
            return network.consensus
        case _:
            assert_never(network.consensus)


def sealers_of(network: Network, chain: Chain) -> tuple[SealingKind, Sealers, int]:
    """How a network seals, who may seal which block, and the newest block of which that is settled.

    Raises:
        InputError: the chain is not of the network's kind.
    """
    kind = sealing_kind(network)
    match kind:
        case "authority":
            return kind, _authority(chain), chain.head().number
        case "clique":
            return kind, _clique(chain), chain.final().number + 1
        case "qbft":
            return kind, _qbft(cast("ProvableChain", chain)), chain.head().number
        case "none":
            return kind, lambda _number: frozenset(), 0
        case _:
            assert_never(kind)


def followers(network: Network, chain: Chain) -> Callable[[int], int]:
    """How many headers after a block, by its number, show that it is final."""
    kind = sealing_kind(network)
    match kind:
        case "authority" | "qbft" | "none":
            return lambda _number: 0
        case "clique":
            sealers, head = _clique(chain), chain.head().number
            return lambda number: reach(sealers, number, head)
        case _:
            assert_never(kind)


def ranges(sealers: Sealers, newest: int, first: int = 0) -> tuple[ValidatorRange, ...]:
    """The ranges of blocks from ``first`` that the same may seal; the last one, of ``newest``, has no end.

    Of a long chain some 256 blocks are looked at, and where two of them differ, those between: a set that
    came and went between two of these, leaving the one before it, is not seen.
    """
    step = -(-(newest - first) // _SAMPLES) or 1
    starts = [first]
    for before, after in pairwise([*range(first, newest, step), newest]):
        starts.extend(_changes(sealers, before, after))
    lasts = [*(start - 1 for start in starts[1:]), None]
    return tuple(
        ValidatorRange(start, last, sealers(start)) for start, last in zip(starts, lasts, strict=True)
    )


def reach(sealers: Sealers, number: int, head: int) -> int:
    """How many headers after a Clique block show that it is final, as far as there are any.

    More than half of the signers must have built on it. Where they change meanwhile, the headers go on until
    more than half of the new ones have built on a block of theirs.
    """
    depth = len(sealers(number)) // 2 + 1
    if number + depth <= head and sealers(number + depth) != sealers(number):
        depth += len(sealers(number + depth)) // 2 + 1
    return max(0, min(depth, head - number))


def _changes(sealers: Sealers, before: int, after: int) -> Iterator[int]:
    """The first blocks of new sets in ``before + 1`` to ``after``."""
    while sealers(before) != sealers(after):
        old, new = before, after
        while new - old > 1:
            middle = (old + new) // 2
            if sealers(middle) == sealers(before):
                old = middle
            else:
                new = middle
        yield new
        before = new


def _authority(chain: Chain) -> Sealers:
    """The one key of an embedded chain."""
    from traceledger.chain.embedded import EmbeddedChain

    if not isinstance(chain, EmbeddedChain):
        raise InputError("an embedded network has an embedded chain")
    authority = frozenset({chain.authority})
    return lambda _number: authority


def _clique(chain: Chain) -> Sealers:
    """Whoever were the signers after the block before (EIP-225)."""
    from traceledger.chain.rpc.chain import RpcChain

    if not isinstance(chain, RpcChain):
        raise InputError("a Clique network is reached over JSON-RPC")
    return cache(lambda number: frozenset(chain.signers(max(number - 1, 0))))


def _qbft(chain: ProvableChain) -> Sealers:
    """Those whom the block's own header names."""
    return cache(
        lambda number: frozenset(
            qbft_extra(read_header(chain.header_rlp(number), "qbft").extra_data).validators
        )
    )
