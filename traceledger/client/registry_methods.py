"""The operations of the registry as methods, for the client: materials, companies, keys, sites, origins."""

from __future__ import annotations

from collections.abc import Sequence

from traceledger.client.assurance_methods import AssuranceMethods
from traceledger.client.performing import Documents, Quantity, Recorded


class RegistryMethods(AssuranceMethods):
    """Who takes part, what is traced, and where it may come from."""

    def define_material(
        self,
        material: str,
        *,
        name: str,
        substances: Sequence[str] = (),
        cas: str = "",
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Define a material and the substances (symbols or names) that its batches may hold."""
        return self._perform(
            "define_material",
            None,
            material=material,
            name=name,
            substances=list(substances),
            cas=cas,
            evidence=list(evidence),
            private=private,
        )

    def register_participant(
        self,
        participant: str,
        *,
        name: str,
        country: str,
        roles: Sequence[str] = (),
        address: str | bytes | None = None,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Admit a company; its first key is ``address``, by default the stored key of its short name."""
        return self._perform(
            "register_participant",
            None,
            participant=participant,
            name=name,
            country=country,
            roles=list(roles),
            address=address,
            evidence=list(evidence),
            private=private,
        )

    def suspend_participant(
        self, participant: str, *, reason: str, evidence: Documents = (), private: bool = False
    ) -> Recorded:
        """Stop a participant from acting. What it did before stays valid."""
        return self._perform(
            "suspend_participant",
            None,
            participant=participant,
            reason=reason,
            evidence=list(evidence),
            private=private,
        )

    def reinstate_participant(
        self,
        participant: str,
        *,
        reason: str,
        act_as: str | None = None,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Let a suspended participant act again, as an auditor (``act_as``) or the consortium."""
        return self._perform(
            "reinstate_participant",
            act_as,
            participant=participant,
            reason=reason,
            evidence=list(evidence),
            private=private,
        )

    def terminate_participant(
        self, participant: str, *, reason: str, evidence: Documents = (), private: bool = False
    ) -> Recorded:
        """End the relationship with a participant for good."""
        return self._perform(
            "terminate_participant",
            None,
            participant=participant,
            reason=reason,
            evidence=list(evidence),
            private=private,
        )

    def add_operator(self, participant: str, operator: str | bytes, *, act_as: str | None = None) -> Recorded:
        """Let one more key (address) sign for a participant."""
        return self._perform("add_operator", act_as, participant=participant, operator=operator)

    def revoke_operator(
        self, participant: str, operator: str | bytes, *, act_as: str | None = None
    ) -> Recorded:
        """Revoke a key of a participant; never its last one."""
        return self._perform("revoke_operator", act_as, participant=participant, operator=operator)

    def rotate_operator(
        self, participant: str, operator: str | bytes, successor: str | bytes, *, act_as: str | None = None
    ) -> Recorded:
        """Replace a key of a participant by another at once."""
        return self._perform(
            "rotate_operator", act_as, participant=participant, operator=operator, successor=successor
        )

    def register_facility(
        self,
        facility: str,
        *,
        act_as: str,
        kind: str,
        country: str,
        name: str | None = None,
        latitude: str | None = None,
        longitude: str | None = None,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Declare a facility of the acting participant. Kinds ``mine`` and ``recycler`` are origins.

        ``latitude`` and ``longitude`` are decimal degrees as text (``"-10.72"``), WGS 84.
        """
        return self._perform(
            "register_facility",
            act_as,
            facility=facility,
            kind=kind,
            country=country,
            name=name,
            latitude=latitude,
            longitude=longitude,
            evidence=list(evidence),
            private=private,
        )

    def approve_origin(
        self,
        facility: str,
        material: str,
        *,
        capacity_per_year: Quantity,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Expect a material from a facility, up to a mass per calendar year (UTC); zero withdraws."""
        return self._perform(
            "approve_origin",
            None,
            facility=facility,
            material=material,
            capacity_per_year=capacity_per_year,
            evidence=list(evidence),
            private=private,
        )
