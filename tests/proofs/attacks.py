"""Attacks on proof files in numbers: files forged with everything but the keys, and every bit of one flipped.

``scripts/attack-proofs`` runs all of them and counts; the tests run a part.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import rlp
from eth_hash.auto import keccak
from trie import HexaryTrie

from tests.proofs.forging import KEYS, STRANGERS, Forgery, by_one, by_quorum, in_turn, qbft_hash
from tests.proofs.judging import Judge
from tests.proofs.mutations import canonical, ended, material
from tests.proofs.soundness import plain_of
from tests.proofs.support import NOW, check
from traceledger.errors import InputError, VerificationError
from traceledger.proofs import TrustRoot

Attack = tuple[str, bytes]
"""What is attacked, and the file that results."""


def forged(stored: bytes, others: dict[str, bytes]) -> Iterator[Attack]:
    """Everything that somebody without the keys can forge of a valid file.

    Args:
        stored: the file.
        others: valid files of the same chain, of other batches or other times.
    """
    yield from _left_out(stored)
    yield from _claimed(stored)
    yield from _sealed_by_strangers(stored)
    yield from _swapped(stored, others)


def _left_out(stored: bytes) -> Iterator[Attack]:
    """Without each receipt, header, node of the state, and record."""
    records = Forgery(stored).records
    for place, record in enumerate(records):
        yield "record left out", _file([*records[:place], *records[place + 1 :]])
        for index in record.get("indexes", ()):
            yield "receipt left out", _file(_without_receipt(records, place, index))
        for node in record["nodes"] if record["type"] == "state" else ():
            kept = [each for each in record["nodes"] if each != node]
            changed = [record | {"nodes": kept}] if kept else []
            yield "node of the state left out", _file([*records[:place], *changed, *records[place + 1 :]])


def _without_receipt(records: list[Any], place: int, gone: int) -> list[Any]:
    record = records[place]
    header = next(each for each in reversed(records[:place]) if each["type"] == "header")
    root = rlp.decode(bytes.fromhex(header["rlp"][2:]))[5]
    trie = HexaryTrie({keccak(node): node for node in map(_bytes, record["nodes"])}, root)
    kept = [index for index in record["indexes"] if index != gone]
    paths = [trie.get_proof(rlp.encode(index)) for index in kept]  # type: ignore[no-untyped-call]
    nodes = {rlp.encode(node) for path in paths for node in path}
    hexed = sorted("0x" + node.hex() for node in nodes if len(node) >= 32)
    changed = [record | {"indexes": kept, "nodes": hexed}] if kept else []
    return [*records[:place], *changed, *records[place + 1 :]]


def _claimed(stored: bytes) -> Iterator[Attack]:
    """With another value of each claim."""
    records = Forgery(stored).records
    place = next(place for place, each in enumerate(records) if each["type"] == "claims")
    for changed in _other_values(records[place]["values"]):
        record = {"type": "claims", "values": changed}
        yield "claim changed", _file([*records[:place], record, *records[place + 1 :]])


def _other_values(value: Any) -> Iterator[Any]:
    """The value with one of its parts changed."""
    match value:
        case dict():
            for name, part in value.items():
                yield {each: one for each, one in value.items() if each != name}
                yield from (value | {name: other} for other in _other_values(part))
        case list():
            for place, part in enumerate(value):
                yield [*value[:place], *value[place + 1 :]]
                yield from ([*value[:place], other, *value[place + 1 :]] for other in _other_values(part))
        case bool():
            yield not value
        case int():
            yield value + 1
        case _:
            yield value + "1"


def _sealed_by_strangers(stored: bytes) -> Iterator[Attack]:
    """With data of each log changed, all above it computed anew, and sealed by keys that nobody trusts."""
    logs = sum(len(each["indexes"]) for each in Forgery(stored).of("receipts"))
    for number in range(logs):
        for seal in (by_one(STRANGERS[0]), in_turn(STRANGERS), by_one(KEYS[0])):
            yield "event changed and sealed by others", _changed_log(stored, number).seal(seal).file()
    sealed = Forgery(stored).seal(by_quorum(STRANGERS), qbft_hash)
    yield "event changed and sealed by others", sealed.file()


def _changed_log(stored: bytes, number: int) -> Forgery:
    seen = iter(range(10**6))

    def change(data: bytes) -> bytes:
        if next(seen) < number or not data:
            return data
        return data[:-1] + bytes([data[-1] ^ 1])

    forgery = Forgery(stored)
    try:
        return forgery.change_log(change)
    except AssertionError:  # Fewer logs than receipts have data.
        return forgery


def _swapped(stored: bytes, others: dict[str, bytes]) -> Iterator[Attack]:
    """Parts of a file exchanged for those of another one."""
    for name, other in others.items():
        theirs = Forgery(other)
        for kind in ("header", "receipts", "state", "claims", "traceledger-proof"):
            records = Forgery(stored).records
            place = next(place for place, each in enumerate(records) if each["type"] == kind)
            rest = [each for each in records if each["type"] != kind]
            made = _file([*rest[:place], *theirs.of(kind), *rest[place:]])
            if made not in (stored, other):
                yield f"{kind} of {name}", made
        for field in theirs.preamble:
            forgery = Forgery(stored)
            if forgery.preamble[field] != theirs.preamble[field]:
                forgery.preamble[field] = theirs.preamble[field]
                yield f"preamble of {name}", forgery.file()


def _file(records: list[Any]) -> bytes:
    return ended(map(canonical, records))


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def believed(stored: bytes, trusted: TrustRoot, others: dict[str, bytes]) -> tuple[Counter[str], list[str]]:
    """How many files were forged, by attack, and which attacks made one that was believed."""
    counted: Counter[str] = Counter()
    found = []
    for what, made in forged(stored, others):
        counted[what] += 1
        try:
            check(made, trusted, now=NOW)
        except (InputError, VerificationError):
            continue
        found.append(what)
    return counted, found


def flipped(stored: bytes, trusted: TrustRoot, *, every: int = 1, first: int = 0) -> Counter[str]:
    """Flip bits of a file: of what is stored, and of its text, packed and summed anew.

    Args:
        stored: the file.
        trusted: the trust root under which it holds.
        every: only one of so many bits.
        first: which of them is the first.

    Returns:
        How many were refused as malformed, as not verified, or say the same (bits of the gzip header).

    Raises:
        AssertionError: one was believed that says something else, or was refused with the wrong error.
    """
    judge = Judge(material(stored), trusted)
    plain = plain_of(stored) or b""
    lines = plain.splitlines(keepends=True)
    text = b"".join(lines[:-1])
    outcomes: Counter[str] = Counter()
    for bit in range(first, len(stored) * 8, every):
        outcomes["stored: " + judge.outcome(_flip(stored, bit), f"bit {bit}")] += 1
    for bit in range(first, len(text) * 8, every):
        made = ended(_flip(text, bit).split(b"\n")[:-1])
        outcomes["text: " + judge.outcome(made, f"bit {bit} of the text")] += 1
    return outcomes


def _flip(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def summary(counted: Counter[str]) -> str:
    """The counts as JSON, sorted."""
    return json.dumps(dict(sorted(counted.items())), indent=1)
