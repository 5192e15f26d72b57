"""What our own namespace, ``urn:traceledger:epcis:1:``, says in an event: what EPCIS has no words for.

The terms are those of docs/epcis.md. A name of the namespace that is none of them is refused, since a slip
in one would lose CO2e without a word; so is a value that is not written as its term wants it.

Example:
    >>> context = Context().extended({"tl": NAMESPACE}, "/@context")
    >>> found = Reader(context)
    >>> found.read({"tl:emissions": {"tl:scope1": "40 t"}, "tl:orgin": "mined"}, "/e")
    {'emissions': {'scope1': '40 t'}}
    >>> print(found.faults[0].sentence)
    /e/tl:orgin: our namespace has no term 'orgin' here (use tl:origin)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from traceledger.errors import InputError
from traceledger.interop.epcis.context import NAMESPACE
from traceledger.interop.epcis.contexts import Context
from traceledger.interop.epcis.faults import Fault, escaped, shown
from traceledger.interop.epcis.terms import EVENT, Form, Many, Terms, Word
from traceledger.model.units import parse_co2e, parse_mass

PREFIX = "tl"
"""By custom of :data:`~traceledger.interop.epcis.context.NAMESPACE`; documents may declare another."""


@dataclass(frozen=True, slots=True)
class Extension:
    """What an event, or an error that it declares, says in our namespace.

    Attributes:
        terms: by name without the namespace, checked; names inside without the namespace too.
        ilmd: the same of an event's ``ilmd``.
    """

    terms: Mapping[str, Any] = field(default_factory=dict)
    ilmd: Mapping[str, Any] = field(default_factory=dict)


class Reader:
    """Reads what is ours of objects of a document.

    Args:
        context: what names stand for.

    Attributes:
        faults: what was found wrong.
    """

    def __init__(self, context: Context) -> None:
        self.faults: list[Fault] = []
        self._context = context

    def read(self, value: Mapping[str, Any], pointer: str, terms: Terms = EVENT) -> dict[str, Any]:
        """What an object says in our namespace, by name without it."""
        made: dict[str, Any] = {}
        for name, said in value.items():
            full = self._context.expanded(name) or ""
            place = f"{pointer}/{escaped(name)}"
            if full.startswith(NAMESPACE):
                term = full.removeprefix(NAMESPACE)
                if term not in terms:
                    self._fault(place, f"our namespace has no term {term[:60]!r} here", _near(term, terms))
                elif said is not None:
                    made[term] = self._value(_plain(said), terms[term], place)
        return made

    def _value(self, value: Any, form: Form | Word | Many | Terms, place: str) -> Any:
        match form:
            case Form():
                return self._single(value, form, place)
            case Word():
                if isinstance(value, str) and value in form.words:
                    return value
                self._fault(place, f"{shown(value)} is not one of {', '.join(form.words)}")
            case Many():
                if value == form.instead:
                    return value
                listed = value if isinstance(value, list) else [value]
                return [self._value(_plain(each), form.of, f"{place}/{i}") for i, each in enumerate(listed)]
            case _:
                return self._object(value, form, place)
        return None

    def _object(self, value: Any, terms: Terms, place: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            self._fault(place, f"{shown(value)} is not an object", _these(terms))
            return {}
        for name in value:
            if ":" not in name and self._context.expanded(name) is None and not name.startswith("@"):
                hint = f"names inside of objects carry the prefix too, such as {PREFIX}:{name[:60]}"
                self._fault(f"{place}/{escaped(name)}", f"{name[:60]!r} is of no namespace", hint)
        return self.read(value, place, terms)

    def _single(self, value: Any, form: Form, place: str) -> Any:
        try:
            match form:
                case Form.TEXT if isinstance(value, str):
                    return value
                case Form.FLAG if isinstance(value, bool) or value in ("true", "false"):
                    return value in (True, "true")
                case Form.COUNT if isinstance(value, int | Decimal) and not isinstance(value, bool):
                    if value == int(value):
                        return int(value)
                case Form.MASS if isinstance(value, str):
                    parse_mass(value)
                    return value
                case Form.CO2E if isinstance(value, str):
                    parse_co2e(value)
                    return value
        except InputError as error:
            self._fault(place, error.what, error.hint)
            return value
        self._fault(place, f"{shown(value)} is not {form.value}")
        return None

    def _fault(self, place: str, what: str, hint: str = "") -> None:
        self.faults.append(Fault(place, what, hint))


def _plain(value: Any) -> Any:
    """A value without what JSON-LD may wrap around it."""
    if isinstance(value, Mapping) and len(value) <= 2:
        for wrapped in ("@value", "@list", "@set"):
            if wrapped in value:
                return value[wrapped]
    return value


def _near(term: str, terms: Terms) -> str:
    near = get_close_matches(term, list(terms), n=1, cutoff=0.6)
    return f"use {PREFIX}:{near[0]}" if near else _these(terms)


def _these(terms: Terms) -> str:
    return f"there are {', '.join(f'{PREFIX}:{each}' for each in terms)}"
