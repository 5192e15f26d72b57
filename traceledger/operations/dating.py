"""When something was, where nobody says: now, if it is performed by itself.

A line of an operations file is given no time, as it must be the same call whenever it is submitted again.

Example:
    >>> "at" in dated("retire", {"batch": "VIN-1"}), "at" in dated("define_material", {"material": "ore"})
    (True, False)
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from traceledger.operations.base import Decision, Physical
from traceledger.operations.catalogue import Operation, by_name


def dated(op: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the operation of that name; what happened in the world gets its time, if none is said."""
    default = {"at": int(time.time())} if issubclass(by_name(op), Physical) else {}
    return default | dict(fields)


def decided(operation: Operation) -> Operation:
    """The operation, with the time where it is a decision that states none."""
    if isinstance(operation, Decision) and operation.at is None:
        return replace(operation, at=int(time.time()))
    return operation
