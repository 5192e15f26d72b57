"""Rules that need no history: units wrong by a thousand, and content that is not there.

Example:
    >>> [rule.id for rule in RULES]
    ['units-implausible', 'content-missing']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from traceledger.audit.facts import BatchFacts, Making
from traceledger.audit.quantities import mass, percent
from traceledger.audit.settings import ContentReference, MaterialScale, SubstanceScale, entry_for
from traceledger.audit.values import Check, Issue, Level, Rule
from traceledger.audit.view import AuditView
from traceledger.model.registry import Material
from traceledger.model.substances import number, symbol

_BP = 10_000


def check_units(view: AuditView) -> Check:
    """Lots whose mass, or whose CO2e per kg, no lot of that material has."""
    scales = {
        item.id: entry_for(view.settings.scale.material, item, slug_first=True)
        for item in view.materials.values()
    }
    by_substance = {number(item.substance): item for item in view.settings.scale.substance}

    def look(lot: BatchFacts) -> Iterator[Issue]:
        if not _is_judged(lot):
            return
        known = scales.get(lot.now.material)
        if known is None:
            yield from _by_substance(view, by_substance, lot)
        else:
            yield from _by_material(view, known, lot)

    return Check(batch=look)


def _by_material(view: AuditView, known: MaterialScale, lot: BatchFacts) -> Iterator[Issue]:
    making = lot.making
    if making.minted and making.mass_mg < known.lot_least:
        said = f"{mass(making.mass_mg)}; a lot of {known.name} weighs {mass(known.lot_least)} or more"
        yield _issue(view, lot, said)
    if making.mass_mg > known.lot_most:
        said = f"{mass(making.mass_mg)}; a lot of {known.name} weighs {mass(known.lot_most)} at most"
        yield _issue(view, lot, said)
    found, low, high = _burden(making) / making.mass_mg, known.co2e_least, known.co2e_most
    if _is_off(making, found, low, high):
        said = f"{found:.4g} kg CO2e per kg; {known.name} has {low:g} to {high:g}, whoever makes it"
        yield _issue(view, lot, said)


def _by_substance(view: AuditView, scales: Mapping[int, SubstanceScale], lot: BatchFacts) -> Iterator[Issue]:
    """Of a material that the settings do not know: by the substances that it holds most of."""
    making = lot.making
    held = {key: amount for key, amount in making.substances_mg.items() if key in scales and amount}
    if not held:
        return
    main = max(held, key=lambda key: held[key])
    known, amount = scales[main], held[main]
    if making.minted and not known.lot_least <= amount <= known.lot_most:
        said = f"{mass(amount)} {symbol(main)}; a lot holds {mass(known.lot_least)} to {mass(known.lot_most)}"
        yield _issue(view, lot, said)
    found = _burden(making) / sum(making.substances_mg.values())
    if _is_off(making, found, known.co2e_least, known.co2e_most):
        bounds = f"{known.co2e_least:g} to {known.co2e_most:g}"
        said = (
            f"{found:.4g} kg CO2e per kg of substances; with {symbol(main)} it is {bounds}, whoever makes it"
        )
        yield _issue(view, lot, said)


def _is_off(making: Making, found: float, low: float, high: float) -> bool:
    """Whether CO2e is out of bounds; too little only of what is alone, and not nothing at all."""
    alone = making.split or (making.alone and not making.recycling)
    return found > high or (alone and 0 < found < low)


def _burden(making: Making) -> int:
    return making.own_mg + making.inherited_mg


def _is_judged(lot: BatchFacts) -> bool:
    """Whether a lot is judged by itself: neither waste, nor split off another."""
    return not lot.now.waste and not lot.making.split


def check_missing(view: AuditView) -> Check:
    """Lots that hold less of a substance than their material does."""
    settings = view.settings.content
    known = {item.id: tuple(_least(settings.reference, item)) for item in view.materials.values()}

    def look(lot: BatchFacts) -> Iterator[Issue]:
        for key, least, source in known.get(lot.now.material, ()) if _is_judged(lot) else ():
            share = lot.making.substances_mg.get(key, 0) / lot.making.mass_mg
            if share < least * (1 - settings.tolerance):
                said = f"{percent(share)} {symbol(key)}; {source} holds {percent(least)} or more"
                permitted = lot.now.off_specification
                said += ", and an auditor permitted less" if permitted else ""
                yield _issue(view, lot, said, Level.LOW if permitted else None)

    return Check(batch=look)


def _least(known: tuple[ContentReference, ...], material: Material) -> Iterator[tuple[int, float, str]]:
    """Substance, its least share, and whose that is: the ledger's own word goes before the settings'."""
    stated = {item.substance: item.least_bp for item in material.contents}
    for key, points in stated.items():
        yield key, points / _BP, material.slug
    reference = entry_for(known, material)
    for name, least in reference.percent.items() if reference else ():
        if number(name) not in stated and reference is not None:
            yield number(name), least / 100, reference.name


def _issue(view: AuditView, lot: BatchFacts, message: str, level: Level | None = None) -> Issue:
    related = (view.material(lot.now.material).slug,)
    facts = {"mass_mg": str(lot.making.mass_mg), "co2e_mg": str(_burden(lot.making))}
    return view.issue_of_making(lot, message, related, facts | lot.making.held, level)


RULES = (
    Rule(
        "units-implausible",
        Level.MEDIUM,
        "A lot's mass or CO2e is wrong by orders of magnitude",
        "24 t that were typed as 24000 become 24 g, kilograms of CO2e become tonnes. Nobody's history is "
        "needed to see that. A sample sent for analysis explains a tiny lot.",
        "Bounds of the settings file, table scale, far outside of what is published",
        check_units,
    ),
    Rule(
        "content-missing",
        Level.MEDIUM,
        "A lot holds less of a substance than its material does",
        "What a compound holds and the ledger does not can leave it unseen, or comes from where nobody "
        "should look: the missing part belongs into the ledger, of untraced origin if need be. "
        "Off-specification lots that an auditor permitted are low.",
        "Least contents of the ledger's materials; settings file, table content.reference",
        check_missing,
    ),
)
