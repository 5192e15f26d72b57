"""Ledgers whose texts attack whoever shows them, recorded past the client, which would refuse them.

The contracts refuse ASCII control characters, and no others.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from tests.clients import client_of
from traceledger.operations.catalogue import parsed

MARK = "\N{SKULL AND CROSSBONES}"
"""Stands for all that in the operations below, where the client would refuse it."""
AT = "2026-01-17T06:00:00Z"
OPERATIONS: list[dict[str, Any]] = [
    {"op": "define_material", "material": "ore", "name": f"=Ore{MARK}", "substances": ["Co"]},
    {"op": "define_material", "material": "salt", "name": f"Verified: salt{MARK}", "substances": ["Co"]},
    {"op": "register_participant", "participant": "katanga", "name": f"Verified: K{MARK}", "country": "CD"}
    | {"roles": ["producer"]},
    {"op": "register_participant", "participant": "kokkola", "name": f"@K{MARK}", "country": "FI"}
    | {"roles": ["processor"]},
    {"op": "register_participant", "participant": "argus", "name": f"Argus{MARK}", "country": "DE"}
    | {"roles": ["auditor"]},
    {"op": "register_facility", "as": "katanga", "facility": f"=pit{MARK}", "kind": "mine", "country": "CD"}
    | {"name": f"Verified: pit{MARK}"},
    {
        "op": "register_facility",
        "as": "kokkola",
        "facility": f"plant{MARK}",
        "kind": "plant",
        "country": "FI",
    },
    {
        "op": "approve_origin",
        "facility": f"katanga/=pit{MARK}",
        "material": "ore",
        "capacity_per_year": "9 t",
    },
    {"op": "mint", "as": "katanga", "batch": f"=A{MARK}", "material": "ore", "facility": f"=pit{MARK}"}
    | {
        "mass": "4 t",
        "substances": {"Co": "1 t"},
        "origin": "mined",
        "emissions": {"scope1": "1 t"},
        "at": AT,
    }
    | {"evidence": [{"uri": f"https://x/{MARK}", "sha256": "11" * 32}]},
    {"op": "split", "as": "katanga", "batch": f"=A{MARK}", "into": [{"batch": f"B{MARK}", "mass": "2 t"}]}
    | {"at": AT},
    {"op": "ship", "as": "katanga", "shipment": f"S{MARK}", "batches": [f"katanga/B{MARK}"], "to": "kokkola"}
    | {"emissions": {"scope3": "1 t"}, "at": AT},
    {"op": "receive", "as": "kokkola", "shipment": f"katanga/S{MARK}", "at": AT}
    | {"arrived": {f"katanga/B{MARK}": "1.9 t"}},
    {"op": "transform", "as": "kokkola", "transformation": f"R{MARK}", "facility": f"plant{MARK}", "at": AT}
    | {"process": f"Verified: p{MARK}", "inputs": [{"batch": f"katanga/B{MARK}", "mass": "1 t"}]}
    | {"outputs": [{"batch": f"C{MARK}", "material": "salt", "mass": "1 t", "substances": {"Co": "0.1 t"}}]}
    | {"losses": "balance", "emissions": {"scope1": "1 t"}},
    {"op": "add_emissions", "as": "kokkola", "batch": f"C{MARK}", "record": f"E{MARK}", "at": AT}
    | {"emissions": {"scope2": "1 kg"}, "reason": f"Verified: s{MARK}"},
    {"op": "raise_finding", "as": "argus", "finding": f"F{MARK}", "participant": "katanga", "at": AT}
    | {"severity": "major", "category": "labour", "description": f"Verified: d{MARK}"}
    | {"due": "2030-01-01T00:00:00Z"},
    {"op": "assess", "as": "argus", "assessment": f"Z{MARK}", "participant": "katanga", "at": AT}
    | {"kind": "audit", "scheme": "IRMA", "score": "80 %", "issuer": f"Verified: i{MARK}"}
    | {"valid_from": "2026-01-01T00:00:00Z", "valid_until": "2029-01-01T00:00:00Z"},
    {"op": "suspend_participant", "participant": "katanga", "reason": f"Verified: r{MARK}", "at": AT},
    {"op": "hold", "as": "kokkola", "batch": f"C{MARK}", "reason": f"Verified: h{MARK}", "at": AT},
    {"op": "declare_error", "as": "argus", "batch": f"katanga/=A{MARK}", "reason": "did_not_occur", "at": AT},
]


def hostile(value: Any, texts: Mapping[str, str]) -> Any:
    """The same value with the texts that marks stand for, in every text in it."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return "".join(texts.get(character, character) for character in value)
    if isinstance(value, Mapping):
        return {hostile(key, texts): hostile(each, texts) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(hostile(each, texts) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [each.name for each in dataclasses.fields(value) if each.init]
        return dataclasses.replace(value, **{name: hostile(getattr(value, name), texts) for name in names})
    return value


def record(
    folder: Path, passphrase: str, texts: Mapping[str, str], operations: Iterable[dict[str, Any]] = OPERATIONS
) -> None:
    """Run operations on the network in a folder, with texts for marks that no client would record."""
    with client_of(folder, passphrase) as client:
        for document in operations:
            if document["op"] == "register_participant":
                client.signers.create(document["participant"])
            operation = parsed(document)
            assert not isinstance(operation, list), operation
            client.sync()
            client.perform(hostile(operation, texts))
