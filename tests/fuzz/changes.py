"""Changes that fit several targets: of bytes, and of JSON documents."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

from tests.proofs.mutations import damaged

HOSTILE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    1e400,
    2**53 + 1,
    2**256,
    10**5000,
    "",
    " ",
    "0x",
    "0X00",
    "0x" + "f" * 65,
    "\x00",
    "\x1b[2Jverified\n",
    "\u202egnp.exe",
    "=cmd|' /C calc'!A0",
    "\ud800",
    "../../etc/passwd",
    "a" * 70_000,
    "NaN",
    "-1 kg",
    "1e99 t",
    "9" * 400 + " t",
    "latest",
    "9999-12-31T23:59:59Z",
    "2026-02-30",
    [],
    {},
    [[[[[[[[]]]]]]]],
    {"": {"": {"": {}}}},
)


def changed_document(random: Random, document: Any) -> Any:
    """A copy with one value replaced, left out, doubled, moved, or with an unknown field."""
    found = copy.deepcopy(document)
    places = list(_places(found))
    if not places:
        return random.choice(HOSTILE)
    holder, key = random.choice(places)
    match random.randrange(6):
        case 0 | 1:
            holder[key] = random.choice(HOSTILE)
        case 2:
            del holder[key]
        case 3:
            other, from_key = random.choice(places)
            holder[key] = copy.deepcopy(other[from_key])
        case 4 if isinstance(holder, dict):
            holder[random.choice(("x", "__proto__", str(key).upper()))] = holder[key]
        case 4:
            holder.insert(random.randrange(len(holder) + 1), copy.deepcopy(holder[key]))
        case _:
            holder[key] = _like(random, holder[key])
    return found


def text_of(random: Random, document: Any) -> bytes:
    """A document as JSON, sometimes as another program would write it."""
    try:
        return json.dumps(document, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    except ValueError:  # Python writes no integer of more than 4,300 digits
        return b"1" * 5_000


def few_changes(random: Random, data: bytes) -> bytes:
    """Data with one to three changes of its bytes."""
    for _ in range(random.choice((1, 1, 2, 3))):
        data = damaged(random, data) if data else random.randbytes(3)
    return data


def _places(value: Any) -> Any:
    if isinstance(value, dict | list):
        for key, each in list(value.items()) if isinstance(value, dict) else list(enumerate(value)):
            yield value, key
            yield from _places(each)


def _like(random: Random, value: Any) -> Any:
    """Something that looks like the value."""
    match value:
        case bool():
            return not value
        case int():
            return value + random.choice((-1, 1, 2**32, 2**64, -(2**70)))
        case str() if value:
            at = random.randrange(len(value))
            return value[:at] + random.choice("0x9aZ \n\u00e9\u200b") + value[at + random.randrange(2) :]
        case _:
            return [value]
