"""Lines of one file that say the same twice: found before anything is sent.

Two lines that make the same lot, shipment, run or record cannot both be meant: the contracts would refuse
the second. Two lines that say the very same, their time included, are one event that was written down twice,
as a rule: added emissions would be counted twice. They are refused, too, unless it is said that each is an
event of its own (:attr:`Source.repeats`); times, reasons and names of records tell events apart.

What follows from how things stand may rightly happen again: held, released, held. Such a line is refused only
if nothing else about the same things stands between. So may what was reversed between: retired, reversed,
retired. What has no time of its own, as most decisions of the consortium, may be repeated, and so may what is
known again by its place among equal lines (answers, reversals): what of these cannot happen twice is found
when it is planned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from traceledger.errors import InputError, Place
from traceledger.languages.phrases import phrase
from traceledger.operations.base import Base
from traceledger.operations.corrections import Reverse
from traceledger.operations.file import Line, Unsound
from traceledger.operations.new_names import made, named


def duplicates(
    lines: Sequence[Line | Unsound], place: Callable[[int], Place], *, repeats: bool = False
) -> dict[int, InputError]:
    """By the numbers of lines that repeat one before them, what is wrong with them.

    Args:
        lines: of one file, in order.
        place: what the line of a number is called.
        repeats: whether lines that say the very same are meant to be several events.
    """
    first: dict[tuple[str, ...], int] = {}
    last: dict[str, str] = {}
    undone: dict[str, int] = {}
    found: dict[int, InputError] = {}
    for line in lines:
        if isinstance(line, Unsound):
            continue
        operation = line.operation
        for thing, *rest in _made(operation):
            before = first.setdefault((thing, *rest), line.number)
            if before != line.number and line.number not in found:
                found[line.number] = _made_twice(thing, rest[-1], place(before))
        said, about = repr(operation), named(operation)
        again = not _follows(operation) or all(last.get(name) == said for name in about)
        last.update(dict.fromkeys(about, said))
        if isinstance(operation, Reverse):
            undone.update(dict.fromkeys(about, line.number))
        if line.number in found or (repeats and not operation.row().once) or not _tells_apart(operation):
            continue
        before = first.setdefault(("line", said), line.number)
        if operation.row().once and any(undone.get(name, 0) > before for name in about):
            first["line", said] = line.number
            continue
        if before != line.number and again:
            found[line.number] = _said_twice(operation, place(before))
    return found


def _made(operation: Base) -> list[tuple[str, str, str]]:
    """What an operation makes: its kind, whose it is, and its name."""
    own = operation.act_as or ""
    return [
        (thing, "", name)
        if thing in ("material", "participant")
        else (thing, own, name.removeprefix(f"{own}/"))
        for thing, name in made(operation)
    ]


def _follows(operation: Base) -> bool:
    """Whether its call follows from how things stand, so that the very same may happen again later."""
    return type(operation).told is not Base.told


def _tells_apart(operation: Base) -> bool:
    """Whether an operation that is meant twice would differ in something that it says."""
    row = operation.row()
    return not row.tagged and (row.once or operation.at is not None)


def _made_twice(thing: str, name: str, before: Place) -> InputError:
    return InputError(
        phrase("{thing} {name} is made twice, also by {place}", thing=thing, name=repr(name), place=before),
        hint=phrase("remove one of them, or give it another name"),
        where=thing,
    )


def _said_twice(operation: Base, before: Place) -> InputError:
    what = phrase(
        "this {operation} says the very same as {place}",
        operation=operation.op.replace("_", " "),
        place=before,
    )
    if operation.row().once:
        return InputError(what, hint=phrase("remove one of them"))
    hint = phrase("remove one of them; where it happened twice, give each its time, or say --repeats")
    return InputError(what, hint=hint)
