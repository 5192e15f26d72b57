"""Nothing that happened to a batch can be left out of its proof, changed, or put in, whatever came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import combinations
from typing import Any, get_args

import pytest

from tests.proofs.conftest import RichWorld
from tests.proofs.forging import Forgery
from tests.proofs.proved import Proved, proved_by
from tests.proofs.rich_world import CART, NEVER, RECYCLED, UNTRACED
from tests.proofs.support import check
from traceledger.errors import VerificationError
from traceledger.events import (
    BatchHeld,
    BatchReleased,
    BatchRemeasured,
    BatchRetired,
    BatchSplit,
    BatchTakenBack,
    CountryChanged,
    EmissionsRestated,
    ErrorDeclared,
    ErrorReversed,
    FacilityRegistered,
    Identified,
    LedgerEvent,
    MaterialDefined,
    ParticipantRegistered,
    ParticipantRenamed,
    ReceiptReversed,
    RestatementConfirmed,
    RetirementReversed,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    SplitReversed,
    TakeBackReversed,
    TitleTransferred,
    TransformationReversed,
    Transformed,
)
from traceledger.model.batches import BatchState

CANCELLING = [
    (BatchHeld, BatchReleased),
    (TitleTransferred, TitleTransferred),
    (BatchRemeasured, BatchRemeasured),
    (ShipmentOffered, ShipmentCancelled),
    (ShipmentOffered, ShipmentRejected),
    (ShipmentReceived, ReceiptReversed),
    (ErrorDeclared, ErrorReversed),
    (BatchSplit, SplitReversed),
    (Transformed, TransformationReversed),
    (BatchRetired, RetirementReversed),
    (BatchTakenBack, TakeBackReversed),
    (EmissionsRestated, EmissionsRestated),
]
"""Done and undone: together they may change nothing but the count of events."""


@pytest.fixture(scope="module", params=[CART, RECYCLED, NEVER, UNTRACED])
def proved(request: pytest.FixtureRequest, rich_world: RichWorld) -> Proved:
    return proved_by(rich_world.proofs[request.param], rich_world.trusted)


@pytest.fixture(scope="module")
def cart(rich_world: RichWorld) -> Proved:
    return proved_by(rich_world.proofs[CART], rich_world.trusted)


def test_all_kinds_of_events_are_there_and_hold(rich_world: RichWorld) -> None:
    kinds: set[type] = set()
    for stored in rich_world.proofs.values():
        proved = proved_by(stored, rich_world.trusted)
        assert proved.conclude().claims == check(stored, rich_world.trusted).claims
        kinds |= {type(recorded.event) for recorded, _ in proved.events}
    assert kinds == set(get_args(LedgerEvent))


def test_no_event_can_be_left_out(proved: Proved) -> None:
    for place, (recorded, _) in enumerate(proved.events):
        assert proved.refusal(proved.without(place)), recorded.event


def test_no_two_events_can_be_left_out(proved: Proved) -> None:
    for pair in combinations(range(len(proved.events)), 2):
        assert proved.refusal(proved.without(*pair)), [proved.events[place] for place in pair]


@pytest.mark.parametrize(("done", "undone"), CANCELLING)
def test_what_cancels_out_is_missed_by_the_count(
    cart: Proved, done: type[LedgerEvent], undone: type[LedgerEvent]
) -> None:
    reasons = [
        cart.refusal(cart.without(first, second))
        for second in cart.places(undone)
        for first in [max((place for place in cart.places(done) if place < second), default=-1)]
        if first >= 0
    ]
    assert reasons
    assert any("the number of its events" in reason for reason in reasons), reasons


def test_the_count_is_all_that_misses_what_changes_nothing(cart: Proved) -> None:
    for place in cart.places(EmissionsRestated, RestatementConfirmed):
        reason = cart.refusal(cart.without(place))
        assert reason.endswith("the events give other than the proved state: the number of its events")


def heavier(value: Any, name: str = "") -> Iterator[Any]:
    """The same with one amount of mass or CO2e a milligram more, for each amount in it."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            for changed in heavier(getattr(value, field.name), field.name):
                yield replace(value, **{field.name: changed})
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from ({**value, key: changed} for changed in heavier(item, name))
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from ((*value[:place], changed, *value[place + 1 :]) for changed in heavier(item, name))
    elif isinstance(value, int) and not isinstance(value, bool) and name.endswith("_mg"):
        yield value + 1


def test_no_amount_can_be_changed_unseen(proved: Proved) -> None:
    """But for what was measured again or undone later, and for other lots: these the receipts prove."""
    unseen: dict[type, list[int]] = {}
    claims = proved.conclude().claims
    for place, (recorded, _) in enumerate(proved.events):
        for changed in heavier(recorded.event):
            events = proved.having(place, changed)
            if not proved.refusal(events) and proved.conclude(events).claims == claims:
                unseen.setdefault(type(changed), []).append(place)
    assert unseen.keys() <= {ShipmentReceived, BatchRemeasured, Transformed}
    for kind in (ShipmentReceived, BatchRemeasured):
        assert set(unseen.get(kind, [])) <= set(proved.places(kind)[:-1])
    for place in unseen.get(Transformed, []):
        run: Any = proved.events[place][0].event
        assert not {each.batch for each in (*run.inputs, *run.outputs)} <= proved.lineage


def test_a_restatement_that_never_was_is_refused(cart: Proved) -> None:
    place = cart.places(EmissionsRestated)[-1]
    twice = [*cart.events[: place + 1], *cart.events[place:]]
    assert "the number of its events" in cart.refusal(twice)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (TransformationReversed, {"transformation": 7}),
        (SplitReversed, {"parent": 7}),
        (ReceiptReversed, {"shipment": 7}),
        (ErrorReversed, {"by_auditor": True}),
    ],
)
def test_a_reversal_of_something_else_is_refused(
    cart: Proved, kind: type[LedgerEvent], changes: dict[str, Any]
) -> None:
    place = cart.places(kind)[0]
    changed: Any = replace(cart.events[place][0].event, **changes)
    assert cart.refusal(cart.having(place, changed))


@pytest.mark.parametrize(("kind", "which"), [(BatchSplit, 0), (Transformed, 1), (ShipmentReceived, -1)])
def test_another_salt_gives_another_trail(cart: Proved, kind: type[LedgerEvent], which: int) -> None:
    place = cart.places(kind)[which]
    block = cart.events[place][0].block
    events = [
        (recorded, bytes(32) if recorded.block == block else parent) for recorded, parent in cart.events
    ]
    assert "its trail" in cart.refusal(events)


def test_a_batch_that_was_reversed_is_shown_as_such(rich_world: RichWorld) -> None:
    verified = check(rich_world.proofs[NEVER], rich_world.trusted)
    assert verified.trace.state is BatchState.REVERSED
    assert "The batch is reversed: it never was." in verified.proved


def test_what_was_put_right_is_said(rich_world: RichWorld) -> None:
    verified = check(rich_world.proofs[CART], rich_world.trusted)
    restated = verified.claims["co2e"]["restated"]
    assert (restated["records"], restated["confirmed"]) == (3, False)
    assert (verified.claims["taken_back_by"], verified.claims["reversed"]) == ("renew", 5)
    said = " ".join([*verified.proved, *verified.not_proved])
    assert "5 operations were reversed" in said
    assert "The emissions of 3 records were restated" in said
    assert "no auditor has confirmed all that count" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("owner", "works"),
        ("taken_back_by", ""),
        ("reversed", 0),
        ("booked_mass_mg", "0"),
        ("state", "delivered"),
        ("co2e", {}),
    ],
)
def test_other_claims_are_refused(rich_world: RichWorld, name: str, value: object) -> None:
    forgery = Forgery(rich_world.proofs[CART])
    forgery.claims[name] = value
    with pytest.raises(VerificationError, match=f"the claim '{name}' does not follow"):
        check(forgery.file(), rich_world.trusted)


def test_names_and_countries_are_those_of_the_stated_block(rich_world: RichWorld) -> None:
    early = check(rich_world.early, rich_world.trusted)
    now = check(rich_world.proofs[CART], rich_world.trusted)
    names = [{each.slug: each.name for each in found.participants}["quarry"] for found in (early, now)]
    assert names == ["Q", "Quarry and Daughters"]
    countries = [{place.country for place in found.origins.values()} for found in (early, now)]
    assert countries == [{"CD"}, {"ZM"}]


def test_no_name_country_or_identifier_can_be_left_out(cart: Proved) -> None:
    told = (
        *(ParticipantRegistered, ParticipantRenamed, FacilityRegistered, CountryChanged, Identified),
        MaterialDefined,
    )
    places = [place for place, event in enumerate(cart.registrations) if isinstance(event, told)]
    assert {type(cart.registrations[place]) for place in places} == set(told)
    for place in places:
        event, reason = cart.registrations[place], cart.unregistered(place)
        assert reason, event
        if isinstance(event, ParticipantRenamed | CountryChanged | Identified):
            assert "events that name" in reason


def test_none_can_be_told_twice(cart: Proved) -> None:
    again = replace(cart, registrations=(*cart.registrations, cart.registrations[-1]))
    assert "events that name" in again.refusal(again.events)


def test_identifiers_are_claimed(rich_world: RichWorld) -> None:
    claimed = check(rich_world.proofs[CART], rich_world.trusted).claims["participants"]
    said = {each["participant"]: each["identifiers"] for each in claimed}
    assert said["quarry"] == [{"scheme": "gln", "value": "4000001000005"}]
    assert said["works"] == []
