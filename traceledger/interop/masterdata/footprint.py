"""What a master data file says of footprints: how they were computed, as far as the ledger does not say.

Fields are called as the keys of the file. Empty, ``None`` and ``()`` mean that it does not say it.

Example:
    >>> Footprint(gwp=("AR5",)).over(Footprint(gwp=("AR6",), boundary="cradle to gate")).boundary
    'cradle to gate'
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, StrictBool

from traceledger.interop.masterdata import checks
from traceledger.interop.masterdata.kinds import (
    STRICT,
    Address,
    Country,
    Day,
    Listed,
    Paragraph,
    Subdivision,
    Text,
    Uri,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Rules of a product or sector: ``operator`` such as ``PEF``, and the ``names`` of its rules."""

    __pydantic_config__ = STRICT

    operator: Text
    names: Annotated[tuple[Text, ...], Listed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source of secondary data: ``name`` and ``version``, such as ecoinvent 3.11."""

    __pydantic_config__ = STRICT

    name: Text
    version: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Ratings of the data behind a footprint, each from 1, the best, to 5."""

    __pydantic_config__ = STRICT

    technological: Annotated[Decimal | None, BeforeValidator(checks.rating)] = None
    temporal: Annotated[Decimal | None, BeforeValidator(checks.rating)] = None
    geographical: Annotated[Decimal | None, BeforeValidator(checks.rating)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Who verified footprints, and what of them.

    Attributes:
        provider: the verifier's legal name.
        provider_id: a URN or address that names it.
        coverage: what was verified: ``pcf``, ``product line``, ``corporate level``, in the verifier's words.
        standard: against which standard.
        kind: the type of what it gave, such as ``certificate``.
        id, link: what that is called, and where it is.
        completed: the day.
        comment: what else is to be said.
    """

    __pydantic_config__ = STRICT

    provider: Text
    provider_id: Uri = ""
    coverage: Text = ""
    standard: Text = ""
    kind: Text = ""
    id: Text = ""
    link: Address = ""
    completed: Day = None
    comment: Paragraph = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """How footprints were computed, as far as the ledger does not say.

    Attributes:
        reference_from, reference_until: the first and the last day of the reference period.
        valid_from, valid_until: the first and the last day on which a footprint may be used.
        boundary: the processes inside of the system boundary, in words.
        gwp: which sets of global warming potentials, such as ``AR6``.
        standards: cross-sectoral standards, such as ``ISO14067``.
        rules: of product or sector.
        exempted_share, exempted: emissions that were left out, per cent of all, and which ones.
        allocation: rules of allocation, in words.
        waste_incineration, recycled_carbon: how those are allocated, in the words of Catena-X.
        uncertainty: of the result, in words.
        secondary_sources: where secondary data come from.
        quality: ratings of the data.
        verification: who verified it.
        region, country, subdivision: which geography it represents, where that is not the sites'.
        packaging: whether packaging is included.
        carbon_capture: whether captured and stored carbon is included.
        mass_balance: whether mass balancing (credits) is used; ``mass_balance_scheme``: by which scheme.
        legal, comment: what is said to readers.
    """

    __pydantic_config__ = STRICT

    reference_from: Day = None
    reference_until: Day = None
    valid_from: Day = None
    valid_until: Day = None
    boundary: Paragraph = ""
    gwp: Annotated[
        tuple[Annotated[str, BeforeValidator(checks.one_of("AR4", "AR5", "AR6"))], ...], Listed
    ] = ()
    standards: Annotated[tuple[Text, ...], Listed] = ()
    rules: tuple[Rule, ...] = ()
    exempted_share: Annotated[Decimal | None, BeforeValidator(checks.percent)] = None
    exempted: Paragraph = ""
    allocation: Paragraph = ""
    waste_incineration: Text = ""
    recycled_carbon: Text = ""
    uncertainty: Paragraph = ""
    secondary_sources: tuple[Source, ...] = ()
    quality: Quality | None = None
    verification: Verification | None = None
    region: Text = ""
    country: Country = ""
    subdivision: Subdivision = ""
    packaging: StrictBool | None = None
    carbon_capture: StrictBool | None = None
    mass_balance: StrictBool | None = None
    mass_balance_scheme: Text = ""
    legal: Paragraph = ""
    comment: Paragraph = ""

    def over(self, other: Footprint) -> Footprint:
        """The same, and of ``other`` what this one does not say."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return replace(other, **{name: value for name, value in said.items() if value not in (None, "", ())})
