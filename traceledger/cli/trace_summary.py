"""A trace, or what came of a batch, drawn for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from traceledger.cli.figures import co2e, mass, share, signed
from traceledger.cli.output import fields, hanging, table
from traceledger.model.counting import counted
from traceledger.model.substances import symbol
from traceledger.model.units import format_time
from traceledger.provenance import Stage, Trace
from traceledger.provenance.trouble import first_line

if TYPE_CHECKING:
    from rich.console import RenderableType

    from traceledger.model.batches import Substances
    from traceledger.provenance import EarlierLife, Footprint, Impact, Reached, RestatedFootprint
    from traceledger.provenance.recall import Recall
    from traceledger.provenance.trouble import Trouble


def drawn(found: Trace | Impact, wrong: Sequence[Trouble]) -> RenderableType:
    """The summary of a trace up, or of what was made from a batch; first of all what is wrong."""
    from rich.console import Group

    parts = _trace(found) if isinstance(found, Trace) else _impact(found)
    return Group(*warning(wrong), *parts)


def warning(wrong: Sequence[Trouble]) -> list[RenderableType]:
    """What is wrong with a batch or upstream of it, in the line that comes first; nothing if nothing is."""
    head, colon, rest = first_line(wrong).partition(": ")
    # In two columns: where a terminal folds it, no piece of a name begins a line as a report of ours does.
    return [hanging(f"{head}{colon.rstrip()}", rest, "bold red")] if head else []


def drawn_recall(found: Recall) -> RenderableType:
    """What a finding reached."""
    from rich.console import Group

    made = f"{counted(len(found.made), 'batch', 'batches')} made there since {format_time(found.since)}"
    facts = (
        ("finding", found.finding),
        ("reached", f"{made}, {len(found.reached) - len(found.made)} more made from them"),
        ("held now by", _holders(found.custodians) if found.reached else "nobody: nothing was made there"),
        ("left of it", amounts(found.substances_mg) or "no tracked substance"),
    )
    return Group(fields(facts), "", _reached(found.reached, "of that, made there since"))


def _holders(custodians: tuple[str, ...]) -> str:
    return ", ".join(custodians) or "nobody: all of it is used up"


def amounts(held: Substances) -> str:
    """Substances by number, for people."""
    return ", ".join(f"{symbol(number)} {mass(mg)}" for number, mg in held.items())


def _trace(found: Trace) -> Iterator[RenderableType]:
    yield fields(_facts(found))
    if found.origins:
        yield ""
        yield _origins(found)
    if found.recycled_content:
        yield ""
        yield _content(found)


def _facts(found: Trace) -> Iterator[tuple[str, str]]:
    whole = found.footprint
    yield "batch", found.batch
    yield "material", found.material
    yield "custodian", found.custodian
    if found.owner != found.custodian:
        yield "owner", found.owner
    yield "state", ", ".join((found.state.slug.replace("_", " "), *_marks(found)))
    yield "mass", f"{mass(found.mass_mg)} left of {mass(found.made_mass_mg)}"
    if found.made_substances_mg:
        yield "made with", amounts(found.made_substances_mg)
        yield "left", amounts(found.substances_mg)
    yield (
        "CO2e",
        (
            f"{co2e(whole.total_mg)}: {mass(whole.own_mg)} own, {mass(whole.inherited_mg)} inherited;"
            f" {share(whole.primary_share)} from primary data"
        ),
    )
    if whole.restated is not None:
        word = "confirmed" if whole.restated.confirmed else "not confirmed by an auditor"
        records = counted(whole.restated.records, "record")
        yield (
            "restated",
            f"{co2e(whole.restated.total_mg)}, {share(whole.restated.primary_share)} from primary data:"
            f" emissions of {records} restated, {word}",
        )
    for sentence in waiting(whole):
        yield "waiting", sentence
    stages = named_stages(whole.used)
    if stages:
        yield "by stage", "; ".join(f"{name} {mass(mg)}" for name, mg in stages.items())
    booked = {number: mg for number, mg in found.booked_mg.items() if mg}
    if booked:
        yield "booked", ", ".join(f"{symbol(number)} {signed(mg)}" for number, mg in booked.items())
    for life in found.earlier_lives:
        yield "earlier life", earlier(life)
    undone = f", {found.reversed} reversed" if found.reversed else ""
    yield (
        "lineage",
        (
            f"{counted(found.batches, 'batch', 'batches')}, {counted(found.events, 'event')}{undone},"
            f" as of block {found.as_of}"
        ),
    )


def waiting(found: Footprint) -> Iterator[str]:
    """What waits for an auditor and is not used yet: a sentence for each record, and one for all."""
    if found.unconfirmed is None:
        return
    for item in found.unconfirmed.records:
        primary = f"{mass(item.primary_mg)} to {mass(item.new_primary_mg)} of it from primary data"
        yield (
            f"restated by {item.by}: {item.record}, from {mass(item.total_mg)} to {co2e(item.new_total_mg)}"
            f", {primary}; no auditor has confirmed it, and it is not used yet"
        )
    yield f"with all that waits this would be {co2e(found.unconfirmed.total_mg)}"


def earlier(life: EarlierLife) -> str:
    """The first life of a product that came back, in a sentence without its end."""
    wrong = "; an error was declared in it" if life.in_error else ""
    return (
        f"{life.batch} ({life.material}) was taken back by {life.taken_back_by} at {life.taken_back_at}:"
        f" {mass(life.mass_mg)}, whose {co2e(life.total_mg)} stay with its first life of"
        f" {counted(len(life.events), 'event')}{wrong}"
    )


def named_stages(found: Footprint | RestatedFootprint) -> dict[str, int]:
    """The CO2e of each life-cycle stage that has some, mg, by the words of Annex II; the most first."""
    stages = ((Stage(name).words, mg) for name, mg in found.by_stage.items() if mg)
    return dict(sorted(stages, key=lambda pair: -pair[1]))


def _marks(found: Trace) -> Iterator[str]:
    if found.frozen:
        yield "frozen: declared in error"
    elif found.disputed:
        yield "disputed by its maker"
    if found.held:
        yield "on hold"
    if found.recalled:
        yield "recalled by its maker"


def _origins(found: Trace) -> RenderableType:
    rows = (
        (
            symbol(item.substance),
            share(item.share),
            mass(item.mass_mg),
            item.origin.slug.replace("_", "-"),
            item.name,
            item.facility,
            item.country,
        )
        for item in found.origins
    )
    columns = ("substance", "share", "left", "origin", "batch", "facility", "country")
    return table(columns, rows, right=("share", "left"))


def _content(found: Trace) -> RenderableType:
    rows = (
        (
            symbol(number),
            share(content.post_consumer),
            share(content.pre_consumer),
            share(found.traced[number].traced),
            share(found.traced[number].untraced),
        )
        for number, content in found.recycled_content.items()
    )
    columns = ("substance", "recycled post-consumer", "recycled pre-consumer", "traced share", "untraced")
    return table(columns, rows, right=columns[1:])


def _impact(found: Impact) -> Iterator[RenderableType]:
    made = counted(len(found.reached) - 1, "batch", "batches")
    yield fields(
        (
            ("batch", found.batch),
            (
                "reached",
                f"{made} made from it, as of block {found.as_of}",
            ),
            ("held now by", _holders(found.custodians)),
        )
    )
    yield ""
    yield _reached(found.reached, "of that, from this batch")


def _reached(reached: Iterable[Reached], title: str) -> RenderableType:
    rows = (
        (
            item.batch,
            item.custodian,
            item.state.slug.replace("_", " "),
            mass(item.mass_mg),
            ", ".join(
                f"{symbol(number)} {mass(mg)} ({share(item.share[number])})"
                for number, mg in item.substances_mg.items()
            ),
        )
        for item in reached
    )
    return table(("batch", "custodian", "state", "mass left", title), rows, right=("mass left",))
