"""A short chain on which everything happens that can happen to a lot, and valid proof files of it.

A lot is held, titled, restated, split, sent back and forth, answered, measured, disputed and run; what comes
of it is assigned, made a cart, delivered, taken back and recycled. Much of it is undone, and done again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any

from tests.cases.world import AT, BASE, PAPER, Operation, lot, made, received, run, shipped
from tests.clients import client_of, write
from traceledger.config.networks import write_template
from traceledger.proofs import TrustRoot

CART, RECYCLED, NEVER, UNTRACED = "quarry/CAR", "renew/REC", "quarry/L0", "works/OLD"
_DELAY = 1
"""Of what is announced, in seconds."""
TOLERANCE = {"mass": "1 %", "substances": "2 %"}


def _op(name: str, who: str, **more: Any) -> Operation:
    return {"op": name, "as": who, "at": AT, **more}


def _reverse(who: str, reason: str = "incorrect_data", **of: Any) -> Operation:
    return _op("reverse", who, of=of, reason=reason)


def _restate(of: dict[str, str], who: str, **emissions: str) -> Operation:
    return _op("restate_emissions", who, of=of, emissions=emissions, reason="audit", evidence=PAPER)


def _base() -> list[Operation]:
    found = [
        op | {"tolerance": TOLERANCE} if op.get("material") == "hydroxide" and "name" in op else op
        for op in BASE
    ]
    return [
        *found,
        {"op": "approve_origin", "facility": "renew/yard", "material": "cart", "capacity_per_year": "9 t"},
        {
            "op": "approve_origin",
            "facility": "works/hall",
            "material": "hydroxide",
            "capacity_per_year": "9 t",
        }
        | {"origin": "untraced"},
    ]


_MEASURED: dict[str, Any] = {
    "quarry/A": {"mass": "20.1 t", "substances": {"Co": "7.05 t"}, "difference": "measurement"}
}

_MINE: list[Operation] = [
    lot("L0"),
    _reverse("quarry", mint="L0"),
    lot("L1"),
    _op("hold", "quarry", batch="L1", reason="assay pending"),
    _op("release", "quarry", batch="L1"),
    _op("transfer_title", "quarry", batch="L1", to="renew"),
    _op("transfer_title", "renew", batch="quarry/L1", to="quarry"),
    _restate({"mint": "L1"}, "quarry", scope1="41 t", primary="40 t"),
    _restate({"mint": "L1"}, "quarry", scope1="40 t", primary="40 t"),
    _op("confirm_restatement", "watch", of={"mint": "quarry/L1"}, evidence=PAPER),
    _op("add_emissions", "quarry", batch="L1", record="STORE", reason="storage", emissions={"scope2": "1 t"}),
    _restate({"record": "STORE"}, "quarry", scope2="2 t"),
    _op("split", "quarry", batch="L1", into={"A": "20 t"}),
    _op("split", "quarry", batch="L1", into={"B": "2 t"}),
    _reverse("quarry", split="B"),
]

_TRANSPORT: list[Operation] = [
    shipped("S0", ["A"]),
    _op("cancel", "quarry", shipment="S0", reason="no lorry"),
    shipped("S1", ["A"]),
    _op("reject", "works", shipment="quarry/S1", reason="no room"),
    shipped("S2", ["A"], emissions={"scope3": "3 t"}),
    received("S2", lots=_MEASURED),
    _reverse("works", receive="quarry/S2", lots=["quarry/A"]),
    received("S2", lots=_MEASURED),
]

_WORKS: list[Operation] = [
    lot("OLD", mass="1 t", cobalt="0.3 t", scope1="1 t")
    | {"as": "works", "facility": "hall", "origin": "untraced"},
    _op("hold", "works", batch="OLD", reason="nobody knows it"),
    _op("hold", "quarry", batch="A", reason="recalled"),
    _op("release", "quarry", batch="A"),
    _op(
        "remeasure", "works", batch="quarry/A", mass="20.2 t", substances={"Co": "7.05 t"}, reason="weighing"
    ),
    _op(
        "remeasure", "works", batch="quarry/A", mass="20.1 t", substances={"Co": "7.05 t"}, reason="weighing"
    ),
    _op("remeasure", "watch", batch="quarry/A", mass="19 t", substances={"Co": "7 t"}, reason="umpire_assay"),
    _op("declare_error", "quarry", batch="A", reason="incorrect_data"),
    _reverse("quarry", declare_error="A"),
    _op("declare_error", "watch", batch="quarry/A", reason="incorrect_data"),
    _reverse("watch", declare_error="quarry/A"),
    _op("hold", "watch", batch="quarry/A", reason="audit"),
    _op("release", "watch", batch="quarry/A"),
    run(
        "R0", [{"batch": "quarry/A", "mass": "5 t"}], [made("X0", "6 t", "1 t")], emissions={"scope1": "9 t"}
    ),
    _reverse("works", transformation="R0"),
    run(
        "R1",
        [{"batch": "quarry/A", "mass": "10 t"}],
        [made("COS", "12 t", "3 t")],
        emissions={"scope1": "7 t"},
    ),
    _restate({"shipment": "S2"}, "quarry", scope3="2 t"),
    _restate({"transformation": "R1"}, "works", scope1="8 t"),
]

_ASSIGNMENT = {"batch": "works/COS", "to": "quarry", "reason": "insolvent", "evidence": PAPER, "at": AT}
_PROPOSED: list[Operation] = [
    {"op": "suspend_participant", "participant": "works", "reason": "insolvent", "at": AT},
    {"op": "propose_assignment", **_ASSIGNMENT},
]
_ASSIGNED: list[Operation] = [{"op": "assign_stock", **_ASSIGNMENT}]

_CART: list[Operation] = [
    run(
        "R2",
        [{"batch": "works/COS", "mass": "2 t"}],
        [made("CAR", "1 t", "0.4 t", "cart")],
        **{"as": "quarry", "facility": "face", "process": "assembly"},
    ),
    _op("retire", "quarry", batch="CAR", how="delivered"),
    _reverse("watch", retire="quarry/CAR"),
    _op("retire", "quarry", batch="CAR", how="delivered"),
    _op("take_back", "renew", batch="quarry/CAR", facility="yard", evidence=PAPER),
    _reverse("renew", take_back="quarry/CAR"),
    _op("take_back", "renew", batch="quarry/CAR", facility="yard", evidence=PAPER),
    run(
        "RC",
        ["quarry/CAR"],
        [made("REC", "0.5 t", "0.3 t", "powder")],
        **{"as": "renew", "facility": "yard", "process": "recycling", "recycling": True},
    ),
]

_RENAMED: list[Operation] = [
    {"op": "rename_participant", "as": "quarry", "name": "Quarry and Daughters", "at": AT},
    {
        "op": "change_country",
        "participant": "quarry",
        "facility": "face",
        "country": "ZM",
        "reason": "border",
        "at": AT,
    },
    {"op": "change_country", "participant": "quarry", "country": "ZM", "reason": "seat", "at": AT},
    _op("identify", "quarry", identifiers=[{"scheme": "gln", "value": "4000001000005"}]),
    _op("identify", "quarry", facility="face", identifiers=[{"scheme": "rmi", "value": "CID001234"}]),
]


@dataclass(frozen=True)
class RichWorld:
    """A trust root, and by name of the batch a valid file; ``early`` is of the cart, before the renaming."""

    trusted: TrustRoot
    proofs: dict[str, bytes]
    early: bytes


def build(folder: Path) -> RichWorld:
    """Make the chain and its files in an empty folder."""
    net = folder / "net"
    net.mkdir()
    write_template(net)
    with client_of(net) as client:
        client.deploy(delay=_DELAY)

        def submit(place: int, ops: list[Operation]) -> None:
            client.submit(write(folder / f"{place}.jsonl", ops), create_keys=True, block_size=5)

        def exported(batch: str) -> bytes:
            client.export_proof(batch, folder / "file")
            return (folder / "file").read_bytes()

        for place, ops in enumerate((_base(), _MINE, _TRANSPORT, _WORKS, _PROPOSED)):
            submit(place, ops)
        sleep(_DELAY + 1)
        submit(5, [*_ASSIGNED, *_CART])
        stated = client.export_proof(CART, folder / "file").block
        submit(6, _RENAMED)
        proofs = {batch: exported(batch) for batch in (CART, RECYCLED, NEVER, UNTRACED)}
        client.export_proof(CART, folder / "file", block=stated)
        return RichWorld(client.trust_root(), proofs, (folder / "file").read_bytes())
