"""The operations of assurance as methods, for the client."""

from __future__ import annotations

from collections.abc import Sequence

from traceledger.client.performing import Documents, Performing, Recorded, Time


class AssuranceMethods(Performing):
    """Evidence, assessments, findings, requirements. A finding's full name is ``auditor/F-1``.

    Where ``act_as`` may be left out, the consortium's deploying account acts.
    """

    def record_evidence(
        self,
        uri: str,
        *,
        sha256: str | bytes,
        kind: str,
        issuer: str,
        act_as: str | None = None,
        private: bool = False,
    ) -> Recorded:
        """Put a document on record that is held elsewhere; ``kind``: for instance ``lca``."""
        return self._perform(
            "record_evidence", act_as, uri=uri, sha256=sha256, kind=kind, issuer=issuer, private=private
        )

    def assess(
        self,
        assessment: str,
        *,
        kind: str,
        valid_from: Time,
        valid_until: Time,
        issuer: str,
        participant: str | None = None,
        facility: str | None = None,
        scheme: str | None = None,
        score: str | int | None = None,
        share: str | int | None = None,
        rating: str | None = None,
        act_as: str | None = None,
        at: Time | None = None,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """State something of a participant or of a facility, as an auditor.

        Args:
            assessment: the auditor's own identifier.
            kind: ``saq``, ``ssi``, ``code_of_conduct``, ``audit``, ``lca``, ``certificate``,
                ``renewable_electricity``, ``country_risk`` or ``category_risk``.
            valid_from: from when it counts.
            valid_until: the last second at which it does.
            issuer: who signed the document.
            participant: who is assessed as a whole.
            facility: or which facility is.
            scheme: the programme, for instance ``IRMA``; at most 32 ASCII letters.
            score: of ``saq``, ``ssi`` and ``audit``: ``"87 %"``, or basis points.
            share: of ``renewable_electricity``: ``"60 %"``, or basis points.
            rating: of the risks: ``low``, ``medium`` or ``high``.
            act_as: the auditor.
            at: when it was made.
            evidence: documents that show it.
            private: see the class.
        """
        return self._happened(
            "assess",
            act_as,
            at,
            assessment=assessment,
            participant=participant,
            facility=facility,
            kind=kind,
            scheme=scheme,
            score=score,
            share=share,
            rating=rating,
            valid_from=valid_from,
            valid_until=valid_until,
            issuer=issuer,
            evidence=list(evidence),
            private=private,
        )

    def raise_finding(
        self,
        finding: str,
        *,
        severity: str,
        category: str,
        due: Time,
        description: str,
        participant: str | None = None,
        facility: str | None = None,
        act_as: str | None = None,
        at: Time | None = None,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Raise a finding against a participant or a facility, as an auditor.

        A ``critical`` one that is not closed blocks it from the second after ``due``.
        ``category``: ``labour``, ``human_rights``, ``health_and_safety``, ``environment`` or ``ethics``.
        """
        return self._happened(
            "raise_finding",
            act_as,
            at,
            finding=finding,
            participant=participant,
            facility=facility,
            severity=severity,
            category=category,
            due=due,
            description=description,
            evidence=list(evidence),
            private=private,
        )

    def submit_corrective_action(
        self,
        finding: str,
        *,
        act_as: str,
        corrective_action: str,
        at: Time | None = None,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Say how a finding will be corrected, as the participant that it is about."""
        return self._happened(
            "submit_corrective_action",
            act_as,
            at,
            finding=finding,
            corrective_action=corrective_action,
            evidence=list(evidence),
            private=private,
        )

    def accept_corrective_action(
        self,
        finding: str,
        *,
        act_as: str | None = None,
        at: Time | None = None,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Agree to the submitted corrective action, as an auditor. The due date stands."""
        return self._happened(
            "accept_corrective_action", act_as, at, finding=finding, evidence=list(evidence), private=private
        )

    def refuse_corrective_action(
        self,
        finding: str,
        *,
        reason: str,
        act_as: str | None = None,
        at: Time | None = None,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Refuse the submitted corrective action, as an auditor; the finding is open again."""
        return self._happened(
            "refuse_corrective_action",
            act_as,
            at,
            finding=finding,
            reason=reason,
            evidence=list(evidence),
            private=private,
        )

    def close_finding(
        self,
        finding: str,
        *,
        evidence: Documents,
        act_as: str | None = None,
        at: Time | None = None,
        private: bool = False,
    ) -> Recorded:
        """Close a finding whose corrective action was accepted, as an auditor, with evidence of it."""
        return self._happened(
            "close_finding", act_as, at, finding=finding, evidence=list(evidence), private=private
        )

    def reopen_finding(
        self,
        finding: str,
        *,
        reason: str,
        due: Time,
        act_as: str | None = None,
        at: Time | None = None,
        evidence: Documents = (),
        private: bool = False,
    ) -> Recorded:
        """Open a closed finding again, as an auditor, with a new due date."""
        return self._happened(
            "reopen_finding",
            act_as,
            at,
            finding=finding,
            reason=reason,
            due=due,
            evidence=list(evidence),
            private=private,
        )

    def propose_requirement(self, role: str, kinds: Sequence[str], *, act_as: str | None = None) -> Recorded:
        """Announce which kinds of assessment will be mandatory for a role; none: an empty list."""
        return self._perform("propose_requirement", act_as, role=role, kinds=list(kinds))

    def enact_requirement(self, role: str, kinds: Sequence[str], *, act_as: str | None = None) -> Recorded:
        """Put into force what was proposed, word for word, once the delay is over."""
        return self._perform("enact_requirement", act_as, role=role, kinds=list(kinds))
