"""A rule on CO2e that was moved from one product of a run to another.

Example:
    >>> round(odds(0.5)), odds(1.0)
    (1, inf)
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from traceledger.audit.facts import Made, Run
from traceledger.audit.quantities import percent
from traceledger.audit.values import Check, Issue, Level, Rule
from traceledger.audit.view import AuditView


def check_shifted(view: AuditView) -> Check:
    """Runs of which one output bears far more CO2e than its mass and its content suggest."""

    def look(run: Run) -> Iterator[Issue]:
        useful = [made for made in run.made if not made.now.waste]
        yield from _outweighed(view, run, useful)
        if useful:
            yield from _on_waste(view, run, [made for made in run.made if made.now.waste])
        else:
            yield from _all_wasted(view, run)

    return Check(run=look)


def _outweighed(view: AuditView, run: Run, useful: list[Made]) -> Iterator[Issue]:
    """Among products: odds of the CO2e beside odds of mass and of tracked substances."""
    settings = view.settings.shifting
    burden = sum(map(_burden, useful))
    if len(useful) < 2 or not burden:
        return
    whole, tracked = sum(made.making.mass_mg for made in useful), sum(map(_tracked, useful))
    for made in useful:
        share = _burden(made) / burden
        expected = max(made.making.mass_mg / whole, _tracked(made) / tracked if tracked else 0.0)
        if share >= settings.share and odds(share) > settings.odds * odds(expected):
            part = f"{percent(expected)} of its mass or content"
            said = f"bears {percent(share)} of the CO2e of {view.run_name(run)}, with {part}"
            yield _issue(view, run, made, said, share)


def _on_waste(view: AuditView, run: Run, waste: list[Made]) -> Iterator[Issue]:
    """Waste that bears CO2e beside products, as Rule 6 lets it where it takes most of a substance."""
    burden = sum(map(_burden, run.made))
    share = sum(map(_burden, waste)) / burden if burden else 0.0
    if waste and share >= view.settings.shifting.waste:
        said = f"is waste, and bears {percent(share)} of the CO2e of {view.run_name(run)}"
        yield _issue(view, run, waste[0], said, share)


def _all_wasted(view: AuditView, run: Run) -> Iterator[Issue]:
    """Runs that made nothing but waste, which still holds what was taken."""
    for substance, taken in run.taken.items():
        held = run.held.get(substance, 0) / taken if taken else 0.0
        if held >= view.settings.shifting.waste:
            said = (
                f"is all that {view.run_name(run)} made: waste that holds {percent(held)} of what was taken"
            )
            yield _issue(view, run, run.made[0], said, 1.0)
            return


def odds(share: float) -> float:
    """A share beside the rest of the whole."""
    return share / (1 - share) if share < 1 else inf


def _burden(made: Made) -> int:
    return made.making.own_mg + made.making.inherited_mg


def _tracked(made: Made) -> int:
    return sum(made.making.substances_mg.values())


def _issue(view: AuditView, run: Run, made: Made, message: str, share: float) -> Issue:
    return Issue(
        subject=view.batch_subject(made.number),
        message=message,
        participant=run.participant,
        facility=run.facility,
        batches=view.ids(run.outputs),
        related=(view.facility_name(run.facility), view.material(made.now.material).slug),
        facts={"process": run.process, "allocation": run.allocation.slug, "share": share},
        at=run.at.occurred_at,
    )


RULES = (
    Rule(
        "emissions-shifted",
        Level.MEDIUM,
        "A by-product or waste bears CO2e that belongs to the product",
        "A burden on slag, or on a by-product with an extreme weight, is missing from the product that is "
        "sold. A by-product of great value explains it, and has a price list as evidence.",
        "ISO 14044, 4.3.4 on allocation; ISO 14067; settings file, table shifting",
        check_shifted,
    ),
)
