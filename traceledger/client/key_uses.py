"""What a key is used for on its network, and so what stops working without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from traceledger.errors import TraceLedgerError
from traceledger.model.hexadecimal import hexed
from traceledger.signing.signers import DEPLOYER

if TYPE_CHECKING:
    from traceledger.client.client import Client
    from traceledger.signing.places import KeyInfo


def stops_working(client: Client, info: KeyInfo) -> tuple[str, ...]:
    """What can no longer be done here when a stored key is gone, a sentence each.

    Where the network cannot be asked it says so, and keeps nobody from removing a key.
    """
    address = info.address
    same = [name for name in client.signers.names() if name != info.name and _is(client, name, address)]
    if same:
        found = [f"{hexed(address)} is also stored as {', '.join(same)}, which still signs"]
    else:
        found = [f"nobody can sign for {hexed(address)} any more, unless the key is kept elsewhere"]
        found += _uses(client, address)
    if info.name == DEPLOYER:
        found.append("commands for the consortium without --as find no key")
    return tuple(found)


def _uses(client: Client, address: bytes) -> list[str]:
    try:
        client.sync()
        return [*_as_operator(client, address), *_as_consortium(client, address)]
    except TraceLedgerError as error:
        return [f"whose key it is on the network is not known here: {error}"]


def _is(client: Client, name: str, address: bytes) -> bool:
    try:
        return client.signers.address_of(name) == address
    except TraceLedgerError:  # a key file that cannot be read is no other copy
        return False


def _as_operator(client: Client, address: bytes) -> Iterator[str]:
    participant = client.index.participant_of_operator(address)
    if participant is None or address not in participant.operators:
        return
    slug, others = participant.slug, [other for other in participant.operators if other != address]
    here = [name for name in map(client.signers.name_of, others) if name]
    if not others:
        yield (
            f"it is the only key of {slug}: that company can record nothing until the consortium "
            "gives it a new one (docs/keys.md)"
        )
    elif here:
        yield f"{slug} signs with {', '.join(here)} here instead"
    else:
        yield f"nothing can be recorded for {slug} from here; its other keys ({len(others)}) are elsewhere"


def _as_consortium(client: Client, address: bytes) -> Iterator[str]:
    members = client.rights()["members"]
    for member in members:
        if member["account"] != hexed(address):
            continue
        holders = sum(each["right"] == member["right"] for each in members)
        rest = "nobody else holds it" if holders == 1 else f"{holders - 1} other accounts hold it"
        yield f"it holds the consortium's right {member['right']!r}; {rest}"
