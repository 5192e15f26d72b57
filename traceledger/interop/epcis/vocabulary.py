"""The words of GS1's Core Business Vocabulary (CBV 2.0), and the one form in which events hold them.

A value of a standard vocabulary may be written as a bare word (``shipping``), as a CURIE (``cbv:BizStep-
shipping``), as the address it stands for (``https://ref.gs1.org/cbv/BizStep-shipping``) or as the URN of
earlier versions (``urn:epcglobal:cbv:bizstep:shipping``). All four are one. Anybody may use a URI of their
own instead; what claims to be of the standard's namespace and is not in it is refused (CBV 2.0, section 7).

Example:
    >>> for written in ("shipping", "cbv:BizStep-shipping", "urn:epcglobal:cbv:bizstep:shipping"):
    ...     print(read(written, Vocabulary.BIZ_STEP), address(written, Vocabulary.BIZ_STEP))
    shipping https://ref.gs1.org/cbv/BizStep-shipping
    shipping https://ref.gs1.org/cbv/BizStep-shipping
    shipping https://ref.gs1.org/cbv/BizStep-shipping
    >>> read("transforming", Vocabulary.BIZ_STEP)
    Traceback (most recent call last):
    traceledger.errors.InputError: 'transforming' is no business step of CBV 2.0 (use a word of it, such as \
'transporting', or a URI of your own)
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import Enum

from traceledger.errors import InputError

CBV = "https://ref.gs1.org/cbv/"
"""The namespace of the vocabulary (CBV 2.0, section 7.1)."""
GS1 = "https://ref.gs1.org/voc/"
"""The GS1 Web Vocabulary, to which the types of measurements belong."""
EARLIER_GS1 = "https://gs1.org/voc/"
"""Where that was before."""

_CBV_PREFIXES = ("cbv:", CBV, "http://ref.gs1.org/cbv/", "https://ns.gs1.org/cbv/", "http://ns.gs1.org/cbv/")
_GS1_PREFIXES = (
    "gs1:",
    GS1,
    *(f"{scheme}://{host}/voc/" for scheme in ("http", "https") for host in ("gs1.org", "www.gs1.org")),
    "http://ref.gs1.org/voc/",
)
URN = "urn:epcglobal:cbv:"
"""What names of the vocabulary began with before CBV 2.0."""
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_SHOWN = 100


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Vocabulary(Enum):
    """A standard vocabulary: what it is called, its URN's part, its address' part, and its words."""

    BIZ_STEP = (
        "business step",
        "bizstep",
        "BizStep-",
        _words(
            "accepting arriving assembling collecting commissioning consigning creating_class_instance"
            " cycle_counting decommissioning departing destroying disassembling dispensing encoding"
            " entering_exiting holding inspecting installing killing loading other packing picking receiving"
            " removing repackaging repairing replacing reserving retail_selling sampling sensor_reporting"
            " shipping staging_outbound stock_taking stocking storing transporting unloading unpacking"
            " void_shipping"
        ),
    )
    DISPOSITION = (
        "disposition",
        "disp",
        "Disp-",
        _words(
            "active available completeness_inferred completeness_verified conformant container_closed"
            " container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit"
            " inactive mismatch_class mismatch_instance mismatch_quantity needs_replacement"
            " no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled reserved"
            " retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable unknown"
        ),
    )
    TRANSACTION = (
        "type of business transaction",
        "btt",
        "BTT-",
        _words("bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt"),
    )
    SOURCE_OR_DESTINATION = (
        "type of source or destination",
        "sdt",
        "SDT-",
        _words("owning_party possessing_party location"),
    )
    ERROR_REASON = ("reason of an error", "er", "ER-", _words("did_not_occur incorrect_data"))
    COMPONENT = (
        "component of a measurement",
        "comp",
        "Comp-",
        _words(
            "x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting"
            " northing latitude longitude altitude"
        ),
    )
    MEASUREMENT = (
        "type of measurement",
        "",
        "",
        _words(
            "AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance"
            " AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area"
            " Capacitance Conductance Conductivity Count Density Dimensionless DoseEquivalent"
            " DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity"
            " ElectricFieldStrength Energy Exposure Force Frequency Illuminance Inductance Irradiance"
            " KinematicViscosity Length LinearMomentum Luminance LuminousFlux LuminousIntensity MagneticFlux"
            " MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate"
            " MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power"
            " Pressure RadiantFlux RadiantIntensity Radioactivity RelativeHumidity Resistance Resistivity"
            " SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time Torque Voltage"
            " Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber"
        ),
    )
    ALERT = ("sensor alert", "", "", _words("ALARM_CONDITION ERROR_CONDITION"))

    def __init__(self, title: str, urn: str, part: str, words: frozenset[str]) -> None:
        self.title, self.urn, self.part, self.words = title, urn, part, words

    @property
    def is_web_vocabulary(self) -> bool:
        """Whether its words belong to the GS1 Web Vocabulary instead of the CBV's own namespace."""
        return not self.urn


def read(text: str, vocabulary: Vocabulary) -> str:
    """The bare word of a standard value however it is written, or a private URI as it is.

    Raises:
        InputError: it is neither.
    """
    word = _bare(text, vocabulary)
    if word is None:
        if _URI.fullmatch(text):
            return text
        word = text
    if word in vocabulary.words:
        return word
    near = get_close_matches(word, sorted(vocabulary.words), n=1, cutoff=0.5)
    such = f", such as {near[0]!r}," if near else ""
    raise InputError(
        f"{text[:_SHOWN]!r} is no {vocabulary.title} of CBV 2.0",
        hint=f"use a word of it{such} or a URI of your own",
    )


def address(text: str, vocabulary: Vocabulary, *, gs1: str = GS1) -> str:
    """The address of a standard value however it is written, or a private URI as it is.

    Args:
        text: the value.
        vocabulary: what it should be.
        gs1: the namespace of the GS1 Web Vocabulary, which changed between versions.

    Raises:
        InputError: it is neither.
    """
    word = read(text, vocabulary)
    if word not in vocabulary.words:
        return word
    return f"{gs1}{word}" if vocabulary.is_web_vocabulary else f"{CBV}{vocabulary.part}{word}"


def _bare(text: str, vocabulary: Vocabulary) -> str | None:
    """What stands behind the namespace of the vocabulary; ``None`` if the text is not of it."""
    urn = f"{URN}{vocabulary.urn}:"
    if vocabulary.urn and text.startswith(urn):
        return text.removeprefix(urn)
    prefixes = _GS1_PREFIXES if vocabulary.is_web_vocabulary else _CBV_PREFIXES
    for prefix in prefixes:
        if text.startswith(prefix):
            rest = text.removeprefix(prefix)
            if rest.startswith(vocabulary.part):
                return rest.removeprefix(vocabulary.part)
            # What is not called as the words of any vocabulary is somebody's own, if under a strange address.
            of_another = rest.startswith(tuple(each.part for each in Vocabulary if each.part))
            return text if of_another or rest in vocabulary.words else None
    return text if text.startswith(URN) else None
