"""Catena-X SerialPart 4.0.0 (``urn:samm:io.catenax.serial_part:4.0.0``, CC-BY-4.0): a single part."""

from __future__ import annotations

from traceledger.interop.passport import identity
from traceledger.interop.passport.catenax_batch import classification, local_identifiers, site
from traceledger.interop.passport.catenax_battery_pass import name_of
from traceledger.interop.passport.catenax_pcf import POINT
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.sources import listed, text

NAME = "catenax-serial-part"
_T, _M = "/partTypeInformation", "/manufacturingInformation"

MEMBERS: Table = (
    Member("/globalAssetId", POINT, identity.asset_id),
    Member("/localIdentifiers", POINT, lambda battery: local_identifiers(battery, "partInstanceId")),
    Member(f"{_T}/nameAtCustomer", POINT, text("name_at_customer")),
    Member(f"{_T}/customerPartId", POINT, text("customer_part_number")),
    Member(f"{_T}/manufacturerPartId?", POINT, text("part_number")),
    Member(f"{_T}/nameAtManufacturer?", POINT, name_of),
    Member(f"{_T}/partClassification", POINT, listed("classifications", classification)),
    Member(f"{_M}/productionDate", POINT, identity.made_on),
    Member(f"{_M}/sites?/0", POINT, site),
)
"""Each member and where it comes from."""
LEFT_OUT = {f"{_M}/country": "the ledger has codes of two letters, the model wants three"}
