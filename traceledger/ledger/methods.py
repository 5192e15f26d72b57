"""One method per operation, for the client: typed arguments in, the recorded operation out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from traceledger.ledger.assurance_methods import AssuranceMethods
from traceledger.ledger.performing import Documents, Quantity, Recorded, Time

__all__ = ["OperationMethods", "Recorded"]


class OperationMethods(AssuranceMethods):
    """The operations as methods. Names, units and fields are those of the operations file.

    Every method raises :class:`~traceledger.errors.InputError` for what it cannot understand,
    :class:`~traceledger.errors.SigningError` for a missing key, and a class of
    :mod:`traceledger.refusals` when the contracts refuse; nothing has happened then.
    """

    def define_material(
        self,
        material: str,
        *,
        name: str,
        substances: Sequence[str] = (),
        cas: str = "",
        evidence: Documents = (),
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
        )

    def suspend_participant(self, participant: str, *, reason: str, evidence: Documents = ()) -> Recorded:
        """Stop a participant from acting. What it did before stays valid."""
        return self._perform(
            "suspend_participant", None, participant=participant, reason=reason, evidence=list(evidence)
        )

    def reinstate_participant(
        self, participant: str, *, reason: str, act_as: str | None = None, evidence: Documents = ()
    ) -> Recorded:
        """Let a suspended participant act again, as an auditor (``act_as``) or the consortium."""
        return self._perform(
            "reinstate_participant", act_as, participant=participant, reason=reason, evidence=list(evidence)
        )

    def terminate_participant(self, participant: str, *, reason: str, evidence: Documents = ()) -> Recorded:
        """End the relationship with a participant for good."""
        return self._perform(
            "terminate_participant", None, participant=participant, reason=reason, evidence=list(evidence)
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
        )

    def approve_origin(
        self, facility: str, material: str, *, capacity_per_year: Quantity, evidence: Documents = ()
    ) -> Recorded:
        """Expect a material from a facility, up to a mass per calendar year (UTC); zero withdraws."""
        return self._perform(
            "approve_origin",
            None,
            facility=facility,
            material=material,
            capacity_per_year=capacity_per_year,
            evidence=list(evidence),
        )

    def mint(
        self,
        batch: str,
        *,
        act_as: str,
        material: str,
        facility: str,
        mass: Quantity,
        origin: str,
        substances: Mapping[str, Quantity] | None = None,
        emissions: Mapping[str, Quantity] | None = None,
        at: Time | None = None,
        evidence: Documents = (),
    ) -> Recorded:
        """Bring a new batch onto the ledger; ``origin``: mined, post_consumer or pre_consumer."""
        return self._happened(
            "mint",
            act_as,
            at,
            batch=batch,
            material=material,
            facility=facility,
            mass=mass,
            origin=origin,
            substances=substances,
            emissions=emissions,
            evidence=list(evidence),
        )

    def split(
        self,
        batch: str,
        into: Mapping[str, Quantity],
        *,
        act_as: str,
        at: Time | None = None,
        evidence: Documents = (),
    ) -> Recorded:
        """Split batches (identifier to mass) off one; the rest stays in it."""
        children = [{"batch": child, "mass": mass} for child, mass in into.items()]
        return self._happened("split", act_as, at, batch=batch, into=children, evidence=list(evidence))

    def ship(
        self,
        shipment: str,
        *,
        act_as: str,
        batches: Sequence[str],
        to: str,
        emissions: Mapping[str, Quantity] | None = None,
        at: Time | None = None,
        evidence: Documents = (),
    ) -> Recorded:
        """Offer batches to another participant, with the emissions of the transport."""
        return self._happened(
            "ship",
            act_as,
            at,
            shipment=shipment,
            batches=list(batches),
            to=to,
            emissions=emissions,
            evidence=list(evidence),
        )

    def receive(
        self,
        shipment: str,
        *,
        act_as: str,
        arrived: Mapping[str, Quantity] | None = None,
        at: Time | None = None,
        evidence: Documents = (),
    ) -> Recorded:
        """Take custody of a shipment; ``arrived``: the mass of each batch that did not arrive in full."""
        return self._happened(
            "receive", act_as, at, shipment=shipment, arrived=arrived, evidence=list(evidence)
        )

    def reject(
        self,
        shipment: str,
        *,
        act_as: str,
        reason: str = "",
        at: Time | None = None,
        evidence: Documents = (),
    ) -> Recorded:
        """Refuse a shipment, as its receiver."""
        return self._happened("reject", act_as, at, shipment=shipment, reason=reason, evidence=list(evidence))

    def cancel(
        self,
        shipment: str,
        *,
        act_as: str,
        reason: str = "",
        at: Time | None = None,
        evidence: Documents = (),
    ) -> Recorded:
        """Take a shipment back, as its sender, before it is received."""
        return self._happened("cancel", act_as, at, shipment=shipment, reason=reason, evidence=list(evidence))

    def transform(
        self,
        transformation: str,
        *,
        act_as: str,
        facility: str,
        process: str,
        inputs: Sequence[Mapping[str, Any]],
        outputs: Sequence[Mapping[str, Any]],
        losses: Mapping[str, Quantity] | str | None = None,
        allocation: str = "mass",
        emissions: Mapping[str, Quantity] | None = None,
        at: Time | None = None,
        evidence: Documents = (),
    ) -> Recorded:
        """Make batches of batches at a facility.

        Args:
            transformation: the run's identifier.
            act_as: who operates the facility.
            facility: where.
            process: what is done, for instance ``refining``.
            inputs: each ``{"batch": name, "mass": quantity}``; without a mass, all of it.
            outputs: each ``{"batch": …, "material": …, "mass": …, "substances": {…}}``, and a ``weight``
                under the economic rule.
            losses: mass by substance, or ``"balance"`` for whatever the outputs leave over.
            allocation: ``mass`` or ``economic``.
            emissions: of the process.
            at: when it ended.
            evidence: documents that show it.
        """
        return self._happened(
            "transform",
            act_as,
            at,
            transformation=transformation,
            facility=facility,
            process=process,
            inputs=[dict(item) for item in inputs],
            outputs=[dict(item) for item in outputs],
            losses=losses,
            allocation=allocation,
            emissions=emissions,
            evidence=list(evidence),
        )

    def add_emissions(
        self,
        batch: str,
        *,
        act_as: str,
        emissions: Mapping[str, Quantity],
        reason: str,
        at: Time | None = None,
        evidence: Documents = (),
    ) -> Recorded:
        """Add emissions of storage or handling to a batch."""
        return self._happened(
            "add_emissions",
            act_as,
            at,
            batch=batch,
            emissions=emissions,
            reason=reason,
            evidence=list(evidence),
        )

    def retire(
        self, batch: str, *, act_as: str, reason: str, at: Time | None = None, evidence: Documents = ()
    ) -> Recorded:
        """Retire a batch for good: delivered, disposed of, lost."""
        return self._happened("retire", act_as, at, batch=batch, reason=reason, evidence=list(evidence))

    def declare_error(
        self,
        batch: str,
        *,
        reason: str,
        act_as: str | None = None,
        corrective: Sequence[str] = (),
        at: Time | None = None,
        evidence: Documents = (),
    ) -> Recorded:
        """Declare that what was recorded of a batch is wrong (``did_not_occur``, ``incorrect_data``)."""
        return self._happened(
            "declare_error",
            act_as,
            at,
            batch=batch,
            reason=reason,
            corrective=list(corrective),
            evidence=list(evidence),
        )
