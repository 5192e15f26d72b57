"""Battery Pass data model 1.2.0, Circularity (CC-BY-4.0).

Recycled content in per cent of the metal in active materials, by Article 8; a metal that the ledger does not
track has no entry. DIN DKE SPEC 99100, 6.6.
"""

from __future__ import annotations

from traceledger.interop.passport import circular
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.said import Document, Said
from traceledger.interop.passport.sources import link, listed, number, texts
from traceledger.interop.passport.told import Lacking, Node, fixed

NAME = "batterypass-circularity"
MANUALS = {
    "bill-of-material": "BillOfMaterial",
    "model-3d": "Model3D",
    "dismantling-manual": "DismantlingManual",
    "removal-manual": "RemovalManual",
    "drawing": "Drawing",
    "other-manual": "OtherManual",
}
"""Kinds of documents of master data, in the model's words."""


def _manuals(battery: Battery) -> Node:
    found: list[Node] = [
        _manual(each, word) for kind, word in MANUALS.items() for each in battery.said.of_kind(kind)
    ]
    return found or Lacking(f"master data names no document of the kinds {', '.join(MANUALS)}")


def _manual(document: Document, word: str) -> Node:
    return {
        "documentType": fixed(word, f"the model's word for {document.kind}"),
        "mimeType": document.tell("mime"),
        "documentURL": document.tell("url"),
    }


def _source(said: Said) -> Node:
    parts = said.tables("parts")
    return {
        "nameOfSupplier": said.text("name"),
        "addressOfSupplier": {
            "addressCountry": said.text("country"),
            "postalCode": said.text("postal_code"),
            "streetAddress": said.text("street"),
        },
        "emailAddressOfSupplier": said.text("email"),
        "supplierWebAddress": said.text("website"),
        "components": Lacking("master data lists no parts of the source")
        if parts is None
        else [{"partName": each.text("name"), "partNumber": each.text("number")} for each in parts],
    }


def recycled(battery: Battery, pre: str, metal: str, post: str) -> Node:
    """One entry for each metal of Article 8 that the ledger tracks, with the model's names of members."""
    found: list[Node] = []
    for substance, name in circular.METALS.items():
        shares = circular.shares(battery, substance)
        if not isinstance(shares, Lacking):
            found.append({pre: shares[0], metal: fixed(name, "metal of Article 8"), post: shares[1]})
    return found or Lacking("the ledger tracks none of the metals of Article 8 in it")


MEMBERS: Table = (
    Member("/dismantlingAndRemovalInformation", "2(c)", _manuals),
    Member("/sparePartSources", "2(b)", listed("spare_part_sources", _source)),
    Member(
        "/recycledContent",
        "1(e)",
        lambda battery: recycled(battery, "preConsumerShare", "recycledMaterial", "postConsumerShare"),
    ),
    Member("/safetyMeasures/safetyInstructions", "2(d)", link("safety-instructions")),
    Member("/safetyMeasures/extinguishingAgent", "1(a)", texts("extinguishing_classes")),
    Member("/endOfLifeInformation/wastePrevention", "1(s)", link("waste-prevention")),
    Member("/endOfLifeInformation/separateCollection", "1(s)", link("separate-collection")),
    Member("/endOfLifeInformation/informationOnCollection", "1(s)", link("waste-collection")),
    Member("/renewableContent", "1(f)", number("renewable_percent")),
)
"""Each member, the point of Annex XIII by which it is seen, and where it comes from."""
LEFT_OUT: dict[str, str] = {}
