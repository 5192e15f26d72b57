"""What puts records right, and second lives, on a ledger that is made fast: as the contracts' modules say it.

Calldata is left short: readers do not look at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.scale.abi import address
from tests.scale.ledger import TAG, Ledger
from tests.scale.lots import Lot, Run, Scopes, Shipment, lanes

AUDITOR, REASON, PAPER = "argus", "incorrect_data", "https://example.org/paper.pdf"
PAPERS = ((b"\x07" * 32, PAPER),)
_LINE = [{"uri": PAPER, "sha256": "07" * 32}]
KINDS = {"mint": 0, "transformation": 1, "shipment": 2, "record": 3}
"""What can be restated, as in Solidity."""


def declare(ledger: Ledger, lot: Lot, *, by_auditor: bool) -> None:
    """An error: by an auditor, or by its maker, who must not hold it any more."""
    who = AUDITOR if by_auditor else lot.creator
    freezes = by_auditor or lot.custodian == lot.creator
    data = (by_auditor, freezes, 1, ledger.now, (), ())
    ledger.emit(who, "ErrorDeclared", (lot.id, ledger.address[who]), data)
    ledger.history.append(("error", lot.id, by_auditor))
    ledger.told(who, "declare_error", batch=f"{lot.creator}/{lot.name}", reason=REASON)


def restate(
    ledger: Ledger,
    what: dict[str, str],
    record: tuple[int, int],
    lots: Sequence[int],
    emissions: Scopes,
    *,
    counts: bool,
) -> None:
    """Emissions of a record (its id and position) are known better; less does not count till confirmed."""
    ((kind, name),) = what.items()
    owner, words = name.partition("/")[0], lanes(emissions)
    data = (counts, ledger.now, words, lots, REASON, PAPERS)
    keys = (record[0], ledger.address[owner])
    ledger.emit(owner, "EmissionsRestated", keys, (KINDS[kind], *data))
    ledger.history.append(("restated", record[1], emissions, counts))
    said = {"scope1": emissions[0], "scope2": emissions[1], "scope3": emissions[2], "primary": emissions[3]}
    ledger.told(owner, "restate_emissions", of=what, emissions=said, reason=REASON, evidence=_LINE)


def confirm(
    ledger: Ledger, what: dict[str, str], record: tuple[int, int], lots: Sequence[int], emissions: Scopes
) -> None:
    """An auditor confirms what was restated last."""
    ((kind, _),) = what.items()
    data = (KINDS[kind], ledger.now, lanes(emissions), lots, PAPERS)
    ledger.emit(AUDITOR, "RestatementConfirmed", (record[0], ledger.address[AUDITOR]), data)
    ledger.history.append(("restated", record[1], emissions, True))
    ledger.told(AUDITOR, "confirm_restatement", of=what, evidence=_LINE)


def reverse_mint(ledger: Ledger, lot: Lot) -> None:
    """It was never minted."""
    keys = (lot.id, ledger.address[lot.creator])
    _reverse(ledger, "MintReversed", keys, (), {"mint": f"{lot.creator}/{lot.name}"})
    lot.mass = 0


def reverse_split(ledger: Ledger, child: Lot, parent: Lot) -> None:
    """A child goes back into its parent, with what was added to it since."""
    back = (
        *(child.id, child.mass, child.own, child.inherited, child.primary),
        tuple(child.substances.items()),
    )
    parent.put_back(back)
    keys = (child.id, parent.id, ledger.address[child.creator])
    name = {"split": f"{child.creator}/{child.name}"}
    _reverse(ledger, "SplitReversed", keys, (back,), name)
    entry = (parent.id, child.own, child.inherited, parent.own, parent.inherited)
    ledger.history.append(("split_reversed", child.id, entry))
    child.mass = 0


def reverse_run(ledger: Ledger, run: Run) -> None:
    """What a run took goes back, and what it made is no more."""
    entries = []
    for lot, taken in zip(run.inputs, run.taken, strict=True):
        lot.put_back(taken)
        entries.append((lot.id, taken[2], taken[3], lot.own, lot.inherited))
    keys = (run.id, ledger.address[run.participant])
    said = (run.taken, [lot.id for lot in run.outputs])
    name = {"transformation": f"{run.participant}/{run.name}"}
    _reverse(ledger, "TransformationReversed", keys, said, name)
    ledger.history.append(("run_reversed", run.id, entries))
    for lot in run.outputs:
        lot.mass = 0


def reverse_receipt(ledger: Ledger, shipment: Shipment) -> None:
    """All lots of a shipment, which arrived as they were sent, are on their way again."""
    sender, receiver = (ledger.address[slug] for slug in (shipment.sender, shipment.receiver))
    ids = [lot.id for lot in shipment.lots]
    moved = [(address(receiver), address(sender), batch) for batch in ids]
    of = {"receive": f"{shipment.sender}/{shipment.name}"}
    _reverse(ledger, "ReceiptReversed", (shipment.id, receiver), (ids,), of, moved=moved)
    for lot in shipment.lots:
        lot.custodian = shipment.sender


def _reverse(
    ledger: Ledger,
    name: str,
    keys: Sequence[Any],
    given: Sequence[Any],
    of: dict[str, str],
    *,
    moved: Sequence[tuple[bytes, bytes, int]] = (),
) -> None:
    who = next(slug for slug, known in ledger.address.items() if known == keys[-1])
    ledger.emit(who, name, keys, (ledger.now, *given, REASON, TAG, ()), moved=moved)
    ledger.told(who, "reverse", of=of, reason=REASON)


def deliver(ledger: Ledger, lot: Lot) -> None:
    """A product reaches its user."""
    data = (2, ledger.now, "", ())
    ledger.emit(lot.custodian, "BatchRetired", (lot.id, ledger.address[lot.custodian]), data)
    ledger.told(lot.custodian, "retire", batch=f"{lot.creator}/{lot.name}", how="delivered")


def take_back(ledger: Ledger, lot: Lot, site: str) -> None:
    """It comes back for recycling, and its CO2e stays with its first life."""
    recycler = site.partition("/")[0]
    keys = (lot.id, ledger.address[recycler], ledger.facilities[site])
    pools = (lot.mass, lot.own, lot.inherited, lot.primary)
    data = (ledger.materials[lot.material], ledger.now, *pools, PAPERS)
    moved = [(address(ledger.address[lot.custodian]), address(ledger.address[recycler]), lot.id)]
    ledger.emit(recycler, "BatchTakenBack", keys, data, moved=moved)
    ledger.history.append(("taken_back", lot.id, f"{lot.creator}/{lot.name}"))
    lot.custodian, lot.own, lot.inherited, lot.primary = recycler, 0, 0, 0
    place = site.partition("/")[2]
    ledger.told(recycler, "take_back", batch=f"{lot.creator}/{lot.name}", facility=place, evidence=_LINE)
