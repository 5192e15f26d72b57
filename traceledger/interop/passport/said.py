"""What a company's master data says of a battery, by dotted names that no format's words are in.

The names are those of docs/passport.md. What is said of the one battery stands before what is said of its
material, and that before what is said of its maker or the site where it was made.

Example:
    >>> said = Said({"voltage.nominal": Spoken(Decimal("355"), "[[batteries]] 1: voltage.nominal")})
    >>> said.number("voltage.nominal").value
    Decimal('355')
    >>> said.number("voltage.least").why
    'master data says no voltage.least'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from traceledger.errors import InputError
from traceledger.interop.passport.told import Lacking, Node, Told, from_master_data

if TYPE_CHECKING:
    from traceledger.interop.masterdata import Classes


@dataclass(frozen=True, slots=True)
class Spoken:
    """A value of master data, and where it stands: file, table and key."""

    value: Any
    where: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document held elsewhere that master data names.

    Attributes:
        kind: what it is, a word of docs/passport.md.
        url: its address.
        where: where master data says so.
        title: what it is called.
        identifier: its number, unique with its owner.
        mime: media type.
        language: BCP 47.
        version: of the document.
        sha256: of its content, 64 hexadecimal digits; empty where it is not said.
    """

    kind: str
    url: str
    where: str
    title: str = ""
    identifier: str = ""
    mime: str = ""
    language: str = ""
    version: str = ""
    sha256: str = ""

    def tell(self, attribute: str) -> Node:
        """One of its values, or that it is lacking."""
        value = getattr(self, attribute)
        if not value:
            return Lacking(f"{self.where} says no {attribute} of {self.url}")
        return from_master_data(value, f"{self.where}: {attribute}")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said.

    Attributes:
        values: by dotted name.
        documents: held elsewhere.
        classes: performance classes of the battery's category.
        owner: short name of the company whose master data it is.
        file, sha256: its file, and the hash of that.
        placed: values for documents of formats, by format and JSON Pointer, where nobody else says them.
    """

    values: Mapping[str, Spoken] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    classes: Classes | None = None
    owner: str = ""
    file: str = ""
    sha256: str = ""
    placed: Callable[[str], Mapping[str, Spoken]] = field(default=lambda _format: {})

    def has(self, name: str) -> bool:
        """Whether there is a value of that name."""
        return name in self.values

    def text(self, name: str) -> Told | Lacking:
        """A text; a day or a time of TOML is one, as ISO 8601 writes it.

        Raises:
            InputError: it is no text.
        """
        found = self.values.get(name)
        if found is not None and isinstance(found.value, date):
            return from_master_data(found.value.isoformat(), found.where)
        return self._of(name, str, "a text in quotes")

    def truth(self, name: str) -> Told | Lacking:
        """``true`` or ``false``.

        Raises:
            InputError: it is neither.
        """
        return self._of(name, bool, "true or false")

    def number(self, name: str) -> Told | Lacking:
        """An exact number; a text of digits is one too.

        Raises:
            InputError: it is no number.
        """
        found = self.values.get(name)
        if found is None:
            return lacking(name)
        try:
            if isinstance(found.value, bool):
                raise TypeError
            value = Decimal(found.value)
        except (InvalidOperation, TypeError, ValueError):
            raise InputError(f"{found.value!r} is no number", where=found.where) from None
        if not value.is_finite():
            raise InputError(f"{found.value} is no finite number", where=found.where)
        return from_master_data(value, found.where)

    def among(self, name: str, words: Mapping[str, str]) -> Told | Lacking:
        """A word of ours in a format's spelling.

        Args:
            name: of the value.
            words: the format's word by ours.

        Returns:
            That it is lacking where the format has no word for it.
        """
        found = self.text(name)
        if isinstance(found, Lacking):
            return found
        if str(found.value) not in words:
            return Lacking(f"the format has no word for {found.value!r} ({found.what})")
        return found.as_(lambda value: words[str(value)])

    def tables(self, name: str) -> tuple[Said, ...] | None:
        """The tables of a list, each by its own names; ``None``: nothing is said. An empty list says none."""
        found = self.values.get(name)
        if found is None:
            return None
        if not isinstance(found.value, list | tuple):
            raise InputError(f"{name} is no list", where=found.where, hint=f"write [[batteries.{name}]]")
        return tuple(
            Said(flattened(each, f"{found.where}, {number}"))
            if isinstance(each, Mapping)
            else Said({"": Spoken(each, f"{found.where}, {number}")})
            for number, each in enumerate(found.value, 1)
        )

    def texts(self, name: str) -> Node:
        """A list of texts."""
        found = self.tables(name)
        return lacking(name) if found is None else [each.text("") for each in found]

    def of_kind(self, kind: str) -> tuple[Document, ...]:
        """The documents of a kind, in their order."""
        return tuple(each for each in self.documents if each.kind == kind)

    def document(self, kind: str, shape: Callable[[Document], Node]) -> Node:
        """The documents of a kind as a list, in a format's own shape."""
        found = self.of_kind(kind)
        return (
            [shape(each) for each in found] if found else Lacking(f"master data names no document {kind!r}")
        )

    def link(self, kind: str) -> Node:
        """The address of the one document of a kind."""
        found = self.of_kind(kind)
        return found[0].tell("url") if found else Lacking(f"master data names no document {kind!r}")

    def _of(self, name: str, kind: type[str | bool], said: str) -> Told | Lacking:
        found = self.values.get(name)
        if found is None:
            return lacking(name)
        if not isinstance(found.value, kind):
            raise InputError(f"{found.value!r} is not {said}", where=found.where)
        return from_master_data(found.value, found.where)


def lacking(name: str) -> Lacking:
    """That master data does not say it."""
    return Lacking(f"master data says no {name}")


def flattened(table: Mapping[str, Any], where: str) -> dict[str, Spoken]:
    """A table by dotted names; lists stay as they are."""
    found: dict[str, Spoken] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            inner = flattened(value, where)
            found |= {
                f"{key}.{name}": Spoken(each.value, f"{where}: {key}.{name}") for name, each in inner.items()
            }
        else:
            found[key] = Spoken(value, f"{where}: {key}")
    return found


def layered(layers: Iterable[Mapping[str, Spoken]]) -> dict[str, Spoken]:
    """Values of several tables, of which an earlier one stands before a later."""
    found: dict[str, Spoken] = {}
    for layer in layers:
        found = dict(layer) | found
    return found
