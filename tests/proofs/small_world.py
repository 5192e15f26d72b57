"""A small chain with a bit of everything, and valid proof files of it, for tests that change files often.

Two suppliers' batches are shipped, one arrives short; both go into a transformation; an error is declared
in one of them afterwards, and a participant is suspended. ``proof`` states the present, ``stale`` the time
before error and suspension, ``other`` is about another batch.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.clients import new_client
from traceledger.proofs import TrustRoot

BATCH = "kokkola/COS-1"
_DAY = "2026-01-{:02}T06:00:00Z"

_SETUP: list[dict[str, Any]] = [
    {"op": "define_material", "material": "cobalt-hydroxide", "name": "Crude", "substances": ["Co", "Ni"]},
    {"op": "define_material", "material": "cobalt-sulfate", "name": "Sulfate", "substances": ["Co", "Ni"]},
    {"op": "register_participant", "participant": "katanga", "name": "Katanga", "country": "CD"},
    {"op": "register_participant", "participant": "lusatia", "name": "Lusatia", "country": "DE"},
    {"op": "register_participant", "participant": "kokkola", "name": "Kokkola", "country": "FI"},
    {"op": "register_facility", "as": "katanga", "facility": "pit", "kind": "mine", "country": "CD"},
    {"op": "register_facility", "as": "lusatia", "facility": "mill", "kind": "recycler", "country": "DE"},
    {"op": "register_facility", "as": "kokkola", "facility": "plant", "kind": "refinery", "country": "FI"},
    *(
        {
            "op": "approve_origin",
            "facility": facility,
            "material": "cobalt-hydroxide",
            "capacity_per_year": "500 t",
        }
        for facility in ("katanga/pit", "lusatia/mill")
    ),
]


def _mint(who: str, batch: str, facility: str, origin: str, cobalt: str) -> dict[str, Any]:
    return {
        "op": "mint",
        "as": who,
        "batch": batch,
        "material": "cobalt-hydroxide",
        "facility": facility,
        "mass": "24 t",
        "substances": {"Co": cobalt, "Ni": "100 kg"},
        "origin": origin,
        "emissions": {"scope1": "40 t", "scope2": "12 t", "primary": "50 t"},
        "at": _DAY.format(1),
    }


def _history() -> list[dict[str, Any]]:
    def ship(who: str, shipment: str, batch: str, arrived: str) -> list[dict[str, Any]]:
        sent = {"as": who, "shipment": shipment, "batches": [batch], "to": "kokkola"}
        got = {"as": "kokkola", "shipment": f"{who}/{shipment}", "arrived": {f"{who}/{batch}": arrived}}
        return [
            {"op": "ship", **sent, "emissions": {"scope3": "3 t"}, "at": _DAY.format(4)},
            {"op": "receive", **got, "at": _DAY.format(9)},
        ]

    return [
        _mint("katanga", "KOL-1", "pit", "mined", "8 t"),
        _mint("lusatia", "REC-1", "mill", "post_consumer", "6 t"),
        {
            "op": "add_emissions",
            "as": "katanga",
            "batch": "KOL-1",
            "emissions": {"scope2": "7 kg", "primary": "5 kg"},
            "reason": "storage",
            "at": _DAY.format(2),
        },
        {
            "op": "split",
            "as": "katanga",
            "batch": "KOL-1",
            "into": [{"batch": "KOL-1-A", "mass": "9 t"}, {"batch": "KOL-1-B", "mass": "1 t"}],
            "at": _DAY.format(3),
        },
        *ship("katanga", "SEA-1", "KOL-1-A", "8900 kg"),
        *ship("lusatia", "ROAD-1", "REC-1", "24 t"),
        {
            "op": "transform",
            "as": "kokkola",
            "transformation": "RUN-1",
            "facility": "plant",
            "process": "refining",
            "inputs": [
                {"batch": "katanga/KOL-1-A", "mass": "8 t"},
                {"batch": "lusatia/REC-1", "mass": "24 t"},
            ],
            "outputs": [
                {"batch": "COS-1", "material": "cobalt-sulfate", "mass": "20 t", "substances": {"Co": "6 t"}},
                {"batch": "COS-2", "material": "cobalt-sulfate", "mass": "9 t", "substances": {"Co": "2 t"}},
            ],
            "losses": "balance",
            "allocation": "mass",
            "emissions": {"scope1": "9 t", "scope2": "2 t", "primary": "3 t"},
            "at": _DAY.format(12),
        },
        {
            "op": "add_emissions",
            "as": "kokkola",
            "batch": "COS-1",
            "emissions": {"scope2": "100 kg"},
            "reason": "storage",
            "at": _DAY.format(13),
        },
    ]


_AFTERWARDS: list[dict[str, Any]] = [
    {
        "op": "declare_error",
        "as": "katanga",
        "batch": "KOL-1",
        "reason": "incorrect_data",
        "at": _DAY.format(20),
    },
    {"op": "suspend_participant", "participant": "lusatia", "reason": "audit", "at": _DAY.format(21)},
]


@dataclass(frozen=True)
class SmallWorld:
    """A trust root, and three valid files of its chain."""

    trusted: TrustRoot
    proof: bytes
    stale: bytes
    other: bytes


def build(folder: Path) -> SmallWorld:
    """Make the chain and its files in an empty folder."""

    def exported(batch: str) -> bytes:
        client.export_proof(batch, folder / "file")
        return (folder / "file").read_bytes()

    def submit(operations: list[dict[str, Any]], block_size: int) -> None:
        (folder / "ops.jsonl").write_text("".join(json.dumps(op) + "\n" for op in operations), "utf-8")
        client.submit(folder / "ops.jsonl", create_keys=True, block_size=block_size)

    with new_client(folder / "net") as client:
        submit([*_SETUP, *_history()], 4)
        stale = exported(BATCH)
        submit(_AFTERWARDS, 1)
        return SmallWorld(client.trust_root(), exported(BATCH), stale, exported("kokkola/COS-2"))
