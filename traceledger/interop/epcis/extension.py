"""What our own namespace, ``urn:traceledger:epcis:1:``, says in an event: what EPCIS has no words for.

The terms are listed in docs/epcis.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAMESPACE = "urn:traceledger:epcis:1:"
"""Names of ours begin with it; documents mostly bind it to the prefix ``tl``."""
PREFIX = "tl"


@dataclass(frozen=True, slots=True)
class Extension:
    """What an event says in our namespace.

    Attributes:
        terms: of the event itself, by name without the namespace; values as JSON has them, numbers exact,
            names inside without the namespace too.
        ilmd: the same of its ``ilmd``.
    """

    terms: Mapping[str, Any] = field(default_factory=dict)
    ilmd: Mapping[str, Any] = field(default_factory=dict)


def read(fields: Mapping[str, Any], ilmd: Mapping[str, Any]) -> Extension:
    """What is ours of an event's fields, and of its ``ilmd``, both by expanded name."""
    return Extension(_ours(fields), _ours(ilmd))


def _ours(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix(NAMESPACE): _short(value)
        for name, value in fields.items()
        if name.startswith(NAMESPACE)
    }


def _short(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name.removeprefix(NAMESPACE): _short(inner) for name, inner in value.items()}
    return [_short(inner) for inner in value] if isinstance(value, list) else value
