"""What a line with a fault would have created, so that later lines do not report the same fault again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eth_hash.auto import keccak

from traceledger.operations.directory import Directory, OpenShipment


def assume(document: Any, names: Directory) -> None:
    """Add the names that an unsound operation seems to create. Only for checking, never for sending."""
    if not isinstance(document, Mapping):
        return
    try:
        _assume(document, names)
    except (ValueError, KeyError, TypeError, AttributeError):
        return


def _assume(document: Mapping[str, Any], names: Directory) -> None:
    match document["op"]:
        case "define_material":
            names.add_material(document["material"])
        case "register_participant":
            slug = document["participant"]
            names.add_participant(slug, keccak(slug.encode())[12:])
        case "register_facility":
            names.add_facility(*_new(document["facility"], document, names))
        case "mint":
            names.add_batch(*_new(document["batch"], document, names))
        case "split":
            _add_all(document["into"], document, names)
        case "transform":
            _add_all(document["outputs"], document, names)
        case "ship":
            sender, identifier = _new(document["shipment"], document, names)
            batches = tuple(names.new_batch_id(name, sender) for name in document["batches"])
            # Whoever receives it: a later line needs to know the batches only.
            names.add_shipment(OpenShipment(sender, sender, identifier, batches))


def _new(name: str, document: Mapping[str, Any], names: Directory) -> tuple[bytes, str]:
    """Owner and identifier of what the acting participant would make."""
    actor = names.participant(document["as"])
    return actor, names.split_name(name, actor, "batch")[1]


def _add_all(items: Any, document: Mapping[str, Any], names: Directory) -> None:
    for item in items:
        names.add_batch(*_new(item["batch"], document, names))
