"""IDTA 02035-1, Digital Battery Passport: digital nameplate 1.0.0 (CC-BY-4.0).

The schema wants texts as a list of one-language maps, and dates without time.
"""

from __future__ import annotations

from traceledger.interop.passport import identity
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.catenax_battery_pass import STATUS
from traceledger.interop.passport.idta_shapes import documents, in_language, translated
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.said import Said
from traceledger.interop.passport.sources import Source, listed, status, text
from traceledger.interop.passport.told import Node

NAME = "idta-nameplate"
_SITES = ("gln", "bpns", "bpna", "bpn", "rmi")


def _company(part: str) -> Source:
    return translated(text(f"company.{part}"))


def _phone(battery: Battery) -> Node:
    return {"TelephoneNumber": in_language(battery, battery.said.text("company.phone"))}


def _marking(said: Said) -> Node:
    return {
        "MarkingName": said.text("name"),
        "DesignationOfCertificateOrApproval?": said.text("certificate"),
        "IssueDate?": said.text("issued_on"),
        "ExpiryDate?": said.text("expires_on"),
        "MarkingFile": {"value": said.text("url"), "contentType": said.text("content_type")},
        "MarkingAdditionalText?": said.text("note"),
    }


def _operator(battery: Battery) -> Node:
    if battery.said.has("operator.id"):
        return battery.said.text("operator.id")
    return identity.maker_id(battery)


MEMBERS: Table = (
    Member("/URIOfTheProduct", "1(a)", identity.product_uri),
    Member("/ManufacturerName", "1(a)", translated(identity.maker_name)),
    Member("/AddressInformation/NationalCode", "1(a)", translated(identity.maker_country)),
    Member("/AddressInformation/CityTown", "1(a)", _company("city")),
    Member("/AddressInformation/Street", "1(a)", _company("street")),
    Member("/AddressInformation/ZipCode", "1(a)", _company("postal_code")),
    Member("/AddressInformation/Company?", "1(a)", translated(identity.maker_name)),
    Member("/AddressInformation/Phone?", "1(a)", _phone),
    Member("/AddressInformation/Email?/EmailAddress", "1(a)", text("company.email")),
    Member("/AddressInformation/AddressOfAdditionalLink?", "1(a)", text("company.website")),
    Member("/SerialNumber", "1(a)", identity.serial),
    Member("/DateOfManufacture", "1(a)", identity.made_on),
    Member("/DateOfPuttingIntoService?", "4(a)", text("put_into_service")),
    Member("/UniqueFacilityIdentifier", "1(a)", lambda battery: identity.site_id(battery, *_SITES)),
    Member("/LifeCycleStage", "4(c)", status(STATUS)),
    Member("/OperatorIdentifier?", "1(a)", _operator),
    Member(
        "/ManufacturerIdentifier",
        "1(a)",
        identity.maker_id,
    ),
    Member("/Markings", "1(q)", listed("markings", _marking)),
    Member("/EUDeclarationOfConformity", "1(r)", documents("declaration-of-conformity")),
    Member("/ResultsOfTestReportsProvingCompliance", "3", documents("test-report")),
)
"""Each member, the point of Annex XIII by which it is seen, and where it comes from."""
LEFT_OUT = dict.fromkeys(
    (
        f"/AddressInformation/{name}"
        for name in (
            *("RoleOfContactPerson", "Languages", "TimeZone", "Department", "Fax", "IPCommunicationChannels"),
            *("POBox", "ZipCodeOfPOBox", "StateCounty", "NameOfContact", "FirstName", "MiddleNames", "Title"),
            *("AcademicTitle", "FurtherDetailsOfContact"),
        )
    ),
    "of persons and post boxes the regulation asks nothing",
) | dict.fromkeys(
    (
        "/AddressInformation/Phone/TypeOfTelephone",
        "/AddressInformation/Phone/AvailableTime",
        "/AddressInformation/Email/PublicKey",
        "/AddressInformation/Email/TypeOfEmailAddress",
        "/AddressInformation/Email/TypeOfPublicKey",
    ),
    "the same",
)
