"""The JSON of what a transaction says that was signed: every value, with what it means in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traceledger.artifacts.decoding import DecodedCall, Leaf, decoded_call
from traceledger.documents.values import optional_hex
from traceledger.model.batches import Difference, ErrorReason, HoldKind, Origin, RecordKind, Retirement
from traceledger.model.emissions import AllocationRule
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.model.rights import RightKind
from traceledger.model.substances import symbol
from traceledger.model.units import format_mass, format_time
from traceledger.signing.transaction import SignedTransaction, decode_signed

if TYPE_CHECKING:
    from enum import IntEnum

    from traceledger.sending.transaction_file import TransactionFile

Called = Callable[[bytes | int], str]
"""The proved name of an address, or of the id of something; empty where none is proved."""

_ENUMS: Mapping[str, type[IntEnum]] = {
    "Origin": Origin,
    "Difference": Difference,
    "ErrorReason": ErrorReason,
    "Retirement": Retirement,
    "HoldKind": HoldKind,
    "RecordKind": RecordKind,
    "AllocationRule": AllocationRule,
}
_MASSES = frozenset({"mass", "arrived"})
_CO2E = frozenset(
    "scope1 scope2 scope3 primary biogenic landUse aviation removals"
    " ownCo2e inheritedCo2e primaryCo2e".split()
)
_TIMES = frozenset("occurredAt from until deadline dueAt receivedAt validFrom validUntil when".split())
_IDS = frozenset({"BatchId", "FacilityId", "MaterialId", "ShipmentId", "FindingId"})


def file(path: Path, found: TransactionFile, called: Called) -> dict[str, Any]:
    """A file of signed transactions: all that was signed, and what the file says beside it.

    Args:
        path: the file.
        found: what it holds; its contracts are those of networks.toml.
        called: the names that are proved here.
    """
    contracts = found.header.contracts
    return {
        "file": str(path),
        "chain_id": str(found.header.chain_id),
        "genesis_hash": optional_hex(found.header.genesis_hash),
        "transactions": [
            {
                **transaction(decode_signed(job.raw or b""), contracts.by_name, called),
                "operation": job.operation,
                "from": job.source,
            }
            for job in found.jobs
        ],
    }


def transaction(signed: SignedTransaction, contracts: Mapping[Any, bytes], called: Called) -> dict[str, Any]:
    """All that a signed transaction says."""
    names = {address: name for name, address in contracts.items()}
    call = decoded_call(signed.data, names.get(signed.to), names)
    return {
        "calls": call.function or hexed(signed.data[:4]),
        "known": bool(call.function),
        "contract": hexed(signed.to),
        "contract_name": names.get(signed.to),
        "sender": hexed(signed.sender),
        "sender_name": called(signed.sender) or None,
        "nonce": signed.nonce,
        "chain_id": None if signed.chain_id is None else str(signed.chain_id),
        "gas": signed.gas,
        "fees_wei": {name: str(amount) for name, amount in signed.fees.items()},
        "value_wei": str(signed.value),
        "access_list": [hexed(each) for each in signed.access_list],
        "transaction": hexed(signed.hash),
        "arguments": [argument(leaf, called) for leaf in call.leaves],
        **_left_over(call, signed.data),
    }


def _left_over(call: DecodedCall, data: bytes) -> dict[str, Any]:
    """What no argument says: unknown calldata whole, and bytes behind the arguments."""
    return {
        "unknown_data": None if call.function and not call.irregular else hexed(data),
        "trailing_bytes": hexed(call.rest) if call.rest else None,
        "irregular": call.irregular,
    }


def argument(leaf: Leaf, called: Called) -> dict[str, Any]:
    """One value of a call: as it stands there, and in words."""
    return {"name": leaf.path, "type": leaf.type, "value": _plain(leaf), "means": _means(leaf, called)}


def _plain(leaf: Leaf) -> Any:
    if isinstance(leaf.value, bytes):
        return hexed(leaf.value)
    if isinstance(leaf.value, bool) or not isinstance(leaf.value, int):
        return leaf.value
    return id_text(leaf.value) if leaf.kind in _IDS else str(leaf.value)


def _means(leaf: Leaf, called: Called) -> str | None:
    value, name = leaf.value, leaf.path.rpartition(".")[2].partition("[")[0]
    if isinstance(value, bytes):
        return _bytes_mean(leaf, value, called)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    if leaf.kind in _IDS:
        return called(value) or None
    if leaf.kind.startswith("enum "):
        return _member(leaf.kind.removeprefix("enum ").rpartition(".")[2], value)
    return _number_means(name, leaf.type, value)


def _bytes_mean(leaf: Leaf, value: bytes, called: Called) -> str | None:
    if leaf.type == "address":
        return called(value) or ("nobody" if not any(value) else None)
    text = value.rstrip(b"\0")
    # Words such as roles and kinds, and countries, stand there as text that is filled up.
    if leaf.type in ("bytes32", "bytes2") and text and text.isascii() and text.decode("ascii").isprintable():
        return text.decode("ascii")
    return None


def _member(kind: str, value: int) -> str | None:
    members = _ENUMS.get(kind)
    if members is None or value not in [int(each) for each in members]:
        return None
    return members(value).name.lower()


def _number_means(name: str, kind: str, value: int) -> str | None:
    if name in _MASSES and kind == "uint64":
        return format_mass(value)
    if name in _CO2E:
        return f"{format_mass(value)} CO2e"
    if name == "capacityPerYear":
        return f"{format_mass(value)} a year"
    if name in _TIMES and 0 < value < 2**35:
        return format_time(value)
    if name in ("substance", "substances") and kind == "uint16":
        return symbol(value)
    if name == "roleId" and value in [int(each) for each in RightKind]:
        return RightKind(value).slug
    return None
