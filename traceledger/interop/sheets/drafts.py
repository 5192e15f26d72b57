"""From rows to operations as an operations file has them, each field of which knows its cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, assert_never

from traceledger.errors import InputError, Place
from traceledger.interop.sheets.cells import Entry
from traceledger.interop.sheets.columns import List, OperationForm, Shape
from traceledger.languages.phrases import phrase
from traceledger.operations.origins import Origin


@dataclass(slots=True)
class Draft:
    """An operation that is being put together from rows.

    Attributes:
        form: the operation's.
        sheet: the name of the sheet that it stands in.
        place: the row where it begins.
        document: its fields, as an operations file has them.
        cells: where each value stands, by its path in the document.
        faults: what is wrong with its cells.
        faulted: paths of what is wrong already; nothing more is said of these.
        said: the words of what it says once, with the values.
    """

    form: OperationForm
    sheet: str
    place: Place
    document: dict[str, Any]
    cells: dict[str, Place] = field(default_factory=dict)
    faults: list[InputError] = field(default_factory=list)
    faulted: set[str] = field(default_factory=set)
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def origin(self) -> Origin:
        """Where it stands."""
        return Origin(self.place, self.cells, self.document)

    @property
    def key(self) -> str:
        """What it is called, by which rows and sheets of its lists are joined; empty if it has no name."""
        return str(self.said.get(self.form.key, "")) if self.form.key else ""

    def say(self, word: str, value: Any, place: Place) -> None:
        """Put a value that it says once into the document."""
        self.said[word] = value
        first, _, rest = word.partition(".")
        path = word
        if first == "of":
            path = self._say_record(rest, value)
        elif first == "identifiers":
            self.document.setdefault(first, []).append({"scheme": rest, "value": value})
            path = f"{first}.{len(self.document[first]) - 1}"
        elif not rest:
            self.document[first] = value
        elif isinstance(self.document.setdefault(first, {}), dict):
            self.document[first][rest] = value
        else:
            what = phrase("either {one} is said or {other}", one=first, other=word)
            self.fault(word, InputError(what, where=place, hint=phrase("empty one of the cells")))
        self.cells[path] = place

    def _say_record(self, part: str, value: Any) -> str:
        record = self.document.setdefault("of", {})
        if part == "lots":
            record["lots"] = value
            return "of.lots"
        kind, name = self.said.get("of.record"), self.said.get("of.name")
        if kind is not None and name is not None:
            record[str(kind)] = name
        return f"of.{part}"

    def fault(self, path: str, error: InputError) -> None:
        """Note what is wrong with a value."""
        self.faults.append(error)
        self.faulted.add(path)

    def several(self, entry: Entry) -> None:
        """Add the names of one cell to a list."""
        place = entry.cell.place(entry.heading)
        names = self.document.setdefault(entry.column.word, [])
        for name in entry.value:
            self.cells[f"{entry.column.word}.{len(names)}"] = place
            names.append(name)
        self.cells.setdefault(entry.column.word, place)

    def list(self, listed: List, entries: Iterable[Entry], place: Place) -> None:
        """Add an item to one of its lists."""
        found = [*entries]
        if not found:
            return
        values: dict[str, Any] = {}
        for entry in found:
            _put(values, entry.column.word.removeprefix(f"{listed.word}."), entry.value)
        path = self._put(listed, values, place)
        if path is None:
            return
        for entry in found:
            self.cells[f"{path}.{entry.column.word.removeprefix(f'{listed.word}.')}"] = entry.cell.place(
                entry.heading
            )
        self.cells[path] = found[0].cell.place(found[0].heading)

    def _put(self, listed: List, values: dict[str, Any], place: Place) -> str | None:
        """Put an item into the document; returns its path."""
        match listed.shape:
            case Shape.PARTS:
                items = self.document.setdefault(listed.word, [])
                items.append(values)
                return f"{listed.word}.{len(items) - 1}"
            case Shape.NAMES:
                items = self.document.setdefault(listed.word, [])
                items.extend(values.values())
                return f"{listed.word}.{len(items) - 1}"
            case Shape.MASSES | Shape.ANSWERS:
                name = values.pop("batch", None)
                named = self.document.setdefault(listed.word, {})
                if name is None:
                    return None
                if name in named:
                    what = phrase("{name} is listed twice", name=repr(name))
                    self.fault(
                        listed.word, InputError(what, where=place, hint=phrase("remove one of the rows"))
                    )
                    return None
                named[name] = (
                    self._answer(values, place) if listed.shape is Shape.ANSWERS else values.get("mass")
                )
                return f"{listed.word}.{name}"
            case _:
                assert_never(listed.shape)

    def _answer(self, values: dict[str, Any], place: Place) -> Any:
        """What is said of a lot: a word, or amounts; received where nothing is."""
        answer = values.pop("answer", None)
        if values and answer == "refused":
            what = phrase("a lot that is refused has no amounts")
            self.fault("lots", InputError(what, where=place, hint=phrase("empty the amounts, or the answer")))
        return values or answer or "received"


def _put(values: dict[str, Any], word: str, value: Any) -> None:
    first, _, rest = word.partition(".")
    if rest:
        values.setdefault(first, {})[rest] = value
    else:
        values[first] = value
