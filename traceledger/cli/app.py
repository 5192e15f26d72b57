"""One run of the command: parse, perform, and turn every failure into one sentence and an exit code."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import sys
from collections.abc import Sequence

import click

from traceledger.cli.context import Session
from traceledger.errors import ExitCode, TraceLedgerError

DEBUG = "TRACELEDGER_DEBUG"
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
    session = Session()
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
        return _failed(error, session)
    except KeyboardInterrupt as stop:
        return _interrupted(stop)
    return code


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

    given = None if arguments is None else list(arguments)
    result = command.main(given, prog_name="traceledger", standalone_mode=False, obj=session)
    return result if isinstance(result, int) else ExitCode.OK


def _interrupted(stop: BaseException | None) -> int:
    """Say so, and what is left to do, where something is."""
    notes = "; ".join(getattr(stop, "__notes__", ()))
    return _tell(f"interrupted ({notes})" if notes else "interrupted", ExitCode.INTERRUPTED)


def _failed(error: Exception, session: Session) -> int:
    match error:
        # What click makes of Ctrl-C; what was to be told stands on the interrupt behind it.
        case click.Abort():
            return _interrupted(error.__context__)
        case click.UsageError():
            path = error.ctx.command_path if error.ctx else "traceledger"
            return _tell(f"{_sentence(error)} (see: {path} --help)", ExitCode.INPUT)
        case click.ClickException():
            return _tell(_sentence(error), ExitCode.INPUT)
        case TraceLedgerError():
            code = _tell(str(error), error.exit_code)
        case _:
            mend = "run it again with -vv for the traceback, and report it"
            code = _tell(f"unexpected {type(error).__name__}: {error} ({mend})", ExitCode.INTERNAL)
    if session.verbosity > 1 or os.environ.get(DEBUG):
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    return code


def _sentence(error: click.ClickException) -> str:
    text = error.format_message().strip().removesuffix(".")
    # click's sentences begin with a capital and end with a full stop; ours stand after "error:".
    return text[:1].lower() + text[1:]


def _tell(text: str, code: ExitCode) -> int:
    from traceledger.cli.output import plain

    click.echo(f"{click.style('error:', fg='red', bold=True)} {plain(text)}", err=True)
    return code


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
