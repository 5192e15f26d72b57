"""Which rights there are, and what each allows (Rule 12): the roles of ``contracts/types/Roles.sol``.

Example:
    >>> [right.name for right in RIGHTS if right.announced]
    ['policy', 'stock']
"""

from __future__ import annotations

from collections.abc import Mapping

from traceledger.artifacts import ContractName
from traceledger.model.frozen import frozen

ADMINISTRATOR_ROLE = 0
"""Role of the AccessManager that grants and revokes all others."""


@frozen
class Right:
    """A right of the consortium, which several accounts may hold.

    Attributes:
        role: its number in the AccessManager.
        name: what people call it.
        announced: whether what it allows is announced, and waited for, before it takes effect.
        functions: what it allows, by contract.
    """

    role: int
    name: str
    announced: bool
    functions: Mapping[ContractName, tuple[str, ...]]


ADMISSION = Right(
    1,
    "admission",
    False,
    {
        "ParticipantRegistry": (
            "registerParticipant",
            "suspendParticipant",
            "terminateParticipant",
            "changeRoles",
            "revokeOperatorFor",
            "disableOperators",
            "changeCountry",
        )
    },
)
"""Who is a participant, with which standing, roles, country and keys."""

RIGHTS = (
    ADMISSION,
    Right(
        2,
        "policy",
        True,
        {
            "ParticipantRegistry": ("setActGuard", "recoverOperator"),
            "AssuranceRegistry": ("setMandatory",),
        },
    ),
    Right(3, "emergency", False, {"ParticipantRegistry": ("pause",)}),
    Right(4, "stock", True, {"BatchLedger": ("assignStock",)}),
    Right(
        5,
        "origins",
        False,
        {"ParticipantRegistry": ("defineMaterial", "approveOrigin", "amendMaterial", "confirmFacility")},
    ),
)
"""All rights, by their numbers."""
