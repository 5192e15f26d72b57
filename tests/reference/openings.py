"""What violations start from: batches and shipments of a random chain, and sound operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.reference.chains import Builder, Operation
from tests.reference.values import SYMBOLS, Batch, Shipment

AT = "2024-06-01T00:00:00Z"
"""In a year in which nothing was minted."""

Violation = Callable[[Builder], list[Operation]]
"""Makes the operations that break a rule at the end of a chain: the last of them does."""

RULES: dict[str, tuple[str, Violation]] = {}
"""By the violation's name: the Solidity error expected, and what makes the operations."""


class Impossible(Exception):  # noqa: N818
    """The chain offers no opportunity to break this rule at this place."""


def rule(error: str) -> Callable[[Violation], Violation]:
    def register(violation: Violation) -> Violation:
        RULES[violation.__name__] = (error, violation)
        return violation

    return register


def full(item: Batch | Shipment) -> str:
    return "/".join(item.name)


def one(items: Iterator[Any]) -> Any:
    found = next(items, None)
    if found is None:
        raise Impossible
    return found


def a_usable(builder: Builder, *, mass: int = 2) -> Batch:
    batches = [batch for batch in builder.usable() if batch.pools.mass >= mass]
    if not batches:
        raise Impossible
    return builder.rng.choice(batches)


def in_state(builder: Builder, state: str) -> Batch:
    ledger = builder.ledger
    return one(
        batch
        for batch in ledger.batches.values()
        if batch.state == state
        and not batch.frozen
        and not batch.held
        and ledger.participants[batch.custodian].status == "active"
        and any(owner == batch.custodian for owner, _ in ledger.facilities)
    )


def a_shipment(builder: Builder, *, is_open: bool) -> Shipment:
    ledger = builder.ledger
    return one(
        shipment
        for shipment in ledger.shipments.values()
        if (shipment.state == "open") == is_open
        and ledger.participants[shipment.receiver].status == "active"
        and not any(ledger.batches[name].frozen for name in shipment.batches)
    )


def another(builder: Builder, *slugs: str) -> str:
    return one(
        p.slug for p in builder.ledger.participants.values() if p.status == "active" and p.slug not in slugs
    )


def a_mint(**changes: Any) -> Operation:
    op: Operation = {
        "op": "mint",
        "as": "katanga",
        "batch": "BROKEN",
        "material": "nickel-ore",
        "facility": "pit-4",
        "mass": "2 t",
        "substances": {"Ni": "20 kg"},
        "origin": "mined",
        "emissions": {"scope1": "300 kg", "primary": "300 kg"},
        "at": AT,
    }
    return op | changes


def an_addition(batch: Batch, **changes: Any) -> Operation:
    emissions = {"scope2": "1 kg"}
    return {
        "op": "add_emissions",
        "as": batch.custodian,
        "batch": full(batch),
        "emissions": emissions,
        "reason": "storage",
        "at": AT,
    } | changes


def an_offer(batch: Batch, to: str, **changes: Any) -> Operation:
    return {
        "op": "ship",
        "as": batch.custodian,
        "shipment": "BROKEN-SEA",
        "batches": [full(batch)],
        "to": to,
        "at": AT,
    } | changes


def an_answer(op: str, shipment: Shipment, **changes: Any) -> Operation:
    return {"op": op, "as": shipment.receiver, "shipment": full(shipment), "at": AT} | changes


def a_run(builder: Builder, batch: Batch, **changes: Any) -> Operation:
    """All of a batch into one output that holds all of its substances."""
    slug = batch.custodian
    facility = one(name for owner, name in builder.ledger.facilities if owner == slug)
    held = {SYMBOLS[number]: mass for number, mass in batch.pools.substances.items() if mass}
    output = {"batch": "BROKEN", "material": "part", "mass": sum(held.values()) + 10, "substances": held}
    return {
        "op": "transform",
        "as": slug,
        "transformation": "BROKEN-RUN",
        "facility": facility,
        "process": "refining",
        "inputs": [{"batch": full(batch)}],
        "outputs": [output],
        "allocation": "mass",
        "at": AT,
    } | changes


def transformable(builder: Builder) -> Batch:
    sites = {owner for owner, _ in builder.ledger.facilities}
    return one(
        batch
        for batch in builder.usable()
        if batch.custodian in sites and max(batch.pools.substances.values(), default=0) > 1
    )


def an_error(batch: Batch, **changes: Any) -> Operation:
    return {
        "op": "declare_error",
        "as": "assayer",
        "batch": full(batch),
        "reason": "incorrect_data",
        "at": AT,
    } | changes
