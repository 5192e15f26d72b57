"""Performing one operation for a command, and saying what was recorded."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.approval import approving
from traceledger.cli.questions import can_ask
from traceledger.documents import recorded as documents
from traceledger.errors import InputError
from traceledger.model.counting import counted
from traceledger.model.emissions import EMISSION_FIELDS
from traceledger.model.hexadecimal import hexed
from traceledger.model.units import format_time
from traceledger.storage.files import MOST_BYTES, text_of
from traceledger.storage.json_text import loads

if TYPE_CHECKING:
    from traceledger.cli.context import Session
    from traceledger.client.methods import Recorded
    from traceledger.operations.catalogue import Operation
    from traceledger.sending.jobs import Job
    from traceledger.sending.offline import OfflineSigning


def record_physical(session: Session, op: str, given: Mapping[str, Any], *, needs_actor: bool = True) -> None:
    """Record something that happened in the world; default time: now.

    Args:
        session: the run.
        op: the operation's name in the operations file.
        given: its fields as the options say them (``None`` and empty ones were not given), the scopes of
            its emissions, and ``from_json``, a file with more fields: the options have the last word.
        needs_actor: whether only a participant may do it, and not the deploying account.
    """
    if needs_actor:
        require_actor(session)
    options = {
        name: value
        for name, value in given.items()
        if value is not False and value not in (None, (), [], {}, "")
    }
    emissions = {scope: options.pop(scope) for scope in EMISSION_FIELDS if scope in options}
    source = options.pop("from_json", None)
    document = (_read(source, op) if source else {}) | options
    if emissions:
        document["emissions"] = emissions
    record(session, op, document, by_option=source is None)


def record_as_consortium(session: Session, op: str, given: Mapping[str, Any]) -> None:
    """Record what only the deploying account may do, whoever ``TRACELEDGER_AS`` names."""
    session.act_as = None
    record(session, op, given)


def record(session: Session, op: str, given: Mapping[str, Any], *, by_option: bool = True) -> None:
    """Record an operation and print what was recorded.

    Args:
        session: the run.
        op: the operation's name in the operations file.
        given: its fields; ``None`` stands for one that was not given.
        by_option: name fields by their options in errors.

    Raises:
        InputError: a field is missing or not understood.
    """
    actor = {} if session.act_as is None else {"as": session.act_as}
    with naming_options() if by_option else nullcontext():
        operation = parse(op, {**given, **actor})
        if session.offline is not None:
            sign_offline(session, lambda signing: signing.operation(operation))
            return
        recorded = session.synced().perform(operation, approve=approving(session))
    _report(session, recorded)


def sign_offline(
    session: Session, sign: Callable[[OfflineSigning], Sequence[Job]], *, of_file: bool = False
) -> None:
    """Sign into the file of ``--offline``, and say what was signed.

    Raises:
        InputError: a nonce is missing or not understood, or a name cannot be resolved offline.
    """
    if session.offline is None:
        raise InputError("no file is named", where="--offline")
    with session.client.offline(session.offline, _nonces(session.nonces)) as signing:
        signing.approve = approving(session, of_file=of_file)
        jobs = sign(signing)
    document, made = documents.signed(session.offline, jobs), counted(len(jobs), "transaction")
    session.output.result(document, lambda: f"{made} signed into {session.offline}")
    session.output.say(f"next, on a connected machine: traceledger tx send {session.offline}")


_MOST_DIGITS = 20
"""Of a number below 2**64."""


def _nonces(given: Sequence[str]) -> dict[str | None, int]:
    nonces: dict[str | None, int] = {}
    for text in given:
        key, equals, number = text.rpartition("=")
        if not number.isascii() or not number.isdigit() or len(number) > _MOST_DIGITS:
            raise InputError(f"{text!r} is no nonce", where="--nonce", hint="write N, or KEY=N")
        nonces[key.lower() if key.startswith("0x") else key if equals else None] = int(number)
    return nonces


def parse(op: str, given: Mapping[str, Any]) -> Operation:
    """The operation of that name with these fields, happening now where no time is said.

    Fields that are ``None`` are left out.

    Raises:
        InputError: a field is missing or not understood.
    """
    from traceledger.operations.catalogue import parse_operation
    from traceledger.operations.dating import dated

    fields = {name: value for name, value in given.items() if value is not None}
    return parse_operation({**dated(op, fields), "op": op})


def require_actor(session: Session) -> str:
    """The participant named by ``--as``.

    Raises:
        InputError: none is.
    """
    if session.act_as is None and not (session.json or session.quiet) and can_ask():
        session.act_as = str(click.prompt("who acts (short name of a participant)", err=True)).strip()
    if session.act_as is None:
        raise _nobody_acts()
    return session.act_as


def _read(source: str, op: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read(MOST_BYTES) if source == "-" else text_of(Path(source), "utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=source) from None
    except UnicodeError:
        raise InputError("not UTF-8", where=source) from None
    document = loads(text, where=source)
    if not isinstance(document, dict):
        raise InputError("it must hold one JSON object", where=source)
    if document.get("op", op) != op:
        raise InputError(f"it describes {document['op']!r}, not {op!r}", where=f"{source}: op")
    return document


@contextmanager
def naming_options() -> Iterator[None]:
    """In errors of input, name fields as the user wrote them: by options, not as fields of a file."""
    try:
        yield
    except InputError as error:
        raise _by_option(error) from None


def _by_option(error: InputError) -> InputError:
    """The same error, its field named as the user wrote it: an option, not a field of a file."""
    field, _, rest = error.where.partition(".")
    if field == "as":
        return _nobody_acts()
    options = (item for item in click.get_current_context().command.params if isinstance(item, click.Option))
    name = next((max(option.opts, key=len) for option in options if option.name == field), None)
    if name is None:
        return error
    return type(error)(error.what, hint=error.hint, where=f"{name}: {rest}" if rest else name)


def _nobody_acts() -> InputError:
    return InputError("it must be said who acts", hint="use --as PARTICIPANT, or set TRACELEDGER_AS")


def _report(session: Session, recorded: Recorded) -> None:
    document = documents.recorded(
        recorded.operation,
        transaction=recorded.transaction,
        block=recorded.block,
        timestamp=recorded.timestamp,
        gas_used=recorded.gas_used,
        names=recorded.names,
    )
    when = format_time(recorded.timestamp)
    what = recorded.operation.replace("_", " ")
    who = ", ".join(_flat(recorded.names))
    session.output.result(
        document,
        lambda: f"{what} {who}: block {recorded.block}, {when}, transaction {hexed(recorded.transaction)}",
    )


def _flat(names: Mapping[str, str | list[str]]) -> list[str]:
    return [name for value in names.values() for name in ([value] if isinstance(value, str) else value)]
