"""Which rights there are, and what each allows (Rule 12): the roles of ``contracts/types/Roles.sol``.

Example:
    >>> [right.name for right in RIGHTS if right.announced]
    ['policy', 'stock']
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from traceledger.model.frozen import frozen
from traceledger.model.rights import RightKind

if TYPE_CHECKING:
    from traceledger.artifacts import ContractName


@frozen
class Right:
    """A right of the consortium, which several accounts may hold.

    Attributes:
        role: which it is.
        announced: whether what it allows is announced, and waited for, before it takes effect.
        functions: what it allows, by contract: names and selectors. Whoever opens a network compares them,
            and must not wait for the contracts' ABI to be read.
    """

    role: RightKind
    announced: bool
    functions: Mapping[ContractName, Mapping[str, int]]

    @property
    def name(self) -> str:
        """What people call it."""
        return self.role.slug


ADMISSION = Right(
    RightKind.ADMISSION,
    False,
    {
        "ParticipantRegistry": {
            "registerParticipant": 0xAD3EDA83,
            "suspendParticipant": 0x916DB9D9,
            "terminateParticipant": 0xF95C3111,
            "changeRoles": 0xFFD00709,
            "revokeOperatorFor": 0x71F65AF9,
            "disableOperators": 0x2FC6A371,
            "changeCountry": 0xCDACD902,
        },
    },
)
"""Who is a participant, with which standing, roles, country and keys."""

RIGHTS = (
    ADMISSION,
    Right(
        RightKind.POLICY,
        True,
        {
            "ParticipantRegistry": {
                "setActGuard": 0xF69F75D6,
                "recoverOperator": 0x4E6C2196,
            },
            "AssuranceRegistry": {
                "setMandatory": 0x4EED272F,
            },
        },
    ),
    Right(
        RightKind.EMERGENCY,
        False,
        {
            "ParticipantRegistry": {
                "pause": 0x8456CB59,
            },
        },
    ),
    Right(
        RightKind.STOCK,
        True,
        {
            "BatchLedger": {
                "assignStock": 0x5E55F21F,
            },
        },
    ),
    Right(
        RightKind.ORIGINS,
        False,
        {
            "ParticipantRegistry": {
                "defineMaterial": 0x0A972D37,
                "approveOrigin": 0x5CF6F797,
                "amendMaterial": 0x03A39D4C,
                "confirmFacility": 0xE67B6EFF,
            },
        },
    ),
)
"""All rights, by their numbers."""
