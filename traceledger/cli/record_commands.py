"""The commands that record operations, made from what each operation declares of itself.

A verb is a row of ``traceledger/operations``: its name, its help, its options and who acts stand there. How
values with several parts are written in one option is in ``parsing.py``, by the form of the field.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import click

from traceledger.cli import completing, options, parsing
from traceledger.cli.commands import Command
from traceledger.cli.context import Session, with_session
from traceledger.cli.record import record, record_as_consortium, record_physical, require_actor
from traceledger.errors import InputError
from traceledger.model.emissions import EMISSION_FIELDS
from traceledger.model.hexadecimal import hexed
from traceledger.operations.base import Base, By, Physical
from traceledger.operations.catalogue import OPERATIONS, name_of, parsed
from traceledger.operations.declared import Declared, declared
from traceledger.operations.fields import Form

_METAVARS = {
    Form.TIME: "TIME",
    Form.MASS: "MASS",
    Form.PERCENT: "PERCENT",
    Form.DEGREES: "DEGREES",
    Form.INTEGER: "N",
    Form.SUBSTANCE_MASSES: "SUBSTANCE=MASS",
    Form.LOSSES: "SUBSTANCE=MASS",
    Form.BATCH_MASSES: "BATCH=MASS",
    Form.TOLERANCE: "mass|substances=PERCENT",
    Form.CONTENTS: "SUBSTANCE=LEAST-HIGHEST",
    Form.ANSWERS: "BATCH=ANSWER",
    Form.PAIRS: "WORD=VALUE",
    Form.RECORD: "KIND=NAME",
    Form.EVIDENCE: "URI=SHA256",
    Form.CHILDREN: "NAME=MASS",
    Form.INPUTS: "BATCH[=MASS]",
    Form.OUTPUTS: "NAME,WORD=VALUE,…",
}
PARSERS: Mapping[Form, Callable[[Sequence[str], str], Any]] = {
    Form.SUBSTANCE_MASSES: parsing.substances,
    Form.LOSSES: parsing.losses,
    Form.BATCH_MASSES: parsing.masses,
    Form.TOLERANCE: parsing.words,
    Form.CONTENTS: parsing.words,
    Form.ANSWERS: parsing.answers,
    Form.PAIRS: parsing.words,
    Form.RECORD: parsing.record,
    Form.EVIDENCE: parsing.evidence,
    Form.CHILDREN: parsing.children,
    Form.INPUTS: parsing.inputs,
    Form.OUTPUTS: parsing.outputs,
}
"""What reads values with several parts. Values of other forms go to the operation as they are written."""
_EXAMPLES = {
    Form.TIME: "2026-01-17T06:00:00Z",
    Form.MASS: "'24 t'",
    Form.SUBSTANCE_MASSES: "Co=8.4t",
    Form.ANSWERS: "BATCH=received, BATCH=refused, BATCH=19.9t,difference=moisture",
    Form.RECORD: "mint=katanga/KOL-1",
    Form.EVIDENCE: "URI=@FILE takes the hash of that file",
}
_REPEATED = {*PARSERS, Form.SUBSTANCE_LIST}
_WORDS = {"kind": completing.words(*completing.FACILITY_KINDS)}
"""Usual words of free fields."""

Given = dict[str, Any]
"""The values of a command's options and arguments, by the fields of the operation."""


def _as_given(_: Session, given: Given) -> Given:
    return given


def _nothing_more(_: Session, __: Given) -> None:
    """All is said already."""


@dataclass(frozen=True, slots=True)
class Special:
    """What a command does beside what its operation declares.

    Attributes:
        parameters: more of them, first.
        without: fields that have no option of their own.
        before: gives the operation's fields for what was given.
        after: says more, once it is recorded.
    """

    parameters: Sequence[click.Parameter] = ()
    without: frozenset[str] = field(default_factory=frozenset)
    before: Callable[[Session, Given], Given] = _as_given
    after: Callable[[Session, Given], None] = _nothing_more


def add_recording(group: click.Group, noun: str, special: Mapping[type[Base], Special] | None = None) -> None:
    """Add a command for every operation of a noun, and hidden ones for the verbs that it had before."""
    for kind in OPERATIONS:
        row = kind.row()
        if row.noun != noun:
            continue
        command = _command(kind, (special or {}).get(kind, Special()))
        group.add_command(command, row.verb)
        for verb in row.old:
            earlier = copy(command)
            earlier.hidden = True
            group.add_command(earlier, verb)


def _command(kind: type[Base], special: Special) -> click.Command:
    row, physical = kind.row(), issubclass(kind, Physical)
    for_consortium = not row.takes_as
    fields = [item for item in declared(kind) if item.name != "act_as" and not item.about.file_only]
    shown = [item for item in fields if item.name not in special.without]
    parameters = [*special.parameters, *(each for item in shown for each in _parameters(kind, item))]
    if physical:
        parameters.append(options.from_json_option())

    def run(session: Session, /, **given: Any) -> None:
        found = special.before(session, _resolved(session, fields, given))
        if physical:
            record_physical(session, name_of(kind), found, needs_actor=row.by is By.PARTICIPANT)
        elif for_consortium:
            record_as_consortium(session, name_of(kind), found)
        else:
            if row.by is By.PARTICIPANT:
                require_actor(session)
            record(session, name_of(kind), found)
        special.after(session, found)

    acting = options.governing if for_consortium else options.acting
    callback = acting(with_session(run))
    shared = callback.__click_params__[::-1]  # type: ignore[attr-defined]
    del callback.__click_params__  # type: ignore[attr-defined]
    return Command(row.verb, callback=callback, params=[*parameters, *shared], help=_help(kind))


def _help(kind: type[Base]) -> str:
    """The class's own words, and who performs it."""
    words = inspect.cleandoc(kind.__doc__ or "").replace("``", "'")
    row = kind.row()
    for_good = f"\n\nIt asks first: {row.for_good}." if row.for_good else ""
    return f"{words}{for_good}\n\nPerformed by {row.by.value}."


def _resolved(session: Session, fields: Sequence[Declared], given: Given) -> Given:
    """What was given, under the names of today, and keys by their addresses."""
    found = dict(given)
    for item in fields:
        earlier = [found.pop(_earlier(option), None) for option in item.about.old]
        if found.get(item.name) is None:
            found[item.name] = next((value for value in earlier if value is not None), None)
        if item.value.form is Form.KEY and not str(found[item.name]).startswith("0x"):
            found[item.name] = hexed(session.client.signers.address_of(found[item.name]))
    return {name: value for name, value in found.items() if value is not None}


def _earlier(option: str) -> str:
    return f"earlier_{option.lstrip('-').replace('-', '_')}"


def _fault(kind: type[Base], item: Declared, value: Any) -> str | None:
    """What is wrong with the value of a field, as far as it can be told by itself; ``None``: nothing."""
    if item.value.form is Form.KEY:
        return None
    found = parsed({"op": name_of(kind), item.word: value})
    faults = found if isinstance(found, list) else []
    ours = (fault for fault in faults if fault.where.partition(".")[0] == item.word)
    return next((InputError(fault.what, hint=fault.hint).sentence for fault in ours), None)


def _parameters(kind: type[Base], item: Declared) -> list[click.Parameter]:
    """The argument or the options of a field."""
    if item.about.argument:
        return [click.Argument([item.name], type=_type(item))]
    if item.value.form is Form.EMISSIONS:
        return [_emission(scope, item.about.help) for scope in EMISSION_FIELDS]
    if item.value.form is Form.FLAG:
        return [click.Option([_option(item), item.name], is_flag=True, help=_sentence(item))]
    repeated = item.many or item.value.form in _REPEATED
    parse = PARSERS.get(item.value.form)
    settings: dict[str, Any] = {
        "multiple": repeated,
        "metavar": _METAVARS.get(item.value.form),
        "callback": parsing.parsed(parse) if parse else None,
        "type": _type(item),
    }
    shown = options.FieldOption(
        [_option(item), item.name],
        help=_sentence(item),
        required=item.required and item.name != "at",
        instead=("from_json", *map(_earlier, item.about.old)),
        fault=partial(_fault, kind, item),
        **settings,
    )
    hidden = [
        click.Option([old, _earlier(old)], hidden=True, help="Spelled so earlier.", **settings)
        for old in item.about.old
    ]
    return [shown, *hidden]


def _option(item: Declared) -> str:
    return f"--{(item.about.option or item.word).replace('_', '-')}"


def _sentence(item: Declared) -> str:
    """The help of an option: what the field means, the words to choose from, whether it may be repeated."""
    text = (item.about.help[:1].upper() + item.about.help[1:]).replace("``", "'")
    if item.value.choices is not None:
        *first, last = (member.lower() for member in item.value.choices.__members__)
        text += f": {', '.join(first)} or {last}"
    if item.value.form in _EXAMPLES:
        text += f": {_EXAMPLES[item.value.form]}"
    if item.name == "at":
        text += "; default now"
    repeated = item.many or item.value.form in _REPEATED
    return f"{text}. Repeat for more." if repeated else f"{text}."


def _emission(scope: str, meaning: str) -> click.Parameter:
    texts = {
        "primary": "Part of the three scopes from primary data.",
        "biogenic": "Part of the three scopes that is biogenic.",
        "land_use": "Part of the three scopes from land use and its change.",
        "aviation": "Part of the three scopes from aviation.",
        "removals": "Removals that belong to them; an amount of its own, never netted.",
    }
    text = texts.get(scope) or f"Scope {scope.removeprefix('scope')} emissions {meaning}: '40 t'."
    return click.Option([f"--{scope.replace('_', '-')}", scope], metavar="CO2E", help=text)


def _type(item: Declared) -> click.types.StringParamType:
    """Text, which the shell completes where it names something there is, or is one of a few words."""
    value = item.value
    if value.new:
        return completing.Free()
    if value.choices is not None:
        return completing.words(*(member.lower() for member in value.choices.__members__))
    if value.form is Form.KEY:
        return completing.kind("KEY")
    if value.form is Form.LOSSES:
        return completing.Named(completing.losses)
    if value.names is not None and value.form is Form.TEXT:
        return completing.kind(value.names.upper())
    return _WORDS.get(item.name) or click.STRING
