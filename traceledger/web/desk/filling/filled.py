"""An operation as what is typed into its form, so that a draft can be mended where it was made.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> fields_of({"op": "split", "batch": "A", "into": [{"batch": "B", "mass": "2.5 t"}]}, ENGLISH)
    {'batch': 'A', 'into.0.batch': 'B', 'into.0.mass.amount': '2.5', 'into.0.mass.unit': 't'}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from traceledger.languages import Language
from traceledger.operations.catalogue import by_name
from traceledger.operations.declared import Declared, declared
from traceledger.operations.fields import Form
from traceledger.pages.formats import cldr
from traceledger.web.desk.filling.reading import HIDDEN, LISTED

_AMOUNTS = frozenset({Form.MASS, Form.EMISSIONS, Form.SUBSTANCE_MASSES, Form.LOSSES})


def fields_of(document: Mapping[str, Any], language: Language) -> dict[str, str]:
    """The fields of the form that says an operation.

    Args:
        document: as a line of a file has it, with quantities as text.
        language: of the page, in which numbers are written.
    """
    kind = by_name(str(document["op"]))
    return dict(_fields(declared(kind), document, "", language))


def _fields(
    fields: tuple[Declared, ...], document: Mapping[str, Any], prefix: str, language: Language
) -> Iterator[tuple[str, str]]:
    for each in fields:
        if each.word in document and each.word not in HIDDEN:
            yield from _typed(each, document[each.word], f"{prefix}{each.word}", language)


def _typed(each: Declared, value: Any, path: str, language: Language) -> Iterator[tuple[str, str]]:
    if each.parts:
        for line, part in enumerate(value):
            yield from _fields(each.parts, part, f"{path}.{line}.", language)
    elif each.value.form in _AMOUNTS:
        yield from _amounts(each, value, path, language)
    elif each.value.form in (Form.EVIDENCE, Form.PAIRS):
        for line, item in enumerate(value):
            yield from ((f"{path}.{line}.{name}", str(text)) for name, text in item.items())
    elif each.value.form is Form.RECORD:
        kind = next(word for word in value if word != "lots")
        yield from ((f"{path}.kind", kind), (f"{path}.name", value[kind]))
        yield from ((f"{path}.lots.{line}", lot) for line, lot in enumerate(value.get("lots", ())))
    elif each.many:
        yield from ((f"{path}.{line}", str(text)) for line, text in enumerate(value))
    else:
        yield from _plain(each, value, path)


def _plain(each: Declared, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if each.value.form is Form.FLAG:
        if value:
            yield path, "yes"
    elif each.value.form is Form.TIME:
        yield path, moment(str(value))
    else:
        yield path, str(value)


def moment(text: str) -> str:
    """A moment of an operation as a form has it."""
    return text.removesuffix("Z").removesuffix(":00")


def _amounts(each: Declared, value: Any, path: str, language: Language) -> Iterator[tuple[str, str]]:
    if each.value.form is Form.MASS:
        yield from _amount(value, path, language)
    elif each.value.form is Form.EMISSIONS:
        for name, amount in value.items():
            yield from _amount(amount, f"{path}.{name}", language)
    else:
        yield from _masses(each, value, path, language)


def _masses(each: Declared, value: Any, path: str, language: Language) -> Iterator[tuple[str, str]]:
    if each.value.form is Form.LOSSES:
        yield f"{path}.how", value if isinstance(value, str) else LISTED
    for line, (name, amount) in enumerate(value.items() if isinstance(value, Mapping) else ()):
        yield f"{path}.{line}.substance", str(name)
        yield from _amount(amount, f"{path}.{line}", language)


def _amount(value: object, path: str, language: Language) -> Iterator[tuple[str, str]]:
    number, _, unit = str(value).partition(" ")
    yield f"{path}.amount", number.replace(".", cldr(language.code)["decimal"])
    yield f"{path}.unit", unit.removesuffix(" CO2e") or "mg"
