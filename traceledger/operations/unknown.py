"""That nothing on the ledger is called so, and what may be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from traceledger.errors import UnknownNameError
from traceledger.languages import translatable
from traceledger.languages.phrases import phrase

if TYPE_CHECKING:
    from traceledger.operations.directory import Directory

_UNKNOWN = {
    "participant": (translatable("there is no participant {name}"), translatable("register it first")),
    "material": (translatable("there is no material {name}"), translatable("define it first")),
    "facility": (translatable("there is no facility {name}"), translatable("register it first")),
    "batch": (
        translatable("there is no batch {name}"),
        translatable("its full name is creator/identifier"),
    ),
    "shipment": (
        translatable("there is no shipment {name}"),
        translatable("its full name is sender/identifier"),
    ),
    "finding": (
        translatable("there is no finding {name}"),
        translatable("its full name is auditor/identifier"),
    ),
}
_OWNERLESS = (
    translatable("{what} {name} names no known participant"),
    translatable("write participant/identifier"),
)
"""What is said, and how to mend it where nothing is called nearly so; of a name without an owner besides."""


def unknown(names: Directory, what: str, typed: str, *, ownerless: bool = False) -> UnknownNameError:
    """That nothing is called so.

    Args:
        names: what is there.
        what: ``batch``, ``participant`` or another word for things.
        typed: the name.
        ownerless: it has no owner's name before it, and nobody acts whose own it could be.
    """
    message, otherwise = _OWNERLESS if ownerless else _UNKNOWN[what]
    said = phrase(message, what=what, name=repr(typed))
    return UnknownNameError(said, hint=names.meant(what, typed, phrase(otherwise)))
