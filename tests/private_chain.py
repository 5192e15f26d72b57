"""A short supply chain whose supplier keeps to itself what it may, and the texts nobody may see."""

from __future__ import annotations

import copy
from typing import Any

Operation = dict[str, Any]

SECRETS = (
    "Katanga Example Mining",
    "kolwezi-pit-4",
    "Kolwezi pit four",
    "KOL-2026-0117",
    "KOL-2026-0117-A",
    "SEA-9001",
    "RUN-7",
    "COH-7",
    "https://documents.example/weighing.pdf",
    "https://documents.example/permit.pdf",
    "ab" * 32,
    "cd" * 32,
)
"""What the private operations say, hexadecimal where it is a hash."""

_PERMIT = {"uri": "https://documents.example/permit.pdf", "sha256": "cd" * 32}
_WEIGHING = {"uri": "https://documents.example/weighing.pdf", "sha256": "ab" * 32}

_OPERATIONS: list[Operation] = [
    {"op": "define_material", "material": "ore", "name": "Cobalt ore", "substances": ["Co"]},
    {"op": "define_material", "material": "hydroxide", "name": "Cobalt hydroxide", "substances": ["Co"]},
    {"op": "define_material", "material": "sulfate", "name": "Cobalt sulfate", "substances": ["Co"]},
    {
        "op": "register_participant",
        "participant": "s-1",
        "name": "Katanga Example Mining",
        "country": "CD",
        "evidence": [_PERMIT],
        "private": True,
    },
    {"op": "register_participant", "participant": "kokkola", "name": "Kokkola Example", "country": "FI"},
    {
        "op": "register_facility",
        "as": "s-1",
        "facility": "kolwezi-pit-4",
        "name": "Kolwezi pit four",
        "kind": "mine",
        "country": "CD",
        "private": True,
    },
    {
        "op": "register_facility",
        "as": "kokkola",
        "facility": "refinery",
        "kind": "refinery",
        "country": "FI",
    },
    {
        "op": "approve_origin",
        "facility": "s-1/kolwezi-pit-4",
        "material": "ore",
        "capacity_per_year": "4000 t",
        "evidence": [_PERMIT],
        "private": True,
    },
    {
        "op": "mint",
        "as": "s-1",
        "batch": "KOL-2026-0117",
        "material": "ore",
        "facility": "kolwezi-pit-4",
        "mass": "24 t",
        "substances": {"Co": "8.4 t"},
        "origin": "mined",
        "emissions": {"scope1": "40 t", "primary": "40 t"},
        "at": "2026-01-17T06:00:00Z",
        "evidence": [_WEIGHING],
        "private": True,
    },
    {
        "op": "split",
        "as": "s-1",
        "batch": "KOL-2026-0117",
        "into": [{"batch": "KOL-2026-0117-A", "mass": "20 t"}],
        "at": "2026-01-18T06:00:00Z",
        "private": True,
    },
    {
        "op": "transform",
        "as": "s-1",
        "transformation": "RUN-7",
        "facility": "kolwezi-pit-4",
        "process": "leaching",
        "inputs": [{"batch": "s-1/KOL-2026-0117-A"}],
        "outputs": [
            {"batch": "COH-7", "material": "hydroxide", "mass": "18 t", "substances": {"Co": "6.9 t"}}
        ],
        "losses": "balance",
        "at": "2026-01-19T06:00:00Z",
        "private": True,
    },
    {
        "op": "ship",
        "as": "s-1",
        "shipment": "SEA-9001",
        "batches": ["COH-7"],
        "to": "kokkola",
        "emissions": {"scope3": "3 t"},
        "at": "2026-01-20T00:00:00Z",
        "private": True,
    },
    {
        "op": "receive",
        "as": "kokkola",
        "shipment": "s-1/SEA-9001",
        "arrived": {"s-1/COH-7": "17.9 t"},
        "at": "2026-03-02T00:00:00Z",
    },
    {
        "op": "transform",
        "as": "kokkola",
        "transformation": "RUN-88",
        "facility": "refinery",
        "process": "refining",
        "inputs": [{"batch": "s-1/COH-7", "mass": "10 t"}],
        "outputs": [
            {"batch": "COS-88", "material": "sulfate", "mass": "16 t", "substances": {"Co": "3.36 t"}}
        ],
        "losses": "balance",
        "at": "2026-03-10T00:00:00Z",
    },
]


def operations(*, private: bool = True) -> list[Operation]:
    """The chain's operations, or the same with nothing private."""
    found = copy.deepcopy(_OPERATIONS)
    if not private:
        for operation in found:
            operation.pop("private", None)
    return found
