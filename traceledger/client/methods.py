"""The operations as methods of the client: typed arguments in, the recorded operation out.

Written by scripts/generate-operations from what each operation declares in traceledger/operations; change it
there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from traceledger.client.performer import Documents, Performer, Quantity, Recorded, Time

if TYPE_CHECKING:
    from traceledger.model.assurance import AssessmentKind, FindingCategory, Rating, Severity
    from traceledger.model.batches import ErrorReason, Origin, Retirement
    from traceledger.model.emissions import AllocationRule, Emissions
    from traceledger.model.rights import RightKind

__all__ = ["OperationMethods", "Recorded"]

OriginWord = Literal["mined", "post_consumer", "pre_consumer", "untraced"]
RetirementWord = Literal["consumed_outside", "disposed", "delivered"]
AllocationRuleWord = Literal["mass", "economic"]
ErrorReasonWord = Literal["did_not_occur", "incorrect_data"]
AssessmentKindWord = Literal[
    "saq",
    "ssi",
    "code_of_conduct",
    "audit",
    "lca",
    "certificate",
    "renewable_electricity",
    "country_risk",
    "category_risk",
]
RatingWord = Literal["low", "medium", "high"]
SeverityWord = Literal["minor", "major", "critical"]
FindingCategoryWord = Literal[
    "labour", "human_rights", "health_and_safety", "environment", "ethics", "quality"
]
RightKindWord = Literal["administrator", "admission", "policy", "emergency", "stock", "origins"]


class OperationMethods(Performer):
    """The operations as methods. Names, units and fields are those of the operations file."""

    def define_material(
        self,
        material: str,
        *,
        name: str,
        substances: Sequence[str] = (),
        cas: str | None = None,
        waste: bool = False,
        product: bool = False,
        tolerance: Mapping[str, str | int] | None = None,
        content: Mapping[str, str] | None = None,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Define a kind of material, and the tracked substances that its batches may hold (at most 15).

        Performed by the consortium.

        Example::

            client.define_material("cobalt-hydroxide", name="Crude cobalt hydroxide", substances=["Co"])

        Args:
            material: the short name that it is to have.
            name: its full name.
            substances: what is tracked in it: Co, mica; symbols or names.
            cas: its CAS number.
            waste: what an ordinary run makes of it is waste (Rule 6).
            product: it may be delivered, and taken back (Rule 9).
            tolerance: by how much a custodian may remeasure: of mass, and of each substance; ``mass`` and
                ``substances``, each a percentage.
            content: the least and the highest content of substances, of gross mass; a range of percentages by
                symbol or name: 30 % - 40 %.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "define_material",
            {
                "material": material,
                "name": name,
                "substances": substances,
                "cas": cas,
                "waste": waste,
                "product": product,
                "tolerance": tolerance,
                "content": content,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def amend_material(
        self,
        material: str,
        *,
        reason: str,
        substances: Sequence[str] = (),
        tolerance: Mapping[str, str | int] | None = None,
        content: Mapping[str, str] | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Have a material track further substances, and set its contents and tolerances anew.

        Performed by the consortium.

        Example::

            client.amend_material("cobalt-hydroxide", substances=["Co"],
                reason="lithium is tracked from now on")

        Args:
            material: the material.
            reason: why; it is recorded.
            substances: what is tracked besides; batches made before hold none recorded; symbols or names.
            tolerance: by how much a custodian may remeasure: of mass, and of each substance; ``mass`` and
                ``substances``, each a percentage.
            content: the least and the highest content of substances, of gross mass; a range of percentages by
                symbol or name: 30 % - 40 %.
            at: when it was decided; tells it from an earlier one; ISO 8601 with its zone, UTC seconds, or an
                aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "amend_material",
            {
                "material": material,
                "substances": substances,
                "tolerance": tolerance,
                "content": content,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def permit_content(
        self,
        participant: str,
        batch: str,
        *,
        material: str,
        reason: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Permit one batch, which need not exist yet, to be outside the contents of its material.

        Performed by an auditor, or the consortium.

        Example::

            client.permit_content("katanga", "KOL-1", material="cobalt-hydroxide", reason="a trial")

        Args:
            participant: who makes the batch.
            batch: what its maker calls it, without a slug.
            material: the material.
            reason: why; it is recorded.
            at: when it was decided; tells it from an earlier one; ISO 8601 with its zone, UTC seconds, or an
                aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "permit_content",
            {
                "participant": participant,
                "batch": batch,
                "material": material,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def register_participant(
        self,
        participant: str,
        *,
        name: str,
        country: str,
        roles: Sequence[str] = (),
        address: str | bytes | None = None,
        consent: str | None = None,
        deadline: Time | None = None,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Admit a company under a short name, with its first key. An auditor has the role ``auditor``.

        Performed by the consortium.

        Example::

            client.register_participant("katanga", name="Katanga Example Mining", country="CD")

        Args:
            participant: the short name that it is to have.
            name: its full name.
            country: where it is: ISO 3166-1 alpha-2, for instance CD.
            roles: for instance producer, carrier or auditor.
            address: address of its first key; by default that of the stored key of its short name; 0x and 40
                hexadecimal digits, or 20 bytes.
            consent: the key's signature that it joins the participant; by default the stored key's.
            deadline: the last second at which the consent holds; ISO 8601 with its zone, UTC seconds, or an
                aware datetime.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "register_participant",
            {
                "participant": participant,
                "name": name,
                "country": country,
                "roles": roles,
                "address": address,
                "consent": consent,
                "deadline": deadline,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def suspend_participant(
        self,
        participant: str,
        *,
        reason: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Stop a company from acting. What it did before stays valid.

        Performed by the consortium.

        Example::

            client.suspend_participant("katanga", reason="an audit")

        Args:
            participant: whom it is about.
            reason: why; it is recorded.
            at: when it was decided; tells it from an earlier one; ISO 8601 with its zone, UTC seconds, or an
                aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "suspend_participant",
            {
                "participant": participant,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def reinstate_participant(
        self,
        participant: str,
        *,
        reason: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Let a suspended company act again.

        Performed by an auditor, or the consortium.

        Example::

            client.reinstate_participant("katanga", reason="an audit")

        Args:
            participant: whom it is about.
            reason: why; it is recorded.
            at: when it was decided; tells it from an earlier one; ISO 8601 with its zone, UTC seconds, or an
                aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "reinstate_participant",
            {
                "participant": participant,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def terminate_participant(
        self,
        participant: str,
        *,
        reason: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """End the relationship with a company for good.

        Performed by the consortium.

        Example::

            client.terminate_participant("katanga", reason="an audit")

        Args:
            participant: whom it is about.
            reason: why; it is recorded.
            at: when it was decided; tells it from an earlier one; ISO 8601 with its zone, UTC seconds, or an
                aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "terminate_participant",
            {
                "participant": participant,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def change_roles(
        self,
        participant: str,
        *,
        reason: str,
        granted: Sequence[str] = (),
        revoked: Sequence[str] = (),
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Give a company roles, and take others away.

        Performed by the consortium.

        Example::

            client.change_roles("katanga", reason="an audit")

        Args:
            participant: whom it is about.
            reason: why; it is recorded.
            granted: a role that it gets.
            revoked: a role that it loses.
            at: when it was decided; tells it from an earlier one; ISO 8601 with its zone, UTC seconds, or an
                aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "change_roles",
            {
                "participant": participant,
                "reason": reason,
                "granted": granted,
                "revoked": revoked,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def change_country(
        self,
        participant: str,
        *,
        reason: str,
        country: str,
        facility: str | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Correct the country of a company, or of one of its sites.

        Performed by the consortium.

        Example::

            client.change_country("katanga", reason="an audit", facility="katanga/kolwezi-pit-4",
                country="CD")

        Args:
            participant: whom it is about.
            reason: why; it is recorded.
            country: where it is: ISO 3166-1 alpha-2, for instance CD.
            facility: a site of it; none: the company itself.
            at: when it was decided; tells it from an earlier one; ISO 8601 with its zone, UTC seconds, or an
                aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "change_country",
            {
                "participant": participant,
                "reason": reason,
                "facility": facility,
                "country": country,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def disable_operators(
        self,
        participant: str,
        *,
        reason: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Disable all keys of a company at once and for good: they were stolen, or are lost.

        Performed by the consortium.

        Example::

            client.disable_operators("katanga", reason="an audit")

        Args:
            participant: whom it is about.
            reason: why; it is recorded.
            at: when it was decided; tells it from an earlier one; ISO 8601 with its zone, UTC seconds, or an
                aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "disable_operators",
            {
                "participant": participant,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def rename_participant(
        self,
        name: str,
        *,
        act_as: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Say what the company that acts is called from now on. Its short name stays.

        Performed by a participant.

        Example::

            client.rename_participant("Katanga Example Mining", act_as="katanga")

        Args:
            name: its full name.
            act_as: short name of the participant that acts.
            at: when it was decided; tells it from an earlier one; ISO 8601 with its zone, UTC seconds, or an
                aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "rename_participant",
            {
                "name": name,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def add_operator(
        self,
        participant: str,
        operator: str | bytes,
        *,
        act_as: str,
        consent: str | None = None,
        deadline: Time | None = None,
    ) -> Recorded:
        """Let one more key sign for a company.

        Performed by a participant.

        Example::

            client.add_operator("katanga", "0x1212121212121212121212121212121212121212", act_as="katanga")

        Args:
            participant: whose key it is.
            operator: the address of the new key; 0x and 40 hexadecimal digits, or 20 bytes.
            act_as: short name of the participant that acts.
            consent: the key's signature that it joins the participant; by default the stored key's.
            deadline: the last second at which the consent holds; ISO 8601 with its zone, UTC seconds, or an
                aware datetime.
        """
        return self._perform(
            "add_operator",
            {
                "participant": participant,
                "operator": operator,
                "consent": consent,
                "deadline": deadline,
                "as": act_as,
            },
        )

    def revoke_operator(
        self, participant: str, operator: str | bytes, *, act_as: str | None = None
    ) -> Recorded:
        """Revoke a key of a company for good; never the last one.

        Performed by a participant, or the consortium.

        Example::

            client.revoke_operator("katanga", "0x1212121212121212121212121212121212121212")

        Args:
            participant: whose key it is.
            operator: the address of the key; 0x and 40 hexadecimal digits, or 20 bytes.
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "revoke_operator", {"participant": participant, "operator": operator, "as": act_as}
        )

    def rotate_operator(
        self,
        participant: str,
        operator: str | bytes,
        successor: str | bytes,
        *,
        act_as: str,
        consent: str | None = None,
        deadline: Time | None = None,
    ) -> Recorded:
        """Replace a key of a company by its successor at once.

        Performed by a participant.

        Example::

            client.rotate_operator("katanga", "0x1212121212121212121212121212121212121212",
                "0x3434343434343434343434343434343434343434", act_as="katanga")

        Args:
            participant: whose key it is.
            operator: the address of the key that goes; 0x and 40 hexadecimal digits, or 20 bytes.
            successor: the address of the key that comes; 0x and 40 hexadecimal digits, or 20 bytes.
            act_as: short name of the participant that acts.
            consent: the key's signature that it joins the participant; by default the stored key's.
            deadline: the last second at which the consent holds; ISO 8601 with its zone, UTC seconds, or an
                aware datetime.
        """
        return self._perform(
            "rotate_operator",
            {
                "participant": participant,
                "operator": operator,
                "successor": successor,
                "consent": consent,
                "deadline": deadline,
                "as": act_as,
            },
        )

    def recover_operator(
        self,
        participant: str,
        operator: str | bytes,
        *,
        consent: str,
        deadline: Time,
        enact: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Give a company whose keys were all disabled a new one (Rule 12): announced first, then enacted.

        The new key consents first (`traceledger key consent`), and what is enacted is announced word for
            word.

        Performed by the consortium.

        Example::

            client.recover_operator("katanga", "0x1212121212121212121212121212121212121212",
                consent="0xababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababab",
                deadline="2026-01-17T06:00:00Z")

        Args:
            participant: whose key it is.
            operator: the address of the new key; 0x and 40 hexadecimal digits, or 20 bytes.
            consent: the key's signature that it joins the participant.
            deadline: the last second at which the consent holds; ISO 8601 with its zone, UTC seconds, or an
                aware datetime.
            enact: do what was announced, word for word, once its delay is over.
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "recover_operator",
            {
                "participant": participant,
                "operator": operator,
                "consent": consent,
                "deadline": deadline,
                "enact": enact,
                "as": act_as,
            },
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
        """Declare a site of the participant that acts. The kinds ``mine`` and ``recycler`` are origins.

        Performed by a participant.

        Example::

            client.register_facility("kolwezi-pit-4", kind="mine", country="CD", act_as="katanga")

        Args:
            facility: what its participant calls it.
            act_as: short name of the participant that acts.
            kind: mine and recycler are origins; others as you like, say refinery.
            country: where it is: ISO 3166-1 alpha-2, for instance CD.
            name: its full name.
            latitude: decimal degrees as text (WGS 84), north positive: -10.72; decimal degrees, at most six
                decimals.
            longitude: decimal degrees as text (WGS 84), east positive: 25.47; decimal degrees, at most six
                decimals.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "register_facility",
            {
                "facility": facility,
                "kind": kind,
                "country": country,
                "name": name,
                "latitude": latitude,
                "longitude": longitude,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def approve_origin(
        self,
        facility: str,
        material: str,
        *,
        capacity_per_year: Quantity,
        origin: Origin | OriginWord | None = None,
        approved_from: Time | None = None,
        until: Time | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Expect a material from a facility, up to a mass per calendar year (UTC); zero withdraws.

        Performed by the consortium.

        Example::

            client.approve_origin("katanga/kolwezi-pit-4", "cobalt-hydroxide", capacity_per_year="4000 t")

        Args:
            facility: the facility: participant/identifier.
            material: the material.
            capacity_per_year: the most it may mint in a calendar year: '4000 t'; '0 t' withdraws the
                approval; text with a unit, or an integer in mg.
            origin: of which origin; where left out, mined at a mine, and both kinds of recycled at a
                recycler; one of ``mined``, ``post_consumer``, ``pre_consumer``, ``untraced``.
            approved_from: the first day, or second, of what it expects; where left out, any; ISO 8601 with
                its zone, UTC seconds, or an aware datetime.
            until: the last day, or second, of what it expects; where left out, any; ISO 8601 with its zone,
                UTC seconds, or an aware datetime.
            at: when it was decided; tells it from an earlier one; ISO 8601 with its zone, UTC seconds, or an
                aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "approve_origin",
            {
                "facility": facility,
                "material": material,
                "capacity_per_year": capacity_per_year,
                "origin": origin,
                "from": approved_from,
                "until": until,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def transfer_facility(
        self,
        facility: str,
        *,
        act_as: str,
        to: str | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Offer a site to another company, which becomes its holder when it accepts.

        Performed by a participant.

        Example::

            client.transfer_facility("katanga/kolwezi-pit-4", act_as="katanga")

        Args:
            facility: the facility: participant/identifier.
            act_as: short name of the participant that acts.
            to: who may accept it; nobody: the offer is withdrawn.
            at: when it was decided; tells it from an earlier one; ISO 8601 with its zone, UTC seconds, or an
                aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "transfer_facility",
            {
                "facility": facility,
                "to": to,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def accept_facility(
        self,
        facility: str,
        *,
        act_as: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Take over a site that is offered. Its approvals pause until the consortium confirms them.

        Performed by a participant.

        Example::

            client.accept_facility("katanga/kolwezi-pit-4", act_as="katanga")

        Args:
            facility: the facility: participant/identifier.
            act_as: short name of the participant that acts.
            at: when it was decided; tells it from an earlier one; ISO 8601 with its zone, UTC seconds, or an
                aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "accept_facility",
            {
                "facility": facility,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def confirm_facility(
        self,
        facility: str,
        *,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Put the approvals of a site that changed hands in force again.

        Performed by the consortium.

        Example::

            client.confirm_facility("katanga/kolwezi-pit-4")

        Args:
            facility: the facility: participant/identifier.
            at: when it was decided; tells it from an earlier one; ISO 8601 with its zone, UTC seconds, or an
                aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "confirm_facility",
            {
                "facility": facility,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def identify(
        self,
        *,
        act_as: str,
        identifiers: Sequence[Mapping[str, Any] | Sequence[Mapping[str, str]]],
        facility: str | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Say what others call a company, or one of its sites: lei, gln, rmi and other schemes.

        Performed by a participant.

        Example::

            client.identify(facility="katanga/kolwezi-pit-4", identifiers=[{"scheme": "lei", "value":
                "529900T8BM49AURSDO55"}], act_as="katanga")

        Args:
            act_as: short name of the participant that acts.
            identifiers: what others call it: lei=…; values by word.
            facility: a site; none: the company itself.
            at: when it was decided; tells it from an earlier one; ISO 8601 with its zone, UTC seconds, or an
                aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "identify",
            {
                "facility": facility,
                "identifiers": identifiers,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def mint(
        self,
        batch: str,
        *,
        act_as: str,
        material: str,
        facility: str,
        mass: Quantity,
        origin: Origin | OriginWord,
        pieces: int | None = None,
        substances: Mapping[str, Quantity] | None = None,
        emissions: Emissions | Mapping[str, Quantity] | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Bring a new batch onto the ledger, at a facility approved for its material and origin (Rule 2).

        What nobody can show the origin of is ``untraced``, which any approved facility may mint.

        Performed by a participant.

        Example::

            client.mint("KOL-1", material="cobalt-hydroxide", facility="kolwezi-pit-4", mass="24 t",
                substances={"Co": "8.4 t"}, origin="mined", act_as="katanga")

        Args:
            batch: what its maker calls it: a lot number, say.
            act_as: short name of the participant that acts.
            material: what it is of.
            facility: the facility that it comes from.
            mass: its gross mass; text with a unit, or an integer in mg.
            origin: where its material comes from; one of ``mined``, ``post_consumer``, ``pre_consumer``,
                ``untraced``.
            pieces: how many pieces it is, where they are counted.
            substances: what it holds of tracked substances; masses by symbol or name.
            emissions: of producing it, CO2e; ``scope1``, ``scope2``, ``scope3``; of them ``primary`` from
                primary data, ``biogenic``, ``land_use``, ``aviation``; beside them ``removals``.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "mint",
            {
                "batch": batch,
                "material": material,
                "facility": facility,
                "mass": mass,
                "pieces": pieces,
                "substances": substances,
                "origin": origin,
                "emissions": emissions,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def split(
        self,
        batch: str,
        into: Mapping[str, Quantity] | Sequence[Mapping[str, Quantity]],
        *,
        act_as: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Split batches off one that you hold; the rest stays in it.

        Performed by a participant.

        Example::

            client.split("katanga/KOL-1", {"KOL-1-A": "20 t"}, act_as="katanga")

        Args:
            batch: the batch: creator/identifier.
            into: a batch to split off, and its mass; masses by name.
            act_as: short name of the participant that acts.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "split",
            {
                "batch": batch,
                "into": into,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def add_emissions(
        self,
        batch: str,
        *,
        act_as: str,
        emissions: Emissions | Mapping[str, Quantity],
        reason: str,
        record: str | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Add emissions of storage or handling to a batch that you hold.

        Performed by a participant.

        Example::

            client.add_emissions("katanga/KOL-1", emissions={"scope1": "40 t", "primary": "40 t"},
                reason="storage", act_as="katanga")

        Args:
            batch: the batch: creator/identifier.
            act_as: short name of the participant that acts.
            emissions: of storing or handling it, CO2e; ``scope1``, ``scope2``, ``scope3``; of them
                ``primary`` from primary data, ``biogenic``, ``land_use``, ``aviation``; beside them
                ``removals``.
            reason: of what: storage, handling.
            record: what they are to be called; only named ones can be restated.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "add_emissions",
            {
                "batch": batch,
                "record": record,
                "emissions": emissions,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def retire(
        self,
        batch: str,
        *,
        act_as: str,
        how: Retirement | RetirementWord | None = None,
        reason: str | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Retire a batch that you hold, and say how it ended (Rule 9).

        Only a batch of a material that is a product is ``delivered``; a recycler can take it back.

        Performed by a participant.

        Example::

            client.retire("katanga/KOL-1", act_as="katanga")

        Args:
            batch: the batch: creator/identifier.
            act_as: short name of the participant that acts.
            how: how it ended; one of ``consumed_outside``, ``disposed``, ``delivered``; by default
                ``consumed_outside``.
            reason: why, in words.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "retire",
            {
                "batch": batch,
                "how": how,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def take_back(
        self,
        batch: str,
        *,
        act_as: str,
        facility: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Take a delivered product back for recycling, whole, at a recycler approved for it (Rule 9).

        Its CO2e stays with its first life. Documents must show it.

        Performed by a participant.

        Example::

            client.take_back("katanga/KOL-1", facility="schwarzheide-plant", act_as="katanga")

        Args:
            batch: the batch: creator/identifier.
            act_as: short name of the participant that acts.
            facility: where: a facility approved for post_consumer.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "take_back",
            {
                "batch": batch,
                "facility": facility,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def ship(
        self,
        shipment: str,
        *,
        act_as: str,
        batches: Sequence[str],
        to: str,
        owner: str | None = None,
        return_of: str | None = None,
        emissions: Emissions | Mapping[str, Quantity] | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Offer batches that you hold to another participant, with the emissions of the transport.

        A frozen lot goes back only, to the participant from which it came.

        Performed by a participant.

        Example::

            client.ship("SEA-9001", batches=["katanga/KOL-1"], to="kokkola", act_as="katanga")

        Args:
            shipment: what its sender calls it.
            act_as: short name of the participant that acts.
            batches: a batch: creator/identifier.
            to: who is to receive it.
            owner: who owns the batches from now on, where that is told.
            return_of: of frozen lots that go back: the shipment by which they came.
            emissions: of the transport, CO2e; ``scope1``, ``scope2``, ``scope3``; of them ``primary`` from
                primary data, ``biogenic``, ``land_use``, ``aviation``; beside them ``removals``.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "ship",
            {
                "shipment": shipment,
                "batches": batches,
                "to": to,
                "owner": owner,
                "return_of": return_of,
                "emissions": emissions,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def receive(
        self,
        shipment: str,
        *,
        act_as: str,
        arrived: Mapping[str, Quantity] | None = None,
        lots: Mapping[str, str | Mapping[str, Any]] | None = None,
        reason: str | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Take custody of a shipment, lot by lot (Rule 3).

        Where no lot is named, all that may be received are, as they were sent. ``arrived`` is short for a
            loss; ``lots`` says of each lot what arrived and why it differs, or that it is refused; what it
            does not name stays open.

        Performed by a participant.

        Example::

            client.receive("katanga/SEA-9001", act_as="katanga")

        Args:
            shipment: the shipment: sender/identifier.
            act_as: short name of the participant that acts.
            arrived: what arrived of a batch of which the rest was lost; masses by full name.
            lots: a batch, and what is said of it: ``received`` as sent, ``refused``, or mass and substances
                with the difference: loss, moisture or measurement; by full name ``received``, ``refused``, or
                ``mass``, ``substances`` and ``difference``.
            reason: why lots are refused; it is recorded.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "receive",
            {
                "shipment": shipment,
                "arrived": arrived,
                "lots": lots,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def reject(
        self,
        shipment: str,
        *,
        act_as: str,
        lots: Sequence[str] | None = None,
        reason: str | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Refuse a shipment as its receiver, or some lots of it; they go back.

        Performed by a participant.

        Example::

            client.reject("katanga/SEA-9001", act_as="katanga")

        Args:
            shipment: the shipment: sender/identifier.
            act_as: short name of the participant that acts.
            lots: a batch that is refused; left out, all are.
            reason: why; it is recorded.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "reject",
            {
                "shipment": shipment,
                "lots": lots,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def cancel(
        self,
        shipment: str,
        *,
        act_as: str,
        reason: str | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Cancel what is open of a shipment, as its sender.

        Performed by a participant.

        Example::

            client.cancel("katanga/SEA-9001", act_as="katanga")

        Args:
            shipment: the shipment: sender/identifier.
            act_as: short name of the participant that acts.
            reason: why; it is recorded.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "cancel",
            {
                "shipment": shipment,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
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
        recycling: bool = False,
        losses: Mapping[str, Quantity] | Literal["balance"] | None = None,
        allocation: AllocationRule | AllocationRuleWord | None = None,
        emissions: Emissions | Mapping[str, Quantity] | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Make batches of batches that you hold, at a facility, as one run.

        A ``recycling`` run takes what was taken back only, or waste that arose elsewhere only, and its
            outputs count as recycled (Rule 9).

        Performed by a participant.

        Example::

            client.transform("RUN-88", facility="kokkola-refinery", process="refining", inputs=[{"batch":
                "katanga/KOL-1", "mass": "10 t"}], outputs=[{"batch": "COS-88", "material": "cobalt-sulfate",
                "mass": "16 t", "substances": {"Co": "3.36 t"}}], losses="balance", act_as="katanga")

        Args:
            transformation: what the run is called.
            act_as: short name of the participant that acts.
            facility: where.
            process: what is done, for instance refining.
            inputs: a batch to take from, all of it or a mass; they are taken in this order; each with
                ``batch``, ``mass`` (optional).
            outputs: a batch to make, with material, mass, substances, and under the economic rule a weight;
                each with ``batch``, ``material``, ``mass``, ``substances`` (optional), ``pieces`` (optional),
                ``weight`` (optional).
            recycling: it is a recycling run.
            losses: what is lost of substances; ``balance``: whatever the outputs leave over; masses by symbol
                or name, or ``balance``.
            allocation: how CO2e is shared among the outputs: by mass, or by their weights; one of ``mass``,
                ``economic``; by default ``mass``.
            emissions: of the process, CO2e; ``scope1``, ``scope2``, ``scope3``; of them ``primary`` from
                primary data, ``biogenic``, ``land_use``, ``aviation``; beside them ``removals``.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "transform",
            {
                "transformation": transformation,
                "facility": facility,
                "process": process,
                "recycling": recycling,
                "inputs": inputs,
                "outputs": outputs,
                "losses": losses,
                "allocation": allocation,
                "emissions": emissions,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def hold(
        self,
        batch: str,
        *,
        reason: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Put a batch on hold, as its custodian or an auditor; its maker recalls what others have (Rule 10).

        A recall is shown, and blocks nothing.

        Performed by a participant, or the consortium.

        Example::

            client.hold("katanga/KOL-1", reason="assay pending")

        Args:
            batch: the batch: creator/identifier.
            reason: why.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "hold",
            {
                "batch": batch,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def release(
        self,
        batch: str,
        *,
        reason: str | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """End one's own hold or recall of a batch; an auditor's is ended by that auditor or the consortium.

        Performed by a participant, or the consortium.

        Example::

            client.release("katanga/KOL-1")

        Args:
            batch: the batch: creator/identifier.
            reason: why.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "release",
            {
                "batch": batch,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def transfer_title(
        self,
        batch: str,
        *,
        act_as: str,
        to: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Say who owns a batch from now on, as its owner (Rule 11). It moves no custody.

        Performed by a participant.

        Example::

            client.transfer_title("katanga/KOL-1", to="trader", act_as="katanga")

        Args:
            batch: the batch: creator/identifier.
            act_as: short name of the participant that acts.
            to: who owns it from now on.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "transfer_title",
            {
                "batch": batch,
                "to": to,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def propose_assignment(
        self,
        batch: str,
        *,
        to: str,
        reason: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Announce that stock of a suspended or terminated custodian will be assigned (Rule 12).

        Performed by the consortium.

        Example::

            client.propose_assignment("katanga/KOL-1", to="kokkola", reason="insolvency")

        Args:
            batch: the batch: creator/identifier.
            to: who is to hold it.
            reason: why.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "propose_assignment",
            {
                "batch": batch,
                "to": to,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def assign_stock(
        self,
        batch: str,
        *,
        to: str,
        reason: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Assign stock of a suspended or terminated custodian, as was announced word for word (Rule 12).

        Performed by the consortium.

        Example::

            client.assign_stock("katanga/KOL-1", to="kokkola", reason="insolvency")

        Args:
            batch: the batch: creator/identifier.
            to: who is to hold it.
            reason: why.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "assign_stock",
            {
                "batch": batch,
                "to": to,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def declare_error(
        self,
        batch: str,
        *,
        reason: ErrorReason | ErrorReasonWord,
        corrective: Sequence[str] = (),
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Declare that what was recorded of a batch is wrong, as its creator, an auditor or the consortium.

        For what others have built on; what nobody has is reversed. Everything made from it is tainted. It is
            frozen where an auditor declares it, or its maker still holds it; with others it is disputed.

        Performed by a participant, or the consortium.

        Example::

            client.declare_error("katanga/KOL-1", reason="incorrect_data")

        Args:
            batch: the batch: creator/identifier.
            reason: what is wrong; one of ``did_not_occur``, ``incorrect_data``.
            corrective: a batch that corrects it, which may be made later; a short name is one of the batch's
                creator.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "declare_error",
            {
                "batch": batch,
                "reason": reason,
                "corrective": corrective,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def remeasure(
        self,
        batch: str,
        *,
        mass: Quantity,
        reason: str,
        substances: Mapping[str, Quantity] | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Book a better measurement of a batch (Rule 5): an assay, a weighing, stock-taking.

        Its custodian may within the material's tolerances, beyond them only an auditor.

        Performed by a participant, or the consortium.

        Example::

            client.remeasure("katanga/KOL-1", mass="19.9 t", substances={"Co": "8.4 t"},
                reason="umpire_assay")

        Args:
            batch: the batch: creator/identifier.
            mass: its gross mass now; text with a unit, or an integer in mg.
            reason: what it was measured for.
            substances: all that it holds now of tracked substances; where left out, as recorded; masses by
                symbol or name.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "remeasure",
            {
                "batch": batch,
                "mass": mass,
                "substances": substances,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def reverse(
        self,
        *,
        of: Mapping[str, Any],
        reason: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Take back a record that was wrong and on which nobody has built (Rule 8).

        What it took, gave, counted and moved is put back; what it made is reversed for good. A ship is
            cancelled instead, a hold released, a remeasurement measured again.

        Performed by a participant, or the consortium.

        Example::

            client.reverse(of={"transformation": "RUN-88"}, reason="incorrect_data")

        Args:
            of: what was recorded; of a receipt, ``lots`` names some of its lots; its kind and its name;
                ``lots`` beside a receipt.
            reason: why.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "reverse",
            {
                "of": of,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def restate_emissions(
        self,
        *,
        of: Mapping[str, Any],
        emissions: Emissions | Mapping[str, Quantity],
        reason: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Restate the emissions of a record, as who recorded it or an auditor; the last word counts (Rule 8).

        Less in all, or a larger part from primary data, needs documents, and counts once an auditor confirms
            it.

        Performed by a participant, or the consortium.

        Example::

            client.restate_emissions(of={"mint": "katanga/KOL-1"}, emissions={"scope1": "40 t", "primary":
                "40 t"}, reason="annual audit")

        Args:
            of: the record: a mint, a transformation, a shipment, or added emissions; its kind and its name;
                ``lots`` beside a receipt.
            emissions: of the record, all of it, CO2e; ``scope1``, ``scope2``, ``scope3``; of them ``primary``
                from primary data, ``biogenic``, ``land_use``, ``aviation``; beside them ``removals``.
            reason: why.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "restate_emissions",
            {
                "of": of,
                "emissions": emissions,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def confirm_restatement(
        self,
        *,
        of: Mapping[str, Any],
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Confirm what was restated last of a record; it is used from now on (Rule 8).

        Performed by an auditor, or the consortium.

        Example::

            client.confirm_restatement(of={"mint": "katanga/KOL-1"})

        Args:
            of: the record: a mint, a transformation, a shipment, or added emissions; its kind and its name;
                ``lots`` beside a receipt.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "confirm_restatement",
            {
                "of": of,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def record_evidence(
        self,
        uri: str,
        *,
        sha256: str | bytes,
        kind: str,
        issuer: str,
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Put a document on record that is held elsewhere.

        Performed by a participant, or the consortium.

        Example::

            client.record_evidence("https://example.org/lca.pdf",
                sha256="5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a", kind="lca",
                issuer="A testing laboratory")

        Args:
            uri: where it is.
            sha256: its SHA-256, 64 hexadecimal digits; 64 hexadecimal digits, or 32 bytes.
            kind: what it is, for instance lca or certificate.
            issuer: who signed it.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "record_evidence",
            {"uri": uri, "sha256": sha256, "kind": kind, "issuer": issuer, "private": private, "as": act_as},
        )

    def assess(
        self,
        assessment: str,
        *,
        kind: AssessmentKind | AssessmentKindWord,
        valid_from: Time,
        valid_until: Time,
        issuer: str,
        participant: str | None = None,
        facility: str | None = None,
        scheme: str | None = None,
        score: str | int | None = None,
        share: str | int | None = None,
        rating: Rating | RatingWord | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """State something of a participant or a facility, for a time.

        Performed by an auditor, or the consortium.

        Example::

            client.assess("SAQ-1", facility="katanga/kolwezi-pit-4", kind="saq", score="87.5 %",
                valid_from="2026-01-01T00:00:00Z", valid_until="2026-12-31T23:59:59Z",
                issuer="An auditing body")

        Args:
            assessment: what the assessor calls it.
            kind: what kind of assessment it is; one of ``saq``, ``ssi``, ``code_of_conduct``, ``audit``,
                ``lca``, ``certificate``, ``renewable_electricity``, ``country_risk``, ``category_risk``.
            valid_from: from when it counts; ISO 8601 with its zone, UTC seconds, or an aware datetime.
            valid_until: the last second at which it does; ISO 8601 with its zone, UTC seconds, or an aware
                datetime.
            issuer: who signed the document.
            participant: whom it is about, as a whole.
            facility: or which facility it is about: participant/identifier.
            scheme: the programme, at most 32 ASCII letters: 'SAQ 5.0', IRMA, RMI, LEED.
            score: of saq, ssi and audit: '87.5 %', or an integer in basis points; text, or an integer in
                basis points.
            share: of renewable_electricity: '60 %', or an integer in basis points; text, or an integer in
                basis points.
            rating: of country_risk and category_risk; one of ``low``, ``medium``, ``high``.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "assess",
            {
                "participant": participant,
                "facility": facility,
                "assessment": assessment,
                "kind": kind,
                "scheme": scheme,
                "score": score,
                "share": share,
                "rating": rating,
                "valid_from": valid_from,
                "valid_until": valid_until,
                "issuer": issuer,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def propose_requirement(
        self,
        role: str,
        kinds: Sequence[AssessmentKind | AssessmentKindWord],
        *,
        bounds: Mapping[str, Any] | Sequence[Mapping[str, str]] | None = None,
        act_as: str | None = None,
    ) -> Recorded:
        """Announce which assessments will be mandatory for participants in a role.

        Performed by the consortium.

        Example::

            client.propose_requirement("carrier", ["saq"])

        Args:
            role: the role.
            kinds: an assessment that is mandatory for it; none: nothing is; one of ``saq``, ``ssi``,
                ``code_of_conduct``, ``audit``, ``lca``, ``certificate``, ``renewable_electricity``,
                ``country_risk``, ``category_risk``.
            bounds: what suffices: at least saq='70 %', at most country_risk=medium; any value if left out;
                values by word.
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "propose_requirement", {"role": role, "kinds": kinds, "bounds": bounds, "as": act_as}
        )

    def enact_requirement(
        self,
        role: str,
        kinds: Sequence[AssessmentKind | AssessmentKindWord],
        *,
        bounds: Mapping[str, Any] | Sequence[Mapping[str, str]] | None = None,
        act_as: str | None = None,
    ) -> Recorded:
        """Put into force what was proposed, word for word, once the delay is over.

        Performed by the consortium.

        Example::

            client.enact_requirement("carrier", ["saq"])

        Args:
            role: the role.
            kinds: an assessment that is mandatory for it; none: nothing is; one of ``saq``, ``ssi``,
                ``code_of_conduct``, ``audit``, ``lca``, ``certificate``, ``renewable_electricity``,
                ``country_risk``, ``category_risk``.
            bounds: what suffices: at least saq='70 %', at most country_risk=medium; any value if left out;
                values by word.
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "enact_requirement", {"role": role, "kinds": kinds, "bounds": bounds, "as": act_as}
        )

    def raise_finding(
        self,
        finding: str,
        *,
        severity: Severity | SeverityWord,
        category: FindingCategory | FindingCategoryWord,
        due: Time,
        description: str,
        participant: str | None = None,
        facility: str | None = None,
        batch: str | None = None,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Raise a non-compliance. A critical one blocks from the second after it was due until it is closed.

        Performed by an auditor, or the consortium.

        Example::

            client.raise_finding("F-1", facility="katanga/kolwezi-pit-4", severity="critical",
                category="labour", due="2026-03-31T23:59:59Z", description="wages were not paid")

        Args:
            finding: what the auditor calls it.
            severity: how severe it is; only critical ones block; one of ``minor``, ``major``, ``critical``.
            category: what it is about; one of ``labour``, ``human_rights``, ``health_and_safety``,
                ``environment``, ``ethics``, ``quality``.
            due: the last second at which it may be unclosed; ISO 8601 with its zone, UTC seconds, or an aware
                datetime.
            description: what was found.
            participant: whom it is about, as a whole.
            facility: or which facility it is about: participant/identifier.
            batch: a single batch that it is about, by default of its maker; it blocks nobody then: hold the
                batch.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "raise_finding",
            {
                "participant": participant,
                "facility": facility,
                "finding": finding,
                "severity": severity,
                "category": category,
                "due": due,
                "description": description,
                "batch": batch,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def submit_corrective_action(
        self,
        finding: str,
        *,
        act_as: str,
        corrective_action: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Say how a finding will be corrected, as the participant that it is about.

        Performed by a participant.

        Example::

            client.submit_corrective_action("argus/F-1", corrective_action="wages are paid by May",
                act_as="katanga")

        Args:
            finding: the finding: auditor/identifier.
            act_as: short name of the participant that acts.
            corrective_action: how and by when it will be corrected.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
        """
        return self._perform(
            "submit_corrective_action",
            {
                "finding": finding,
                "corrective_action": corrective_action,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def accept_corrective_action(
        self,
        finding: str,
        *,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Agree to the corrective action that was submitted; the due date stands.

        Performed by an auditor, or the consortium.

        Example::

            client.accept_corrective_action("argus/F-1")

        Args:
            finding: the finding: auditor/identifier.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "accept_corrective_action",
            {
                "finding": finding,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def refuse_corrective_action(
        self,
        finding: str,
        *,
        reason: str,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Do not agree to the corrective action that was submitted; the finding is open again.

        Performed by an auditor, or the consortium.

        Example::

            client.refuse_corrective_action("argus/F-1", reason="it says no date")

        Args:
            finding: the finding: auditor/identifier.
            reason: why; it is recorded.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "refuse_corrective_action",
            {
                "finding": finding,
                "reason": reason,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def close_finding(
        self,
        finding: str,
        *,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Close a finding whose corrective action was accepted, with evidence that it is corrected.

        Performed by an auditor, or the consortium.

        Example::

            client.close_finding("argus/F-1")

        Args:
            finding: the finding: auditor/identifier.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "close_finding",
            {
                "finding": finding,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def reopen_finding(
        self,
        finding: str,
        *,
        reason: str,
        due: Time,
        at: Time | None = None,
        historic: bool = False,
        evidence: Documents = (),
        private: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Open a closed finding again, with a new due date: it is not corrected, or not any more.

        Performed by an auditor, or the consortium.

        Example::

            client.reopen_finding("argus/F-1", reason="wages are late again", due="2026-09-30T23:59:59Z")

        Args:
            finding: the finding: auditor/identifier.
            reason: why; it is recorded.
            due: its new due date; ISO 8601 with its zone, UTC seconds, or an aware datetime.
            at: when it happened; ISO 8601 with its zone, UTC seconds, or an aware datetime; by default now.
            historic: take times before 1990, which are refused otherwise; it is not recorded.
            evidence: documents held elsewhere that show it; each with ``uri`` and ``sha256``.
            private: put names, new identifiers and evidence on chain as salted commitments only
                (docs/privacy.md).
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "reopen_finding",
            {
                "finding": finding,
                "reason": reason,
                "due": due,
                "at": at,
                "historic": historic,
                "evidence": evidence,
                "private": private,
                "as": act_as,
            },
        )

    def grant_right(
        self,
        right: RightKind | RightKindWord,
        account: str | bytes,
        *,
        enact: bool = False,
        delay: int | None = None,
        act_as: str | None = None,
    ) -> Recorded:
        """Give an account a right of the consortium: announced first, then enacted.

        Performed by the consortium.

        Example::

            client.grant_right("emergency", "0x1212121212121212121212121212121212121212")

        Args:
            right: which right; one of ``administrator``, ``admission``, ``policy``, ``emergency``, ``stock``,
                ``origins``.
            account: the address of the account; 0x and 40 hexadecimal digits, or 20 bytes.
            enact: do what was announced, word for word, once its delay is over.
            delay: seconds from its announcement of what the account does by it to the act.
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "grant_right", {"right": right, "account": account, "enact": enact, "delay": delay, "as": act_as}
        )

    def revoke_right(
        self,
        right: RightKind | RightKindWord,
        account: str | bytes,
        *,
        enact: bool = False,
        act_as: str | None = None,
    ) -> Recorded:
        """Take a right of the consortium from an account: announced first, then enacted.

        Performed by the consortium.

        Example::

            client.revoke_right("emergency", "0x1212121212121212121212121212121212121212")

        Args:
            right: which right; one of ``administrator``, ``admission``, ``policy``, ``emergency``, ``stock``,
                ``origins``.
            account: the address of the account; 0x and 40 hexadecimal digits, or 20 bytes.
            enact: do what was announced, word for word, once its delay is over.
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "revoke_right", {"right": right, "account": account, "enact": enact, "as": act_as}
        )

    def pause_ledger(self, *, act_as: str | None = None) -> Recorded:
        """Stop everybody at once, as an emergency account: no company mints, ships or receives until it ends.

        Performed by the consortium.

        Example::

            client.pause_ledger()

        Args:
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform("pause_ledger", {"as": act_as})

    def resume_ledger(self, *, act_as: str | None = None) -> Recorded:
        """Ask, as an emergency account, that a pause end; if another has asked within a day, end it.

        Performed by the consortium.

        Example::

            client.resume_ledger()

        Args:
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform("resume_ledger", {"as": act_as})

    def cancel_announced(
        self, account: str | bytes, *, target: str | bytes, data: str, act_as: str | None = None
    ) -> Recorded:
        """Cancel what an account has announced, as an emergency account: `traceledger role list` shows it.

        Performed by the consortium.

        Example::

            client.cancel_announced("0x1212121212121212121212121212121212121212",
                target="0x1212121212121212121212121212121212121212", data="0x8456cb59")

        Args:
            account: the address of the account that announced it; 0x and 40 hexadecimal digits, or 20 bytes.
            target: the contract that it will call; 0x and 40 hexadecimal digits, or 20 bytes.
            data: what it will call it with.
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform(
            "cancel_announced", {"account": account, "target": target, "data": data, "as": act_as}
        )

    def remove_account(self, account: str | bytes, *, act_as: str | None = None) -> Recorded:
        """Ask, as an emergency account, that one lose all rights; if another asked within a day, take them.

        Performed by the consortium.

        Example::

            client.remove_account("0x1212121212121212121212121212121212121212")

        Args:
            account: the address of the account; 0x and 40 hexadecimal digits, or 20 bytes.
            act_as: short name of the participant that acts; the deploying account where it is left out.
        """
        return self._perform("remove_account", {"account": account, "as": act_as})
