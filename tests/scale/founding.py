"""Companies, sites and materials, as they are there before anything is made."""

from __future__ import annotations

from typing import Any

from eth_hash.auto import keccak

from tests.scale.ledger import Ledger
from tests.scale.lots import SYMBOLS, Parties, material_id
from traceledger.signing.keystore import LocalSigner

CONSORTIUM = "consortium"
_SITES = {f"pit-{number}": "mine" for number in range(8)} | {
    f"plant-{number}": "plant" for number in range(8)
}
COMPANIES: dict[str, tuple[str, str, dict[str, str]]] = {
    "works": ("FI", "producer", _SITES),
    "maker": ("DE", "manufacturer", {"line": "plant"}),
    "scrap": ("BE", "recycler", {"yard": "recycler"}),
    "argus": ("CH", "auditor", {}),
}
"""Slug: country, role, facilities and their kinds."""
SUPPLIERS = [f"digger-{number}" for number in range(50)]
"""Mines that odd shapes have besides."""
MATERIALS = {
    "ore": ((27, 28), False, 0, 0),
    "salt": ((27, 28), False, 500, 500),
    "cell": ((3, 27, 28), False, 0, 0),
    "pack": ((3, 27, 28), True, 0, 0),
}
"""Slug: substances; whether it is a product; tolerances of mass and of substances, basis points."""
CAPACITY = 2**54 - 1
"""What a facility may mint a year, mg: the most that a pool can hold."""
_FOREVER = 2**64 - 1


def parties() -> Parties:
    """Addresses that a chain has where nobody gives others."""
    contracts = ("access_manager", "registry", "ledger", "assurance")
    return Parties(
        {name: bytes(keccak(b"contract " + name.encode())[:20]) for name in contracts},
        {slug: address_of(slug) for slug in (CONSORTIUM, *COMPANIES, *SUPPLIERS)},
    )


def address_of(slug: str) -> bytes:
    """That of the key that a name stands for."""
    return LocalSigner(bytes(keccak(slug.encode()))).address


def found(ledger: Ledger) -> None:
    """Materials, participants, facilities, and what may be mined or taken back where."""
    for slug, (substances, product, mass, parts) in MATERIALS.items():
        define(ledger, slug, substances, product=product, mass=mass, parts=parts)
    for slug, (country, role, sites) in COMPANIES.items():
        register(ledger, slug, country, role)
        for identifier, kind in sites.items():
            build(ledger, slug, identifier, kind, country)
    for site in ledger.facilities:
        if "/pit-" in site:
            approve(ledger, site, "ore", "mined", 1)
    approve(ledger, "scrap/yard", "pack", "post_consumer", 2)
    approve(ledger, "scrap/yard", "salt", "post_consumer", 2)
    ledger.chain.seal()


def define(
    ledger: Ledger,
    slug: str,
    substances: tuple[int, ...],
    *,
    product: bool = False,
    mass: int = 0,
    parts: int = 0,
    waste: bool = False,
) -> None:
    """A material; waste may be all of a substance."""
    ledger.materials[slug] = material_id(slug)
    most = [(number, 0, 10_000) for number in substances] if waste else ()
    terms = (waste, product, mass, parts, most)
    data = (slug, slug.title(), "", substances, terms, ())
    registry = ledger.registry
    ledger.emit(CONSORTIUM, "MaterialDefined", (material_id(slug),), data, contract=registry)
    set_up: dict[str, Any] = {"op": "define_material", "material": slug, "name": slug.title()}
    if mass:
        set_up["tolerance"] = {"mass": f"{mass / 100} %", "substances": f"{parts / 100} %"}
    if product:
        set_up["product"] = True
    if waste:
        ledger.wastes.add(slug)
        set_up["waste"] = True
        set_up["content"] = {SYMBOLS[number]: "0 % - 100 %" for number in substances}
    _told(ledger, set_up | {"substances": [SYMBOLS[number] for number in substances]})


def _told(ledger: Ledger, line: dict[str, Any]) -> None:
    """A line that says no time."""
    if ledger.script is not None:
        ledger.script.append(line)


def register(ledger: Ledger, slug: str, country: str, role: str) -> None:
    """A company."""
    who, consortium = ledger.address[slug], ledger.address[CONSORTIUM]
    data = (slug, slug.title(), country.encode(), (role.encode(),), ())
    ledger.emit(
        CONSORTIUM, "ParticipantRegistered", (who,), data, contract=ledger.registry,
        after=("OperatorAdded", (who, who, consortium)),
    )  # fmt: skip
    said = {"participant": slug, "name": slug.title(), "country": country, "roles": [role]}
    _told(ledger, {"op": "register_participant"} | said)


def build(ledger: Ledger, slug: str, identifier: str, kind: str, country: str) -> None:
    """A site of it."""
    facility = ledger.facilities[f"{slug}/{identifier}"] = ledger.id_of(slug, identifier)
    data = (identifier, identifier, kind.encode(), country.encode(), False, 0, 0, ())
    keys = (facility, ledger.address[slug])
    ledger.emit(slug, "FacilityRegistered", keys, data, contract=ledger.registry)
    said = {"as": slug, "facility": identifier, "kind": kind, "country": country}
    _told(ledger, {"op": "register_facility"} | said)


def approve(ledger: Ledger, site: str, material: str, origin: str, mask: int) -> None:
    """What may be minted there, or taken back."""
    keys = (ledger.facilities[site], material_id(material))
    data = (mask, CAPACITY, 0, _FOREVER, 0, ())
    ledger.emit(CONSORTIUM, "OriginApproved", keys, data, contract=ledger.registry)
    said = {"facility": site, "material": material, "origin": origin, "capacity_per_year": CAPACITY}
    _told(ledger, {"op": "approve_origin"} | said)
