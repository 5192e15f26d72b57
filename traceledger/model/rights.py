"""The rights of the consortium; numbers are roles of the AccessManager (``contracts/types/Roles.sol``).

Example:
    >>> RightKind.EMERGENCY.slug
    'emergency'
"""

from __future__ import annotations

from enum import IntEnum


class RightKind(IntEnum):
    """What an account of the consortium may do."""

    ADMINISTRATOR = 0
    ADMISSION = 1
    POLICY = 2
    EMERGENCY = 3
    STOCK = 4
    ORIGINS = 5

    @property
    def slug(self) -> str:
        """The name used in files and output."""
        return self.name.lower()
