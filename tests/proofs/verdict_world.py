"""A small chain with a good cell and bad ones: each has one thing that a verdict must see."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.clients import new_client, write
from traceledger.proofs import TrustRoot

Operation = dict[str, Any]
AT = "2026-03-01T00:00:00Z"
LEI = "529900T8BM49AURSDO55"
GLN = "4000001000005"
BILL = b"bill of lading"
PAPER = [{"uri": "https://papers.example/bill.pdf", "sha256": hashlib.sha256(BILL).hexdigest()}]

#: Companies: country, name.
_COMPANIES = {
    "outback": ("AU", "Outback Example Mining Pty Ltd"),
    "harbin": ("CN", "Harbin Example Graphite Co., Ltd."),
    "urumqi": ("CN", "Urumqi Example Metals Co., Ltd."),
    "lanzhou": ("CN", "Lanzhou Example Works"),
    "renew": ("DE", "Renew Example Recycling GmbH"),
    "norr": ("SE", "Norr Example Cells AB"),
}
#: Sites: kind, country, coordinates where they are said.
_SITES: dict[str, tuple[str, str, tuple[str, str] | None]] = {
    "outback/pit": ("mine", "AU", ("-21.0", "119.0")),
    "harbin/mine": ("mine", "CN", ("45.8", "126.5")),
    "urumqi/mine": ("mine", "CN", ("43.8", "87.6")),
    "lanzhou/mine": ("mine", "CN", None),
    "renew/yard": ("recycler", "DE", None),
    "norr/cathodes": ("cathode-plant", "SE", None),
    "norr/cells": ("cell-plant", "SE", None),
    "norr/works": ("factory", "FI", None),
}
CELLS = ("GOOD", "PAPERLESS", "UNTRACED", "INSIDE", "UNKNOWN", "OUTSIDE", "GREEN", "BORDER", "WRONG")


def _setup() -> list[Operation]:
    found: list[Operation] = [
        {"op": "define_material", "material": slug, "name": slug, "substances": ["Li", "Co"]}
        for slug in ("salt", "cam")
    ]
    cell = {"material": "cell", "name": "cell", "substances": ["Li", "Co"], "product": True}
    found.append({"op": "define_material"} | cell)
    for slug, (country, name) in _COMPANIES.items():
        found.append({"op": "register_participant", "participant": slug, "name": name, "country": country})
    for full, (kind, country, spot) in _SITES.items():
        owner, site = full.split("/")
        placed = {} if spot is None else dict(zip(("latitude", "longitude"), spot, strict=True))
        about = {"as": owner, "facility": site, "kind": kind, "country": country}
        found.append({"op": "register_facility"} | about | placed)
        if kind in ("mine", "recycler"):
            terms = {"facility": full, "material": "salt", "capacity_per_year": "900 t"}
            found.append({"op": "approve_origin"} | terms)
    untraced = {"facility": "norr/cells", "material": "salt", "capacity_per_year": "9 t"}
    found.append({"op": "approve_origin", "origin": "untraced"} | untraced)
    named = [{"scheme": "lei", "value": LEI}]
    found.append({"op": "identify", "as": "outback", "identifiers": named, "at": AT})
    numbered = [{"scheme": "gln", "value": GLN}]
    found.append({"op": "identify", "as": "outback", "facility": "pit", "identifiers": numbered, "at": AT})
    return found


def _lot(who: str, batch: str, origin: str = "mined", mass: str = "10 t") -> Operation:
    site = next(full for full in _SITES if full.startswith(f"{who}/")).split("/")[1]
    facility = "cells" if origin == "untraced" else site
    holds = {"Co": "1 mg", "Li": "1 mg"} if mass == "1 kg" else {"Co": "1 t", "Li": "500 kg"}
    about = {"batch": batch, "material": "salt", "facility": facility, "mass": mass, "substances": holds}
    return {"op": "mint", "as": who, "origin": origin, "at": AT} | about


def _sent(
    who: str, shipment: str, batch: str, *, papers: bool = True, arrived: bool = True
) -> list[Operation]:
    paper = {"evidence": PAPER} if papers else {}
    sent = {"as": who, "shipment": shipment, "batches": [batch], "to": "norr", "at": AT} | paper
    got = {"as": "norr", "shipment": f"{who}/{shipment}", "at": AT}
    return [{"op": "ship"} | sent, *([{"op": "receive"} | got] if arrived else [])]


def _run(
    name: str, site: str, process: str, inputs: list[str], material: str, cobalt: str, **more: Any
) -> Operation:
    made = {"batch": name, "material": material, "mass": "5 t", "substances": {"Co": cobalt, "Li": "500 kg"}}
    about = {"transformation": name, "facility": site, "process": process, "losses": "balance"}
    lots = [{"batch": each} for each in inputs]
    return {"op": "transform", "as": "norr", "at": AT, "inputs": lots, "outputs": [made | more]} | about


def _cell(
    name: str, who: str, *, papers: bool = True, origin: str = "mined", also: str = ""
) -> list[Operation]:
    lot, cam = f"{name}-SALT", f"{name}-CAM"
    inputs = [cam, *([also] if also else [])]
    return [
        _lot(who, lot, origin),
        *_sent(who, f"S-{name}", lot, papers=papers),
        _run(cam, "cathodes", "cathode", [f"{who}/{lot}"], "cam", "1 t"),
        _run(name, "cells", "cell production", inputs, "cell", "1 t"),
    ]


def _cells() -> list[Operation]:
    wrong = {
        "op": "declare_error",
        "as": "outback",
        "batch": "WRONG-SALT",
        "reason": "incorrect_data",
        "at": AT,
    }
    return [
        *_cell("GOOD", "outback"),
        *_cell("PAPERLESS", "outback", papers=False),
        _lot("norr", "OLD", "untraced", "1 kg"),
        *_cell("UNTRACED", "outback", also="OLD"),
        *_cell("INSIDE", "urumqi"),
        *_cell("UNKNOWN", "lanzhou"),
        *_cell("OUTSIDE", "harbin"),
        *_cell("GREEN", "renew", origin="post_consumer"),
        _lot("outback", "BORDER-SALT"),
        *_sent("outback", "S-BORDER", "BORDER-SALT"),
        _run("BORDER-CAM", "works", "cathode", ["outback/BORDER-SALT"], "cam", "1 t"),
        _run("BORDER", "cells", "cell production", ["BORDER-CAM"], "cell", "1 t"),
        *_cell("WRONG", "outback"),
        wrong,
        _lot("outback", "WAY"),
        *_sent("outback", "S-WAY", "WAY", arrived=False),
    ]


@dataclass(frozen=True)
class VerdictWorld:
    """A trust root, and by name of the batch its proof file; ``folder`` has what else is needed."""

    trusted: TrustRoot
    proofs: dict[str, Path]
    folder: Path


def build(folder: Path) -> VerdictWorld:
    """Make the chain and its files in an empty folder."""
    with new_client(folder / "net") as client:
        client.submit(write(folder / "ops.jsonl", [*_setup(), *_cells()]), create_keys=True, block_size=20)
        proofs = {}
        for name in (*(f"norr/{each}" for each in CELLS), "outback/WAY"):
            proofs[name] = folder / f"{name.replace('/', '-')}.tlproof"
            client.export_proof(name, proofs[name])
        (folder / "root.json").write_text(client.trust_root().dumps(), "utf-8")
        return VerdictWorld(client.trust_root(), proofs, folder)
