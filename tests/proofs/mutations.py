"""Changes proof files at random: as bytes, as text, as JSON, as records, and as RLP.

Every mutator takes a random generator and a valid :class:`Material`, and returns the bytes of a file. What
the verifier must say of it is not its affair: :mod:`tests.proofs.soundness` and what the original says
decide. Semantic forgeries are in :mod:`tests.proofs.forging`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

import rlp

from tests.proofs.soundness import plain_of

Mutator = Callable[[Random, "Material"], bytes]


@dataclass(frozen=True)
class Material:
    """A valid file; its text; its lines without the end record; and lines of other valid files."""

    stored: bytes
    plain: bytes
    lines: tuple[bytes, ...]
    foreign: tuple[bytes, ...]


def material(stored: bytes, *others: bytes) -> Material:
    """A valid file and others of the same chain, made ready."""
    plain = plain_of(stored) or b""
    foreign = [line for other in others for line in (plain_of(other) or b"").splitlines()]
    lines = tuple(plain.splitlines()[:-1])
    return Material(stored, plain, lines, tuple(line for line in foreign if line not in lines))


def packed(plain: bytes) -> bytes:
    """Text as a file."""
    return gzip.compress(plain, compresslevel=1, mtime=0)


def ended(lines: Iterable[bytes]) -> bytes:
    """A file of those lines, with an end record that fits: an attacker can compute it."""
    body = [line + b"\n" for line in lines]
    digest = hashlib.sha256(b"".join(body)).hexdigest()
    end = b'{"records":%d,"sha256":"0x%s","type":"end"}\n' % (len(body), digest.encode())
    return packed(b"".join([*body, end]))


def canonical(value: object) -> bytes:
    """A value as the format writes it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


# Bytes: whatever happens to a file on its way, or is done to it blindly.


def damaged(random: Random, data: bytes) -> bytes:
    """Data with one change somewhere."""
    at = random.randrange(len(data))
    to = min(len(data), at + random.choice((1, 2, 7, 64, 700)))
    low, high = sorted((at, random.randrange(len(data))))
    changed: Callable[[], bytes] = random.choice(
        (
            lambda: data[:at] + bytes((data[at] ^ 1 << random.randrange(8),)) + data[at + 1 :],
            lambda: data[:at] + bytes((random.randrange(256),)) + data[at + 1 :],
            lambda: data[:at] + random.randbytes(to - at) + data[at:],
            lambda: data[:at] + data[to:],
            lambda: data[:to] + data[at:],
            lambda: data[:at] + bytes(to - at) + data[to:],
            lambda: data[:at],
            lambda: data + random.randbytes(random.randrange(1, 50)),
            lambda: data + data[at:],
            lambda: data[at:],
            lambda: data[low:high] + data[:low] + data[high:],
        )
    )
    return changed()


def stored_bytes(random: Random, valid: Material) -> bytes:
    """Damage the compressed file."""
    return damaged(random, valid.stored)


def gzip_header(random: Random, valid: Material) -> bytes:
    """Change the gzip header or trailer, or compress anew: some of it changes nothing that is said."""
    if random.random() < 0.4:
        return gzip.compress(valid.plain, compresslevel=random.randrange(10), mtime=random.randrange(2**32))
    at = random.choice((*range(10), *range(-8, 0))) % len(valid.stored)
    return valid.stored[:at] + bytes((random.randrange(256),)) + valid.stored[at + 1 :]


def plain_bytes(random: Random, valid: Material) -> bytes:
    """Damage the text; the end record stays."""
    return packed(damaged(random, valid.plain))


def line_bytes(random: Random, valid: Material) -> bytes:
    """Damage one line; the end record fits."""
    lines = list(valid.lines)
    at = random.randrange(len(lines))
    lines[at] = damaged(random, lines[at])
    return ended(lines)


def digits(random: Random, valid: Material) -> bytes:
    """Change one digit of a number, a hash, an amount or a node; the end record fits."""
    lines = list(valid.lines)
    at = random.randrange(len(lines))
    places = [n for n, c in enumerate(lines[at]) if c in b"0123456789abcdef"]
    place = random.choice(places)
    other = random.choice([c for c in b"0123456789abcdef" if c != lines[at][place]])
    lines[at] = lines[at][:place] + bytes((other,)) + lines[at][place + 1 :]
    return ended(lines)


# JSON: values of the wrong type, size or spelling.

_HOSTILE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**53, 2**63, 10**400, 0.5, 1e300, -0.0, "", "0", "-1", "0x", "00", "1.0"),
    *("0x0", "0X00", "0xZZ", "0x" + "00" * 20, "0x" + "00" * 32, "0x" + "ff" * 33, "9" * 5000, "é", "\u202e"),
    *("\x1b[2J", "\0", "\ud800", "\U0010ffff", "../../etc/passwd", [], {}, [[]], {"a": 1}, ["0x"], [0, 0]),
    *("\u0661\u0662", "0x" + "\u0660" * 64, "x" * 100_000, {"type": "claims"}, ["0x" + "80" * 32]),
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterable[tuple[Any, ...]]:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        yield from _places(item, (*path, name))


def json_value(random: Random, valid: Material) -> bytes:
    """Replace, remove, double or add one value; the end record fits."""
    lines = list(valid.lines)
    at = random.randrange(len(lines))
    record = json.loads(lines[at])
    path = random.choice(list(_places(record)))
    inside = record
    for step in path[:-1]:
        inside = inside[step]
    last = path[-1]
    match random.randrange(5):
        case 0 | 1 | 2:
            inside[last] = random.choice(_HOSTILE)
        case 3 if isinstance(inside, list):
            inside.insert(random.randrange(len(inside) + 1), inside[last])
        case 3:
            inside[random.choice(("more", "", "Type", "\u00e9", "__proto__"))] = inside[last]
        case _:
            del inside[last]
    lines[at] = canonical(record)
    return ended(lines)


def list_order(random: Random, valid: Material) -> bytes:
    """Reorder the nodes, the transactions or the claims of one record; the end record fits."""
    lines = list(valid.lines)
    records = [(n, json.loads(line)) for n, line in enumerate(lines)]
    lists = [
        (at, record, path, found)
        for at, record in records
        for path in _places(record)
        if isinstance(found := _at(record, path), list) and len(found) > 1
    ]
    at, record, _, found = random.choice(lists)
    one, two = sorted(random.sample(range(len(found)), 2))
    found[one], found[two] = found[two], found[one]
    lines[at] = canonical(record)
    return ended(lines)


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def spelling(random: Random, valid: Material) -> bytes:
    """Write one record otherwise than canonically, meaning the same; the end record fits."""
    lines = list(valid.lines)
    at = random.randrange(len(lines))
    line, record = lines[at], json.loads(lines[at])
    lines[at] = random.choice(
        (
            lambda: json.dumps(record, sort_keys=True).encode(),
            lambda: json.dumps(dict(reversed(record.items())), separators=(",", ":")).encode(),
            lambda: line.replace(b'"type"', b'"\\u0074ype"'),
            lambda: b'{"type":"end",' + line[1:],
            lambda: line + b" ",
            lambda: line + b"\r",
            lambda: b"\xef\xbb\xbf" + line,
            line.upper,
            lambda: line.replace(b'"0x', b'"0X', 1),
            lambda: line[:-1] + b",}",
            lambda: line + b"\n",
            lambda: line.decode().encode("utf-16"),
            lambda: b"[" + line + b"]",
            lambda: b"[" * random.choice((10, 300, 5000, 200_000)) + line,
        )
    )()
    return ended(lines)


# Records: whole lines left out, doubled, moved, or taken from another file.


def records(random: Random, valid: Material) -> bytes:
    """Drop, double, swap, move, or replace whole records; the end record fits."""
    lines = list(valid.lines)
    at, to = random.randrange(len(lines)), random.randrange(len(lines))
    other = random.choice(valid.foreign)
    match random.randrange(7):
        case 0:
            del lines[at]
        case 1:
            lines.insert(to, lines[at])
        case 2:
            lines[at], lines[to] = lines[to], lines[at]
        case 3:
            lines.insert(to, lines.pop(at))
        case 4:
            lines[at] = other
        case 5:
            lines.insert(at, other)
        case _:
            low, high = sorted((at, to))
            lines[low : high + 1] = reversed(lines[low : high + 1])
    return ended(lines)


# RLP: headers and trie nodes, decoded, changed, encoded again.


def _changed_item(random: Random, item: Any) -> Any:
    if not isinstance(item, list) or not item or random.random() < 0.2:
        return _other_item(random, item)
    place, other = random.randrange(len(item)), random.randrange(len(item))
    before, after = item[:place], item[place + 1 :]
    match random.randrange(8):
        case 0:
            return before + after
        case 1:
            return [*item[: place + 1], *item[place:]]
        case 2:
            made = list(item)
            made[place], made[other] = made[other], made[place]
            return made
        case _:
            return [*before, _changed_item(random, item[place]), *after]


def _other_item(random: Random, item: Any) -> Any:
    data = item if isinstance(item, bytes) else b"list"
    size = random.choice((1, 8, 9, 20, 32, 33, 65))
    shaken = damaged(random, data) if data else b"\x01"
    return random.choice((b"", [], data + b"\0", b"\0" + data, random.randbytes(size), shaken))


def _rlp_change(random: Random, data: bytes) -> bytes:
    if random.random() < 0.1:
        return random.choice((data + b"\0", data[:-1], b"\xc0", b"\xf8" + data, b"\xc1" * 500 + data))
    encoded: bytes = rlp.encode(_changed_item(random, rlp.decode(data)))
    return encoded


def header_rlp(random: Random, valid: Material) -> bytes:
    """Change a field of a header, unsigned; the end record fits."""
    lines = list(valid.lines)
    at = random.choice([n for n, line in enumerate(lines) if line.startswith(b'{"rlp"')])
    lines[at] = _hexed_header(_rlp_change(random, bytes.fromhex(json.loads(lines[at])["rlp"][2:])))
    return ended(lines)


def _hexed_header(data: bytes) -> bytes:
    return b'{"rlp":"0x%s","type":"header"}' % data.hex().encode()


def trie_node(random: Random, valid: Material) -> bytes:
    """Change a node of a trie, put into its place in the order; the end record fits."""
    lines = list(valid.lines)
    at = random.choice([n for n, line in enumerate(lines) if b'"nodes"' in line[:2000]])
    record = json.loads(lines[at])
    place = random.randrange(len(record["nodes"]))
    changed = _rlp_change(random, bytes.fromhex(record["nodes"][place][2:]))
    record["nodes"][place] = "0x" + changed.hex()
    if random.random() < 0.9:
        record["nodes"].sort()
    lines[at] = canonical(record)
    return ended(lines)


MUTATORS: dict[str, tuple[Mutator, int]] = {
    "stored bytes": (stored_bytes, 1800),
    "gzip header": (gzip_header, 400),
    "plain bytes": (plain_bytes, 1000),
    "line bytes": (line_bytes, 1500),
    "digits": (digits, 1500),
    "json values": (json_value, 1800),
    "list order": (list_order, 300),
    "spelling": (spelling, 500),
    "records": (records, 800),
    "headers": (header_rlp, 700),
    "trie nodes": (trie_node, 700),
}
"""By class, the mutator, and how many of its mutations there are; the tests run a part of them."""
