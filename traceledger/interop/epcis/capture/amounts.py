"""Quantities of events, with the list of the event in which they stand where something is wrong with one."""

from __future__ import annotations

from traceledger.errors import InputError
from traceledger.interop.epcis import units
from traceledger.interop.epcis.events import Quantity


def mass(quantity: Quantity, where: str) -> int:
    """Milligrams of a quantity.

    Raises:
        InputError: it is no mass; the place is the list.
    """
    try:
        return units.mass_mg(quantity)
    except InputError as error:
        raise InputError(error.what, hint=error.hint, where=where) from None


def pieces(quantity: Quantity, where: str) -> int:
    """How many pieces a quantity counts.

    Raises:
        InputError: it is no whole number above zero; the place is the list.
    """
    try:
        found = units.pieces(quantity)
    except InputError as error:
        raise InputError(error.what, hint=error.hint, where=where) from None
    if not found:
        raise InputError("no pieces are counted", where=where, hint="leave out what is not there")
    return found
