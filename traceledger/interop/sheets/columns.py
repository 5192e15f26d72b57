"""Which columns the sheet of an operation has, read off what the operation declares of its fields.

A column's word is the field's path in an operations file (``mass``, ``emissions.scope1``, ``inputs.batch``).
What is a list there stands in a sheet of its own, joined by the operation's key, or in the same sheet, one
row for each of its items.

Example:
    >>> form = form_of("split")
    >>> form.key, [column.word for column in form.lists[0].columns], form.lists[0].required
    ('batch', ['into.batch', 'into.mass'], True)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from typing import assert_never

from traceledger.errors import InputError, Place
from traceledger.languages.phrases import phrase
from traceledger.model import countries, identifiers, spelling
from traceledger.model.assurance import AssessmentKind
from traceledger.model.batches import Difference
from traceledger.model.emissions import EMISSION_FIELDS, SCOPES
from traceledger.operations import readers, spoken, terms
from traceledger.operations.base import Base, By
from traceledger.operations.catalogue import OPERATIONS, by_name, name_of
from traceledger.operations.declared import Declared, declared
from traceledger.operations.fields import Form, Thing

UNIT, UNIT_OF_CO2E = "unit", "emissions.unit"
"""Columns with the unit of a row's masses, and of its CO2e."""
OPERATION, REMARK = "op", "remark"
"""Columns of any sheet: which operation a row is, and what is passed over."""
EVERY = "*"
"""In a word, in the place of a substance: there is a column for each."""
UNITS = ("mg", "g", "kg", "t")
"""Of masses and of CO2e."""
ANSWERS = ("received", "refused")
"""What is said of a lot that arrived as it was sent, or goes back."""


def family_of(word: str) -> str:
    """The word of the columns of all substances among which that of one would be: ``losses.*``."""
    return f"{word.rpartition('.')[0]}.{EVERY}"


class Kind(Enum):
    """What stands in the cells of a column."""

    IDENTIFIER = "identifier"
    TEXT = "text"
    WORD = "word"
    QUANTITY = "quantity"
    PERCENT = "percentage"
    RANGE = "range"
    INTEGER = "integer"
    DEGREES = "degrees"
    TIME = "time"
    DAY = "day"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        word: the field's path, with :data:`EVERY` where there is a column for each substance.
        kind: what stands in its cells.
        help: what the field means.
        required: whether each operation, or item of a list, has it.
        choices: the words that it takes, where these are enumerated.
        names: what kind of thing it names.
        new: whether the operation makes that thing.
        many: whether a cell may name several, apart from each other.
        unit: the column that may hold the unit of its amounts.
        example: what may stand in a cell.
        usual: whether a template has it.
    """

    word: str
    kind: Kind
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    names: Thing | None = None
    new: bool = False
    many: bool = False
    unit: str = ""
    example: str = ""
    usual: bool = True

    @property
    def by_substance(self) -> bool:
        """Whether there is one for each substance."""
        return self.word.endswith(EVERY)


class Shape(Enum):
    """What a list is in an operations file."""

    PARTS = "a list of objects"
    NAMES = "a list of names"
    MASSES = "masses by name"
    ANSWERS = "answers by name"


@dataclass(frozen=True, slots=True)
class List:
    """What an operation lists: inputs, lots, documents.

    Attributes:
        word: the field.
        shape: what it is in an operations file.
        columns: what each item says; their words begin with the field.
        required: whether the operation lists at least one.
        apart: whether a template gives it a sheet of its own.
    """

    word: str
    shape: Shape
    columns: tuple[Column, ...]
    required: bool
    apart: bool


@dataclass(frozen=True, slots=True)
class OperationForm:
    """The sheet of an operation.

    Attributes:
        op: the operation's name.
        columns: what it says once.
        lists: what it lists.
        key: the column by which sheets of its lists are joined; empty if it has none.
        by: who performs it.
    """

    op: str
    columns: tuple[Column, ...]
    lists: tuple[List, ...]
    key: str
    by: By

    def once(self, word: str) -> bool:
        """Whether a column's word is of what an operation says once, and not an item of a list."""
        own = {column.word for column in self.columns}
        return (word in own or family_of(word) in own) and word not in {each.word for each in self.lists}

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The columns of its sheet, where lists stand in it too; those of units and of remarks among them."""
        own = [*self.columns, *(column for each in self.lists for column in each.columns)]
        return with_units(own)

    def list_columns(self, word: str) -> tuple[Column, ...]:
        """The columns of a list's own sheet: the key, and those of the list.

        Raises:
            KeyError: there is no such list, or nothing to join it by.
        """
        found = {each.word: each for each in self.lists}[word]
        key = {column.word: column for column in self.columns}[self.key]
        acting = [column for column in self.columns if column.word == "as"]
        joined = (replace(each, required=False) for each in acting)
        return with_units([replace(key, new=False), *found.columns, *joined])


@cache
def form_of(op: str) -> OperationForm:
    """The sheet of an operation.

    Raises:
        KeyError: there is no such operation.
    """
    kind = by_name(op)
    columns: list[Column] = []
    lists: list[List] = []
    for field in declared(kind):
        own = [replace(column, usual=_is_usual(column, field, kind)) for column in _columns(field)]
        if (listed := _list(field)) is not None:
            lists.append(listed)
            own = [replace(column, required=False) for column in own]
        columns += own
    key = _key(declared(kind))
    if not key:
        lists = [replace(each, apart=False) for each in lists]
    return OperationForm(op, tuple(columns), tuple(lists), key, kind.row().by)


_UNUSUAL = ("private", "historic")


def _is_usual(column: Column, field: Declared, kind: type[Base]) -> bool:
    """Whether most who fill in a sheet have to say it."""
    if field.value.form is Form.EMISSIONS:
        return column.word.rpartition(".")[2] in (*SCOPES, "primary")
    if field.name == "act_as":
        return kind.row().takes_as
    return not field.about.file_only and field.name not in _UNUSUAL


def forms() -> Iterator[OperationForm]:
    """Those of all operations."""
    yield from (form_of(name_of(kind)) for kind in OPERATIONS)


def no_operation(name: str, where: Place | str = "") -> InputError:
    """That no operation is called so, and which may be meant."""
    hint = spelling.hint(
        name, [form.op for form in forms()], phrase("traceledger help operations lists them")
    )
    return InputError(phrase("there is no operation {name}", name=repr(name)), where=where, hint=hint)


def with_units(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Columns, and after them those of the units of their amounts, and of remarks."""
    found = [*columns]
    units = dict.fromkeys(column.unit for column in found if column.unit)
    more = [Column(unit, Kind.WORD, "the unit of amounts that say none", choices=UNITS) for unit in units]
    return (*found, *more, Column(REMARK, Kind.TEXT, "what you like; it is passed over"))


def _key(fields: Iterable[Declared]) -> str:
    """The name that tells an operation of a sheet from the others; empty if it has none."""
    named = [each for each in fields if each.required and each.value.names and not each.many]
    first = [each for each in named if each.about.argument] or named
    return first[0].word if first else ""


def _columns(field: Declared, before: str = "") -> list[Column]:
    """The columns of a field that each operation has once; none for what is only listed."""
    word = before + field.word
    base = Column(word, Kind.TEXT, field.about.help, field.required, example=_example(field))
    match field.value.form:
        case Form.TEXT:
            return [_named(field, base)]
        case Form.WORD:
            return [replace(base, kind=Kind.WORD, choices=_choices(field), many=field.many)]
        case Form.FLAG:
            return [replace(base, kind=Kind.FLAG, example="")]
        case Form.TIME:
            return [replace(base, kind=Kind.TIME if field.value.read is readers.parse_time else Kind.DAY)]
        case Form.MASS:
            return [replace(base, kind=Kind.QUANTITY, unit=UNIT)]
        case Form.PERCENT:
            return [replace(base, kind=Kind.PERCENT)]
        case Form.DEGREES:
            return [replace(base, kind=Kind.DEGREES)]
        case Form.INTEGER:
            return [replace(base, kind=Kind.INTEGER)]
        case Form.ADDRESS | Form.KEY | Form.DIGEST:
            return [replace(base, kind=Kind.IDENTIFIER)]
        case Form.SUBSTANCE_LIST:
            return [replace(base, many=True, example="Co")]
        case Form.SUBSTANCE_MASSES:
            return [_by_substance(base, field)]
        case Form.LOSSES:
            whole = replace(base, kind=Kind.WORD, choices=("balance",), example="")
            return [whole, replace(_by_substance(base, field), example="")]
        case Form.TOLERANCE:
            return [_part(base, word, Kind.PERCENT, field) for word in ("mass", "substances")]
        case Form.CONTENTS:
            return [_part(base, EVERY, Kind.RANGE, field)]
        case Form.PAIRS:
            return [_part(base, word, kind, field) for word, kind in _paired(field)]
        case Form.RECORD:
            return _record(field, base)
        case Form.EMISSIONS:
            parts = (_part(base, scope, Kind.QUANTITY, field) for scope in EMISSION_FIELDS)
            return [replace(part, unit=UNIT_OF_CO2E) for part in parts]
        case Form.BATCH_MASSES | Form.ANSWERS | Form.EVIDENCE | Form.CHILDREN | Form.INPUTS | Form.OUTPUTS:
            return []
        case _:
            assert_never(field.value.form)


def _paired(field: Declared) -> list[tuple[str, Kind]]:
    """The words of which each has a value, and what that is."""
    if field.value.read is terms.bounds:
        return [(kind.value, Kind.TEXT) for kind in AssessmentKind if kind.measure]
    return [(scheme, Kind.IDENTIFIER) for scheme in identifiers.SCHEMES]


def _named(field: Declared, base: Column) -> Column:
    """A text: a name or an identifier keeps its digits, a text for people is as it is shown."""
    free = field.value.read in (readers.description, readers.remark)
    kind = Kind.TEXT if free else Kind.IDENTIFIER
    if field.value.read is readers.country:
        return replace(base, kind=Kind.WORD, choices=tuple(countries.codes()), many=field.many)
    return replace(base, kind=kind, names=field.value.names, new=field.value.new, many=field.many)


def _choices(field: Declared) -> tuple[str, ...]:
    if field.value.choices is None:
        return ()
    return tuple(name.lower() for name in field.value.choices.__members__ if name != "NONE")


def _by_substance(base: Column, field: Declared) -> Column:
    return replace(_part(base, EVERY, Kind.QUANTITY, field), unit=UNIT)


def _part(base: Column, word: str, kind: Kind, field: Declared) -> Column:
    """The column of a part of a value, with the part of its example that fits."""
    value = field.value.example if field.about.example is None else field.about.example
    if isinstance(value, list):
        value = {each["scheme"]: each["value"] for each in value}
    said = value if isinstance(value, dict) else {}
    example = next(iter(said.values()), "") if word == EVERY else said.get(word, "")
    return Column(f"{base.word}.{word}", kind, base.help, example=str(example))


def _record(field: Declared, base: Column) -> list[Column]:
    """What a record is, and its name; of a receipt some of its lots."""
    words = spoken.REVERSED if field.value.read is spoken.reversible else spoken.RESTATED
    what = replace(base, word=f"{base.word}.record", kind=Kind.WORD, choices=words, example=words[0])
    name = replace(base, word=f"{base.word}.name", kind=Kind.IDENTIFIER, example="KOL-1")
    lots = replace(name, word=f"{base.word}.lots", names="batch", many=True, required=False, example="")
    return [what, name, lots] if "receive" in words else [what, name]


def _list(field: Declared) -> List | None:
    """What a field lists, if it lists anything beside words."""
    found = List(field.word, Shape.PARTS, (), field.required, apart=True)
    inside = f"{field.word}."
    match field.value.form:
        case Form.CHILDREN | Form.INPUTS | Form.OUTPUTS:
            parts = tuple(column for part in field.parts for column in _columns(part, inside))
            return replace(found, columns=parts)
        case Form.EVIDENCE:
            uri = Column(f"{inside}uri", Kind.IDENTIFIER, "where the document is", required=True)
            digest = Column(f"{inside}sha256", Kind.IDENTIFIER, "its SHA-256", required=True)
            examples = (
                replace(uri, example="https://example.org/lca.pdf"),
                replace(digest, example="5a" * 32),
            )
            return replace(found, columns=examples, apart=False)
        case Form.BATCH_MASSES:
            return replace(found, shape=Shape.MASSES, columns=(_lot(inside), _arrived(inside)), apart=False)
        case Form.ANSWERS:
            return replace(found, shape=Shape.ANSWERS, columns=_answer(inside))
        case Form.TEXT if field.many and field.value.names:
            name = Column(f"{inside}{field.value.names}", Kind.IDENTIFIER, field.about.help, required=True)
            named = replace(name, names=field.value.names, example=_example(field))
            return replace(found, shape=Shape.NAMES, columns=(named,), apart=field.required)
        case _:
            return None


def _lot(inside: str) -> Column:
    return Column(
        f"{inside}batch", Kind.IDENTIFIER, "the batch", required=True, names="batch", example="katanga/KOL-1"
    )


def _arrived(inside: str) -> Column:
    return Column(
        f"{inside}mass", Kind.QUANTITY, "what arrived of it", required=True, unit=UNIT, example="19 t"
    )


def _answer(inside: str) -> tuple[Column, ...]:
    said = "received, or refused; left out where amounts are said"
    differences = tuple(each.slug for each in Difference if each)
    return (
        _lot(inside),
        Column(f"{inside}answer", Kind.WORD, said, choices=ANSWERS, example="received"),
        replace(_arrived(inside), required=False, example=""),
        Column(f"{inside}difference", Kind.WORD, "why it differs from what was sent", choices=differences),
        Column(f"{inside}substances.{EVERY}", Kind.QUANTITY, "what was measured in it", unit=UNIT),
    )


def _example(field: Declared) -> str:
    """What may stand in a cell, as text."""
    value = field.value.example if field.about.example is None else field.about.example
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
