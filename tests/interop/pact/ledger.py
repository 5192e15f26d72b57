"""A small ledger for footprints: a product made in two countries, parts of emissions, and pieces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.clients import new_client, write

AT = "2025-0{}-10T06:00:00Z"
PARTS = {"biogenic": "2 kg", "land_use": "3 kg", "aviation": "1 kg", "removals": "500 g"}


def _mine(number: int) -> dict[str, Any]:
    return {
        **{"op": "mint", "as": "mine", "batch": f"ORE-{number}", "material": "ore", "facility": "pit"},
        **{"mass": "100 kg", "substances": {"Co": "10 kg"}, "origin": "mined", "at": AT.format(number)},
        "emissions": {"scope1": f"{number * 10} kg", "primary": "5 kg", **PARTS},
    }


def _shipped(number: int) -> list[dict[str, Any]]:
    name = f"mine/ORE-{number}"
    return [
        {"op": "ship", "as": "mine", "shipment": f"S-{number}", "batches": [name], "to": "acme"}
        | {"emissions": {"scope3": "1 kg"}, "at": AT.format(number)},
        {"op": "receive", "as": "acme", "shipment": f"mine/S-{number}", "arrived": {name: "100 kg"}}
        | {"at": AT.format(number)},
    ]


def _run(number: int, facility: str, mass: str, emitted: str) -> dict[str, Any]:
    return {
        **{"op": "transform", "as": "acme", "transformation": f"R-{number}", "facility": facility},
        **{"process": "refining", "inputs": [{"batch": f"mine/ORE-{number}"}], "losses": "balance"},
        "outputs": [
            {"batch": f"SALT-{number}", "material": "salt", "mass": mass, "substances": {"Co": "9 kg"}}
        ],
        "emissions": {"scope1": emitted, "primary": emitted},
        "at": AT.format(number),
    }


OPERATIONS: list[dict[str, Any]] = [
    {"op": "define_material", "material": "ore", "name": "Ore", "substances": ["Co"]},
    {"op": "define_material", "material": "salt", "name": "Cobalt salt", "substances": ["Co"]}
    | {"cas": "10026-24-1"},
    {"op": "define_material", "material": "cell", "name": "Cell", "substances": ["Co"], "product": True},
    *(
        {"op": "register_participant", "participant": slug, "name": name, "country": country}
        | {"roles": [role]}
        for slug, name, country, role in (
            ("mine", "Mine", "CD", "producer"),
            ("acme", "Acme Refining", "FI", "producer"),
            ("argus", "Argus", "NL", "auditor"),
        )
    ),
    {"op": "register_facility", "as": "mine", "facility": "pit", "kind": "mine", "country": "CD"},
    {"op": "register_facility", "as": "acme", "facility": "north", "kind": "refinery", "country": "FI"},
    {"op": "register_facility", "as": "acme", "facility": "south", "kind": "refinery", "country": "DE"},
    {"op": "approve_origin", "facility": "mine/pit", "material": "ore", "capacity_per_year": "10 t"},
    *(_mine(number) for number in range(1, 6)),
    *(each for number in range(1, 6) for each in _shipped(number)),
    _run(1, "north", "20 kg", "4 kg"),
    _run(2, "north", "30 kg", "6 kg"),
    _run(3, "south", "25 kg", "5 kg"),
    _run(4, "north", "40 kg", "8 kg"),
    {"op": "split", "as": "acme", "batch": "SALT-1", "into": [{"batch": "SALT-1-A", "mass": "5 kg"}]}
    | {"at": AT.format(5)},
    {"op": "transform", "as": "acme", "transformation": "R-5", "facility": "south", "process": "assembly"}
    | {"inputs": [{"batch": "SALT-1-A"}], "losses": "balance", "at": AT.format(6)}
    | {
        "outputs": [
            {"batch": "CELLS", "material": "cell", "mass": "4 kg", "substances": {"Co": "1 kg"}, "pieces": 8}
        ]
    },
    {"op": "reverse", "as": "acme", "of": {"transformation": "R-4"}, "reason": "incorrect_data"}
    | {"at": AT.format(7)},
]
"""SALT-1 (a part of which went into the cells) and SALT-2 count in FI, SALT-3 in DE; SALT-4 was reversed."""

MASTERDATA = """\
participant = "acme"

[company]
gln = "6400001000001"

[footprint]
reference_from = 2025-01-01
reference_until = 2025-12-31
gwp = "AR6"
standards = ["ISO14067", "PACT-3.0"]
exempted_share = "1.2 %"
packaging = false
quality = { technological = 2, temporal = 1, geographical = 2.5 }
secondary_sources = [{ name = "ecoinvent", version = "3.11" }]
rules = [{ operator = "Battery Association", names = ["PCR 1"] }]
verification = { provider = "Argus", coverage = "product level", completed = 2026-02-01 }

[[materials]]
material = "salt"
name = "Salt, battery grade"
gtins = ["6400001000018"]
cpc = "34231"
classes = ["urn:eclass:0173-1#01-AAA001#001"]
fossil_carbon = "0 %"
biogenic_carbon = "0 %"

[[materials]]
material = "cell"
gtins = ["6400001000025"]
cpc = "46410"
declared_unit = "piece"
kwh_per_piece = 0.25
fossil_carbon = "12.5 %"
biogenic_carbon = "0.3 %"
recycled_carbon = "0 %"

[[materials]]
material = "ore"
"""


def make(folder: Path) -> None:
    """The ledger, on a new chain in a folder, and the file ``acme.toml``."""
    with new_client(folder) as client:
        client.submit(write(folder / "ops.jsonl", OPERATIONS), create_keys=True)
        client.sync()
    (folder / "acme.toml").write_text(MASTERDATA)
