"""Catena-X Batch 4.0.0 (``urn:samm:io.catenax.batch:4.0.0``, CC-BY-4.0): a lot, and where it was made."""

from __future__ import annotations

from traceledger.interop.passport import identity
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.catenax_battery_pass import name_of
from traceledger.interop.passport.catenax_pcf import POINT
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.said import Said
from traceledger.interop.passport.sources import listed, text
from traceledger.interop.passport.told import Node, Told, fixed

NAME = "catenax-batch"
_T, _M = "/partTypeInformation", "/manufacturingInformation"


def classification(said: Said) -> Node:
    """A classification of the part, in the words of the as-built models."""
    return {
        "standard": said.text("standard"),
        "id": said.text("id"),
        "description?": said.text("description"),
    }


def local_identifiers(battery: Battery, key: str) -> Node:
    """Its own identifier, under the model's key for it, and the maker's business partner number."""
    maker = identity.company_id(battery, "bpnl", "bpn")
    own: list[Node] = [{"key": fixed(key, "the model's key"), "value": identity.serial(battery)}]
    if isinstance(maker, Told):
        own.append({"key": fixed("manufacturerId", "the model's key"), "value": maker})
    return own


def site(battery: Battery) -> Node:
    """Where it was made."""
    return {
        "siteId": identity.site_id(battery, "bpns"),
        "function": fixed("production", "it is where it was made"),
    }


MEMBERS: Table = (
    Member("/globalAssetId", POINT, identity.asset_id),
    Member("/localIdentifiers", POINT, lambda battery: local_identifiers(battery, "batchId")),
    Member(f"{_T}/manufacturerPartId", POINT, text("part_number")),
    Member(f"{_T}/nameAtManufacturer", POINT, name_of),
    Member(f"{_T}/partClassification?", POINT, listed("classifications", classification)),
    Member(f"{_M}/productionDate", POINT, identity.made_on),
    Member(f"{_M}/sites?/0", POINT, site),
)
"""Each member and where it comes from."""
LEFT_OUT = {f"{_M}/country": "the ledger has codes of two letters, the model wants three"}
