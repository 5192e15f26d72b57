"""All operations, and how an operation is read from JSON. Each one is declared in the module of its family.

Names of batches, facilities and shipments are full (``katanga/KOL-1``) or, for one's own, without the
slug. Masses are mg, times UTC seconds. docs/operations.md describes the file format.

Example:
    >>> parse_operation({"op": "retire", "as": "oem", "batch": "VIN-1", "reason": "delivered",
    ...                  "at": "2026-01-18T06:00:00Z"}).at
    1768716000
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, get_args

from traceledger.errors import InputError
from traceledger.model import spelling
from traceledger.operations.assurance import AssuranceOperation
from traceledger.operations.batches import BatchOperation
from traceledger.operations.corrections import CorrectionOperation
from traceledger.operations.custody import CustodyOperation
from traceledger.operations.declared import declared
from traceledger.operations.era import too_early
from traceledger.operations.facilities import FacilityOperation
from traceledger.operations.findings import FindingOperation
from traceledger.operations.holding import HoldingOperation
from traceledger.operations.limits import too_long
from traceledger.operations.materials import MaterialOperation
from traceledger.operations.participants import ParticipantOperation
from traceledger.operations.restating import RestatementOperation
from traceledger.operations.rights import RightOperation
from traceledger.operations.transformation import TransformationOperation

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from traceledger.operations.base import Base

Operation = (
    MaterialOperation
    | ParticipantOperation
    | FacilityOperation
    | BatchOperation
    | CustodyOperation
    | TransformationOperation
    | HoldingOperation
    | CorrectionOperation
    | RestatementOperation
    | AssuranceOperation
    | FindingOperation
    | RightOperation
)
"""Any operation. Where each is treated in its own way, a match over it ends in ``assert_never``."""

OPERATIONS: tuple[type[Base], ...] = get_args(Operation)
"""Their classes."""

_SHOWN = 200
"""So many characters of what was given are repeated in an error."""

_FIELD_UNKNOWN = "check its spelling"
_OPERATIONS_PAGE = "traceledger help operations lists them"

_EARLIER: dict[str, tuple[str, dict[str, str]]] = {
    "submit_plan": ("submit_corrective_action", {"plan": "corrective_action"}),
    "accept_plan": ("accept_corrective_action", {}),
    "refuse_plan": ("refuse_corrective_action", {}),
    "propose_policy": ("propose_requirement", {}),
    "enact_policy": ("enact_requirement", {}),
}
"""Operations by the names that they had before: their names, and their fields by earlier names."""


@cache
def by_name(op: str) -> type[Base]:
    """The class of the operation of that name.

    Raises:
        KeyError: there is none.
    """
    return {name_of(kind): kind for kind in OPERATIONS}[op]


def name_of(kind: type[Base]) -> str:
    """The name in an operations file of an operation's class."""
    return str(kind.__dataclass_fields__["op"].default)


def parse_operation(document: object) -> Operation:
    """The operation that a JSON object describes.

    Raises:
        InputError: for the first fault, ``where`` naming its field. :func:`parsed` gives them all.
    """
    found = parsed(document)
    if isinstance(found, list):
        raise found[0]
    return found


def parsed(document: object) -> Operation | list[InputError]:
    """The operation that a JSON object describes, or every fault of the object."""
    from pydantic import ValidationError

    document = _today(document)
    try:
        found = _adapter().validate_python(document)
    except ValidationError as invalid:
        return [_input_error(fault, document) for fault in invalid.errors(include_url=False)]
    return [*too_early(found), *too_long(found)] or found


@cache
def _adapter() -> TypeAdapter[Operation]:
    """What validates; made when it is first needed, as pydantic takes long to load."""
    from pydantic import Field, TypeAdapter

    return TypeAdapter(Annotated[Operation, Field(discriminator="op")])


def _today(document: object) -> object:
    """The object with the words of today in place of earlier ones."""
    earlier = document.get("op") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(earlier, str) or earlier not in _EARLIER:
        return document
    op, fields = _EARLIER[earlier]
    if any(was in document and name in document for was, name in fields.items()):
        return document | {"op": op}  # so that the earlier word is a field that there is not
    return {fields.get(name, name): value for name, value in document.items()} | {"op": op}


def _field_meant(place: list[str], document: object) -> str:
    """What to say of a field that there is not: the one of its operation that was probably meant."""
    op = document.get("op") if isinstance(document, dict) else None
    if not isinstance(op, str) or len(place) != 1:
        return _FIELD_UNKNOWN
    words = [item.word for item in declared(by_name(op))]
    return spelling.hint(place[0], words, _FIELD_UNKNOWN)


def _input_error(fault: Any, document: object) -> InputError:
    cause = fault.get("ctx", {}).get("error")
    place = [str(part) for part in fault["loc"][1:] if part != "[key]"]
    where = ".".join(place)[:_SHOWN]
    if not where.isprintable():  # a field that there is not may be called anything
        where = where.encode("unicode_escape").decode()
    if isinstance(cause, InputError):
        return InputError(cause.what, hint=cause.hint, where=where)
    match fault["type"]:
        case "missing":
            return InputError("this field is missing", where=where)
        case "unexpected_keyword_argument" | "extra_forbidden":
            return InputError("there is no such field", where=where, hint=_field_meant(place, document))
        case "union_tag_invalid" | "union_tag_not_found":
            given = fault["ctx"].get("tag", "")[:_SHOWN]
            what = f"there is no operation {given!r}" if given else "this field is missing"
            names = [name_of(kind) for kind in OPERATIONS]
            return InputError(what, where="op", hint=spelling.hint(given, names, _OPERATIONS_PAGE))
        case "dict_type" | "dataclass_type" | "model_attributes_type":
            return InputError("this must be an object", where=where)
        case "tuple_type" | "list_type":
            return InputError("this must be a list", where=where)
        case _:
            return InputError(str(fault["msg"]).lower(), where=where)
