"""How much one operation may list, so that it, its answer and its reversal each fit into a block (Rule 13).

The contracts have the same limits (``contracts/types/Limits.sol``) and are what counts. Here they are told
with the line, before anything is signed.

Example:
    >>> from types import SimpleNamespace
    >>> print(too_long(SimpleNamespace(into=range(430)))[0])
    into: 430 are more than the 64 of one operation (divide it into 7)
"""

from __future__ import annotations

from collections.abc import Sized

from traceledger.errors import InputError

MOST: dict[str, int] = {"into": 64, "inputs": 64, "outputs": 56, "batches": 64}
"""Most items by field: children of a split, inputs and outputs of a run, lots of a shipment."""


def too_long(operation: object) -> list[InputError]:
    """A fault for each list of an operation that is longer than the contracts take."""
    found = []
    for name, most in MOST.items():
        listed = getattr(operation, name, ())
        count = len(listed) if isinstance(listed, Sized) else 0
        if count > most:
            what = f"{count} are more than the {most} of one operation"
            found.append(InputError(what, where=name, hint=f"divide it into {-(-count // most)}"))
    return found
