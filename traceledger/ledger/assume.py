"""What a line with a fault would have created, so that later lines do not report the same fault again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eth_hash.auto import keccak

from traceledger.errors import InputError
from traceledger.ledger.directory import Directory, OpenShipment


def assume(document: Any, names: Directory) -> None:
    """Add the names that an unsound operation seems to create. Only for checking, never for sending."""
    if not isinstance(document, Mapping):
        return
    try:
        _assume(document, names)
    except (InputError, KeyError, TypeError, AttributeError):
        return


def _assume(document: Mapping[str, Any], names: Directory) -> None:
    match document["op"]:
        case "define_material":
            names.add_material(document["material"])
        case "register_participant":
            slug = document["participant"]
            names.add_participant(slug, keccak(slug.encode())[12:])
        case "register_facility":
            names.add_facility(_actor(document, names), document["facility"])
        case "mint":
            names.add_batch(_actor(document, names), document["batch"])
        case "split":
            _add_all(document["into"], _actor(document, names), names)
        case "transform":
            _add_all(document["outputs"], _actor(document, names), names)
        case "ship":
            sender, receiver = _actor(document, names), names.participant(document["to"])
            batches = tuple(names.new_batch_id(name, sender) for name in document["batches"])
            names.add_shipment(OpenShipment(sender, receiver, document["shipment"], batches))


def _actor(document: Mapping[str, Any], names: Directory) -> bytes:
    return names.participant(document["as"])


def _add_all(items: Any, creator: bytes, names: Directory) -> None:
    for item in items:
        names.add_batch(creator, item["batch"])
