"""One method per operation, for the client: typed arguments in, the recorded operation out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from traceledger.client.performing import Documents, Quantity, Recorded, Time
from traceledger.client.registry_methods import RegistryMethods

__all__ = ["OperationMethods", "Recorded"]


class OperationMethods(RegistryMethods):
    """The operations as methods. Names, units and fields are those of the operations file.

    ``private``: names, identifiers of what is made, and evidence go on chain as salted commitments; the
    network's folder keeps what opens them (docs/privacy.md).

    Every method raises :class:`~traceledger.errors.InputError` for what it cannot understand,
    :class:`~traceledger.errors.SigningError` for a missing key, and a class of
    :mod:`traceledger.refusals` when the contracts refuse; nothing has happened then.
    """

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
        private: bool = False,
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
            private=private,
        )

    def split(
        self,
        batch: str,
        into: Mapping[str, Quantity],
        *,
        act_as: str,
        at: Time | None = None,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Split batches (identifier to mass) off one; the rest stays in it."""
        children = [{"batch": child, "mass": mass} for child, mass in into.items()]
        return self._happened(
            "split", act_as, at, batch=batch, into=children, evidence=list(evidence), private=private
        )

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
        private: bool = False,
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
            private=private,
        )

    def receive(
        self,
        shipment: str,
        *,
        act_as: str,
        arrived: Mapping[str, Quantity] | None = None,
        at: Time | None = None,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Take custody of a shipment; ``arrived``: the mass of each batch that did not arrive in full."""
        return self._happened(
            "receive",
            act_as,
            at,
            shipment=shipment,
            arrived=arrived,
            evidence=list(evidence),
            private=private,
        )

    def reject(
        self,
        shipment: str,
        *,
        act_as: str,
        reason: str = "",
        at: Time | None = None,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Refuse a shipment, as its receiver."""
        return self._happened(
            "reject", act_as, at, shipment=shipment, reason=reason, evidence=list(evidence), private=private
        )

    def cancel(
        self,
        shipment: str,
        *,
        act_as: str,
        reason: str = "",
        at: Time | None = None,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Take a shipment back, as its sender, before it is received."""
        return self._happened(
            "cancel", act_as, at, shipment=shipment, reason=reason, evidence=list(evidence), private=private
        )

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
        private: bool = False,
    ) -> Recorded:
        """Make batches of batches at a facility.

        Args:
            transformation: the run's identifier.
            act_as: whose facility it is.
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
            private: see the class.
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
            private=private,
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
        private: bool = False,
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
            private=private,
        )

    def retire(
        self,
        batch: str,
        *,
        act_as: str,
        reason: str,
        at: Time | None = None,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Retire a batch for good: delivered, disposed of, lost."""
        return self._happened(
            "retire", act_as, at, batch=batch, reason=reason, evidence=list(evidence), private=private
        )

    def declare_error(
        self,
        batch: str,
        *,
        reason: str,
        act_as: str | None = None,
        corrective: Sequence[str] = (),
        at: Time | None = None,
        evidence: Documents = (),
        private: bool = False,
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
            private=private,
        )
