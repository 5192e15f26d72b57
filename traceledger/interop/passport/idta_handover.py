"""IDTA 02035-2, Digital Battery Passport: handover documentation 1.0.0 (CC-BY-4.0).

The documents that master data names of the battery, of the kinds that a passport knows: other submodels name
them by the identifiers they have here. The class of VDI 2770, part 1, follows from the kind of document.
"""

from __future__ import annotations

from collections.abc import Mapping

from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.idta_shapes import document_id, in_language, languages
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.said import Document
from traceledger.interop.passport.told import Lacking, Narrowed, Node, Told, fixed

NAME = "idta-handover-documentation"
SYSTEM = "VDI2770 Blatt 1:2020"
IDENTIFICATION = ("01-01", "Identification")
SPECIFICATION = ("02-01", "Technical specification")
DRAWINGS = ("02-02", "Drawings, plans")
ASSEMBLIES = ("02-03", "Assemblies")
DISMANTLING = ("03-01", "Assembly, disassembly")
CERTIFICATES = ("02-04", "Certificates, declarations")
OPERATION = ("03-02", "Operation")
SAFETY = ("03-03", "General safety")
CLASSES: Mapping[str, tuple[str, str]] = {
    "declaration-of-conformity": CERTIFICATES,
    "test-report": CERTIFICATES,
    "cycle-life-test": CERTIFICATES,
    "third-party-assurance": CERTIFICATES,
    "footprint-declaration": CERTIFICATES,
    "footprint-study": SPECIFICATION,
    "footprint-method": SPECIFICATION,
    "due-diligence-report": CERTIFICATES,
    "dismantling-manual": DISMANTLING,
    "removal-manual": DISMANTLING,
    "other-manual": OPERATION,
    "drawing": DRAWINGS,
    "model-3d": DRAWINGS,
    "bill-of-material": ASSEMBLIES,
    "safety-instructions": SAFETY,
    "safe-discharging": SAFETY,
    "meaning-of-labels": IDENTIFICATION,
}
"""By kind of document of master data its class: number and name. What is not here is a specification."""
POINTS: Mapping[str, str] = {
    "dismantling-manual": "2(c)",
    "removal-manual": "2(c)",
    "other-manual": "2(c)",
    "drawing": "2(c)",
    "model-3d": "2(c)",
    "bill-of-material": "2(a)",
    "safety-instructions": "2(d)",
    "safe-discharging": "2(c)",
    "test-report": "3",
    "performance": "4(a)",
    "performance-in-use": "4(b)",
    "negative-events": "4(d)",
    "operating-environment": "4(d)",
    "material-documentation": "2(a)",
    **dict.fromkeys(
        (
            *("footprint-study", "footprint-method", "footprint-declaration", "due-diligence-report"),
            *("third-party-assurance", "sustainability-report", "eu-taxonomy", "declaration-of-conformity"),
            *("cycle-life-test", "meaning-of-labels", "waste-prevention", "separate-collection"),
            *("waste-collection", "substance-impact"),
        ),
        "1(a)",
    ),
}
"""By kind the point of Annex XIII by which it is seen; what is not here is in no passport."""


def _documents(battery: Battery) -> Node:
    found: list[Node] = []
    seen: set[object] = set()
    for each in battery.said.documents:
        identifier = document_id(each)
        key = identifier.value if isinstance(identifier, Told) else each.url
        if each.kind in POINTS and key not in seen:
            seen.add(key)
            found.append(Narrowed(POINTS[each.kind], _document(battery, each)))
    return found or Lacking("master data names no documents")


def _document(battery: Battery, document: Document) -> Node:
    number, name = CLASSES.get(document.kind, SPECIFICATION)
    title = document.tell("title")
    language = document.tell("language")
    own = fixed(languages(battery), "language of texts where a document does not say its own")
    return {
        "DocumentIds": [
            {
                "DocumentDomainId": battery.said.text("company.name")
                if battery.said.has("company.name")
                else fixed(battery.said.owner, "whose master data names it"),
                "DocumentIdentifier": document_id(document),
            }
        ],
        "DocumentClassifications": [
            {
                "ClassId": fixed(number, f"class of a {document.kind}"),
                "ClassName": [{"en": fixed(name, f"class of a {document.kind}")}],
                "ClassificationSystem": fixed(SYSTEM, "classes of documents"),
            }
        ],
        "DocumentVersions": [
            {
                "Language": [language if isinstance(language, Told) else own],
                "Version?": document.tell("version"),
                "Title": in_language(battery, title if isinstance(title, Told) else document.tell("url")),
                "DigitalFiles": [{"value?": document.tell("url"), "contentType?": document.tell("mime")}],
            }
        ],
    }


MEMBERS: Table = (Member("/Documents", "-", _documents),)
"""Each member, the point of Annex XIII by which it is seen (a document has its own), where it comes from."""
LEFT_OUT = {
    "/Documents/0/DocumentIds/0/DocumentIsPrimary": "a document has one identifier here",
    "/Documents/0/DocumentVersions/0/Subtitle": "master data has a title",
    "/Documents/0/DocumentVersions/0/Description": "master data has a title",
}
