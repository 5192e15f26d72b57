"""A supply chain as the parties' own systems tell it in EPCIS: mine, refiner, cell maker, car maker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CONTEXT = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"tl": "urn:traceledger:epcis:1:"},
]
ORE = "urn:epc:class:lgtin:9521321.000001.KOL-1"
ORE_LINK = "https://id.gs1.org/01/09521321000018/10/KOL-1"
SALT = "https://id.gs1.org/01/09521321000025/10/COS-1"
CELLS = "https://id.gs1.org/01/09521321000032/10/CEL-1"
PACK = "urn:epc:id:sgtin:9521321.000004.P1"
CAR = "urn:epc:id:sgtin:9521321.000005.V1"
PALLET = "urn:epc:id:sscc:9521321.0000000001"

FOUNDING: list[dict[str, Any]] = [
    {"op": "define_material", "material": "ore", "name": "Ore", "substances": ["Co"]},
    {"op": "define_material", "material": "salt", "name": "Salt", "substances": ["Co"],
     "tolerance": {"mass": "1 %", "substances": "1 %"}},
    {"op": "define_material", "material": "cell", "name": "Cell", "substances": ["Co"]},
    {"op": "define_material", "material": "pack", "name": "Pack", "substances": ["Co"], "product": True},
    {"op": "define_material", "material": "car", "name": "Car", "substances": ["Co"], "product": True},
    *(
        {"op": "register_participant", "participant": slug, "name": slug.title(), "country": country,
         "roles": ["producer"]}
        for slug, country in
        (("mine", "CD"), ("refiner", "FI"), ("cells", "DE"), ("cars", "DE"), ("recycler", "DE"))
    ),
    {"op": "register_facility", "as": "mine", "facility": "pit", "kind": "mine", "country": "CD"},
    {"op": "register_facility", "as": "refiner", "facility": "works", "kind": "refinery", "country": "FI"},
    {"op": "register_facility", "as": "cells", "facility": "line", "kind": "cell plant", "country": "DE"},
    {"op": "register_facility", "as": "cars", "facility": "hall", "kind": "vehicle plant", "country": "DE"},
    {"op": "register_facility", "as": "recycler", "facility": "shred", "kind": "recycler", "country": "DE"},
    {"op": "approve_origin", "facility": "mine/pit", "material": "ore", "capacity_per_year": "1000 t"},
    {"op": "approve_origin", "facility": "recycler/shred", "material": "car", "origin": "post_consumer",
     "capacity_per_year": "1000 t"},
]  # fmt: skip
"""What stands on the ledger before."""

MASTERDATA = """
participant = "mine"
[[companies]]
participant = "mine"
gln = "9521321000018"
[[companies]]
participant = "refiner"
gln = "9521321000025"
[[companies]]
participant = "cells"
gln = "9521321000032"
[[companies]]
participant = "cars"
gln = "9521321000049"
[[sites]]
facility = "mine/pit"
gln = "9521321000117"
[[sites]]
facility = "refiner/works"
gln = "9521321000124"
[[sites]]
facility = "cells/line"
gln = "9521321000131"
[[sites]]
facility = "cars/hall"
gln = "9521321000148"
[[sites]]
facility = "recycler/shred"
gln = "9521321000155"
[[materials]]
material = "ore"
gtins = ["9521321000018"]
[[materials]]
material = "salt"
gtins = ["9521321000025"]
[[materials]]
material = "cell"
gtins = ["9521321000032"]
unit_mass = "700 g"
[[materials]]
material = "pack"
gtins = ["9521321000049"]
unit_mass = "400 kg"
[[materials]]
material = "car"
gtins = ["9521321000056"]
unit_mass = "1800 kg"
"""
"""Keys of companies, sites and materials."""

PARTY = {
    "mine": "9521321000018", "refiner": "9521321000025", "cells": "9521321000032", "cars": "9521321000049",
}  # fmt: skip
SITE = {
    "mine": "9521321000117", "refiner": "9521321000124", "cells": "9521321000131", "cars": "9521321000148",
    "recycler": "9521321000155",
}  # fmt: skip


def event(kind: str, day: str, step: str, site: str = "", **fields: Any) -> dict[str, Any]:
    """An event on a day of 2026, such as ``03-01``, or at a time of it, ``03-01T12``."""
    date, _, hour = day.partition("T")
    made = {
        "type": kind,
        "eventTime": f"2026-{date}T{hour or '08'}:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        **({"bizStep": step} if step else {}),
        **({"readPoint": {"id": f"https://id.gs1.org/414/{SITE[site]}"}} if site else {}),
    }
    return made | fields


def party(slug: str) -> str:
    """The key of a company."""
    return f"https://id.gs1.org/417/{PARTY[slug]}"


def handing(to: str, source: str) -> dict[str, Any]:
    """From whom, to whom."""
    return {
        "sourceList": [{"type": "possessing_party", "source": party(source)}],
        "destinationList": [{"type": "possessing_party", "destination": party(to)}],
    }


def kilograms(key: str, amount: float | None = None) -> dict[str, Any]:
    """A quantity."""
    return {"epcClass": key} | ({} if amount is None else {"quantity": amount, "uom": "KGM"})


def substances(**masses: str) -> list[dict[str, str]]:
    """What is held of substances."""
    return [{"tl:substance": name, "tl:mass": mass} for name, mass in masses.items()]


MINED = event(
    "ObjectEvent", "01-10", "commissioning", "mine", action="ADD",
    quantityList=[kilograms(ORE, 1000)],
    **{"tl:emissions": {"tl:scope1": "2 t", "tl:primary": "1 t"}, "tl:substances": substances(Co="300 kg")},
)  # fmt: skip
SHIPPED = event(
    "ObjectEvent", "01-12", "shipping", "mine", action="OBSERVE", quantityList=[kilograms(ORE_LINK, 1000)],
    bizTransactionList=[{"type": "desadv", "bizTransaction": "urn:epcglobal:cbv:bt:9521321000018:DES-1"}],
    **handing("refiner", "mine"), **{"tl:emissions": {"tl:scope3": "100 kg"}},
)  # fmt: skip
DEPARTED = event(
    "ObjectEvent", "01-12T14", "departing", "mine", action="OBSERVE", quantityList=[kilograms(ORE)],
    **handing("refiner", "mine"),
)  # fmt: skip
RECEIVED = event(
    "ObjectEvent", "02-20", "receiving", "refiner", action="OBSERVE", quantityList=[kilograms(ORE, 999.5)],
    **handing("refiner", "mine"),
    **{"tl:lots": [{"tl:epc": ORE, "tl:difference": "loss"}]},
)  # fmt: skip
REFINED = [
    event("TransformationEvent", "03-01", "commissioning", "refiner", transformationID="urn:uuid:run-1",
          inputQuantityList=[kilograms(ORE, 999.5)]),
    event("TransformationEvent", "03-02", "commissioning", "refiner", transformationID="urn:uuid:run-1",
          outputQuantityList=[kilograms(SALT, 800)],
          **{"tl:emissions": {"tl:scope2": "500 kg"}, "tl:losses": "balance", "tl:process": "refining",
             "tl:lots": [{"tl:epc": SALT, "tl:substances": substances(Co="290 kg")}]}),
]  # fmt: skip
PACKED = event(
    "AggregationEvent", "03-03", "packing", "refiner", action="ADD", parentID=PALLET,
    childQuantityList=[kilograms(SALT, 800)],
)  # fmt: skip
SENT = event(
    "ObjectEvent", "03-04", "shipping", "refiner", action="OBSERVE", epcList=[PALLET],
    **handing("cells", "refiner"),
)  # fmt: skip
ARRIVED = [
    event("ObjectEvent", "03-09", "arriving", "cells", action="OBSERVE", epcList=[PALLET],
          **handing("cells", "refiner")),
    event("ObjectEvent", "03-10", "receiving", "cells", action="OBSERVE", quantityList=[kilograms(SALT)],
          **handing("cells", "refiner")),
]  # fmt: skip
MADE = event(
    "TransformationEvent", "04-01", "commissioning", "cells", inputQuantityList=[kilograms(SALT, 500)],
    outputQuantityList=[{"epcClass": CELLS, "quantity": 1000}],
    **{"tl:process": "cell making",
       "tl:lots": [{"tl:epc": CELLS, "tl:substances": substances(Co="181.25 kg")}]},
)  # fmt: skip
PACK_MADE = [
    event("ObjectEvent", "04-10", "commissioning", "cells", action="ADD", epcList=[PACK]),
    event("AggregationEvent", "04-11", "assembling", "cells", action="ADD", parentID=PACK,
          childQuantityList=[{"epcClass": CELLS, "quantity": 500}]),
]  # fmt: skip
DELIVERED = [
    event("ObjectEvent", "04-20", "shipping", "cells", action="OBSERVE", epcList=[PACK],
          **handing("cars", "cells")),
    event("ObjectEvent", "04-22", "receiving", "cars", action="OBSERVE", epcList=[PACK],
          **handing("cars", "cells")),
    event("AssociationEvent", "05-01", "installing", "cars", action="ADD", parentID=CAR, childEPCs=[PACK]),
    event("ObjectEvent", "06-01", "retail_selling", "cars", action="OBSERVE", disposition="retail_sold",
          epcList=[CAR]),
]  # fmt: skip
CHAIN = [
    MINED, SHIPPED, DEPARTED, RECEIVED, *REFINED, PACKED, SENT, *ARRIVED, MADE, *PACK_MADE, *DELIVERED,
]  # fmt: skip
"""All of it."""


def document(*events: Mapping[str, Any], **more: Any) -> bytes:
    """A document with these events."""
    made = {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-07-01T00:00:00Z",
        "epcisBody": {"eventList": list(events)},
    }
    return json.dumps(made | more).encode()


def written(folder: Path, name: str, *events: Mapping[str, Any]) -> Path:
    """A file with these events."""
    path = folder / name
    path.write_bytes(document(*events))
    return path
