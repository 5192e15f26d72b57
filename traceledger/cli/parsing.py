"""How things with several parts are written in one option.

Example:
    >>> named_masses(["katanga/KOL-1=10 t", "katanga/KOL-2"], "--input")
    {'katanga/KOL-1': '10 t', 'katanga/KOL-2': None}
    >>> outputs(["COS-88,material=cobalt-sulfate,mass=16 t,Co=3.36 t"], "--output")[0]["substances"]
    {'Co': '3.36 t'}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from traceledger.errors import InputError
from traceledger.model.hexadecimal import parsed_address, parsed_id
from traceledger.model.substances import number
from traceledger.model.units import parse_percent

T = TypeVar("T")
_MASS = re.compile(r"-?\d[\d.]*\s*[A-Za-zµ]*", re.ASCII)
_SHA256 = re.compile(r"(0x)?[0-9a-fA-F]{64}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_BLOCK = re.compile(r"\d{1,20}", re.ASCII)


def parsed(parse: Callable[[Sequence[str], str], T]) -> Callable[[Any, click.Parameter, Any], T]:
    """The callback of an option that is read so; ``parse`` gets its values and its name."""

    def callback(_: click.Context, option: click.Parameter, values: Sequence[str]) -> T:
        return parse(values, max(option.opts, key=len))

    return callback


def block_number(text: str) -> int | None:
    """The number of a block, as it is typed; ``None`` where it is none, or longer than any can be."""
    return int(text) if _BLOCK.fullmatch(text) else None


def named_masses(values: Sequence[str], option: str) -> dict[str, str | None]:
    """``NAME=MASS`` each, or the name alone. A name may hold ``=`` itself.

    Raises:
        InputError: a name is given twice.
    """
    found: dict[str, str | None] = {}
    for value in values:
        name, equals, mass = value.rpartition("=")
        if not (equals and name and _MASS.fullmatch(mass.strip())):
            name, mass = value, ""
        if name in found:
            raise InputError(f"{name!r} is given twice", where=option)
        found[name] = mass or None
    return found


def masses(values: Sequence[str], option: str) -> dict[str, str]:
    """``NAME=MASS`` each.

    Raises:
        InputError: a name is given twice, or has no mass.
    """
    found: dict[str, str] = {}
    for name, mass in named_masses(values, option).items():
        if mass is None:
            raise InputError(f"{name!r} has no mass", where=option, hint="write NAME=MASS, the mass as 10t")
        found[name] = mass
    return found


def countries(values: Sequence[str], option: str) -> dict[str, frozenset[str]]:
    """``allow=CC,CC`` or ``deny=CC,CC`` each; by ``allow`` and ``deny``, all country codes given.

    Raises:
        InputError: something else is written, or there is no such country.
    """
    found: dict[str, frozenset[str]] = {}
    for value in values:
        rule, _, codes = value.partition("=")
        listed = [code.strip().upper() for code in codes.split(",")]
        if rule not in ("allow", "deny") or not all(_COUNTRY.fullmatch(code) for code in listed):
            raise InputError(
                f"{value!r} is no rule for countries", where=option, hint="write allow=AU,CA or deny=CD"
            )
        for code in listed:
            _require_country(code, option)
        found[rule] = found.get(rule, frozenset()) | frozenset(listed)
    return found


def _require_country(code: str, option: str) -> None:
    from traceledger.model.countries import require

    try:
        require(code)
    except InputError as error:
        raise InputError(error.what, where=option, hint=error.hint) from None


def percents(values: Sequence[str], option: str) -> dict[int, int]:
    """``SUBSTANCE=PERCENT`` each; by substance number, basis points.

    Raises:
        InputError: a substance is unknown or given twice, or has no percentage.
    """
    found: dict[int, int] = {}
    for value in values:
        name, percent = _pair(value, option, "SUBSTANCE=PERCENT")
        substance = number(name)
        if substance in found:
            raise InputError(f"{name!r} is given twice", where=option)
        found[substance] = parse_percent(percent)
    return found


def children(values: Sequence[str], option: str) -> list[dict[str, str]]:
    """The batches to split off, ``NAME=MASS`` each.

    Raises:
        InputError: a name is given twice, or has no mass.
    """
    return [{"batch": name, "mass": mass} for name, mass in masses(values, option).items()]


def inputs(values: Sequence[str], option: str) -> list[dict[str, str]]:
    """The batches to take from, ``NAME`` or ``NAME=MASS`` each.

    Raises:
        InputError: a name is given twice.
    """
    named = named_masses(values, option)
    return [{"batch": name} | ({"mass": mass} if mass else {}) for name, mass in named.items()]


def substances(values: Sequence[str], option: str) -> dict[str, str]:
    """``Co=8.4t`` each: masses by substance.

    Raises:
        InputError: a value has no ``=``, or a substance is given twice.
    """
    found: dict[str, str] = {}
    for value in values:
        substance, mass = _pair(value, option, "SUBSTANCE=MASS, for instance Co=8.4t")
        if substance in found:
            raise InputError(f"{substance} is given twice", where=option)
        found[substance] = mass
    return found


def losses(values: Sequence[str], option: str) -> dict[str, str] | str:
    """``balance`` alone, or losses by substance.

    Raises:
        InputError: it is not understood.
    """
    return "balance" if list(values) == ["balance"] else substances(values, option)


def outputs(values: Sequence[str], option: str) -> list[dict[str, Any]]:
    """Outputs of a transformation: ``NAME,material=…,mass=…[,weight=…][,SUBSTANCE=MASS…]`` each.

    Raises:
        InputError: a part is not understood.
    """
    return [_output(value, option) for value in values]


def _output(value: str, option: str) -> dict[str, Any]:
    name, *parts = value.split(",")
    pairs = [_pair(part, option, "NAME,material=…,mass=…,Co=3.36t") for part in parts]
    made: dict[str, Any] = {key: text for key, text in pairs if key in ("material", "mass")}
    weights = [text for key, text in pairs if key == "weight"]
    if weights:
        made["weight"] = _weight(weights[-1], option)
    held = [f"{key}={text}" for key, text in pairs if key not in ("material", "mass", "weight")]
    return {"batch": name, **made, "substances": substances(held, option)}


def answers(values: Sequence[str], option: str) -> dict[str, Any]:
    """What is said of lots: ``BATCH=received``, ``BATCH=refused`` or ``BATCH=[MASS][,difference=…][,Co=…]``.

    Raises:
        InputError: a lot is named twice, or a part is not understood.
    """
    found: dict[str, Any] = {}
    for value in values:
        lot, said = _pair(value, option, "BATCH=received, BATCH=refused or BATCH=19.9t,difference=moisture")
        if lot in found:
            raise InputError(f"{lot!r} is given twice", where=option)
        found[lot] = said if said in ("received", "refused") else _measured(said, option)
    return found


def words(values: Sequence[str], option: str) -> dict[str, str]:
    """``WORD=VALUE`` each.

    Raises:
        InputError: a word is given twice, or has no value.
    """
    pairs = [_pair(value, option, "WORD=VALUE") for value in values]
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InputError("a word is given twice", where=option)
    return found


def _measured(said: str, option: str) -> dict[str, Any]:
    first, *rest = said.split(",")
    mass, parts = ({}, [first, *rest]) if "=" in first else ({"mass": first.strip()}, rest)
    pairs = dict(_pair(part, option, "difference=moisture or Co=7.03t") for part in parts)
    difference = {"difference": pairs.pop("difference")} if "difference" in pairs else {}
    return {**mass, **difference, **({"substances": pairs} if pairs else {})}


def record(values: Sequence[str], option: str) -> dict[str, Any]:
    """A record by its kind, ``KIND=NAME``; of a receipt, some of its lots as ``lot=BATCH`` each.

    Raises:
        InputError: it is not understood.
    """
    pairs = [_pair(value, option, "KIND=NAME, for instance mint=katanga/KOL-1") for value in values]
    lots = [name for kind, name in pairs if kind == "lot"]
    return {kind: name for kind, name in pairs if kind != "lot"} | ({"lots": lots} if lots else {})


def evidence(values: Sequence[str], option: str) -> list[dict[str, str]]:
    """``URI=SHA256`` or ``URI=@FILE`` each.

    Raises:
        InputError: neither, or the file cannot be read.
    """
    found = []
    for value in values:
        uri, _, digest = value.rpartition("=")
        if uri and digest.startswith("@"):
            from traceledger.storage.files import digest_of

            digest = digest_of(Path(digest[1:]))
        if not uri or not _SHA256.fullmatch(digest):
            raise InputError(f"{value!r} is not evidence", where=option, hint="write URI=SHA256 or URI=@FILE")
        found.append({"uri": uri, "sha256": digest})
    return found


def address(text: str, option: str) -> bytes:
    """A 20-byte address, given as 0x and 40 hexadecimal digits.

    Raises:
        InputError: it is none.
    """
    found = parsed_address(text)
    if found is None:
        raise InputError(f"{text!r} is not an address", where=option, hint="0x and 40 hexadecimal digits")
    return found


def node_name(text: str) -> str:
    """A name for a node, or for a network: it also names folders and services.

    Raises:
        InputError: it is none.
    """
    if re.fullmatch("[a-z0-9][a-z0-9-]{0,31}", text) is None:
        raise InputError(f"{text!r} is not a name here", hint="use a-z, 0-9 and '-'")
    return text


def _pair(value: str, option: str, form: str) -> tuple[str, str]:
    key, equals, text = value.partition("=")
    if not (key.strip() and equals and text.strip()):
        raise InputError(f"{value!r} is not understood", where=option, hint=f"write {form}")
    return key.strip(), text.strip()


def _weight(text: str, option: str) -> int:
    from traceledger.operations.readers import integer

    try:
        return integer("a weight", 1)(text)
    except InputError as error:
        raise InputError(error.what, where=option, hint=error.hint) from None


def ids(values: Sequence[str], option: str) -> frozenset[int]:
    """Ids as ``0x`` and 64 hexadecimal digits each.

    Raises:
        InputError: one is not.
    """
    found = {value: parsed_id(value) for value in values}
    wrong = next((value for value, number in found.items() if number is None), None)
    if wrong is not None:
        raise InputError(f"{wrong!r} is not an id", where=option, hint="0x and 64 hexadecimal digits")
    return frozenset(number for number in found.values() if number is not None)
