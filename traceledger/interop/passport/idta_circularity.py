"""IDTA 02035-7, Digital Battery Passport: circularity 1.0.0 (CC-BY-4.0).

Recycled content in per cent of the metal in active materials, by Article 8; documents by their identifiers in
the handover documentation.
"""

from __future__ import annotations

from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.batterypass_circularity import recycled
from traceledger.interop.passport.idta_shapes import documents, in_language
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.said import Said
from traceledger.interop.passport.sources import number, texts
from traceledger.interop.passport.told import Lacking, Node

NAME = "idta-circularity"


def _sources(battery: Battery) -> Node:
    found = battery.said.tables("spare_part_sources")
    if found is None:
        return Lacking("master data lists no spare_part_sources")
    return [_source(battery, each) for each in found]


def _source(battery: Battery, said: Said) -> Node:
    parts = said.tables("parts")
    return {
        "NameOfSupplier": in_language(battery, said.text("name")),
        "AddressOfSupplier": {
            "NationalCode": in_language(battery, said.text("country")),
            "PostalCode": in_language(battery, said.text("postal_code")),
            "Street": in_language(battery, said.text("street")),
        },
        "EmailAddressOfSupplier": {"EmailAddress": said.text("email")},
        "SupplierWebAddress": said.text("website"),
        "Components": Lacking("master data lists no parts of the source")
        if parts is None
        else [{"PartName": each.text("name"), "PartNumber": each.text("number")} for each in parts],
    }


MEMBERS: Table = (
    Member(
        "/DismantlingAndRemovalInformation",
        "2(c)",
        documents(
            "dismantling-manual", "removal-manual", "drawing", "model-3d", "bill-of-material", "other-manual"
        ),
    ),
    Member("/SparePartSources", "2(b)", _sources),
    Member(
        "/RecycledContentInformation",
        "1(e)",
        lambda battery: recycled(battery, "PreConsumerShare", "RecycledMaterial", "PostConsumerShare"),
    ),
    Member("/SafetyMeasures/SafetyInstructions", "2(d)", documents("safety-instructions")),
    Member("/SafetyMeasures/ExtinguishingAgents", "1(a)", texts("extinguishing_classes")),
    Member("/EndOfLifeInformation/WastePrevention", "1(s)", documents("waste-prevention")),
    Member("/EndOfLifeInformation/SeparateCollection", "1(s)", documents("separate-collection")),
    Member("/EndOfLifeInformation/InformationOnCollection", "1(s)", documents("waste-collection")),
    Member("/RenewableContent", "1(f)", number("renewable_percent")),
)
"""Each member, the point of Annex XIII by which it is seen, and where it comes from."""
LEFT_OUT = {
    "/SparePartSources/0/EmailAddressOfSupplier/PublicKey": "nothing here is encrypted",
    "/SparePartSources/0/EmailAddressOfSupplier/TypeOfEmailAddress": "the address is the supplier's",
    "/SparePartSources/0/EmailAddressOfSupplier/TypeOfPublicKey": "nothing here is encrypted",
}
