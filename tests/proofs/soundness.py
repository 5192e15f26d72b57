"""Says whether a proof file's form is sound, by docs/proof-format.md alone.

Shares no code with the verifier: it is the judge of which error a changed file must get. A file whose form is
unsound is malformed; one whose form is sound is at most not verified.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from itertools import pairwise
from typing import Any

import rlp

_ORDER = {
    "traceledger-proof": 0,
    "checkpoint": 1,
    "header": 2,
    "receipts": 2,
    "state": 3,
    "claims": 4,
    "disclosures": 5,
    "end": 6,
}
_ONCE = (0, 4, 6)
_HEX = re.compile(r"0x(?:[0-9a-f]{2})*")
_NATURAL = re.compile(r"0|[1-9][0-9]{0,77}")
_LARGEST = 2**53 - 1


class UnsoundError(Exception):
    """The form is unsound."""


def plain_of(stored: bytes) -> bytes | None:
    """The text of exactly one complete gzip stream; ``None`` if that is something else."""
    inflate = zlib.decompressobj(31)
    try:
        plain = inflate.decompress(stored, 2**26)
    except zlib.error:
        return None
    return plain if inflate.eof and not inflate.unused_data else None


def unsound_line(plain: bytes) -> int | None:
    """The first line, from 0, at which the form is unsound (one past the last: it ends too early)."""
    lines = plain.split(b"\n")
    rest = lines.pop()
    judge = _Judge()
    for place, line in enumerate(lines):
        try:
            judge.line(line)
        except UnsoundError:
            return place
    return None if judge.ended and not rest else len(lines)


def meaning_of(plain: bytes) -> list[Any]:
    """What the text of a sound file says, whichever records its nodes and receipts are divided into."""
    said: list[Any] = []
    for line in plain.splitlines()[:-1]:
        record = json.loads(line)
        if record["type"] in ("receipts", "state") and said[-1]["type"] == record["type"]:
            said[-1]["nodes"] = sorted([*said[-1]["nodes"], *record["nodes"]])
            said[-1].get("indexes", []).extend(record.get("indexes", []))
        else:
            said.append(record)
    return said


class _Judge:
    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._lines = 0
        self._rank = -1
        self._index = -1
        self._header = False
        self.ended = False

    def line(self, line: bytes) -> None:
        _need(not self.ended)
        record = _canonical(line)
        kind = record["type"]
        rank = _ORDER[kind]
        if kind == "end":
            self.ended = True
            _need(record["records"] == self._lines and record["sha256"] == "0x" + self._digest.hexdigest())
        _need(rank >= self._rank and not (rank == self._rank and rank in _ONCE))
        _need(self._rank >= 0 or rank == 0)
        _need(kind not in ("end", "disclosures") or self._rank >= 4)
        if kind == "header":
            self._header, self._index = True, -1
            _header(bytes.fromhex(record["rlp"][2:]))
        elif kind == "receipts":
            _need(self._header)
            for index in record["indexes"]:
                _need(index > self._index)
                self._index = index
        elif kind == "claims":
            _need(self._header)
        self._rank = rank
        self._lines += 1
        self._digest.update(line + b"\n")


def _need(condition: bool) -> None:
    if not condition:
        raise UnsoundError


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _need(len({name for name, _ in pairs}) == len(pairs))
    return dict(pairs)


def _canonical(line: bytes) -> dict[str, Any]:
    _need(
        b"[" * 99 not in line
    )  # Python's own parser overruns its stack where the recursion limit was raised.
    try:
        value = json.loads(
            line.decode("utf-8"), object_pairs_hook=_pairs, parse_constant=lambda _: _need(False)
        )
        again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise UnsoundError from None
    _need(again == line and isinstance(value, dict) and isinstance(value.get("type"), str))
    _need(value["type"] in _FIELDS)
    fields = _FIELDS[value["type"]]
    _need(value.keys() == {"type", *fields})
    for name, check in fields.items():
        _need(check(value[name]))
    return value


def _natural(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST


def _decimal(value: Any) -> bool:
    return isinstance(value, str) and bool(_NATURAL.fullmatch(value))


def _bytes(size: int | None = None) -> Any:
    def check(value: Any) -> bool:
        sound = isinstance(value, str) and bool(_HEX.fullmatch(value))
        return sound and (size is None or len(value) == 2 + 2 * size)

    return check


def _nodes(value: Any) -> bool:
    """One or more, each at least 32 bytes, in ascending order, none twice."""
    if not isinstance(value, list) or not all(_bytes()(node) and len(node) >= 66 for node in value):
        return False
    return bool(value) and all(one < two for one, two in pairwise(value))


def _indexes(value: Any) -> bool:
    if not isinstance(value, list) or not all(map(_natural, value)):
        return False
    return all(one < two for one, two in pairwise(value))


def _claimed(value: Any) -> bool:
    """Objects with ASCII names, lists, texts, truth values and natural numbers, however they nest."""
    if isinstance(value, dict):
        return all(name.isascii() and _claimed(item) for name, item in value.items())
    if isinstance(value, list):
        return all(map(_claimed, value))
    return isinstance(value, str | bool) or _natural(value)


def _opening(value: Any) -> bool:
    names = "participant_name facility facility_name batch shipment transformation emissions_record"
    return (
        isinstance(value, dict)
        and value.keys() == {"kind", "owner", "salt", "text"}
        and value["kind"] in (*names.split(), "evidence")
        and _bytes(20)(value["owner"])
        and _bytes(32)(value["salt"])
        and isinstance(value["text"], str)
    )


_FIELDS: dict[str, dict[str, Any]] = {
    "traceledger-proof": {
        "version": lambda value: type(value) is int and value == 2,
        "chain_id": _decimal,
        "genesis_hash": _bytes(32),
        "ledger": _bytes(20),
        "registry": _bytes(20),
        "batch": _bytes(32),
        "block": _natural,
        "block_hash": _bytes(32),
    },
    "checkpoint": {"chain_id": _decimal, "number": _natural, "hash": _bytes(32), "signature": _bytes(65)},
    "header": {"rlp": _bytes()},
    "receipts": {"indexes": _indexes, "nodes": _nodes},
    "state": {"nodes": _nodes},
    "claims": {"values": lambda value: isinstance(value, dict) and _claimed(value)},
    "disclosures": {"openings": lambda value: isinstance(value, list) and all(map(_opening, value))},
    "end": {"records": _natural, "sha256": _bytes(32)},
}


def _header(data: bytes) -> None:
    try:
        fields = rlp.decode(data)
    except (rlp.exceptions.RLPException, IndexError, RecursionError):
        raise UnsoundError from None
    _need(isinstance(fields, list) and 15 <= len(fields) <= 30)
    _need(all(isinstance(field, bytes) for field in fields))
    _need([len(fields[place]) for place in (0, 2, 3, 5)] == [32, 20, 32, 32])
    for place in (8, 11):
        _need(len(fields[place]) <= 8 and fields[place][:1] != b"\0")
