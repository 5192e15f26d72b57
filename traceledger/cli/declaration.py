"""``traceledger declaration``: the Product Sustainability Declaration of a batch, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.figures import mass, share
from traceledger.cli.options import disclosed_option
from traceledger.model.counting import counted

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.table import Table

    from traceledger.declaration import Declaration, SubstanceStatement
    from traceledger.provenance import RestatedFootprint

_WIDTH = 96
_BAR = 20
_LINES = 12
_NAME = 34
_SCOPES = {
    "scope1": "direct",
    "scope2": "purchased energy",
    "scope3": "everything else, and what is known as a whole only",
}


@click.group(
    cls=Group,
    table={
        "build": "traceledger.cli.declaration_site:build",
        "label": "traceledger.cli.declaration_site:label",
    },
    lines={
        "build": "Write the declaration of each BATCH as pages that work from a file, and a list of them.",
        "label": "Write a QR code that leads to the declaration of BATCH, with a few words beside it.",
    },
)
def declaration() -> None:
    """What a buyer wants to know of a batch: footprint, origins, recycled content."""


@declaration.command()
@click.argument("batch")
@disclosed_option
@with_session
def show(session: Session, batch: str, disclosed: bool) -> None:
    """Show the declaration of BATCH (its full name, creator/identifier).

    It names the block and the contracts that it was computed from.
    """
    from traceledger.declaration import declare
    from traceledger.documents import declarations

    client = session.synced()
    index = client.disclosed if disclosed else client.index
    declared = declare(index, client.batch_id(batch), stages=client.stages)
    session.output.result(declarations.declaration(declared), lambda: DeclarationView(declared))


@dataclass(frozen=True, slots=True)
class DeclarationView:
    """A declaration drawn for people, at most 96 columns wide."""

    declared: Declaration

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Draw it section by section."""
        from rich.constrain import Constrain

        from traceledger.cli.trace_summary import warning

        yield from warning(self.declared.troubles)
        for part in self._parts(ascii_only=options.ascii_only):
            yield Constrain(part, _WIDTH)

    def _parts(self, *, ascii_only: bool) -> Iterator[RenderableType]:
        from traceledger.cli.trace_summary import named_stages

        declared, whole = self.declared, self.declared.used
        yield from _head(declared)
        yield _title("Carbon footprint")
        yield _footprint(declared)
        for title, amounts in (
            ("By life-cycle stage (Regulation (EU) 2023/1542, Annex II)", named_stages(whole)),
            ("By process", whole.by_process),
            ("By facility", whole.by_facility),
        ):
            yield _title(title)
            yield _breakdown(amounts, whole.total_mg, ascii_only=ascii_only)
        if declared.substances:
            yield _title("Origins")
            yield _origins(declared.substances)
            yield from _models(declared.substances)
            yield _title("Recycled content, beside the minimum of Regulation (EU) 2023/1542, Article 8")
            yield _recycled(declared.substances)
        if notes := list(_notes(declared)):
            yield _title("What happened on the way")
            yield from notes
        yield _title("How to check this")
        yield _reference(declared)


def _models(substances: Iterable[SubstanceStatement]) -> Iterator[RenderableType]:
    """How each substance was kept apart or blended, a line for each model."""
    from traceledger.cli.output import styled
    from traceledger.provenance.custody_model import CustodyModel

    kept = [(each.chain_of_custody, each.name) for each in substances]
    for model in CustodyModel:
        if names := [name for found, name in kept if found is model]:
            yield styled(f"  {model.words} (ISO 22095): {', '.join(names)}")


def _title(text: str) -> RenderableType:
    from traceledger.cli.output import spaced

    return spaced(text, "bold cyan")


def _grid(*justified: str) -> Table:
    from rich.table import Table

    drawn = Table.grid(padding=(0, 2, 0, 0))
    drawn.add_column(width=0)
    for justify in justified:
        drawn.add_column(justify="right" if justify == "right" else "left", overflow="fold")
    return drawn


def _head(declared: Declaration) -> Iterator[RenderableType]:
    from rich.padding import Padding

    from traceledger.cli.output import assembled, styled
    from traceledger.model.units import format_mass

    made_by, made_at = declared.made_by, declared.made_at
    yield styled("Product Sustainability Declaration", "bold")
    # Indented, because they may be folded: no piece of a name then begins a line as a report of ours does.
    what = assembled(
        (declared.batch, "bold green"),
        (f"  {declared.material_name}, {format_mass(declared.made_mass_mg)}, {declared.state.slug}", ""),
    )
    made = styled(f"made by {made_by.name} ({made_by.country}) at {made_at.name} ({made_at.country})")
    yield from (Padding(each, (0, 0, 0, 2)) for each in (what, made))


def _footprint(declared: Declaration) -> Table:
    recorded, whole = declared.footprint, declared.used
    drawn = _grid("left", "right", "left")
    drawn.add_row("", "total", mass(whole.total_mg), _per_kg(declared))
    if recorded.restated is not None:
        drawn.add_row("", "recorded", mass(recorded.total_mg), _restated(recorded.restated))
    else:
        drawn.add_row("", "own", mass(recorded.own_mg), "of the last step, and added since")
        drawn.add_row("", "inherited", mass(recorded.inherited_mg), "of what it was made from")
    drawn.add_row("", "primary data", share(whole.primary_share), "of it was measured, not modelled")
    for name, mg in whole.by_scope.items():
        drawn.add_row("", f"scope {name[-1]}", mass(mg), _SCOPES[name])
    return drawn


def _per_kg(declared: Declaration) -> str:
    found = declared.per_kg
    amount = found.co2e_mg / found.mass_mg if found.mass_mg else 0
    return f"CO2e; {amount:.3g} kg CO2e per kg{' of what is left' if found.left else ''}"


def _restated(restated: RestatedFootprint) -> str:
    records = counted(restated.records, "record")
    confirmed = "an auditor confirmed it" if restated.confirmed else "no auditor has confirmed it"
    return f"before the emissions of {records} were restated; {confirmed}"


def _notes(declared: Declaration) -> Iterator[RenderableType]:
    """What a buyer would not guess from the figures, a sentence each."""
    from traceledger.cli.output import styled
    from traceledger.cli.trace_summary import earlier, waiting

    lives = (f"{earlier(life)}." for life in declared.earlier_lives)
    waits = (f"{sentence[:1].upper()}{sentence[1:]}." for sentence in waiting(declared.footprint))
    for sentence in (*_origins_explained(declared.substances), *lives, *_corrections(declared), *waits):
        yield styled(f"  {sentence}")


def _origins_explained(statements: Iterable[SubstanceStatement]) -> Iterator[str]:
    from traceledger.model.substances import symbol

    for item in statements:
        name = symbol(item.substance)
        for part, sentence in (
            (item.recycled.take_back, "comes from products that were taken back after their first life"),
            (item.recycled.waste_of_runs, "comes from production waste that was recycled"),
            (item.traced.untraced, "comes from stock whose origin nobody can show"),
            (item.traced.declared, "comes through a lot that its maker declared wrong"),
            (item.traced.confirmed, "comes through a lot that an auditor declared wrong"),
        ):
            if float(part) > 0:
                yield f"{share(part)} of the {name} {sentence}."


def _corrections(declared: Declaration) -> Iterator[str]:
    from traceledger.model.substances import symbol

    for item in declared.substances:
        if item.booked_mg:
            more = "more" if item.booked_mg > 0 else "less"
            found = f"{mass(abs(item.booked_mg))} {more} {symbol(item.substance)}"
            yield f"Better measurements on the way found {found}; it is booked."
    if declared.reversed:
        taken = counted(declared.reversed, "record")
        yield f"{taken} on the way had been wrong and was taken back; nothing of it is in these figures."


def _breakdown(amounts: Mapping[str, int], total: int, *, ascii_only: bool) -> Table:
    """The largest amounts with a bar each; the rest in one line."""
    drawn = _grid("left", "right", "right", "left")
    largest = sorted(amounts.items(), key=lambda item: -item[1])
    shown = largest if len(largest) <= _LINES else largest[: _LINES - 1]
    rest = sum(mg for _, mg in largest[len(shown) :])
    if rest:
        shown = [*shown, (counted(len(largest) - len(shown), "other"), rest)]
    for name, mg in shown:
        part = mg / total if total else 0.0
        drawn.add_row("", _shortened(name), mass(mg), share(part), _bar(part, ascii_only=ascii_only))
    return drawn


def _shortened(name: str) -> str:
    from traceledger.cli.output import shown

    name = shown(name)
    return name if len(name) <= _NAME else f"{name[: _NAME - 3]}..."


def _bar(share: float, *, ascii_only: bool) -> RenderableType:
    from rich.bar import Bar

    if ascii_only:
        return "#" * round(share * _BAR)
    return Bar(1.0, 0.0, share, width=_BAR, color="green")


def _origins(statements: Iterable[SubstanceStatement]) -> Table:
    """For each substance where it was mined or recycled, largest share first."""
    from traceledger.model.substances import symbol

    drawn = _grid("left", "right", "right", "left", "left", "left")
    for item in statements:
        first = (symbol(item.substance), mass(item.mass_mg))
        for origin in item.origins:
            country = f" ({origin.country})" if origin.country else ""
            place = _shortened(f"{origin.facility}{country}")
            kind = origin.origin.slug.replace("_", "-")
            drawn.add_row("", *first, share(origin.share), place, kind)
            first = ("", "")
    return drawn


def _recycled(statements: Iterable[SubstanceStatement]) -> Table:
    from traceledger.model.substances import symbol

    drawn = _grid("left", "right", "right", "right", "right", "left", "left")
    titles = ("traced", "post-cons.", "pre-cons.", "recycled", "2031", "2036")
    drawn.add_row("", "", *titles, style="dim")
    for item in statements:
        content = item.recycled
        shares = (item.traced_share, content.post_consumer, content.pre_consumer, item.recycled_share)
        drawn.add_row("", symbol(item.substance), *(share(part) for part in shares), *_minimum(item))
    return drawn


def _minimum(item: SubstanceStatement) -> tuple[Any, ...]:
    from traceledger.cli.output import styled

    if item.minimum is None:
        return "", ""
    cells = []
    for percent in (item.minimum.percent_2031, item.minimum.percent_2036):
        reached = item.recycled_share * 100 >= percent
        word, style = ("reached", "green") if reached else ("below", "yellow")
        cells.append(styled(f"{percent} % {word}", style))
    return tuple(cells)


def _reference(declared: Declaration) -> Table:
    from traceledger.cli.output import styled
    from traceledger.model.hexadecimal import hexed
    from traceledger.model.units import format_time

    chain = declared.chain
    extent = f"{counted(declared.batches, 'batch', 'batches')}, {counted(declared.events, 'event')}"
    verdict = (
        styled(f"{extent}; an error was declared in one of them", "red")
        if declared.tainted
        else styled(f"{extent}; none declared in error")
    )
    drawn = _grid("left", "left")
    drawn.add_row("", "lineage", verdict)
    drawn.add_row("", "chain", str(chain.chain_id))
    drawn.add_row("", "block 0", hexed(chain.genesis_hash))
    drawn.add_row("", f"block {chain.block}", hexed(chain.block_hash))
    drawn.add_row("", "as of", f"{format_time(chain.newest_record_at)}, when the newest record was made")
    drawn.add_row("", "ledger", hexed(chain.ledger))
    drawn.add_row("", "registry", hexed(chain.registry))
    return drawn
