"""Many operations at once, from a file or as values: all of them checked before any is signed.

Example:
    >>> Source.of([{"op": "define_material", "material": "slag", "name": "Slag"}]).place(1)
    'operation 1'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, Place, SigningError
from traceledger.operations import file as opsfile
from traceledger.operations.catalogue import Operation, parsed
from traceledger.operations.directory import Directory
from traceledger.operations.file import Line, OperationsFileError, Unsound
from traceledger.operations.new_names import assume, unknown
from traceledger.operations.origins import Origin
from traceledger.sending.duplicates import duplicates
from traceledger.sending.jobs import Job
from traceledger.sending.preparation import CheckedOperation, Preparation, Prepared, needs, occurrences

Operations = Path | str | Iterable[Operation | Mapping[str, Any]]
"""An operations file, or operations as values or as the mappings of its lines."""

Begin = Callable[[bool], Preparation]
"""Makes what operations are prepared with; told whether a placeholder may stand for a missing key."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where operations come from: their lines, and what these are called in messages.

    Attributes:
        name: the file, as it was named; empty for values.
        lines: in the order in which they run.
        origins: of a spreadsheet, by the numbers of lines, where each stands.
        options: what must be said again to read the file in the same way: options of ``traceledger submit``.
        repeats: whether lines that say the very same are meant to be several events.
        warnings: what was read with a doubt.
        in_order: no line is sent before one that stands before it and has to wait: a copy of what happened in
            that order, where what was restated after something was reversed must be so again.
    """

    name: str
    lines: tuple[Line | Unsound, ...]
    origins: Mapping[int, Origin] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    repeats: bool = False
    warnings: tuple[InputError, ...] = ()
    in_order: bool = False

    @classmethod
    def of(cls, operations: Operations | Source, *, repeats: bool = False) -> Source:
        """Read an operations file, or number values from 1; what was read already is taken as it is.

        Raises:
            InputError: the file cannot be read.
        """
        if isinstance(operations, Source):
            return operations
        if isinstance(operations, Path | str):
            lines = opsfile.read(Path(operations))
            return cls(str(operations), tuple(lines), repeats=repeats)
        numbered = (_line(number, item) for number, item in enumerate(operations, start=1))
        return cls("", tuple(numbered), repeats=repeats)

    def place(self, number: int) -> Place:
        """What the line of that number is called: of a spreadsheet, its row."""
        origin = self.origins.get(number)
        return Place(self.name, number) if origin is None else origin.place

    def fault(self, error: InputError, number: int) -> InputError:
        """A fault, with its line before its field; of a spreadsheet, at its cell."""
        origin = self.origins.get(number)
        return opsfile.placed(error, self.place(number)) if origin is None else origin.fault(error)

    @property
    def faults(self) -> tuple[InputError, ...]:
        """What is wrong with lines by themselves, in order."""
        return tuple(fault for line in self.lines if isinstance(line, Unsound) for fault in line.faults)

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The operations as an operations file has them, in order; of what is no object, nothing."""
        return [line.document for line in self.lines if isinstance(line.document, dict)]


def _line(number: int, item: Operation | Mapping[str, Any]) -> Line | Unsound:
    if not isinstance(item, Mapping):
        return Line(number, item)
    found = parsed(dict(item))
    if not isinstance(found, list):
        return Line(number, found, dict(item))
    return Unsound(number, tuple(opsfile.placed(fault, Place(line=number)) for fault in found), dict(item))


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
    operations: tuple[tuple[int, CheckedOperation], ...]

    def steps(self) -> list[Step]:
        """The operations with the keys that sign them.

        Raises:
            SigningError: a key is missing.
        """
        return [Step(number, self._assigned(number, operation)) for number, operation in self.operations]

    def _assigned(self, number: int, operation: CheckedOperation) -> Prepared:
        try:
            return self.preparation.assign(operation)
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
    found: list[tuple[int, CheckedOperation]] = []
    faults: list[InputError] = []
    twice = duplicates(source.lines, source.place, repeats=source.repeats)
    for line in source.lines:
        if isinstance(line, Unsound):
            faults.extend(line.faults)
            faults.extend(_further(source, line, preparation.names))
            assume(line.document, preparation.names)
            continue
        if line.number in twice:
            faults.append(source.fault(twice[line.number], line.number))
            continue
        operation = line.operation
        try:
            found.append((line.number, preparation.check(operation)))
        except InputError as error:
            faults.append(source.fault(error, line.number))
            assume({**asdict(operation), "as": operation.act_as}, preparation.names)
    if faults:
        raise OperationsFileError(source.name or "operations", faults)
    return Checked(source, preparation, tuple(found))


def _further(source: Source, line: Unsound, names: Directory) -> list[InputError]:
    """What a line with faults names besides that is not there."""
    said = {str(fault.where) for fault in line.faults}
    found = (source.fault(fault, line.number) for fault in unknown(line.document, names))
    return [fault for fault in found if str(fault.where) not in said]


@dataclass(frozen=True, slots=True)
class Ready:
    """Operations that only need to be signed: whose keys do that is known, and who is asked can be."""

    source: Source
    preparation: Preparation
    steps: tuple[Step, ...]

    def pending(self) -> list[tuple[int, int]]:
        """Positions of the steps that the chain does not hold yet, and which of equal ones they are."""
        found = occurrences([step.prepared for step in self.steps], self.preparation.known)
        return [(position, nth) for position, (nth, ran) in enumerate(found) if not ran]

    def ask(self) -> None:
        """Show what is about to be signed to who is asked, if anybody is."""
        if self.preparation.approve is not None:
            self.preparation.ask([self.steps[position].prepared for position, _ in self.pending()])

    def unlock(self) -> None:
        """Have the keys at hand that sign what has not run, and store what opens private texts.

        After it was asked, before anything is sent.

        Raises:
            SigningError: a key is missing, or its passphrase is wrong.
            InputError: private texts cannot be stored.
        """
        accounts = (self.steps[position].prepared.account for position, _ in self.pending())
        for account in dict.fromkeys(accounts):
            self.preparation.signers.unlock(account)
        self.preparation.keep()

    def postponed(self, pending: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Of the pending steps those that are late, and those that need one that is, or come after it."""
        before = needs([step.prepared for step in self.steps])
        held_up: set[int] = set()
        for position, _ in pending:
            waits = bool(held_up) if self.source.in_order else held_up.intersection(before[position])
            if self.steps[position].prepared.late or waits:
                held_up.add(position)
        return [item for item in pending if item[0] in held_up]

    def jobs(self, pending: Sequence[tuple[int, int]]) -> list[Job]:
        """The pending steps as transactions, each needing those before it whose effects it touches."""
        before = needs([step.prepared for step in self.steps])
        places = {position: place for place, (position, _) in enumerate(pending)}
        return [
            self.preparation.consented(self.steps[position].prepared).job(
                occurrence=nth,
                source=self.place(position),
                needs=tuple(places[need] for need in before[position] if need in places),
            )
            for position, nth in pending
        ]

    def place(self, position: int) -> Place:
        """Where the step at that position stands: file and line."""
        return self.source.place(self.steps[position].number)


def make_ready(source: Source, begin: Begin, *, create_keys: bool) -> Ready:
    """Check all operations, and find what it takes to sign those that have not run.

    Args:
        source: where the operations come from.
        begin: makes what they are prepared with; told whether a placeholder may stand for a missing key.
        create_keys: make the keys of participants that are registered without one.

    Raises:
        OperationsFileError: a line has faults.
        SigningError: a key is missing.
        InputError: private texts that may be repeated cannot be opened here.
    """
    checked = check(source, lambda: begin(create_keys))
    if create_keys and _make_keys(checked):
        checked = check(source, lambda: begin(False))
    return _ready(source, checked)


def made_ready_again(ready: Ready, begin: Begin) -> Ready:
    """The same operations over the index as it is now: what was late need not be any more.

    Raises:
        OperationsFileError: a line has faults by now.
        SigningError: a key is missing, or its passphrase is wrong.
        InputError: private texts cannot be stored.
    """
    try:
        again = _ready(ready.source, check(ready.source, lambda: begin(False)))
        again.unlock()
        return again
    except OperationsFileError as error:
        # Some of it was sent meanwhile, and the error must not say otherwise.
        raise OperationsFileError(error.where, error.faults, aftermath="nothing more was sent") from None


def _ready(source: Source, checked: Checked) -> Ready:
    return Ready(source, checked.preparation, tuple(checked.steps()))


def _make_keys(checked: Checked) -> bool:
    """Make the missing keys, once the file is known to be sound, and the passphrase to be right.

    Returns:
        Whether any was missing.
    """
    signers, missing = checked.preparation.signers, list(checked.preparation.placeholders.values())
    if missing:
        signers.unlock(signers.deployer())
    for slug in missing:
        signers.create(slug)
    return bool(missing)
