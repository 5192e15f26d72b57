"""What operations touch: in any order that the dependencies allow, a file leads to the same ledger."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from eth_hash.auto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.chains import Operation, build
from tests.reference.model import ReferenceLedger
from traceledger.model.ids import finding_id
from traceledger.operations.batches import Retire
from traceledger.operations.catalogue import parse_operation
from traceledger.operations.dependencies import Dependencies, Touched, order, repeatable
from traceledger.operations.directory import Directory
from traceledger.operations.plan import plan


class Nothing:
    """An index that knows nothing."""

    def __getattr__(self, _: str) -> Any:
        return lambda *_: None


def needs_of(operations: Sequence[Operation]) -> list[tuple[int, ...]]:
    names = Directory(Nothing(), consortium=b"\xcc" * 20, assurance=b"\xaa" * 20)
    known = Dependencies(names)
    touched = []
    for document in operations:
        given_address = {}
        if document["op"] == "register_participant":
            given_address = {"address": "0x" + keccak(document["participant"].encode())[12:].hex()}
        operation = parse_operation({**document, **given_address})
        plan(operation, names)
        touched.append(known.of(operation))
    return order(touched)


def any_order(needs: Sequence[Sequence[int]], rng: random.Random) -> list[int]:
    """A random order in which each comes after what it needs."""
    left = {position: set(before) for position, before in enumerate(needs)}
    found = []
    while left:
        ready = sorted(position for position, before in left.items() if not before)
        position = rng.choice(ready)
        del left[position]
        for before in left.values():
            before.discard(position)
        found.append(position)
    return found


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), shuffle=st.integers(0, 10**6))
def test_any_order_that_is_allowed_leads_to_the_same_ledger(seed: int, shuffle: int) -> None:
    operations = build(seed, operations=90).ops
    needs = needs_of(operations)
    in_order, otherwise = ReferenceLedger(), ReferenceLedger()
    for operation in operations:
        in_order.apply(operation)
    for position in any_order(needs, random.Random(shuffle)):
        otherwise.apply(operations[position])
    assert otherwise.batches == in_order.batches
    assert otherwise.shipments == in_order.shipments
    assert otherwise.participants == in_order.participants
    assert otherwise.minted == in_order.minted


AT = "2026-01-17T06:00:00Z"
WORLD: list[Operation] = [
    {"op": "define_material", "material": "ore", "name": "Ore", "substances": ["Co"]},
    {"op": "register_participant", "participant": "mine", "name": "M", "country": "CD"},
    {"op": "register_participant", "participant": "dig", "name": "D", "country": "CD"},
    {
        "op": "register_participant",
        "participant": "argus",
        "name": "A",
        "country": "CH",
        "roles": ["auditor"],
    },
    {"op": "register_facility", "as": "mine", "facility": "pit", "kind": "mine", "country": "CD"},
    {"op": "register_facility", "as": "dig", "facility": "pit", "kind": "mine", "country": "CD"},
    {"op": "approve_origin", "facility": "mine/pit", "material": "ore", "capacity_per_year": "1000 t"},
    {"op": "approve_origin", "facility": "dig/pit", "material": "ore", "capacity_per_year": "1000 t"},
]


def mint(batch: str, by: str = "mine") -> Operation:
    fields = {"material": "ore", "facility": "pit", "mass": "1 t", "origin": "mined", "at": AT}
    return {"op": "mint", "as": by, "batch": batch, **fields}


def closure(needs: Sequence[Sequence[int]], position: int) -> set[int]:
    found: set[int] = set()
    stack = list(needs[position])
    while stack:
        if (item := stack.pop()) not in found:
            found.add(item)
            stack.extend(needs[item])
    return found


def test_mints_do_not_wait_for_each_other() -> None:
    needs = needs_of([*WORLD, *(mint(f"B-{n}", by) for n in range(4) for by in ("mine", "dig"))])
    base = len(WORLD)
    for position in range(base, base + 8):
        before = closure(needs, position)
        assert not {other for other in before if other >= base}
        own, others = ((1, 4, 6), (2, 5, 7)) if position % 2 == base % 2 else ((2, 5, 7), (1, 4, 6))
        assert set(own) <= before
        assert not set(others) & before


@pytest.mark.parametrize(
    ("later", "waits"),
    [
        ({"op": "retire", "as": "mine", "batch": "B", "reason": "lost", "at": AT}, True),
        ({"op": "suspend_participant", "participant": "mine", "reason": "late", "at": AT}, True),
        ({"op": "suspend_participant", "participant": "dig", "reason": "late", "at": AT}, False),
        ({"op": "add_operator", "as": "mine", "participant": "mine", "operator": "0x" + "11" * 20}, True),
        (
            {"op": "approve_origin", "facility": "mine/pit", "material": "ore", "capacity_per_year": "0 t"},
            True,
        ),
        ({"op": "define_material", "material": "slag", "name": "Slag"}, False),
        (
            {"op": "register_facility", "as": "mine", "facility": "port", "kind": "port", "country": "CD"},
            False,
        ),
        ({"op": "enact_requirement", "role": "producer", "kinds": []}, True),
        (
            {"op": "ship", "as": "mine", "shipment": "S", "batches": ["B"], "to": "dig", "at": AT},
            True,
        ),
        (
            {
                **{"op": "raise_finding", "as": "argus", "finding": "F", "facility": "mine/pit", "at": AT},
                **{
                    "severity": "critical",
                    "category": "health_and_safety",
                    "due": AT,
                    "description": "No fence",
                },
            },
            True,
        ),
    ],
    ids=lambda value: value["op"] if isinstance(value, dict) else str(value),
)
def test_who_waits_for_a_mint(later: Operation, waits: bool) -> None:
    operations = [*WORLD, mint("B"), later]
    assert (len(WORLD) in closure(needs_of(operations), len(WORLD) + 1)) is waits


def test_acts_wait_for_the_end_of_what_may_block_them() -> None:
    finding = {"op": "raise_finding", "as": "argus", "finding": "F", "participant": "mine", "at": AT}
    finding |= {"severity": "critical", "category": "health_and_safety", "due": AT, "description": "No fence"}
    plan_it = {
        "op": "submit_corrective_action",
        "as": "mine",
        "finding": "argus/F",
        "corrective_action": "A fence",
        "at": AT,
    }
    operations = [*WORLD, finding, plan_it, mint("B"), mint("B", "dig")]
    base = len(WORLD)
    needs = needs_of(operations)
    assert {base, base + 1} <= closure(needs, base + 2)
    assert not {base, base + 1} & closure(needs, base + 3)


def test_a_finding_on_record_blocks_its_subject() -> None:
    class One(Nothing):
        def finding(self, number: int) -> Any:
            known = number == finding_id(b"\x0a" * 20, "F")
            return type("Finding", (), {"participant": b"\x0b" * 20}) if known else None

    names = Directory(One())
    names.add_participant("argus", b"\x0a" * 20)
    document = {"op": "accept_corrective_action", "as": "argus", "finding": "F", "at": AT}
    touched = Dependencies(names).of(parse_operation(document))
    assert ("participant", int.from_bytes(b"\x0b" * 20, "big")) in touched.writes


def test_readers_do_not_wait_for_readers() -> None:
    thing = frozenset({("batch", 1)})
    reader, writer = Touched(thing, frozenset()), Touched(frozenset(), thing)
    found = order([writer, reader, reader, writer, reader])
    assert found == [(), (0,), (0,), (0, 1, 2), (3,)]


def test_what_may_happen_twice() -> None:
    addition = {"op": "add_emissions", "as": "m", "batch": "B", "emissions": {"scope2": 5}, "at": AT}
    assert repeatable(parse_operation({**addition, "reason": "heat"}))
    assert not repeatable(parse_operation(mint("B")))
    assert not repeatable(Retire(act_as="m", batch="B", reason="lost", at=0))
