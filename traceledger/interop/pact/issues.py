"""The footprints of a batch or a product over time: the newest is active, those before are deprecated.

Each state of the figures (``states.py``) that reads differently is a footprint of its own, which never
changes. It names the one before it (``precedingPfIds``), and was created when the block came that brought it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from traceledger.interop.exported import Exported, Origin, Sourced
from traceledger.interop.pact.footprint import Of, written
from traceledger.interop.pact.identity import footprint_id
from traceledger.model.units import format_time

if TYPE_CHECKING:
    from traceledger.interop.pact.states import State

ACTIVE, DEPRECATED = "Active", "Deprecated"


@dataclass(frozen=True, slots=True)
class Issued:
    """A footprint.

    Attributes:
        block: the block that brought it.
        exported: the whole document, where its values come from, and what is missing.
        product: what it is of, whatever its period, as a text that no other product has.
        maker: slug of who made it.
    """

    block: int
    exported: Exported
    product: str
    maker: str

    @property
    def id(self) -> str:
        """Its UUID."""
        return str(self.exported.document["id"])

    @property
    def is_active(self) -> bool:
        """Whether it is the one to use."""
        return bool(self.exported.document["status"] == ACTIVE)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What it would have to say and does not, each as a clause; with any it is not valid."""
        return tuple(f"{each.pointer}: {each.why}" for each in self.exported.missing if each.required)


def issued(of: Of, states: Iterable[State], ledger: Mapping[str, Any]) -> list[Issued]:
    """The footprints of some states, the newest first.

    Args:
        of: what they are of.
        states: the oldest first.
        ledger: what tells this ledger from all others, as plain values; part of every id.
    """
    found: list[Issued] = []
    before, valid = None, True
    for state in states:
        if state.figures is None:
            before, valid = None, False
            continue
        made = written(of, state)
        if valid and made.document == before:
            continue
        before, valid = made.document, True
        what = {"ledger": dict(ledger), "of": _key(of), "block": state.block, "content": dict(made.document)}
        completed = _completed(made, footprint_id(what), state, found)
        found.append(Issued(state.block, completed, _product(of), of.company.slug))
    found.reverse()
    return [each if place == 0 and valid else _deprecated(each) for place, each in enumerate(found)]


def _key(of: Of) -> dict[str, Any]:
    """What a footprint is of, as plain values."""
    period = [of.period.start, of.period.end] if of.period else None
    return {
        "participant": of.company.slug,
        "material": of.material.slug,
        "batch": of.batch,
        "period": period,
        "countries": sorted({site.country for site in of.sites}),
    }


def _product(of: Of) -> str:
    return json.dumps({name: value for name, value in _key(of).items() if name != "period"}, sort_keys=True)


def _completed(made: Exported, number: str, state: State, earlier: list[Issued]) -> Exported:
    content = dict(made.document)
    follows = {"precedingPfIds": [earlier[-1].id]} if earlier else {}
    document = {
        "id": number,
        "specVersion": content.pop("specVersion"),
        **follows,
        "created": format_time(state.at),
        "status": ACTIVE,
        **content,
    }
    added = [
        Sourced("/id", Origin.FORMAT, "from the ledger, what it is of, its block and its content"),
        *(Sourced(f"/{name}", Origin.FORMAT, "the state before it") for name in follows),
        Sourced("/created", Origin.FORMAT, f"the time of block {state.block}"),
        Sourced("/status", Origin.FORMAT, "whether a later state is another"),
    ]
    return Exported(document, (*added, *made.sources), made.missing)


def _deprecated(one: Issued) -> Issued:
    document = {**one.exported.document, "status": DEPRECATED}
    return replace(one, exported=replace(one.exported, document=document))
