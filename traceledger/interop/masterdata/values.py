"""What a master data file says, as values: a class for each of its tables, a field for each key.

Fields are called as the keys are. Empty, ``None`` and ``()`` mean that the file does not say it. Masses are
milligrams, energies kWh, shares per cent, both as exact decimals.

Example:
    >>> Company(participant="kokkola", gln="6400001000001").identifiers
    (Identifier(scheme='gln', value='6400001000001'),)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, StrictBool

from traceledger.interop.masterdata import checks
from traceledger.interop.masterdata.footprint import Footprint
from traceledger.interop.masterdata.kinds import (
    STRICT,
    Address,
    Country,
    Epc,
    FullName,
    Gtin,
    Listed,
    Paragraph,
    Positive,
    Slug,
    Subdivision,
    Text,
    Uri,
    Urn,
)
from traceledger.model.identifiers import Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company. Its country, roles and standing are the ledger's to say.

    Attributes:
        participant: its short name on the ledger.
        name: its legal name, where the ledger has another one.
        gln, lei, duns, vat, eori, rmi: what it is called elsewhere; check digits are verified.
        bpnl: its Catena-X business partner number.
        gs1_prefix: its GS1 company prefix, without which a key does not become an EPC URN.
        ids: further URNs and addresses that name it.
        street, postal_code, city: its address.
        email, phone: how people reach it.
        contact: how it is reached by documents, ``mailto:`` or an address.
        website: its address on the web.
    """

    __pydantic_config__ = STRICT

    participant: Slug = ""
    name: Text = ""
    street: Text = ""
    postal_code: Text = ""
    city: Text = ""
    email: Text = ""
    phone: Text = ""
    gln: Annotated[str, BeforeValidator(checks.identifier("gln"))] = ""
    lei: Annotated[str, BeforeValidator(checks.identifier("lei"))] = ""
    bpnl: Annotated[str, BeforeValidator(checks.partner_number("BPNL"))] = ""
    duns: Annotated[str, BeforeValidator(checks.identifier("duns"))] = ""
    vat: Annotated[str, BeforeValidator(checks.identifier("vat"))] = ""
    eori: Annotated[str, BeforeValidator(checks.identifier("eori"))] = ""
    rmi: Annotated[str, BeforeValidator(checks.identifier("rmi"))] = ""
    gs1_prefix: Annotated[str, BeforeValidator(checks.prefix)] = ""
    ids: Annotated[tuple[Uri, ...], Listed] = ()
    contact: Annotated[str, BeforeValidator(checks.contact)] = ""
    website: Address = ""

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """Its identifiers by scheme, those that are said."""
        said = {"gln": self.gln, "lei": self.lei, "bpn": self.bpnl, "duns": self.duns, "vat": self.vat}
        said |= {"eori": self.eori, "rmi": self.rmi}
        return tuple(Identifier(scheme, value) for scheme, value in said.items() if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site.

    Attributes:
        facility: its full name on the ledger.
        name: what it is called, where the ledger has another name.
        gln, rmi: what it is called elsewhere.
        bpns, bpna: Catena-X business partner numbers of the site and of its address.
        ids: further URNs and addresses that name it.
        street, postal_code, city, region: its address.
        country: of it, where the ledger's is another one.
        subdivision: the part of the country, by ISO 3166-2.
        latitude, longitude: decimal degrees (WGS 84), where the ledger has none.
    """

    __pydantic_config__ = STRICT

    facility: FullName
    name: Text = ""
    gln: Annotated[str, BeforeValidator(checks.identifier("gln"))] = ""
    bpns: Annotated[str, BeforeValidator(checks.partner_number("BPNS"))] = ""
    bpna: Annotated[str, BeforeValidator(checks.partner_number("BPNA"))] = ""
    rmi: Annotated[str, BeforeValidator(checks.identifier("rmi"))] = ""
    ids: Annotated[tuple[Uri, ...], Listed] = ()
    street: Text = ""
    postal_code: Text = ""
    city: Text = ""
    region: Text = ""
    country: Country = ""
    subdivision: Subdivision = ""
    latitude: Annotated[Decimal | None, BeforeValidator(checks.degrees(90))] = None
    longitude: Annotated[Decimal | None, BeforeValidator(checks.degrees(180))] = None

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """Its identifiers by scheme, those that are said."""
        said = (("gln", self.gln), ("bpn", self.bpns), ("bpn", self.bpna), ("rmi", self.rmi))
        return tuple(Identifier(scheme, value) for scheme, value in said if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """A class of a product: the ``standard``, such as ``ECLASS``, its ``id`` there, what that ``means``."""

    __pydantic_config__ = STRICT

    standard: Text
    id: Text
    means: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A material, as the company that makes it sells it.

    Attributes:
        material: its short name on the ledger.
        name, description: what the company calls it, and says of it.
        gtins: its GTINs, as 14 digits.
        ids: further URNs and addresses that name it.
        part_number: the maker's own; ``customer_part_numbers``: those of customers, by their short names.
        cpc: its code of the UN's Central Product Classification.
        classifications: other classes; ``classes``: the same as URNs.
        declared_unit: ``kilogram``, ``piece`` or ``kilowatt hour``.
        unit_mass: mg of one piece.
        kwh_per_piece, kwh_per_kg: energy capacity.
        functional_unit_kwh: kWh that one piece provides over its life.
        chemistry, battery_category: of batteries; the category in the words of Regulation (EU) 2023/1542.
        active_material: whether it is one in which Article 8 of the regulation counts recycled metals.
        fossil_carbon, biogenic_carbon, recycled_carbon: per cent of its mass.
        footprint: what is said of its footprints otherwise than of the company's.
    """

    __pydantic_config__ = STRICT

    material: Slug
    name: Text = ""
    description: Paragraph = ""
    gtins: Annotated[tuple[Gtin, ...], Listed] = ()
    ids: Annotated[tuple[Uri, ...], Listed] = ()
    part_number: Text = ""
    customer_part_numbers: dict[Slug, Text] = field(default_factory=dict)
    cpc: Text = ""
    classifications: tuple[Classification, ...] = ()
    classes: Annotated[tuple[Urn, ...], Listed] = ()
    declared_unit: Annotated[str, BeforeValidator(checks.one_of("kilogram", "piece", "kilowatt hour"))] = ""
    unit_mass: Annotated[int | None, BeforeValidator(checks.mass)] = None
    kwh_per_piece: Annotated[Decimal | None, BeforeValidator(checks.positive)] = None
    kwh_per_kg: Annotated[Decimal | None, BeforeValidator(checks.positive)] = None
    functional_unit_kwh: Annotated[Decimal | None, BeforeValidator(checks.positive)] = None
    chemistry: Text = ""
    battery_category: Annotated[
        str,
        BeforeValidator(checks.one_of("portable", "SLI", "LMT", "EV", "industrial")),
    ] = ""
    active_material: StrictBool | None = None
    fossil_carbon: Annotated[Decimal | None, BeforeValidator(checks.percent)] = None
    biogenic_carbon: Annotated[Decimal | None, BeforeValidator(checks.percent)] = None
    recycled_carbon: Annotated[Decimal | None, BeforeValidator(checks.percent)] = None
    footprint: Footprint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """A lot or item: its full name as a ``batch``, and the ``epcs`` by which documents of others name it."""

    __pydantic_config__ = STRICT

    batch: FullName
    epcs: Annotated[tuple[Epc, ...], Listed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that is linked to.

    Attributes:
        kind: what it is, such as ``footprint-study``, ``due-diligence-report``, ``dismantling``.
        url: where it is.
        title, content_type: what it is called, and its media type.
        id: its number, unique among the company's.
        language, version: in which language (BCP 47), in which version.
        sha256: of its bytes, in hexadecimal.
        materials, facilities: of what it is; of neither: of the company.
    """

    __pydantic_config__ = STRICT

    kind: Slug
    url: Address
    title: Text = ""
    content_type: Annotated[str, BeforeValidator(checks.media)] = ""
    id: Text = ""
    language: Text = ""
    version: Text = ""
    sha256: Annotated[str, BeforeValidator(checks.sha256)] = ""
    materials: Annotated[tuple[Slug, ...], Listed] = ()
    facilities: Annotated[tuple[FullName, ...], Listed] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A performance class: its ``name``, and the ``most`` kg CO2e per kWh of functional unit of it."""

    __pydantic_config__ = STRICT

    name: Text
    most: Positive


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """Performance classes of a category of batteries, by a method that may change.

    Attributes:
        battery_category: of which batteries.
        method: by which method, with its version.
        thresholds: from the best class on; what is above all of them is ``beyond``.
        beyond: the class of what is above all thresholds.
    """

    __pydantic_config__ = STRICT

    battery_category: Text
    method: Text
    thresholds: tuple[Threshold, ...]
    beyond: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Values of documents of one format that nothing else says, each at its place there.

    Attributes:
        format: the format, by the word of the command that writes it; empty: of each that has such a place.
        materials, batches: of what; of neither: of everything.
        values: by JSON Pointer; numbers with a fraction are exact decimals.
    """

    __pydantic_config__ = STRICT

    format: Text = ""
    materials: Annotated[tuple[Slug, ...], Listed] = ()
    batches: Annotated[tuple[FullName, ...], Listed] = ()
    values: dict[Annotated[str, BeforeValidator(checks.pointer)], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """What a battery passport says of a battery that nothing else knows (docs/passport.md).

    Attributes:
        material: of which material; ``batch``: of which single batch, before what is said of its material.
        values: tables and values by the names of docs/passport.md.
    """

    __pydantic_config__ = STRICT

    material: Slug = ""
    batch: FullName | None = None
    values: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All of a file, table by table."""

    __pydantic_config__ = STRICT

    participant: Slug
    company: Company | None = None
    companies: tuple[Company, ...] = ()
    sites: tuple[Site, ...] = ()
    materials: tuple[Material, ...] = ()
    lots: tuple[Lot, ...] = ()
    footprint: Footprint = field(default_factory=Footprint)
    documents: tuple[Document, ...] = ()
    classes: tuple[Classes, ...] = ()
    batteries: tuple[Battery, ...] = ()
    values: tuple[Values, ...] = ()
