"""What the page of a draft says besides its plan: what moves between companies, where it is mended."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from traceledger.documents.values import amounts
from traceledger.model.hexadecimal import hexed
from traceledger.web.desk.links import path
from traceledger.web.desk.views.common import index_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from traceledger.model.batches import Batch
    from traceledger.sending.proposal import Proposed
    from traceledger.web.desk.drafts import Draft
    from traceledger.web.desk.shown import Shown
    from traceledger.web.desk.visit import Visit

MOST = 200
"""Operations that are said one by one."""
_PARTNER = {"ship": "to", "receive": "sender"}
"""By operation, as what its partner is named."""


def said(visit: Visit, draft: Draft, shown: Shown | None) -> Mapping[str, Any]:
    """What a draft's page says besides its plan."""
    return {
        "mend": mended(draft),
        "moves": [] if shown is None else moves(visit, shown),
        "parties": {} if shown is None else parties(shown),
        "most": MOST,
    }


def parties(shown: Shown) -> dict[str, str]:
    """The address of each company that is named, as it will be signed, by its short name."""
    proposal = None if shown.plan is None else shown.plan.proposal
    items = () if proposal is None else proposal.items
    found = {party.name: hexed(party.address) for item in items for party in item.parties if party.name}
    return dict(sorted(found.items()))


def moves(visit: Visit, shown: Shown) -> list[dict[str, Any]]:
    """By partner what is sent to it, and received from it: lots, mg, mg by substance where known."""
    proposal = None if shown.plan is None else shown.plan.proposal
    items = () if proposal is None else [it for it in proposal.items if it.operation in _PARTNER]
    known = index_of(visit).many.batches({lot.id for item in items for lot in item.lots})
    rows: dict[tuple[str, str, bytes], dict[str, Any]] = {}
    for item in items:
        partner = next((each for each in item.parties if each.word == _PARTNER[item.operation]), None)
        if partner is None:
            continue
        row = rows.setdefault(
            (item.operation, partner.name, partner.address),
            {"lots": 0, "mass": 0, "substances": Counter[int](), "unknown": 0},
        )
        _add(item, known, row)
    return [
        {
            "operation": operation,
            "partner": name,
            "address": hexed(address),
            "lots": row["lots"],
            "mass_mg": str(row["mass"]),
            "substances_mg": amounts(dict(sorted(row["substances"].items()))),
            "unknown": row["unknown"],
        }
        for (operation, name, address), row in rows.items()
    ]


def _add(item: Proposed, known: Mapping[int, Batch], row: dict[str, Any]) -> None:
    for lot in item.lots:
        row["lots"] += 1
        row["mass"] += lot.mass_mg or 0
        if lot.id not in known or lot.mass_mg is None:
            # It is made by this very draft, which says above what it holds.
            row["unknown"] += 1
        else:
            row["substances"].update(known[lot.id].substances_mg)


def mended(draft: Draft) -> str:
    """The path of the form on which a draft was made, filled in as it is; empty: it has none."""
    if draft.origin.kind == "sheet":
        return "/sheet"
    if draft.origin.kind == "answer":
        return path("shipments", draft.origin.name, "answer", draft=draft.id)
    is_of_form = draft.lines == 1 and draft.origin.kind == "form"
    return path("record", draft.origin.name, draft=draft.id) if is_of_form else ""
