"""The controls of an operation's form: what each asks for, what was typed into it, what is wrong with it.

Templates draw them: ``templates/desk/controls.html`` has one macro for each :class:`Kind`.

Example:
    >>> from traceledger.operations.catalogue import by_name
    >>> [(each.path, each.kind.value) for each in controls(by_name("hold"), Given())][:2]
    [('batch', 'text'), ('reason', 'text')]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from traceledger.errors import InputError
from traceledger.model.emissions import PARTS, SCOPES
from traceledger.operations.base import Base
from traceledger.operations.declared import Declared, declared
from traceledger.operations.fields import Form
from traceledger.operations.spoken import RESTATED, REVERSED, reversible
from traceledger.pages.desk_words import plain_help
from traceledger.web.desk.filling.given import Given
from traceledger.web.desk.filling.reading import HIDDEN, LISTED

_MOMENT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?", re.ASCII)
LAST = frozenset({"evidence", "private"})
"""What every form may have, after what is the operation's own."""


class Kind(Enum):
    """What a control is."""

    TEXT = "text"
    CHOICE = "choice"
    FLAG = "flag"
    TIME = "time"
    AMOUNT = "amount"
    GROUP = "group"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Control:
    """One control, or several that belong together.

    Attributes:
        path: its name in the form; of an amount, what its two fields begin with.
        word: under which its label is found: the path without numbers of lines.
        kind: what it is.
        help: what is asked for, in English.
        value: what was typed; of an amount, the number.
        unit: of an amount, the one that was chosen.
        required: whether it must be filled in.
        choices: of a choice, the slugs that can be chosen.
        theme: of a choice, the theme of :data:`~traceledger.pages.word_tables.WORDS` that has their words.
        suggests: of a text, the list of names that it is one of; empty: none.
        parts: the controls of a group; of lines, one group for each.
        number: the number of a line, from 1; 0: it is none.
        faults: what is wrong with it.
        is_long: whether a text may have several lines.
        folded: whether it is shown on request only, unless something was typed into it.
        adds: of lines, the path of the list that one more line is added to, where it is not its own.
    """

    path: str
    word: str
    kind: Kind
    help: str = ""
    value: str = ""
    unit: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    theme: str = ""
    suggests: str = ""
    parts: tuple[Control, ...] = ()
    number: int = 0
    faults: tuple[InputError, ...] = ()
    is_long: bool = False
    folded: bool = False
    adds: str = ""

    @property
    def id(self) -> str:
        """As the attribute ``id`` has it."""
        return "f-" + self.path.replace(".", "-")

    @property
    def more(self) -> str:
        """The list that one more line is added to."""
        return self.adds or self.path

    @property
    def is_filled(self) -> bool:
        """Whether something was typed into it, or is wrong with it."""
        return any(each.value or each.faults for each in self.tree)

    @property
    def is_moment(self) -> bool:
        """Whether a browser's control for a moment can show what was typed."""
        return not self.value or _MOMENT.fullmatch(self.value) is not None

    @property
    def tree(self) -> Iterator[Control]:
        """It, and all in it."""
        yield self
        for part in self.parts:
            yield from part.tree


@dataclass(frozen=True, slots=True)
class _Maker:
    given: Given
    faults: Mapping[str, tuple[InputError, ...]]

    def of(self, path: str) -> tuple[InputError, ...]:
        return self.faults.get(path, ())


def controls(kind: type[Base], given: Given, faults: Iterable[InputError] = ()) -> tuple[Control, ...]:
    """The controls of an operation's form, in the order of its fields.

    Args:
        kind: the operation's class.
        given: what was typed.
        faults: what is wrong; each is said at the control that its place names, or at one around that.
    """
    bare = _made(kind, _Maker(given, {}))
    known = {each.path for control in bare for each in control.tree}
    placed: dict[str, tuple[InputError, ...]] = {}
    for fault in faults:
        at = nearest(str(fault.where), known)
        placed[at] = (*placed.get(at, ()), fault)
    return _made(kind, _Maker(given, placed))


def nearest(where: str, known: Iterable[str]) -> str:
    """The control at which a fault is said: that of its place, or of the closest one around it; else none.

    Example:
        >>> nearest("outputs.0.mass.amount", {"outputs", "outputs.0.mass"}), nearest("as", {"at"})
        ('outputs.0.mass', '')
    """
    paths = set(known)
    while where and where not in paths:
        where = where.rpartition(".")[0]
    return where


def unplaced(found: tuple[Control, ...], faults: Iterable[InputError]) -> tuple[InputError, ...]:
    """Of some faults those that no control is for."""
    known = {each.path for control in found for each in control.tree}
    return tuple(fault for fault in faults if not nearest(str(fault.where), known))


def _made(kind: type[Base], maker: _Maker) -> tuple[Control, ...]:
    fields = [each for each in declared(kind) if each.word not in HIDDEN]
    fields.sort(key=lambda each: (each.word in LAST, each.word == "at"))
    return tuple(_control(each, each.word, each.word, maker) for each in fields)


def _control(each: Declared, path: str, word: str, maker: _Maker) -> Control:
    if each.parts or (
        each.many and each.value.form is not Form.EVIDENCE and each.value.form is not Form.PAIRS
    ):
        return _lines(each, path, word, maker)
    special = _SPECIAL.get(each.value.form)
    if special is not None:
        return special(each, path, word, maker)
    common: dict[str, Any] = {"help": plain_help(each), "required": each.required, "faults": maker.of(path)}
    value = maker.given.text(path)
    if each.value.choices is not None:
        slugs = tuple(str(getattr(member, "slug", member)) for member in each.value.choices)
        theme = THEMES[each.value.choices.__name__]
        return Control(path, word, Kind.CHOICE, value=value, choices=slugs, theme=theme, **common)
    kind = {Form.FLAG: Kind.FLAG, Form.TIME: Kind.TIME}.get(each.value.form, Kind.TEXT)
    suggests = "" if each.value.new or each.value.names is None else str(each.value.names)
    long = each.word in ("corrective_action", "description")
    return Control(path, word, kind, value=value, suggests=suggests, is_long=long, **common)


def _whole(
    kind: Kind, each: Declared, path: str, word: str, maker: _Maker, parts: Iterable[Control], **more: Any
) -> Control:
    """The control of a field that has others in it."""
    more |= {"help": plain_help(each), "required": each.required, "faults": maker.of(path)}
    return Control(path, word, kind, parts=tuple(parts), **more)


def _lines(each: Declared, path: str, word: str, maker: _Maker) -> Control:
    """A list: one line for each thing, at least one."""
    count = max(maker.given.lines(path), 1)
    lines = []
    for number in range(count):
        at = f"{path}.{number}"
        if each.parts:
            parts = tuple(
                _control(part, f"{at}.{part.word}", f"{word}.{part.word}", maker) for part in each.parts
            )
        else:
            suggests = "" if each.value.names is None else str(each.value.names)
            value, faults = maker.given.text(at), maker.of(at)
            parts = (
                Control(
                    at,
                    word,
                    Kind.TEXT,
                    value=value,
                    suggests=suggests,
                    required=each.required and not number,
                    faults=faults,
                ),
            )
        own = maker.of(at) if each.parts else ()
        lines.append(Control(at, word, Kind.GROUP, parts=parts, number=number + 1, faults=own))
    return _whole(Kind.LINES, each, path, word, maker, lines)


def _amount(path: str, word: str, maker: _Maker, **more: Any) -> Control:
    given = maker.given
    value, unit = given.text(f"{path}.amount"), given.text(f"{path}.unit") or "t"
    return Control(path, word, Kind.AMOUNT, value=value, unit=unit, faults=maker.of(path), **more)


def _mass(each: Declared, path: str, word: str, maker: _Maker) -> Control:
    return _amount(path, word, maker, help=plain_help(each), required=each.required)


def _masses(each: Declared, path: str, word: str, maker: _Maker) -> Control:
    """Masses by substance."""
    lines = []
    for number in range(max(maker.given.lines(path), 1)):
        at = f"{path}.{number}"
        name = Control(
            f"{at}.substance", "substance", Kind.TEXT, value=maker.given.text(f"{at}.substance"),
            suggests="substance", faults=maker.of(f"{at}.substance"),
        )  # fmt: skip
        amount = _amount(at, "substance_mass", maker)
        lines.append(Control(f"{at}.line", word, Kind.GROUP, parts=(name, amount), number=number + 1))
    return _whole(Kind.LINES, each, path, word, maker, lines)


def _losses(each: Declared, path: str, word: str, maker: _Maker) -> Control:
    """What is lost: nothing, what the outputs leave over, or what is listed."""
    value = maker.given.text(f"{path}.how")
    how = Control(
        f"{path}.how", "losses.how", Kind.CHOICE, value=value, choices=("balance", LISTED), theme="losses"
    )
    listed = _masses(each, path, word, maker)
    parts = (how, Control(f"{path}.listed", "losses.listed", Kind.LINES, parts=listed.parts, adds=path))
    return Control(path, word, Kind.GROUP, help=plain_help(each), parts=parts, faults=maker.of(path))


def _emissions(each: Declared, path: str, word: str, maker: _Maker) -> Control:
    names = (*SCOPES, "primary")
    more = (*PARTS, "removals")
    amounts = tuple(_amount(f"{path}.{name}", f"emissions.{name}", maker) for name in names)
    further = tuple(_amount(f"{path}.{name}", f"emissions.{name}", maker) for name in more)
    folded = Control(f"{path}.parts", "emissions.parts", Kind.GROUP, parts=further, folded=True)
    return _whole(Kind.GROUP, each, path, word, maker, (*amounts, folded))


def _pairs(names: tuple[tuple[str, str], ...]) -> Callable[[Declared, str, str, _Maker], Control]:
    def made(each: Declared, path: str, word: str, maker: _Maker) -> Control:
        lines = []
        for number in range(max(maker.given.lines(path), 1)):
            at = f"{path}.{number}"
            parts = tuple(
                Control(
                    f"{at}.{name}", f"{word}.{name}", Kind.TEXT, value=maker.given.text(f"{at}.{name}"),
                    suggests=suggests, faults=maker.of(f"{at}.{name}"),
                )
                for name, suggests in names
            )  # fmt: skip
            lines.append(Control(at, word, Kind.GROUP, parts=parts, number=number + 1, faults=maker.of(at)))
        return _whole(Kind.LINES, each, path, word, maker, lines, folded=word == "evidence")

    return made


def _record(each: Declared, path: str, word: str, maker: _Maker) -> Control:
    given = maker.given
    can_be_reversed = each.value.read is reversible
    kind = Control(
        f"{path}.kind",
        "of.kind",
        Kind.CHOICE,
        value=given.text(f"{path}.kind"),
        choices=REVERSED if can_be_reversed else RESTATED,
        theme="recorded",
        required=True,
    )
    name = Control(
        f"{path}.name",
        "of.name",
        Kind.TEXT,
        value=given.text(f"{path}.name"),
        suggests="batch",
        required=True,
    )
    parts: tuple[Control, ...] = (kind, name)
    if can_be_reversed:
        numbers = range(max(given.lines(f"{path}.lots"), 1))
        lots = tuple(_lot_of_record(f"{path}.lots.{number}", number + 1, given) for number in numbers)
        parts += (Control(f"{path}.lots", "of.lots", Kind.LINES, parts=lots, folded=True),)
    return _whole(Kind.GROUP, each, path, word, maker, parts)


def _lot_of_record(path: str, number: int, given: Given) -> Control:
    name = Control(path, "of.lots", Kind.TEXT, value=given.text(path), suggests="batch")
    return Control(f"{path}.line", "of.lots", Kind.GROUP, parts=(name,), number=number)


THEMES = {
    "Origin": "origin",
    "Retirement": "retirement",
    "AllocationRule": "allocation",
    "ErrorReason": "error",
}
"""By enumeration, the theme that has its words."""

_SPECIAL: Mapping[Form, Callable[[Declared, str, str, _Maker], Control]] = {
    Form.MASS: _mass,
    Form.SUBSTANCE_MASSES: _masses,
    Form.LOSSES: _losses,
    Form.EMISSIONS: _emissions,
    Form.EVIDENCE: _pairs((("uri", ""), ("sha256", ""))),
    Form.PAIRS: _pairs((("scheme", "scheme"), ("value", ""))),
    Form.RECORD: _record,
}
