"""Battery Pass data model 1.2.0, GeneralProductInformation (CC-BY-4.0).

The mass is kg. ``warrentyPeriod`` is the model's spelling, and an ``xsd:gMonth`` there, such as ``--06``:
master data says it as it shall stand (``warranty.month``), since no number of months can be written so. The
pattern of ``emailAddress`` lacks its backslashes and lets hardly any address through; then it is left out.
DIN DKE SPEC 99100, 6.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from traceledger.interop.passport import identity
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.lives import Status
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.sources import Source, mass_kg, status, text, word
from traceledger.interop.passport.told import Node, changed

NAME = "batterypass-general"
CATEGORIES = {"lmt": "lmt", "ev": "ev", "industrial": "industrial", "stationary": "stationary"}
STATUS = {each.value: each.value.capitalize() for each in Status}
_EMAIL = re.compile(r"^[w.-]+@[w.-]+.[A-Za-z]{2,}$")
_MONTH = re.compile(r"--(0[1-9]|1[0-2])(Z|([+-])((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?")


def passport_urn(battery: Battery) -> Node:
    """The identifier of the passport without hyphens, which the model's pattern excludes."""
    return changed(
        identity.own_passport_id(battery), lambda value: "urn:uuid:" + str(value)[9:].replace("-", "")
    )


def _company(part: str) -> Source:
    return text(f"company.{part}")


def _operator(part: str, own: Source | None = None) -> Source:
    """Of the economic operator; of the maker where master data names no other one."""
    of_maker = _company(part) if own is None else own
    return lambda battery: (
        battery.said.text(f"operator.{part}") if battery.said.has("operator.name") else of_maker(battery)
    )


def _contact(
    place: str, name: Source, country: Source, ids: Source, part: Callable[[str], Source]
) -> tuple[Member[Battery], ...]:
    return (
        Member(f"{place}/contactName", "1(a)", name),
        Member(f"{place}/postalAddress/addressCountry", "1(a)", country),
        Member(f"{place}/postalAddress/postalCode", "1(a)", part("postal_code")),
        Member(f"{place}/postalAddress/streetAddress", "1(a)", part("street")),
        Member(f"{place}/identifier", "1(a)", ids),
        Member(
            f"{place}/emailAddress?", "1(a)", part("email"), lambda value: bool(_EMAIL.search(str(value)))
        ),
        Member(f"{place}/webAddress?", "1(a)", part("website")),
    )


MEMBERS: Table = (
    Member("/productIdentifier", "1(a)", identity.product_id),
    Member("/batteryPassportIdentifier", "1(a)", passport_urn),
    Member("/batteryCategory", "1(a)", word("category", CATEGORIES)),
    *_contact(
        "/manufacturerInformation",
        identity.maker_name,
        identity.maker_country,
        identity.maker_id,
        _company,
    ),
    Member("/manufacturingDate", "1(a)", lambda battery: identity.made_on(battery, to_the_second=True)),
    Member("/batteryStatus", "4(c)", status(STATUS)),
    Member("/batteryMass", "1(a)", mass_kg),
    Member("/manufacturingPlace/addressCountry", "1(a)", identity.plant_country),
    Member("/manufacturingPlace/postalCode", "1(a)", text("site.postal_code")),
    Member("/manufacturingPlace/streetAddress", "1(a)", text("site.street")),
    *_contact(
        "/operatorInformation",
        _operator("name", identity.maker_name),
        _operator("country", identity.maker_country),
        _operator("id", identity.maker_id),
        _operator,
    ),
    Member("/puttingIntoService", "4(a)", text("put_into_service_at")),
    Member("/warrentyPeriod", "1(m)", text("warranty.month"), lambda value: bool(_MONTH.search(str(value)))),
)
"""Each member, the point of Annex XIII by which it is seen, and where it comes from."""
LEFT_OUT: dict[str, str] = {}
