"""One run of the command: parse, perform, and turn every failure into one sentence and an exit code."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import click

from traceledger.cli.context import SERVED, Session
from traceledger.errors import ExitCode, TraceLedgerError

DEBUG = "TRACELEDGER_DEBUG"
_COMPLETES = "_TRACELEDGER_COMPLETE"
_ALLOCATIONS_BETWEEN_COLLECTIONS = 100_000
READER_GONE = 141
"""What the shell also reports of a program that a closed pipe ended (128 + SIGPIPE)."""


def main(arguments: Sequence[str] | None = None, command: click.Command | None = None) -> int:
    """Run ``traceledger`` with these arguments, by default those of the process.

    Args:
        arguments: what follows the program's name.
        command: what to run instead of the root of all commands; it is given the session.

    Returns:
        The exit code; see docs/cli.md.
    """
    if arguments is None:
        _start_quickly()
        # The system asks so when it stops a service or itself; unasked, it is as good as Ctrl-C.
        signal.signal(signal.SIGTERM, _terminate)
    session = Session()
    session.arguments = tuple(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(session, arguments, command)
    finally:
        if session.log_file is not None:
            from traceledger.cli.logs import close

            close()


def _run(session: Session, arguments: Sequence[str] | None, command: click.Command | None) -> int:
    """The exit code, whatever happens."""
    stdout = sys.stdout
    _tolerate_narrow_encodings()
    try:
        with session.closing():
            code = _invoke(session, arguments, command)
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_gone()
    # click turns a closed pipe into an exit of its own, and muffles stdout; it says nothing else of it.
    except SystemExit:
        if sys.stdout is not stdout:
            return _reader_gone()
        raise
    except Exception as error:  # noqa: BLE001  (the last resort: no traceback reaches a user unasked)
        try:
            return _failed(error, session)
        except KeyboardInterrupt as stop:  # while it looked what may have been meant
            return _interrupted(stop, session)
    except KeyboardInterrupt as stop:
        return _interrupted(stop, session)
    return code


class Terminated(KeyboardInterrupt):
    """The system asked the process to end."""


def _terminate(number: int, _: FrameType | None) -> None:
    # Some ask twice, such as timeout(1); once is enough, and the second must not disturb the ending.
    signal.signal(number, signal.SIG_IGN)
    raise Terminated


def _start_quickly() -> None:
    """Let a process that is this command not look for garbage in what it only just loaded.

    What is imported stays until the end; looking through it again and again while it grows, and once more
    when the process ends, took a tenth of the time of a command that reads.
    """
    gc.set_threshold(_ALLOCATIONS_BETWEEN_COLLECTIONS)
    atexit.register(gc.freeze)


def _invoke(session: Session, arguments: Sequence[str] | None, command: click.Command | None) -> int:
    if command is None:
        from traceledger.cli.root import root

        command = root

    if os.environ.get(_COMPLETES, "").startswith("bash"):
        from traceledger.cli.completing import in_bash

        in_bash()
    given = None if arguments is None else list(arguments)
    result = command.main(given, prog_name="traceledger", standalone_mode=False, obj=session)
    return result if isinstance(result, int) else ExitCode.OK


def _interrupted(stop: BaseException | None, session: Session) -> int:
    """Say so, and what is left to do, where something is."""
    if session.serves:
        session.output.say(SERVED)
        return ExitCode.OK
    ended = isinstance(stop, Terminated)
    code = ExitCode.TERMINATED if ended else ExitCode.INTERRUPTED
    what = "ended by SIGTERM" if ended else "interrupted"
    remaining = session.remaining(stop)
    notes = [remaining] if remaining is not None else list(getattr(stop, "__notes__", ()))
    session.fail(
        lambda errors: errors.failure(what.title(), what, code=code, hint="; ".join(notes)), remaining
    )
    return _tell([f"{what} ({'; '.join(notes)})" if notes else what], code, session)


def _failed(error: Exception, session: Session) -> int:
    match error:
        # What click makes of Ctrl-C; what was to be told stands on the interrupt behind it.
        case click.Abort():
            return _interrupted(error.__context__, session)
        case click.ClickException():
            return _misused(error, session)
        case TraceLedgerError():
            remaining = session.remaining(error)
            session.fail(lambda errors: errors.failed(error), remaining)
            code = _tell([*_said(error), *([remaining] if remaining else [])], error.exit_code, session)
        case _:
            what = f"unexpected {type(error).__name__}: {error}"
            mend = "run it again with -vv for the traceback, and report it"
            remaining, code = session.remaining(error), ExitCode.INTERNAL
            session.fail(
                lambda errors: errors.failure(type(error).__name__, what, code=code, hint=mend), remaining
            )
            _tell([f"{what} ({mend})", *([remaining] if remaining else [])], code, session)
    if session.verbosity > 1 or os.environ.get(DEBUG):
        _trace(error)
    return code


def _misused(error: click.ClickException, session: Session) -> int:
    """What click says of arguments that it does not understand."""
    what, hint, where = _sentence(error), "", ""
    if isinstance(error, click.UsageError):
        from traceledger.cli.suggesting import suggested
        from traceledger.languages.phrases import phrase
        from traceledger.model.suggestions import did_you_mean

        names = suggested(error, session.arguments)
        page = f"{error.ctx.command_path if error.ctx else 'traceledger'} --help"
        hint = did_you_mean(names) if names else phrase("see: {command}", command=page)
    parameter = getattr(error, "param", None)
    if isinstance(parameter, click.Parameter):
        where = max(parameter.opts, key=len, default="")
    session.fail(
        lambda errors: errors.failure("UsageError", what, code=ExitCode.INPUT, hint=hint, where=where),
        None,
    )
    return _tell([f"{what} ({hint})" if hint else what], ExitCode.INPUT, session)


def _sentence(error: click.ClickException) -> str:
    # What was meant is asked in the hint.
    plain = isinstance(error, click.exceptions.NoSuchOption | click.exceptions.NoSuchCommand)
    text = (error.message if plain else error.format_message()).strip().removesuffix(".")
    # click's sentences begin with a capital and end with a full stop; ours stand after "error:".
    return text[:1].lower() + text[1:]


def _tell(lines: Sequence[str], code: ExitCode, session: Session) -> ExitCode:
    from traceledger.cli.output import plain

    if session.log_file is not None:
        from traceledger.cli.logs import failed

        failed(lines, code)
    first, *more = map(plain, lines)
    click.echo(f"{click.style('error:', fg='red', bold=True)} {first}", err=True)
    for line in more:
        click.echo(f"  {line}", err=True)
    return code


def _said(error: TraceLedgerError) -> list[str]:
    """The error's lines in the user's language."""
    from traceledger.cli.output import spoken
    from traceledger.languages.said import lines_of

    return lines_of(error, spoken())


def _trace(error: BaseException) -> None:
    """The traceback, in which what others wrote steers nothing either."""
    import traceback

    from traceledger.cli.output import plain

    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    for each in reversed(chain):
        click.echo("Traceback (most recent call last):", err=True)
        click.echo("".join(traceback.format_tb(each.__traceback__)), err=True, nl=False)
        click.echo(plain(f"{type(each).__name__}: {each}"), err=True)


def _reader_gone() -> int:
    """Whoever read our output has enough of it; let the interpreter not complain when it closes stdout."""
    with contextlib.suppress(OSError, ValueError):
        # Python flushes stdout once more at its end, and would print the error that it meets there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return READER_GONE


def _tolerate_narrow_encodings() -> None:
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # Names hold any letters; a terminal or pipe of another encoding must not end the command.
            reconfigure(errors="backslashreplace")
