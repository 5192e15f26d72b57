"""Many operations at once, from a file or as values: all of them checked before any is signed.

Example:
    >>> Source.of([{"op": "define_material", "material": "slag", "name": "Slag"}]).place(1)
    'operation 1'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, SigningError
from traceledger.operations import file as opsfile
from traceledger.operations.assume import assume
from traceledger.operations.catalogue import Operation, parsed
from traceledger.operations.file import Line, OperationsFileError, Unsound
from traceledger.sending.preparation import Draft, Preparation, Prepared

Operations = Path | str | Iterable[Operation | Mapping[str, Any]]
"""An operations file, or operations as values or as the mappings of its lines."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where operations come from: their lines, and what these are called in messages."""

    name: str
    lines: tuple[Line | Unsound, ...]

    @classmethod
    def of(cls, operations: Operations) -> Source:
        """Read a file, or number values from 1.

        Raises:
            InputError: the file cannot be read.
        """
        if isinstance(operations, Path | str):
            return cls(str(operations), tuple(opsfile.read(Path(operations))))
        return cls("", tuple(_line(number, item) for number, item in enumerate(operations, start=1)))

    def place(self, number: int) -> str:
        """What the line of that number is called."""
        return f"{self.name}:{number}" if self.name else f"operation {number}"

    def fault(self, error: InputError, number: int) -> InputError:
        """A fault, with its line before its field."""
        field = f": {error.where}" if error.where else ""
        return type(error)(error.what, hint=error.hint, where=self.place(number) + field)


def _line(number: int, item: Operation | Mapping[str, Any]) -> Line | Unsound:
    if not isinstance(item, Mapping):
        return Line(number, item)
    found = parsed(dict(item))
    if not isinstance(found, list):
        return Line(number, found)
    place = f"operation {number}"
    faults = [type(it)(it.what, hint=it.hint, where=f"{place}: {it.where}".rstrip(": ")) for it in found]
    return Unsound(number, tuple(faults), dict(item))


@dataclass(frozen=True, slots=True)
class Step:
    """An operation ready to be signed, and the number of its line."""

    number: int
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class Checked:
    """Operations that are sound: their calls, in order, and what they were prepared with."""

    source: Source
    preparation: Preparation
    drafts: tuple[tuple[int, Draft], ...]

    def steps(self) -> list[Step]:
        """The operations with the keys that sign them.

        Raises:
            SigningError: a key is missing.
        """
        return [Step(number, self._assigned(number, draft)) for number, draft in self.drafts]

    def _assigned(self, number: int, draft: Draft) -> Prepared:
        try:
            return self.preparation.assign(draft)
        except SigningError as error:
            raise SigningError(error.what, hint=error.hint, where=self.source.place(number)) from None


def check(source: Source, begin: Callable[[], Preparation]) -> Checked:
    """Plan every line, or tell every fault.

    Args:
        source: where the operations come from.
        begin: makes what they are prepared with, which knows nothing of them yet.

    Raises:
        OperationsFileError: a line has faults.
    """
    preparation = begin()
    drafts: list[tuple[int, Draft]] = []
    faults: list[InputError] = []
    for line in source.lines:
        if isinstance(line, Unsound):
            faults.extend(line.faults)
            assume(line.document, preparation.names)
            continue
        operation = line.operation
        try:
            drafts.append((line.number, preparation.draft(operation)))
        except InputError as error:
            faults.append(source.fault(error, line.number))
            assume({**asdict(operation), "as": operation.act_as}, preparation.names)
    if faults:
        raise OperationsFileError(source.name or "operations", faults)
    return Checked(source, preparation, tuple(drafts))


def missing_keys(drafts: Sequence[tuple[int, Draft]], preparation: Preparation) -> list[str]:
    """Short names of the participants that are registered and have no key yet."""
    placeholders = preparation.placeholders
    addresses = (getattr(draft.operation, "address", None) for _, draft in drafts)
    return list(dict.fromkeys(placeholders[it] for it in addresses if it in placeholders))
