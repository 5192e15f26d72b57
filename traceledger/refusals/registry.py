"""The registry: names, facilities, materials and approved origins."""

from __future__ import annotations

from traceledger.refusals.base import Refusal


class InvalidSlug(Refusal):
    """A short name breaks the rule for short names."""

    what_template = "{slug!r} is not a short name"
    mend = "1 to 64 characters of a-z, 0-9, '-', '_' and '.', starting with a letter or digit"


class InvalidIdentifier(Refusal):
    """An identifier is empty, longer than 256 bytes, or has a control character in it."""

    what_template = "{identifier!r} is not an identifier"
    mend = "use 1 to 256 bytes, and no control characters"


class InvalidLocation(Refusal):
    """Coordinates are not on the globe, or given although the facility is not located."""

    what_template = "{latitude}, {longitude} (millionths of a degree) is no place on the globe"
    mend = "latitudes go from -90 to 90, longitudes from -180 to 180 degrees"


class UnknownFacility(Refusal):
    """No facility has that id."""

    what_template = "there is no facility {facility}"
    mend = "register it first"


class FacilityAlreadyExists(Refusal):
    """The participant has a facility of that identifier."""

    what_template = "facility {facility} exists already"
    mend = "choose another identifier"


class ForeignFacility(Refusal):
    """A participant acts at its own facilities only."""

    what_template = "facility {facility} is of {belongsTo}, not of {participant}"
    mend = "use a facility of your own"


class NotAnOrigin(Refusal):
    """New material comes from mines and recyclers only."""

    what_template = "facility {facility} is neither a mine nor a recycler"
    mend = (
        "only a mine or a recycler is an origin; other batches are made by transformations, and stock whose"
        " origin nobody can show is minted as untraced, where that is approved"
    )


class OriginMismatch(Refusal):
    """A mine mints mined material, a recycler recycled material; untraced material is minted anywhere."""

    what_template = "facility {facility} is a {kind} and cannot mint {origin} material"
    mend = "a mine mints mined material, a recycler post_consumer or pre_consumer material"


class OriginNotApproved(Refusal):
    """The consortium does not expect this material from this facility."""

    what_template = "{material} is not expected from {facility}: it is no approved origin of it"
    mend = (
        "the consortium must approve the origin first; stock whose origin nobody can show is minted as"
        " untraced, where that is approved"
    )


class UnknownMaterial(Refusal):
    """No material has that id."""

    what_template = "there is no material {material}"
    mend = "define it first"


class MaterialAlreadyExists(Refusal):
    """A material of that short name is defined."""

    what_template = "material {material} is defined already"
    mend = "choose another short name"


class TooManySubstances(Refusal):
    """A material tracks at most 15 substances."""

    what_template = "a material cannot track {count} substances"
    mend = "at most 15"


class ApprovalNotInForce(Refusal):
    """The consortium expects the material of that origin at other times."""

    what_template = (
        "{origin} {material} is expected from {facility} from {from} until {until}, not at {occurredAt}"
    )
    mend = "check the time; else have the consortium approve the origin for it"


class ApprovalsPaused(Refusal):
    """A facility changed hands, and the consortium has not confirmed its approvals."""

    what_template = "the approvals of {facility} are paused since it was sold"
    mend = "have the consortium confirm it: traceledger facility confirm"


class InvalidOrigins(Refusal):
    """Approvals are of one to four origins."""

    what_template = "{origins} stands for no origins"
    mend = "name mined, post_consumer, pre_consumer or untraced"


class InvalidPeriod(Refusal):
    """An approval ends before it begins."""

    what_template = "an approval cannot be in force from {from} until {until}"
    mend = "it must not end before it begins"


class ContentOutOfBounds(Refusal):
    """A batch holds too little or too much of a substance for its material."""

    what_template = (
        "{content} of {substance} is outside what {material} holds: {least} to {highest} basis points"
    )
    mend = (
        "check mass and substances; mix in what is missing as untraced input, or have an auditor permit the"
        " batch: traceledger batch permit-content"
    )


class OwnLot(Refusal):
    """Nobody permits batches of the participant for which it acts."""

    what_template = "{participant} cannot permit a batch of its own"
    mend = "ask another auditor"


class WasteAndProduct(Refusal):
    """A material is waste or a product, not both."""

    what_template = "a material cannot be waste and a product"
    mend = "choose one of them"


class UseUnchangeable(Refusal):
    """What was defined as waste or as a product stays so, and nothing else becomes so."""

    what_template = "{material} cannot become or stop being waste or a product"
    mend = "define another material"


class SubstanceRemoved(Refusal):
    """A substance that a material tracks stays tracked."""

    what_template = "{material} tracks {substance}, which must stay"
    mend = "name all that it tracks, and what is added"


class InvalidTolerance(Refusal):
    """A tolerance is at most all."""

    what_template = "tolerances of {mass} and {substances} basis points are out of range"
    mend = "at most 10,000"


class InvalidContent(Refusal):
    """Contents are of tracked substances, ascending, the least no more than the highest."""

    what_template = "a content of {substance} from {least} to {highest} basis points cannot be set"
    mend = "name substances that the material tracks, each once; the least content first, at most 10,000"


class TooManyChanges(Refusal):
    """A participant's own changes are counted, so that proofs of it are complete, and the count is full."""

    what_template = "{participant} has changed its name and identifiers as often as can be counted"
    mend = "they stay as they are; the consortium can still correct its country"


class ControlCharacter(Refusal):
    """Texts are shown on one line, and not obeyed."""

    what_template = "{text!r} holds a control character"
    mend = "remove line breaks and other control characters"


class SameParticipant(Refusal):
    """A facility that is offered goes to another participant."""

    what_template = "{participant} holds {facility} already"
    mend = "offer it to another participant"


class FacilityNotOffered(Refusal):
    """Only whom a facility is offered to can accept it."""

    what_template = "{facility} is not offered to {participant}"
    mend = "have its holder offer it: traceledger facility transfer"


class FacilityNotSold(Refusal):
    """The approvals of a facility are not paused."""

    what_template = "{facility} has not changed hands since it was last confirmed"
    mend = "there is nothing to confirm"
