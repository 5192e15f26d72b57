"""Emissions by scope, milligrams CO2e, and how they are shared over what was made.

Example:
    >>> Emissions(scope1=5, scope2=3).total_mg
    8
"""

from __future__ import annotations

from enum import IntEnum
from struct import Struct

from traceledger.model.frozen import frozen

SCOPES = ("scope1", "scope2", "scope3")
"""The scopes of the GHG Protocol, as files name them; fields of :class:`Emissions`."""
PARTS = ("biogenic", "land_use", "aviation")
"""Parts of the three scopes together that a file may tell, besides ``primary``."""
EMISSION_FIELDS = (*SCOPES, "primary", *PARTS, "removals")
"""What a file says of emissions: the scopes, parts of them, and removals beside them."""
_WORD = 32
_LANE = 64
_LANES = Struct(">8Q")


class AllocationRule(IntEnum):
    """How the burdens of a transformation are shared among its outputs."""

    MASS = 0
    ECONOMIC = 1

    @property
    def slug(self) -> str:
        """The name used in files: ``mass``, ``economic``."""
        return self.name.lower()


@frozen
class Emissions:
    """Emissions by GHG Protocol scope, mg CO2e, and what is known of them besides.

    ``primary``, ``biogenic``, ``land_use`` and ``aviation`` are each a part of the three scopes together:
    from primary data, biogenic, from land use and its change, from aviation. ``removals`` is an amount of its
    own, positive and never netted. Only the scopes and the primary part enter a batch's pools.
    """

    scope1: int = 0
    scope2: int = 0
    scope3: int = 0
    primary: int = 0
    biogenic: int = 0
    land_use: int = 0
    aviation: int = 0
    removals: int = 0

    @property
    def total_mg(self) -> int:
        """The three scopes together."""
        return self.scope1 + self.scope2 + self.scope3

    @property
    def words(self) -> tuple[int, int]:
        """As the contracts take and tell them: ``amounts`` and ``parts``, four lanes of 64 bits each.

        Example:
            >>> Emissions(scope2=1, removals=2).words == (1 << 64, 2 << 192)
            True
        """
        return (
            _packed(self.scope1, self.scope2, self.scope3, self.primary),
            _packed(self.biogenic, self.land_use, self.aviation, self.removals),
        )

    @classmethod
    def of_words(cls, amounts: int, parts: int) -> Emissions:
        """The inverse of :attr:`words`."""
        return cls.of_bytes(amounts.to_bytes(_WORD, "big") + parts.to_bytes(_WORD, "big"))

    @classmethod
    def of_bytes(cls, words: bytes) -> Emissions:
        """The inverse of :attr:`words` as the bytes of both, the first lane of each last."""
        primary, scope3, scope2, scope1, removals, aviation, land_use, biogenic = _LANES.unpack(words)
        return cls(scope1, scope2, scope3, primary, biogenic, land_use, aviation, removals)

    def to_bytes(self) -> bytes:
        """The inverse of :meth:`of_bytes`."""
        return _LANES.pack(
            *(self.primary, self.scope3, self.scope2, self.scope1),
            *(self.removals, self.aviation, self.land_use, self.biogenic),
        )

    @property
    def tells_parts(self) -> bool:
        """Whether anything is told beside the scopes and their primary part."""
        return any((self.biogenic, self.land_use, self.aviation, self.removals))


def _packed(first: int, second: int, third: int, fourth: int) -> int:
    return fourth << 3 * _LANE | third << 2 * _LANE | second << _LANE | first
