"""One event of a document, from JSON to a typed value, or the faults for which it is not taken.

In this order: its shape by the schema, then the rules that no schema can state, then its fields, each with
the place that it stands at. All faults of the first step that finds some are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from traceledger.errors import InputError
from traceledger.interop.epcis import identifiers, rules, times
from traceledger.interop.epcis import vocabulary as words
from traceledger.interop.epcis.contexts import Context
from traceledger.interop.epcis.event_hash import hashed
from traceledger.interop.epcis.events import (
    Action,
    ErrorDeclaration,
    Event,
    EventType,
    Party,
    Persistent,
    Quantity,
    Refused,
    Transaction,
)
from traceledger.interop.epcis.extension import Extension, Reader
from traceledger.interop.epcis.faults import Fault, escaped
from traceledger.interop.epcis.schema import KINDS, OWN, Shape
from traceledger.interop.epcis.schema.faults import plain
from traceledger.interop.epcis.vocabulary import Vocabulary

_SHAPES = {name: Shape(kind) for name, kind in KINDS.items()}
_OWN = Shape(OWN)
_SHOWN = 100


def read(
    value: Any, number: int, pointer: str, context: Context, left_out: tuple[str, ...] = ()
) -> Event | Refused:
    """An event, or why it is refused.

    Args:
        value: as the document has it, numbers exact.
        number: its place in the document, from 1.
        pointer: JSON Pointer of it in the document.
        context: of the document; the event's own is read here.
        left_out: full names of fields that take no part in the event hash.
    """
    kind = value.get("type") if isinstance(value, Mapping) else None
    shape = _SHAPES.get(kind, _OWN) if isinstance(kind, str) else _OWN
    try:
        found: list[Fault] = [*shape.faults(plain(value), pointer)] or rules.faults(value, pointer)
        if not found:
            return _read(value, number, pointer, context, left_out)
    except InputError as error:
        found = [Fault(error.where or pointer, error.what, error.hint)]
    except _FaultyError as faulty:
        found = faulty.faults
    return refused(value, number, pointer, found)


def refused(value: Any, number: int, pointer: str, faults: Iterable[Fault]) -> Refused:
    """An event with faults, by what can be read of it; arguments as of :func:`read`."""
    event_id = value.get("eventID") if isinstance(value, Mapping) else None
    known = event_id if isinstance(event_id, str) else None
    return Refused(number, pointer, tuple(faults), known, _kind_of(value))


def _kind_of(value: Any) -> str:
    """Type, action and business step of an event that may be at fault, as far as they can be read."""
    named = value if isinstance(value, Mapping) else {}
    name, action, step = (named.get(each) for each in ("type", "action", "bizStep"))
    try:
        word = words.read(step, Vocabulary.BIZ_STEP) if isinstance(step, str) else ""
    except InputError:
        word = ""
    legible = (
        name[:_SHOWN] if isinstance(name, str) else "",
        action if action in tuple(Action) else "",
        word,
    )
    return " ".join(each for each in legible if each)


class _FaultyError(Exception):
    """An event has faults."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


def _read(
    value: Mapping[str, Any], number: int, pointer: str, context: Context, left_out: tuple[str, ...]
) -> Event:
    if "@context" in value:
        context = context.extended(value["@context"], f"{pointer}/@context")
    fields = _Fields(value, pointer, context)
    event = _event(fields, number)
    if fields.faults:
        raise _FaultyError(fields.faults)
    return replace(event, hash=hashed(value, context, left_out))


_SETS = ("epcList", "inputEPCList", "outputEPCList")
"""Lists that hold each thing once: two notations of one thing are one thing."""


class _Fields:
    """The fields of an object of a document, and the faults found while reading them."""

    def __init__(
        self,
        value: Mapping[str, Any],
        pointer: str,
        context: Context,
        faults: list[Fault] | None = None,
    ) -> None:
        self.value, self.pointer, self.context = value, pointer, context
        self.faults: list[Fault] = [] if faults is None else faults

    def within(self, value: Mapping[str, Any], *parts: str | int) -> _Fields:
        """The fields of an object within this one."""
        return _Fields(value, self._place(*parts), self.context, self.faults)

    def text(self, name: str) -> str | None:
        """A field as it is."""
        found = self.value.get(name)
        return found if isinstance(found, str) else None

    def identifier(self, name: str) -> str | None:
        """An identifier, canonical."""
        found: str | None = self._read(name, self._canonical)
        return found

    def identifiers(self, name: str) -> tuple[str, ...]:
        """A list of identifiers, canonical."""
        found = self.value.get(name, ())
        listed = [found] if isinstance(found, str) else found
        read = [self._tried(each, self._canonical, name, place) for place, each in enumerate(listed)]
        made = [each for each in read if each is not None]
        return tuple(dict.fromkeys(made)) if name in _SETS else tuple(made)

    def word(self, name: str, vocabulary: Vocabulary) -> str | None:
        """A word of a standard vocabulary or a private URI."""
        found: str | None = self._read(name, lambda text: words.read(self.context.full(text), vocabulary))
        return found

    def words(self, name: str, vocabulary: Vocabulary) -> tuple[str, ...]:
        """A list of these."""
        read = (
            self._tried(each, lambda text: words.read(self.context.full(text), vocabulary), name, place)
            for place, each in enumerate(self.value.get(name, ()))
        )
        return tuple(each for each in read if each is not None)

    def seconds(self, name: str) -> int:
        """A time, in UTC seconds; 0 where it is at fault."""
        return self._read(name, lambda text: times.read(text).seconds) or 0

    def objects(self, name: str) -> list[_Fields]:
        """The objects of a list."""
        return [self.within(each, name, place) for place, each in enumerate(self.value.get(name, ()))]

    def named(self) -> dict[str, Any]:
        """All fields by their full names; those of no namespace stay away."""
        full = ((self.context.expanded(name), value) for name, value in self.value.items())
        return {name: self._unfolded(value) for name, value in full if name and ":" in name}

    def _unfolded(self, value: Any) -> Any:
        match value:
            case Mapping():
                full = {self.context.expanded(name) or name: inner for name, inner in value.items()}
                return {name: self._unfolded(inner) for name, inner in full.items()}
            case list():
                return [self._unfolded(inner) for inner in value]
            case _:
                return value

    def _canonical(self, text: str) -> str:
        return identifiers.canonical(self.context.full(text))

    def _read(self, name: str, read: Callable[[str], Any]) -> Any:
        return self._tried(self.value[name], read, name) if name in self.value else None

    def _tried(self, value: str, read: Callable[[str], Any], *parts: str | int) -> Any:
        try:
            return read(value)
        except InputError as error:
            self.faults.append(Fault(self._place(*parts), error.what, error.hint))
            return None

    def _place(self, *parts: str | int) -> str:
        return self.pointer + "".join(f"/{escaped(part)}" for part in parts)


def _event(fields: _Fields, number: int) -> Event:
    value = fields.value
    name = str(value["type"])
    ilmd = fields.within(value["ilmd"], "ilmd").named() if "ilmd" in value and name in KINDS else {}
    action = fields.text("action") if name in KINDS else None
    common = Event(
        number=number,
        pointer=fields.pointer,
        type=EventType(name) if name in KINDS else EventType.OWN,
        type_name=name,
        at=fields.seconds("eventTime"),
        offset=str(value["eventTimeZoneOffset"]),
        hash="",
        raw=value,
        action=Action(action) if action else None,
        event_id=fields.text("eventID"),
        error=_error(fields),
        certification=fields.identifiers("certificationInfo"),
        ilmd=ilmd,
        extension=_extension(fields, "ilmd" if name in KINDS else ""),
    )
    return _business(common, fields) if name in KINDS else common


def _business(event: Event, fields: _Fields) -> Event:
    return replace(
        event,
        biz_step=fields.word("bizStep", Vocabulary.BIZ_STEP),
        disposition=fields.word("disposition", Vocabulary.DISPOSITION),
        persistent=_persistent(fields),
        read_point=_place(fields, "readPoint"),
        biz_location=_place(fields, "bizLocation"),
        epcs=fields.identifiers("epcList"),
        quantities=_quantities(fields, "quantityList"),
        input_epcs=fields.identifiers("inputEPCList"),
        input_quantities=_quantities(fields, "inputQuantityList"),
        output_epcs=fields.identifiers("outputEPCList"),
        output_quantities=_quantities(fields, "outputQuantityList"),
        transformation_id=fields.identifier("transformationID"),
        parent=fields.identifier("parentID"),
        children=fields.identifiers("childEPCs"),
        child_quantities=_quantities(fields, "childQuantityList"),
        sources=_parties(fields, "sourceList", "source"),
        destinations=_parties(fields, "destinationList", "destination"),
        transactions=_transactions(fields),
    )


def _quantities(fields: _Fields, name: str) -> tuple[Quantity, ...]:
    return tuple(
        Quantity(each.identifier("epcClass") or "", _amount(each.value), each.text("uom"))
        for each in fields.objects(name)
    )


def _amount(value: Mapping[str, Any]) -> Decimal | None:
    return Decimal(value["quantity"]) if "quantity" in value else None


def _parties(fields: _Fields, name: str, which: str) -> tuple[Party, ...]:
    return tuple(
        Party(each.word("type", Vocabulary.SOURCE_OR_DESTINATION) or "", each.identifier(which) or "")
        for each in fields.objects(name)
    )


def _transactions(fields: _Fields) -> tuple[Transaction, ...]:
    return tuple(
        Transaction(each.word("type", Vocabulary.TRANSACTION), each.identifier("bizTransaction") or "")
        for each in fields.objects("bizTransactionList")
    )


def _persistent(fields: _Fields) -> Persistent:
    value = fields.value.get("persistentDisposition", {})
    inner = fields.within(value, "persistentDisposition")
    return Persistent(
        inner.words("set", Vocabulary.DISPOSITION), inner.words("unset", Vocabulary.DISPOSITION)
    )


def _place(fields: _Fields, name: str) -> str | None:
    return fields.within(fields.value[name], name).identifier("id") if name in fields.value else None


def _error(fields: _Fields) -> ErrorDeclaration | None:
    if "errorDeclaration" not in fields.value:
        return None
    inner = fields.within(fields.value["errorDeclaration"], "errorDeclaration")
    corrective = tuple(inner.value.get("correctiveEventIDs", ()))
    return ErrorDeclaration(
        inner.seconds("declarationTime"),
        inner.word("reason", Vocabulary.ERROR_REASON),
        corrective,
        _extension(inner),
    )


def _extension(fields: _Fields, ilmd: str = "") -> Extension:
    reader = Reader(fields.context)
    terms = reader.read(fields.value, fields.pointer)
    said = fields.value.get(ilmd, {}) if ilmd else {}
    found = Extension(terms, reader.read(said, f"{fields.pointer}/{ilmd}"))
    fields.faults.extend(reader.faults)
    return found
