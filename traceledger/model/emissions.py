"""Emissions by scope, milligrams CO2e, and how they are shared over what was made.

Example:
    >>> Emissions(scope1=5, scope2=3).total_mg
    8
"""

from __future__ import annotations

from enum import IntEnum

from traceledger.model.frozen import frozen

SCOPES = ("scope1", "scope2", "scope3")
"""The scopes of the GHG Protocol, as files name them; fields of :class:`Emissions`."""
EMISSION_FIELDS = (*SCOPES, "primary")
"""What a file says of emissions: the scopes, and what of all three comes from primary data."""


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
    """Emissions by GHG Protocol scope, mg CO2e; ``primary`` is the part of all three from primary data."""

    scope1: int = 0
    scope2: int = 0
    scope3: int = 0
    primary: int = 0

    @property
    def total_mg(self) -> int:
        """The three scopes together."""
        return self.scope1 + self.scope2 + self.scope3
