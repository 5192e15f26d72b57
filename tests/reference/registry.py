"""The reference model of who may act: participants, keys, facilities, materials, approved origins."""

from __future__ import annotations

import re
from typing import Any

from tests.reference.values import (
    ALWAYS,
    DAY,
    NUMBERS,
    Facility,
    Material,
    Name,
    Participant,
    Refused,
    basis_points,
    milligrams,
    refuse_if,
    seconds,
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
        self.materials: dict[str, Material] = {}
        self.approvals: dict[tuple[Name, str, str], tuple[int, int, int]] = {}
        self.permits: dict[Name, str] = {}

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
        # Rule 1: a terminated participant's keys sign nothing at all.
        refuse_if(self.participants[slug].status == "terminated", "ParticipantNotActive")
        return slug

    def speaker_of(self, account: str) -> str:
        """For whom an account speaks: its participant or, of no key in force, itself."""
        try:
            return self.participant_of(account)
        except Refused:
            return account

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
        return "auditor" in participant.roles and participant.status == "active" and self.unblocked(slug)

    def is_consortium(self, account: str) -> bool:
        return account == CONSORTIUM

    def unblocked(self, slug: str) -> bool:
        """Whether findings and assessments let it act."""
        raise NotImplementedError

    def define_material(self, op: dict[str, Any], account: str) -> None:
        _consortium(account)
        _slug(op["material"])
        refuse_if(op["material"] in self.materials, "MaterialAlreadyExists")
        numbers = sorted(NUMBERS[name] for name in op.get("substances", []))
        waste, product = op.get("waste", False), op.get("product", False)
        refuse_if(waste and product, "WasteAndProduct")
        refuse_if(len(numbers) > 15, "TooManySubstances", count=len(numbers), limit=15)
        tolerance = op.get("tolerance", {})
        allowed = (basis_points(tolerance.get("mass", "0")), basis_points(tolerance.get("substances", "0")))
        contents = {}
        for name, bounds in op.get("content", {}).items():
            least, highest = bounds.split(" - ")
            contents[NUMBERS[name]] = basis_points(least), basis_points(highest)
        self.materials[op["material"]] = Material(tuple(numbers), waste, product, allowed, contents)

    def permit_content(self, op: dict[str, Any], account: str) -> None:
        refuse_if(not self.is_auditor(account), "NotAuditorNorConsortium")
        refuse_if(self.speaker_of(account) == op["participant"], "OwnLot")
        refuse_if(op["material"] not in self.materials, "UnknownMaterial")
        self.permits[op["participant"], self.full(op["batch"], op["participant"])[1]] = op["material"]

    def require_content(self, name: Name, slug: str, mass: int, substances: dict[int, int]) -> None:
        """Rule 2: inside the material's contents, or permitted."""
        material = self.materials[slug]
        for number, (least, highest) in sorted(material.contents.items()):
            held = substances.get(number, 0) * 10_000
            outside = not least * mass <= held <= highest * mass
            if outside and self.permits.get(name) == slug:
                return
            refuse_if(outside, "ContentOutOfBounds", substance=number)

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
        slug = self.participant_of(account)
        self._may_add(op["operator"].lower(), slug, op["participant"])
        self._add(slug, op["operator"].lower())

    def revoke_operator(self, op: dict[str, Any], account: str) -> None:
        if account == CONSORTIUM:
            slug = op["participant"]
            refuse_if(slug not in self.participants, "UnknownParticipant")
        else:
            slug = self.participant_of(account)
        self._revoke(slug, op["operator"].lower())

    def rotate_operator(self, op: dict[str, Any], account: str) -> None:
        slug, old, new = self.participant_of(account), op["operator"].lower(), op["successor"].lower()
        self._may_add(new, slug, op["participant"])
        refuse_if(old != new and self.keys.get(old, ("", False))[0] != slug, "NotAnOperatorOf")
        refuse_if(self.keys.get(old, ("", False))[1], "OperatorIsRevoked")
        self._add(slug, new)
        self._revoke(slug, old)

    def _may_add(self, key: str, slug: str, consented_to: str) -> None:
        refuse_if(key in self.keys, "OperatorAlreadyRegistered")
        # Rule 1: a key joins with its own consent, and whom it joins is what it signed.
        refuse_if(slug != consented_to, "NoConsent")

    def _add(self, slug: str, key: str) -> None:
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
        refuse_if(op["material"] not in self.materials, "UnknownMaterial")
        origins = (op["origin"],) if "origin" in op else self.facilities[name].origins()
        for origin in origins:
            self.require_possible(name, origin)
        capacity, begin = milligrams(op["capacity_per_year"]), seconds(op.get("from", 0))
        # ``until`` includes its day.
        end = seconds(op["until"]) + DAY - 1 if "until" in op else ALWAYS
        for origin in origins:
            self.approvals[name, op["material"], origin] = capacity, begin, end

    def require_possible(self, facility: Name, origin: str) -> None:
        if origin == "untraced":
            return
        possible = self.facilities[facility].origins()
        refuse_if(not possible, "NotAnOrigin")
        refuse_if(origin not in possible, "OriginMismatch")

    def approved(self, facility: Name, material: str, origin: str, at: int) -> int:
        """The capacity of an approval in force (Rule 2)."""
        self.require_possible(facility, origin)
        capacity, begin, end = self.approvals.get((facility, material, origin), (0, 0, 0))
        refuse_if(not capacity, "OriginNotApproved")
        refuse_if(not begin <= at <= end, "ApprovalNotInForce")
        return capacity


def _consortium(account: str) -> None:
    refuse_if(account != CONSORTIUM, "AccessManagedUnauthorized")


def _slug(slug: str) -> None:
    refuse_if(not _SLUG.fullmatch(slug), "InvalidSlug")


def require_identifier(identifier: str) -> None:
    if not 1 <= len(identifier.encode()) <= 256:
        raise Refused("InvalidIdentifier")
