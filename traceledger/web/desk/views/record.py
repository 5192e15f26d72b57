"""Forms of operations: filled in, faults beside their fields, then a draft."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from traceledger.errors import InputError, TraceLedgerError, UnknownNameError
from traceledger.languages.phrases import phrase
from traceledger.operations.catalogue import by_name, name_of
from traceledger.operations.file import OperationsFileError
from traceledger.pages.desk_words import DESK_WORDS
from traceledger.web.desk.drafts import Origin
from traceledger.web.desk.filling.controls import controls, unplaced
from traceledger.web.desk.filling.filled import fields_of
from traceledger.web.desk.filling.given import Given
from traceledger.web.desk.filling.reading import document_of
from traceledger.web.desk.links import path
from traceledger.web.desk.route import Route
from traceledger.web.desk.views.common import suggestions
from traceledger.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from traceledger.operations.base import Base
    from traceledger.web.desk.visit import Fields, Upload

GROUPS: Mapping[str, tuple[str, ...]] = {
    "make": ("mint", "transform", "split", "add_emissions"),
    "move": ("ship", "cancel", "transfer_title"),
    "end": ("retire", "take_back"),
    "keep": ("hold", "release", "remeasure"),
    "mend": ("reverse", "restate_emissions", "declare_error"),
    "company": (
        "register_facility",
        "transfer_facility",
        "accept_facility",
        "identify",
        "rename_participant",
        "submit_corrective_action",
        "record_evidence",
    ),
}
"""The operations that have a form, as they are offered."""
OFFERED = tuple(op for group in GROUPS.values() for op in group)
SUMS = ("csrf", "more", "do")
"""Fields of a form that are not the operation's."""


def offered(visit: Visit) -> Answer:
    """What can be recorded."""
    return Answer.page(groups=GROUPS)


def blank(visit: Visit) -> Answer:
    """The form of an operation; what the address names, or a draft of it says, is filled in."""
    kind, draft = _kind(visit), visit.query.get("draft")
    if draft is None:
        return page(visit, kind, Given(_typed(visit.query)))
    operation = visit.desk.drafts.operations(visit.desk.drafts.get(draft))[0]
    if operation.get("op") != name_of(kind):
        raise _no_form()
    return page(visit, kind, Given(fields_of(operation, visit.language)))


def filled(visit: Visit) -> Answer:
    """A form that was filled in: one more line, or a draft of it, or its faults."""
    kind = _kind(visit)
    given = Given(_typed(visit.form) | _hashed(visit.files))
    if more := visit.form.get("more"):
        return page(visit, kind, given.with_line(more))
    read = document_of(kind, given, visit.language, act_as=visit.desk.participant)
    faults = read.faults
    if not faults:
        answer = drafted(visit, read.document, Origin("form", visit.path["operation"]))
        if isinstance(answer, Answer):
            return answer
        faults = answer
    return page(visit, kind, read.given, faults)


def drafted(visit: Visit, operation: Mapping[str, object], origin: Origin) -> Answer | tuple[InputError, ...]:
    """A draft of one operation, to be looked at; or what is wrong with its fields."""
    desk = visit.desk
    try:
        draft = desk.drafts.add([operation], origin, by=visit.clerk.name if visit.clerk else "")
    except OperationsFileError as error:
        return tuple(_at_field(fault) for fault in error.further)
    shown = desk.look(draft, visit.clerk)
    faults = tuple(
        InputError(each.what, hint=each.hint, where=each.where or _field_of(each.what, operation))
        for each in shown.troubles
    )
    if shown.plan is None and faults and all(fault.where for fault in faults):
        # Names that nobody has and the like are mended where they were typed.
        desk.drafts.discard(draft)
        return faults
    desk.check(draft, visit.clerk)
    return Answer.to(path("drafts", draft.id))


def _field_of(what: str, value: object, path: str = "") -> str:
    """The path of the field whose text a sentence quotes; empty: it quotes none."""
    if isinstance(value, str):
        return path if repr(value) in what else ""
    parts: Iterable[tuple[object, object]] = ()
    if isinstance(value, Mapping):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    paths = (_field_of(what, part, f"{path}.{name}" if path else str(name)) for name, part in parts)
    return next(filter(None, paths), "")


def _at_field(fault: TraceLedgerError) -> InputError:
    where = fault.where
    return InputError(fault.what, hint=fault.hint, where=getattr(where, "field", "") or where)


def _kind(visit: Visit) -> type[Base]:
    operation = visit.path["operation"]
    if operation not in OFFERED:
        raise _no_form()
    return by_name(operation)


def _no_form() -> UnknownNameError:
    return UnknownNameError(
        phrase("there is no form of that name"), hint=phrase("choose one of those listed")
    )


def _typed(fields: Fields) -> dict[str, str]:
    return {name: value for name, value in fields.pairs if name not in SUMS}


def _hashed(files: Mapping[str, tuple[Upload, ...]]) -> dict[str, str]:
    """The hashes of documents that were chosen; the documents themselves are not kept."""
    return {
        name.removesuffix("file") + "sha256": hashlib.sha256(uploads[0].content).hexdigest()
        for name, uploads in files.items()
        if name.startswith("evidence.") and name.endswith(".file")
    }


def page(visit: Visit, kind: type[Base], given: Given, faults: Iterable[InputError] = ()) -> Answer:
    """The form of an operation.

    Args:
        visit: of the page.
        kind: the operation's class.
        given: what is filled in.
        faults: what is wrong with it.
    """
    found = tuple(faults)
    made = controls(kind, given, found)
    return Answer.page(
        status=422 if found else 200,
        template="desk/form.html",
        operation=name_of(kind),
        controls=made,
        faults=found,
        unplaced=unplaced(made, found),
        suggestions=suggestions(visit, visit.desk.company()),
        has_help=name_of(kind) in DESK_WORDS["operation_help"],
    )


ROUTES = (
    Route("GET", "/record", offered, "desk/record.html"),
    Route("GET", "/record/{operation}", blank, "desk/form.html"),
    Route("POST", "/record/{operation}", filled, "desk/form.html", uploads=True),
)
