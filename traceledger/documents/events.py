"""The JSON of one event: as it was decoded, as the chain has it, and how both are computed again.

Example:
    >>> shown({"batch": "0x" + "ab" * 32, "mass_mg": 5})
    [('batch', '0xabababababababababababababababababababababababababababababababab'), ('mass_mg', '5')]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from traceledger.chain.base import Log
from traceledger.documents.blocks import plain
from traceledger.documents.known import Known
from traceledger.events import decode
from traceledger.events.decoder import signature_of
from traceledger.model.hexadecimal import hexed
from traceledger.names import LedgerNames

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.index.many_reader import RawLog

_ID = re.compile("0x[0-9a-f]{64}")
_ADDRESS = re.compile("0x[0-9a-f]{40}")
_MOST = 500


def event(
    index: IndexReader, found: RawLog, contracts: Mapping[bytes, str], final: int | None
) -> dict[str, Any]:
    """An event with all that it takes to check it.

    Args:
        index: where it was read.
        found: its log.
        contracts: names of our contracts, by their addresses.
        final: number of the newest block that can no longer be replaced.
    """
    log = Log(found.address, found.topics, found.data, found.transaction_index, found.log_index)
    said = decode(log)
    rows = [] if said is None else shown(plain(said))
    same = index.many.logs_of_transaction(found.transaction_hash, most=_MOST)
    return {
        "event": None if said is None else type(said).__name__,
        "signature": signature_of(found.topics[0]) if found.topics else None,
        "block": found.block,
        "block_hash": hexed(found.block_hash),
        "timestamp": found.timestamp,
        "final": final is not None and found.block <= final,
        "log": found.log_index,
        "transaction": hexed(found.transaction_hash),
        "transaction_index": found.transaction_index,
        "contract": contracts.get(found.address, hexed(found.address)),
        "address": hexed(found.address),
        "fields": [{"field": name, "value": value} for name, value in rows[:_MOST]],
        "names": _names(index, rows),
        "topics": [hexed(topic) for topic in found.topics],
        "data": hexed(found.data),
        "same_transaction": [each.log_index for each in same],
    }


def shown(value: Any, name: str = "") -> list[tuple[str, str]]:
    """The fields of a decoded event as rows: a path of names, and a text."""
    if isinstance(value, Mapping):
        return [row for key, each in value.items() for row in shown(each, f"{name}.{key}" if name else key)]
    if isinstance(value, list):
        return [row for at, each in enumerate(value) for row in shown(each, f"{name}[{at}]")]
    return [(name, str(value).lower() if isinstance(value, bool) else str(value))]


def _names(index: IndexReader, rows: list[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """What the ids and addresses among an event's values are called, and of what kind each is."""
    values = {value for _, value in rows}
    ids = [int(value, 16) for value in values if _ID.fullmatch(value)][:_MOST]
    people = [bytes.fromhex(value[2:]) for value in values if _ADDRESS.fullmatch(value)][:_MOST]
    # A material's id has 40 bits, so that it stands there as a number.
    materials = {int(value): value for name, value in rows if name.endswith("material") and value.isdecimal()}
    known = Known(index, batches=ids, shipments=ids, facilities=ids, materials=materials, participants=people)
    names = LedgerNames(known)
    found = {
        hexed(each): ("participant", known.participants[each].slug)
        for each in people
        if each in known.participants
    }
    for number in ids:
        text = f"0x{number:064x}"
        if number in known.batches:
            found[text] = ("batch", names.batch(number))
        elif number in known.shipments:
            found[text] = ("shipment", names.shipment(number))
        elif number in known.facilities:
            found[text] = ("facility", names.facility(number))
    found |= {
        materials[number]: ("material", item.slug)
        for number, item in known.materials.items()
        if number in materials
    }
    return {value: {"kind": kind, "name": name} for value, (kind, name) in found.items()}
