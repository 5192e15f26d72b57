"""The errors TraceLedger raises, and the exit code each kind has on the command line.

Every error says *what* is wrong, *where* if a place is known, and *how to mend it*; one sentence each.
Errors of the contracts have classes of their own in :mod:`traceledger.refusals`.

Example:
    >>> from traceledger.errors import InputError
    >>> print(InputError("unknown unit 'stone'", where="mass", hint="use mg, g, kg or t"))
    mass: unknown unit 'stone' (use mg, g, kg or t)
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the ``traceledger`` command returns to the shell."""

    OK = 0
    INTERNAL = 1
    INPUT = 2
    VERIFICATION = 3
    NOT_ACCEPTED = 4
    REFUSED = 5
    SIGNING = 6
    NETWORK = 7
    TOO_LARGE = 8
    INTERRUPTED = 130


class TraceLedgerError(Exception):
    """Base of every error that TraceLedger raises on purpose.

    Args:
        what: what is wrong, as a sentence without its full stop.
        hint: how to mend it.
        where: the file, line or field that is wrong, if known.
    """

    exit_code = ExitCode.INTERNAL

    def __init__(self, what: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        mend = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.what}{mend}"


class ClosedError(TraceLedgerError):
    """Something is used that was closed before: a client, an index, a store of private texts."""


class InputError(TraceLedgerError, ValueError):
    """What the caller gave cannot be understood, or names something that does not exist."""

    exit_code = ExitCode.INPUT


class UnknownNameError(InputError):
    """A participant, facility, material, batch or shipment of that name is not on the ledger."""


class VerificationError(TraceLedgerError):
    """Stored evidence does not hold: a broken chain, a corrupt database, an index that disagrees."""

    exit_code = ExitCode.VERIFICATION


class NotAcceptedError(TraceLedgerError):
    """The evidence holds, but the caller's policy or an audit's settings do not accept it."""

    exit_code = ExitCode.NOT_ACCEPTED


class ContractRefusalError(TraceLedgerError):
    """The contracts refused an operation; nothing of it happened."""

    exit_code = ExitCode.REFUSED


class TooLargeForBlockError(TraceLedgerError):
    """An operation needs more gas than a block of the network has; it was not signed."""

    exit_code = ExitCode.TOO_LARGE


class SigningError(TraceLedgerError):
    """A key is missing, unreadable, or its passphrase is wrong."""

    exit_code = ExitCode.SIGNING


class NetworkError(TraceLedgerError):
    """The network is not configured, cannot be reached, is busy, or is not the one expected."""

    exit_code = ExitCode.NETWORK


class BusyError(NetworkError):
    """Another process kept writing to one of our files."""
