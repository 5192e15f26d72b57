"""Catena-X SingleLevelBomAsBuilt 4.0.0 (CC-BY-4.0): of what a part was made, one level down.

Its parts are what the run that made it took, with the kg of each; their identifiers are those that the models
Batch and SerialPart give them.
"""

from __future__ import annotations

from fractions import Fraction

from traceledger.events import Transformed
from traceledger.interop.passport import identity
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.catenax_pcf import POINT
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.numbers import number as written
from traceledger.interop.passport.told import Lacking, Node, fixed, from_ledger, from_master_data
from traceledger.model.units import MG_PER_KG, format_time
from traceledger.names import Names

NAME = "catenax-bom-as-built"


def _children(battery: Battery) -> Node:
    run = battery.one.made.event
    if not isinstance(run, Transformed):
        return []
    taken: dict[int, int] = {}
    for each in run.inputs:
        taken[each.batch] = taken.get(each.batch, 0) + each.mass_mg
    return [_child(battery, batch, mass) for batch, mass in taken.items()]


def _child(battery: Battery, batch: int, mass_mg: int) -> Node:
    shown = battery.one.making
    own = identity.asset_uuid(battery.ledger, batch).urn
    at = format_time(battery.one.made_at)
    return {
        "globalAssetId": from_ledger(own, "UUID of a hash of chain, ledger and batch", shown),
        "quantity": {
            "value": from_ledger(written(Fraction(mass_mg, MG_PER_KG)), "kg that its run took", shown),
            "unit": fixed("unit:kilogram", "the mass in kg"),
        },
        "hasAlternatives": fixed(value=False, what="the run took exactly this"),
        "createdOn": from_ledger(at, "when it was made, as claimed, UTC", shown),
        "businessPartner": _supplier(battery, batch),
    }


def _supplier(battery: Battery, batch: int) -> Node:
    found = battery.ledger.batch(batch)
    slug = "" if found is None else Names(battery.ledger).slug(found.creator)
    known = battery.directory.known.companies.of(slug)
    if known is not None and known.bpnl:
        return from_master_data(known.bpnl, f"{battery.said.file}: company {slug}: bpnl")
    number = battery.directory.company_id(slug, "bpnl") if slug else None
    if number is None:
        return Lacking(f"neither master data ([[companies]]) nor the ledger gives {slug} a bpnl")
    return from_ledger(number, f"bpn of {slug} on the ledger", battery.one.making)


MEMBERS: Table = (
    Member("/globalAssetId", POINT, identity.asset_id),
    Member("/childItems", POINT, _children),
)
"""Each member and where it comes from."""
LEFT_OUT = {"/childItems/0/lastModifiedOn": "what was made stays as it was made"}
