r"""The records of a proof file, in the order in which they stand. docs/proof-format.md explains them.

Example:
    >>> text_of(Header(b"\xf9"))
    b'{"rlp":"0xf9","type":"header"}'
    >>> record_in(text_of(Header(b"\xf9")))
    Header(rlp=b'\xf9')
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import ge
from typing import Any, TypeVar

from traceledger.errors import InputError
from traceledger.model.commitments import Opening, parse_opening
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.proofs.canonical import (
    canonical_bytes,
    decimal,
    dumps,
    natural,
    parsed,
    require_canonical,
)

FORMAT = "traceledger-proof"
VERSION = 2
SMALLEST_NODE = 32
"""Bytes from which on a trie node is referred to by its hash; a smaller one stands in the node above it."""
_DISCLOSURE = frozenset("kind owner salt text".split())
_MOST_PARSED = 4 * 2**20
"""Bytes up to which claims are parsed when they are read; so many cannot hold more values than a line may."""
CLAIMS = b'{"type":"claims","values":'
"""How the line of the claims begins; only a brace follows their values."""
_HEXADECIMAL = "written as 0x and lower-case digits"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Preamble:
    """What the file says that it proves: a batch, as it stood after a block, on a chain.

    ``ledger`` and ``registry`` are the contracts' addresses. Nothing here is trusted: all of it is compared
    with the trust root, or proved.
    """

    chain_id: int
    genesis_hash: bytes
    ledger: bytes
    registry: bytes
    batch: int
    block: int
    block_hash: bytes

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON."""
        return {
            "type": FORMAT,
            "version": VERSION,
            "chain_id": str(self.chain_id),
            "genesis_hash": hexed(self.genesis_hash),
            "ledger": hexed(self.ledger),
            "registry": hexed(self.registry),
            "batch": id_text(self.batch),
            "block": self.block,
            "block_hash": hexed(self.block_hash),
        }


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A witness's word that a block is final: its signature over chain, number and hash (EIP-712)."""

    chain_id: int
    number: int
    hash: bytes
    signature: bytes

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON."""
        return {
            "type": "checkpoint",
            "chain_id": str(self.chain_id),
            "number": self.number,
            "hash": hexed(self.hash),
            "signature": hexed(self.signature),
        }


@dataclass(frozen=True, slots=True)
class Header:
    """One block header, RLP-encoded as its chain has it."""

    rlp: bytes

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON."""
        return {"type": "header", "rlp": hexed(self.rlp)}


@dataclass(frozen=True, slots=True)
class Receipts:
    """Receipts of the block whose header stands before: their places in it, and the nodes that prove them."""

    indexes: tuple[int, ...]
    nodes: tuple[bytes, ...]

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON."""
        return {"type": "receipts", "indexes": list(self.indexes), "nodes": [hexed(n) for n in self.nodes]}


@dataclass(frozen=True, slots=True)
class State:
    """Nodes of the state trie and of the contracts' storage tries at the stated block."""

    nodes: tuple[bytes, ...]

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON."""
        return {"type": "state", "nodes": [hexed(node) for node in self.nodes]}


@dataclass(frozen=True, slots=True)
class Claims:
    """What the file's author says follows from it; the verifier computes it again.

    It keeps their canonical text, which is compared: of a large lineage, values take several times as much.
    """

    text: bytes

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Claims:
        """The record of these values."""
        return cls(dumps(values))

    @property
    def values(self) -> Any:
        """A JSON object."""
        return parsed(self.text)

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON."""
        return {"type": "claims", "values": self.values}


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What opens commitments in the events, so that the reader sees the private texts behind them."""

    openings: tuple[Opening, ...]

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON."""
        return {"type": "disclosures", "openings": [each.to_dict() for each in self.openings]}


@dataclass(frozen=True, slots=True)
class End:
    """The last record: how many stand before it, and the SHA-256 of their lines."""

    records: int
    sha256: bytes

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON."""
        return {"type": "end", "records": self.records, "sha256": hexed(self.sha256)}


Record = Preamble | Checkpoint | Header | Receipts | State | Claims | Disclosed | End


def text_of(record: Record) -> bytes:
    """The canonical text of a record: its line without the line feed.

    Headers and trie nodes are nearly all of a file. Their texts are joined here, as JSON's writer looks for
    what to escape in every digit.
    """
    match record:
        case Header(rlp=rlp):
            text = f'{{"rlp":"0x{rlp.hex()}","type":"header"}}'
        case Receipts(indexes=indexes, nodes=nodes):
            places = ",".join(map(str, indexes))
            text = f'{{"indexes":[{places}],"nodes":[{_digits_of(nodes)}],"type":"receipts"}}'
        case State(nodes=nodes):
            text = f'{{"nodes":[{_digits_of(nodes)}],"type":"state"}}'
        case Claims(text=values):
            return CLAIMS + values + b"}"
        case _:
            return dumps(record.to_dict())
    return text.encode("ascii")


_DIGITS = (Header, Receipts, State)
"""Records that are nothing but digits."""


def _digits_of(nodes: tuple[bytes, ...]) -> str:
    return ",".join([f'"0x{node.hex()}"' for node in nodes])


def _preamble(values: dict[str, Any]) -> Preamble:
    # E3: a later version may mean something else by the same fields.
    if natural(values["version"]) != VERSION:
        raise InputError(
            f"version {values['version']!r} of the format is not known",
            hint=f"this release reads version {VERSION}",
        )
    return Preamble(
        chain_id=decimal(values["chain_id"]),
        genesis_hash=canonical_bytes(values["genesis_hash"], size=32),
        ledger=canonical_bytes(values["ledger"], size=20),
        registry=canonical_bytes(values["registry"], size=20),
        batch=int.from_bytes(canonical_bytes(values["batch"], size=32), "big"),
        block=natural(values["block"]),
        block_hash=canonical_bytes(values["block_hash"], size=32),
    )


def _checkpoint(values: dict[str, Any]) -> Checkpoint:
    return Checkpoint(
        chain_id=decimal(values["chain_id"]),
        number=natural(values["number"]),
        hash=canonical_bytes(values["hash"], size=32),
        signature=canonical_bytes(values["signature"], size=65),
    )


def _header(values: dict[str, Any]) -> Header:
    return Header(_unchecked(values["rlp"]))


def _receipts(values: dict[str, Any]) -> Receipts:
    return Receipts(_list(values["indexes"], natural), _nodes(values["nodes"]))


def _state(values: dict[str, Any]) -> State:
    return State(_nodes(values["nodes"]))


def _claims(values: dict[str, Any]) -> Claims:
    claims = values["values"]
    if not isinstance(claims, dict):
        raise InputError("claims are a JSON object")
    _require_plain(claims)
    return Claims.of(claims)


def _require_plain(value: object) -> None:
    """That a value of any shape keeps to E3 and E4: no null, no fraction, ASCII field names."""
    pending = [value]  # a stack of our own: claims may nest as deeply as lines may
    while pending:
        match pending.pop():
            case dict() as fields:
                if not all(map(str.isascii, fields)):
                    raise InputError("a field's name is not ASCII", hint="the format has none like it")
                pending.extend(fields.values())
            case list() as items:
                pending.extend(items)
            case str() | bool():
                continue
            case other:
                natural(other)


def _disclosed(values: dict[str, Any]) -> Disclosed:
    return Disclosed(_list(values["openings"], _disclosure))


def _disclosure(value: object) -> Opening:
    # R14: exactly these fields. `parse_opening` checks each, but leaves further ones alone.
    if not isinstance(value, dict) or value.keys() != _DISCLOSURE:
        raise InputError("a disclosure has the wrong fields", hint=f"it has {', '.join(sorted(_DISCLOSURE))}")
    return parse_opening(value)


def _end(values: dict[str, Any]) -> End:
    return End(natural(values["records"]), canonical_bytes(values["sha256"], size=32))


def _unchecked(value: Any) -> bytes:
    """Bytes from hexadecimal. Whether that is written as E5 says, :func:`record_in` sees of a whole line."""
    try:
        return bytes.fromhex(value[2:])
    except (TypeError, ValueError, KeyError):
        raise InputError("not hexadecimal bytes", hint=_HEXADECIMAL) from None


def _nodes(value: object) -> tuple[bytes, ...]:
    """Nodes in the one order that a record may have them in (R8, R12)."""
    nodes = _list(value, _unchecked)
    if not nodes:
        raise InputError("a record without trie nodes", hint="a record that says nothing is left out")
    if min(map(len, nodes)) < SMALLEST_NODE:
        raise InputError("a trie node is too small to stand alone", hint="it stands in the one above it")
    if any(map(ge, nodes, nodes[1:])):
        raise InputError("trie nodes are out of order, or twice in a record", hint="bytes ascend")
    return nodes


def _list(value: object, read: Callable[[object], T]) -> tuple[T, ...]:
    if not isinstance(value, list):
        raise InputError("not a list")
    return tuple([read(item) for item in value])  # faster than a generator; most of a file is such lists


_READERS: dict[str, tuple[frozenset[str], Callable[[dict[str, Any]], Record]]] = {
    FORMAT: (
        frozenset(
            "type version chain_id genesis_hash ledger registry batch block block_hash".split(),
        ),
        _preamble,
    ),
    "checkpoint": (frozenset("type chain_id number hash signature".split()), _checkpoint),
    "header": (frozenset(("type", "rlp")), _header),
    "receipts": (frozenset(("type", "indexes", "nodes")), _receipts),
    "state": (frozenset(("type", "nodes")), _state),
    "claims": (frozenset(("type", "values")), _claims),
    "disclosures": (frozenset(("type", "openings")), _disclosed),
    "end": (frozenset(("type", "records", "sha256")), _end),
}


def record_of(value: object) -> Record:
    """The record that a line's JSON value is.

    Raises:
        InputError: it is none: an unknown type, a field too many or too few, or a malformed value.
    """
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(kind, str) or kind not in _READERS:
        raise InputError("not a record of a proof file", hint="the file is damaged, or of a later version")
    # E3: a field that is not known is not skipped, as its author may rely on it.
    fields, read = _READERS[kind]
    if value.keys() != fields:
        raise InputError(
            f"a record {kind!r} has the wrong fields", hint=f"it has {', '.join(sorted(fields))}"
        )
    return read(value)


def record_in(text: bytes) -> Record:
    """The record that a line, without its line feed, is.

    Raises:
        InputError: it is none, or is not written canonically.
    """
    # L2: the claims of a large lineage are compared with what is computed, byte for byte (R13): that shows
    # all that parsing would. What differs is parsed then, and refused for being so large.
    if len(text) > _MOST_PARSED and text.startswith(CLAIMS) and text.endswith(b"}"):
        return Claims(text[len(CLAIMS) : -1])
    value = parsed(text)
    record = record_of(value)
    # E2: one record, one text. Of headers and nodes it is made of the bytes that were read, which is much
    # quicker than from the parsed value, and shows besides whether their digits are written as E5 says.
    if not isinstance(record, _DIGITS) or text_of(record) != text:
        require_canonical(value, text)
        if isinstance(record, _DIGITS):
            raise InputError("not hexadecimal bytes", hint=_HEXADECIMAL)
    return record
