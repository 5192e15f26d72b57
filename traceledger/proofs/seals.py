"""Which headers the sealers of a chain have made final, by each way of sealing.

- ``authority`` (the embedded chain): the one authority's seal in the header.
- ``qbft``: commit seals of at least two thirds of the validators in the header itself.
- ``clique`` (EIP-225): more than half of the signers have sealed one of the headers that follow.

Example:
    >>> quorum(4), quorum(6), quorum(7)
    (3, 4, 5)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol, assert_never

from traceledger.model.counting import counted
from traceledger.model.keccak import keccak
from traceledger.proofs.proved_headers import BlockHeader, Hashing, qbft_extra
from traceledger.proofs.signatures import signer_of
from traceledger.proofs.trust import TrustRoot, Validators

_VANITY = 32
_SEAL = 65
_NEWEST = 256
"""Of how many headers it is remembered who sealed them: each is asked about more than once."""


def quorum(validators: int) -> int:
    """How many commit seals a QBFT block needs: two thirds of its validators, rounded up."""
    return -(-2 * validators // 3)


def _sealer(header: BlockHeader) -> bytes | None:
    """Who sealed a header whose extra data ends with a seal of all the rest (EIP-225)."""
    if len(header.extra_data) < _VANITY + _SEAL:
        return None
    bare, seal = header.extra_data[:-_SEAL], header.extra_data[-_SEAL:]
    return signer_of(keccak(header.with_extra(bare)), seal)


def _committed(header: BlockHeader, most: int) -> frozenset[bytes | None]:
    """Whose commit seals a QBFT header has, of the first so many; ``None`` stands for what is no seal."""
    # S3: validators commit to the round too, so the digest that they sign is not the block's hash.
    extra = qbft_extra(header.extra_data)
    digest = keccak(header.with_extra(extra.encode(round_=extra.round, seals=())))
    return frozenset(signer_of(digest, seal) for seal in extra.seals[:most])


_SealerOf = Callable[[BlockHeader], bytes | None]


def _remembering() -> _SealerOf:
    return lru_cache(maxsize=_NEWEST)(_sealer)


class Sealing(Protocol):
    """Decides which headers are final by their seals."""

    @property
    def hashing(self) -> Hashing:
        """How headers are hashed."""

    @property
    def followers(self) -> int:
        """How many of the headers that follow are looked at."""

    def foreign(self, header: BlockHeader) -> bool:
        """Whether nobody who may seal the header did: known before any header that follows is read."""

    def shortfall(self, header: BlockHeader, following: Sequence[BlockHeader]) -> str:
        """Why the header is not final: one clause; empty if it is.

        Args:
            header: the header in question.
            following: the headers that follow it, each the parent of the next; at most :attr:`followers`.
        """


@dataclass(frozen=True, slots=True)
class NoSealing:
    """A chain without seals that prove anything: only pinned and witnessed blocks count."""

    hashing: Hashing = "plain"
    followers: int = 0

    def foreign(self, header: BlockHeader) -> bool:
        """Never: seals do not count."""
        return False

    def shortfall(self, header: BlockHeader, following: Sequence[BlockHeader]) -> str:
        """Always one."""
        return "the trust root names nobody who may seal it"


@dataclass(frozen=True, slots=True)
class AuthoritySealing:
    """One authority seals every block; it is named in the header too."""

    validators: Validators
    hashing: Hashing = "plain"
    followers: int = 0
    _sealer: _SealerOf = field(default_factory=_remembering, compare=False, repr=False)

    def foreign(self, header: BlockHeader) -> bool:
        """Whether it lacks the seals that the trust root asks for at its number."""
        return bool(self.validators.at(header.number)) and bool(self.shortfall(header, ()))

    def shortfall(self, header: BlockHeader, following: Sequence[BlockHeader]) -> str:
        """Empty if the authority sealed the header."""
        trusted = self.validators.at(header.number)
        if not trusted:
            return f"the trust root names no authority for block {header.number}"
        # S1: both, as the beneficiary is what other readers of the chain go by.
        if header.coinbase not in trusted or self._sealer(header) != header.coinbase:
            return "its seal is not the authority's"
        return ""


@dataclass(frozen=True, slots=True)
class QbftSealing:
    """Commit seals of a quorum of the trusted validators."""

    validators: Validators
    hashing: Hashing = "qbft"
    followers: int = 0
    _committed: Callable[[BlockHeader, int], frozenset[bytes | None]] = field(
        default_factory=lambda: lru_cache(maxsize=_NEWEST)(_committed), compare=False, repr=False
    )

    def foreign(self, header: BlockHeader) -> bool:
        """Whether it lacks the seals that the trust root asks for at its number."""
        return bool(self.validators.at(header.number)) and bool(self.shortfall(header, ()))

    def shortfall(self, header: BlockHeader, following: Sequence[BlockHeader]) -> str:
        """Empty if enough validators committed to the header."""
        trusted = self.validators.at(header.number)
        if not trusted:
            return f"the trust root names no validators for block {header.number}"
        # S4: only the first 2n are recovered, so that a header full of seals costs no work; a set counts each
        # once. S5: of the trust root's validators, whatever the extra data say.
        found = self._committed(header, 2 * len(trusted)) & trusted
        if len(found) < quorum(len(trusted)):
            needed = quorum(len(trusted))
            return f"{len(found)} of {counted(len(trusted), 'validator')} sealed it, {needed} are needed"
        return ""


@dataclass(frozen=True, slots=True)
class CliqueSealing:
    """Seals of more than half of the trusted signers on the headers that follow."""

    validators: Validators
    hashing: Hashing = "plain"
    _sealer: _SealerOf = field(default_factory=_remembering, compare=False, repr=False)

    @property
    def followers(self) -> int:
        """Enough for as many distinct signers as are needed."""
        return self.validators.largest // 2 + 1

    def foreign(self, header: BlockHeader) -> bool:
        """Whether somebody sealed it whom the trust root does not name for its number."""
        trusted = self.validators.at(header.number)
        return bool(trusted) and self._sealer(header) not in trusted

    def shortfall(self, header: BlockHeader, following: Sequence[BlockHeader]) -> str:
        """Empty if enough signers built on the header."""
        trusted = self.validators.at(header.number)
        if not trusted:
            return f"the trust root names no signers for block {header.number}"
        # S2: the beneficiary is no sealer under Clique (it is whom a vote is about), so the seal alone tells.
        needed = len(trusted) // 2 + 1
        found = {
            sealer
            for each in following
            if (sealer := self._sealer(each)) in trusted and sealer in self.validators.at(each.number)
        }
        if len(found) < needed:
            return f"{len(found)} of {len(trusted)} signers built on it, {needed} are needed"
        return ""


def sealing_of(trusted: TrustRoot) -> Sealing:
    """How blocks become final under a trust root."""
    match trusted.sealing:
        case "authority":
            return AuthoritySealing(trusted.validators)
        case "qbft":
            return QbftSealing(trusted.validators)
        case "clique":
            return CliqueSealing(trusted.validators)
        case "none":
            return NoSealing()
        case _:
            assert_never(trusted.sealing)
