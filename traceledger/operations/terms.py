"""What is said by word: tolerances (Rule 5) and contents (Rule 2) of a material, bounds, identifiers.

Example:
    >>> tolerance({"mass": "0.5 %"}).mass_bp, contents({"Co": "30 % - 40 %"})
    (50, {27: (3000, 4000)})
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from traceledger.errors import InputError
from traceledger.model import identifiers as schemes
from traceledger.model.assurance import AssessmentKind, Rating
from traceledger.model.frozen import frozen
from traceledger.model.identifiers import Identifier
from traceledger.model.substances import number
from traceledger.operations import readers


@frozen
class Tolerance:
    """By how many basis points its custodian may remeasure a lot: of gross mass, and of each substance."""

    mass_bp: int = 0
    substances_bp: int = 0


NONE = Tolerance()
"""Nothing may be remeasured but by an auditor."""


def tolerance(value: object) -> Tolerance:
    """``{"mass": "0.5 %", "substances": "1 %"}``; what is left out is none.

    Raises:
        InputError: it is not understood.
    """
    if isinstance(value, Tolerance):
        return value
    if not isinstance(value, Mapping) or not set(value) <= {"mass", "substances"}:
        hint = 'write for instance {"mass": "0.5 %", "substances": "1 %"}'
        raise InputError("a tolerance is an object of mass and substances", hint=hint)
    return Tolerance(**{f"{name}_bp": readers.percent(amount) for name, amount in value.items()})


def contents(value: object) -> dict[int, tuple[int, int]]:
    """``{"Co": "30 % - 40 %"}`` to least and highest basis points of gross mass by substance, ascending.

    Raises:
        InputError: it is not understood; the message names the substance.
    """
    if not isinstance(value, Mapping):
        raise InputError("contents are an object", hint='write for instance {"Co": "30 % - 40 %"}')
    found = {
        name if isinstance(name, int) else number(str(name)): _range(name, said)
        for name, said in value.items()
    }
    return dict(sorted(found.items()))


def _range(name: object, said: object) -> tuple[int, int]:
    if isinstance(said, tuple | list) and len(said) == 2:
        least, highest = (readers.percent(bound) for bound in said)
    else:
        first, _, last = str(said).partition("-")
        if not last:
            first, last = "0 %", first
        least, highest = readers.percent(first.strip()), readers.percent(last.strip())
    if least > highest:
        raise InputError(f"{name}: the least content is more than the highest", hint="write '30 % - 40 %'")
    return least, highest


def bounds(value: object) -> dict[str, int]:
    """What suffices by kind of assessment: the least score or share, the highest risk.

    Raises:
        InputError: something else, or a kind without a value.
    """
    if not isinstance(value, Mapping):
        raise InputError("bounds are an object", hint='write for instance {"saq": "70 %"}')
    return {readers.word(AssessmentKind)(kind): _bound(kind, bound) for kind, bound in value.items()}


def _bound(name: str, value: object) -> int:
    kind = readers.word(AssessmentKind)(name)
    match kind.measure:
        case "":
            raise InputError(f"an assessment of kind {kind} has no value", where=name, hint="leave it out")
        case "rating":
            return value if isinstance(value, int) else int(readers.enum(Rating)(value))
        case _:
            return readers.percent(value)


def identifiers(value: object) -> tuple[Identifier, ...]:
    """Identifiers of a company or site elsewhere, as a list, or by scheme.

    Raises:
        InputError: something else, or one that cannot exist.
    """
    if isinstance(value, Mapping):
        value = [{"scheme": scheme, "value": text} for scheme, text in value.items()]
    return schemes.read(value)


def struct(
    waste: bool,
    product: bool,
    allowed: Tolerance,
    by_substance: Mapping[int, tuple[int, int]],
) -> tuple[bool, bool, int, int, list[tuple[int, int, int]]]:
    """The terms of a material, as the contract takes them."""
    bounds = [(substance, *said) for substance, said in sorted(by_substance.items())]
    return waste, product, *asdict(allowed).values(), bounds
