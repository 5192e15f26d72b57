"""What was typed into the form of an operation, as the operation of a file; or every fault, by field.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> from traceledger.operations.catalogue import by_name
    >>> fields = {"batch": "KOL-1", "into.0.batch": "A", "into.0.mass.amount": "20", "into.0.mass.unit": "t",
    ...           "at": "2026-01-17T06:00"}
    >>> document_of(by_name("split"), Given(fields), ENGLISH).document["into"]
    [{'batch': 'A', 'mass': '20 t'}]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from traceledger.errors import InputError
from traceledger.languages import Language
from traceledger.languages.phrases import phrase
from traceledger.model.emissions import EMISSION_FIELDS
from traceledger.operations.base import Base
from traceledger.operations.catalogue import name_of, parsed
from traceledger.operations.declared import Declared, declared
from traceledger.operations.fields import Form
from traceledger.web.desk.filling.given import Given
from traceledger.web.desk.filling.numbers import plain

HIDDEN = frozenset({"historic", "as"})
"""Fields that no form asks for: who acts is the desk's participant."""
LISTED = "listed"
"""Of losses: those that are listed."""
_DIGITS = 20
_LISTS = frozenset({Form.SUBSTANCE_MASSES, Form.LOSSES, Form.EVIDENCE, Form.PAIRS})


@dataclass(frozen=True, slots=True)
class Read:
    """What a form says.

    Attributes:
        given: what was typed, without blank lines.
        document: the operation as a line of a file has it, as far as it could be read.
        faults: what is wrong, each with the path of its field.
    """

    given: Given
    document: Mapping[str, Any]
    faults: tuple[InputError, ...] = ()


@dataclass(slots=True)
class _Reader:
    given: Given
    language: Language
    faults: list[InputError] = field(default_factory=list)

    def amount(self, prefix: str) -> str | None:
        """A number and its unit; ``None``: nothing was typed."""
        try:
            return amount(self.given, prefix, self.language)
        except InputError as error:
            self.faults.append(InputError(error.what, hint=error.hint, where=prefix))
            return None


def amount(given: Given, prefix: str, language: Language) -> str | None:
    """A number and its unit as operations have them; ``None``: nothing was typed.

    Raises:
        InputError: the number may mean two.
    """
    text = given.text(f"{prefix}.amount")
    return f"{plain(text, language)} {given.text(f'{prefix}.unit') or 't'}" if text else None


def moment(text: str) -> str:
    """A moment of a form, which is UTC; as it was typed where it already says its zone, or is none."""
    if text.endswith("Z") or "T" not in text:
        return text
    return f"{text}:00Z" if text.count(":") == 1 else f"{text}Z"


def document_of(kind: type[Base], given: Given, language: Language, *, act_as: str | None = None) -> Read:
    """The operation that a form says.

    Args:
        kind: its class.
        given: what was typed.
        language: of the page, in which numbers are written.
        act_as: short name of the participant that acts.
    """
    given = given.compact(frozenset(lists_of(kind)))
    reader = _Reader(given, language)
    document: dict[str, Any] = {"op": name_of(kind)}
    if act_as is not None:
        document["as"] = act_as
    document |= _fields(declared(kind), "", reader)
    found = parsed(document)
    faults = [*reader.faults]
    told = {str(fault.where) for fault in faults}
    if isinstance(found, list):
        faults += [_placed(fault, given) for fault in found if str(fault.where) not in told]
    return Read(given, document, tuple(faults))


def lists_of(kind: type) -> Iterator[str]:
    """The paths of all lists in the form of an operation."""
    for each in declared(kind):
        yield from _lists(each, each.word)


def _lists(each: Declared, path: str) -> Iterator[str]:
    if each.many or each.value.form in _LISTS:
        yield path
    if each.value.form is Form.RECORD:
        yield f"{path}.lots"
    for part in each.parts:
        yield from _lists(part, f"{path}.*.{part.word}")


def _fields(fields: tuple[Declared, ...], prefix: str, reader: _Reader) -> dict[str, Any]:
    found = {}
    for each in fields:
        if each.word in HIDDEN:
            continue
        value = _value(each, f"{prefix}{each.word}", reader)
        if value is not None:
            found[each.word] = value
    return found


def _value(each: Declared, path: str, reader: _Reader) -> Any:
    """What was typed into a field, as a file has it; ``None``: nothing."""
    given = reader.given
    if each.parts:
        lines = range(given.lines(path))
        return [_fields(each.parts, f"{path}.{line}.", reader) for line in lines] or None
    special = _READ.get(each.value.form)
    if special is not None:
        return special(path, reader)
    if each.many:
        return [given.text(f"{path}.{line}") for line in range(given.lines(path))] or None
    return given.text(path) or None


def _time(path: str, reader: _Reader) -> str | None:
    return moment(reader.given.text(path)) or None


def _flag(path: str, reader: _Reader) -> bool | None:
    return True if reader.given.text(path) else None


def _integer(path: str, reader: _Reader) -> int | str | None:
    text = reader.given.text(path)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else text or None


def _losses(path: str, reader: _Reader) -> dict[str, str] | str | None:
    how = reader.given.text(f"{path}.how")
    return _masses(path, reader) if how == LISTED else how or None


def _emissions(path: str, reader: _Reader) -> dict[str, str] | None:
    amounts = {name: reader.amount(f"{path}.{name}") for name in EMISSION_FIELDS}
    return {name: amount for name, amount in amounts.items() if amount is not None} or None


def _masses(path: str, reader: _Reader) -> dict[str, str] | None:
    found = dict[str, str]()
    for line in range(reader.given.lines(path)):
        name, amount = reader.given.text(f"{path}.{line}.substance"), reader.amount(f"{path}.{line}")
        if not name and amount is not None:
            what = phrase("which substance this is of is missing")
            reader.faults.append(InputError(what, where=f"{path}.{line}"))
        elif name in found:
            reader.faults.append(
                InputError(phrase("{name} is given twice", name=name), where=f"{path}.{line}")
            )
        elif amount is None and not any(str(fault.where) == f"{path}.{line}" for fault in reader.faults):
            what = phrase("how much of {name} is missing", name=name)
            reader.faults.append(InputError(what, where=f"{path}.{line}"))
        elif amount is not None:
            found[name] = amount
    return found or None


def _lines(*names: str) -> Callable[[str, _Reader], list[dict[str, str]] | None]:
    def read(path: str, reader: _Reader) -> list[dict[str, str]] | None:
        given = reader.given
        lines = range(given.lines(path))
        return [{name: given.text(f"{path}.{line}.{name}") for name in names} for line in lines] or None

    return read


def _record(path: str, reader: _Reader) -> dict[str, Any] | None:
    given = reader.given
    kind, name = given.text(f"{path}.kind"), given.text(f"{path}.name")
    if not kind or not name:
        return None
    lots = [given.text(f"{path}.lots.{line}") for line in range(given.lines(f"{path}.lots"))]
    return {kind: name} | ({"lots": lots} if lots else {})


def _placed(fault: InputError, given: Given) -> InputError:
    """A fault at the field that it is about, where its sentence begins with it: ``Co: …``, ``scope1: …``."""
    name, colon, rest = fault.what.partition(": ")
    where = str(fault.where)
    if not colon or not where:
        return fault
    if name in EMISSION_FIELDS:
        return InputError(rest, hint=fault.hint, where=f"{where}.{name}")
    for line in range(given.lines(where)):
        if given.text(f"{where}.{line}.substance") == name:
            return InputError(rest, hint=fault.hint, where=f"{where}.{line}")
    return fault


_READ: Mapping[Form, Callable[[str, _Reader], Any]] = {
    Form.MASS: lambda path, reader: reader.amount(path),
    Form.SUBSTANCE_MASSES: _masses,
    Form.LOSSES: _losses,
    Form.EMISSIONS: _emissions,
    Form.EVIDENCE: _lines("uri", "sha256"),
    Form.PAIRS: _lines("scheme", "value"),
    Form.RECORD: _record,
    Form.FLAG: _flag,
    Form.TIME: _time,
    Form.INTEGER: _integer,
}
