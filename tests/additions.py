"""What is half added to a copy of the package, all at once: events, an engine, a way of sealing, operations.

The type checker goes through the copy once for all the tests that look at what it says.
"""

from __future__ import annotations

import re

import pytest

from tests.once import once
from tests.typing_support import ROOT, Complaint, check, parsed

# Of these events nothing is said but their parameters. One names a batch, one makes batches, one emits, one
# answers a shipment, and two are of other contracts.
LEDGER = '''from dataclasses import dataclass

from traceledger.events.fields import Id, Indexed, Scopes


@dataclass(frozen=True, slots=True)
class BatchWeighed:
    """A batch was put on a scale."""

    batch: Indexed[Id]


@dataclass(frozen=True, slots=True)
class BatchMelted:
    """A batch was made anew."""

    batch: Indexed[Id]


@dataclass(frozen=True, slots=True)
class StorageMetered:
    """The emissions of a warehouse were metered."""

    batch: Indexed[Id]
    emissions: Scopes


@dataclass(frozen=True, slots=True)
class ShipmentLost:
    """A shipment never arrived."""

    shipment: Indexed[Id]


MakingEvent = BatchMelted | '''
REGISTRY = '''from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FacilitySold:
    """A facility has another operator."""

    facility: Indexed[Id]


RegistryEvent = (
    FacilitySold
    | '''
ASSURANCE = '''from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AssessmentWithdrawn:
    """An assessment does not count any more."""

    assessment: Indexed[Id]


AssuranceEvent = (
    AssessmentWithdrawn
    | '''
EVENTS = {
    "events/ledger.py": {
        "MakingEvent = ": LEDGER,
        "AnsweringEvent = ": "AnsweringEvent = ShipmentLost | ",
        "AddingEvent = ": "AddingEvent = StorageMetered | ",
        "MarkingEvent = ": "MarkingEvent = BatchWeighed | ",
    },
    "events/registry.py": {"RegistryEvent = (\n    ": REGISTRY},
    "events/assurance.py": {"AssuranceEvent = (\n    ": ASSURANCE},
}

ENGINE = {
    "network/engine_names.py": {"EngineName = Literal[": 'EngineName = Literal["dummy-tendermint", '},
    "chain/base.py": {"Consensus = Literal[": 'Consensus = Literal["tendermint", '},
    "proofs/trust.py": {"SealingKind = Literal[": 'SealingKind = Literal["tendermint", '},
    "proofs/proved_headers.py": {"Hashing = Literal[": 'Hashing = Literal["tendermint", '},
}

UNION = "BatchOperation = Mint | Split | AddEmissions | Retire | TakeBack\n"
CATALOGUE = "from traceledger.operations.catalogue import Operation\n"
HEAD = '''
@final
@dataclass(frozen=True, slots=True, kw_only=True)
class {name}(OnBatch):
    """Put a seal on a batch that you hold."""

    op: Literal["{op}"] = "{op}"
    colour: Annotated[f.PublicText, About("what colour it has", example="red")]

'''
CALL = """
    def call(self, actor: Actor) -> Planned:
        return "BatchLedger", "seal", (actor.batch(self.batch), self.colour, self.at)

"""
REST = """
    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="seal", by=By.PARTICIPANT, once=False)

    def effect(self, actor: Actor, who: str) -> Phrase:
        batch = actor.full(self.batch, "batch")
        return phrase("{who} puts a {colour} seal on {batch}", who=who, colour=self.colour, batch=batch)

"""
USE = """

def _planned(operation: Unlisted, names: Directory) -> PlannedCall:
    return plan(operation, names)
"""

_ROWS = {"Bare": "", "Half": CALL, "Unlisted": CALL + REST, "Seal": CALL + REST}
_PLAN = (ROOT / "traceledger" / "operations" / "plan.py").read_text("utf-8")
OPERATIONS = {
    "operations/batches.py": {
        UNION: "".join(HEAD.format(name=name, op=name.lower()) + methods for name, methods in _ROWS.items())
        + UNION.replace("TakeBack\n", "TakeBack | Bare | Half | Seal\n")
    },
    "operations/plan.py": {
        _PLAN: _PLAN.replace(CATALOGUE, f"from traceledger.operations.batches import Unlisted\n{CATALOGUE}")
        + USE
    },
}
"""One has nothing but fields, one lacks some methods, one is whole and in no union; one lacks nothing."""


_NEW_EVENTS = re.compile(
    "BatchWeighed|BatchMelted|StorageMetered|ShipmentLost|FacilitySold|AssessmentWithdrawn"
)


def complaints(factory: pytest.TempPathFactory) -> dict[str, list[Complaint]]:
    """What ``mypy --strict`` says of the copy: of its ``events``, its ``operations``, and all else."""
    folder = once(factory, "additions", lambda folder: check(folder, {**EVENTS, **ENGINE, **OPERATIONS}))
    found: dict[str, list[Complaint]] = {"events": [], "operations": [], "else": []}
    for each in parsed(folder):
        about_events = "events" if _NEW_EVENTS.search(each.message) else "else"
        found["operations" if each.module.startswith("operations/") else about_events].append(each)
    return found
