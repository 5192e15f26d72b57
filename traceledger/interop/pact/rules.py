"""What the PACT standard says of a footprint, as tables: read by whoever writes, reads or checks one.

Source, where a row names no other: PACT Technical Specifications 3.0.3, data types ProductFootprint and
CarbonFootprint (their OpenAPI file), by Methodology 3.0. Facts are in our own words.

Example:
    >>> FIGURES["biogenicCO2Uptake"].sign, FIGURES["biogenicCO2Uptake"].unit
    (<Sign.NOT_POSITIVE: 'zero or negative'>, 'kgCO2e')
    >>> "landManagementFossilGhgEmissions" in EXCLUDING_UPTAKE
    False
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from traceledger.interop.pact.regions import NAMES
from traceledger.model.frozen import frozen

SPECIFICATION = "PACT Technical Specifications 3.0.3"
"""What the rules below are of."""
VERSION = "3.0.3"
"""What a footprint that is written here says of itself in ``specVersion``."""


class Sign(StrEnum):
    """Which side of zero a figure may be on."""

    ANY = "any decimal"
    NOT_NEGATIVE = "zero or positive"
    NOT_POSITIVE = "zero or negative"
    POSITIVE = "above zero"

    def holds(self, value: Decimal) -> bool:
        """Whether a value is on that side."""
        match self:
            case Sign.ANY:
                return True
            case Sign.NOT_NEGATIVE:
                return value >= 0
            case Sign.NOT_POSITIVE:
                return value <= 0
            case Sign.POSITIVE:
                return value > 0


@frozen
class Figure:
    """A decimal member of a carbon footprint.

    Attributes:
        sign: on which side of zero it is.
        unit: for one declared unit: ``kgCO2e``, ``kgC`` (carbon), ``kg``, ``m2/year``, ``%``; empty: none.
        required: whether a footprint without it is not valid.
        most: the most it may be; ``None``: any.
    """

    sign: Sign
    unit: str
    required: bool = False
    most: int | None = None


_TOTAL = Figure(Sign.ANY, "kgCO2e", required=True)
_EMITTED = Figure(Sign.NOT_NEGATIVE, "kgCO2e")
_REMOVED = Figure(Sign.NOT_POSITIVE, "kgCO2e")
_CARBON = Figure(Sign.NOT_NEGATIVE, "kgC")

FIGURES: dict[str, Figure] = {
    "declaredUnitAmount": Figure(Sign.POSITIVE, "", required=True),
    "productMassPerDeclaredUnit": Figure(Sign.NOT_NEGATIVE, "kg", required=True),
    "pcfExcludingBiogenicUptake": _TOTAL,
    "pcfIncludingBiogenicUptake": _TOTAL,
    "fossilGhgEmissions": Figure(Sign.NOT_NEGATIVE, "kgCO2e", required=True),
    "fossilCarbonContent": Figure(Sign.NOT_NEGATIVE, "kgC", required=True),
    "biogenicCarbonContent": _CARBON,
    "recycledCarbonContent": _CARBON,
    "landUseChangeGhgEmissions": _EMITTED,
    "landCarbonLeakage": _EMITTED,
    "landManagementFossilGhgEmissions": _EMITTED,
    "landManagementBiogenicCO2Emissions": _EMITTED,
    "landManagementBiogenicCO2Removals": _REMOVED,
    "biogenicCO2Uptake": _REMOVED,
    "biogenicNonCO2Emissions": _EMITTED,
    "landAreaOccupation": Figure(Sign.NOT_NEGATIVE, "m2/year"),
    "aircraftGhgEmissions": _EMITTED,
    "packagingGhgEmissions": _EMITTED,
    "packagingBiogenicCarbonContent": _CARBON,
    "outboundLogisticsGhgEmissions": _EMITTED,
    "ccsTechnologicalCO2Capture": _REMOVED,
    "technologicalCO2Removals": _REMOVED,
    "ccuCarbonContent": _CARBON,
    "exemptedEmissionsPercent": Figure(Sign.NOT_NEGATIVE, "%", required=True, most=100),
    "primaryDataShare": Figure(Sign.NOT_NEGATIVE, "%", most=100),
}
"""The decimal members of ``pcf``, all text, in the standard's order."""

RATINGS = ("technologicalDQR", "geographicalDQR", "temporalDQR")
"""The members of ``pcf.dqi``, decimals from 1 (best) to 5."""

EXCLUDING_UPTAKE = (
    "fossilGhgEmissions",
    "landUseChangeGhgEmissions",
    "landManagementBiogenicCO2Emissions",
    "landManagementBiogenicCO2Removals",
    "technologicalCO2Removals",
    "ccsTechnologicalCO2Capture",
    "biogenicNonCO2Emissions",
)
"""What adds up, with its signs, to ``pcfExcludingBiogenicUptake``.

Of land management's fossil emissions the standard says that ``fossilGhgEmissions`` holds them already.
Packaging and aircraft emissions are inside the others, outbound logistics and land carbon leakage outside.
"""
UPTAKE = "biogenicCO2Uptake"
"""What, with its sign, makes ``pcfIncludingBiogenicUptake`` of ``pcfExcludingBiogenicUptake``."""
WITHIN_FOSSIL = "landManagementFossilGhgEmissions"
"""A part of ``fossilGhgEmissions``; the standard's own examples 1, 2 and 4 add it once more."""
WITHIN_TOTAL = ("aircraftGhgEmissions", "packagingGhgEmissions")
"""Parts of the total that cut across the others."""

MASS_UNIT = "kilogram"
"""The declared unit of goods by mass."""
PIECE = "piece"
"""The declared unit of goods that are counted."""
DECLARED_UNITS = (
    "liter",
    "kilogram",
    "cubic meter",
    "kilowatt hour",
    "megajoule",
    "ton kilometer",
    "square meter",
    "piece",
    "hour",
    "megabit second",
)
"""What ``declaredUnitOfMeasurement`` may be."""
WITHOUT_MASS = ("kilowatt hour", "megajoule", "ton kilometer", "hour", "megabit second")
"""Declared units of energy, transport and services, whose mass is 0."""
REGIONS = NAMES
"""Regions and subregions of the UN, as ``geographyRegionOrSubregion`` spells them."""
GEOGRAPHIES = ("geographyRegionOrSubregion", "geographyCountry", "geographyCountrySubdivision")
"""Of these a footprint has at most one; none means the whole world."""
STATES = ("Active", "Deprecated")
COVERAGES = ("PCF calculation model", "PCF program", "product level")
OPERATORS = ("PEF", "EPD International", "Other")
CCU_APPROACHES = ("Cut-off", "Credit")
CO2_OF_CARBON = Fraction(44, 12)
"""Mass of CO2 by mass of the carbon in it."""
VALID_YEARS = 3
"""So many years after its reference period a footprint is valid at most, and if it says nothing."""
METHOD_EXEMPTED_MOST = Decimal(5)
"""Per cent that the Methodology lets out at most; the data model of 3.0 has no such bound any more."""
REMOVALS = "technologicalCO2Removals"
REMOVALS_NEGATIVE_SINCE = (3, 0, 3)
"""From this version on ``technologicalCO2Removals`` is zero or negative; before, it was zero or positive."""

EVENTS = {
    "org.wbcsd.pact.ProductFootprint.PublishedEvent.3": "pfIds",
    "org.wbcsd.pact.ProductFootprint.RequestCreatedEvent.3": "pf",
    "org.wbcsd.pact.ProductFootprint.RequestFulfilledEvent.3": "pfs",
    "org.wbcsd.pact.ProductFootprint.RequestRejectedEvent.3": "error",
}
"""Types of CloudEvents between systems, and the member of ``data`` that each is about."""
REPLACED = {
    "pCfExcludingBiogenic": "pcfExcludingBiogenicUptake",
    "pCfIncludingBiogenic": "pcfIncludingBiogenicUptake",
    "pcfExcludingBiogenic": "pcfExcludingBiogenicUptake",
    "pcfIncludingBiogenic": "pcfIncludingBiogenicUptake",
    "declaredUnit": "declaredUnitOfMeasurement",
    "unitaryProductAmount": "declaredUnitAmount",
    "dLucGhgEmissions": "landUseChangeGhgEmissions",
    "biogenicCarbonWithdrawal": "biogenicCO2Uptake",
    "characterizationFactors": "ipccCharacterizationFactors",
    "crossSectoralStandardsUsed": "crossSectoralStandards",
}
"""Members of a footprint of version 2, and what they became."""

_DECIMAL = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-\d{8})?", re.ASCII)
LONGEST = 60
"""Most signs of a decimal that is taken: more is no figure of anything."""


def decimal(text: object) -> Decimal | None:
    """A decimal of the standard, digit by digit; ``None``: something else, such as a JSON number or ``1,5``.

    Example:
        >>> decimal("-1.50"), decimal("1,5"), decimal(1), decimal("NaN"), decimal("1e3")
        (Decimal('-1.50'), None, None, None, None)
    """
    if not isinstance(text, str) or len(text) > LONGEST or not _DECIMAL.fullmatch(text):
        return None
    return Decimal(text)


def version_of(footprint: object) -> tuple[int, int, int] | None:
    """The version of the specification that a footprint follows, by its own word.

    Example:
        >>> version_of({"specVersion": "3.0.3-20250501"}), version_of({}), version_of([])
        ((3, 0, 3), None, None)
    """
    said = footprint.get("specVersion") if isinstance(footprint, dict) else None
    found = _VERSION.fullmatch(said) if isinstance(said, str) and len(said) <= LONGEST else None
    return None if found is None else (int(found[1]), int(found[2]), int(found[3]))


def is_version_2(footprint: dict[str, Any]) -> bool:
    """Whether a footprint is one of version 2 or earlier: by its own word, or by its members."""
    version, pcf = version_of(footprint), footprint.get("pcf")
    if version is not None:
        return version < (3, 0, 0)
    return isinstance(pcf, dict) and any(name in pcf for name in REPLACED)


def removals_sign(version: tuple[int, int, int] | None) -> Sign:
    """On which side of zero ``technologicalCO2Removals`` is, by the version of the specification."""
    earlier = version is not None and version < REMOVALS_NEGATIVE_SINCE
    return Sign.ANY if earlier else Sign.NOT_POSITIVE


def with_signs(figures: Mapping[str, Decimal], version: tuple[int, int, int] | None) -> dict[str, Decimal]:
    """Figures of a footprint as they are added up: before 3.0.3 removals were written without their sign.

    Example:
        >>> with_signs({"technologicalCO2Removals": Decimal(2)}, (3, 0, 2))
        {'technologicalCO2Removals': Decimal('-2')}
    """
    found = dict(figures)
    if REMOVALS in found and removals_sign(version) is Sign.ANY:
        found[REMOVALS] = -abs(found[REMOVALS])
    return found
