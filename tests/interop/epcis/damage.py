"""Damaged documents: sound ones with a few fields taken, moved, doubled or overwritten, by a seed."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

_WORDS = (
    "x ADD DELETE OBSERVE shipping in_transit active recalled owning_party po did_not_occur Temperature"
    " urn:epcglobal:cbv:bizstep:shipping https://ns.gs1.org/cbv/BizStep-shipping a:b gs1:Temperature"
    " https://gs1.org/voc/Temperature http://www.gs1.org/voc/x cbv:Disp-active https://x.example/z"
    " http://x.example/\u00fc 2020-01-01T00:00:00Z 2020-01-01T00:00:00 2020-01-01T00:00:00+14:00"
    " 2020-13-01T00:00:00Z 2016-12-31T23:59:60Z +02:00 +14:00 +14:01 -00:00 KGM kgm KGMX 2.0 2. \u0662.0"
    " deadBEEF 0x ObjectEvent AggregationEvent AssociationEvent TransactionEvent TransformationEvent"
    " EPCISDocument EPCISQueryDocument ext:MyEvent ObjectEventInvalid"
).split()
_VALUES: list[Any] = [
    *_WORDS,
    *("", "not a uri", None, True, 1, -1.5, 1e300, [], {}, [1], ["a:b", "a:b"], ["a:b"], {"id": "a:b"}),
    *({"type": "x"}, {"a": 1}, [{"a:b": 1}], {"set": ["active"]}, {"set": []}, {"set": ["active"] * 2}),
    [{"epcClass": "a:b", "quantity": 1}],
    [{"epcClass": "a:b", "quantity": 1, "x": 1}],
]
_NAMES = (
    "type action epcList quantityList ilmd bizStep disposition persistentDisposition readPoint bizLocation"
    " bizTransactionList sourceList destinationList sensorElementList parentID childEPCs childQuantityList"
    " inputEPCList inputQuantityList outputEPCList outputQuantityList transformationID @context eventTime"
    " recordTime eventTimeZoneOffset eventID certificationInfo errorDeclaration ext:thing bare epcisHeader"
    " sender id uom time sensorMetadata vocabularyList epcisMasterData correctiveEventIDs reason component"
    " booleanValue hexBinaryValue exception stringValue"
).split()


def damaged(document: Any, chance: random.Random) -> Any:
    """A copy with one to three faults; some of them leave it valid."""
    document = copy.deepcopy(document)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        place = chance.choice(list(_places(document)))
        if place:
            _damage(document, place, chance)
    return document


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield above
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from _places(each, (*above, name))


def _damage(document: Any, place: tuple[Any, ...], chance: random.Random) -> None:
    holder = document
    for name in place[:-1]:
        holder = holder[name]
    name, other = place[-1], copy.deepcopy(chance.choice(_VALUES))
    match chance.randrange(5):
        case 0:
            del holder[name]
        case 1 | 2:
            holder[name] = other
        case 3 if isinstance(holder, dict):
            holder[chance.choice(_NAMES)] = chance.choice((other, copy.deepcopy(holder[name])))
        case 4 if isinstance(holder, dict):
            holder[chance.choice(_NAMES)] = holder.pop(name)
        case _ if isinstance(holder, list):
            holder.append(copy.deepcopy(holder[name]))
        case _:
            holder[name] = []
