"""The reference model of who may act: participants, keys, facilities, materials, approved origins."""

from __future__ import annotations

import re
from typing import Any

from tests.reference.values import (
    NUMBERS,
    Facility,
    Name,
    Participant,
    Refused,
    milligrams,
    refuse_if,
)

CONSORTIUM = "consortium"
"""The deploying account. It is nobody's key."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class Registry:
    """Who may act. The account that acts is a key (address as text) or :data:`CONSORTIUM`."""

    def __init__(self) -> None:
        self.participants: dict[str, Participant] = {}
        self.keys: dict[str, tuple[str, bool]] = {}
        self.facilities: dict[Name, Facility] = {}
        self.materials: dict[str, tuple[int, ...]] = {}
        self.capacities: dict[tuple[Name, str], int] = {}

    def account_of(self, slug: str | None) -> str:
        """The account that acts for a participant by default: its first key that is not revoked."""
        if slug is None:
            return CONSORTIUM
        if slug not in self.participants:
            return f"nobody {slug}"
        valid = [key for key in self.participants[slug].keys if not self.keys[key][1]]
        return valid[0] if valid else self.participants[slug].address

    def full(self, name: str, own: str | None) -> Name:
        """Owner and identifier of a name; one's own may leave the slug out."""
        slug, slash, rest = name.partition("/")
        if slash and rest and slug in self.participants:
            return slug, rest
        return own or "", name

    def participant_of(self, account: str) -> str:
        refuse_if(account not in self.keys, "UnknownOperator")
        slug, revoked = self.keys[account]
        refuse_if(revoked, "OperatorIsRevoked")
        return slug

    def acting(self, account: str) -> str:
        """The participant for which the account acts, which must be allowed to."""
        slug = self.participant_of(account)
        self.require_active(slug)
        return slug

    def require_active(self, slug: str) -> None:
        refuse_if(slug not in self.participants, "UnknownParticipant")
        refuse_if(self.participants[slug].status != "active", "ParticipantNotActive")

    def at_facility(self, account: str, name: Name) -> str:
        """The participant for which the account acts, which must operate the facility."""
        slug = self.acting(account)
        refuse_if(name not in self.facilities, "UnknownFacility")
        refuse_if(name[0] != slug, "ForeignFacility")
        return slug

    def is_auditor(self, account: str) -> bool:
        if account == CONSORTIUM:
            return True
        slug, revoked = self.keys.get(account, ("", True))
        if revoked:
            return False
        participant = self.participants[slug]
        return "auditor" in participant.roles and participant.status == "active"

    def define_material(self, op: dict[str, Any], account: str) -> None:
        _consortium(account)
        _slug(op["material"])
        refuse_if(op["material"] in self.materials, "MaterialAlreadyExists")
        numbers = sorted(NUMBERS[name] for name in op.get("substances", []))
        refuse_if(len(numbers) > 15, "TooManySubstances", count=len(numbers), limit=15)
        self.materials[op["material"]] = tuple(numbers)

    def register_participant(self, op: dict[str, Any], account: str) -> None:
        _consortium(account)
        slug, address = op["participant"], op.get("address", f"key of {op['participant']}").lower()
        _slug(slug)
        taken = slug in self.participants or address in {p.address for p in self.participants.values()}
        refuse_if(taken, "ParticipantAlreadyExists")
        refuse_if(address in self.keys, "OperatorAlreadyRegistered")
        roles = frozenset(op.get("roles", []))
        self.participants[slug] = Participant(slug, address, op["country"], roles, keys=[address])
        self.keys[address] = (slug, False)

    def suspend_participant(self, op: dict[str, Any], account: str) -> None:
        _consortium(account)
        self._change(op["participant"], "suspended")

    def reinstate_participant(self, op: dict[str, Any], account: str) -> None:
        refuse_if(not self.is_auditor(account), "NotAuditorNorConsortium")
        self._change(op["participant"], "active")

    def terminate_participant(self, op: dict[str, Any], account: str) -> None:
        _consortium(account)
        self._change(op["participant"], "terminated")

    def _change(self, slug: str, status: str) -> None:
        refuse_if(slug not in self.participants, "UnknownParticipant")
        now = self.participants[slug].status
        refuse_if(now in (status, "terminated"), "StatusChangeNotAllowed")
        self.participants[slug].status = status

    def add_operator(self, op: dict[str, Any], account: str) -> None:
        self._may_manage(account, op["participant"])
        self._add(op["participant"], op["operator"].lower())

    def revoke_operator(self, op: dict[str, Any], account: str) -> None:
        self._may_manage(account, op["participant"])
        self._revoke(op["participant"], op["operator"].lower())

    def rotate_operator(self, op: dict[str, Any], account: str) -> None:
        slug, old, new = op["participant"], op["operator"].lower(), op["successor"].lower()
        self._may_manage(account, slug)
        self._may_add(new)
        refuse_if(old != new and self.keys.get(old, ("", False))[0] != slug, "NotAnOperatorOf")
        refuse_if(self.keys.get(old, ("", False))[1], "OperatorIsRevoked")
        self._add(slug, new)
        self._revoke(slug, old)

    def _may_manage(self, account: str, slug: str) -> None:
        refuse_if(slug not in self.participants, "UnknownParticipant")
        own = self.keys.get(account) == (slug, False)
        refuse_if(not own and account != CONSORTIUM, "NotOperatorNorConsortium")

    def _may_add(self, key: str) -> None:
        refuse_if(key in self.keys, "OperatorAlreadyRegistered")

    def _add(self, slug: str, key: str) -> None:
        self._may_add(key)
        self.keys[key] = (slug, False)
        self.participants[slug].keys.append(key)

    def _revoke(self, slug: str, key: str) -> None:
        owner, revoked = self.keys.get(key, ("", False))
        refuse_if(owner != slug, "NotAnOperatorOf")
        refuse_if(revoked, "OperatorIsRevoked")
        valid = [other for other in self.participants[slug].keys if not self.keys[other][1]]
        refuse_if(len(valid) == 1, "LastOperator")
        self.keys[key] = (slug, True)

    def register_facility(self, op: dict[str, Any], account: str) -> None:
        slug = self.acting(account)
        _, identifier = self.full(op["facility"], slug)
        require_identifier(identifier)
        name = (slug, identifier)
        refuse_if(name in self.facilities, "FacilityAlreadyExists")
        self.facilities[name] = Facility(name, op["kind"], op["country"])

    def approve_origin(self, op: dict[str, Any], account: str) -> None:
        _consortium(account)
        name = self.full(op["facility"], op.get("as"))
        refuse_if(name not in self.facilities, "UnknownFacility")
        refuse_if(not self.facilities[name].is_origin, "NotAnOrigin")
        refuse_if(op["material"] not in self.materials, "UnknownMaterial")
        self.capacities[name, op["material"]] = milligrams(op["capacity_per_year"])


def _consortium(account: str) -> None:
    refuse_if(account != CONSORTIUM, "AccessManagedUnauthorized")


def _slug(slug: str) -> None:
    refuse_if(not _SLUG.fullmatch(slug), "InvalidSlug")


def require_identifier(identifier: str) -> None:
    if not 1 <= len(identifier.encode()) <= 256:
        raise Refused("InvalidIdentifier")
