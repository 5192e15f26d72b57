"""The registry: names, facilities, materials and approved origins."""

from __future__ import annotations

from traceledger.refusals.base import Refusal


class InvalidSlug(Refusal):
    """A short name breaks the rule for short names."""

    what_template = "{slug!r} is not a short name"
    mend = "1 to 64 characters of a-z, 0-9, '-', '_' and '.', starting with a letter or digit"


class InvalidIdentifier(Refusal):
    """An identifier is empty or longer than 256 bytes."""

    what_template = "{identifier!r} is not an identifier"
    mend = "use 1 to 256 bytes"


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
