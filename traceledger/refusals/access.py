"""Who may act: keys, standing, and the rights of the consortium."""

from __future__ import annotations

from traceledger.refusals.base import Refusal


class UnknownOperator(Refusal):
    """The signing key acts for no participant."""

    what_template = "{account} is the key of no participant"
    mend = "sign with an admitted participant's key, or have the consortium admit it"


class OperatorIsRevoked(Refusal):
    """The signing key was revoked."""

    what_template = "key {operator} of {participant} was revoked"
    mend = "sign with a current key of {participant}"


class OperatorAlreadyRegistered(Refusal):
    """A key belongs to one participant for ever."""

    what_template = "{operator} is or was a key of {participant}"
    mend = "use a new key"


class NotAnOperatorOf(Refusal):
    """The key is not one of that participant."""

    what_template = "{operator} is no key of {participant}"
    mend = "list its keys with: traceledger participant show"


class LastOperator(Refusal):
    """The only key of a participant cannot be revoked."""

    what_template = "{operator} is the only key of {participant}"
    mend = "add another key first"


class UnknownParticipant(Refusal):
    """No participant has that address."""

    what_template = "there is no participant {participant}"
    mend = "have the consortium admit it first"


class ParticipantAlreadyExists(Refusal):
    """The address or the short name is taken."""

    what_template = "participant {slug} ({participant}) exists already"
    mend = "choose another short name and key"


class ParticipantNotActive(Refusal):
    """The participant is suspended or terminated."""

    what_template = "{participant} is {status} and may not act"
    mend = "an auditor or the consortium can reinstate it while it is suspended; termination is final"


class StatusChangeNotAllowed(Refusal):
    """The participant's standing does not allow that change."""

    what_template = "{participant} is {from} and cannot become {to}"
    mend = "only an active participant is suspended, only a suspended one reinstated; termination is final"


class NotActGuard(Refusal):
    """Only the act guard in force says about whom it is to be asked."""

    what_template = "{caller} is not the act guard in force"
    mend = "the assurance registry does this itself; see docs/assurance.md"


class NotAuditorNorConsortium(Refusal):
    """Only an active auditor or the consortium does this."""

    what_template = "{caller} is neither an active auditor nor the consortium"
    mend = "ask an auditor that is not suspended"


class AccessManagedUnauthorized(Refusal):
    """The account lacks consortium rights (OpenZeppelin AccessManaged)."""

    what_template = "{caller} has no consortium rights"
    mend = "sign with the consortium's account, or say with --as who acts"


class AccessManagerUnauthorizedCall(Refusal):
    """The account may not announce that change, or needs not (OpenZeppelin AccessManager)."""

    what_template = "{caller} may not announce that change of the rules of the consortium"
    mend = "sign with an account that has the right: traceledger role list"


class AccessManagerAlreadyScheduled(Refusal):
    """That very change is announced already (OpenZeppelin AccessManager)."""

    what_template = "that change is announced already"
    mend = "enact it once its delay is over"


class AccessManagerNotScheduled(Refusal):
    """The change was never announced, or is in force already (OpenZeppelin AccessManager)."""

    what_template = "that change was not announced, or took effect already"
    mend = "propose it first; it can be enacted once the delay is over"


class AccessManagerNotReady(Refusal):
    """The delay of an announced change is not over (OpenZeppelin AccessManager)."""

    what_template = "the delay of that change is not over"
    mend = "see when it is with: traceledger assurance requirement show"


class AccessManagerExpired(Refusal):
    """An announced change was not enacted within a week after its delay (OpenZeppelin AccessManager)."""

    what_template = "that change was announced too long ago"
    mend = "propose it again; there is a week to enact it"


class NoConsent(Refusal):
    """A key joins a participant by its own signature only."""

    what_template = "key {operator} did not consent to sign for {participant} until {deadline}"
    mend = "have whoever holds it run: traceledger key consent, on this network and for this participant"


class ConsentExpired(Refusal):
    """A key's consent to join a participant held until its deadline."""

    what_template = "the consent of key {operator} held until {deadline}"
    mend = "have whoever holds it sign a new one: traceledger key consent"


class OperatorsInForce(Refusal):
    """A participant whose keys are in force adds others itself."""

    what_template = "{participant} has keys in force ({count}), so it needs no recovery"
    mend = "have it add its new key itself; if its keys were stolen, disable them first"


class NetworkPaused(Refusal):
    """Emergency rights have stopped everybody from acting."""

    what_template = "the network is paused: nobody mints, ships, receives or transforms"
    mend = "wait until the consortium resumes it; reports and audits go on"


class PauseUnchanged(Refusal):
    """The network is paused, or not, already."""

    what_template = "the network is paused already, or was not paused ({paused})"
    mend = "nothing more is needed"


class RoleUnchanged(Refusal):
    """The participant has the role already, or does not have it."""

    what_template = "the role {role} of {participant} would not change"
    mend = "look at its roles with: traceledger participant show"


class NotEmergency(Refusal):
    """Only emergency accounts cancel at once, remove and resume."""

    what_template = "{account} has no emergency rights"
    mend = "sign with an account that traceledger role list shows under emergency"


class NotItself(Refusal):
    """The safeguard keeps its rights."""

    what_template = "the safeguard cannot be removed at once"
    mend = "the administrator can revoke its rights, announced"
