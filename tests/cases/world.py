"""A small trade on a chain of its own: a mine, a refinery, a recycler and an auditor, with one lot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.clients import write
from traceledger.client.client import Client
from traceledger.errors import TraceLedgerError
from traceledger.events.recorded import RecordedEvent
from traceledger.model.batches import Batch
from traceledger.model.ids import batch_id
from traceledger.provenance import Trace
from traceledger.sending.submission import Submitted

Operation = dict[str, Any]

T = 10**9
"""Milligrams in a ton."""
CO, NI = 27, 28
AT = "2026-02-20T00:00:00Z"
PAPER = [{"uri": "urn:paper", "sha256": "5a" * 32}]

WASTE: Operation = {"op": "define_material", "name": "Residues", "substances": ["Co", "Ni"], "waste": True}

BASE: list[Operation] = [
    {"op": "define_material", "material": "hydroxide", "name": "Hydroxide", "substances": ["Co", "Ni"]},
    {"op": "define_material", "material": "sulfate", "name": "Sulfate", "substances": ["Co", "Ni"]},
    {"op": "define_material", "material": "powder", "name": "Powder", "substances": ["Co", "Ni", "Li"]},
    {"op": "define_material", "material": "cart", "name": "Cart", "substances": ["Co"], "product": True},
    {
        "op": "register_participant",
        "participant": "quarry",
        "name": "Q",
        "country": "CD",
        "roles": ["producer"],
    },
    {
        "op": "register_participant",
        "participant": "works",
        "name": "W",
        "country": "FI",
        "roles": ["processor"],
    },
    {
        "op": "register_participant",
        "participant": "renew",
        "name": "R",
        "country": "DE",
        "roles": ["recycler"],
    },
    {
        "op": "register_participant",
        "participant": "watch",
        "name": "A",
        "country": "CH",
        "roles": ["auditor"],
    },
    {"op": "register_facility", "as": "quarry", "facility": "face", "kind": "mine", "country": "CD"},
    {"op": "register_facility", "as": "works", "facility": "hall", "kind": "refinery", "country": "FI"},
    {"op": "register_facility", "as": "renew", "facility": "yard", "kind": "recycler", "country": "DE"},
    {
        "op": "approve_origin",
        "facility": "quarry/face",
        "material": "hydroxide",
        "capacity_per_year": "900000 t",
    },
    {"op": "approve_origin", "facility": "quarry/face", "material": "cart", "capacity_per_year": "900000 t"},
    {"op": "approve_origin", "facility": "renew/yard", "material": "powder", "capacity_per_year": "900000 t"},
]
"""Who is there, and what each may do."""


def lot(
    name: str = "L1",
    *,
    mass: str = "24 t",
    cobalt: str = "8.4 t",
    scope1: str = "40 t",
    material: str = "hydroxide",
    at: str = "2026-01-17T06:00:00Z",
) -> Operation:
    """The quarry brings a lot onto the ledger, all of its emissions from primary data."""
    emissions = {"scope1": scope1, "primary": scope1}
    what = {"batch": name, "material": material, "facility": "face", "mass": mass}
    how = {"substances": {"Co": cobalt}, "origin": "mined", "emissions": emissions, "at": at}
    return {"op": "mint", "as": "quarry", **what, **how}


def shipped(name: str = "S1", batches: Sequence[str] = ("L1",), **more: Any) -> Operation:
    """The quarry sends lots to the works."""
    what = {"shipment": name, "batches": list(batches), "to": "works", "at": "2026-01-20T00:00:00Z"}
    return {"op": "ship", "as": "quarry", **what, **more}


def received(name: str = "S1", **more: Any) -> Operation:
    """The works answer a shipment of the quarry."""
    return {"op": "receive", "as": "works", "shipment": f"quarry/{name}", "at": AT, **more}


def run(name: str, inputs: Sequence[Any], outputs: Sequence[Operation], **more: Any) -> Operation:
    """A run, by default of the works, that declares lost what its outputs leave over."""
    taken = [item if isinstance(item, dict) else {"batch": item} for item in inputs]
    where = {"as": "works", "facility": "hall", "process": "refining", "losses": "balance", "at": AT}
    return (
        {"op": "transform", "transformation": name, "inputs": taken, "outputs": list(outputs)} | where | more
    )


def made(
    name: str, mass: str, cobalt: str | None = None, material: str = "sulfate", **more: Any
) -> Operation:
    """An output of a run."""
    held = {"substances": {"Co": cobalt}} if cobalt else {}
    return {"batch": name, "material": material, "mass": mass, **held, **more}


@dataclass
class Trade:
    """The trade, as its people meet it: they submit files, and ask."""

    client: Client
    folder: Path
    _files: int = 0

    def submit(self, *ops: Operation) -> Submitted:
        """Submit operations as a file."""
        self._files += 1
        return self.client.submit(write(self.folder / f"file-{self._files}.jsonl", ops), create_keys=True)

    def submit_file(self, path: Path) -> Submitted:
        """Submit a file that is there."""
        return self.client.submit(path, create_keys=True)

    def refused(self, *ops: Operation) -> str:
        """Submit operations of which the last is refused; gives what was said, hints and all."""
        with pytest.raises(TraceLedgerError) as caught:
            self.submit(*ops)
        return f"{caught.value}\n{caught.value.hint}"

    def batch(self, name: str) -> Batch:
        """A batch as it is now."""
        self.client.sync()
        slug, identifier = name.split("/", 1)
        participant = self.client.index.participant(slug)
        assert participant is not None
        found = self.client.index.batch(batch_id(participant.address, identifier))
        assert found is not None, name
        return found

    def history(self, name: str) -> list[RecordedEvent]:
        """All events of a batch, in order."""
        return list(self.client.index.history(self.batch(name).id))

    def trace(self, name: str) -> Trace:
        """Where a batch comes from."""
        return self.client.trace(name)


def state(batch: Batch) -> str:
    """How a batch's life stands."""
    return batch.state.slug


def lines(path: Path) -> list[Operation]:
    """The operations of a file."""
    return [json.loads(text) for text in path.read_text("utf-8").splitlines() if text.strip()]
