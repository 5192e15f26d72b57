"""Answer a shipment lot by lot: what arrived, why it differs, what an answer would do; then a draft of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from traceledger.documents import arrivals
from traceledger.errors import InputError, NotAcceptedError
from traceledger.languages import Language
from traceledger.languages.phrases import phrase
from traceledger.model.batches import Difference
from traceledger.model.units import parse_mass
from traceledger.names import LedgerNames
from traceledger.operations.spoken import LotAnswer, answers
from traceledger.web.desk.drafts import Origin
from traceledger.web.desk.filling import filled, reading
from traceledger.web.desk.filling.given import Given
from traceledger.web.desk.filling.numbers import typed
from traceledger.web.desk.links import path
from traceledger.web.desk.route import Route
from traceledger.web.desk.views.common import index_of, shipment_of
from traceledger.web.desk.views.record import drafted
from traceledger.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from traceledger.model.batches import Batch

ANSWERS = ("open", "received", "differs", "refused")
"""What is said of a lot; ``open``: nothing yet."""
DIFFERENCES = ("loss", "moisture", "measurement")


@dataclass(slots=True)
class _Said:
    """What the form says of one lot.

    Attributes:
        name: of the lot.
        answer: of :data:`ANSWERS`.
        document: as an operation has it; ``None``: nothing is said.
        faults: what is wrong with it.
        outcome: what it would do.
    """

    name: str
    answer: str = "open"
    document: Any = None
    faults: list[InputError] = field(default_factory=list)
    outcome: Mapping[str, Any] | None = None


def shown(visit: Visit) -> Answer:
    """The lots that are open; of a draft of the answer what it says."""
    draft = visit.query.get("draft")
    return _page(visit, _drafted(visit, draft) if draft else Given(), preview=bool(draft))


def _drafted(visit: Visit, name: str) -> Given:
    """What a draft says of the lots that are open, as it would be typed."""
    drafts, index, found = visit.desk.drafts, index_of(visit), shipment_of(visit)
    operation = drafts.operations(drafts.get(name))[0]
    names = LedgerNames(index)
    open_lots = [names.full(lot.creator, lot.identifier) for lot in index.open_lots(found.id)]
    said = operation.get("lots", {})
    said = dict.fromkeys(said, "refused") if isinstance(said, list) else said
    fields = {"reason": operation.get("reason", ""), "at": filled.moment(operation["at"])}
    for at, lot in enumerate(open_lots):
        fields[f"lots.{at}.name"] = lot
        fields |= dict(_typed(f"lots.{at}", said.get(lot, "open"), visit.language))
    return Given(fields)


def _typed(prefix: str, said: Any, language: Language) -> Iterator[tuple[str, str]]:
    if isinstance(said, str):
        yield f"{prefix}.answer", said
        return
    yield from ((f"{prefix}.answer", "differs"), (f"{prefix}.difference", said["difference"]))
    masses = {"mass": said["mass"]}
    for number, (name, mass) in enumerate(said.get("substances", {}).items()):
        masses[f"substances.{number}"] = mass
        yield f"{prefix}.substances.{number}.name", name
    for below, mass in masses.items():
        amount, unit = typed(parse_mass(mass), language)
        yield from ((f"{prefix}.{below}.amount", amount), (f"{prefix}.{below}.unit", unit))


def answered(visit: Visit) -> Answer:
    """All at once, a look at what would be, or a draft."""
    given, do = Given(dict(visit.form.pairs)), visit.form.get("do", "")
    if do in ("all", "none"):
        count = given.lines("lots")
        word = "received" if do == "all" else "refused"
        every = {f"lots.{at}.answer": word for at in range(count)}
        return _page(visit, Given({**given.fields, **every}), preview=True)
    return _page(visit, given, preview=True, keep=do == "draft")


def _page(visit: Visit, given: Given, *, preview: bool, keep: bool = False) -> Answer:
    index, found = index_of(visit), shipment_of(visit)
    if found.receiver != visit.desk.company().address:
        raise NotAcceptedError(
            phrase("this shipment is for {company}", company=LedgerNames(index).slug(found.receiver)),
            hint=phrase("only its receiver answers it"),
        )
    with index.snapshot():
        lots = index.open_lots(found.id)
        document = arrivals.arrivals(index, found, lots)
        goods = {lot.material: index.material_by_id(lot.material) for lot in lots}
    given = _aligned(given, [row["batch"] for row in document["lots"]])
    said = [_said(at, row["batch"], given, visit.language) for at, row in enumerate(document["lots"])]
    if preview:
        for each, lot in zip(said, lots, strict=True):
            _foresee(each, lot, goods[lot.material])
    general: tuple[InputError, ...] = ()
    if keep:
        answer = _keep(visit, given, document["shipment"], said)
        if isinstance(answer, Answer):
            return answer
        general = answer
    return Answer.page(
        status=422 if general or any(each.faults for each in said) else 200,
        document=document,
        here=path("shipments", document["shipment"], "answer"),
        rows=[
            _row(at, row, each, given, visit.language)
            for at, (row, each) in enumerate(zip(document["lots"], said, strict=True))
        ],
        answers=ANSWERS,
        differences=DIFFERENCES,
        preview=preview,
        at_value=given.text("at"),
        reason_value=given.text("reason"),
        general=general,
        nothing=preview and all(each.document is None for each in said),
    )


def _aligned(given: Given, names: Sequence[str]) -> Given:
    """What was said of each lot, at its place now: meanwhile its sender may have cancelled one above it."""
    places = {name: at for at, name in enumerate(names)}
    moved = {name: value for name, value in given.fields.items() if not name.startswith("lots.")}
    for at in range(given.lines("lots")):
        place = places.get(given.text(f"lots.{at}.name"))
        if place is not None:
            moved |= {
                f"lots.{place}.{name.removeprefix(f'lots.{at}.')}": value
                for name, value in given.fields.items()
                if name.startswith(f"lots.{at}.")
            }
    return Given(moved)


def _row(at: int, row: Mapping[str, Any], said: _Said, given: Given, language: Language) -> dict[str, Any]:
    """One lot with what was typed; before that, with what was sent."""
    prefix = f"lots.{at}"
    amount, unit = typed(int(row["mass_mg"]), language)
    substances = []
    for number, (name, mg) in enumerate(row["substances_mg"].items()):
        own, own_unit = typed(int(mg), language)
        below = f"{prefix}.substances.{number}"
        substances.append(
            {
                "name": name,
                "path": below,
                "sent_mg": mg,
                "amount": given.fields.get(f"{below}.amount", own),
                "unit": given.text(f"{below}.unit") or own_unit,
            }
        )
    return {
        "path": prefix,
        "number": at + 1,
        "lot": row,
        "said": said,
        "amount": given.fields.get(f"{prefix}.mass.amount", amount),
        "unit": given.text(f"{prefix}.mass.unit") or unit,
        "difference": given.text(f"{prefix}.difference"),
        "substances": substances,
    }


def _said(at: int, name: str, given: Given, language: Language) -> _Said:
    prefix = f"lots.{at}"
    said = _Said(name, given.text(f"{prefix}.answer") or "open")
    if said.answer in ("received", "refused"):
        said.document = said.answer
    elif said.answer == "differs":
        try:
            said.document = _differs(prefix, given, language)
            answers({name: said.document})
        except InputError as error:
            said.faults.append(InputError(_bare(error.what, name), hint=error.hint))
            said.document = None
    return said


def _bare(what: str, name: str) -> str:
    head = f"{name}: "
    return what[len(head) :] if what.startswith(head) else what


def _differs(prefix: str, given: Given, language: Language) -> dict[str, Any]:
    """What arrived of a lot, and why it differs.

    Raises:
        InputError: it does not say both.
    """
    difference = given.text(f"{prefix}.difference")
    if difference not in DIFFERENCES:
        raise InputError(phrase("say why it differs from what was sent"))
    mass = reading.amount(given, f"{prefix}.mass", language)
    if mass is None:
        raise InputError(phrase("say what arrived of it"))
    parse_mass(mass)
    document: dict[str, Any] = {"mass": mass, "difference": difference}
    if difference == "measurement" and (substances := _substances(prefix, given, language)):
        document["substances"] = substances
    return document


def _substances(prefix: str, given: Given, language: Language) -> dict[str, str]:
    found = {}
    for number in range(given.lines(f"{prefix}.substances")):
        below = f"{prefix}.substances.{number}"
        if mass := reading.amount(given, below, language):
            found[given.text(f"{below}.name")] = mass
    return found


def _foresee(said: _Said, lot: Batch, goods: Any) -> None:
    if said.document is None:
        return
    answer: LotAnswer = answers({said.name: said.document})[said.name]
    if answer.difference is not Difference.NONE and answer.mass == lot.mass_mg and not answer.substances:
        answer = LotAnswer()  # scales that confirm what was sent find no difference
    said.outcome = arrivals.outcome(lot, answer, goods)
    if said.outcome["why"]:
        said.faults.append(InputError(said.outcome["why"], where="arrives"))


def _keep(
    visit: Visit, given: Given, shipment: str, said: Sequence[_Said]
) -> Answer | tuple[InputError, ...]:
    """A draft of the answer; or what is missing for it."""
    faults = []
    if not any(each.document is not None for each in said) and not any(each.faults for each in said):
        faults.append(InputError(phrase("nothing is said of any lot yet")))
    at = given.text("at")
    if not at:
        faults.append(InputError(phrase("say when it arrived"), where="at"))
    if faults or any(each.faults for each in said):
        return tuple(faults)
    lots = {each.name: each.document for each in said if each.document is not None}
    operation = {
        "op": "receive",
        "as": visit.desk.participant,
        "shipment": shipment,
        "lots": lots,
        "at": reading.moment(at),
    }
    if reason := given.text("reason"):
        operation["reason"] = reason
    if all(each == "refused" for each in lots.values()):
        del operation["lots"]
        operation |= {"op": "reject", "lots": list(lots)}
    return drafted(visit, operation, Origin("answer", shipment))


ROUTES = (
    Route("GET", "/shipments/{sender}/{identifier}/answer", shown, "desk/answer.html"),
    Route("POST", "/shipments/{sender}/{identifier}/answer", answered, "desk/answer.html"),
)
